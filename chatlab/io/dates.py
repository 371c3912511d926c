"""Rows to columns, and whole columns of dates, shared by the readers."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import pandas as pd
import pyarrow as pa

from chatlab.posts.schema import NAMES, TIME

# Tried in this order on a whole column, never row by row: the first that reads most wins.
TIME_FORMATS = (
    "ISO8601",
    "%a %b %d %H:%M:%S %z %Y",  # Sat May 23 18:01:55 +0000 2020, as X writes it
    "%Y-%m-%d %H:%M:%S %z",
    "%Y-%m-%d %H:%M %z",
    "%Y-%m-%d %H:%M:%S %Z",
    "%a, %b %d, %Y",  # Tue, Jul 14, 2026, as X Premium writes a day
)
SHEET_CLOCKS = (" %H:%M:%S", " %H:%M", "")
MARKS_BETWEEN = "/.-"


def columns_of(rows: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Turn rows into the posts table's columns; what no row has becomes missing."""
    return {name: [row.get(name) for row in rows] for name in NAMES}


def whole_number(text: str | None) -> int | None:
    """Read a count as spreadsheets write it (`1203.0`); missing where it is none."""
    try:
        number = int(float(text)) if text else None
    except (ValueError, OverflowError):
        return None
    return number if number is None or abs(number) < 2**63 else None


def dated_columns(rows: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Turn rows into columns, `created_at` read."""
    columns = columns_of(rows)
    return columns | {"created_at": parse_times(columns["created_at"])}


@dataclass(frozen=True)
class TimeReading:
    """A way to read a column of dates; naive ones are UTC."""

    read: Callable[[pd.Series], pd.Series]
    # Day and month could be the other way round: only the whole column can tell.
    needs_all: bool = False

    def parse(self, texts: Sequence[str | None]) -> pa.Array:
        """Read dates; what does not fit is missing."""
        times = self.read(_column(texts)).dt.as_unit("us")
        return pa.Array.from_pandas(times, type=TIME)


def parse_times(texts: Sequence[str | None]) -> pa.Array:
    """Read a column of dates by the one format that fits it best; naive ones are UTC.

    Numbers are seconds since 1970, or milliseconds where they are too large for that.
    """
    return time_reading(texts).parse(texts)


def time_reading(texts: Sequence[str | None]) -> TimeReading:
    """Choose the format that reads most of a column."""
    column = _column(texts)
    wanted = int(column.notna().sum())
    best, most = TimeReading(_never), 0
    for candidate in _readings(column):
        known = int(candidate.read(column).notna().sum())
        # One that cannot decide yet is better than none: it asks for the whole column.
        if known > most or (most == 0 and candidate.needs_all):
            best, most = candidate, known
        if most == wanted:
            break
    return best


def _column(texts: Sequence[str | None]) -> pd.Series:
    return pd.Series([text.strip() if text else None for text in texts], dtype="str")


def _never(column: pd.Series) -> pd.Series:
    return pd.Series(pd.NaT, index=column.index, dtype="datetime64[us, UTC]")


def _by_format(form: str, column: pd.Series) -> pd.Series:
    return pd.to_datetime(column, format=form, utc=True, errors="coerce")


def _readings(column: pd.Series) -> Iterator[TimeReading]:
    for form in TIME_FORMATS:
        yield TimeReading(partial(_by_format, form))
    for mark in MARKS_BETWEEN:
        if not column.str.contains(mark, regex=False).any():
            continue
        for clock in SHEET_CLOCKS:
            both = [
                TimeReading(partial(_by_format, f"{date}{clock}"), needs_all=True)
                for date in (f"%d{mark}%m{mark}%Y", f"%m{mark}%d{mark}%Y")
            ]
            known = [int(reading.read(column).notna().sum()) for reading in both]
            # A column that reads both ways equally well is not guessed at.
            if known[0] != known[1]:
                yield both[known.index(max(known))]
            elif known[0]:
                yield TimeReading(_never, needs_all=True)
    yield TimeReading(_since_1970)


_MILLISECONDS = 1e11
_EARLIEST, _LATEST = 1e8, 1e10


def _since_1970(column: pd.Series) -> pd.Series:
    numbers = pd.to_numeric(column, errors="coerce").astype("float64")
    seconds = numbers / 1e3 if numbers.median() > _MILLISECONDS else numbers
    sane = seconds.where(seconds.between(_EARLIEST, _LATEST))
    return pd.to_datetime(sane, unit="s", utc=True, errors="coerce")
