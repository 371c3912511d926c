"""Editions: the busy stretches of a conversation, one hour of a chat or one day of an event."""

from __future__ import annotations

import numpy as np
import pandas as pd

from chatlab.errors import SettingsError

BIN = pd.Timedelta(minutes=15)
QUIET = pd.Timedelta(hours=6)
AROUND = pd.Timedelta(hours=12)
# A quarter of an hour is busy from this share of the busiest ones on, and from this many posts.
BUSY_SHARE = 0.1
BUSY_POSTS = 3
MIN_POSTS = 8


def find_editions(posts: pd.DataFrame) -> pd.Series:
    """Find the editions of a conversation: busy stretches separated by quiet.

    Posts are counted by quarter of an hour. A quarter is busy with at least three posts and a
    tenth of the busiest ones' (95th percentile of the quarters with posts). Busy quarters less
    than six hours apart make one edition; it needs eight posts. What lies outside belongs to
    none. Only the posts' times are used.

    Parameters
    ----------
    posts
        A posts table.

    Returns
    -------
    Series
        Edition number from 1, in order of time, on the posts' index; missing outside the
        editions, for posts without a date, and for posts that only came along.
    """
    editions = pd.Series(pd.NA, index=posts.index, dtype="Int64", name="edition")
    times = posts.loc[posts["in_chat"], "created_at"].dropna().sort_values()
    if times.empty:
        return editions
    quarters = times.dt.floor(BIN)
    counts = quarters.value_counts().sort_index()
    threshold = max(BUSY_POSTS, BUSY_SHARE * float(np.percentile(counts, 95)))
    busy = counts.index[counts >= threshold]
    if busy.empty:
        # A quiet file is one edition: better one than none to look at.
        editions[times.index] = 1
        return editions
    stretches = np.cumsum(np.r_[False, np.diff(busy) >= QUIET])
    spans = pd.Series(busy).groupby(stretches).agg(["min", "max"])
    number = 0
    for start, end in spans.itertuples(index=False, name=None):
        inside = times[(times >= start) & (times < end + BIN)]
        if len(inside) >= MIN_POSTS:
            number += 1
            editions[inside.index] = number
    if not number:
        editions[times.index] = 1
    return editions


def edition_table(posts: pd.DataFrame, editions: pd.Series) -> pd.DataFrame:
    """Describe each edition.

    Parameters
    ----------
    posts
        A posts table.
    editions
        From `find_editions`.

    Returns
    -------
    DataFrame
        Index the edition; `start` and `end` (first and last post), `peak` (start of the busiest
        minute), `posts`, `people`, `early` and `late`: posts in the twelve hours before and
        after that belong to no edition.
    """
    rows = []
    outside = posts.loc[posts["in_chat"] & editions.isna(), "created_at"].dropna()
    for number, part in posts.groupby(editions):
        times = part["created_at"]
        start, end = times.min(), times.max()
        minutes = times.dt.floor("min").value_counts()
        busiest = minutes[minutes == minutes.max()].index.min()
        rows.append(
            {
                "edition": number,
                "start": start,
                "end": end,
                "peak": busiest,
                "posts": len(part),
                "people": part["author_id"].nunique(),
                "early": int(((outside >= start - AROUND) & (outside < start)).sum()),
                "late": int(((outside > end) & (outside <= end + AROUND)).sum()),
            }
        )
    names = ["edition", "start", "end", "peak", "posts", "people", "early", "late"]
    return pd.DataFrame(rows, columns=names).set_index("edition")


def edition_comparison(table: pd.DataFrame, edition: int | None) -> pd.DataFrame:
    """Set one edition beside the others.

    Parameters
    ----------
    table
        From `edition_table`.
    edition
        The edition to look at; None gives an empty table.

    Returns
    -------
    DataFrame
        Index the figure (`posts`, `people`, `posts_per_person`, `minutes`, `late`); `this`,
        `others` (the median of all other editions, missing where there is none) and `change`
        (`this` / `others` - 1; missing where `others` is missing or 0).
    """
    if edition is None:
        return pd.DataFrame({"this": [], "others": [], "change": []}, dtype="float64")
    figures = pd.DataFrame(
        {
            "posts": table["posts"],
            "people": table["people"],
            "posts_per_person": table["posts"] / table["people"].clip(lower=1),
            "minutes": (table["end"] - table["start"]).dt.total_seconds() / 60,
            "late": table["late"],
        }
    ).astype("float64")
    this = figures.loc[edition]
    others = figures.drop(index=edition).median()
    change = this / others.where(others != 0) - 1
    compared = pd.DataFrame({"this": this, "others": others, "change": change})
    return compared.rename_axis("figure")


def select_edition(
    posts: pd.DataFrame, editions: pd.Series, edition: int | str = "last"
) -> pd.DataFrame:
    """Choose one edition's posts.

    Parameters
    ----------
    posts
        A posts table.
    editions
        From `find_editions`.
    edition
        A number, `"last"`, or `"all"` for every post.

    Returns
    -------
    DataFrame
        The edition's posts, and those that only came along with the file.

    Raises
    ------
    SettingsError
        When there is no such edition.
    """
    wanted = chosen_edition(editions, edition)
    if wanted is None:
        return posts
    return posts[editions.eq(wanted).fillna(False) | ~posts["in_chat"]]


def chosen_edition(editions: pd.Series, edition: int | str = "last") -> int | None:
    """Return the number of the edition chosen, or None for `"all"` and where there are none."""
    if edition == "all" or editions.isna().all():
        return None
    return edition_number(edition, int(editions.max()))


def edition_number(edition: int | str, last: int) -> int:
    """Turn `"last"` or a number, also as text, into an edition's number."""
    if edition == "last":
        return last
    try:
        number = int(edition)
    except (TypeError, ValueError):
        number = 0
    if not 1 <= number <= last:
        raise SettingsError(
            f'`edition` is {edition!r}; there are editions 1 to {last}, "last" and "all".'
        )
    return number
