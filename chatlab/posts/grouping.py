"""Rows with the same keys made one: numbers added up, the earliest or latest word kept.

Grouping by one number, through a sort, takes a fraction of the time that grouping by long texts
does; `benchmarks/scale.py` sets it beside an engine made for it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa

Ints = npt.NDArray[np.int64]
Hashes = npt.NDArray[np.uint64]
_ADDING: Mapping[str, tuple[np.ufunc, int]] = {
    "sum": (np.add, 0),
    "min": (np.minimum, np.iinfo("int64").max),
    "max": (np.maximum, np.iinfo("int64").min),
}


def hashes(texts: Sequence[str] | npt.NDArray[np.object_]) -> Hashes:
    """Give each text a number that hardly any other has, the same on every machine."""
    numbers: Hashes = pd.util.hash_array(np.asarray(texts, dtype=object), categorize=False)
    return numbers


def one_piece(column: pa.Array | pa.ChunkedArray) -> pa.Array:
    """Return a column as one array."""
    if isinstance(column, pa.ChunkedArray):
        chunks = column.chunks
        return pa.concat_arrays(chunks) if chunks else pa.array([], column.type)
    return column


def grouped(
    table: pa.Table,
    keys: Sequence[str],
    adds: Mapping[str, str],
    told: Mapping[str, tuple[str, str]],
) -> pa.Table:
    """Make one row of all rows with the same keys.

    Parameters
    ----------
    table
        Numbers, instants and texts.
    keys
        Columns that say which rows belong together; missing is a value like others.
    adds
        How whole numbers and instants add up: `sum`, `min`, `max`; missing ones are left out.
    told
        For a column of texts `earliest` or `latest`, and the column of whole numbers that says
        when: of those told at the same time the first or last in the alphabet. A missing time
        says that nothing was told.
    """
    coded = [one_piece(table[name]).dictionary_encode() for name in keys]
    codes = np.zeros(len(table), "int64")
    for one in coded:
        # A missing key is one more value.
        size = len(one.dictionary) + 1
        codes = codes * size + np.asarray(one.indices.fill_null(size - 1)).astype("int64")
    order = np.argsort(codes, kind="stable")
    codes = codes[order]
    starts = np.flatnonzero(np.r_[True, codes[1:] != codes[:-1]]) if len(codes) else order
    columns: dict[str, Any] = dict(zip(keys, _decoded(coded, codes[starts]), strict=True))
    for name, how in adds.items():
        columns[name] = _added(one_piece(table[name]), order, starts, how)
    for name, (which, when) in told.items():
        rows = _ends(table, name, when, codes, order, starts, latest=which == "latest")
        columns[name] = one_piece(table[name]).take(rows)
        columns[when] = one_piece(table[when]).take(rows)
    return pa.table(columns).select(table.column_names)


def _decoded(coded: Sequence[pa.DictionaryArray], codes: Ints) -> list[pa.Array]:
    found = []
    for one in reversed(coded):
        size = len(one.dictionary) + 1
        codes, place = np.divmod(codes, size)
        found.append(one.dictionary.take(pa.array(place, mask=place == size - 1)))
    return found[::-1]


def _added(column: pa.Array, order: Ints, starts: Ints, how: str) -> pa.Array:
    combine, nothing = _ADDING[how]
    numbers = column.cast(pa.int64())
    values = np.asarray(numbers.fill_null(nothing))[order]
    if not len(values):
        return column
    result = combine.reduceat(values, starts)
    mask = None
    if column.null_count:
        known = np.asarray(numbers.is_valid())[order]
        mask = ~np.logical_or.reduceat(known, starts)
    return pa.array(result, pa.int64(), mask=mask).cast(column.type)


def _ends(
    table: pa.Table, name: str, when: str, codes: Ints, order: Ints, starts: Ints, *, latest: bool
) -> pa.Array:
    """Return for each group the row of what was told at its end; missing where nothing was."""
    times = one_piece(table[when])
    known = np.asarray(times.is_valid())[order]
    at = np.asarray(times.fill_null(0))[order]
    rows, groups, at = order[known], codes[known], at[known]
    # Rows of one part stand in order of time already; those of several parts do not.
    if ((at[1:] < at[:-1]) & (groups[1:] == groups[:-1])).any():
        sorted_ = np.lexsort((at, groups))
        rows, groups, at = rows[sorted_], groups[sorted_], at[sorted_]
    change = groups[1:] != groups[:-1]
    last = np.flatnonzero(np.r_[change, True]) if len(groups) else rows
    first = np.flatnonzero(np.r_[True, change]) if len(groups) else rows
    chosen = rows[last if latest else first]
    together = np.flatnonzero(np.r_[False, ~change & (at[1:] == at[:-1])]) if len(groups) else rows
    if len(together):
        chosen = _by_alphabet(table[name], rows, at, first, last, chosen, together, latest=latest)
    places = np.full(len(starts), -1)
    places[np.searchsorted(codes[starts], groups[first])] = chosen
    return pa.array(places, mask=places < 0)


def _by_alphabet(
    column: pa.ChunkedArray,
    rows: Ints,
    at: Ints,
    first: Ints,
    last: Ints,
    chosen: Ints,
    together: Ints,
    *,
    latest: bool,
) -> Ints:
    """Choose among what was told at the same time, so that the order of the parts is no matter."""
    ends = last if latest else first
    group = np.searchsorted(last, together)
    doubtful = np.unique(group[at[together] == at[ends[group]]])
    for one in doubtful:
        here = np.arange(first[one], last[one] + 1)
        here = here[at[here] == at[ends[one]]]
        texts = column.take(pa.array(rows[here])).to_pylist()
        best = (max if latest else min)(range(len(texts)), key=lambda i: texts[i])
        chosen[one] = rows[here[best]]
    return chosen
