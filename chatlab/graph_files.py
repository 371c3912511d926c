"""Graphs as files that Gephi, NodeXL and spreadsheets open, and back again."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import networkx as nx
import numpy as np
import openpyxl
import pandas as pd
from openpyxl.cell import WriteOnlyCell

from chatlab._bounds import check_workbook
from chatlab._write import table_as_csv, unsafe_cell, write_safely
from chatlab.communities import find_communities
from chatlab.errors import GraphError, SettingsError
from chatlab.graph import ANSWER, RELATIONS, Graph, graph_tables, xml_text
from chatlab.layout import network_layout
from chatlab.palette import COLOURS, GREY

ENDINGS = (".gexf", ".graphml", ".csv", ".xlsx")
# Placing more people than this takes minutes; Gephi's own layouts are made for it.
PLACED = 10_000
_ATTRIBUTE_TYPES = {
    "in_file": "bool",
    "in_chat": "bool",
    "posts": "int",
    "followers": "int",
    "weight": "int",
    "community": "int",
    **dict.fromkeys((*RELATIONS, ANSWER), "int"),
}
_NAMES = ("author_name", "name", "label", "Label", "id")
_LOOK = ("viz", "label", "start", "end", "id")
# NodeXL's names of the relations, as its Twitter importers write them.
_NODEXL_RELATIONS = (
    ("repl", "reply"),
    ("mentionsinretweet", None),
    ("mentionsinquote", None),
    ("retweet", "repost"),
    ("quote", "quote"),
    ("mention", "mention"),
)
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


def read_graph(path: str | Path) -> Graph:
    """Read a graph: what `write_graph` wrote, another tool's GraphML or GEXF, or NodeXL's.

    Several ties between the same two people become one, whose `weight` is their sum; a tie's
    numbers stay numbers. In a workbook by NodeXL's importers the relations are counted as in
    `interaction_graph`, and what NodeXL writes as ties to oneself are posts, not ties.

    Parameters
    ----------
    path
        Ends in `.gexf`, `.graphml`, `.xlsx` or `.csv`.

    Returns
    -------
    Graph or DiGraph
        With the file's node keys; `author` is filled from a name or label where the file has no
        such attribute.

    Raises
    ------
    GraphError
        When the file cannot be read as a graph.
    """
    source = Path(path)
    readers = {
        ".csv": _graph_from_csv,
        ".graphml": lambda file: _plain(nx.read_graphml(file)),
        ".gexf": _graph_from_gexf,
        ".xlsx": _graph_from_workbook,
    }
    if source.suffix not in readers:
        raise GraphError(f"{source} is none of {', '.join(ENDINGS)}.")
    try:
        return readers[source.suffix](source)
    except GraphError:
        raise
    except Exception as error:  # networkx and openpyxl raise many kinds for a damaged file
        raise GraphError(f"{source} cannot be read as a graph: {error}.") from error


def _graph_from_gexf(path: Path) -> Graph:
    # networkx knows dates, and no instants; the times are left out anyway.
    content = re.sub(
        rb'timeformat="datetime"', b'timeformat="date"', path.read_bytes(), count=1, flags=re.I
    )
    return _plain(nx.read_gexf(io.BytesIO(content)))


def _plain(read: Any) -> Graph:
    """Make one tie of several, and leave out what is only look."""
    graph: Graph = nx.DiGraph() if read.is_directed() else nx.Graph()
    own = any("author" in about for _node, about in read.nodes(data=True))
    for node, about in read.nodes(data=True):
        kept = {name: value for name, value in about.items() if name not in _LOOK}
        shown = next((str(about[name]) for name in _NAMES if about.get(name)), str(node))
        # Where nobody has a handle, another tool wrote the file under other names.
        graph.add_node(str(node), **kept if own or shown == str(node) else {"author": shown} | kept)
    for source, target, about in read.edges(data=True):
        kept = {name: value for name, value in about.items() if name not in _LOOK}
        _add_tie(graph, str(source), str(target), kept)
    return graph


def _add_tie(graph: Graph, source: str, target: str, about: Mapping[str, Any]) -> None:
    if not graph.has_edge(source, target):
        graph.add_edge(source, target, **about)
        return
    known = graph.edges[source, target]
    known["weight"] = known.get("weight", 1) + about.get("weight", 1)


def _graph_from_csv(path: Path) -> Graph:
    edges = _text_table(path)
    nodes = _text_table(path.with_suffix(".nodes.csv"))
    graph: Graph = nx.DiGraph() if "directed" in edges else nx.Graph()
    for row in nodes.to_dict("records"):
        graph.add_node(unsafe_cell(row.pop("id")), **_attributes(row))
    for row in edges.drop(columns="directed", errors="ignore").to_dict("records"):
        source, target = unsafe_cell(row.pop("source")), unsafe_cell(row.pop("target"))
        graph.add_edge(source, target, **_attributes(row))
    return graph


def _text_table(path: Path) -> pd.DataFrame:
    return pd.read_csv(path, dtype=str, keep_default_na=False)


def _attributes(row: dict[Any, Any]) -> dict[str, Any]:
    return {str(name): _typed(str(name), text) for name, text in row.items() if text != ""}


def _typed(name: str, text: str) -> Any:
    kind = _ATTRIBUTE_TYPES.get(name)
    if kind == "int":
        return int(float(text))
    return text == "True" if kind == "bool" else unsafe_cell(text)


def _graph_from_workbook(path: Path) -> Graph:
    with path.open("rb") as file:
        check_workbook(path.name, file, path.stat().st_size)
    book = openpyxl.load_workbook(path, read_only=True, data_only=True)
    try:
        if "Edges" not in book.sheetnames:
            raise GraphError(
                f"{path} has no sheet Edges; it has {', '.join(book.sheetnames)}. "
                "A NodeXL workbook has its ties there."
            )
        edges = list(_sheet_rows(book["Edges"], "Vertex 1"))
        nodes = (
            list(_sheet_rows(book["Vertices"], "Vertex")) if "Vertices" in book.sheetnames else []
        )
    finally:
        book.close()
    if edges and "Relationship" in edges[0]:
        return _graph_of_nodexl(edges, nodes)
    directed = all(row.get("Directed", True) for row in edges)
    graph: Graph = nx.DiGraph() if directed else nx.Graph()
    for row in nodes:
        key, about = str(row.pop("Vertex")), _filled(row, "Label")
        graph.add_node(key, **about)
    for row in edges:
        ends = str(row.pop("Vertex 1")), str(row.pop("Vertex 2"))
        _add_tie(graph, *ends, _filled(row, "Directed"))
    return graph


def _sheet_rows(sheet: Any, key: str) -> Iterator[dict[str, Any]]:
    """Give the rows below the header, which NodeXL writes into the second row."""
    rows = sheet.iter_rows(values_only=True)
    head: list[str] = []
    for row in rows:
        if not head:
            names = [str(name or "") for name in row]
            head = names if key in names else []
        elif any(cell is not None for cell in row):
            named = dict(zip(head, row, strict=False))
            if named.get(key) is not None:
                yield {name: value for name, value in named.items() if name}
    if not head:
        raise GraphError(f"the sheet {sheet.title} has no column {key}")


def _filled(row: Mapping[str, Any], *without: str) -> dict[str, Any]:
    return {name: value for name, value in row.items() if value is not None and name not in without}


def _graph_of_nodexl(edges: list[dict[str, Any]], nodes: list[dict[str, Any]]) -> nx.DiGraph[str]:
    graph: nx.DiGraph[str] = nx.DiGraph()
    posts: dict[str, set[Any]] = {}
    for row in nodes:
        about: dict[str, Any] = {"author": str(row["Vertex"])}
        if row.get("Name"):
            about["author_name"] = xml_text(str(row["Name"]))
        if str(row.get("Followers") or "").isdigit():
            about["followers"] = int(row["Followers"])
        graph.add_node(_nodexl_key(row["Vertex"]), **about)
    for i, row in enumerate(edges):
        source, target = _nodexl_key(row["Vertex 1"]), _nodexl_key(row["Vertex 2"])
        for end, name in ((source, "Vertex 1"), (target, "Vertex 2")):
            if end not in graph:
                graph.add_node(end, author=str(row[name]))
        post = row.get("Imported ID") or row.get("Unified Twitter ID") or i
        posts.setdefault(source, set()).add(post)
        relation = _relation_of(str(row["Relationship"] or ""))
        if source == target or relation is None:
            continue
        _count_relation(graph, source, target, relation, row)
    for node, about in graph.nodes(data=True):
        about["posts"] = len(posts.get(node, ()))
        about["in_file"] = node in posts
        about.setdefault("author_name", about["author"])
    return graph


def _nodexl_key(vertex: Any) -> str:
    return f"x:@{str(vertex).casefold()}"


def _relation_of(name: str) -> str | None:
    plain = re.sub(r"\W", "", name).casefold()
    return next((ours for start, ours in _NODEXL_RELATIONS if plain.startswith(start)), None)


def _count_relation(
    graph: nx.DiGraph[str], source: str, target: str, relation: str, row: Mapping[str, Any]
) -> None:
    if not graph.has_edge(source, target):
        graph.add_edge(source, target, weight=0, **dict.fromkeys(RELATIONS, 0))
    about = graph.edges[source, target]
    about["weight"] += 1
    about[relation] += 1
    told = row.get("Relationship Date (UTC)") or row.get("Tweet Date (UTC)")
    at = pd.to_datetime(str(told or ""), utc=True, errors="coerce")
    if pd.notna(at):
        when = at.floor("s").isoformat()
        about["first"] = min(about.get("first", when), when)
        about["last"] = max(about.get("last", when), when)
