"""What `write_posts` wrote, read back to the same table: Parquet, CSV and JSON lines."""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import msgspec
import pyarrow as pa

from chatlab.errors import UnreadableFileError
from chatlab.io.bounds import dictionary_columns, parquet_batches
from chatlab.io.dates import parse_times, whole_number
from chatlab.io.files import Member
from chatlab.io.json_records import Batch, JsonFormat, Keys, by_block
from chatlab.io.tables.format import TableFormat
from chatlab.io.write import unsafe_cell
from chatlab.posts.schema import ARROW_SCHEMA, COLUMNS, COUNT, FLAG, LIST, NAMES, TIME
from chatlab.translation import mark

_JSON_TYPES: Mapping[pa.DataType, Any] = {
    COUNT: int | None,
    LIST: list[str] | None,
    FLAG: bool | None,
}
OwnPost = msgspec.defstruct(
    "OwnPost",
    [(column.name, _JSON_TYPES.get(column.type, str | None), None) for column in COLUMNS],
)
PART = 40_000


def _batches(posts: Sequence[Any]) -> Iterator[Batch]:
    columns = {name: [getattr(post, name) for post in posts] for name in NAMES}
    yield Batch(_with_times(columns))


def _with_times(columns: dict[str, Any]) -> dict[str, Any]:
    times = [column.name for column in COLUMNS if column.type == TIME]
    return columns | {name: parse_times(columns[name]) for name in times}


def _is_own(keys: Keys) -> bool:
    return {"post_id", "platform", "in_chat"} <= keys.keys()


OWN_JSON = JsonFormat("chatlab_jsonl", mark("chatlab posts"), _is_own, OwnPost, by_block(_batches))
# These came later: tables written before them are read too.
_NEWER = {"quotable", "media", "media_alt"}
OWN_TABLE = TableFormat("chatlab", mark("chatlab posts"), "other", {}, [frozenset(NAMES) - _NEWER])


def read_own_parquet(member: Member) -> Iterator[Batch]:
    """Read a posts table from Parquet, part by part."""
    import pyarrow.parquet as pq  # only Parquet needs it, and it is large

    place: Any = io.BytesIO(member.content()) if member.inside else member.path
    try:
        packed = len(place.getbuffer()) if member.inside else member.path.stat().st_size
        texts = dictionary_columns(ARROW_SCHEMA)
        with pq.ParquetFile(place, read_dictionary=texts) as file:
            names = [name for name in NAMES if name in file.schema_arrow.names]
            schema = pa.schema([ARROW_SCHEMA.field(name) for name in names])
            for part in parquet_batches(member.name, file, packed, PART, names):
                table = pa.Table.from_batches([part]).select(names).cast(schema)
                yield Batch({name: table[name].combine_chunks() for name in names})
    except (pa.ArrowException, OSError, KeyError) as error:
        raise UnreadableFileError(
            f"{member.name} is not a readable posts table: {error}. Convert it again."
        ) from error


def own_columns(rows: Sequence[Mapping[str, str]]) -> dict[str, Any]:
    """Turn the cells of a posts table in CSV back into typed columns."""
    cells: dict[str, Any] = {
        name: [unsafe_cell(row.get(name, "")) or None for row in rows] for name in NAMES
    }
    for column in COLUMNS:
        values = cells[column.name]
        if column.type == COUNT:
            cells[column.name] = [whole_number(v) for v in values]
        elif column.type == LIST:
            cells[column.name] = [_list(v) for v in values]
        elif column.type == FLAG:
            cells[column.name] = [v != "False" for v in values]
    cells["text"] = [text or "" for text in cells["text"]]
    return _with_times(cells)


def _list(cell: str | None) -> list[str]:
    try:
        return msgspec.json.decode(cell, type=list[str]) if cell else []
    except msgspec.MsgspecError:
        return []
