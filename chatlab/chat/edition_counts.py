"""Plain counts by edition: who wrote how much in each, and what came just before and after."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any, TypeAlias

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from chatlab.chat.editions import EditionSpan, EditionSpans
from chatlab.errors import SettingsError
from chatlab.posts.counting import Count, Posts, arrow_columns, count, frame
from chatlab.posts.counts import instants, ones, told_at

Editions: TypeAlias = pd.Series | EditionSpans
MINUTE = 60_000_000
_EDITION = "edition"
_READ = ("in_chat", "author_id", "author", "author_followers", "created_at")
_SEEN = ("in_chat", "created_at")


def people_by_edition(posts: Posts, editions: Editions) -> pd.DataFrame:
    """Count posts by edition and person (one row for posts without an author).

    Returns
    -------
    DataFrame
        `edition`, `author_id`, `posts`, `followers` (the highest seen), `first`, `last`, `author`
        (the latest handle); only editions, in order.
    """
    adds = {"posts": "sum", "followers": "max", "first": "min", "last": "max"}
    table = _counted(
        posts, editions, _READ, _people, (_EDITION, "author_id"), adds, {"author": ("latest", "at")}
    )
    return table.drop(columns="at").sort_values([_EDITION, "author_id"], ignore_index=True)


def minutes_by_edition(posts: Posts, editions: Editions) -> pd.DataFrame:
    """Count posts by edition and minute: `edition`, `minute`, `posts`, in order."""
    table = _counted(posts, editions, _SEEN, _minutes, (_EDITION, "minute"), {"posts": "sum"}, {})
    return table.sort_values([_EDITION, "minute"], ignore_index=True)


def around_editions(
    posts: Posts, editions: Editions, starts: pd.Series, ends: pd.Series, around: pd.Timedelta
) -> dict[int, tuple[int, int]]:
    """Count posts of no edition that came so long before the start and after the end of each.

    Returns
    -------
    dict
        Before and after, by the place of the edition in `starts`, from 1.
    """
    bounds = [
        (_instant(start - around), _instant(start), _instant(end), _instant(end + around))
        for start, end in zip(starts, ends, strict=True)
    ]
    rows = partial(_around, bounds=bounds)
    # Such posts belong to no edition by themselves: the rows name the one they are near.
    table = _counted(posts, editions, _SEEN, rows, (_EDITION,), {"early": "sum", "late": "sum"}, {})
    return {
        int(number): (int(early), int(late))
        for number, early, late in table.itertuples(index=False, name=None)
    }


def _counted(
    posts: Posts,
    editions: Editions,
    columns: tuple[str, ...],
    rows: Any,
    keys: tuple[str, ...],
    adds: dict[str, str],
    told: dict[str, tuple[str, str]],
) -> pd.DataFrame:
    """Count with the edition of each post beside it: by number in memory, else by when it was."""
    if isinstance(posts, pd.DataFrame):
        numbers = editions.of(posts) if isinstance(editions, EditionSpans) else editions
        part = arrow_columns(posts, columns)
        labels = pa.array(numbers.reindex(posts.index).astype("Int64"), pa.int64())
        counted = Count(columns, rows, keys, adds, told).of(part.append_column(_EDITION, labels))
    else:
        if not isinstance(editions, EditionSpans):
            raise SettingsError("`editions` of a dataset are spans: `cl.chat.edition_spans(...)`.")
        labelled = partial(_labelled, spans=editions.spans, rows=rows)
        [counted] = count(posts, Count(columns, labelled, keys, adds, told))
    table = frame(counted)
    return table[table[_EDITION].notna()]


def _labelled(part: pa.Table, *, spans: Sequence[EditionSpan], rows: Any) -> pa.Table:
    at = np.asarray(instants(part))
    numbers = np.zeros(len(at), "int64")
    for number, (start, end) in enumerate(spans, 1):
        inside = at >= _instant(start)
        if end is not None:
            inside &= at < _instant(end)
        numbers[inside] = number
    chat = np.asarray(part["in_chat"]) & np.asarray(pc.is_valid(part["created_at"]))
    labels = pa.array(numbers, mask=~chat | (numbers == 0))
    return rows(part.append_column(_EDITION, labels))


def _instant(time: pd.Timestamp) -> int:
    return int(time.value) // 1000


def _inside(part: pa.Table) -> pa.Table:
    return part.filter(pc.and_(part["in_chat"], pc.is_valid(part[_EDITION])))


def _people(part: pa.Table) -> pa.Table:
    rows = _inside(part)
    return pa.table(
        {
            _EDITION: rows[_EDITION],
            "author_id": rows["author_id"],
            "posts": ones(rows),
            "followers": rows["author_followers"],
            "first": rows["created_at"],
            "last": rows["created_at"],
            **told_at(rows, "author", "at"),
        }
    )


def _minutes(part: pa.Table) -> pa.Table:
    rows = _inside(part)
    at = np.asarray(rows["created_at"].cast(pa.int64()))
    return pa.table(
        {
            _EDITION: rows[_EDITION],
            "minute": pa.array(at - at % MINUTE).cast(rows["created_at"].type),
            "posts": ones(rows),
        }
    )


def _around(part: pa.Table, *, bounds: Sequence[tuple[int, int, int, int]]) -> pa.Table:
    outside = pc.and_(part["in_chat"], pc.is_null(part[_EDITION]))
    rows = part.filter(pc.and_(outside, pc.is_valid(part["created_at"])))
    at = np.sort(np.asarray(rows["created_at"].cast(pa.int64())))
    places = [
        (number, np.searchsorted(at, [since, start]), np.searchsorted(at, [end, until], "right"))
        for number, (since, start, end, until) in enumerate(bounds, 1)
    ]
    return pa.table(
        {
            _EDITION: pa.array([number for number, *_rest in places], pa.int64()),
            "early": pa.array(
                [int(before[1] - before[0]) for _n, before, _a in places], pa.int64()
            ),
            "late": pa.array([int(after[1] - after[0]) for _n, _b, after in places], pa.int64()),
        }
    )
