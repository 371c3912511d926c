"""What part people play, each by a rule that is printed."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

import networkx as nx
import pandas as pd

from chatlab.network.community_tables import bridge_table
from chatlab.network.influence import influence_table
from chatlab.posts.schema import true_for
from chatlab.text.asking import asks_something
from chatlab.text.numbering import number_mark

ROLES = (
    "host",
    "panellist",
    "answerer",
    "connector",
    "amplifier",
    "broadcaster",
    "asker",
    "newcomer",
    "regular",
)


@dataclass(frozen=True)
class RoleRules:
    """Thresholds of the roles.

    Attributes
    ----------
    people_answered
        An answerer replies to at least so many different people...
    reply_share
        ...with at least this share of their own posts.
    groups_linked
        A connector is tied to at least so many people of other groups...
    betweenness_share
        ...and is among this share of the people with the highest betweenness.
    reposts
        An amplifier reposts at least so often...
    repost_share
        ...with at least this share of their posts.
    broadcasts
        A broadcaster writes at least so many posts that address nobody and answer no question...
    broadcast_share
        ...at least this share of their own...
    answered_per_post
        ...and fewer people than this, per such post, reply.
    """

    people_answered: int = 3
    reply_share: float = 0.5
    groups_linked: int = 2
    betweenness_share: float = 0.1
    reposts: int = 3
    repost_share: float = 0.5
    broadcasts: int = 5
    broadcast_share: float = 0.8
    answered_per_post: float = 0.2


DEFAULT_RULES = RoleRules()


def role_table(
    graph: nx.DiGraph[Any],
    posts: pd.DataFrame,
    communities: pd.Series,
    *,
    parts: dict[str, str] | None = None,
    attendance: pd.DataFrame | None = None,
    rules: RoleRules = DEFAULT_RULES,
) -> pd.DataFrame:
    """Give each person the roles whose rules fit.

    Silent readers are not in the file: nobody is called a lurker.

    Parameters
    ----------
    graph
        From `reply_graph`.
    posts
        The posts table that the graph was made of.
    communities
        From `find_communities`.
    parts
        `host` or `panel` by author id, where it is known.
    attendance
        From `attendance_table`: it says who is a newcomer and who a regular.
    rules
        Thresholds.

    Returns
    -------
    DataFrame
        One row per author of the chat who has a role, index the author id, sorted by number of
        roles, then posts: `author`, `posts`, one boolean column per role of `ROLES`, and
        `roles`, the list of those that fit. The rules in words: `role_counts`.
    """
    chat = posts[posts["in_chat"]].dropna(subset="author_id")
    own = chat[chat["kind"] != "repost"]
    by_author = chat.groupby("author_id")
    table = by_author.agg(author=("author", "last"), posts=("text", "size"))
    written = own.groupby("author_id").size().reindex(table.index, fill_value=0)
    kinds = pd.crosstab(chat["author_id"], chat["kind"])
    kinds = kinds.reindex(index=table.index, columns=["reply", "repost"], fill_value=0)
    ties = influence_table(graph, communities=communities).reindex(table.index)
    answered = ties["people_answered"].fillna(0)
    table["answerer"] = (answered >= rules.people_answered) & (
        kinds["reply"] >= rules.reply_share * written.clip(lower=1)
    )
    linked = bridge_table(graph, communities)["people_outside"].reindex(table.index).fillna(0)
    between = ties["betweenness"].fillna(0)
    bound = between[between > 0].quantile(1 - rules.betweenness_share) if between.any() else 0
    table["connector"] = (linked >= rules.groups_linked) & (between > 0) & (between >= bound)
    table["amplifier"] = (kinds["repost"] >= rules.reposts) & (
        kinds["repost"] >= rules.repost_share * table["posts"]
    )
    alone = _addressing_nobody(own).groupby("author_id").size().reindex(table.index, fill_value=0)
    table["broadcaster"] = (
        (alone >= rules.broadcasts)
        & (alone >= rules.broadcast_share * written)
        & (ties["people_answering"].fillna(0) < rules.answered_per_post * alone)
    )
    known = parts or {}
    part = pd.Series([known.get(str(key)) for key in table.index], table.index, dtype="str")
    table["host"], table["panellist"] = part.eq("host"), part.eq("panel")
    table["broadcaster"] &= ~(table["host"] | table["panellist"])
    table["asker"] = table.index.isin(_askers(own, table.index[table["host"]]))
    states = None if attendance is None else attendance["attendance"].reindex(table.index)
    for state in ("newcomer", "regular"):
        table[state] = False if states is None else states.eq(state)
    table["newcomer"] &= ~table["host"]
    fits = table[list(ROLES)].astype(bool)
    table["roles"] = pd.Series(
        [[role for role in ROLES if row[role]] for row in fits.to_dict("records")],
        index=table.index,
        dtype=object,
    )
    table = table.assign(n=fits.sum(axis=1))[fits.any(axis=1)]
    table = table.sort_values(["n", "posts"], ascending=False, kind="stable")
    return table[["author", "posts", *ROLES, "roles"]].rename_axis(None)


def _addressing_nobody(own: pd.DataFrame) -> pd.DataFrame:
    """Select posts that are no reply or quote, name nobody, and answer no numbered question."""
    plain = own[own["kind"].eq("post") & ~true_for(own["mentions"], len)]
    return plain[~_marked(plain)]


def _marked(posts: pd.DataFrame) -> pd.Series:
    marks = [number_mark(text) is not None for text in posts["text"]]
    return pd.Series(marks, index=posts.index, dtype=bool)


def _askers(own: pd.DataFrame, hosts: Collection[Any]) -> set[str]:
    """Find who asks something that is no numbered question, and not rhetorical."""
    theirs = own[~own["author_id"].isin(hosts) & ~_marked(own)]
    asking = [asks_something(text) for text in theirs["text"]]
    return set(theirs.loc[asking, "author_id"])


def role_counts(roles: pd.DataFrame) -> pd.DataFrame:
    """Count the people in each role; nobody is named.

    Parameters
    ----------
    roles
        From `role_table`.

    Returns
    -------
    DataFrame
        Index the role; `people`. What makes a role: `RoleRules`, and in words `show.role_counts`.
    """
    counts = {role: int(roles[role].sum()) for role in ROLES}
    return pd.DataFrame({"people": counts}).rename_axis("role")
