"""Tables that stand beside a chat, for a person to edit: read with care, written whole."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

import pandas as pd

from chatlab.errors import UnreadableFileError
from chatlab.io.load import log
from chatlab.io.safe_files import no_more_readable_than, write_safely
from chatlab.io.write import table_as_csv, unsafe_cell

_LONGEST_HEAD = 100_000
# By these columns chatlab knows a file as its own.
_OWN_HEADS = {
    "themes.csv": {"theme", "merge_into", "found"},
    "insights.csv": {"post_id", "kind", "verdict"},
    "people.csv": {"author_id", "thanked_on"},
}


def kept_file(files: Sequence[str], name: str) -> Path:
    """Return where a file of the analyst stands: in the chat's folder, or beside its one file.

    `files` are those of the chat's settings. Where somebody's own file has that name already,
    chatlab's bears another: `chatlab.people.csv`.
    """
    first = Path(files[0]) if files else Path()
    path = first / name if first.is_dir() else first.with_name(f"{first.stem}.{name}")
    heads = _OWN_HEADS.get(name)
    if heads is None or not path.exists() or heads <= _heads(path):
        return path
    other = path.with_name(f"chatlab.{path.name}")
    log.warning("%s is not chatlab's and stays as it is; chatlab writes %s", path, other.name)
    return other


def _heads(path: Path) -> set[str]:
    """Return the column heads of a table, whatever separates them."""
    try:
        with path.open(encoding="utf-8-sig", errors="replace") as file:
            line = file.readline(_LONGEST_HEAD)
    except OSError as error:
        raise UnreadableFileError(f"{path} cannot be read: {error}.") from error
    return {head.strip(" \"'\n\r") for head in re.split(r"[;,\t]", line)}


def read_beside(path: Path, names: list[str]) -> pd.DataFrame:
    """Read a table of texts; missing columns are empty, unknown ones stay, no file is no rows."""
    if not path.exists():
        return pd.DataFrame(columns=names, dtype="str")
    try:
        # A French spreadsheet writes semicolons, and a byte order mark at the start.
        table = pd.read_csv(
            path,
            sep=None,
            engine="python",
            dtype="str",
            keep_default_na=False,
            encoding="utf-8-sig",
        )
    except (OSError, ValueError) as error:
        raise UnreadableFileError(
            f"{path} cannot be read: {error}. Mend it, or put it elsewhere to begin anew."
        ) from error
    table = table.reindex(columns=[*names, *(c for c in table.columns if c not in names)])
    return table.fillna("").map(unsafe_cell)


def write_beside(files: Sequence[str], path: Path, table: pd.DataFrame) -> None:
    """Write a table whole; where nothing may be written, say so and go on.

    What stood there before is kept beside it, as `.bak`, if it changes.
    """
    if path.resolve().is_relative_to(Path(__file__).parents[1]):
        # The bundled chat of an installed chatlab belongs to the installation.
        return
    content = table_as_csv(table)
    try:
        with no_more_readable_than(files):
            before = path.read_bytes() if path.exists() else content
            if before != content:
                kept = path.with_name(f"{path.name}.bak")
                write_safely(kept, before)
                log.info("%s changes; as it was before, it is kept in %s", path, kept.name)
            write_safely(path, content)
    except (OSError, UnreadableFileError) as error:
        # A folder that may only be read keeps nobody from reading a report.
        log.warning("%s: what you change there cannot be kept", error)
