"""Tables (CSV, xlsx, Parquet): one declared mapping per format, one reader for all of them."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from itertools import islice
from typing import Any

import msgspec
import pyarrow as pa
import pyarrow.compute as pc

from chatlab._files import Member, progress_bar
from chatlab._own import OWN_TABLE, own_columns, read_own_parquet
from chatlab._records import Batch, Refusal
from chatlab._rows import columns_of, parse_times
from chatlab._table_formats import Row, TableFormat
from chatlab._x_v2 import x_language, x_url
from chatlab.errors import SettingsError, UnreadableFileError
from chatlab.messages import _
from chatlab.schema import (
    ARROW_SCHEMA,
    COUNT_NAMES,
    LIST_NAMES,
    PERSON_NAMES,
    TIME_NAMES,
)
from chatlab.text import REPOST_PREFIX, find_handles, find_hashtags, find_urls, unescape_text

CHUNK = 10_000
MISSING = {"", "NA", "N/A", "NaN", "nan", "None", "null", "NULL"}

_DAMAGED_ID = re.compile(r"^\d(?:[.,]\d+)?[eE]\+?\d+$")
_STATUS_LINK = re.compile(r"/status(?:es)?/(\d+)")
_HANDLE_LINK = re.compile(r"(?:x|twitter)\.com/(\w+)/status")
_COUNT_COLUMNS = (*COUNT_NAMES, "author_followers", "author_following")
_ID_COLUMNS = ("post_id", "reply_to", "quote_of", "repost_of", "thread_id")


def table_header(member: Member) -> list[str]:
    """Return the header of a table."""
    return next(_raw_rows(member))[1]


def read_table(member: Member, form: TableFormat, refused: list[Refusal]) -> Iterator[Batch]:
    """Yield a table's posts in chunks; a row that cannot be a post goes to `refused`."""
    if form is OWN_TABLE and member.head().startswith(b"PAR1"):
        yield from read_own_parquet(member)
        return
    rows = _raw_rows(member)
    header = next(rows)[1]
    missing = [name for name in form.columns.values() if name not in header]
    if form.name == "mapping" and missing:
        raise SettingsError(
            f"`columns` names {', '.join(missing)}, but {member.name} has the columns "
            f"{', '.join(header)}."
        )
    whole = _whole_rows(rows, header, refused)
    while chunk := list(islice(whole, CHUNK)):
        if form is OWN_TABLE:
            yield Batch(own_columns([row for _number, row in chunk]))
            continue
        yield Batch(_posts(chunk, form, member.name, refused))


def _whole_rows(
    rows: Iterator[tuple[int, list[str]]], header: Sequence[str], refused: list[Refusal]
) -> Iterator[tuple[int, dict[str, str]]]:
    for number, cells in rows:
        if not any(cells):
            continue
        if len(cells) > len(header) and not any(cells[len(header) :]):
            del cells[len(header) :]
        if len(cells) != len(header):
            reason = _("{n} cells where the header has {m}").format(n=len(cells), m=len(header))
            refused.append(Refusal(f"line {number}", reason, ",".join(cells)))
            continue
        yield number, dict(zip(header, cells, strict=True))


def _raw_rows(member: Member) -> Iterator[tuple[int, list[str]]]:
    """Yield a table's rows as text with their line numbers, the header first."""
    head = member.head()
    if head.startswith(b"PAR1"):
        rows = _parquet_rows(member)
    elif head.startswith(b"PK"):
        rows = _sheet_rows(member)
    else:
        rows = _csv_rows(member, head)
    try:
        yield next(rows)
    except StopIteration:
        raise UnreadableFileError(f"{member.name} is empty. Export it again.") from None
    yield from rows


def _csv_rows(member: Member, head: bytes) -> Iterator[tuple[int, list[str]]]:
    encoding = "utf-16" if head[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig"
    header = head.split(b"\n", 1)[0].decode(encoding, "replace")
    delimiter = max(",;\t", key=header.count)
    csv.field_size_limit(2**31 - 1)
    with member.open() as file:
        text = io.TextIOWrapper(file, encoding=encoding, errors="replace", newline="")
        reader = csv.reader(text, delimiter=delimiter)
        bar = progress_bar(member)
        while True:
            try:
                cells = next(reader)
                bar.update(sum(map(len, cells)) + len(cells))
            except StopIteration:
                bar.close()
                return
            except csv.Error as error:
                raise UnreadableFileError(
                    f"{member.name}, line {reader.line_num}: {error}. Export the table again as "
                    "CSV with quoted texts."
                ) from error
            yield (
                reader.line_num,
                [cell.strip() for cell in cells] if reader.line_num < 2 else cells,
            )


def _sheet_rows(member: Member) -> Iterator[tuple[int, list[str]]]:
    import openpyxl  # only workbooks need it, and it is large

    try:
        book = openpyxl.load_workbook(io.BytesIO(member.content()), read_only=True, data_only=True)
    except Exception as error:  # openpyxl lets many kinds through for a damaged workbook
        raise UnreadableFileError(
            f"{member.name} is not a readable workbook: {error}. Save it again as .xlsx."
        ) from error
    # TAGS keeps its posts in a sheet of this name, beside others.
    sheet = book["Archive"] if "Archive" in book.sheetnames else book.worksheets[0]
    for number, cells in enumerate(sheet.iter_rows(values_only=True), 1):
        yield number, [_cell_text(cell) for cell in cells]


def _parquet_rows(member: Member) -> Iterator[tuple[int, list[str]]]:
    import pyarrow.parquet as pq  # only Parquet needs it, and it is large

    try:
        file = pq.ParquetFile(io.BytesIO(member.content()))
    except Exception as error:  # pyarrow raises several kinds for a damaged file
        raise UnreadableFileError(
            f"{member.name} is not a readable Parquet file: {error}."
        ) from error
    yield 0, list(file.schema_arrow.names)
    number = 0
    for batch in file.iter_batches(CHUNK):
        for cells in zip(*(column.to_pylist() for column in batch.columns), strict=True):
            number += 1
            yield number, [_cell_text(cell) for cell in cells]


def _cell_text(cell: Any) -> str:
    if cell is None:
        return ""
    if isinstance(cell, datetime):
        return cell.isoformat()
    if isinstance(cell, float) and cell.is_integer():
        # A spreadsheet keeps 15 digits: a longer id is already damaged, and shows it.
        return str(int(cell)) if abs(cell) < 2**53 else f"{cell:.5E}"
    if isinstance(cell, list):
        return " ".join(map(_cell_text, cell))
    return str(cell)


def _posts(
    chunk: Sequence[tuple[int, dict[str, str]]],
    form: TableFormat,
    file: str,
    refused: list[Refusal],
) -> dict[str, Any]:
    posts = []
    places = []
    for number, row in chunk:
        try:
            posts.append(_post(row, form, f"{file}#{number}"))
            places.append(number)
        except ValueError as error:
            refused.append(Refusal(f"line {number}", str(error), ",".join(row.values())))
    times = {name: parse_times([post.get(name) for post in posts]) for name in TIME_NAMES}
    readable = pc.or_(pc.is_valid(times["created_at"]), pa.scalar("created_at" not in form.columns))
    for post, number, good in zip(posts, places, readable.to_pylist(), strict=True):
        if not good:
            reason = _(
                "no readable date: {text} (readable: 2026-03-05 09:00, seconds since 1970, or "
                "05/03/2026 09:00 where some day is above 12)"
            ).format(text=post.get("created_at") or "–")
            refused.append(Refusal(f"line {number}", reason, post["text"]))
    columns = columns_of(posts) | times
    return {
        name: pa.array(values, ARROW_SCHEMA.field(name).type).filter(readable)
        for name, values in columns.items()
    }


def _post(row: Row, form: TableFormat, place: str) -> dict[str, Any]:
    """Make one post of a row; a `ValueError` says why it cannot be one."""
    post: dict[str, Any] = {}
    for name, source in form.columns.items():
        value = row.get(source, "").strip()
        post[name] = None if name != "text" and value in MISSING else value
    post |= {name: derive(row) for name, derive in form.derived.items()}
    platform = form.platform
    post["platform"] = platform
    text = unescape_text(post["text"]) if platform == "x" else post["text"]
    prefix = REPOST_PREFIX.match(text) if platform == "x" else None
    if prefix and "repost_of_author" not in form.columns:
        post["repost_of_author"] = f"{platform}:@{prefix[1].casefold()}"
    if prefix and (post.get("repost_of_author") or post.get("repost_of")):
        post["repost_of_author"] = post.get("repost_of_author") or f"x:@{prefix[1].casefold()}"
        text = text[prefix.end() :]
    post["text"] = text
    post["post_id"] = _post_number(post, form, place)
    handle = (post.get("author") or "").removeprefix("@") or None
    post["author"] = handle
    for name in _ID_COLUMNS:
        if post.get(name) and not str(post[name]).startswith(f"{platform}:"):
            post[name] = _relation(f"{platform}:{post[name]}")
    for name in PERSON_NAMES:
        post[name] = _person(post.get(name), platform)
    if not post["author_id"] and handle:
        post["author_id"] = f"{platform}:@{handle.casefold()}"
    for name in _COUNT_COLUMNS:
        post[name] = _whole_number(post.get(name))
    for name in LIST_NAMES:
        post[name] = _list(name, post.get(name), text, platform, derived=name in form.derived)
    if platform == "x":
        post["lang"] = x_language(post.get("lang"))
        if not post.get("url") and form.name != "mapping":
            post["url"] = x_url(handle, post["post_id"].removeprefix("x:"))
    post["in_chat"] = True
    return post


def _post_number(post: Mapping[str, Any], form: TableFormat, place: str) -> str:
    given = post.get("post_id")
    link = _STATUS_LINK.search(post.get("url") or "") if form.platform == "x" else None
    if link:
        # The link is the truth: spreadsheets and R round long numbers without a trace.
        return link[1]
    if given and _DAMAGED_ID.match(given):
        raise ValueError(
            _("a spreadsheet destroyed the id ({id}), and no link restores it").format(id=given)
        )
    if given:
        return str(given)
    if "post_id" in form.columns:
        raise ValueError(_("no id in the column {name}").format(name=form.columns["post_id"]))
    return place


def _relation(value: str) -> str | None:
    return None if _DAMAGED_ID.match(value.partition(":")[2]) else value


def _person(value: str | None, platform: str) -> str | None:
    if not value or value.startswith(f"{platform}:"):
        return value or None
    if _DAMAGED_ID.match(value):
        return None
    known = value.isdigit() or value.startswith("did:")
    return f"{platform}:{value}" if known else f"{platform}:@{value.removeprefix('@').casefold()}"


def _whole_number(value: str | None) -> int | None:
    try:
        return int(float(value)) if value else None
    except (ValueError, OverflowError):
        return None


def _list(name: str, value: Any, text: str, platform: str, *, derived: bool) -> list[str]:
    if derived:
        return list(value)
    if value is None:
        found = {"hashtags": find_hashtags, "mentions": find_handles, "urls": find_urls}[name](text)
        return [f"{platform}:@{one.casefold()}" for one in found] if name == "mentions" else found
    parts = _items(value, r"[\s|]+" if name == "urls" else r"[\s|,;]+")
    if name == "hashtags":
        return [part.lstrip("#").casefold() for part in parts]
    if name == "mentions":
        return [person for part in parts if (person := _person(part, platform))]
    return parts


def _items(value: str, separators: str) -> list[str]:
    if value.startswith("["):
        try:
            return msgspec.json.decode(value.replace("'", '"'), type=list[str])
        except (msgspec.DecodeError, msgspec.ValidationError):
            value = value.strip("[]").replace("'", "").replace('"', "")
    return [part for part in re.split(separators, value) if part and part not in MISSING]
