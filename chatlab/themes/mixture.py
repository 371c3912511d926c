"""Groups of short texts by their words: the engine under the themes.

A mixture of word distributions, found in six steps, several times over from different starts:

1. Texts become TF-IDF rows, reduced by SVD, and are cut by k-means into many small groups.
2. Iterative reclassification (Rakib et al. 2020): a naive Bayes classifier (Rennie et al. 2003)
   learns each group's inner four fifths and puts every text where it belongs.
3. Gibbs sweeps of a Dirichlet mixture (Yin and Wang 2014), under a prior that grows from level to
   level. The prior is a share of all words, so that the same share of a conversation makes a
   theme, however large it is. It is spread over the words by the root of their frequency.
4. At each level, groups are merged while the exact evidence of the mixture grows.
5. The finest level on which the runs agree is kept ("prediction strength", Tibshirani and
   Walther 2005: agreement of at least 0.8 to 0.9). Where they agree on none, the level between 7
   and 15 groups is kept on which they agree most, the coarsest of equals. Where a number is asked
   for, the coarsest level with as many is merged down to it.
6. Each run is swept again, words counting by what they tell of the groups, and the runs vote.

Rakib et al.: Enhancement of Short Text Clustering by Iterative Classification, NLDB 2020,
https://doi.org/10.1007/978-3-030-51310-8_10. Rennie et al.: Tackling the Poor Assumptions of Naive
Bayes Text Classifiers, ICML 2003. Yin, Wang: A Dirichlet Multinomial Mixture Model-based Approach,
KDD 2014, https://doi.org/10.1145/2623330.2623715. Tibshirani, Walther: Cluster Validation by
Prediction Strength, 2005, https://doi.org/10.1198/106186005X59243.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import scipy.sparse as sp
from sklearn.metrics import adjusted_rand_score

from chatlab.progress import slow
from chatlab.themes.merging import Merge, crossed, cut_merges, greedy_merges
from chatlab.themes.number import (
    REPEATS,
    Level,
    agreement_of,
    matched,
    mean_size,
    most_repeatable,
    readable_instead,
)
from chatlab.themes.sampling import LEAN, most_telling, sampled
from chatlab.themes.vectors import (
    Labels,
    Rows,
    by_distance,
    by_size,
    complement_weights,
    membership,
    neighbourhoods,
    reduced,
    tfidf_rows,
    unit_rows,
    words_of,
)

# Runs from different starts: more where they cost little, as a small conversation is less firm.
RUNS, MANY_RUNS, FEW_TEXTS = 4, 6, 5_000
# The prior's weight, as a share of all words: the first level, and how it grows.
FINEST = 0.008
GROWTH = 1.2
COARSEST = 0.25
# The first cut is fine: fine groups can be merged, but no step splits coarse ones.
MOST_GROUPS, MOST_OF_FEW = 400, 800
FEWEST_TEXTS = 5
INNER = 0.8
ROUNDS = 4
# A prior lighter than this many words lets every text of a small chat be its own theme.
LIGHTEST = 25.0
SLACK = 1.35
# Sweeps over the groups that were kept.
SETTLING = 14
# What all runs together say for a text's group, beside the words that naive Bayes reads.
VOTES = 0.7


@dataclass(frozen=True)
class Grouping:
    """Groups of texts, and their tree: numbers only, nothing of what the texts say.

    Attributes
    ----------
    leaves
        The finest group of each text.
    merges
        Pairs (kept, absorbed) of groups, in the order in which they merge into one.
    n_groups
        The number of groups found.
    agreement
        Mean adjusted Rand index between the runs at that number; 1 where there was no choice.
    """

    leaves: Labels
    merges: tuple[tuple[int, int], ...]
    n_groups: int
    agreement: float

    def arrays(self) -> dict[str, npt.NDArray[Any]]:
        """Return the grouping as arrays, to be kept."""
        merges = np.array(self.merges, dtype=np.int64).reshape(-1, 2)
        number = np.array([self.n_groups, self.agreement])
        return {"leaves": self.leaves, "merges": merges, "number": number}

    @classmethod
    def of(cls, arrays: Mapping[str, npt.NDArray[Any]]) -> Grouping:
        """Return the grouping that `arrays` told."""
        merges = tuple((int(stays), int(goes)) for stays, goes in arrays["merges"])
        n_groups, agreement = arrays["number"]
        leaves = np.asarray(arrays["leaves"], dtype=np.int64)
        return cls(leaves, merges, int(n_groups), float(agreement))

    def cut(self, n_groups: int) -> Labels:
        """Return the group of each leaf when the tree is cut into so many groups."""
        n_leaves = len(self.merges) + 1
        owner = np.arange(n_leaves)
        for kept, absorbed in self.merges[: max(0, n_leaves - n_groups)]:
            owner[owner == absorbed] = kept
        return owner


def find_groups(
    counts: sp.csr_matrix,
    tfidf: sp.csr_matrix,
    links: sp.csr_matrix,
    *,
    n_groups: int | None,
    seed: int,
    places: Rows | None = None,
) -> Grouping:
    """Group texts by their words, by what answers what, and by what an encoder finds alike.

    Parameters
    ----------
    counts
        One row per text, one column per word.
    tfidf
        The same, weighed, with the words that a text borrows from what it answers.
    links
        One row and one column per text: 1 where one answers the other, in both directions.
    n_groups
        How many groups; None chooses the finest number that repeats.
    seed
        The same seed and the same rows give the same groups.
    places
        One row per text: where an encoder puts it. Its neighbourhoods then count as words.
    """
    n_texts = counts.shape[0]
    if places is not None:
        places = unit_rows(places)
        counts = sp.csr_matrix(sp.hstack([counts, neighbourhoods(places, seed)]))
        tfidf = tfidf_rows(counts)
    most = min(MOST_OF_FEW if n_texts <= FEW_TEXTS else MOST_GROUPS, n_texts // FEWEST_TEXTS)
    if n_groups is not None:
        most = min(max(most, 2 * n_groups), n_texts)
    if most < 2 or counts.shape[1] < 2 or n_groups == 1:
        return _one_group(counts)
    if places is None:
        places = reduced(tfidf, seed)
    n_runs = MANY_RUNS if n_texts <= FEW_TEXTS else RUNS
    return _WordGroups(counts, tfidf, links, places, seed, n_runs).found(most, n_groups)


def _one_group(counts: sp.csr_matrix) -> Grouping:
    leaves = np.zeros(counts.shape[0], dtype=np.int64)
    return Grouping(leaves, (), 1, 1.0)


@dataclass
class _WordGroups:
    counts: sp.csr_matrix
    tfidf: sp.csr_matrix
    links: sp.csr_matrix
    places: Rows
    seed: int
    n_runs: int

    def __post_init__(self) -> None:
        # Whether a word is there says more than how often: repeats come in bursts.
        self.present = self.counts.copy()
        self.present.data = np.minimum(self.present.data, 1)
        frequency = np.asarray(self.present.sum(axis=0)).ravel()
        self.n_words = float(frequency.sum())
        # A word that only copies use has no posts left here; it must not have a prior of zero.
        frequency = np.maximum(frequency, 1)
        self.base = np.sqrt(frequency) / np.sqrt(frequency).sum()

    def found(self, most: int, n_groups: int | None) -> Grouping:
        levels = self._levels(most)
        if n_groups is None:
            prior, runs, labels, _agreement = self._finest_that_repeats(levels)
        else:
            prior, runs, labels = self._fitting(levels, n_groups)
        rngs = [np.random.default_rng([self.seed, run, SETTLING]) for run in range(len(labels))]
        settled = [
            self._settled(groups, prior, rng) for groups, rng in zip(labels, rngs, strict=True)
        ]
        return self._tree(self._vote(settled), runs, prior, settled)

    def _levels(self, most: int) -> Iterator[tuple[Rows, list[Labels]]]:
        """Yield ever stronger priors, and under each the groups of every run."""
        runs = []
        for run in range(self.n_runs):
            start = by_distance(self.places, most, self.seed * MANY_RUNS + run)
            runs.append(self._reclassified(start))
        steps = int(np.log(COARSEST / FINEST) / np.log(GROWTH)) + 1
        for step in slow(range(steps), steps, "themes"):
            share = FINEST * GROWTH**step
            prior = max(share * self.n_words, LIGHTEST) * self.base
            sweeps = 2 if step else 5
            rngs = [np.random.default_rng([self.seed, run, sweeps]) for run in range(self.n_runs)]
            runs = [
                self._sampled(groups, prior, sweeps, rng)
                for groups, rng in zip(runs, rngs, strict=True)
            ]
            yield prior, runs

    def _finest_that_repeats(self, levels: Iterator[tuple[Rows, list[Labels]]]) -> Level:
        tried: list[Level] = []
        for number, (prior, runs) in enumerate(levels):
            # Agreement is dear to compute and changes slowly: every second level will do.
            if number % 2:
                continue
            labels = [self._merged(groups, prior) for groups in runs]
            level = (prior, runs, labels, agreement_of(labels))
            if max(one.max() for one in labels) == 0:
                return level if not tried else most_repeatable(tried)
            tried.append(level)
            if level[3] >= REPEATS:
                return readable_instead(level, tried)
        return most_repeatable(tried)

    def _fitting(
        self, levels: Iterator[tuple[Rows, list[Labels]]], n_groups: int
    ) -> tuple[Rows, list[Labels], list[Labels]]:
        """Take the strongest prior that leaves at least so many groups, and merge down to them.

        Groups merged by evidence are better ones; where these are too few from the start, the
        groups before merging are taken, some more than asked for.
        """
        prior, runs = next(levels)
        merged = [self._merged(groups, prior) for groups in runs]
        by_evidence = mean_size(merged) >= n_groups
        labels = merged if by_evidence else runs
        for number, (coarser, fewer) in enumerate(levels, start=1):
            if by_evidence and number % 2:
                continue
            left = [self._merged(some, coarser) for some in fewer] if by_evidence else fewer
            if mean_size(left) < n_groups * (1 if by_evidence else SLACK):
                break
            prior, runs, labels = coarser, fewer, left
        fitted = []
        for groups in labels:
            merges = self._merges(groups, prior, per_text=True)
            fitted.append(by_size(cut_merges(groups, merges, n_groups)))
        return prior, runs, fitted

    def _merged(self, groups: Labels, prior: Rows) -> Labels:
        merges = self._merges(groups, prior)
        gains = np.cumsum([0.0, *(gain for gain, _kept, _absorbed in merges)])
        best = int(np.argmax(gains))
        cut = cut_merges(groups, merges, len(merges) + 1 - best)
        return by_size(self._reclassified(by_size(cut)))

    def _reclassified(self, groups: Labels, votes: Rows | None = None) -> Labels:
        n_groups = int(groups.max()) + 1 if votes is None else votes.shape[1]
        for _round in range(ROUNDS):
            centres = unit_rows(np.asarray(membership(groups, n_groups) @ self.places))
            closeness = np.einsum("ij,ij->i", self.places, centres[groups])
            sizes = np.bincount(groups, minlength=n_groups)
            order = np.lexsort((-closeness, groups))
            rank = np.empty(len(groups), dtype=np.int64)
            rank[order] = np.arange(len(groups)) - np.repeat(np.cumsum(sizes) - sizes, sizes)
            inner = rank < INNER * sizes[groups]
            weights = complement_weights(self.tfidf, groups, n_groups, inner)
            scores = np.asarray(self.tfidf @ weights.T)
            groups = (scores if votes is None else scores + VOTES * votes).argmax(axis=1)
        return groups

    def _sampled(
        self, groups: Labels, prior: Rows, sweeps: int, rng: np.random.Generator
    ) -> Labels:
        return sampled(groups, self.present, self.links, prior, sweeps, rng)

    def _settled(self, merged: Labels, prior: Rows, rng: np.random.Generator) -> Labels:
        """Sweep over merged groups, then let words count by what they tell; lose no group."""
        n_groups = int(merged.max()) + 1
        groups = self._sampled(self._reclassified(merged), prior, SETTLING, rng)
        for _round in range(ROUNDS):
            groups = most_telling(groups, self.present, self.links, prior)
        return by_size(groups) if len(np.unique(groups)) == n_groups else merged

    def _merges(self, groups: Labels, prior: Rows, *, per_text: bool = False) -> list[Merge]:
        """Merge the pair that gains most evidence (or most per text), until one is left."""
        n_groups = int(groups.max()) + 1
        words = words_of(groups, n_groups, self.present)
        sizes = np.bincount(groups).astype(np.float64)
        members = membership(groups, n_groups)
        ties = LEAN * (members @ self.links @ members.T).toarray()
        return greedy_merges(words, sizes, prior, ties, per_text=per_text)

    def _vote(self, runs: Sequence[Labels]) -> Labels:
        """Let the runs vote on every text, groups matched to those of the most typical run."""
        likeness = np.array([[adjusted_rand_score(a, b) for b in runs] for a in runs])
        typical = runs[int(likeness.sum(axis=1).argmax())]
        n_groups = max(int(run.max()) for run in runs) + 1
        votes = np.zeros((len(typical), n_groups))
        rows = np.arange(len(typical))
        for run in runs:
            votes[rows, matched(run, typical, n_groups)] += 1 / len(runs)
        # The typical run decides where two groups have as many votes.
        votes[rows, typical] += 1e-6
        return by_size(self._reclassified(votes.argmax(axis=1), votes))

    def _tree(
        self, groups: Labels, runs: Sequence[Labels], prior: Rows, settled: Sequence[Labels]
    ) -> Grouping:
        """Split the groups as the most typical run does, and note how all of them merge."""
        typical = max(runs, key=lambda run: sum(adjusted_rand_score(run, one) for one in runs))
        leaves, owner = crossed(groups, typical)
        n_leaves = len(owner)
        words = words_of(leaves, n_leaves, self.present)
        sizes = np.bincount(leaves, minlength=n_leaves).astype(np.float64)
        members = membership(leaves, n_leaves)
        ties = LEAN * (members @ self.links @ members.T).toarray()
        inside: list[tuple[int, int]] = []
        for group in range(int(owner.max()) + 1):
            own = np.flatnonzero(owner == group)
            inner = np.ix_(own, own)
            steps = greedy_merges(words[own], sizes[own], prior, ties[inner], per_text=True)
            inside += [(own[kept], own[absorbed]) for _gain, kept, absorbed in steps]
        first = np.array([np.flatnonzero(owner == g)[0] for g in range(int(owner.max()) + 1)])
        between = self._merges(groups, prior)
        merges = [*inside, *((first[kept], first[absorbed]) for _gain, kept, absorbed in between)]
        pairs = tuple((int(kept), int(absorbed)) for kept, absorbed in merges)
        return Grouping(leaves, pairs, len(first), agreement_of(settled))
