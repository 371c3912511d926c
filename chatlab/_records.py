"""JSON of any layout (lines, one document, a list) as typed records, bad ones set aside."""

from __future__ import annotations

import gc
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from itertools import islice
from typing import Any, Generic, TypeVar

import msgspec

from chatlab._files import Member, blocks_of_lines, progress_bar
from chatlab.errors import UnreadableFileError
from chatlab.schema import Columns

Page = TypeVar("Page")
Keys = Mapping[str, msgspec.Raw]

UTF8_MARK = b"\xef\xbb\xbf"
LOOK = 50
NOT_JSON = (msgspec.MsgspecError, UnicodeDecodeError, RecursionError)


@dataclass(frozen=True)
class Refusal:
    """A record that could not become a post: where it stood, why, and what it was."""

    where: str
    reason: str
    record: str


@dataclass
class Batch:
    """Some posts as columns, with what else their records told."""

    columns: Columns
    authors: list[dict[str, Any]] = field(default_factory=list)


@dataclass(frozen=True)
class JsonFormat(Generic[Page]):
    """A JSON format: how to know it, the struct that decodes a record, the posts it makes."""

    name: str
    title: str
    matches: Callable[[Keys], bool]
    page: type[Page]
    batches: Callable[[Sequence[Page]], Iterator[Batch]]
    # Fields whose items are records of their own: a bad item costs itself, not its page.
    item_fields: tuple[str, ...] = ()


@dataclass(frozen=True)
class NotPosts:
    """Something that is well understood and holds no posts."""

    title: str
    matches: Callable[[Keys], bool]


def is_json(head: bytes) -> bool:
    """Tell whether a file starts as JSON (an object or a list)."""
    return head.removeprefix(UTF8_MARK).lstrip()[:1] in (b"{", b"[")


def first_records(member: Member) -> tuple[bool, list[Keys]]:
    """Tell whether a JSON file is made of lines, and give its first records' keys."""
    with member.open() as file:
        lines = [line for line in islice(file, LOOK) if line.strip()]
    if lines:
        lines[0] = lines[0].removeprefix(UTF8_MARK)
    if keys := list(_keys(lines)):
        return True, keys
    return False, list(_keys(_document_items(member)[:LOOK]))


def _keys(records: Sequence[bytes | msgspec.Raw]) -> Iterator[Keys]:
    for record in records:
        try:
            yield msgspec.json.decode(record, type=dict[str, msgspec.Raw])
        except NOT_JSON:
            continue


def _document_items(member: Member) -> list[msgspec.Raw]:
    """Split a file that is one list into its items; any other document is one item."""
    content = member.content().removeprefix(UTF8_MARK).strip()
    try:
        if content.startswith(b"["):
            return msgspec.json.decode(content, type=list[msgspec.Raw])
        return [msgspec.json.decode(content, type=msgspec.Raw)]
    except NOT_JSON as error:
        raise UnreadableFileError(
            f"{member.name} starts as JSON and then breaks: {error}. "
            "The file may be cut off; fetch or export it again."
        ) from error


def read_records(
    member: Member, form: JsonFormat[Any], refused: list[Refusal]
) -> Iterator[Sequence[Any]]:
    """Yield lists of decoded records; what cannot be decoded goes to `refused`."""
    is_lines, _ = first_records(member)
    if is_lines:
        yield from _read_lines(member, form, refused)
    else:
        yield list(_each(_document_items(member), form, refused, 1, "item"))


def _read_lines(
    member: Member, form: JsonFormat[Any], refused: list[Refusal]
) -> Iterator[Sequence[Any]]:
    decoder = msgspec.json.Decoder(form.page)
    start = 0
    damaged: list[tuple[int, list[Refusal]]] = []
    with member.open() as file, _collector_paused(), progress_bar(member) as bar:
        for block in blocks_of_lines(file):
            bar.update(len(block))
            skip = 3 if not start and block[:3] == UTF8_MARK else 0
            try:
                yield decoder.decode_lines(block[skip:])
            except NOT_JSON:
                bad: list[Refusal] = []
                yield list(_each(bytes(block).split(b"\n"), form, bad, 1, "line"))
                damaged.append((start, bad))
            start += len(block)
    if damaged:
        refused.extend(_with_line_numbers(member, damaged))


def _with_line_numbers(
    member: Member, damaged: Sequence[tuple[int, list[Refusal]]]
) -> Iterator[Refusal]:
    """Count lines in a second pass, which only a file with bad records needs."""
    lines = dict(damaged)
    start = before = 0
    with member.open() as file:
        for block in blocks_of_lines(file):
            for refusal in lines.get(start, ()):
                number = before + int(refusal.where.removeprefix("line "))
                yield replace(refusal, where=f"line {number}")
            start += len(block)
            before += bytes(block).count(b"\n")


@contextmanager
def _collector_paused() -> Iterator[None]:
    """Keep Python's garbage collector from searching decoded records, which have no cycles."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def _each(
    records: Sequence[bytes | msgspec.Raw],
    form: JsonFormat[Any],
    refused: list[Refusal],
    first: int,
    word: str,
) -> Iterator[Any]:
    decoder = msgspec.json.Decoder(form.page)
    for number, record in enumerate(records, first):
        if not bytes(record).strip():
            continue
        try:
            yield decoder.decode(record)
        except NOT_JSON:
            page = _repaired(bytes(record), f"{word} {number}", form, refused)
            if page is not None:
                yield page


_AT_PATH = re.compile(r" - at `(?:key in )?(\$[^`]*)`")


def _repaired(line: bytes, where: str, form: JsonFormat[Any], refused: list[Refusal]) -> Any | None:
    """Decode a record without its bad items; refuse it whole where no item is to blame."""
    try:
        loose = msgspec.json.decode(line)
    except NOT_JSON as error:
        refused.append(_refusal(where, f"not JSON: {error}", line))
        return None
    while True:
        try:
            return msgspec.convert(loose, form.page)
        except (msgspec.ValidationError, RecursionError) as error:
            place = _bad_item(loose, str(error), form.item_fields)
            if place is None:
                refused.append(_refusal(where, str(error), line))
                return None
            items, i = place
            reason = str(error).replace("$", "record", 1)
            refused.append(_refusal(where, reason, msgspec.json.encode(items.pop(i))))


def _bad_item(loose: Any, message: str, item_fields: Sequence[str]) -> tuple[list[Any], int] | None:
    """Find the innermost item that an error message points into, as its list and position."""
    path = _AT_PATH.search(message)
    steps = list(re.finditer(r"\.(\w+)\[(\d+)\]", path[1])) if path else []
    blamed = [step for step in steps if step[1] in item_fields]
    if path is None or not blamed:
        return None
    items = loose
    for step in re.finditer(r"\.(\w+)|\[(\d+)\]", path[1][: blamed[-1].start(2) - 1]):
        items = items[step[1]] if step[1] else items[int(step[2])]
    return items, int(blamed[-1][2])


def _refusal(where: str, reason: str, record: bytes) -> Refusal:
    return Refusal(where, reason, record.decode("utf-8", "replace").strip())
