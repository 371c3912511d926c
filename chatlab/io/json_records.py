"""JSON of any layout (lines, one document, a list) as typed records, bad ones set aside."""

from __future__ import annotations

import gc
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import Any

import msgspec

from chatlab.errors import UnreadableFileError
from chatlab.io.files import Member, blocks_of_lines, progress_bar
from chatlab.posts.merge import Aside
from chatlab.posts.schema import Columns

_AT_PATH = re.compile(r" - at `(?:key in )?(\$[^`]*)`")
_HALF_CHARACTER = re.compile(
    rb"(?i)(?<!\\)(?:\\u(?:d[89ab][0-9a-f]{2})(?!\\ud[c-f][0-9a-f]{2})"
    rb"|(?<!\\ud[89ab][0-9a-f]{2})\\ud[c-f][0-9a-f]{2})"
)

Keys = Mapping[str, msgspec.Raw]
UTF8_MARK = b"\xef\xbb\xbf"
LOOK = 50
HEAD_LINES = 2**22
NOT_JSON = (msgspec.MsgspecError, UnicodeDecodeError, RecursionError)


class Struct(msgspec.Struct, gc=False):
    """Fields of a format; those that are not named are skipped, never an error."""


class Numbered(Struct):
    """A record whose format refuses some records itself, and so must know where they stand."""

    where: str = msgspec.field(name="__where", default="")

    def refusal(self, reason: str) -> Refusal:
        """Refuse this record."""
        return refusal(self.where, reason, msgspec.json.encode(self))


@dataclass(frozen=True)
class Refusal:
    """A record that could not become a post: where it stood, why, and what it was."""

    where: str
    reason: str
    record: str


@dataclass
class Batch:
    """Some posts as columns, with what else there is to say of their records."""

    columns: Columns
    aside: Aside = field(default_factory=Aside)
    refused: list[Refusal] = field(default_factory=list)
    # How often something was found that an analyst should know, by the name of the note.
    notes: Mapping[str, int] = field(default_factory=dict)


Blocks = Iterable[Sequence[Any]]


def by_block(
    batches: Callable[[Sequence[Any]], Iterator[Batch]],
) -> Callable[[Blocks, Member], Iterator[Batch]]:
    """Make a format's reader of a function that needs to see one block of records only."""

    def read(blocks: Blocks, _member: Member) -> Iterator[Batch]:
        for block in blocks:
            yield from batches(block)

    return read


@dataclass(frozen=True)
class JsonFormat:
    """A JSON format: how to know it, the struct that decodes a record, the posts it makes."""

    name: str
    title: str
    matches: Callable[[Keys], bool]
    # A struct, or a dict where any field may count.
    page: Any
    batches: Callable[[Blocks, Member], Iterator[Batch]]
    # Fields whose items are records of their own: a bad item costs itself, not its page.
    item_fields: tuple[str, ...] = ()
    # Brings another spelling of a record into the one that the structs know.
    rewrite: Callable[[bytes], bytes] | None = None

    @property
    def is_numbered(self) -> bool:
        """Tell whether records must know where they stand."""
        return isinstance(self.page, type) and issubclass(self.page, Numbered)


@dataclass(frozen=True)
class NotPosts:
    """Something that is well understood and holds no posts."""

    title: str
    matches: Callable[[Keys], bool]


def is_json(head: bytes) -> bool:
    """Tell whether a file starts as JSON (an object or a list), or as a script that holds it."""
    return without_assignment(head).lstrip()[:1] in (b"{", b"[")


# An archive's files are scripts of one assignment: window.YTD.tweets.part0 = [...]
_ASSIGNMENT = re.compile(rb"\A\s*+[A-Za-z_][\w.]*+\s*+=\s*+(?=[\[{])")


def without_assignment(content: bytes) -> bytes:
    """Take off what stands before the JSON: a byte order mark, and a script's assignment."""
    content = content.removeprefix(UTF8_MARK)
    assignment = _ASSIGNMENT.match(content)
    return content[assignment.end() :] if assignment else content


def first_records(member: Member) -> list[Keys]:
    """Give the keys of a JSON file's first records."""
    return _first_lines(member) or list(_keys(_document_items(member)[:LOOK]))


def _first_lines(member: Member) -> list[Keys]:
    """Give the keys of the first lines of JSON; none where the file is one document."""
    with member.open() as file:
        start = file.read(1 << 12)
        if start.removeprefix(UTF8_MARK).lstrip().startswith(b"{"):
            whole_lines = (start + file.read(HEAD_LINES)).removeprefix(UTF8_MARK).split(b"\n")
            lines = [line for line in whole_lines if line.strip()][:LOOK]
            # A document laid out over many lines opens with a line of its own.
            if lines[0].strip() != b"{":
                return list(_keys(lines))
    return []


def _keys(records: Sequence[bytes | msgspec.Raw]) -> Iterator[Keys]:
    for record in records:
        try:
            yield msgspec.json.decode(record, type=dict[str, msgspec.Raw])
        except NOT_JSON:
            continue


def _document_items(member: Member) -> list[msgspec.Raw]:
    """Split a file that is one list into its items; any other document is one item."""
    content = _document(member)
    try:
        if not content.startswith(b"["):
            return [msgspec.json.decode(content, type=msgspec.Raw)]
        items = msgspec.json.decode(content, type=list[msgspec.Raw])
        if items and all(bytes(item).startswith(b"[") for item in items):
            lists = [msgspec.json.decode(item, type=list[msgspec.Raw]) for item in items]
            return [item for part in lists for item in part]
        return items
    except NOT_JSON as error:
        raise UnreadableFileError(
            f"{member.name} starts as JSON and then breaks: {error}. "
            "The file may be cut off; fetch or export it again."
        ) from error


def _document(member: Member) -> bytes:
    return without_assignment(member.content()).strip().removesuffix(b";")


def decoded_beside(member: Member, pattern: str, kind: Any) -> Iterator[Any]:
    """Decode files beside one of posts; without one that is damaged, the posts still count."""
    decoder = msgspec.json.Decoder(kind, strict=False)
    for other in member.beside(pattern):
        try:
            yield decoder.decode(_document(other))
        except (*NOT_JSON, UnreadableFileError):
            continue


def read_records(member: Member, form: JsonFormat, refused: list[Refusal]) -> Iterator[Batch]:
    """Yield a file's posts; what cannot be decoded goes to `refused`."""
    is_lines = bool(_first_lines(member))
    if is_lines and form.is_numbered:
        blocks = _read_numbered_lines(member, form, refused)
    elif is_lines:
        blocks = _read_lines(member, form, refused)
    else:
        blocks = iter([list(_each(_document_items(member), form, refused, "item"))])
    for batch in form.batches(blocks, member):
        refused += batch.refused
        yield batch


def _read_lines(
    member: Member, form: JsonFormat, refused: list[Refusal]
) -> Iterator[Sequence[Any]]:
    decoder = msgspec.json.Decoder(form.page, strict=False)
    start = 0
    damaged: list[tuple[int, list[Refusal]]] = []
    with member.open() as file, _collector_paused(), progress_bar(member) as bar:
        for block in blocks_of_lines(file):
            bar.update(len(block))
            skip = 3 if not start and block[:3] == UTF8_MARK else 0
            try:
                lines = form.rewrite(bytes(block[skip:])) if form.rewrite else block[skip:]
                yield decoder.decode_lines(lines)
            except NOT_JSON:
                bad: list[Refusal] = []
                yield list(_each(bytes(block[skip:]).split(b"\n"), form, bad, "line"))
                damaged.append((start, bad))
            start += len(block)
    if damaged:
        refused.extend(_with_line_numbers(member, damaged))


def _read_numbered_lines(
    member: Member, form: JsonFormat, refused: list[Refusal]
) -> Iterator[Sequence[Any]]:
    before = 0
    with member.open() as file, _collector_paused(), progress_bar(member) as bar:
        for block in blocks_of_lines(file):
            bar.update(len(block))
            lines = bytes(block).removeprefix(b"" if before else UTF8_MARK).split(b"\n")
            yield list(_each(lines, form, refused, "line", before))
            before += len(lines) - 1


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
    form: JsonFormat,
    refused: list[Refusal],
    word: str,
    before: int = 0,
) -> Iterator[Any]:
    decoder = msgspec.json.Decoder(form.page, strict=False)
    for number, raw in enumerate(records, before + 1):
        record = form.rewrite(bytes(raw)) if form.rewrite else bytes(raw)
        if not record.strip():
            continue
        where = f"{word} {number}"
        try:
            page = decoder.decode(record)
        except NOT_JSON:
            page = repaired(record, where, form, refused)
        if isinstance(page, Numbered):
            page.where = where
        if page is not None:
            yield page


def refusal(where: str, reason: str, record: bytes) -> Refusal:
    """Return a refused record, as text."""
    return Refusal(where, reason, record.decode("utf-8", "replace").strip())


def repaired(line: bytes, where: str, form: JsonFormat, refused: list[Refusal]) -> Any | None:
    """Decode a record without its bad items; refuse it whole where no item is to blame."""
    try:
        loose = _loosely_decoded(line)
    except (*NOT_JSON, ValueError) as error:
        refused.append(refusal(where, f"not JSON: {error}", line))
        return None
    while True:
        try:
            return msgspec.convert(loose, form.page, strict=False)
        except (msgspec.ValidationError, RecursionError) as error:
            place = _bad_item(loose, str(error), form.item_fields)
            if place is None:
                refused.append(refusal(where, str(error), line))
                return None
            items, i = place
            reason = str(error).replace("$", "record", 1)
            refused.append(refusal(where, reason, msgspec.json.encode(items.pop(i))))


def _loosely_decoded(line: bytes) -> Any:
    """Decode what strict JSON is not: half emoji and bytes that are no UTF-8 become U+FFFD."""
    try:
        return msgspec.json.decode(line)
    except NOT_JSON:
        whole = _HALF_CHARACTER.sub(rb"\\ufffd", line).decode("utf-8", "replace")
        return msgspec.json.decode(whole)


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
