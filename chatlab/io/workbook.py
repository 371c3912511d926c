"""Tables as Excel workbooks: texts are texts, times without a zone, lists in one cell."""

from __future__ import annotations

import io
from typing import Any

import numpy as np
import pandas as pd

from chatlab.errors import SettingsError
from chatlab.io.write import safe_cell

# What a sheet and a cell of it hold.
MOST_ROWS, LONGEST_CELL = 1_048_575, 32_767


def table_as_xlsx(table: pd.DataFrame, *, index: bool = False, zone: str = "UTC") -> bytes:
    """Write a table as a workbook of one sheet.

    Raises
    ------
    SettingsError
        When it has more rows, or longer texts, than a sheet holds.
    """
    import openpyxl  # only workbooks need it, and it is large

    if len(table) > MOST_ROWS:
        raise SettingsError(
            f"A sheet holds {MOST_ROWS:,} rows, the table has {len(table):,}. "
            "Write it as .csv or .parquet."
        )
    whole = table.reset_index() if index else table
    texts = (cell for name in whole.columns for cell in whole[name] if isinstance(cell, str))
    longest = max(map(len, texts), default=0)
    if longest > LONGEST_CELL:
        raise SettingsError(
            f"A cell of a workbook holds {LONGEST_CELL:,} characters, a text here has "
            f"{longest:,}. Write the table as .csv or .parquet."
        )
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet("table")
    sheet.append([_cell(sheet, str(name), zone) for name in whole.columns])
    for row in whole.itertuples(index=False, name=None):
        sheet.append([_cell(sheet, value, zone) for value in row])
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def _cell(sheet: Any, value: Any, zone: str) -> Any:
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

    if isinstance(value, list | tuple | np.ndarray):
        value = ", ".join(map(str, value))
    if not isinstance(value, str):
        return _plain(value, zone)
    text = safe_cell(ILLEGAL_CHARACTERS_RE.sub("", value.encode(errors="replace").decode()))
    cell = WriteOnlyCell(sheet, value=text)
    # Whatever it begins with, it is no formula.
    cell.data_type = "s"
    return cell


def _plain(value: Any, zone: str) -> Any:
    """Give a number, a flag or a time as a workbook keeps it; missing is an empty cell."""
    if pd.isna(value):
        return None
    if isinstance(value, pd.Timestamp):
        local = value.tz_convert(zone).tz_localize(None) if value.tz else value
        return local.to_pydatetime()
    return value.item() if isinstance(value, np.generic) else value
