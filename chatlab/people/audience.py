"""The people around an account: who comes once, who stays, what is given and taken."""

from __future__ import annotations

from collections.abc import Collection

import pandas as pd

from chatlab.posts.schema import true_for
from chatlab.posts.select import own_posts

# Whoever turned to an account on so many different days belongs to its core.
CORE_DAYS = 3
_TO = ("reply_to_author", "quote_of_author", "repost_of_author")


def audience_table(
    posts: pd.DataFrame, account: str, *, zone: str = "UTC", core_days: int = CORE_DAYS
) -> pd.DataFrame:
    """Say for everybody who turned to an account how often, and whether they still do.

    Parameters
    ----------
    posts
        A posts table; only posts in the chat count.
    account
        Its author id.
    zone
        Time zone of the days.
    core_days
        On so many different days or more makes one of the core.

    Returns
    -------
    DataFrame
        Index the author id, most days first: `author`, `days` (different days on which they
        replied to, quoted, reposted or named the account), `first` and `last` of these, `kind`
        (`core`, or `casual`), `before` and `since` (their kind in the first and in the second half
        of the posts of the file: `core` at half of `core_days` or more, `casual`, or
        `away`). Where the file covers fewer than two days, all are casual: it cannot tell.
    """
    turned = _turned_to(posts, account)
    turned = turned.assign(day=turned["created_at"].dt.tz_convert(zone).dt.floor("D"))
    groups = turned.groupby("author_id")
    table = groups.agg(
        author=("author", "last"),
        days=("day", "nunique"),
        first=("created_at", "min"),
        last=("created_at", "max"),
    )
    times = posts.loc[posts["in_chat"], "created_at"].dropna()
    # Half of the posts, not of the calendar: the first weeks of an export may hold hardly any.
    middle = times.median() if len(times) else pd.NaT
    halves = {
        "before": turned[turned["created_at"] <= middle],
        "since": turned[turned["created_at"] > middle],
    }
    table["kind"] = ["core" if days >= core_days else "casual" for days in table["days"]]
    for name, part in halves.items():
        days = part.groupby("author_id")["day"].nunique().reindex(table.index, fill_value=0)
        table[name] = [
            "away" if not n else "core" if 2 * n >= core_days and n > 1 else "casual" for n in days
        ]
    table = table.astype({"kind": "str", "before": "str", "since": "str"})
    ordered = table.assign(key=table.index).sort_values(["days", "key"], ascending=[False, True])
    return ordered[["author", "days", "first", "last", "kind", "before", "since"]].rename_axis(None)


def movement_table(audience: pd.DataFrame) -> pd.DataFrame:
    """Count who moved between casual and core from the first half of the time to the second.

    Parameters
    ----------
    audience
        From `audience_table`.

    Returns
    -------
    DataFrame
        Index `before`, columns `core`, `casual`, `away` (in the second half): numbers of people.
    """
    kinds = ["core", "casual", "away"]
    counts = pd.crosstab(audience["before"], audience["since"])
    return counts.reindex(index=kinds, columns=kinds, fill_value=0)


def balance_table(posts: pd.DataFrame, account: str) -> pd.DataFrame:
    """Set what an account gives to others beside what it gets from them.

    Parameters
    ----------
    posts
        A posts table; only posts in the chat count.
    account
        Its author id.

    Returns
    -------
    DataFrame
        Index the deed (`reply`, `quote`, `repost`, `mention`): `given` (posts of the account that
        do so to somebody else), `people_given` (how many different people), `taken` (posts of
        others that do so to the account), `people_taken`.
    """
    chat = posts[posts["in_chat"]].dropna(subset="author_id")
    mine, others = chat[chat["author_id"] == account], chat[chat["author_id"] != account]
    rows = {}
    for deed, column in zip(("reply", "quote", "repost"), _TO, strict=True):
        gave = mine[mine[column].notna() & (mine[column] != account)]
        took = others[others[column] == account]
        rows[deed] = (len(gave), gave[column].nunique(), len(took), took["author_id"].nunique())
    wrote = mine[mine["kind"] != "repost"]
    named = wrote["mentions"].explode().dropna()
    named = named[named != account]
    naming = others[others["kind"] != "repost"]
    naming = naming[true_for(naming["mentions"], lambda ids: account in ids)]
    rows["mention"] = (
        named.index.nunique(),
        named.nunique(),
        len(naming),
        naming["author_id"].nunique(),
    )
    names = ["given", "people_given", "taken", "people_taken"]
    table = pd.DataFrame.from_dict(rows, orient="index", columns=names)
    return table.astype("int64").rename_axis("deed")


def followers_here(posts: pd.DataFrame, followers: Collection[str]) -> dict[str, int]:
    """Say how many of an account's followers took part: well-chosen against many.

    Parameters
    ----------
    posts
        A posts table.
    followers
        Author ids, from `read_followers`.

    Returns
    -------
    dict
        `followers`, `took_part` (of them, who wrote or reposted in the chat), `people` (everybody
        who did).
    """
    people = set(posts.loc[posts["in_chat"], "author_id"].dropna())
    theirs = set(followers)
    return {
        "followers": len(theirs),
        "took_part": len(people & theirs),
        "people": len(people),
    }


def _turned_to(posts: pd.DataFrame, account: str) -> pd.DataFrame:
    chat = posts[posts["in_chat"]].dropna(subset=["author_id", "created_at"])
    others = chat[chat["author_id"] != account]
    to_it = pd.Series(False, index=others.index)
    for column in _TO:
        to_it |= (others[column] == account).fillna(False).astype(bool)
    own = own_posts(others)
    named = true_for(own["mentions"], lambda ids: account in ids)
    to_it |= named.reindex(others.index, fill_value=False)
    return others[to_it]
