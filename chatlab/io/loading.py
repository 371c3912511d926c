"""Reading files part by part, and the account of what became of each."""

from __future__ import annotations

import glob
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from chatlab.errors import (
    ChatlabError,
    NotPostsError,
    SettingsError,
    UnknownFormatError,
    UnreadableFileError,
)
from chatlab.io.files import Member, is_posts_name, members
from chatlab.io.formats.detect import SOURCES, find_format
from chatlab.io.json_records import Batch, JsonFormat, Refusal, read_records
from chatlab.io.refusals import Account, FileLoading
from chatlab.io.safe_files import Paths
from chatlab.io.table_reader import read_table
from chatlab.io.tables.format import MAPPED, TableFormat, mapped_format
from chatlab.io.tables.rows import Table
from chatlab.posts.schema import (
    ARROW_SCHEMA,
    PLATFORMS,
    TEXT,
    TIME,
    TIME_NAMES,
    arrow_posts,
    with_column,
)
from chatlab.translation import _, mark

ROWS_TOGETHER = 40_000
# Four times the longest post that X takes; what lies beyond was made to keep a reader busy.
LONGEST_TEXT = 100_000


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
        form = recognise(member, chosen, report, alone=len(found) == 1)
        if form is not None:
            yield member, form, report


def recognise(
    member: Member,
    chosen: JsonFormat | TableFormat | None,
    report: FileLoading,
    *,
    alone: bool,
) -> JsonFormat | TableFormat | None:
    """Find a file's format, and enter it; None where it holds no posts and is not alone."""
    try:
        form = _format_of(member, chosen, alone=alone)
    except (NotPostsError, UnknownFormatError, UnreadableFileError) as error:
        # An empty file among several is told, a damaged one stops: it may hold half the chat.
        damaged = isinstance(error, UnreadableFileError) and member.head().strip()
        if alone or damaged:
            raise
        report.source, report.reasons = mark("not posts"), str(error)
        return None
    report.source = form.title
    return form


def _format_of(
    member: Member, chosen: JsonFormat | TableFormat | None, *, alone: bool
) -> JsonFormat | TableFormat:
    """Choose a file's format: a mapping is for those of several that it fits, or nobody knows."""
    if chosen is None:
        return find_format(member)
    if alone or not isinstance(chosen, TableFormat) or chosen.name != MAPPED:
        return chosen
    try:
        known = find_format(member)
    except UnknownFormatError:
        return chosen
    fits = isinstance(known, TableFormat) and {*chosen.names} <= {*Table(member).header}
    return chosen if fits else known


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
