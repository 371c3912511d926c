"""Posts as plain networkx graphs, and graphs as tables."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import combinations
from typing import Any, TypeAlias

import networkx as nx
import numpy as np
import pandas as pd

from chatlab.errors import SettingsError
from chatlab.posts.select import own_posts

RELATIONS = ("reply", "mention", "quote", "repost")
ANSWER = "answer"
Graph: TypeAlias = "nx.Graph[str]"
_HEAD_HANDLES = re.compile(r"^(?:\s*@[\w.@-]+)+")
_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")


def reply_graph(posts: pd.DataFrame) -> nx.DiGraph[str]:
    """Build the graph of who replied to whom.

    Parameters
    ----------
    posts
        A posts table; only posts in the chat make ties.

    Returns
    -------
    DiGraph
        Nodes are author ids with `author`, `author_name`, `followers` (where known), `posts` (in
        the chat) and `in_file` (False for people answered who wrote none of them). An edge goes
        from who replies to who is answered: `weight` replies, the `first` and `last` in ISO 8601,
        to the second. Replies to oneself, and replies to somebody the file does not name, are
        left out.
    """
    replies = posts[posts["in_chat"] & (posts["kind"] == "reply")]
    ties = _ties(replies, "reply_to_author", "reply")
    return _people_graph(posts, ties, relations=())


def interaction_graph(
    posts: pd.DataFrame,
    *,
    relations: Iterable[str] = RELATIONS,
    answers: pd.DataFrame | None = None,
) -> nx.DiGraph[str]:
    """Build the graph of who addressed whom, in any way.

    A repost gives a repost tie only, no mentions of the original's. The handles that X puts at
    the head of a reply make one reply tie, to the person answered, and no mentions.

    Parameters
    ----------
    posts
        A posts table; only posts in the chat make ties.
    relations
        Any of `reply`, `mention`, `quote`, `repost`, and `answer`: an answer to a numbered
        question that carries no link to it.
    answers
        From `match_answers`; needed for the relation `answer`.

    Returns
    -------
    DiGraph
        As `reply_graph`, with all authors of the chat and everyone they address; each edge has a
        count per relation, and `weight`, their sum.

    Raises
    ------
    SettingsError
        When a relation is unknown, or `answer` is wanted without `answers`.
    """
    wanted = list(relations)
    if wrong := sorted(set(wanted) - {*RELATIONS, ANSWER}):
        raise SettingsError(
            f"`relations` names {', '.join(wrong)}; it takes {', '.join((*RELATIONS, ANSWER))}."
        )
    chat = posts[posts["in_chat"]]
    parts = []
    for relation, column, kinds in (
        ("reply", "reply_to_author", ("reply",)),
        ("quote", "quote_of_author", ("reply", "quote")),
        ("repost", "repost_of_author", ("repost",)),
    ):
        if relation in wanted:
            parts.append(_ties(chat[chat["kind"].isin(kinds)], column, relation))
    if "mention" in wanted:
        parts.append(_mention_ties(chat))
    if ANSWER in wanted:
        if answers is None:
            raise SettingsError(
                "`relations` names answer, which needs `answers`, the table of `match_answers`."
            )
        parts.append(_answer_ties(chat, posts["author_id"], answers))
    ties = pd.concat(parts, ignore_index=True) if parts else _ties(chat.head(0), "author_id", "")
    return _people_graph(posts, ties, relations=wanted, others=chat["author_id"].dropna().unique())


def _ties(rows: pd.DataFrame, target: str, relation: str) -> pd.DataFrame:
    ties = rows[["author_id", target, "created_at"]].set_axis(["source", "target", "at"], axis=1)
    return ties.assign(relation=relation)


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
    columns = pd.DataFrame(ties, columns=["source", "target", "at"])
    return columns.assign(relation="mention")


def _answer_ties(chat: pd.DataFrame, authors: pd.Series, answers: pd.DataFrame) -> pd.DataFrame:
    """Tie each answer to who asked, unless a reply or a quote ties them already."""
    asked = answers.drop_duplicates("post_id").set_index("post_id")["question_id"]
    rows = chat[chat.index.isin(asked.index)]
    rows = rows.assign(asked=authors.reindex(asked.reindex(rows.index)).to_numpy())
    linked = rows["reply_to_author"].eq(rows["asked"]) | rows["quote_of_author"].eq(rows["asked"])
    return _ties(rows[~linked.fillna(False)], "asked", ANSWER)


def _people_graph(
    posts: pd.DataFrame, ties: pd.DataFrame, *, relations: Sequence[str], others: Iterable[str] = ()
) -> nx.DiGraph[str]:
    known = ties[ties["source"].notna() & ties["target"].notna()]
    known = known[known["source"] != known["target"]]
    ends, people = pd.factorize(pd.concat([known["source"], known["target"]]))
    source, target = ends[: len(known)], ends[len(known) :]
    names = people.tolist()
    graph: nx.DiGraph[str] = nx.DiGraph()
    nodes = dict.fromkeys([*names, *others])
    graph.add_nodes_from(people_nodes(nodes, posts))
    if not len(known):
        return graph
    at = pd.to_datetime(known["at"], utc=True).dt.tz_localize(None).to_numpy("datetime64[s]")
    pair = source * len(names) + target
    # Undated ties stand last in their pair.
    order = np.lexsort((at, pair))
    starts = np.flatnonzero(np.diff(pair[order], prepend=-1))
    weight = np.diff(starts, append=len(pair))
    undated = np.add.reduceat(np.isnat(at[order]).astype(int), starts)
    latest = starts + np.maximum(weight - undated - 1, 0)
    first, last = (
        np.char.add(np.datetime_as_string(at[order][rows]), "+00:00").tolist()
        for rows in (starts, latest)
    )
    ends_of = (source[order][starts].tolist(), target[order][starts].tolist())
    graph.add_edges_from(
        (names[u], names[v], {"weight": n, "first": since, "last": until})
        for u, v, n, since, until in zip(*ends_of, weight.tolist(), first, last, strict=True)
    )
    codes = pd.Index(relations).get_indexer(pd.Index(known["relation"]))[order]
    for code, relation in enumerate(relations):
        counts = np.add.reduceat((codes == code).astype(int), starts).tolist()
        for u, v, n in zip(*ends_of, counts, strict=True):
            graph.edges[names[u], names[v]][relation] = n
    if undated.any():
        for *_ends, about in graph.edges(data=True):
            for name in ("first", "last"):
                if about[name].startswith("NaT"):
                    del about[name]
    return graph


def people_nodes(nodes: Iterable[str], posts: pd.DataFrame) -> Iterator[tuple[str, dict[str, Any]]]:
    """Give each node what the posts tell of that person; only scalars, so any writer works."""
    who, authors = pd.factorize(posts["author_id"])
    handles, names, followers = (
        _latest(posts, who, column) for column in ("author", "author_name", "author_followers")
    )
    counts = np.bincount(who[posts["in_chat"].to_numpy() & (who >= 0)], minlength=len(authors))
    written = dict(zip(authors.tolist(), counts.tolist(), strict=True))
    wanted = list(nodes)
    if silent := [node for node in wanted if not handles.get(node)]:
        addressed = _addressed_handles(posts[posts["reply_to_author"].isin(silent)])
        handles |= {
            node: addressed.get(node) or node.partition(":")[2].lstrip("@") for node in silent
        }
    for node in wanted:
        handle = xml_text(handles[node])
        name = xml_text(names.get(node) or "") or handle
        n = written.get(node, 0)
        about = {"author": handle, "author_name": name, "posts": n, "in_file": n > 0}
        if node in followers:
            about["followers"] = int(followers[node])
        yield node, about


def _latest(posts: pd.DataFrame, who: Any, column: str) -> dict[str, Any]:
    """Return what each author's latest post says that says something."""
    told = np.flatnonzero((who >= 0) & posts[column].notna().to_numpy())
    last = np.full(who.max(initial=-1) + 1, -1)
    last[who[told]] = told  # of several rows of one author, the last stays
    rows = last[last >= 0]
    values = (posts[name].iloc[rows].tolist() for name in ("author_id", column))
    return dict(zip(*values, strict=True))


def _addressed_handles(posts: pd.DataFrame) -> dict[str, str]:
    """Learn the handles of people who wrote nothing here: X puts them at the head of a reply."""
    on_x = (posts["platform"] == "x") & (posts["kind"] == "reply")
    replies = posts.loc[on_x].dropna(subset="reply_to_author")
    handles = replies["text"].str.extract(r"^@(\w+)", expand=False)
    known = pd.DataFrame({"author_id": replies["reply_to_author"], "handle": handles}).dropna()
    # The most used last, so that it is the one that stays.
    counts = known.value_counts().reset_index().sort_values(["count", "handle"])
    return dict(zip(counts["author_id"].tolist(), counts["handle"].tolist(), strict=True))


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


def hashtag_graph(posts: pd.DataFrame) -> nx.Graph[str]:
    """Build the graph of hashtags used together.

    Returns
    -------
    Graph
        Nodes are hashtags with `posts`; an edge's `weight` is the number of posts that carry
        both. Reposts, and posts that only came along, are left out.
    """
    own = own_posts(posts)
    graph: nx.Graph[str] = nx.Graph()
    for tags in own["hashtags"]:
        unique = sorted({xml_text(tag) for tag in tags})
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
