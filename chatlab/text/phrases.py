"""What a phrase does: greets, thanks, takes leave, asks, sells; French and English."""

from __future__ import annotations

import csv
import re
from functools import cache
from pathlib import Path

from chatlab.text.patterns import clean_text, without_accents

LIST = Path(__file__).parent / "lists" / "phrases.csv"


def says(text: object, kind: str) -> bool:
    """Tell whether a text holds a phrase of a kind.

    Parameters
    ----------
    text
        Any text; case, accents and the kind of apostrophe do not matter.
    kind
        One of the kinds in `chatlab/text/lists/phrases.csv`.
    """
    return isinstance(text, str) and bool(_pattern(kind).search(plainly(text)))


def phrase(text: str, kind: str) -> str | None:
    """Return the first phrase of a kind in a text, folded; None where there is none."""
    found = _pattern(kind).search(plainly(text))
    return found[0] if found else None


def opens_with(text: str, kind: str) -> bool:
    """Tell whether a text begins with a phrase of a kind."""
    return bool(_pattern(kind).match(plainly(text).lstrip(" .,;:!?…\"'«»“”()")))


def whole_phrase(text: str, kind: str) -> bool:
    """Tell whether a text is nothing but a phrase of a kind."""
    return bool(_pattern(kind).fullmatch(plainly(text).strip(" .,;:!?…\"'«»")))


@cache
def _pattern(kind: str) -> re.Pattern[str]:
    with LIST.open(encoding="utf-8", newline="") as file:
        patterns = [row["pattern"] for row in csv.DictReader(file) if row["kind"] == kind]
    return re.compile(r"(?<!\w)(?:" + "|".join(patterns) + r")(?!\w)")


def plainly(text: str) -> str:
    """Fold a text for comparison: one line, casefolded, no accents, straight apostrophes."""
    return without_accents(clean_text(text).casefold().replace("’", "'"))
