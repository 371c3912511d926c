"""Reading files part by part, and the account of what became of each."""

from __future__ import annotations

import glob
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import msgspec
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from chatlab._files import Member, is_posts_name, members
from chatlab._formats import SOURCES, find_format
from chatlab._notes import describe_note
from chatlab._records import Aside, Batch, JsonFormat, Refusal, read_records
from chatlab._table_format import TableFormat, mapped_format
from chatlab._tables import read_table
from chatlab._write import write_safely
from chatlab.errors import (
    ChatlabError,
    NotPostsError,
    SettingsError,
    UnknownFormatError,
    UnreadableFileError,
)
from chatlab.messages import _, mark
from chatlab.schema import (
    ARROW_SCHEMA,
    PLATFORMS,
    TEXT,
    TIME,
    TIME_NAMES,
    arrow_posts,
    with_column,
)

ROWS_TOGETHER = 40_000
# Four times the longest post that X takes; what lies beyond was made to keep a reader busy.
LONGEST_TEXT = 100_000

Paths = str | Path | Sequence[str | Path]


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


def chosen_format(
    source: str | None, columns: Mapping[str, str] | None, platform: str | None
) -> JsonFormat | TableFormat | None:
    """Return the format that the caller names, if any."""
    if source is not None and source not in SOURCES:
        raise SettingsError(f"`source` is {source!r}; it is one of {', '.join(SOURCES)}.")
    if columns is not None:
        return mapped_format(columns, platform)
    return SOURCES[source] if source else None


def find_members(path: Paths) -> list[Member]:
    """List the files that a path, a folder, a glob or a list of these stands for."""
    if not isinstance(path, str | Path):
        return [member for one in path for member in find_members(one)]
    place = Path(path)
    if place.is_dir():
        # What lies deeper (a chat's ground truth, its reports) counts only where nothing else is.
        return _members_of(place, "*") or _members_of(place, "**/*")
    if not place.exists() and glob.has_magic(str(path)):
        matched = sorted(glob.glob(str(path), recursive=True))
        if not matched:
            raise UnreadableFileError(f"No file matches {path}. Check the pattern.")
        return find_members(matched)
    return members(place)


def _members_of(folder: Path, pattern: str) -> list[Member]:
    files = sorted(file for file in folder.glob(pattern) if file.is_file())
    return [
        member
        for file in files
        if is_posts_name(file.relative_to(folder).as_posix())
        for member in members(file)
    ]


@dataclass
class Account:
    """What reading one file brought beside its posts."""

    aside: Aside = field(default_factory=Aside)
    refused: list[Refusal] = field(default_factory=list)
    notes: Counter[str] = field(default_factory=Counter)


def recognised(
    found: Sequence[Member],
    chosen: JsonFormat | TableFormat | None,
    files: list[FileLoading],
) -> Iterator[tuple[Member, JsonFormat | TableFormat, FileLoading]]:
    """Yield the files that hold posts, with their format; all are entered into `files`.

    One that holds none is passed over among several, and an error where it stands alone.
    """
    for member in found:
        report = FileLoading(member.name)
        files.append(report)
        try:
            form = chosen or find_format(member)
        except (NotPostsError, UnknownFormatError, UnreadableFileError) as error:
            # An empty file among several is told, a damaged one stops: it may hold half the chat.
            damaged = isinstance(error, UnreadableFileError) and member.head().strip()
            if len(found) == 1 or damaged:
                raise
            report.source, report.reasons = mark("not posts"), str(error)
            continue
        report.source = form.title
        yield member, form, report


def member_tables(
    member: Member, form: JsonFormat | TableFormat, account: Account
) -> Iterator[pa.Table]:
    """Read one file: its rows as they come, some ten thousand at a time."""
    yield ARROW_SCHEMA.empty_table()
    waiting: list[pa.Table] = []
    for batch in _batches(member, form, account.refused):
        # Lists of Python objects are let go batch by batch: only Arrow columns stay in memory.
        waiting.append(arrow_posts(batch.columns))
        account.aside.add(batch.aside)
        account.notes.update(batch.notes)
        if sum(map(len, waiting)) >= ROWS_TOGETHER:
            yield _checked(waiting, account)
    yield _checked(waiting, account)


def _batches(
    member: Member, form: JsonFormat | TableFormat, refused: list[Refusal]
) -> Iterator[Batch]:
    read: Any = read_table if isinstance(form, TableFormat) else read_records
    try:
        yield from read(member, form, refused)
    except ChatlabError:
        raise
    except Exception as error:
        # What no reader foresaw is this file's, and must not take the others down with it.
        raise UnreadableFileError(
            f"{member.name} holds something that {BROKE_READER} of {form.title} "
            f"({type(error).__name__}: {error}). Please report it; until then, leave the file out."
        ) from error


# By these words `benchmarks/fuzz.py` tells a reader that broke from a file that is damaged.
BROKE_READER = "breaks the reader"


def _checked(tables: list[pa.Table], account: Account) -> pa.Table:
    """Lay many small tables end to end, empty the list, and look through the rows."""
    # Small pieces would scatter the memory.
    table = pa.concat_tables([ARROW_SCHEMA.empty_table(), *tables]).combine_chunks()
    tables.clear()
    table = _with_bounded_texts(_with_one_line_end(table), account)
    # Damage always shows outside ASCII.
    texts = table["text"].filter(pc.invert(pc.string_is_ascii(table["text"])))
    for note, pattern in _DAMAGED_TEXTS.items():
        n = int(pc.sum(pc.match_substring_regex(texts, pattern)).as_py() or 0)
        account.notes.update({note: n} if n else {})
    table = _with_possible_times(table, account)
    named = pc.is_valid(table["post_id"])
    known = pc.fill_null(pc.is_in(table["platform"], pa.array(PLATFORMS, TEXT)), False)
    for good, reason in ((named, _("the post has no id")), (known, _("no known platform"))):
        if not pc.all(good).as_py():
            lost = table.filter(pc.invert(good))["text"].to_pylist()
            account.refused += [Refusal("", reason, text or "") for text in lost]
    good = pc.and_(named, known)
    return _with_nothing_missing(table if pc.all(good).as_py() else table.filter(good))


def _with_one_line_end(table: pa.Table) -> pa.Table:
    """End lines with a line feed alone: a carriage return would break the rows of a CSV."""
    for name in (field_.name for field_ in ARROW_SCHEMA if field_.type == TEXT):
        if pc.any(pc.match_substring(table[name], "\r")).as_py():
            plain = pc.replace_substring_regex(table[name], "\r\n?", "\n")
            table = with_column(table, name, plain)
    return table


def _with_bounded_texts(table: pa.Table, account: Account) -> pa.Table:
    """Cut texts that are longer than any post."""
    n = int(pc.sum(pc.greater(pc.utf8_length(table["text"]), LONGEST_TEXT)).as_py() or 0)
    if not n:
        return table
    account.notes.update({"long_text": n})
    return with_column(table, "text", pc.utf8_slice_codeunits(table["text"], 0, LONGEST_TEXT))


def _with_possible_times(table: pa.Table, account: Account) -> pa.Table:
    """Take out dates before there was a web or long after today: somebody made them up."""
    first, last = (
        pa.scalar(pd.Timestamp(f"{year}-01-01", tz="UTC"), TIME) for year in (1990, 2100)
    )
    for name in TIME_NAMES:
        times = table[name]
        possible = pc.and_(pc.greater_equal(times, first), pc.less(times, last))
        n = int(pc.sum(pc.invert(possible)).as_py() or 0)
        if n:
            account.notes.update({"impossible_date": n})
            table = with_column(table, name, pc.if_else(possible, times, None))
    return table


def _with_nothing_missing(table: pa.Table) -> pa.Table:
    """Put an empty text where a reader found none."""
    if table["text"].null_count:
        table = with_column(table, "text", pc.fill_null(table["text"], ""))
    return table


# Letters that were decoded with the wrong table, and those that could not be decoded at all.
_DAMAGED_TEXTS = {"mojibake": "Ã[\u0080-\u00bf]|â€[\u0090-\u203a]|ð\u0178", "undecodable": "\ufffd"}


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
