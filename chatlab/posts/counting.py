"""Plain counting, defined once: what a part of the posts gives, and how parts add up.

In memory there is one part; a dataset is counted part by part, on one machine or on many.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol, TypeAlias

import numpy as np
import pandas as pd
import pyarrow as pa

from chatlab.posts.grouping import grouped, one_piece
from chatlab.posts.schema import ARROW_SCHEMA
from chatlab.posts.selection import Selection


@dataclass(frozen=True)
class Count:
    """A table of counts.

    Attributes
    ----------
    columns
        Of the posts table: all that is read.
    rows
        Makes of a part of the posts the rows to add up; at the top of a module, so that another
        process finds it.
    keys
        Rows with the same keys become one.
    adds
        How each number or instant adds up: `sum`, `min`, `max`.
    told
        For a text `earliest` or `latest`, and the column that says when, as a whole number.
    then
        What is made of the sums in the end, such as how many different second keys a first one
        has; it is given all rows of a first key together, and not all keys.
    """

    columns: tuple[str, ...]
    rows: Callable[[pa.Table], pa.Table]
    keys: tuple[str, ...]
    adds: Mapping[str, str] = field(default_factory=dict)
    told: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    then: Callable[[pa.Table], pa.Table] | None = None

    def done(self, summed: pa.Table) -> pa.Table:
        """Make of sums what is asked for; all rows of a first key must be there."""
        return summed if self.then is None else self.then(summed)

    def of(self, part: pa.Table) -> pa.Table:
        """Count one part of the posts."""
        return self.add([self.rows(part)])

    def add(self, tables: Sequence[pa.Table]) -> pa.Table:
        """Add up what several parts gave; the order of the parts does not matter."""
        return grouped(pa.concat_tables(tables), self.keys, self.adds, self.told)


class Scan(Protocol):
    """Posts that are counted where they lie; `cl.scan_posts` gives one."""

    def count(self, counts: Sequence[Count]) -> list[pa.Table]:
        """Count all parts, each read once."""

    def where(self, wanted: Selection) -> Scan:
        """Return the posts for which conditions hold."""

    def read(self) -> pd.DataFrame:
        """Read all wanted posts into memory."""


Posts: TypeAlias = pd.DataFrame | Scan


def count(posts: Posts, *counts: Count) -> list[pa.Table]:
    """Count posts, in memory or wherever they lie."""
    if not isinstance(posts, pd.DataFrame):
        return posts.count(counts)
    part = arrow_columns(posts, columns_of(counts))
    return [one.done(one.of(part)) for one in counts]


def columns_of(counts: Iterable[Count]) -> list[str]:
    """List the columns that are read for these counts."""
    return list(dict.fromkeys(name for one in counts for name in one.columns))


def arrow_columns(posts: pd.DataFrame, names: Sequence[str]) -> pa.Table:
    """Take columns of a posts table as Arrow's, without a copy where pandas holds them so."""
    schema = pa.schema([ARROW_SCHEMA.field(name) for name in names])
    return pa.Table.from_pandas(posts[list(names)], schema=schema, preserve_index=False)


def frame(table: pa.Table) -> pd.DataFrame:
    """Turn counts into a pandas table, texts as in the posts table."""
    kinds = {pa.large_string(): pd.StringDtype(na_value=np.nan), pa.int64(): pd.Int64Dtype()}
    # pandas stumbles over columns of no pieces.
    whole = pa.table({name: one_piece(table[name]) for name in table.column_names})
    told: Any = whole.to_pandas(types_mapper=kinds.get)
    return pd.DataFrame(told)
