"""What a dataset says of itself: its inputs, counted file by file, and where its posts lie."""

from __future__ import annotations

import hashlib
from pathlib import Path

import msgspec
import pandas as pd

from chatlab.errors import UnreadableFileError
from chatlab.io.dataset.folder import NAME
from chatlab.io.files import Member
from chatlab.io.refusals import FileLoading, loading_table
from chatlab.io.safe_files import write_safely

_BLOCK = 2**22


class Taken(msgspec.Struct, frozen=True):
    """One input that is in the dataset, and what it gave."""

    digest: str
    file: str
    source: str
    read: int
    kept: int
    duplicates: int
    refused: int
    context: int
    reasons: str
    notes: str


class Manifest(msgspec.Struct, frozen=True):
    """A dataset: its inputs, its posts, and the folder that holds them.

    `names_handles` says that people stand in it under handles whose ids a later file may tell.
    """

    folder: str = ""
    posts: int = 0
    files: tuple[str, ...] = ()
    inputs: tuple[Taken, ...] = ()
    names_handles: bool = False


def read_manifest(folder: Path) -> Manifest | None:
    """Read what a dataset says of itself; None where there is no dataset."""
    path = folder / NAME
    if not path.exists():
        return None
    try:
        return msgspec.json.decode(path.read_bytes(), type=Manifest)
    except (OSError, msgspec.MsgspecError) as error:
        raise UnreadableFileError(
            f"{path} cannot be read: {error}. Take the files in again, into a new folder."
        ) from error


def write_manifest(folder: Path, manifest: Manifest) -> None:
    """Write it, whole: from then on the dataset is the new one."""
    write_safely(folder / NAME, msgspec.json.format(msgspec.json.encode(manifest)) + b"\n")


def taken_table(manifest: Manifest) -> pd.DataFrame:
    """Lay the inputs out as `read_chat(...).loading` does, one row per file."""
    names = [name for name in Taken.__struct_fields__ if name != "digest"]
    files = [FileLoading(**{name: getattr(one, name) for name in names}) for one in manifest.inputs]
    return loading_table(files) if files else pd.DataFrame(columns=names).set_index("file")


def digest_of(member: Member) -> str:
    """Return what tells an input from all others, whatever it is called: a hash of its content."""
    told = hashlib.sha256()
    with member.path.open("rb") as file:
        while block := file.read(_BLOCK):
            told.update(block)
    told.update((member.inside or "").encode())
    return told.hexdigest()[:32]
