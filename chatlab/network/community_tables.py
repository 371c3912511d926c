"""Tables of communities: who leads them, what they say, what ties them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from chatlab.network.communities import SMALLEST
from chatlab.network.graphs import Graph
from chatlab.network.measures import Ties
from chatlab.posts.select import own_posts
from chatlab.text.words import base_language

LISTED = 3
OTHERS = -1
FEWEST_USERS = 2
LIFT = 1.5
SPOKEN = 0.1


def community_table(
    graph: Graph,
    communities: pd.Series,
    *,
    stability: pd.DataFrame | None = None,
    posts: pd.DataFrame | None = None,
    themes: pd.Series | None = None,
    names: Mapping[Any, str] | None = None,
) -> pd.DataFrame:
    """Describe the groups of at least three people.

    Parameters
    ----------
    graph
        The graph.
    communities
        From `find_communities`, or any other labels.
    stability
        From `community_stability`; the name of a group that is not stable ends in `(?)`.
    posts
        The posts table, for hashtags and languages.
    themes
        Theme of each post; needs `posts`.
    names
        Readable names of the themes.

    Returns
    -------
    DataFrame
        Index the group, largest first:

        - `community_name`: number from 1, and the handle of its person whom most people answer;
        - `people`, and `people_share` of all people of the graph;
        - `weight`: of the ties with at least one end in the group, and `inside`: the part of it
          with both ends there;
        - `most_answered`: handles of up to three of its people, by the people who answer them;
        - with `posts`: `hashtags`, up to three that at least two people of the group use, half
          as often again as everybody, and `languages` of at least a tenth of its posts;
        - with `themes`: `themes`, up to three, by posts;
        - with `stability`: `stable`.
    """
    ties = Ties.of(graph)
    labels = communities.reindex(ties.nodes).to_numpy("int64")
    source, target = labels[ties.source], labels[ties.target]
    sizes = np.bincount(labels, minlength=1)
    inside = source == target
    within = np.bincount(source[inside], ties.weight[inside], len(sizes))
    ends = np.bincount(source, ties.weight, len(sizes))
    ends += np.bincount(target, ties.weight, len(sizes))
    touching = ends - within
    leaders = _leaders(graph, ties, labels)
    shaky = set() if stability is None else set(stability.index[~stability["stable"]])
    rows = [
        {
            "community": group,
            "community_name": f"{group + 1} · @{leaders[group][0]}"
            + (" (?)" if group in shaky else ""),
            "people": int(sizes[group]),
            "people_share": sizes[group] / len(ties),
            "weight": touching[group],
            "inside": within[group] / touching[group] if touching[group] else np.nan,
            "most_answered": leaders[group],
        }
        for group in np.flatnonzero(sizes >= SMALLEST).tolist()
    ]
    columns = ["community", "community_name", "people", "people_share", "weight", "inside"]
    table = pd.DataFrame(rows, columns=[*columns, "most_answered"]).set_index("community")
    if posts is not None:
        own = own_posts(posts)
        own = own.assign(group=own["author_id"].map(communities))
        table["hashtags"] = _telling_tags(own, table.index)
        spoken = own["lang"].map(base_language, na_action="ignore")
        table["languages"] = _most(own, spoken, table.index, SPOKEN)
        if themes is not None:
            called = themes.reindex(own.index).map(lambda theme: (names or {}).get(theme, theme))
            table["themes"] = _most(own, called, table.index, 0)
    return table if stability is None else table.join(stability["stable"])


def _leaders(graph: Graph, ties: Ties, labels: Any) -> dict[int, list[str]]:
    """List for each group whom most people answer; of equals, who also wrote here."""
    answered = ties.target
    if not graph.is_directed():
        answered = np.concatenate([answered, ties.source])
    people = pd.DataFrame(
        {
            "group": labels,
            "n": np.bincount(answered, minlength=len(ties)),
            "here": [bool(graph.nodes[node].get("in_file", True)) for node in ties.nodes],
            "node": ties.nodes,
        }
    )
    order = ["group", "n", "here"]
    best = people.sort_values(order, ascending=[True, False, False], kind="stable")
    leaders: dict[int, list[str]] = {}
    for group, node in zip(best["group"].tolist(), best["node"].tolist(), strict=True):
        if len(known := leaders.setdefault(group, [])) < LISTED:
            known.append(str(graph.nodes[node].get("author", node)))
    return leaders


def _telling_tags(own: pd.DataFrame, groups: pd.Index) -> list[list[str]]:
    """List the tags that more of a group's people use than of all people, by half as many again."""
    uses = own[["group", "author_id", "hashtags"]].explode("hashtags").dropna().drop_duplicates()
    people = own.groupby("group")["author_id"].nunique()
    everywhere = uses.groupby("hashtags")["author_id"].nunique() / max(
        own["author_id"].nunique(), 1
    )
    lists = []
    for group in groups:
        users = uses.loc[uses["group"] == group, "hashtags"].value_counts()
        users = users[users >= FEWEST_USERS]
        lift = users / max(people.get(group, 0), 1) / everywhere.reindex(users.index)
        telling = users[lift >= LIFT]
        lists.append([f"#{tag}" for tag in telling.index[:LISTED]])
    return lists


def _most(own: pd.DataFrame, values: pd.Series, groups: pd.Index, least: float) -> list[list[str]]:
    """List the values that most posts of each group have."""
    lists = []
    for group in groups:
        shares = values[own["group"] == group].value_counts(normalize=True)
        lists.append([str(value) for value in shares.index[shares >= least][:LISTED]])
    return lists


def community_ties(graph: Graph, communities: pd.Series, *, n: int = 10) -> pd.DataFrame:
    """Count the ties from group to group.

    Parameters
    ----------
    graph
        The graph.
    communities
        Group of each node.
    n
        The largest groups that have a row of their own; all others together are -1.

    Returns
    -------
    DataFrame
        Weight of the ties from the row's group to the column's; index and columns the numbers,
        -1 last where there are other groups.
    """
    ties = Ties.of(graph)
    labels = communities.reindex(ties.nodes).to_numpy("int64")
    sizes = np.bincount(labels)
    own = set(np.flatnonzero(sizes >= SMALLEST)[:n].tolist())
    labels = np.array([label if label in own else OTHERS for label in labels])
    pairs = pd.DataFrame(
        {"source": labels[ties.source], "target": labels[ties.target], "weight": ties.weight}
    )
    present = sorted(own) + ([OTHERS] if (labels == OTHERS).any() else [])
    matrix = pairs.pivot_table("weight", "source", "target", aggfunc="sum", fill_value=0)
    matrix = matrix.reindex(index=present, columns=present, fill_value=0)
    return matrix.rename_axis(index="source", columns="target")


def bridge_table(graph: Graph, communities: pd.Series) -> pd.DataFrame:
    """Tell who links groups.

    Parameters
    ----------
    graph
        The graph; directions are not looked at.
    communities
        Group of each node; only groups of at least three people count.

    Returns
    -------
    DataFrame
        One row per person with ties to another group, index the node key, sorted by the people
        linked: `author`; `community`; `people_outside`: different people of other groups they
        are tied to; `groups_linked`: the other groups' numbers, by people, most first;
        `participation`: 1 less the sum of the squared shares of their ties that go to each
        group, 0 when all go to one [1]_.

    References
    ----------
    .. [1] Guimera and Amaral: Functional cartography of complex metabolic networks, 2005,
       doi:10.1038/nature03288.
    """
    ties = Ties.of(graph)
    labels = communities.reindex(ties.nodes).to_numpy("int64")
    ends = pd.DataFrame(
        {
            "node": np.concatenate([ties.source, ties.target]),
            "other": np.concatenate([ties.target, ties.source]),
            "weight": np.concatenate([ties.weight, ties.weight]),
        }
    )
    ends["group"] = labels[ends["other"]]
    large = np.bincount(labels, minlength=1) >= SMALLEST
    ends = ends[large[ends["group"]] & large[labels[ends["node"]]]]
    shares = ends.groupby(["node", "group"])["weight"].sum()
    shares = shares / shares.groupby("node").transform("sum")
    participation = 1 - (shares**2).groupby("node").sum()
    outside = ends[ends["group"] != labels[ends["node"]]]
    linked = outside.drop_duplicates(["node", "other"]).groupby(["node", "group"]).size()
    rows: list[dict[str, Any]] = []
    for node, groups in linked.groupby("node"):
        counts = groups.droplevel("node").sort_values(ascending=False, kind="stable")
        key = ties.nodes[int(node)]
        rows.append(
            {
                "key": key,
                "author": graph.nodes[key].get("author", str(key)),
                "community": int(labels[int(node)]),
                "people_outside": int(counts.sum()),
                "groups_linked": [int(group) for group in counts.index],
                "participation": float(participation[node]),
            }
        )
    names = ["author", "community", "people_outside", "groups_linked", "participation"]
    table = pd.DataFrame(rows, columns=["key", *names]).set_index("key").rename_axis(None)
    order = ["people_outside", "participation"]
    return table.sort_values(order, ascending=False, kind="stable")
