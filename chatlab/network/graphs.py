"""Posts as plain networkx graphs, and graphs as tables."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from functools import reduce
from typing import Any, TypeAlias

import networkx as nx
import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from chatlab.errors import SettingsError
from chatlab.network.ties import ANSWER, checked_relations, sorted_ties, strongest_ties, tie_table
from chatlab.posts.counting import Posts, count
from chatlab.posts.counts import PEOPLE, TAGS, latest
from chatlab.posts.schema import KINDS, TEXT, TIME
from chatlab.posts.tie_counts import ADDRESSED, RELATIONS, tie_rows, ties

Graph: TypeAlias = "nx.Graph[str]"
_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")


def reply_graph(posts: Posts, *, most: int | None = None) -> nx.DiGraph[str]:
    """Build the graph of who replied to whom.

    Parameters
    ----------
    posts
        A posts table, or what `cl.scan_posts` gives; only posts in the chat make ties.
    most
        Keep so many ties, those of most weight; `graph.graph` then has `kept_ties` and
        `kept_weight`, the shares kept.

    Returns
    -------
    DiGraph
        Nodes are author ids with `author`, `author_name`, `followers` (where known), `posts` (in
        the chat) and `in_file` (False for people answered who wrote none of them). An edge goes
        from who replies to who is answered: `weight` replies, the `first` and `last` in ISO 8601,
        to the second. Replies to oneself, and replies to somebody the file does not name, are
        left out.
    """
    return people_graph(posts, tie_table(posts, relations=("reply",)), relations=(), most=most)


def interaction_graph(
    posts: Posts,
    *,
    relations: Iterable[str] = RELATIONS,
    answers: pd.DataFrame | None = None,
    most: int | None = None,
) -> nx.DiGraph[str]:
    """Build the graph of who addressed whom, in any way.

    Ties are those of `tie_table`.

    Parameters
    ----------
    posts
        A posts table, or what `cl.scan_posts` gives; only posts in the chat make ties.
    relations
        Any of `reply`, `mention`, `quote`, `repost`, and `answer`: an answer to a numbered
        question that carries no link to it.
    answers
        From `match_answers`; needed for the relation `answer`.
    most
        As for `reply_graph`.

    Returns
    -------
    DiGraph
        As `reply_graph`, with all authors of the chat and everyone they address; each edge has a
        count per relation, and `weight`, their sum.

    Raises
    ------
    SettingsError
        When a relation is unknown, or `answer` is wanted without `answers`, or of posts that are
        not in memory.
    """
    wanted = checked_relations(relations, (*RELATIONS, ANSWER))
    by_link = ties(tuple(name for name in wanted if name != ANSWER))
    counted, people = count(posts, by_link, PEOPLE)
    if ANSWER in wanted:
        if answers is None:
            raise SettingsError(
                "`relations` names answer, which needs `answers`, the table of `match_answers`."
            )
        if not isinstance(posts, pd.DataFrame):
            raise SettingsError("The relation answer needs posts in memory: `scan.read()`.")
        more = _answer_ties(posts[posts["in_chat"]], posts["author_id"], answers, wanted)
        every = {**by_link.adds, ANSWER: "sum"}
        counted = pa.concat_tables([counted, more], promote_options="default")
        counted = replace(by_link, adds=every).add([counted])
    table = sorted_ties(counted, wanted)
    authors = people["author_id"].drop_null().sort().to_pylist()
    return people_graph(posts, table, relations=wanted, others=authors, most=most)


def _answer_ties(
    chat: pd.DataFrame, authors: pd.Series, answers: pd.DataFrame, relations: Sequence[str]
) -> pa.Table:
    """Tie each answer to who asked, unless a reply or a quote ties them already."""
    asked = answers.drop_duplicates("post_id").set_index("post_id")["question_id"]
    rows = chat[chat.index.isin(asked.index)]
    rows = rows.assign(asked=authors.reindex(asked.reindex(rows.index)).to_numpy())
    rows = rows.dropna(subset=["asked", "author_id"])
    known = (rows[name] for name in ("reply_to_author", "quote_of_author", "author_id"))
    tied = pd.concat([one.eq(rows["asked"]).fillna(False) for one in known], axis=1).any(axis=1)
    rows = rows[~tied]
    asking = pa.table(
        {
            "author_id": pa.array(rows["author_id"], TEXT),
            "asked": pa.array(rows["asked"], TEXT),
            "created_at": pa.array(rows["created_at"], TIME),
        }
    )
    return tie_rows(asking, "asked", ANSWER, relations)


def people_graph(
    posts: Posts,
    table: pd.DataFrame,
    *,
    relations: Sequence[str],
    others: Iterable[str] = (),
    most: int | None = None,
) -> nx.DiGraph[str]:
    """Build a graph of a table of ties, with what the posts tell of each person."""
    kept = table if most is None else strongest_ties(table, most)
    people = pd.unique(pd.concat([kept["source"], kept["target"]])).tolist()
    graph: nx.DiGraph[str] = nx.DiGraph()
    graph.graph |= {str(name): share for name, share in kept.attrs.items()}
    nodes = dict.fromkeys([*people, *(others if most is None else ())])
    graph.add_nodes_from(people_nodes(nodes, posts))
    columns = ["weight", *relations]
    when = [_iso(kept[name]) for name in ("first", "last")]
    numbers = (kept[name].tolist() for name in columns)
    for source, target, first, last, *counts in zip(
        kept["source"].tolist(), kept["target"].tolist(), *when, *numbers, strict=True
    ):
        about = dict(zip(columns, counts, strict=True))
        if first is not None:
            about |= {"first": first, "last": last}
        graph.add_edge(source, target, **about)
    return graph


def _iso(times: pd.Series) -> list[str | None]:
    plain = times.dt.tz_localize(None).to_numpy("datetime64[s]")
    written = np.char.add(np.datetime_as_string(plain), "+00:00").tolist()
    return [None if none else at for at, none in zip(written, np.isnat(plain), strict=True)]


def people_nodes(nodes: Iterable[str], posts: Posts) -> Iterator[tuple[str, dict[str, Any]]]:
    """Give each node what the posts tell of that person; only scalars, so any writer works."""
    names = ("author", "author_name", "author_followers")
    *told, people, addressed = count(posts, *(latest(name) for name in names), PEOPLE, ADDRESSED)
    handles, full_names, followers = (_by_author(one, "value") for one in told)
    kinds = [people[name] for name in KINDS]
    written = _by_author(people.append_column("posts", reduce(pc.add, kinds)), "posts")
    wanted = list(nodes)
    called = _most_used(addressed)
    for node in wanted:
        known = handles.get(node) or called.get(node) or node.partition(":")[2].lstrip("@")
        handle = xml_text(known)
        name = xml_text(full_names.get(node) or "") or handle
        n = written.get(node, 0)
        about = {"author": handle, "author_name": name, "posts": n, "in_file": n > 0}
        if node in followers:
            about["followers"] = int(followers[node])
        yield node, about


def _by_author(table: pa.Table, name: str) -> dict[str, Any]:
    return dict(zip(table["author_id"].to_pylist(), table[name].to_pylist(), strict=True))


def _most_used(addressed: pa.Table) -> dict[str, str]:
    """Say how people who may have written nothing here are called by those who answer them."""
    # The most used last, so that it is the one that stays.
    ordered = addressed.sort_by([("replies", "ascending"), ("handle", "ascending")])
    return _by_author(ordered, "handle")


def xml_text(text: str) -> str:
    """Replace what no XML file can hold."""
    # Most texts are plain, and asking that is quicker than replacing nothing.
    return text if text.isprintable() else _NOT_XML.sub("\ufffd", text)


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
            about["author"] = xml_text(author)
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


def hashtag_graph(posts: Posts) -> nx.Graph[str]:
    """Build the graph of hashtags used together.

    Parameters
    ----------
    posts
        A posts table, or what `cl.scan_posts` gives.

    Returns
    -------
    Graph
        Nodes are hashtags with `posts`; an edge's `weight` is the number of posts that carry
        both. Reposts, and posts that only came along, are left out.
    """
    [tags] = count(posts, TAGS)
    ordered = tags.sort_by([("one", "ascending"), ("other", "ascending")]).to_pylist()
    graph: nx.Graph[str] = nx.Graph()
    for row in ordered:
        one, other = xml_text(row["one"]), xml_text(row["other"])
        if row["one"] == row["other"]:
            graph.add_node(one, posts=graph.nodes.get(one, {}).get("posts", 0) + row["posts"])
    for row in ordered:
        one, other = xml_text(row["one"]), xml_text(row["other"])
        if one != other:
            weight = graph.get_edge_data(one, other, {}).get("weight", 0)
            graph.add_edge(one, other, weight=weight + row["posts"])
    return graph


def graph_tables(graph: Graph) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return a graph as two tables: nodes (index the node key) and edges (source, target, ...)."""
    nodes = pd.DataFrame.from_dict({node: graph.nodes[node] for node in graph}, orient="index")
    edges = nx.to_pandas_edgelist(graph)
    if edges.empty:
        edges = pd.DataFrame({"source": [], "target": []}, dtype="str")
    return nodes, edges
