"""Themes that read as one subject: what fits no theme has none.

Much of a conversation has no subject: greetings, jokes, announcements, remarks made once. Readers
who were asked which of five posts does not belong found it far better the fewer such posts a theme
had, and best in the groups of a plain non-negative matrix factorisation of which only the texts
stay that a group accounts for most. So:

1. Texts become TF-IDF rows of their own words; what they answer, and hashtags that nobody says in
   a sentence, count for nothing. The rows are factorised (Lee and Seung 1999): each text is a sum
   of a few groups of words, and belongs to the one with the greatest part in it.
2. The texts stay in which that part is greatest, and that hold one of the three phrases that tell
   most of their group; see `core_phrases`. A group keeps five texts of three people, or goes.
3. A group in which a machine does not find the intruder among five texts goes too. Of several
   shares of texts that could stay, the largest is taken at which it finds nearly all.

Lee, Seung: Learning the parts of objects by non-negative matrix factorization, Nature 1999,
https://doi.org/10.1038/44565.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import scipy.sparse as sp
from sklearn.decomposition import NMF

from chatlab.themes.collocations import Phrases
from chatlab.themes.vectors import Labels, Rows, by_size, tfidf_rows, unit_rows

Flags = npt.NDArray[np.bool_]
# With fewer texts or people there is nothing to compare.
FEWEST_TEXTS, FEWEST_AUTHORS = 60, 10
SMALLEST, FEWEST_PEOPLE = 5, 3
# More different texts than this add time and no theme: the words of these group the others.
LARGEST_FIT = 20_000
# Groups to start from: so many times the root of the number of texts, at most as many as one reads.
START, MOST_STARTS = 0.6, 40
STEPS = 300
SHARES = (0.7, 0.6, 0.5, 0.4, 0.3, 0.25)
# A telling phrase stands so many times more often in the theme than elsewhere.
CORE, LIFT = 3, 3.0
# A phrase counts for the texts that no better one stands in, and for a part of the others.
COVERED = 0.3
# Where half of its uses are one person's, so many people must have it.
ONE_VOICE, MANY_PEOPLE = 0.5, 8
FOUND, DISSOLVED = 0.88, 0.5
# Where it is found so often at no share, the largest share counts that is nearly as good as any.
NEARLY = 0.07
TRIALS = 60


@dataclass(frozen=True)
class _Texts:
    phrases: Phrases
    rows: sp.csr_matrix
    # How great a part each group has in each text.
    parts: Rows
    seed: int

    def kept(self, share: float) -> Labels:
        """Keep a share of the texts, those that one group accounts for most."""
        best = self.parts.max(axis=1)
        stays = (best > 0) & (best >= np.quantile(best, 1 - share))
        groups = self._large_enough(np.where(stays, self.parts.argmax(axis=1), -1))
        for _again in range(2):
            groups = self._large_enough(np.where(self._says_so(groups), groups, -1))
        return groups

    def _large_enough(self, groups: Labels) -> Labels:
        """Leave out groups of few texts or people, and number the rest by size."""
        kept = np.full(len(groups), -1)
        for group in range(int(groups.max(initial=-1)) + 1):
            inside = groups == group
            people = len(np.unique(self.phrases.author[inside]))
            if inside.sum() >= SMALLEST and people >= FEWEST_PEOPLE:
                kept[inside] = group
        return _renumbered(kept)

    def _says_so(self, groups: Labels) -> Flags:
        says = np.zeros(len(groups), dtype=np.bool_)
        for group in range(int(groups.max(initial=-1)) + 1):
            inside = groups == group
            core = core_phrases(self.phrases, inside, CORE)
            says[inside] = np.diff(self.phrases.held[inside][:, core].indptr) > 0
        return says

    def intruders_found(self, groups: Labels) -> Rows:
        """Say for each group how often the text from elsewhere is the least like the others."""
        n_groups = int(groups.max(initial=-1)) + 1
        return np.array([self._found(groups, group) for group in range(n_groups)])

    def _found(self, groups: Labels, group: int) -> float:
        rng = np.random.default_rng(self.seed)
        inside, outside = np.flatnonzero(groups == group), np.flatnonzero(groups != group)
        four = np.array([rng.choice(inside, 4, replace=False) for _trial in range(TRIALS)])
        fives = np.column_stack([four, rng.choice(outside, TRIALS)])
        rows = self.rows[fives.ravel()]
        total = sp.kron(sp.eye(TRIALS), np.ones((5, 5))) @ rows
        likeness = np.asarray(rows.multiply(total - rows).sum(axis=1)).reshape(TRIALS, 5)
        # Of equals, one is named by chance.
        least = likeness <= likeness.min(axis=1, keepdims=True) + 1e-12
        return float(np.mean(least[:, 4] / least.sum(axis=1)))

    def without_vague(self, groups: Labels) -> tuple[Labels, float]:
        """Dissolve groups that cannot be told; return also how well the others are."""
        found = self.intruders_found(groups)
        if not len(found):
            return groups, 0.0
        firm = found >= DISSOLVED
        kept = np.where((groups >= 0) & firm[groups], groups, -1)
        if not firm.any():
            return kept, 0.0
        sizes = np.bincount(groups[groups >= 0], minlength=len(found))
        return _renumbered(kept), float(np.average(found[firm], weights=sizes[firm]))


def coherent_groups(
    phrases: Phrases,
    written_here: Flags,
    *,
    seed: int,
    n_groups: int | None = None,
    places: Rows | None = None,
) -> Labels:
    """Group texts, those that make one subject.

    Parameters
    ----------
    phrases
        The texts' phrases.
    written_here
        False for a text that nobody in the chat wrote: it has no group.
    seed
        Of the factorisation and of the trials with intruders.
    n_groups
        How many groups to start from; None takes more for more texts.
    places
        Where an encoder puts each text: counts as much as the words.

    Returns
    -------
    array
        For each text a group, 0 the largest; -1 where it fits none.
    """
    groups = np.full(len(written_here), -1)
    if not enough_to_group(phrases, written_here):
        return groups
    chosen = np.flatnonzero(written_here)
    rows = _word_rows(phrases, chosen, places)
    n_starts = n_groups or min(round(START * float(len(chosen)) ** 0.5), MOST_STARTS)
    fitted = np.arange(len(chosen))
    if len(chosen) > LARGEST_FIT:
        fitted = np.sort(np.random.default_rng(seed).permutation(fitted)[:LARGEST_FIT])
    factors = NMF(
        min(n_starts, *rows.shape), init="nndsvda", max_iter=STEPS, tol=1e-3, random_state=seed
    ).fit(rows[fitted])
    texts = _Texts(phrases.of(chosen), rows, factors.transform(rows), seed)
    tried: list[tuple[Labels, float]] = []
    for share in SHARES:
        tried.append(texts.without_vague(texts.kept(share)))
        if tried[-1][1] >= FOUND:
            break
    enough = min(FOUND, max(found for _kept, found in tried) - NEARLY)
    groups[chosen] = next(kept for kept, found in tried if found >= enough)
    return groups


def _word_rows(phrases: Phrases, chosen: Labels, places: Rows | None) -> sp.csr_matrix:
    rows = tfidf_rows(phrases.held[chosen][:, np.flatnonzero(phrases.lengths == 1)])
    if places is None:
        return rows
    # A factorisation adds up parts: what lies on the other side of an axis is a part of its own.
    sides = unit_rows(places[chosen])
    sides = np.hstack([np.maximum(sides, 0), np.maximum(-sides, 0)])
    return sp.csr_matrix(sp.hstack([rows, sp.csr_matrix(sides)]))


def core_phrases(
    phrases: Phrases,
    inside: Flags,
    n: int,
    *,
    lift: float = LIFT,
    allowed: Flags | None = None,
    before: Sequence[int] = (),
    fewest_people: int = FEWEST_PEOPLE,
) -> list[int]:
    """Choose the phrases that tell some texts from all others and stand in most of them.

    One after the other, each the best for the texts that no phrase before it stands in, and for a
    part of the others; none shares a word with one before it.

    Parameters
    ----------
    phrases
        Those of all texts.
    inside
        The texts.
    n
        How many at most.
    lift
        So many times more often a phrase must stand in these texts than in the others.
    allowed
        The phrases that may be chosen.
    before
        Phrases chosen before, which are returned first.
    fewest_people
        So many people must use a phrase in these texts.
    """
    held = phrases.held[inside].tocsc()
    here = np.asarray(held.sum(axis=0)).ravel()
    times = lift_of(phrases, inside)
    several = phrases.people(inside) >= fewest_people
    if fewest_people >= FEWEST_PEOPLE:
        several &= of_several(phrases, inside)
    usable = (times > lift) & several & phrases.whole & ~phrases.everyday
    if allowed is not None:
        usable &= allowed
    telling = np.where(usable, np.log(times), 0) * worth(phrases)
    covered = np.zeros(held.shape[0], dtype=np.bool_)
    chosen = list(before)
    for column in before:
        covered |= held[:, [column]].toarray().ravel() > 0
        telling = np.where(phrases.sharing_a_word(column), 0, telling)
    while len(chosen) < len(before) + n:
        new = np.asarray(held[~covered].sum(axis=0)).ravel()
        rated = (new + COVERED * (here - new)) * telling
        best = int(rated.argmax()) if len(rated) else 0
        if not len(rated) or rated[best] <= 0:
            break
        chosen.append(best)
        covered |= held[:, [best]].toarray().ravel() > 0
        telling = np.where(phrases.sharing_a_word(best), 0, telling)
    return chosen


def of_several(phrases: Phrases, inside: Flags) -> Flags:
    """Tell which phrases several people use in some texts.

    They are three at least, or eight where half of the uses are one person's.
    """
    people = phrases.people(inside)
    several: Flags = people >= FEWEST_PEOPLE
    few = np.flatnonzero(several & (people < MANY_PEOPLE))
    held = phrases.held[inside][:, few].tocsc()
    authors = phrases.author[inside]
    for place, column in enumerate(few):
        users = authors[held.indices[held.indptr[place] : held.indptr[place + 1]]]
        most = np.unique(users, return_counts=True)[1].max()
        several[column] = most <= ONE_VOICE * len(users)
    return several


def lift_of(phrases: Phrases, inside: Flags) -> Rows:
    """Say how many times more often each phrase stands in some texts than in the others."""
    here = np.asarray(phrases.held[inside].sum(axis=0)).ravel()
    outside = (phrases.texts - here + 0.5) / max(1, int((~inside).sum()))
    return np.asarray(np.maximum(here / max(1, int(inside.sum())) / outside, 1e-9))


def worth(phrases: Phrases) -> Rows:
    """Say how much more a phrase of several words tells than one word."""
    return np.where(phrases.lengths > 1, 1.8, 1.0)


def enough_to_group(phrases: Phrases, written_here: Flags) -> bool:
    """Tell whether there are texts and people enough to compare."""
    people = len(np.unique(phrases.author[written_here]))
    return bool(written_here.sum() >= FEWEST_TEXTS) and people >= FEWEST_AUTHORS


def _renumbered(groups: Labels) -> Labels:
    inside = groups >= 0
    numbered = np.full(len(groups), -1)
    if inside.any():
        numbered[inside] = by_size(groups[inside])
    return numbered
