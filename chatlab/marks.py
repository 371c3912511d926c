"""The marks of a numbered chat: `Q1`, `Question 2 :`, `A1`, `R.2`, `Réponse 3`."""

from __future__ import annotations

import re
from typing import NamedTuple

# After hashtags or handles. A spaced `A 3` is an answer only before a sign: `A 3-day rule` is none.
_MARK = re.compile(
    r"^(?:[@#]\S+\s+)*\W*"
    r"(?:(?P<asks>q(?:uestion)?)|a(?!\s)|a(?=\s\d{1,2}\s?(?:[:.)]\s|[–—]))|r|answer|r[ée]ponse)"
    r"\s?[.#]?\s?(?P<number>\d{1,2})(?![\d%€$])(?:\ufe0f?\u20e3|\b)\W*",
    re.IGNORECASE,
)


class Mark(NamedTuple):
    """A mark at the start of a post: of a question or of an answer, with its number."""

    asks: bool
    number: int


def number_mark(text: object) -> Mark | None:
    """Read the mark at the start of a text; None where there is none."""
    found = _MARK.match(text) if isinstance(text, str) else None
    return Mark(bool(found["asks"]), int(found["number"])) if found else None


def without_mark(text: str) -> str:
    """Return a text without its mark, and without what stood before it."""
    return _MARK.sub("", text, count=1)
