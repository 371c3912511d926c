"""Opening what people have on disk: plain, .gz and .zip files, as blocks of bytes."""

from __future__ import annotations

import gzip
import io
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from tqdm import tqdm

from chatlab.errors import UnreadableFileError

# A block and what is decoded from it should stay in the processor's cache.
BLOCK = 2**19
HEAD = 2**20


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
        """Open for reading, decompressed; damage becomes an `UnreadableFileError`."""
        try:
            if self.inside:
                with zipfile.ZipFile(self.path) as archive, archive.open(self.inside) as file:
                    yield _decompressed(file)
            else:
                with self.path.open("rb", buffering=0) as file:
                    yield _decompressed(file)
        except (OSError, EOFError, zlib.error, zipfile.BadZipFile) as error:
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


def _decompressed(file: IO[bytes]) -> IO[bytes]:
    # The content decides, not the name: gzip starts with 1f 8b.
    buffered = io.BufferedReader(file, HEAD)  # type: ignore[type-var]
    if buffered.peek(2)[:2] == b"\x1f\x8b":
        return gzip.GzipFile(fileobj=buffered)  # type: ignore[return-value]
    return buffered


def progress_bar(member: Member) -> tqdm[Any]:
    """Show how far reading is: in a terminal only, and only when it takes over two seconds."""
    packed = member.inside is not None or member.path.suffix == ".gz"
    size = None if packed else member.path.stat().st_size
    return tqdm(
        total=size,
        desc=member.name,
        unit="B",
        unit_scale=True,
        delay=2,
        leave=False,
        disable=None,
    )


def members(path: Path) -> list[Member]:
    """List what can be read in a file: itself, or the files inside a zip (but not an xlsx)."""
    if not path.exists():
        raise UnreadableFileError(f"{path} does not exist. Check the path.")
    if not zipfile.is_zipfile(path):
        return [Member(path)]
    with zipfile.ZipFile(path) as archive:
        names = [info.filename for info in archive.infolist() if not info.is_dir()]
    if "[Content_Types].xml" in names:
        return [Member(path)]
    return [
        Member(path, name)
        for name in sorted(names)
        if not name.startswith("__MACOSX/") and not name.rsplit("/", 1)[-1].startswith(".")
    ]


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
        elif filled == len(buffer):
            buffer = buffer + bytes(len(buffer))
    if buffer[:filled].strip():
        yield memoryview(buffer)[:filled]
