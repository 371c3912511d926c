"""Posts as plain networkx graphs, and graphs as tables and files."""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Iterator
from itertools import combinations
from pathlib import Path
from typing import Any, TypeAlias

import networkx as nx
import pandas as pd

from chatlab._write import table_as_csv, unsafe_cell, write_safely
from chatlab.errors import GraphError, SettingsError

RELATIONS = ("reply", "mention", "quote", "repost")
Graph: TypeAlias = "nx.Graph[str]"

_HEAD_HANDLES = re.compile(r"^(?:\s*@[\w.@-]+)+")
_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
_ATTRIBUTE_TYPES = {
    "in_file": "bool",
    "in_chat": "bool",
    "posts": "int",
    "followers": "int",
    "weight": "int",
    **dict.fromkeys(RELATIONS, "int"),
}


def reply_graph(posts: pd.DataFrame) -> nx.DiGraph[str]:
    """Build the graph of who replied to whom.

    Parameters
    ----------
    posts
        A posts table; only posts in the chat make ties.

    Returns
    -------
    DiGraph
        Nodes are author ids with `author`, `name`, `followers` (where known), `posts` (in the
        chat) and `in_file` (False for people answered who wrote none of them). An edge goes from
        who replies to who is answered: `weight` replies, the `first` and `last` in ISO 8601.
        Replies to oneself, and replies to somebody the file does not name, are left out.
    """
    replies = posts[posts["in_chat"] & (posts["kind"] == "reply")]
    ties = pd.DataFrame(
        {
            "source": replies["author_id"],
            "target": replies["reply_to_author"],
            "at": replies["created_at"],
        }
    )
    return _people_graph(posts, ties.assign(relation="reply"), relations=())


def interaction_graph(
    posts: pd.DataFrame, *, relations: Iterable[str] = RELATIONS
) -> nx.DiGraph[str]:
    """Build the graph of who addressed whom, in any way.

    A repost gives a repost tie only, no mentions of the original's. The handles that X puts at
    the head of a reply make one reply tie, to the person answered, and no mentions.

    Parameters
    ----------
    posts
        A posts table; only posts in the chat make ties.
    relations
        Any of `reply`, `mention`, `quote`, `repost`.

    Returns
    -------
    DiGraph
        As `reply_graph`, with all authors of the chat and everyone they address; each edge has a
        count per relation, and `weight`, their sum.

    Raises
    ------
    SettingsError
        When a relation is unknown.
    """
    wanted = list(relations)
    if wrong := sorted(set(wanted) - set(RELATIONS)):
        raise SettingsError(
            f"`relations` names {', '.join(wrong)}; it takes {', '.join(RELATIONS)}."
        )
    chat = posts[posts["in_chat"]]
    parts = []
    for relation, column, kinds in (
        ("reply", "reply_to_author", ("reply",)),
        ("quote", "quote_of_author", ("reply", "quote")),
        ("repost", "repost_of_author", ("repost",)),
    ):
        if relation in wanted:
            rows = chat[chat["kind"].isin(kinds)]
            parts.append(_ties(rows["author_id"], rows[column], rows["created_at"], relation))
    if "mention" in wanted:
        parts.append(_mention_ties(chat))
    ties = pd.concat(parts, ignore_index=True) if parts else _ties([], [], [], "none")
    graph = _people_graph(posts, ties, relations=wanted)
    for author in chat["author_id"].dropna().unique():
        if author not in graph:
            graph.add_node(author)
    _describe_people(graph, posts)
    return graph


def _ties(source: Any, target: Any, at: Any, relation: str) -> pd.DataFrame:
    columns = {"source": list(source), "target": list(target), "at": list(at)}
    return pd.DataFrame(columns).assign(relation=relation)


def _mention_ties(chat: pd.DataFrame) -> pd.DataFrame:
    rows = chat[chat["kind"] != "repost"]
    names = ["author_id", "mentions", "text", "kind", "platform", "reply_to_author", "created_at"]
    ties: list[tuple[Any, str, Any]] = []
    for author, mentions, text, kind, platform, answered, at in rows[names].itertuples(
        index=False, name=None
    ):
        named = list(mentions)
        if kind == "reply":
            head = _HEAD_HANDLES.match(text) if platform in ("x", "mastodon") else None
            addressed = len(head[0].split()) if head else 0
            named = [one for one in named[addressed:] if one != answered]
        ties += [(author, one, at) for one in dict.fromkeys(named)]
    source, target, at = zip(*ties, strict=True) if ties else ([], [], [])
    return _ties(source, target, at, "mention")


def _people_graph(
    posts: pd.DataFrame, ties: pd.DataFrame, *, relations: Iterable[str]
) -> nx.DiGraph[str]:
    known = ties.dropna(subset=["source", "target"])
    known = known[known["source"] != known["target"]]
    graph: nx.DiGraph[str] = nx.DiGraph()
    if len(known):
        known = known.assign(at=pd.to_datetime(known["at"], utc=True))
        pairs = known.groupby(["source", "target"], sort=False)
        edges = pairs["at"].agg(["size", "min", "max"])
        graph.add_edges_from(
            (*pair, _dated(int(weight), first, last))
            for pair, weight, first, last in edges.itertuples(name=None)
        )
        if relations:
            counts = pd.crosstab([known["source"], known["target"]], known["relation"])
            counts = counts.reindex(columns=list(relations), fill_value=0)
            for source, target, *numbers in counts.reset_index().itertuples(index=False, name=None):
                graph.edges[source, target].update(zip(relations, map(int, numbers), strict=True))
    _describe_people(graph, posts)
    return graph


def _dated(weight: int, first: Any, last: Any) -> dict[str, Any]:
    dates = {"first": first, "last": last}
    return {"weight": weight} | {
        name: when.isoformat() for name, when in dates.items() if pd.notna(when)
    }


def _describe_people(graph: nx.DiGraph[str], posts: pd.DataFrame) -> None:
    """Give each node what the posts tell of that person; only scalars, so any writer works."""
    names = ["author", "author_name", "author_followers"]
    known = posts.dropna(subset="author_id").groupby("author_id")[names].last()
    written = posts.loc[posts["in_chat"], "author_id"].value_counts()
    addressed = _addressed_handles(posts)
    profiles = {key: values for key, *values in known.itertuples(name=None)}
    for node, about in graph.nodes(data=True):
        author, name, followers = profiles.get(node, (None, None, None))
        number = node.partition(":")[2].lstrip("@")
        handle = author if isinstance(author, str) else addressed.get(node, number)
        about["author"] = _xml_text(handle)
        about["name"] = _xml_text(name) if isinstance(name, str) and name else about["author"]
        if pd.notna(followers):
            about["followers"] = int(followers)
        about["posts"] = int(written.get(node, 0))
        about["in_file"] = node in written.index


def _addressed_handles(posts: pd.DataFrame) -> dict[str, str]:
    """Learn the handles of people who wrote nothing here: X puts them at the head of a reply."""
    on_x = (posts["platform"] == "x") & (posts["kind"] == "reply")
    replies = posts.loc[on_x].dropna(subset="reply_to_author")
    handles = replies["text"].str.extract(r"^@(\w+)", expand=False)
    known = pd.DataFrame({"author_id": replies["reply_to_author"], "handle": handles}).dropna()
    common = known.groupby("author_id")["handle"].agg(lambda found: found.mode().iloc[0])
    return {str(author_id): str(handle) for author_id, handle in common.items()}


def _xml_text(text: str) -> str:
    return _NOT_XML.sub("\ufffd", text)


def thread_graph(posts: pd.DataFrame) -> nx.DiGraph[str]:
    """Build the graph of which post answers which.

    Returns
    -------
    DiGraph
        Nodes are post ids with `author`, `kind`, `created_at`, `in_chat` and `in_file` (False
        for parents that the file lacks). An edge goes from the answer to the post answered.
        There are no cycles: a tie that would close one is left out.
    """
    graph: nx.DiGraph[str] = nx.DiGraph()
    names = ["author", "kind", "created_at", "in_chat"]
    for post, author, kind, at, in_chat in posts[names].itertuples(name=None):
        about: dict[str, Any] = {"kind": kind, "in_chat": bool(in_chat), "in_file": True}
        if isinstance(author, str):
            about["author"] = _xml_text(author)
        if pd.notna(at):
            about["created_at"] = at.isoformat()
        graph.add_node(post, **about)
    parents: dict[str, str] = {}
    answers = posts.loc[posts["kind"] == "reply", "reply_to"].dropna()
    for post, parent in answers.items():
        if parent not in graph:
            graph.add_node(parent, in_file=False)
        if str(post) not in _upwards(parent, parents):
            parents[str(post)] = parent
            graph.add_edge(str(post), parent)
    return graph


def _upwards(post: str, parents: dict[str, str]) -> Iterator[str]:
    while True:
        yield post
        if post not in parents:
            return
        post = parents[post]


def hashtag_graph(posts: pd.DataFrame) -> nx.Graph[str]:
    """Build the graph of hashtags used together.

    Returns
    -------
    Graph
        Nodes are hashtags with `posts`; an edge's `weight` is the number of posts that carry
        both. Reposts, and posts that only came along, are left out.
    """
    own = posts[posts["in_chat"] & (posts["kind"] != "repost")]
    graph: nx.Graph[str] = nx.Graph()
    for tags in own["hashtags"]:
        unique = sorted({_xml_text(tag) for tag in tags})
        for tag in unique:
            graph.add_node(tag, posts=graph.nodes.get(tag, {}).get("posts", 0) + 1)
        for one, other in combinations(unique, 2):
            weight = graph.get_edge_data(one, other, {}).get("weight", 0)
            graph.add_edge(one, other, weight=weight + 1)
    return graph


def graph_tables(graph: Graph) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return a graph as two tables: nodes (index the node key) and edges (source, target, ...)."""
    nodes = pd.DataFrame.from_dict({node: graph.nodes[node] for node in graph}, orient="index")
    edges = nx.to_pandas_edgelist(graph)
    if edges.empty:
        edges = pd.DataFrame({"source": [], "target": []}, dtype="str")
    return nodes, edges


def write_graph(graph: Graph, path: str | Path) -> None:
    """Write a graph as GEXF, GraphML or CSV, by the ending of the path.

    CSV is two files: `name.csv` with the edges and `name.nodes.csv` with the nodes; a cell that
    a spreadsheet would run as a formula gets a `'` in front, which `read_graph` takes off.

    Raises
    ------
    SettingsError
        When the ending is none of `.gexf`, `.graphml`, `.csv`.
    """
    target = Path(path)
    if target.suffix == ".csv":
        nodes, edges = graph_tables(graph)
        nodes.index.name = "id"
        write_safely(target.with_suffix(".nodes.csv"), table_as_csv(nodes, index=True))
        write_safely(
            target, table_as_csv(edges.assign(directed=True) if graph.is_directed() else edges)
        )
        return
    writers: dict[str, Any] = {".gexf": nx.write_gexf, ".graphml": nx.write_graphml}
    if target.suffix not in writers:
        raise SettingsError(
            f"`path` ends in {target.suffix or 'nothing'}; graphs are written as "
            ".gexf, .graphml or .csv."
        )
    buffer = io.BytesIO()
    writers[target.suffix](graph, buffer)
    write_safely(target, buffer.getvalue())


def read_graph(path: str | Path) -> Graph:
    """Read a graph that `write_graph` wrote, with the same nodes, edges and attributes.

    Raises
    ------
    GraphError
        When the file cannot be read as a graph.
    """
    source = Path(path)
    try:
        if source.suffix == ".csv":
            return _graph_from_csv(source)
        if source.suffix == ".graphml":
            return nx.read_graphml(source)
        if source.suffix == ".gexf":
            return _without_gexf_extras(nx.read_gexf(source))
    except Exception as error:  # networkx raises many kinds for a damaged file
        raise GraphError(f"{source} cannot be read as a graph: {error}.") from error
    raise GraphError(f"{source} is none of .gexf, .graphml, .csv.")


def _without_gexf_extras(graph: Graph) -> Graph:
    for _, about in graph.nodes(data=True):
        about.pop("label", None)
    for *_, about in graph.edges(data=True):
        about.pop("id", None)
    return graph


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
