"""The after-party: who stays, what is said and asked once the host has signed off."""

from __future__ import annotations

from collections.abc import Collection

import numpy as np
import pandas as pd

from chatlab.chat.edition_tables import are_days, edition_table
from chatlab.chat.editions import AROUND
from chatlab.posts.quoting import quotes
from chatlab.posts.select import own_posts

LATE_COLUMNS = ["edition", "author_id", "author", "created_at", "minutes_after", "kind"]
LATE_COLUMNS += ["text", "url"]


def sign_offs(
    posts: pd.DataFrame, editions: pd.Series, *, hosts: Collection[str] = ()
) -> pd.DataFrame:
    """Say when each edition was over.

    Parameters
    ----------
    posts
        A posts table.
    editions
        From `find_editions`.
    hosts
        Author ids of the hosts.

    Returns
    -------
    DataFrame
        Index the edition, in order of time: `over_at`, the hosts' last post in it that thanks or
        takes leave, else its last post; `signed_off`, whether a host said so.
    """
    return _over(edition_table(posts, editions, hosts=hosts))


def _over(table: pd.DataFrame) -> pd.DataFrame:
    over = table["closed"].fillna(table["end"])
    return pd.DataFrame({"over_at": over, "signed_off": table["closed"].notna()})


def late_posts(
    posts: pd.DataFrame, editions: pd.Series, *, hosts: Collection[str] = ()
) -> pd.DataFrame:
    """List what was written after the sign-off of an edition, up to twelve hours later.

    Parameters
    ----------
    posts
        A posts table; reposts are left out.
    editions
        From `find_editions`.
    hosts
        Author ids of the hosts: where one of them thanks or takes leave, the edition is over
        then; without, at its last post.

    Returns
    -------
    DataFrame
        One row per post, index the post id, in order of time: `edition` (the latest one over),
        `author_id`, `author`, `created_at`, `minutes_after` (the sign-off), `kind`, `text`, `url`.
    """
    return _written_after(posts, editions, sign_offs(posts, editions, hosts=hosts)["over_at"])


def _written_after(posts: pd.DataFrame, editions: pd.Series, over: pd.Series) -> pd.DataFrame:
    own = own_posts(posts).dropna(subset="created_at").sort_values("created_at", kind="stable")
    own = own.assign(text=quotes(own))
    if over.empty or own.empty:
        none = own.iloc[:0].assign(edition=editions.iloc[:0], minutes_after=0.0)
        return none[LATE_COLUMNS]
    place = np.searchsorted(over.to_numpy(), own["created_at"].to_numpy(), side="left") - 1
    after = own[place >= 0].assign(edition=over.index.to_numpy()[place[place >= 0]])
    # What the next edition's people write before its host greets is no after-party of the last.
    theirs = editions.reindex(after.index)
    after = after[(theirs.isna() | theirs.eq(after["edition"])).to_numpy(bool)]
    waited = after["created_at"] - after["edition"].map(over)
    late = after.assign(minutes_after=waited.dt.total_seconds() / 60)[waited <= AROUND]
    return late.astype({"edition": "Int64"})[LATE_COLUMNS]


def after_party_table(
    posts: pd.DataFrame,
    editions: pd.Series,
    *,
    hosts: Collection[str] = (),
    asked: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """Describe what happened after the sign-off of each edition.

    Parameters
    ----------
    posts
        A posts table.
    editions
        From `find_editions`.
    hosts
        Author ids of the hosts.
    asked
        From `participants_questions`.

    Returns
    -------
    DataFrame
        Index the edition: `over_at` and `signed_off` as in `sign_offs`; `posts` (within twelve
        hours, reposts left out), `people`, `stayed` (people of the edition among them),
        `half_after` (minutes from the sign-off within which half of these posts came; missing
        where there is none), `asked` (participants' sure questions among them) and `answered`
        (those that somebody replied to), `to_check` (questions that are not sure), the three
        missing without `asked`. Empty where the
        editions are days of an event: none of them is over, the next one follows.
    """
    described = edition_table(posts, editions, hosts=hosts)
    # A day of an event is not over: the next one follows.
    table = _over(described.iloc[:0] if are_days(described) else described)
    late = _written_after(posts, editions, table["over_at"])
    groups = late.groupby("edition")
    rows = []
    for number in table.index:
        there = posts.loc[editions.eq(number).fillna(False).to_numpy(bool), "author_id"]
        part = groups.get_group(number) if number in groups.groups else late.iloc[:0]
        people = set(part["author_id"].dropna())
        found = pd.DataFrame() if asked is None else asked[asked["post_id"].isin(part.index)]
        sure = found[found["certainty"] == "sure"] if len(found) else found
        rows.append(
            {
                "posts": len(part),
                "people": len(people),
                "stayed": len(people & set(there.dropna())),
                "half_after": part["minutes_after"].median(),
                "asked": None if asked is None else len(sure),
                "answered": None if asked is None else _answered(sure),
                "to_check": None if asked is None else len(found) - len(sure),
            }
        )
    names = ["posts", "people", "stayed", "half_after", "asked", "answered", "to_check"]
    counts = pd.DataFrame(rows, index=table.index, columns=names)
    counts = counts.astype(
        {"asked": "Int64", "answered": "Int64", "to_check": "Int64", "half_after": "float64"}
    )
    return table.join(counts)


def _answered(asked: pd.DataFrame) -> int:
    return int(asked["reason"].eq("answered").sum()) if len(asked) else 0
