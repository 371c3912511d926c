"""What was read, kept and refused, told file by file."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

import msgspec
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from chatlab.errors import (
    NotPostsError,
)
from chatlab.io.json_records import Refusal
from chatlab.io.notes import describe_note
from chatlab.io.safe_files import Paths, write_safely
from chatlab.posts.merge import Aside
from chatlab.translation import _


@dataclass
class FileLoading:
    """What became of one file."""

    file: str
    source: str = ""
    read: int = 0
    kept: int = 0
    duplicates: int = 0
    refused: int = 0
    context: int = 0
    reasons: str = ""
    notes: str = ""


def loading_table(files: Sequence[FileLoading]) -> pd.DataFrame:
    """Lay the accounts of files out as a table, indexed by file."""
    return pd.DataFrame([vars(file) for file in files]).set_index("file")


@contextmanager
def quick_memory() -> Iterator[None]:
    """Let Arrow use jemalloc where it has it (not on Windows): the system then works half as long.

    Measured with `benchmarks/load.py`: 0.25 s of system time against 0.64 s with mimalloc.
    """
    usual = pa.default_memory_pool()
    with suppress(NotImplementedError):
        pa.set_memory_pool(pa.jemalloc_memory_pool())
    try:
        yield
    finally:
        pa.set_memory_pool(usual)


def count_posts(report: FileLoading, table: pa.Table, seen: list[pa.Array]) -> None:
    """Count what a file gave; a post already in an earlier file is a duplicate here."""
    in_chat = pc.fill_null(table["in_chat"], True)
    ids = table["post_id"].filter(in_chat)
    new = ids.unique()
    for earlier in seen:
        new = new.filter(pc.invert(pc.is_in(new, earlier)))
    seen.append(new)
    report.kept = len(new)
    report.duplicates = len(ids) - len(new)
    along = table["post_id"].filter(pc.invert(in_chat)).unique()
    report.context = len(along.filter(pc.invert(pc.is_in(along, new)))) if len(along) else 0


def count_refusals(report: FileLoading, account: Account, ids: pa.Array, deleted: set[str]) -> None:
    """Count what was refused, and the posts that their authors deleted."""
    gone = ids.filter(pc.is_in(ids, pa.array(sorted(deleted), ids.type))) if deleted else []
    account.refused += [
        Refusal("", _("deleted by its author"), post_id.as_py()) for post_id in gone
    ]
    report.kept -= len(gone)
    sum_up(report, account)


def sum_up(report: FileLoading, account: Account) -> None:
    """Add up what became of a file's records, and say what there is to know."""
    report.refused = len(account.refused)
    report.read = report.kept + report.duplicates + report.refused
    reasons = pd.Series([one.reason for one in account.refused], dtype="str").value_counts()
    report.reasons = "; ".join(f"{reason} ({n})" for reason, n in reasons.head(3).items())
    report.notes = "; ".join(describe_note(note, n) for note, n in account.notes.items())


def refuse_nothing_read(path: Paths, files: Sequence[FileLoading]) -> None:
    """Raise an error that says of each file why no post came out of it, if none did."""
    if any(file.kept for file in files):
        return
    told = "; ".join(
        f"{file.file}: {file.reasons or f'{file.source}, but no posts of the chat in it'}"
        for file in files[:5]
    )
    named = path if isinstance(path, str | Path) else ", ".join(map(str, path))
    raise NotPostsError(
        f"No posts in {named}. {told or 'There is no file to read.'} "
        "Give a file of posts, or say with `columns=` which column is which."
    )


def write_refusals(refusals: Iterable[tuple[str, Refusal]], path: str | Path) -> None:
    """Write the refused records, one JSON object per line: file, where, reason, record."""
    write_safely(path, b"".join(refusal_as_json(file, one) for file, one in refusals))


def refusal_as_json(file: str, refusal: Refusal) -> bytes:
    """Write one refused record as a line of JSON."""
    where, reason, record = refusal.where, refusal.reason, refusal.record
    return (
        msgspec.json.encode({"file": file, "where": where, "reason": reason, "record": record})
        + b"\n"
    )


@dataclass
class Account:
    """What reading one file brought beside its posts."""

    aside: Aside = field(default_factory=Aside)
    refused: list[Refusal] = field(default_factory=list)
    notes: Counter[str] = field(default_factory=Counter)
