"""Tables that stand beside a chat, for a person to edit: read with care, written whole."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from chatlab._write import table_as_csv, unsafe_cell, write_safely
from chatlab.errors import UnreadableFileError
from chatlab.load import log
from chatlab.settings import Chat


def kept_file(chat: Chat, name: str) -> Path:
    """Return where a file of the analyst stands: in the chat's folder, or beside its one file."""
    first = Path(chat.settings.files[0]) if chat.settings.files else Path()
    return first / name if first.is_dir() else first.with_name(f"{first.stem}.{name}")


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


def write_beside(path: Path, table: pd.DataFrame) -> None:
    """Write a table whole; where nothing may be written, say so and go on."""
    try:
        write_safely(path, table_as_csv(table))
    except UnreadableFileError as error:
        # A folder that may only be read keeps nobody from reading a report.
        log.warning("%s: what you change there cannot be kept", error)
