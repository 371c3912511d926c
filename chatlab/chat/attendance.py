"""Who comes back: newcomers, regulars, and people not seen lately."""

from __future__ import annotations

from collections.abc import Collection

import pandas as pd

from chatlab.chat.edition_counts import Editions, people_by_edition
from chatlab.posts.counting import Posts

# A regular is there in at least this share of the editions so far, and in so many.
REGULAR_SHARE = 0.5
REGULAR_EDITIONS = 3
# Whoever came twice or more and missed so many in a row has not been seen lately.
MISSED = 2


def retention_table(
    posts: Posts, editions: Editions, *, without: Collection[str] = ()
) -> pd.DataFrame:
    """Say for each edition who was new, who returned and who stayed away.

    Parameters
    ----------
    posts
        A posts table, or what `cl.scan_posts` gives; only posts in the chat and in an edition
        count, reposts too.
    editions
        From `find_editions`; of a dataset from `edition_spans`.
    without
        Author ids left out, such as the hosts.

    Returns
    -------
    DataFrame
        Index the edition; `people`, `newcomers` (in no edition before), `returning` (in an
        earlier one), `regulars` (in half of the editions up to this one, and in three or more),
        `came_again` (share of the people of the edition before who came again; missing for the
        first) and `lost` (number of those who did not).
    """
    present = _present(posts, editions, without)
    rows = []
    seen: set[str] = set()
    before: set[str] | None = None
    visits: dict[str, int] = {}
    for place, (edition, authors) in enumerate(present.groupby("edition")["author_id"], 1):
        people = set(authors)
        for author in people:
            visits[author] = visits.get(author, 0) + 1
        enough = max(REGULAR_EDITIONS, REGULAR_SHARE * place)
        rows.append(
            {
                "edition": edition,
                "people": len(people),
                "newcomers": len(people - seen),
                "returning": len(people & seen),
                "regulars": sum(visits[author] >= enough for author in people),
                "came_again": len(before & people) / len(before) if before else None,
                "lost": len(before - people) if before is not None else None,
            }
        )
        seen |= people
        before = people
    names = ["edition", "people", "newcomers", "returning", "regulars", "came_again", "lost"]
    table = pd.DataFrame(rows, columns=names).set_index("edition")
    return table.astype({"came_again": "float64", "lost": "Int64"})


def attendance_table(
    posts: Posts, editions: Editions, *, without: Collection[str] = ()
) -> pd.DataFrame:
    """Say for each person how often they came, and whether they still do.

    Parameters
    ----------
    posts
        A posts table, or what `cl.scan_posts` gives; only posts in the chat and in an edition
        count, reposts too.
    editions
        From `find_editions`; of a dataset from `edition_spans`.
    without
        Author ids left out, such as the hosts.

    Returns
    -------
    DataFrame
        One row per person, index the author id: `author`, `visits` (editions), `first_edition`,
        `last_edition`, `missed` (editions since), `posts` (in editions) and `attendance`:
        `newcomer` (first in the last edition, of two or more), `not seen lately` (came twice or
        more, missed the last two or more), `regular` (in half of the editions, and in three or
        more), `returning` (twice or more otherwise), `once`. Sorted by visits, then posts, then
        id.
    """
    present = _present(posts, editions, without)
    last = present["edition"].max()
    table = present.groupby("author_id").agg(
        author=("author", "last"),
        visits=("edition", "nunique"),
        first_edition=("edition", "min"),
        last_edition=("edition", "max"),
        posts=("posts", "sum"),
    )
    table = table.astype({"posts": "int64"})
    table["missed"] = last - table["last_edition"]
    enough = max(REGULAR_EDITIONS, REGULAR_SHARE * present["edition"].nunique())
    table["attendance"] = pd.array(
        [
            _state(visits, first, missed, last=last, enough=enough)
            for visits, first, missed in table[["visits", "first_edition", "missed"]].itertuples(
                index=False, name=None
            )
        ],
        dtype="str",
    )
    table = table.assign(key=table.index).sort_values(
        ["visits", "posts", "key"], ascending=[False, False, True]
    )
    names = ["author", "visits", "first_edition", "last_edition", "missed", "posts", "attendance"]
    return table[names].rename_axis(None)


def _state(visits: int, first: int, missed: int, *, last: int, enough: float) -> str:
    if first == last > 1:
        return "newcomer"
    if visits < 2:
        return "once"
    if missed >= MISSED:
        return "not seen lately"
    return "regular" if visits >= enough else "returning"


def _present(posts: Posts, editions: Editions, without: Collection[str]) -> pd.DataFrame:
    """Count who was there: one row per edition and person."""
    there = people_by_edition(posts, editions).dropna(subset="author_id")
    return there[~there["author_id"].isin(list(without))]
