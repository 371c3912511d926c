"""Texts by their letters alone: spellings meet, and what is found is found in the original too."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from functools import cache
from itertools import pairwise
from typing import NamedTuple

from chatlab.text.patterns import without_accents

# Accents, zero-width signs and soft hyphens: a reader does not see them as letters.
_UNSEEN = {"Mn", "Me", "Cf"}
# Letters that Unicode does not take apart.
_ONE_LETTER = str.maketrans(
    {"ø": "o", "ł": "l", "đ": "d", "ð": "d", "ı": "i", "þ": "th", "æ": "ae", "œ": "oe"}
)
_RUN = re.compile(r"[^\W_]+")
# Chinese, Japanese, Thai, Lao, Khmer and Burmese put no blanks between words; Korean and Arabic
# write endings and articles onto a name. Korean letters are folded into their parts.
UNSPACED = re.compile(
    "[\u0600-\u06ff\u0e00-\u0eff\u1000-\u109f\u1100-\u11ff\u1780-\u17ff\u3040-\u30ff"
    "\u3400-\u9fff\uac00-\ud7af]"
)


@cache
def _folded(sign: str) -> str:
    decomposed = unicodedata.normalize("NFKD", sign)
    seen = "".join(one for one in decomposed if unicodedata.category(one) not in _UNSEEN)
    return seen.casefold().translate(_ONE_LETTER)


class Piece(NamedTuple):
    """A run of letters or digits as one writes it in a word: `MerciAwa` has two."""

    letters: str
    start: int
    end: int
    capital: bool
    blank_before: bool


class Letters:
    """The folded letters of a text, each with its place in the text.

    Folded are: case, accents however they are written, full width, ligatures. What a reader does
    not see (zero-width signs, soft hyphens) is left out.
    """

    def __init__(self, text: str) -> None:
        self.text = text
        self.places: Sequence[int]
        if text.isascii():
            self.folded, self.places = text.lower(), range(len(text))
        else:
            signs = [_folded(sign) for sign in text]
            self.folded = "".join(signs)
            self.places = [i for i, sign in enumerate(signs) for _ in sign]

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Return where a stretch of the letters stands in the text, unseen signs included."""
        last = self.places[end - 1] + 1
        while last < len(self.text) and unicodedata.category(self.text[last]) in _UNSEEN:
            last += 1
        return self.places[start], last

    def pieces(self, start: int, end: int) -> list[Piece]:
        """List the pieces within a stretch: runs, cut where case or digits cut them."""
        found: list[Piece] = []
        for run in _RUN.finditer(self.folded, start, end):
            cuts = [run.start(), *self._humps(run.start(), run.end()), run.end()]
            for begin, stop in pairwise(cuts):
                first = self.text[self.places[begin]]
                blank = begin == start or self.folded[begin - 1].isspace()
                letters = self.folded[begin:stop]
                found.append(Piece(letters, begin, stop, not first.islower(), blank))
        return found

    def _humps(self, start: int, end: int) -> list[int]:
        """Find where a run changes: `aB`, `ABc` (before the B), `a1`, `1a`."""
        signs = [self.text[self.places[i]] for i in range(start, end)]
        if self.folded[start:end].isalpha() and not any(sign.isupper() for sign in signs[1:]):
            return []
        cuts = []
        for i in range(1, len(signs)):
            before, sign = signs[i - 1], signs[i]
            after = signs[i + 1] if i + 1 < len(signs) else ""
            hump = sign.isupper() and (before.islower() or (before.isupper() and after.islower()))
            if hump or before.isdigit() != sign.isdigit():
                cuts.append(start + i)
        return [i for i in cuts if self.places[i] != self.places[i - 1]]


def squeezed(text: str) -> str:
    """Return nothing but the folded letters and digits of a text."""
    return "".join(_RUN.findall(Letters(text).folded))


def folded(text: str) -> str:
    """Remove accents, and make apostrophes blanks, so that spellings meet."""
    return without_accents(text).replace("’", " ").replace("'", " ")
