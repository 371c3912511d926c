"""Opening what people have on disk: plain, .gz and .zip files, as blocks of bytes."""

from __future__ import annotations

import codecs
import gzip
import io
import lzma
import re
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from fnmatch import fnmatch
from pathlib import Path
from typing import IO, Any

from tqdm import tqdm

from chatlab.errors import (
    NotPostsError,
    UnreadableFileError,
)
from chatlab.io.bounds import MOST_MEMBERS, refuse_bomb
from chatlab.text.patterns import printable

# A block and what is decoded from it should stay in the processor's cache.
BLOCK = 2**19
HEAD = 2**20
# No post is this long; a line that is never ends, or was never meant to be read.
LONGEST_LINE = 2**26
# What stands beside a chat and is never posts: an analyst's notes, the text of the query.
_BESIDE = {"themes.csv", "insights.csv", "people.csv", "memory.csv", "query"}
# Documents and pictures are passed over in folders; one given by itself is looked into.
_SKIPPED = re.compile(
    r"\.(avif|bak|css|gexf|gif|graphml|html?|ico|ipynb|jpe?g|log|m4a|md|mov|mp[34]|pdf|png|py|svg|"
    r"toml|txt|webm|webp|ya?ml)$",
    re.IGNORECASE,
)
# An X archive is a folder of scripts: only these hold posts, the rest is private and stays closed.
_POSTS_SCRIPT = re.compile(r"^(?!deleted|note)(.*[ _-])?tweets?(-part\d+)?\.js|^.*\d{4}_\d{2}\.js")


@dataclass(frozen=True)
class Member:
    """One readable file: on disk, or inside a zip."""

    path: Path
    inside: str | None = None

    @property
    def name(self) -> str:
        """The file's name as the loading table shows it."""
        return f"{self.path.name}/{self.inside}" if self.inside else self.path.name

    @contextmanager
    def open(self) -> Iterator[IO[bytes]]:
        """Open for reading, decompressed, as UTF-8; damage becomes an `UnreadableFileError`."""
        try:
            if self.inside:
                with zipfile.ZipFile(self.path) as archive, archive.open(self.inside) as file:
                    packed = archive.getinfo(self.inside).compress_size
                    yield _readable(_Bounded(file, self.name, packed), self.name, packed)
            else:
                packed = self.path.stat().st_size
                with self.path.open("rb", buffering=0) as file:
                    yield _readable(file, self.name, packed)
        except _DAMAGE as error:
            raise UnreadableFileError(
                f"{self.name} cannot be read: {error}. Fetch or copy the file again."
            ) from error

    def head(self) -> bytes:
        """Return the first bytes, decompressed."""
        with self.open() as file:
            return file.read(HEAD)

    def content(self) -> bytes:
        """Return the whole content, decompressed."""
        with self.open() as file:
            return file.read()

    def beside(self, pattern: str) -> list[Member]:
        """List the files in the same folder (of the zip, if inside one) by a pattern of names."""
        if self.inside is None:
            return [Member(path) for path in sorted(self.path.parent.glob(pattern))]
        folder = self.inside.rpartition("/")[0]
        with zipfile.ZipFile(self.path) as archive:
            names = sorted(archive.namelist())
        return [
            Member(self.path, name)
            for name in names
            if name.rpartition("/")[0] == folder and fnmatch(name.rpartition("/")[2], pattern)
        ]


# What zipfile and gzip raise for damaged, encrypted and exotic files.
_DAMAGE = (
    OSError,
    EOFError,
    zlib.error,
    zipfile.BadZipFile,
    RuntimeError,
    NotImplementedError,
    lzma.LZMAError,
)


class _Bounded(io.RawIOBase):
    """A packed stream that stops when it expands beyond what posts ever do."""

    def __init__(self, file: IO[bytes], name: str, packed: int) -> None:
        self._file, self._name = file, name
        self._packed, self._read = packed, 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        found = self._file.read(len(buffer))
        buffer[: len(found)] = found
        self._read += len(found)
        refuse_bomb(self._name, self._packed, self._read)
        return len(found)


def _readable(raw: Any, name: str, packed: int) -> IO[bytes]:
    # The content decides, not the name: gzip starts with 1f 8b.
    file: Any = io.BufferedReader(raw, HEAD)
    if file.peek(2)[:2] == b"\x1f\x8b":
        unpacked = _Bounded(gzip.GzipFile(fileobj=file), name, packed)  # type: ignore[arg-type]
        file = io.BufferedReader(unpacked, HEAD)
    encoding = _wide_encoding(file.peek(64)[:64])
    if encoding:
        text = file.read().decode(encoding, "replace")
        file.close()
        return io.BytesIO(text.lstrip("\ufeff").encode())
    return file  # type: ignore[no-any-return]


def _wide_encoding(head: bytes) -> str | None:
    """Tell which UTF-16 a file is in, by its mark or by the zeros of plain letters."""
    if head[:2] in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE):
        return "utf-16"
    if len(head) > 8 and head[1::2].count(0) == len(head) // 2 and 0 not in head[::2]:
        return "utf-16-le"
    return None


def is_posts_name(name: str) -> bool:
    """Tell from a path inside a folder or zip whether the file may be opened as posts."""
    parts = name.split("/")
    if any(re.match(r"\.[^.]|__MACOSX$", part) for part in parts) or parts[-1] in _BESIDE:
        return False
    # What an analyst writes about one file stands beside it: `chat.themes.csv`.
    if parts[-1].endswith(tuple(f".{name}" for name in _BESIDE)):
        return False
    if fnmatch(parts[-1], "feedback*.csv"):
        return False
    if parts[-1].endswith(".js"):
        return bool(_POSTS_SCRIPT.fullmatch(parts[-1]))
    return not _SKIPPED.search(parts[-1])


def members(path: Path) -> list[Member]:
    """List what can be read in a file: itself, or the files inside a zip (but not an xlsx)."""
    if not path.exists():
        raise UnreadableFileError(f"{path} does not exist. Check the path.")
    if not path.is_file():
        # A device or a pipe may never end, and reading it may change something.
        raise UnreadableFileError(f"{path} is no file but a device or a pipe. Give a file.")
    if path.name.startswith("direct-message"):
        raise NotPostsError(
            f"{path.name} holds private messages, which chatlab never opens. Give tweets.js."
        )
    try:
        if not zipfile.is_zipfile(path):
            return [Member(path)]
        with zipfile.ZipFile(path) as archive:
            names = [name for name in archive.namelist() if name and not name.endswith("/")]
            posts = [part for part in archive.infolist() if is_posts_name(part.filename)]
            refuse_bomb(path.name, path.stat().st_size, sum(part.file_size for part in posts))
    except _DAMAGE as error:
        raise UnreadableFileError(f"{path.name} cannot be read: {error}.") from error
    if "[Content_Types].xml" in names:
        return [Member(path)]
    readable = [name for name in sorted(names) if is_posts_name(name)]
    if len(readable) > MOST_MEMBERS:
        raise UnreadableFileError(
            f"{path.name} holds {len(readable):,} files, as no export of posts does. Unpack it and "
            "give the folder."
        )
    return [Member(path, name) for name in readable]


def progress_bar(member: Member) -> tqdm[Any]:
    """Show how far reading is: in a terminal only, and only when it takes over two seconds."""
    packed = member.inside is not None or member.path.suffix == ".gz"
    size = None if packed else member.path.stat().st_size
    return tqdm(
        total=size,
        desc=printable(member.name),
        unit="B",
        unit_scale=True,
        delay=2,
        leave=False,
        disable=None,
    )


def blocks_of_lines(file: IO[bytes]) -> Iterator[memoryview]:
    r"""Yield blocks that end at a line end; only ``\n`` ends a line (texts hold U+2028).

    Each block is a view of one buffer and holds until the next is asked for: fresh memory for
    every block would cost more than reading the file.
    """
    buffer = bytearray(BLOCK)
    filled = 0
    while read := file.readinto(memoryview(buffer)[filled:]):  # type: ignore[attr-defined]
        filled += read
        if cut := buffer.rfind(b"\n", filled - read, filled) + 1:
            yield memoryview(buffer)[:cut]
            buffer[: filled - cut] = buffer[cut:filled]
            filled -= cut
        elif filled > LONGEST_LINE:
            raise UnreadableFileError(
                f"A line of over {LONGEST_LINE >> 20} MB is no post. Check what the file is."
            )
        elif filled == len(buffer):
            buffer = buffer + bytes(len(buffer))
    if buffer[:filled].strip():
        yield memoryview(buffer)[:filled]
