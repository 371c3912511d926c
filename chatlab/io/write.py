"""Writing files whole or not at all, and cells that no spreadsheet runs."""

from __future__ import annotations

import csv
import io
import re

import msgspec
import pandas as pd

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
