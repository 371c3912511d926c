"""The forms in which a name can stand in a text."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from chatlab.text.folding import Piece

_CYRILLIC = re.compile("[\u0400-\u04ff]")


class Found(NamedTuple):
    """A stretch of a text that names somebody, and what is to stand there."""

    start: int
    end: int
    instead: str


def within(
    letters: str, whose: Mapping[str, str], lengths: list[int]
) -> list[tuple[int, int, str]]:
    """Find the longest names first come, first served."""
    found, i = [], 0
    while i < len(letters):
        left = len(letters) - i
        n = next((n for n in reversed(lengths) if n <= left and letters[i : i + n] in whose), 0)
        if n:
            found.append((i, i + n, whose[letters[i : i + n]]))
        i += n or 1
    return found


def together(folded: str, before: Piece, piece: Piece) -> bool:
    """Tell whether two pieces may be parts of one name: little stands between, and no line end."""
    between = folded[before.end : piece.start]
    return len(between) <= 3 and "\n" not in between


def forms_of_name(word: str) -> Iterator[str]:
    """Give a word, and what it may be a form of: a genitive or plural with s, a Slavic case."""
    yield word
    if len(word) >= 5 and word.endswith("s"):
        yield word[:-1]
    if len(word) >= 5 and _CYRILLIC.search(word):
        yield from (word[:-1], word[:-2], word[:-1] + "й", word[:-1] + "и", word[:-1] + "а")
