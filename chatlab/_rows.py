"""Rows to columns, and whole columns of dates, shared by the readers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd
import pyarrow as pa

from chatlab.schema import NAMES, TIME

# Tried in this order on a whole column, never row by row: the first that reads most wins.
TIME_FORMATS = (
    "ISO8601",
    "%a %b %d %H:%M:%S %z %Y",  # Sat May 23 18:01:55 +0000 2020, as X writes it
    "%Y-%m-%d %H:%M:%S %z",
    "%Y-%m-%d %H:%M %z",
)
SHEET_CLOCKS = (" %H:%M:%S", " %H:%M", "")


def columns_of(rows: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Turn rows into the posts table's columns; what no row has becomes missing."""
    return {name: [row.get(name) for row in rows] for name in NAMES}


def parse_times(texts: Sequence[str | None]) -> pa.Array:
    """Read a column of dates by the one format that fits it best; naive ones are UTC.

    Numbers are seconds since 1970, or milliseconds where they are too large for that.
    """
    column = pd.Series([text.strip() if text else None for text in texts], dtype="str")
    wanted = int(column.notna().sum())
    best = pd.Series(pd.NaT, index=column.index, dtype="datetime64[us, UTC]")
    for candidate in _readings(column):
        if candidate.notna().sum() > best.notna().sum():
            best = candidate
        if best.notna().sum() == wanted:
            break
    return pa.Array.from_pandas(best.dt.as_unit("us"), type=TIME)


def _readings(column: pd.Series) -> Any:
    for form in TIME_FORMATS:
        yield pd.to_datetime(column, format=form, utc=True, errors="coerce")
    for clock in SHEET_CLOCKS:
        day_first, month_first = (
            pd.to_datetime(column, format=f"{date}{clock}", utc=True, errors="coerce")
            for date in ("%d/%m/%Y", "%m/%d/%Y")
        )
        # A column that reads both ways equally well is not guessed at.
        if day_first.notna().sum() != month_first.notna().sum():
            yield max(day_first, month_first, key=lambda dates: dates.notna().sum())
    numbers = pd.to_numeric(column, errors="coerce").astype("float64")
    seconds = numbers.where(numbers < 1e11, numbers / 1e3)
    sane = seconds.where(seconds.between(1e8, 1e10))
    yield pd.to_datetime(sane, unit="s", utc=True, errors="coerce")
