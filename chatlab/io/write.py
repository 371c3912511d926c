"""Writing files whole or not at all, and cells that no spreadsheet runs."""

from __future__ import annotations

import csv
import glob
import io
import os
import re
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path

import msgspec
import pandas as pd

from chatlab.errors import UnreadableFileError
from chatlab.posts.quoting import quotes
from chatlab.posts.schema import LIST_NAMES, TIME_NAMES, posts_to_arrow

# A spreadsheet in French takes `;` for the separator, whatever the file means, and then a cell
# begins anywhere in a text. Commas part cells only where quotes are seen too.
_BEGINS = "(^|[;|\\t\\n])"
# Before the sign that makes a formula: blanks, quotes, and signs that nobody sees.
_FORMULA = "(?='*+[ \\u00a0\\u202f\\u200b-\\u200f\\u2060\\ufeff\\u00ad\"]*+[=+\\-@＝＋－＠])"
_RUNS = re.compile(_BEGINS + _FORMULA)
_RUNS_NOT = re.compile(f"{_BEGINS}'{_FORMULA}")
_LINE_END = re.compile(r"\r\n?")
_mode: ContextVar[int] = ContextVar("mode", default=0o666)


@contextmanager
def no_more_readable_than(sources: Iterable[str | Path]) -> Iterator[None]:
    """While it lasts, nobody may read what is written who may not read these files and folders."""
    token = _mode.set(_mode.get() & _shared_mode(sources))
    try:
        yield
    finally:
        _mode.reset(token)


def _shared_mode(sources: Iterable[str | Path]) -> int:
    mode = 0o666
    for source in sources:
        place = Path(source)
        if glob.has_magic(str(source)) and not place.exists():
            mode &= _shared_mode(glob.glob(str(source), recursive=True))
        elif place.is_dir():
            mode &= _shared_mode(file for file in place.iterdir() if file.is_file())
        elif place.exists():
            mode &= 0o600 | place.stat().st_mode
    return mode


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
        # mkstemp makes private files; a report is shared like the files that it is made from.
        mask = os.umask(0)
        os.umask(mask)
        Path(name).chmod(_mode.get() & ~mask)
        Path(name).replace(target)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def safe_cell(text: str) -> str:
    """Put `'` where a text, or what follows a separator in it, would run as a formula."""
    return _RUNS.sub(r"\1'", _LINE_END.sub("\n", text))


def unsafe_cell(text: str) -> str:
    """Undo `safe_cell`."""
    return _RUNS_NOT.sub(r"\1", text)


def table_as_csv(table: pd.DataFrame, *, index: bool = False) -> bytes:
    """Write a table as CSV: every text quoted, cells safe, texts of the index included."""
    safe = table.copy()
    for name in safe.columns:
        if not pd.api.types.is_numeric_dtype(safe[name]):
            safe[name] = [safe_cell(cell) if isinstance(cell, str) else cell for cell in safe[name]]
    if index:
        safe.index = safe.index.map(lambda key: safe_cell(key) if isinstance(key, str) else key)
    plain: str = safe.to_csv(index=index, lineterminator="\n", quoting=csv.QUOTE_NONNUMERIC)
    return plain.encode()


def _as_handed_out(posts: pd.DataFrame) -> pd.DataFrame:
    """Empty the texts of people who are not to be quoted."""
    pairs = zip(posts["media_alt"], posts["quotable"], strict=True)
    alts = [list(some) if may else [""] * len(some) for some, may in pairs]
    described = pd.Series(alts, posts.index).astype(posts["media_alt"].dtype)
    return posts.assign(text=quotes(posts).fillna(""), media_alt=described)


def posts_as_csv(posts: pd.DataFrame) -> bytes:
    """Write posts as CSV: lists as JSON, instants in ISO 8601."""
    return table_as_csv(posts_in_cells(posts))


def posts_in_cells(posts: pd.DataFrame) -> pd.DataFrame:
    """Give posts as plain cells: lists as JSON, instants in ISO 8601."""
    plain = _as_handed_out(posts)
    encoder = msgspec.json.Encoder()
    for name in LIST_NAMES:
        plain[name] = [encoder.encode(list(cell)).decode() for cell in plain[name]]
    for name in TIME_NAMES:
        plain[name] = posts[name].map(lambda t: t.isoformat() if pd.notna(t) else None)
    return plain


def posts_as_jsonl(posts: pd.DataFrame) -> bytes:
    """Write posts as JSON lines: one object per post, missing as null."""
    encoder = msgspec.json.Encoder()
    rows = posts_to_arrow(_as_handed_out(posts)).to_pylist()
    return b"".join(encoder.encode(row) + b"\n" for row in rows)


def posts_as_parquet(posts: pd.DataFrame) -> bytes:
    """Write posts as Parquet, compressed with zstd."""
    import pyarrow.parquet as pq  # only Parquet needs it, and it is large

    buffer = io.BytesIO()
    # What pandas notes about its own types keeps pandas from reading lists back.
    plain = posts_to_arrow(_as_handed_out(posts)).replace_schema_metadata(None)
    pq.write_table(plain, buffer, compression="zstd")
    return buffer.getvalue()
