"""What parts have given so far, added up; beyond a size on disk, so that memory stays flat."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from chatlab.io.dataset.shelf import ShelfWriter, take
from chatlab.posts.counting import Count
from chatlab.posts.grouping import hashes, one_piece

# So many rows of several parts wait before they are added up.
TOGETHER = 600_000
# Sums of more rows are put on disk, by a hash of their keys in so many shares.
LARGE = 1_200_000
SHARES = 48
# Adding up before rows go to disk is worth it where it leaves less than this share of them.
REPEATING = 0.75


class Sums:
    """Sums of several counts: in memory while they are small, then in shares on disk."""

    def __init__(self, counts: Sequence[Count], folder: Path) -> None:
        self._sums = [_Sum(one, folder / f"{i}.arrow") for i, one in enumerate(counts)]

    def add(self, given: Sequence[pa.Table]) -> None:
        """Take in the rows of one part, one table per count."""
        for one, rows in zip(self._sums, given, strict=True):
            one.add(rows)

    def tables(self) -> list[pa.Table]:
        """Return the tables of everything that was taken in."""
        return [one.table() for one in self._sums]


class _Sum:
    def __init__(self, count: Count, path: Path) -> None:
        self._count = count
        self._path = path
        self._waiting: list[pa.Table] = []
        self._kept = 0
        self._repeats = True
        self._shelf: ShelfWriter | None = None

    def add(self, rows: pa.Table) -> None:
        self._waiting.append(rows)
        # More new rows than there are sums: so each row is added up a few times at most.
        if sum(map(len, self._waiting)) - self._kept > max(1.5 * self._kept, TOGETHER):
            self._add_up()

    def table(self) -> pa.Table:
        if self._shelf is None:
            return self._count.done(self._count.add(self._waiting))
        if self._waiting:
            self._add_up()
        self._shelf.close()
        shares = (take([self._path], place) for place in range(SHARES))
        summed = (self._count.done(self._count.add(share)) for share in shares if share)
        return pa.concat_tables(list(summed))

    def _add_up(self) -> None:
        waiting = sum(map(len, self._waiting))
        # Rows that hardly repeat are added up once, at the end.
        once = self._shelf is not None and not self._repeats
        summed = pa.concat_tables(self._waiting) if once else self._count.add(self._waiting)
        self._repeats = len(summed) < REPEATING * waiting
        self._waiting = [summed]
        self._kept = len(summed)
        if self._shelf is None and self._kept > LARGE:
            self._shelf = ShelfWriter(self._path, summed.schema)
        if self._shelf is not None:
            places = share_of(summed, self._count.keys, SHARES)
            order = np.argsort(places, kind="stable")
            ends = np.searchsorted(places[order], np.arange(SHARES + 1))
            for place in range(SHARES):
                rows = pa.array(order[ends[place] : ends[place + 1]])
                self._shelf.put(place, summed.take(rows))
            self._waiting, self._kept = [], 0
        pa.default_memory_pool().release_unused()


def share_of(table: pa.Table, keys: Sequence[str], shares: int) -> npt.NDArray[np.int64]:
    """Tell into which of so many shares each row falls, by its first key."""
    coded = one_piece(table[keys[0]]).dictionary_encode()
    texts: Any = coded.dictionary.cast(pa.large_string()).to_numpy(zero_copy_only=False)
    known = (hashes(texts) % np.uint64(shares)).astype("int64")
    # What has no key falls into the first.
    places = np.append(known, 0)[np.asarray(coded.indices.fill_null(len(known)))]
    return np.asarray(places, dtype="int64")
