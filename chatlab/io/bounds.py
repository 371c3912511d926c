"""How much a file may unpack to: what expands like a bomb is refused before it is unpacked."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator, Sequence
from typing import Any, BinaryIO

import pyarrow as pa
import pyarrow.compute as pc

from chatlab.errors import UnreadableFileError

# Packed posts expand about ten times; what expands like this was made to fill a disk.
MOST_EXPANSION = 200
FREE_EXPANSION = 10**8
MOST_MEMBERS = 20_000
# Each row of a table takes more than a byte, however well it is packed.
FREE_ROWS = 100_000
MOST_COLUMNS = 5_000


def refuse_bomb(name: str, packed: int, unpacked: int) -> None:
    """Refuse what unpacks to more than posts ever do.

    Raises
    ------
    UnreadableFileError
        When it does.
    """
    if unpacked > allowance(packed):
        raise UnreadableFileError(
            f"{name} expands to over {MOST_EXPANSION} times its size, as no file of posts does. "
            "Unpack it yourself if you trust it."
        )


def allowance(packed: int) -> int:
    """Return how many bytes a packed file may unpack to."""
    return max(FREE_EXPANSION, MOST_EXPANSION * packed)


def check_workbook(name: str, content: BinaryIO, packed: int) -> None:
    """Refuse a workbook that unpacks to too much as a whole.

    Raises
    ------
    UnreadableFileError
        When it does.
    """
    with zipfile.ZipFile(content) as archive:
        refuse_bomb(name, packed, sum(part.file_size for part in archive.infolist()))


def parquet_batches(
    name: str, file: Any, packed: int, rows: int, columns: Sequence[str] | None = None
) -> Iterator[pa.RecordBatch]:
    """Read a Parquet file part by part, and stop where it grows beyond all measure.

    Parameters
    ----------
    name
        Of the file, for the error.
    file
        A `pyarrow.parquet.ParquetFile`, opened with `dictionary_columns` kept as such.
    packed
        Bytes on disk.
    rows
        How many at a time.
    columns
        Only these.

    Yields
    ------
    RecordBatch
        Plain columns, no dictionaries.
    """
    about = file.metadata
    # The columns' own sizes are not asked for: in a damaged file, Arrow ends the process there.
    groups = range(about.num_row_groups)
    refuse_bomb(name, packed, sum(about.row_group(i).total_byte_size for i in groups))
    if about.num_rows > max(FREE_ROWS, packed) or about.num_columns > MOST_COLUMNS:
        raise UnreadableFileError(
            f"{name} has {about.num_rows:,} rows of {about.num_columns:,} columns in "
            f"{packed:,} bytes, as no table of posts does."
        )
    unpacked = 0
    for batch in file.iter_batches(rows, columns=columns):
        unpacked += sum(map(_plain_bytes, batch.columns))
        refuse_bomb(name, packed, unpacked)
        yield pa.RecordBatch.from_arrays(
            [_plain(column) for column in batch.columns], names=batch.schema.names
        )


def dictionary_columns(schema: pa.Schema) -> list[str]:
    """List the columns of texts, which Parquet may keep once and repeat a million times."""
    return [field.name for field in schema if pa.types.is_string(field.type)]


def _plain_bytes(column: pa.Array) -> int:
    """Return the bytes that a column takes once each value stands for itself."""
    if not pa.types.is_dictionary(column.type):
        return int(column.nbytes)
    lengths = pc.fill_null(pc.binary_length(column.dictionary), 0)
    return int(pc.sum(lengths.take(column.indices).cast(pa.int64())).as_py() or 0)


def _plain(column: pa.Array) -> pa.Array:
    return column.dictionary_decode() if pa.types.is_dictionary(column.type) else column
