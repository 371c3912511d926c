"""The folder of a dataset: what may stand in it, and who may write there."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from chatlab.errors import SettingsError, UnreadableFileError

NAME = "dataset.json"
WORK = "work"
LOCK = ".lock"
REJECTS = "rejects.jsonl"


def tidy(place: Path, kept: str) -> None:
    """Remove what earlier calls left: work that is done, and posts that were replaced."""
    for other in place.glob("posts-*"):
        if other.name != kept:
            shutil.rmtree(other)
    shutil.rmtree(place / WORK, ignore_errors=True)


def refuse_other_folder(place: Path) -> None:
    """Refuse to write among files that are no dataset."""
    known = {NAME, WORK, LOCK, REJECTS}
    if place.exists() and not place.is_dir():
        raise SettingsError(f"{place} is a file; a dataset is a folder. Name another.")
    there = [one.name for one in place.iterdir()] if place.exists() else []
    # An analyst's own tables and settings stand beside the posts.
    beside = (".toml", ".csv", ".bak")
    strange = [
        name
        for name in there
        if name not in known and not name.startswith(("posts-", ".")) and not name.endswith(beside)
    ]
    if strange:
        raise SettingsError(
            f"{place} holds {', '.join(sorted(strange)[:3])}, so it is no dataset. "
            "Name a new folder."
        )


@contextmanager
def alone_in(place: Path) -> Iterator[None]:
    """Keep a second call out of a dataset; the system lets go of it when a process ends."""
    try:
        place.mkdir(parents=True, exist_ok=True)
        file = (place / LOCK).open("a")
    except OSError as error:
        raise UnreadableFileError(f"{place} cannot be written: {error}.") from error
    with file:
        try:
            if sys.platform == "win32":
                import msvcrt

                msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
            else:
                import fcntl

                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            raise SettingsError(
                f"Another call is taking files into {place}. Wait for it to end."
            ) from error
        yield
