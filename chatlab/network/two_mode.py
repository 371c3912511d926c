"""Graphs of two kinds of nodes: people and hashtags, people and themes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import networkx as nx
import pandas as pd

from chatlab.network.graphs import Graph, people_nodes, xml_text
from chatlab.posts.select import own_posts

PERSON, HASHTAG, THEME = "person", "hashtag", "theme"


def author_hashtag_graph(posts: pd.DataFrame, *, leave_out: Iterable[str] = ()) -> Graph:
    """Build the graph of who uses which hashtag.

    Parameters
    ----------
    posts
        A posts table; reposts, and posts that only came along, are left out.
    leave_out
        Hashtags to leave out, such as the chat's own, which everybody uses.

    Returns
    -------
    Graph
        Nodes with `mode`: `person` (key the author id, attributes as in `reply_graph`) or
        `hashtag` (key `#tag`, with `posts`). A tie's `weight` is the number of that person's
        posts that carry the hashtag.
    """
    own = own_posts(posts)
    without = {tag.removeprefix("#").casefold() for tag in leave_out}
    pairs = own.explode("hashtags").dropna(subset=["author_id", "hashtags"])
    pairs = pairs[~pairs["hashtags"].isin(without)]
    tags = "#" + pairs["hashtags"].astype("str").map(xml_text)
    uses = pd.DataFrame({"post": pairs.index, "person": pairs["author_id"].array, "what": tags})
    return _two_modes(posts, uses.drop_duplicates(), HASHTAG, {})


def author_theme_graph(
    posts: pd.DataFrame, themes: pd.Series, *, names: Mapping[Any, str] | None = None
) -> Graph:
    """Build the graph of who speaks of which theme.

    Parameters
    ----------
    posts
        A posts table; reposts, and posts that only came along, are left out.
    themes
        Theme of each post, from `find_themes` or any other clusterer.
    names
        Readable names of the themes.

    Returns
    -------
    Graph
        Nodes with `mode`: `person` (key the author id, attributes as in `reply_graph`) or
        `theme` (key `theme:0`, with `name` and `posts`). A tie's `weight` is the number of that
        person's posts of the theme.
    """
    own = own_posts(posts)
    labels = themes.reindex(own.index)
    known = labels.notna() & own["author_id"].notna()
    uses = pd.DataFrame(
        {
            "post": own.index[known],
            "person": own.loc[known, "author_id"].array,
            "what": [f"theme:{int(theme)}" for theme in labels[known]],
        }
    )
    called = {f"theme:{theme}": xml_text(name) for theme, name in (names or {}).items()}
    return _two_modes(posts, uses, THEME, called)


def _two_modes(
    posts: pd.DataFrame, uses: pd.DataFrame, mode: str, names: Mapping[str, str]
) -> Graph:
    graph: Graph = nx.Graph()
    people = uses["person"].unique().tolist()
    graph.add_nodes_from(
        (node, {"mode": PERSON, **about}) for node, about in people_nodes(people, posts)
    )
    for what, n in uses["what"].value_counts().sort_index().to_dict().items():
        graph.add_node(str(what), mode=mode, name=names.get(str(what), str(what)), posts=n)
    weights = uses.groupby(["person", "what"]).size().reset_index()
    graph.add_weighted_edges_from(weights.itertuples(index=False, name=None))
    return graph
