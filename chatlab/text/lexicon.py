"""Classes of words by which posts are read: problems, tools, advice, deeds, thanks, jokes."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from pathlib import Path

import pandas as pd

FOLDER = Path(__file__).parent / "model"
# The shortest beginning that `*` may stand behind.
SHORTEST = 2


class Lexicon:
    """The entries of a language, looked up in the words of a text.

    An entry is a word or a phrase, folded, without accents and apostrophes; `*` stands for the
    rest of a word.
    """

    def __init__(self, entries: Sequence[tuple[str, str]]) -> None:
        self.classes = tuple(sorted({kind for kind, _entry in entries}))
        self._entries: dict[tuple[str, ...], list[str]] = {}
        # By their first word, so that most places of a text are left at once.
        self._lengths: dict[str, set[int]] = {}
        self._beginnings: dict[str, set[int]] = {}
        for kind, entry in entries:
            words = tuple(entry.split())
            self._entries.setdefault(words, []).append(kind)
            first, length = words[0], len(words)
            if first.endswith("*"):
                self._beginnings.setdefault(first[:-1], set()).add(length)
            else:
                self._lengths.setdefault(first, set()).add(length)
        self._cut = {words for words in self._entries if any(word[-1] == "*" for word in words)}

    def found(self, words: Sequence[str]) -> list[tuple[str, str]]:
        """List the entries that stand in a text, each once, as (class, the words met)."""
        met: dict[tuple[str, str], None] = {}
        for i, word in enumerate(words):
            for length in self._lengths.get(word, ()):
                self._meet(words[i : i + length], length, word, met)
            for end in range(SHORTEST, len(word) + 1):
                for length in self._beginnings.get(word[:end], ()):
                    self._meet(words[i : i + length], length, f"{word[:end]}*", met)
        return [*met]

    def _meet(
        self, words: Sequence[str], length: int, first: str, met: dict[tuple[str, str], None]
    ) -> None:
        if len(words) < length:
            return
        keys = [(first, *words[1:])]
        if length > 1:
            keys += [
                (first, *words[1:-1], f"{words[-1][:end]}*")
                for end in range(SHORTEST, len(words[-1]) + 1)
            ]
        for key in keys:
            for kind in self._entries.get(key, ()):
                met[kind, " ".join(words)] = None


@cache
def lexicon(lang: str) -> Lexicon:
    """Return the lexicon of a language, `en` or `fr`: `chatlab/text/model/lexicon_en.csv`."""
    table = pd.read_csv(FOLDER / f"lexicon_{lang}.csv", dtype="str", keep_default_na=False)
    return Lexicon([*table[["class", "entry"]].itertuples(index=False, name=None)])
