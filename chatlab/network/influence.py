"""Who is answered, by how many, and by whom."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import networkx as nx
import numpy as np
import pandas as pd

from chatlab.errors import GraphError
from chatlab.network.measures import (
    Ties,
    betweenness,
    core_numbers,
    hubs_and_authorities,
    leiden,
    pagerank,
)
from chatlab.posts.select import own_posts
from chatlab.text.numbering import number_mark

# One reply makes no carrier.
CARRIED = 2


def places(values: pd.Series) -> pd.Series:
    """Rank values, the largest first; whoever is equal to twelve digits shares a place."""
    return values.round(12).rank(ascending=False, method="min").astype("int64")


def influence_table(
    graph: nx.DiGraph[Any], *, communities: pd.Series | None = None, seed: int = 0
) -> pd.DataFrame:
    """Measure how the people of a graph are answered.

    An edge goes from who answers to who is answered, so receiving counts for the answered.

    Parameters
    ----------
    graph
        A directed graph with `weight` on its edges (1 where absent), such as `reply_graph`'s.
        Ties to oneself are left out.
    communities
        From `find_communities`, or any other labels; found here when not given.
    seed
        Of the communities, and of the sample where betweenness is sampled.

    Returns
    -------
    DataFrame
        One row per node, index the node key, sorted by `pagerank`, then key:

        - `author`: handle;
        - `replies_received`, `replies_given`: sums of weights in and out;
        - `people_answering`, `people_answered`: numbers of neighbours in and out;
        - `pagerank`: share of a random reader's time who follows answers to the person answered,
          85 % of steps, by weight, and starts anew otherwise; sums to 1, converged to a total
          change of 1e-13 [1]_;
        - `hub`, `authority`: HITS by weight; an authority is answered by good hubs, a hub answers
          good authorities; each sums to 1 over everybody [2]_;
        - `core_number`: the largest k for which the person is among people who have each at
          least k neighbours among themselves, whatever the direction [3]_;
        - `betweenness`: share of the shortest paths between all other people, along the
          direction and whatever the weight, that lead through this person [4]_. Exact in
          connected parts of up to 25,000 ties; beyond, estimated from sampled people [5]_;
        - `betweenness_error`: standard error of that estimate, 0 where it is exact;
        - `community`: number, 0 the largest;
        - `followers`: missing where the file has none;
        - `rank_beyond_fame`: places by which the rank by `pagerank` is better than the rank by
          followers, among people whose followers are known; missing for the others;
        - `in_file`: False for people who were answered and wrote nothing here.

    Raises
    ------
    GraphError
        When the graph is not directed, or a weight is not a positive number.

    References
    ----------
    .. [1] Page, Brin, Motwani, Winograd: The PageRank citation ranking, 1999 (Stanford InfoLab).
       networkx's default tolerance stops after a few steps on large graphs (networkx#4792).
    .. [2] Kleinberg: Authoritative sources in a hyperlinked environment, 1999,
       doi:10.1145/324133.324140.
    .. [3] Seidman: Network structure and minimum degree, 1983, doi:10.1016/0378-8733(83)90028-X.
    .. [4] Brandes: A faster algorithm for betweenness centrality, 2001,
       doi:10.1080/0022250X.2001.9990249.
    .. [5] Brandes and Pich: Centrality estimation in large networks, 2007,
       doi:10.1142/S0218127407018403.
    """
    if not graph.is_directed():
        raise GraphError("`graph` is not directed; influence needs to know who answers whom.")
    ties = Ties.of(graph)
    n = len(ties)
    hub, authority = hubs_and_authorities(ties)
    between, error = betweenness(ties, seed)
    if communities is None:
        communities = pd.Series(leiden(ties, 1.0, seed), index=pd.Index(ties.nodes), dtype="Int64")
    about = graph.nodes
    table = pd.DataFrame(
        {
            "author": [about[node].get("author", str(node)) for node in ties.nodes],
            "replies_received": _whole(np.bincount(ties.target, ties.weight, n)),
            "people_answering": np.bincount(ties.target, minlength=n),
            "replies_given": _whole(np.bincount(ties.source, ties.weight, n)),
            "people_answered": np.bincount(ties.source, minlength=n),
            "pagerank": pagerank(ties),
            "hub": hub,
            "authority": authority,
            "core_number": core_numbers(ties),
            "betweenness": between,
            "betweenness_error": error,
            "community": communities.reindex(ties.nodes).astype("Int64").array,
            "followers": pd.array(
                [about[node].get("followers", pd.NA) for node in ties.nodes], dtype="Int64"
            ),
            "in_file": [bool(about[node].get("in_file", True)) for node in ties.nodes],
        },
        index=pd.Index(ties.nodes),
    )
    table.insert(13, "rank_beyond_fame", _rank_beyond_fame(table))
    # The nodes are sorted by key, and a stable sort keeps that among equals.
    return table.loc[table["pagerank"].round(15).sort_values(ascending=False, kind="stable").index]


def _whole(sums: Any) -> Any:
    return sums.astype("int64") if (sums == np.floor(sums)).all() else sums


def _rank_beyond_fame(table: pd.DataFrame) -> pd.Series:
    known = table[table["followers"].notna()]
    by_followers, by_rank = (
        # Equal to twelve digits is equal: two people answered alike share a rank.
        known[name].astype(float).round(12).rank(ascending=False, method="min")
        for name in ("followers", "pagerank")
    )
    return (by_followers - by_rank).astype("Int64").reindex(table.index)


def without_people(graph: nx.DiGraph[Any], people: Iterable[str]) -> nx.DiGraph[Any]:
    """Return a graph without some people and their ties, such as the host's.

    A host who asks every question wins every ranking; this is how the others are ranked among
    themselves.

    Parameters
    ----------
    graph
        Any graph of people; it is not changed.
    people
        Node keys; those not in the graph do no harm.

    Returns
    -------
    DiGraph
        A copy; whoever is left without a tie is left out too.
    """
    gone = set(people)
    rest: nx.DiGraph[Any] = graph.subgraph([node for node in graph if node not in gone]).copy()
    rest.remove_nodes_from([node for node, degree in list(rest.degree()) if not degree])
    return rest


def theme_carriers(
    posts: pd.DataFrame, themes: pd.Series, *, without: Iterable[str] = (), n: int = 3
) -> pd.DataFrame:
    """Tell who carries each theme: whose posts on it are answered by most people.

    Parameters
    ----------
    posts
        A posts table.
    themes
        Theme of each post.
    without
        Author ids to leave out, such as host and panel.
    n
        How many people per theme at most.

    Returns
    -------
    DataFrame
        One row per theme and person, sorted by theme, then rank: `theme`, `author_id`, `author`,
        `posts_on_theme` (reposts left out) and `people_answering` (different
        people who replied to those), which is at least two. A theme that nobody carries has no
        row.
    """
    gone = set(without)
    own = own_posts(posts)
    labels = themes.reindex(own.index)
    own = own.assign(theme=labels).dropna(subset=["theme", "author_id"])
    answers = posts[posts["in_chat"] & (posts["kind"] == "reply")]
    answered = own[["theme", "author_id"]].reindex(answers["reply_to"])
    replies = answered.assign(replier=answers["author_id"].array).dropna()
    replies = replies[replies["replier"] != replies["author_id"]]
    keys = ["theme", "author_id"]
    table = own.groupby(keys).agg(author=("author", "last"), posts_on_theme=("text", "size"))
    table["people_answering"] = replies.groupby(keys)["replier"].nunique()
    table = table.fillna({"people_answering": 0}).astype({"people_answering": "int64"})
    table = table.reset_index()
    table = table[~table["author_id"].isin(gone) & (table["people_answering"] >= CARRIED)]
    order = ["theme", "people_answering", "posts_on_theme", "author_id"]
    table = table.sort_values(order, ascending=[True, False, False, True])
    first = table.groupby("theme").head(n).reset_index(drop=True)
    return first[["theme", "author_id", "author", "posts_on_theme", "people_answering"]]


def visibility_table(posts: pd.DataFrame) -> pd.DataFrame:
    """Tell what a reply graph of these posts can see and what it cannot.

    Returns
    -------
    DataFrame
        Index the fact, `count` the posts: `own` posts (reposts left out), `replies` among them,
        `to_oneself`, `to_outside` (to people who wrote nothing here), `to_unknown` (the file does
        not say to whom), `ties` (what is left: replies between people of the chat or to the
        outside), `marked_answers`: posts that begin as an answer to a numbered question (A1, R2)
        and are no reply, which a reply graph therefore cannot see.
    """
    chat = own_posts(posts)
    replies = chat[chat["kind"] == "reply"]
    target = replies["reply_to_author"]
    present = set(posts.loc[posts["in_chat"], "author_id"].dropna())
    to_oneself = target.eq(replies["author_id"]).fillna(False)
    marks = [number_mark(text) for text in chat.loc[chat["kind"] != "reply", "text"]]
    facts = {
        "own": len(chat),
        "replies": len(replies),
        "to_oneself": int(to_oneself.sum()),
        "to_outside": int((target.notna() & ~target.isin(present)).sum()),
        "to_unknown": int(target.isna().sum()),
        "ties": int((target.notna() & ~to_oneself).sum()),
        "marked_answers": sum(mark is not None and not mark.asks for mark in marks),
    }
    return pd.DataFrame({"count": facts}).rename_axis("fact")
