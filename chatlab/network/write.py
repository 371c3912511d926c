"""Writes a graph for Gephi, Cytoscape, NodeXL or a spreadsheet."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import networkx as nx
import numpy as np
import openpyxl
import pandas as pd
from openpyxl.cell import WriteOnlyCell

from chatlab.errors import SettingsError
from chatlab.io.safe_files import write_safely
from chatlab.io.write import table_as_csv
from chatlab.network.communities import find_communities
from chatlab.network.graphs import Graph, graph_tables, xml_text
from chatlab.network.layout import network_layout
from chatlab.network.ties import ANSWER
from chatlab.palette import COLOURS, GREY
from chatlab.posts.tie_counts import RELATIONS

ENDINGS = (".gexf", ".graphml", ".csv", ".xlsx")
# Placing more people than this takes minutes; Gephi's own layouts are made for it.
PLACED = 10_000
ATTRIBUTE_TYPES = {
    "in_file": "bool",
    "in_chat": "bool",
    "posts": "int",
    "followers": "int",
    "weight": "int",
    "community": "int",
    **dict.fromkeys((*RELATIONS, ANSWER), "int"),
}
WRITTEN_NAMES = ("author_name", "name", "label", "Label", "id")
LOOK_NAMES = ("viz", "label", "start", "end", "id")
_SHEETS = ("Edges", "Vertices")


def write_graph(
    graph: Graph, path: str | Path, *, communities: pd.Series | None = None, seed: int = 0
) -> None:
    """Write a graph as GEXF, GraphML, a NodeXL workbook or CSV, by the ending of the path.

    GEXF brings its look for Gephi and Gephi Lite: colour by group, size by the number of people
    who answer, places (up to 10,000 nodes; run a layout in Gephi beyond), and the time from a
    tie's first to its last post. CSV is two files: `name.csv` with the edges and
    `name.nodes.csv` with the nodes; a cell that a spreadsheet would run as a formula gets a `'`
    in front, which `read_graph` takes off.

    Parameters
    ----------
    graph
        Any graph with scalar attributes; it is not changed.
    path
        Ends in `.gexf`, `.graphml`, `.xlsx` or `.csv`. Written whole or not at all.
    communities
        Written as the attribute `community`, and the colours of GEXF; found for the colours when
        not given.
    seed
        Of the places.

    Raises
    ------
    SettingsError
        When the ending is another.
    """
    target = Path(path)
    if target.suffix not in ENDINGS:
        raise SettingsError(
            f"`path` ends in {target.suffix or 'nothing'}; graphs are written as "
            f"{', '.join(ENDINGS)}."
        )
    if communities is not None:
        graph = graph.copy()
        for node, community in communities.dropna().items():
            graph.nodes[str(node)]["community"] = int(community)
    if target.suffix in (".gexf", ".graphml"):
        graph = _xml_graph(graph)
        if communities is not None:
            communities = communities.rename(xml_text)
    if target.suffix == ".csv":
        nodes, edges = graph_tables(graph)
        nodes.index.name = "id"
        write_safely(target.with_suffix(".nodes.csv"), table_as_csv(nodes, index=True))
        write_safely(
            target, table_as_csv(edges.assign(directed=True) if graph.is_directed() else edges)
        )
    elif target.suffix == ".xlsx":
        write_safely(target, _as_workbook(graph))
    elif target.suffix == ".graphml":
        buffer = io.BytesIO()
        nx.write_graphml(graph, buffer)
        write_safely(target, buffer.getvalue())
    else:
        groups = find_communities(graph, seed=seed) if communities is None else communities
        write_safely(target, _as_gexf(graph, groups, seed))


def _xml_graph(graph: Graph) -> Graph:
    """Take out of keys and texts what may not stand in XML; keys that differ stay different."""
    taken = set(map(str, graph))
    keys: dict[Any, str] = {}
    for node in graph:
        bare = plain = xml_text(str(node))
        n = 1
        while plain != str(node) and plain in taken:
            n += 1
            plain = f"{bare}~{n}"
        if plain != str(node):
            keys[node] = plain
            taken.add(plain)
    clean: Graph = nx.relabel_nodes(graph, keys, copy=True)
    abouts = [about for *_ends, about in (*clean.nodes(data=True), *clean.edges(data=True))]
    for about in abouts:
        about.update({k: xml_text(v) for k, v in about.items() if isinstance(v, str)})
    return clean


def _as_gexf(graph: Graph, communities: pd.Series, seed: int) -> bytes:
    drawn = graph.copy()
    n = len(graph)
    width = 100 * n**0.5
    places = network_layout(graph, seed=seed) * width if n <= PLACED else None
    answered = dict(graph.in_degree() if isinstance(graph, nx.DiGraph) else graph.degree())
    most = max(answered.values(), default=0) or 1
    for node, about in drawn.nodes(data=True):
        look: dict[str, Any] = {
            "size": round(8 + 32 * (answered[node] / most) ** 0.5, 2),
            "color": _rgb(communities.get(node)),
        }
        if places is not None:
            x, y = places.loc[node]
            look["position"] = {"x": round(float(x), 2), "y": round(float(y), 2), "z": 0.0}
        about["viz"] = look
        about["label"] = str(about.get("author", node))
    for *_ends, about in drawn.edges(data=True):
        about.update(
            {
                name: about[old]
                for name, old in (("start", "first"), ("end", "last"))
                if old in about
            }
        )
    buffer = io.BytesIO()
    nx.write_gexf(drawn, buffer)
    return buffer.getvalue()


def _rgb(community: Any) -> dict[str, Any]:
    known = community is not None and pd.notna(community) and int(community) < len(COLOURS)
    colour = COLOURS[int(community)] if known else GREY
    red, green, blue = (int(colour[i : i + 2], 16) for i in (1, 3, 5))
    return {"r": red, "g": green, "b": blue, "a": 1.0}


def _as_workbook(graph: Graph) -> bytes:
    """Write the two sheets that NodeXL reads; attributes are columns under their own names."""
    nodes, edges = graph_tables(graph)
    nodes.insert(0, "Vertex", list(graph))
    if "author" in nodes:
        nodes.insert(1, "Label", nodes["author"])
    edges = edges.rename(columns={"source": "Vertex 1", "target": "Vertex 2"})
    edges["Directed"] = graph.is_directed()
    book = openpyxl.Workbook(write_only=True)
    for name, table in zip(_SHEETS, (edges, nodes), strict=True):
        sheet = book.create_sheet(name)
        sheet.append([_workbook_cell(sheet, str(name)) for name in table.columns])
        for row in table.itertuples(index=False, name=None):
            sheet.append([_workbook_cell(sheet, value) for value in row])
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def _workbook_cell(sheet: Any, value: Any) -> Any:
    if isinstance(value, str):
        cell = WriteOnlyCell(sheet, xml_text(value))
        # openpyxl takes a text that begins with `=` for a formula.
        cell.data_type = "s"
        return cell
    if value is None or pd.isna(value):
        return None
    return value.item() if isinstance(value, np.generic) else value
