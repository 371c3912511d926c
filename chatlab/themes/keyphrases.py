"""Words and phrases that set one theme apart from the others."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt
import pandas as pd

from chatlab.text.words import content_words, tokenize, word_key
from chatlab.themes.documents import Documents
from chatlab.themes.vectors import Labels

FOLDS = 5
# `travail de nuit` and `cost of living` are phrases of two words.
_JOINING = frozenset({"de", "du", "des", "of"})


@dataclass(frozen=True)
class Terms:
    """Phrases of one or two words, and in how many different texts of each theme they stand.

    Attributes
    ----------
    names
        The phrases in the spelling that people used most.
    counts
        One row per theme, one column per phrase.
    sizes
        Different texts per theme.
    """

    names: tuple[str, ...]
    keys: tuple[tuple[str, ...], ...]
    counts: npt.NDArray[np.float64]
    sizes: npt.NDArray[np.float64]

    @cached_property
    def scores(self) -> npt.NDArray[np.float64]:
        """Rate phrases by theme: coverage times the logarithm of the lift over all others."""
        coverage = self.counts / np.maximum(self.sizes[:, None], 1)
        outside = self.counts.sum(axis=0) - self.counts
        others = np.maximum(self.sizes.sum() - self.sizes, 1)[:, None]
        lift = np.log((coverage + 0.001) / (outside / others + 0.001))
        # One text is no phrase of a theme, and a phrase of two words says more than one.
        words = np.array([len(key) for key in self.keys])
        rated = coverage * np.maximum(lift, 0) * np.where(words > 1, 1.6, 1.0)
        return np.where(self.counts > 1, rated, 0)

    def best(self, theme: int, n: int) -> list[int]:
        """Return the columns of a theme's best phrases, none sharing a word with a better one."""
        rated = self.scores[theme]
        chosen: list[int] = []
        used: set[str] = set()
        for column in np.argsort(-rated, kind="stable"):
            if rated[column] <= 0 or len(chosen) == n:
                break
            if not used.intersection(self.keys[column]):
                chosen.append(int(column))
                used.update(self.keys[column])
        return chosen


def phrases_of(text: str, lang: str | None, allowed: Collection[str]) -> dict[tuple[str, ...], str]:
    """List a text's words and pairs of words by key, with the spelling found."""
    words = tokenize(text)
    content = {word for word in content_words(words, lang) if word in allowed}
    found: dict[tuple[str, ...], str] = {
        (word_key(word),): word for word in words if word in content
    }
    for i, word in enumerate(words[:-1]):
        rest = words[i + 1 : i + 3]
        if len(rest) == 2 and rest[0] in _JOINING:
            pair = (word, rest[1])
        else:
            pair = (word, rest[0])
            rest = rest[:1]
        keys = (word_key(pair[0]), word_key(pair[1]))
        if keys[0] != keys[1] and content.issuperset(pair):
            found[keys] = " ".join([word, *rest])
    return found


def theme_codes(themes: pd.Series, index: pd.Index) -> tuple[list[int], Labels]:
    """Return the themes' numbers in order, and for each post its place among them, or -1."""
    own = themes.reindex(index)
    numbers = sorted(int(number) for number in own.dropna().unique())
    place = {number: i for i, number in enumerate(numbers)}
    codes = [place.get(-1 if pd.isna(theme) else int(theme), -1) for theme in own]
    return numbers, np.array(codes, dtype=np.int64)


def terms_of(posts: pd.DataFrame, codes: Labels, n_themes: int, documents: Documents) -> Terms:
    """Count the phrases of themes; `codes` gives each post its theme, -1 for none."""
    counts: list[Counter[tuple[str, ...]]] = [Counter() for _theme in range(n_themes)]
    spellings: dict[tuple[str, ...], Counter[str]] = {}
    sizes = np.zeros(n_themes)
    seen: set[tuple[str, ...]] = set()
    for text, lang, some, code in zip(
        posts["text"], posts["lang"], documents.words, codes, strict=True
    ):
        if code < 0 or not some or tuple(some) in seen:
            continue
        seen.add(tuple(some))
        sizes[code] += 1
        known = lang if isinstance(lang, str) else None
        for key, spelling in phrases_of(text, known, set(some)).items():
            counts[code][key] += 1
            spellings.setdefault(key, Counter())[spelling] += 1
    totals = sum(counts, Counter())
    keys = sorted(key for key, n in totals.items() if n > 1)
    names = [min(spellings[key], key=lambda s: (-spellings[key][s], s)) for key in keys]
    table = np.array([[by_theme[key] for key in keys] for by_theme in counts], dtype=float)
    return Terms(tuple(names), tuple(keys), table.reshape(n_themes, len(keys)), sizes)
