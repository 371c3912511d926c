"""Reads a graph from GEXF, GraphML, CSV or a workbook."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import networkx as nx
import openpyxl
import pandas as pd

from chatlab.errors import GraphError
from chatlab.io.bounds import check_workbook
from chatlab.io.write import unsafe_cell
from chatlab.network.graphs import Graph, xml_text
from chatlab.network.write import ATTRIBUTE_TYPES, ENDINGS, LOOK_NAMES, WRITTEN_NAMES
from chatlab.posts.tie_counts import RELATIONS

# NodeXL's names of the relations, as its Twitter importers write them.
_NODEXL_RELATIONS = (
    ("repl", "reply"),
    ("mentionsinretweet", None),
    ("mentionsinquote", None),
    ("retweet", "repost"),
    ("quote", "quote"),
    ("mention", "mention"),
)


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
        kept = {name: value for name, value in about.items() if name not in LOOK_NAMES}
        shown = next((str(about[name]) for name in WRITTEN_NAMES if about.get(name)), str(node))
        # Where nobody has a handle, another tool wrote the file under other names.
        graph.add_node(str(node), **kept if own or shown == str(node) else {"author": shown} | kept)
    for source, target, about in read.edges(data=True):
        kept = {name: value for name, value in about.items() if name not in LOOK_NAMES}
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
    kind = ATTRIBUTE_TYPES.get(name)
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
