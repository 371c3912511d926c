"""The rows of CSV, xlsx, Parquet and flat JSON files, each as texts by column name."""

from __future__ import annotations

import codecs
import csv
import io
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import chain, islice
from typing import Any

from chatlab.errors import UnreadableFileError
from chatlab.io.bounds import check_workbook, dictionary_columns, parquet_batches, refuse_bomb
from chatlab.io.files import Member, progress_bar
from chatlab.io.json_records import Refusal, is_json
from chatlab.io.tables.cells import CHUNK, INDEX, NumberedRow, cell_text, json_list, json_rows
from chatlab.io.tables.loose_rows import LOOK, LooseRows
from chatlab.translation import _

HEADER_ROWS = 50
# Sheets that hold the posts of a workbook, by the tool that names them so.
POSTS_SHEETS = ("Archive", "Edges")


class Table:
    """A table that is read once from top to bottom."""

    def __init__(
        self, member: Member, refused: list[Refusal] | None = None, *, text: str | None = None
    ) -> None:
        """Open a table; rows that do not fit its header go to `refused`.

        `text` names the column whose cells may hold separators without quotes.
        """
        self._member = member
        self._refused = refused if refused is not None else []
        self._text = text
        self._separator = ","
        self._loose: LooseRows | None = None
        self.notes: Counter[str] = Counter()
        head = member.head()
        if not head.startswith((b"PK", b"PAR1")) and is_json(head):
            self.header, self.rows = self._json()
            return
        if head.startswith(b"PAR1"):
            cells = _parquet_rows(member)
        elif head.startswith(b"PK"):
            cells = _sheet_rows(member)
        else:
            encoding = _encoding(member)
            if encoding != UTF8:
                self.notes["encoding"] = 1
            self._separator = _separator(head, encoding)
            cells = _csv_rows(member, self._separator, encoding)
        first = _header_row(list(_some(cells, 2)))
        if first is None:
            raise UnreadableFileError(f"{member.name} is empty. Export it again.")
        header, waiting = first
        spelled = [name.strip().replace("/", ".") for name in header]
        # Lists that were laid out cell by cell (`tags.0.text`, `tags.1.text`) become one again.
        self._lists = [INDEX.sub(".", name, count=1) for name in spelled]
        self._laid_out = {INDEX.sub(".", name, count=1) for name in spelled if INDEX.search(name)}
        self.header = list(dict.fromkeys(self._lists))
        self._width = len(spelled)
        self.rows = self._whole(chain(waiting, cells))

    def _whole(self, rows: Iterator[tuple[int, list[str]]]) -> Iterator[NumberedRow]:
        width = self._width
        has_lists = width > len(self.header) or bool(self._laid_out)
        for number, cells in rows:
            if not any(cells):
                continue
            if len(cells) > width and not any(cells[width:]):
                del cells[width:]
            if len(cells) > width and (whole := self._put_together(cells)):
                self.notes["unquoted"] += 1
                cells = whole
            if len(cells) != width:
                reason = _("{n} cells where the header has {m}").format(n=len(cells), m=width)
                self._refused.append(Refusal(f"line {number}", reason, ",".join(cells)))
                continue
            yield (
                number,
                self._gathered(cells) if has_lists else dict(zip(self._lists, cells, strict=True)),
            )

    def _put_together(self, cells: Sequence[str]) -> list[str] | None:
        if self._text not in self._lists:
            return None
        if self._loose is None:
            rows = _csv_rows(self._member, self._separator, _encoding(self._member))
            whole = (row for _number, row in rows if len(row) == self._width)
            place = self._lists.index(self._text)
            next(whole, None)  # the header
            self._loose = LooseRows(self._width, place, islice(whole, LOOK))
        return self._loose.whole(cells, self._separator)

    def _gathered(self, cells: Sequence[str]) -> dict[str, str]:
        found: dict[str, list[str]] = {name: [] for name in self.header}
        for name, cell in zip(self._lists, cells, strict=True):
            if cell:
                found[name].append(cell)
        # A column that stands twice (`user_screen_name` in twarc's first CSV) is no list.
        return {
            name: json_list(values)
            if len(values) > 1 and name in self._laid_out
            else next(iter(values), "")
            for name, values in found.items()
        }

    def _json(self) -> tuple[list[str], Iterator[NumberedRow]]:
        rows = json_rows(self._member, self._refused)
        first = list(_some(rows, HEADER_ROWS))
        names = dict.fromkeys(name for _number, row in first for name in row)
        return list(names), chain(first, rows)


def _some(rows: Iterator[Any], n: int) -> Iterator[Any]:
    for _i in range(n):
        try:
            yield next(rows)
        except StopIteration:
            return


def _header_row(
    first: list[tuple[int, list[str]]],
) -> tuple[list[str], list[tuple[int, list[str]]]] | None:
    """Find the header: the first row, or the second where a title stands above it (NodeXL)."""
    if not first:
        return None
    filled = [sum(map(bool, cells)) for _number, cells in first]
    is_title = len(first) > 1 and filled[0] * 2 < filled[1] and len(first[0][1]) > 1
    at = 1 if is_title else 0
    return first[at][1], first[at + 1 :]


UTF8 = "utf-8-sig"
WESTERN = "cp1252"


def _encoding(member: Member) -> str:
    """Tell whether a whole file is UTF-8 (perhaps damaged) or what Excel writes in the West."""
    good = bad = 0
    decoder = codecs.getincrementaldecoder("utf-8")("replace")
    with member.open() as file:
        while block := file.read(1 << 20):
            if block.isascii():
                continue
            text = decoder.decode(block)
            # The sign for what could not be decoded may itself be written in good UTF-8.
            damaged = max(0, text.count("\ufffd") - block.count("\ufffd".encode()))
            bad += damaged
            good += len(text.encode()) - len(text) - 2 * damaged
    return WESTERN if bad > good else UTF8


def _separator(head: bytes, encoding: str) -> str:
    header = head.split(b"\n", 1)[0].decode(encoding, "replace")
    return max(",;\t|", key=header.count)


def _csv_rows(member: Member, separator: str, encoding: str) -> Iterator[tuple[int, list[str]]]:
    csv.field_size_limit(2**31 - 1)
    with member.open() as file:
        text = io.TextIOWrapper(file, encoding=encoding, errors="replace", newline="")
        reader = csv.reader(text, delimiter=separator)
        with progress_bar(member) as bar:
            while True:
                try:
                    cells = next(reader)
                except StopIteration:
                    return
                except csv.Error as error:
                    raise UnreadableFileError(
                        f"{member.name}, line {reader.line_num}: {error}. Export the table again "
                        "as CSV with quoted texts."
                    ) from error
                bar.update(sum(map(len, cells)) + len(cells))
                yield reader.line_num, cells


def open_workbook(member: Member) -> Any:
    """Open an xlsx file to read its values."""
    import openpyxl  # only workbooks need it, and it is large

    content = io.BytesIO(member.content())
    try:
        check_workbook(member.name, content, len(content.getbuffer()))
        return openpyxl.load_workbook(content, read_only=True, data_only=True)
    except UnreadableFileError:
        raise
    except Exception as error:  # openpyxl lets many kinds through for a damaged workbook
        raise UnreadableFileError(
            f"{member.name} is not a readable workbook: {error}. Save it again as .xlsx."
        ) from error


def sheet_rows(member: Member, book: Any, name: str) -> Iterator[tuple[int, list[str]]]:
    """Yield the rows of one sheet of a workbook as texts."""
    packed = member.path.stat().st_size
    unpacked = 0
    try:
        for number, cells in enumerate(book[name].iter_rows(values_only=True), 1):
            texts = [cell_text(cell) for cell in cells]
            # One text may stand in a million cells, and an empty row cost nothing.
            unpacked += sum(map(len, texts)) + len(texts)
            refuse_bomb(member.name, packed, unpacked)
            yield number, texts
    except UnreadableFileError:
        raise
    except Exception as error:  # a damaged sheet shows only when it is read
        raise UnreadableFileError(
            f"{member.name}: the sheet {name} cannot be read: {error}. Save it again as .xlsx."
        ) from error


def _sheet_rows(member: Member) -> Iterator[tuple[int, list[str]]]:
    book = open_workbook(member)
    named = [name for name in POSTS_SHEETS if name in book.sheetnames]
    if not book.sheetnames:
        raise UnreadableFileError(f"{member.name} has no sheet. Save it again as .xlsx.")
    yield from sheet_rows(member, book, (named or book.sheetnames)[0])


def _parquet_rows(member: Member) -> Iterator[tuple[int, list[str]]]:
    import pyarrow.parquet as pq  # only Parquet needs it, and it is large

    try:
        content = io.BytesIO(member.content())
        packed = len(content.getbuffer())
        texts = dictionary_columns(pq.read_schema(content))
        with pq.ParquetFile(content, read_dictionary=texts) as file:
            yield 0, list(file.schema_arrow.names)
            number = 0
            for batch in parquet_batches(member.name, file, packed, CHUNK):
                for cells in zip(*(column.to_pylist() for column in batch.columns), strict=True):
                    number += 1
                    yield number, [cell_text(cell) for cell in cells]
    except UnreadableFileError:
        raise
    except Exception as error:  # pyarrow raises several kinds for a damaged file
        raise UnreadableFileError(
            f"{member.name} is not a readable Parquet file: {error}."
        ) from error
