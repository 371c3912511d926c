"""Files written whole or not at all, and no more readable than those they come from."""

from __future__ import annotations

import glob
import os
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path

from chatlab.errors import (
    UnreadableFileError,
)

Paths = str | Path | Sequence[str | Path]

_mode: ContextVar[int] = ContextVar("mode", default=0o666)


@contextmanager
def no_more_readable_than(sources: Iterable[str | Path]) -> Iterator[None]:
    """While it lasts, nobody may read what is written who may not read these files and folders."""
    token = _mode.set(_mode.get() & _shared_mode(sources))
    try:
        yield
    finally:
        _mode.reset(token)


def _shared_mode(sources: Iterable[str | Path]) -> int:
    mode = 0o666
    for source in sources:
        place = Path(source)
        if glob.has_magic(str(source)) and not place.exists():
            mode &= _shared_mode(glob.glob(str(source), recursive=True))
        elif place.is_dir():
            mode &= _shared_mode(file for file in place.iterdir() if file.is_file())
        elif place.exists():
            mode &= 0o600 | place.stat().st_mode
    return mode


def write_safely(path: str | Path, content: bytes) -> None:
    """Write beside the target, then put in place: a reader sees the old file or the new one."""
    with safe_target(path) as beside:
        beside.write_bytes(content)


@contextmanager
def safe_target(path: str | Path) -> Iterator[Path]:
    """Give a file beside the target to write to; it is put in place when all went well."""
    target = Path(path)
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}.")
    except OSError as error:
        raise UnreadableFileError(f"{target} cannot be written: {error}.") from error
    os.close(handle)
    try:
        yield Path(name)
        # mkstemp makes private files; a report is shared like the files that it is made from.
        mask = os.umask(0)
        os.umask(mask)
        Path(name).chmod(_mode.get() & ~mask)
        Path(name).replace(target)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
