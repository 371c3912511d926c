"""Rows whose text holds the separator, without quotes: the columns around it tell where it is."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence

# So many whole rows are looked at, and so many must there be.
LOOK, FEWEST = 2_000, 10
# A kind of cell that so few of a column's cells have is a slip.
RARE = 0.02
_KINDS = (
    ("nothing", re.compile(r"(?:NA|NaN|None|null)?", re.IGNORECASE)),
    ("flag", re.compile(r"true|false|yes|no", re.IGNORECASE)),
    ("number", re.compile(r"[-+]?\d+(?:\.\d+)?(?:e[-+]?\d+)?", re.IGNORECASE)),
    ("date", re.compile(r"\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}(?:[ T][\d:.Z+ -]+)?")),
    ("link", re.compile(r"https?://\S++|<a\s[^<>]{0,500}>[^<>]{0,200}</a>")),
    ("word", re.compile(r"\S+")),
)


def _kind(cell: str) -> str:
    return next((name for name, pattern in _KINDS if pattern.fullmatch(cell)), "text")


class LooseRows:
    """Knows from the whole rows of a table what stands on either side of its text."""

    def __init__(self, width: int, text: int, whole_rows: Iterable[Sequence[str]]) -> None:
        """Learn from rows that fit the header; `text` is the place of the text column."""
        self._text, self._after = text, width - text - 1
        rows = list(whole_rows)
        columns = list(zip(*rows, strict=True)) if len(rows) >= FEWEST else []
        kinds = [Counter(map(_kind, column)) for column in columns]
        self._kinds = [
            {kind for kind, n in counts.items() if n > RARE * len(rows)} for counts in kinds
        ]
        others = [some for place, some in enumerate(self._kinds) if place != text]
        # Columns of free text say nothing of where they begin.
        self._telling = 2 * sum("text" not in some for some in others) >= len(others) > 1

    def whole(self, cells: Sequence[str], separator: str) -> list[str] | None:
        """Put the text of a row together; None where the cells around it are not the usual ones."""
        if not self._telling:
            return None
        end = len(cells) - self._after
        before, after = cells[: self._text], cells[end:]
        row = [*before, separator.join(cells[self._text : end]), *after]
        fits = (
            _kind(cell) in kinds
            for place, (cell, kinds) in enumerate(zip(row, self._kinds, strict=True))
            if place != self._text
        )
        return row if all(fits) else None
