"""Words and phrases that set one theme apart from the others, and the names made of them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt
import pandas as pd

from chatlab.themes.coherent import core_phrases, worth
from chatlab.themes.collocations import Phrases
from chatlab.themes.documents import Documents
from chatlab.themes.vectors import Labels, Rows

FOLDS = 5
IN_A_NAME, FILLED = 3, 4
NAMING_LIFT = 1.5


@dataclass(frozen=True)
class Terms:
    """The phrases of themes.

    Attributes
    ----------
    phrases
        Those of the different texts.
    groups
        The place of each text's theme among the themes, or -1.
    n_themes
        How many themes there are.
    """

    phrases: Phrases
    groups: Labels
    n_themes: int

    @cached_property
    def sizes(self) -> Rows:
        """Different texts per theme."""
        return np.array([(self.groups == theme).sum() for theme in range(self.n_themes)], float)

    @cached_property
    def counts(self) -> Rows:
        """One row per theme, one column per phrase: the theme's different texts that have it."""
        held = self.phrases.held
        rows = [
            np.asarray(held[self.groups == theme].sum(axis=0)).ravel()
            for theme in range(self.n_themes)
        ]
        return np.array(rows).reshape(self.n_themes, held.shape[1])

    def best(self, theme: int, n: int) -> list[int]:
        """Return the columns of a theme's best phrases, none sharing a word with a better one."""
        coverage = self.counts[theme] / max(1, self.sizes[theme])
        outside = self.counts.sum(axis=0) - self.counts[theme]
        elsewhere = outside / max(1, self.sizes.sum() - self.sizes[theme])
        lift = np.log((coverage + 0.001) / (elsewhere + 0.001))
        rated = coverage * np.maximum(lift, 0) * worth(self.phrases)
        # One text is no phrase of a theme.
        return self._apart(np.where((self.counts[theme] > 1) & self.phrases.whole, rated, 0), n)

    def _apart(self, rated: Rows, n: int) -> list[int]:
        chosen: list[int] = []
        used: set[str] = set()
        for column in np.argsort(-rated, kind="stable"):
            if rated[column] <= 0 or len(chosen) == n:
                break
            if not used.intersection(self.phrases.keys[column]):
                chosen.append(int(column))
                used.update(self.phrases.keys[column])
        return chosen

    def naming(self, theme: int, allowed: npt.NDArray[np.bool_]) -> tuple[list[int], float]:
        """Return the phrases that name a theme, and the share of its texts that have one of them.

        They are the theme's core, if they are allowed; see `core_phrases`.
        """
        inside = self.groups == theme
        chosen = core_phrases(self.phrases, inside, IN_A_NAME, lift=NAMING_LIFT, allowed=allowed)
        chosen = self._filled(chosen, inside, allowed)
        held = np.diff(self.phrases.held[inside][:, chosen].indptr) > 0
        return chosen, float(held.mean()) if len(held) else 0.0

    def _filled(
        self, chosen: list[int], inside: npt.NDArray[np.bool_], allowed: npt.NDArray[np.bool_]
    ) -> list[int]:
        """Add what two people say, where few phrases are said by three: a short name says little.

        Readers found that names of four phrases inform more often than those of one or two.
        """
        return core_phrases(
            self.phrases,
            inside,
            FILLED - len(chosen),
            lift=NAMING_LIFT,
            allowed=allowed,
            before=chosen,
            fewest_people=2,
        )


def theme_codes(themes: pd.Series, index: pd.Index) -> tuple[list[int], Labels]:
    """Return the themes' numbers in order, and for each post its place among them, or -1."""
    own = themes.reindex(index)
    numbers = sorted(int(number) for number in own.dropna().unique())
    place = {number: i for i, number in enumerate(numbers)}
    codes = [place.get(-1 if pd.isna(theme) else int(theme), -1) for theme in own]
    return numbers, np.array(codes, dtype=np.int64)


def terms_of(codes: Labels, n_themes: int, documents: Documents) -> Terms:
    """Find the phrases of themes; `codes` gives each post its theme, -1 for none."""
    return Terms(documents.phrases, codes[documents.first], n_themes)
