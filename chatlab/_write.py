"""Writing files whole or not at all, and cells that no spreadsheet runs."""

from __future__ import annotations

import io
import os
import re
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import msgspec
import pandas as pd

from chatlab.errors import UnreadableFileError
from chatlab.schema import LIST_NAMES, TIME_NAMES, posts_to_arrow

# The apostrophe is in the list so that putting one in front can be undone without loss.
_DANGEROUS = re.compile(r"^[=+\-@\t\r\n']")


def write_safely(path: str | Path, content: bytes) -> None:
    """Write beside the target, then put in place: a reader sees the old file or the new one."""
    with safe_target(path) as beside:
        beside.write_bytes(content)


@contextmanager
def safe_target(path: str | Path) -> Iterator[Path]:
    """Give a file beside the target to write to; it is put in place when all went well."""
    target = Path(path)
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}.")
    except OSError as error:
        raise UnreadableFileError(f"{target} cannot be written: {error}.") from error
    os.close(handle)
    try:
        yield Path(name)
        # mkstemp makes private files; a report is meant to be shared like any other file.
        mask = os.umask(0)
        os.umask(mask)
        Path(name).chmod(0o666 & ~mask)
        Path(name).replace(target)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def safe_cell(text: str) -> str:
    """Put `'` before a text that a spreadsheet would run as a formula."""
    return f"'{text}" if _DANGEROUS.match(text) else text


def unsafe_cell(text: str) -> str:
    """Undo `safe_cell`."""
    return text[1:] if text.startswith("'") and _DANGEROUS.match(text[1:]) else text


def table_as_csv(table: pd.DataFrame, *, index: bool = False) -> bytes:
    """Write a table as CSV with safe cells, texts of the index included."""
    safe = table.copy()
    for name in safe.columns:
        if not pd.api.types.is_numeric_dtype(safe[name]):
            safe[name] = [safe_cell(cell) if isinstance(cell, str) else cell for cell in safe[name]]
    if index:
        safe.index = safe.index.map(lambda key: safe_cell(key) if isinstance(key, str) else key)
    return safe.to_csv(index=index, lineterminator="\n").encode()


def posts_as_csv(posts: pd.DataFrame) -> bytes:
    """Write posts as CSV: lists as JSON, instants in ISO 8601."""
    plain = posts.copy()
    encoder = msgspec.json.Encoder()
    for name in LIST_NAMES:
        plain[name] = [encoder.encode(list(cell)).decode() for cell in posts[name]]
    for name in TIME_NAMES:
        plain[name] = posts[name].map(lambda t: t.isoformat() if pd.notna(t) else None)
    return table_as_csv(plain)


def posts_as_jsonl(posts: pd.DataFrame) -> bytes:
    """Write posts as JSON lines: one object per post, missing as null."""
    encoder = msgspec.json.Encoder()
    rows = posts_to_arrow(posts).to_pylist()
    return b"".join(encoder.encode(row) + b"\n" for row in rows)


def posts_as_parquet(posts: pd.DataFrame) -> bytes:
    """Write posts as Parquet, compressed with zstd."""
    import pyarrow.parquet as pq  # only Parquet needs it, and it is large

    buffer = io.BytesIO()
    # What pandas notes about its own types keeps pandas from reading lists back.
    plain = posts_to_arrow(posts).replace_schema_metadata(None)
    pq.write_table(plain, buffer, compression="zstd")
    return buffer.getvalue()
