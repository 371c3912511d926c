"""Writes the posts table, and any other, for a spreadsheet or another program."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from chatlab.errors import SettingsError
from chatlab.io.safe_files import write_safely
from chatlab.io.workbook import table_as_xlsx
from chatlab.io.write import (
    posts_as_csv,
    posts_as_jsonl,
    posts_as_parquet,
    posts_in_cells,
    table_as_csv,
)


def write_posts(posts: pd.DataFrame, path: str | Path) -> None:
    """Write a posts table as Parquet, CSV, xlsx or JSON lines, by the ending of the path.

    In CSV and xlsx, lists are JSON, and what a spreadsheet would run as a formula (`=`, `+`, `-`
    or `@` at the start of a cell, or after any sign that a program may take for a separator) gets
    a `'` in front. Texts of people who are not to be quoted are empty.

    Parameters
    ----------
    posts
        A posts table.
    path
        Where to write; the file is written whole or not at all.

    Raises
    ------
    SettingsError
        When the ending is none of `.parquet`, `.csv`, `.xlsx`, `.jsonl`; or when there are more
        rows or longer texts than a workbook holds.
    """
    writers = {
        ".parquet": posts_as_parquet,
        ".csv": posts_as_csv,
        ".xlsx": lambda some: table_as_xlsx(posts_in_cells(some)),
        ".jsonl": posts_as_jsonl,
    }
    ending = Path(path).suffix.lower()
    if ending not in writers:
        raise SettingsError(
            f"`path` ends in {ending or 'nothing'}; posts are written as {', '.join(writers)}."
        )
    write_safely(path, writers[ending](posts))


def write_table(table: pd.DataFrame, path: str | Path, *, zone: str = "UTC") -> None:
    """Write any table of the library as CSV or xlsx, by the ending of the path.

    Lists stand in one cell, parted by commas; nothing in a cell runs as a formula.

    Parameters
    ----------
    table
        Such as `people_table` gives; an index that is not 0, 1, 2 ... is the first column.
    path
        Where to write; the file is written whole or not at all.
    zone
        Time zone of the times; a workbook knows none.

    Raises
    ------
    SettingsError
        When the ending is neither `.csv` nor `.xlsx`; or when there are more rows or longer texts
        than a workbook holds.
    """
    ending = Path(path).suffix.lower()
    index = not isinstance(table.index, pd.RangeIndex)
    if ending == ".xlsx":
        write_safely(path, table_as_xlsx(table, index=index, zone=zone))
    elif ending == ".csv":
        plain = table.copy()
        for name in plain.columns:
            if isinstance(plain[name].dtype, pd.DatetimeTZDtype):
                plain[name] = plain[name].dt.tz_convert(zone)
            elif plain[name].map(lambda cell: isinstance(cell, list | tuple)).any():
                plain[name] = [", ".join(map(str, cell)) for cell in plain[name]]
        write_safely(path, table_as_csv(plain, index=index))
    else:
        raise SettingsError(
            f"`path` ends in {ending or 'nothing'}; tables are written as .csv or .xlsx."
        )
