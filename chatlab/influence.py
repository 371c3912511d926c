"""Who is answered, by how many, and by whom."""

from __future__ import annotations

import networkx as nx
import pandas as pd

from chatlab.errors import GraphError

ERROR = 1e-12
MAX_STEPS = 1_000


def influence_table(graph: nx.DiGraph[str]) -> pd.DataFrame:
    """Measure how the people of a graph are answered.

    An edge goes from who answers to who is answered, so receiving counts for the answered.

    Parameters
    ----------
    graph
        A directed graph with `weight` on its edges (1 where absent), such as `reply_graph`'s.

    Returns
    -------
    DataFrame
        One row per node, index the node key, sorted by `pagerank`, then key:

        - `author`: handle;
        - `replies_received`, `replies_given`: sums of weights in and out;
        - `people_answering`, `people_answered`: numbers of neighbours in and out;
        - `pagerank`: share of a random reader's time who follows answers to the person answered,
          85 % of steps, by weight, and starts anew otherwise; sums to 1, converged to 1e-12;
        - `followers`: missing where the file has none;
        - `in_file`: False for people who were answered and wrote nothing here.

    Raises
    ------
    GraphError
        When the graph is not directed.

    References
    ----------
    Page, Brin, Motwani, Winograd: The PageRank Citation Ranking, 1999 (Stanford InfoLab).
    networkx's default tolerance stops after a few steps on large graphs (networkx issue 4792);
    here the iteration runs until the total change is below 1e-12.
    """
    if not graph.is_directed():
        raise GraphError("`graph` is not directed; influence needs to know who answers whom.")
    plain: nx.DiGraph[str] = nx.DiGraph()
    plain.add_nodes_from(graph)
    plain.add_weighted_edges_from(
        (u, v, about.get("weight", 1)) for u, v, about in graph.edges(data=True) if u != v
    )
    nodes = list(plain)
    rank = converged_pagerank(plain)
    about = graph.nodes
    table = pd.DataFrame(
        {
            "author": [about[node].get("author", node) for node in nodes],
            "replies_received": _whole(plain.in_degree(nodes, weight="weight"), nodes),
            "people_answering": _whole(plain.in_degree(nodes), nodes),
            "replies_given": _whole(plain.out_degree(nodes, weight="weight"), nodes),
            "people_answered": _whole(plain.out_degree(nodes), nodes),
            "pagerank": [rank[node] for node in nodes],
            "followers": pd.array(
                [about[node].get("followers", pd.NA) for node in nodes], dtype="Int64"
            ),
            "in_file": [bool(about[node].get("in_file", True)) for node in nodes],
        },
        index=pd.Index(nodes, dtype="str"),
    )
    order = table.assign(key=table.index).sort_values(["pagerank", "key"], ascending=[False, True])
    return table.loc[order.index]


def _whole(degrees: object, nodes: list[str]) -> list[int]:
    by_node = dict(degrees)  # type: ignore[call-overload]
    return [int(by_node[node]) for node in nodes]


def converged_pagerank(graph: nx.DiGraph[str], *, damping: float = 0.85) -> dict[str, float]:
    """Compute PageRank until nothing changes any more, to a total error below 1e-12."""
    if not len(graph):
        return {}
    # networkx multiplies the tolerance by the number of nodes.
    return dict(
        nx.pagerank(
            graph, alpha=damping, tol=ERROR / len(graph), max_iter=MAX_STEPS, weight="weight"
        )
    )


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
    chat = posts[posts["in_chat"] & (posts["kind"] != "repost")]
    replies = chat[chat["kind"] == "reply"]
    target = replies["reply_to_author"]
    present = set(posts.loc[posts["in_chat"], "author_id"].dropna())
    to_oneself = target.eq(replies["author_id"]).fillna(False)
    marked = chat.loc[chat["kind"] != "reply", "text"].str.match(ANSWER_MARK)
    facts = {
        "own": len(chat),
        "replies": len(replies),
        "to_oneself": int(to_oneself.sum()),
        "to_outside": int((target.notna() & ~target.isin(present)).sum()),
        "to_unknown": int(target.isna().sum()),
        "ties": int((target.notna() & ~to_oneself).sum()),
        "marked_answers": int(marked.sum()),
    }
    return pd.DataFrame({"count": facts}).rename_axis("fact")


# `A1`, `a.2`, `R3 :` and `Réponse 4` at the start, after hashtags or handles.
ANSWER_MARK = r"(?i)^(?:[@#]\S+\s+)*\W*(?:[AR]\s?\.?\s?\d{1,2}\b|r[ée]ponse\s+\d)"
