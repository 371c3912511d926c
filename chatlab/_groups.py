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

Rakib, Zeh, Jankowska, Milios: Enhancement of Short Text Clustering by Iterative Classification,
NLDB 2020, https://doi.org/10.1007/978-3-030-51310-8_10. Rennie, Shih, Teevan, Karger: Tackling
the Poor Assumptions of Naive Bayes Text Classifiers, ICML 2003. Yin, Wang: A Dirichlet Multinomial
Mixture Model-based Approach for Short Text Clustering, KDD 2014,
https://doi.org/10.1145/2623330.2623715. Tibshirani, Walther: Cluster Validation by Prediction
Strength, 2005, https://doi.org/10.1198/106186005X59243.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import combinations

import numpy as np
import numpy.typing as npt
import scipy.sparse as sp
from scipy.optimize import linear_sum_assignment
from scipy.special import gammaln
from sklearn.cluster import KMeans
from sklearn.exceptions import ConvergenceWarning
from sklearn.metrics import adjusted_rand_score
from sklearn.utils.extmath import randomized_svd

from chatlab._progress import slow

Labels = npt.NDArray[np.int64]
Rows = npt.NDArray[np.float64]
Merge = tuple[float, int, int]
# A prior, the runs' groups under it, the same merged by evidence, and how well those agree.
_Level = tuple[Rows, list[Labels], list[Labels], float]

# Runs from different starts: more where they cost little, as a small conversation is less firm.
RUNS, MANY_RUNS, FEW_TEXTS = 4, 6, 5_000
# The prior's weight, as a share of all words: the first level, and how it grows.
FINEST = 0.008
GROWTH = 1.2
COARSEST = 0.25
REPEATS = 0.9
# Where no number repeats, the one that repeats best among those that a page can hold.
READABLE = (7, 15)
# Agreements as near as this are the same; then fewer groups are easier to read.
SAME = 0.02
# Fewer groups than that must repeat so much better.
HANDFUL = 0.15
# The first cut is fine: fine groups can be merged, but no step splits coarse ones.
MOST_GROUPS, MOST_OF_FEW = 400, 800
FEWEST_TEXTS = 5
DIMENSIONS = 100
INNER = 0.8
ROUNDS = 4
PARTS = 20
# An encoder's space is cut into so many, one after the other. Narrower ones make too many groups.
NEIGHBOURHOODS = (2, 4, 8, 16, 32)
PER_GROUP = 0.1
# A word's weight in every group before it is seen there: lighter, and rare words decide alone.
SMOOTHING = 0.03
# A prior lighter than this many words lets every text of a small chat be its own theme.
LIGHTEST = 25.0
SLACK = 1.35
# What one answer says for a common theme, in natural logarithms of odds: as much as a few words.
LEAN = 6.0
# Sweeps over the groups that were kept.
SETTLING = 14
# What all runs together say for a text's group, beside the words that naive Bayes reads.
VOTES = 0.7


@dataclass(frozen=True)
class Grouping:
    """Groups of texts, their tree, and the classifier that names new texts.

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
    weights
        One row per leaf, one column per word: what a word says for the leaf.
    """

    leaves: Labels
    merges: tuple[tuple[int, int], ...]
    n_groups: int
    agreement: float
    weights: Rows

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
    n_texts, n_words = counts.shape
    if places is not None:
        places = unit_rows(places)
        counts = sp.csr_matrix(sp.hstack([counts, _neighbourhoods(places, seed)]))
        tfidf = tfidf_rows(counts)
    most = min(MOST_OF_FEW if n_texts <= FEW_TEXTS else MOST_GROUPS, n_texts // FEWEST_TEXTS)
    if n_groups is not None:
        most = min(max(most, 2 * n_groups), n_texts)
    if most < 2 or counts.shape[1] < 2 or n_groups == 1:
        return _one_group(counts)
    if places is None:
        places = reduced(tfidf, seed)
    found = _WordGroups(counts, tfidf, links, places, seed).found(most, n_groups)
    return replace(found, weights=found.weights[:, :n_words])


def _neighbourhoods(places: Rows, seed: int) -> sp.csr_matrix:
    """Give each text more words: the neighbourhoods that it lies in, wide and narrow."""
    sizes = [size for size in NEIGHBOURHOODS if size <= len(places) // 3] or [1]
    near = [_members(_by_distance(places, size, seed), size).T for size in sizes]
    return sp.csr_matrix(sp.hstack(near))


def _by_distance(places: Rows, n_groups: int, seed: int) -> Labels:
    with warnings.catch_warnings():
        # Fewer different places than groups: then there are fewer groups, which is fine.
        warnings.simplefilter("ignore", ConvergenceWarning)
        found = KMeans(n_groups, n_init=1, max_iter=30, random_state=seed).fit_predict(places)
    return _by_size(np.asarray(found, dtype=np.int64))


def _n_runs(n_texts: int) -> int:
    return MANY_RUNS if n_texts <= FEW_TEXTS else RUNS


def _one_group(counts: sp.csr_matrix) -> Grouping:
    leaves = np.zeros(counts.shape[0], dtype=np.int64)
    return Grouping(leaves, (), 1, 1.0, np.zeros((1, counts.shape[1])))


def tfidf_rows(counts: sp.csr_matrix) -> sp.csr_matrix:
    """Weigh words: sublinear frequency times rarity, rows of length one."""
    weighed = counts.copy()
    weighed.data = np.where(counts.data > 1, 1 + np.log(counts.data), counts.data)
    spread = np.bincount(counts.indices, minlength=counts.shape[1])
    rarity = np.log((1 + counts.shape[0]) / (1 + spread)) + 1
    weighed = sp.csr_matrix(weighed @ sp.diags(rarity))
    return _unit(weighed)


def _unit(rows: sp.csr_matrix) -> sp.csr_matrix:
    lengths = np.sqrt(np.asarray(rows.multiply(rows).sum(axis=1)).ravel())
    return sp.csr_matrix(sp.diags(1 / np.maximum(lengths, 1e-12)) @ rows)


def reduced(tfidf: sp.csr_matrix, seed: int) -> Rows:
    """Reduce weighed words to a hundred dimensions, rows of length one."""
    dimensions = min(DIMENSIONS, min(tfidf.shape) - 1)
    left, strength, _right = randomized_svd(tfidf, dimensions, n_iter=3, random_state=seed)
    return unit_rows(left * strength)


def unit_rows(rows: Rows) -> Rows:
    """Scale rows to length one."""
    return np.asarray(rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-12))


@dataclass
class _WordGroups:
    counts: sp.csr_matrix
    tfidf: sp.csr_matrix
    links: sp.csr_matrix
    places: Rows
    seed: int

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
        return self._tree(self._vote(settled), runs, prior, agreement_of(settled))

    def _levels(self, most: int) -> Iterator[tuple[Rows, list[Labels]]]:
        """Yield ever stronger priors, and under each the groups of every run."""
        runs = []
        n_runs = _n_runs(len(self.places))
        for run in range(n_runs):
            start = _by_distance(self.places, most, self.seed * MANY_RUNS + run)
            runs.append(self._reclassified(start))
        steps = int(np.log(COARSEST / FINEST) / np.log(GROWTH)) + 1
        for step in slow(range(steps), steps, "themes"):
            share = FINEST * GROWTH**step
            prior = max(share * self.n_words, LIGHTEST) * self.base
            sweeps = 2 if step else 5
            rngs = [np.random.default_rng([self.seed, run, sweeps]) for run in range(n_runs)]
            runs = [
                self._sampled(groups, prior, sweeps, rng)
                for groups, rng in zip(runs, rngs, strict=True)
            ]
            yield prior, runs

    def _finest_that_repeats(self, levels: Iterator[tuple[Rows, list[Labels]]]) -> _Level:
        tried: list[_Level] = []
        for number, (prior, runs) in enumerate(levels):
            # Agreement is dear to compute and changes slowly: every second level will do.
            if number % 2:
                continue
            labels = [self._merged(groups, prior) for groups in runs]
            level = (prior, runs, labels, agreement_of(labels))
            if max(one.max() for one in labels) == 0:
                return level if not tried else _most_repeatable(tried)
            tried.append(level)
            if level[3] >= REPEATS:
                return _readable_instead(level, tried)
        return _most_repeatable(tried)

    def _fitting(
        self, levels: Iterator[tuple[Rows, list[Labels]]], n_groups: int
    ) -> tuple[Rows, list[Labels], list[Labels]]:
        """Take the strongest prior that leaves at least so many groups, and merge down to them.

        Groups merged by evidence are better ones; where these are too few from the start, the
        groups before merging are taken, some more than asked for.
        """
        prior, runs = next(levels)
        merged = [self._merged(groups, prior) for groups in runs]
        by_evidence = _mean_size(merged) >= n_groups
        labels = merged if by_evidence else runs
        for number, (coarser, fewer) in enumerate(levels, start=1):
            if by_evidence and number % 2:
                continue
            left = [self._merged(some, coarser) for some in fewer] if by_evidence else fewer
            if _mean_size(left) < n_groups * (1 if by_evidence else SLACK):
                break
            prior, runs, labels = coarser, fewer, left
        fitted = []
        for groups in labels:
            merges = self._merges(groups, prior, per_text=True)
            fitted.append(_by_size(_cut(groups, merges, n_groups)))
        return prior, runs, fitted

    def _merged(self, groups: Labels, prior: Rows) -> Labels:
        """Merge while the evidence grows, then put each text where it belongs."""
        merges = self._merges(groups, prior)
        gains = np.cumsum([0.0, *(gain for gain, _kept, _absorbed in merges)])
        best = int(np.argmax(gains))
        cut = _cut(groups, merges, len(merges) + 1 - best)
        return _by_size(self._reclassified(_by_size(cut)))

    def _reclassified(self, groups: Labels, votes: Rows | None = None) -> Labels:
        n_groups = int(groups.max()) + 1 if votes is None else votes.shape[1]
        for _round in range(ROUNDS):
            centres = unit_rows(np.asarray(_members(groups, n_groups) @ self.places))
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
        """Sweep over the texts in parts; the last two sweeps take the most probable group."""
        groups = _by_size(groups)
        state = _Counts.of(groups, self.present, prior)
        for sweep in range(sweeps):
            for part in np.array_split(rng.permutation(len(groups)), PARTS):
                texts = self.present[part]
                state.change(groups[part], texts, -1.0)
                scores = state.odds(texts)
                _lean(scores, self.links, part, groups)
                if sweep < sweeps - 2:
                    scores += rng.gumbel(size=scores.shape)
                groups[part] = scores.argmax(axis=1)
                state.change(groups[part], texts, 1.0)
        return _by_size(groups)

    def _settled(self, merged: Labels, prior: Rows, rng: np.random.Generator) -> Labels:
        """Sweep over merged groups, then let words count by what they tell; lose no group."""
        n_groups = int(merged.max()) + 1
        groups = self._sampled(self._reclassified(merged), prior, SETTLING, rng)
        for _round in range(ROUNDS):
            words = _words_of(groups, n_groups, self.present)
            sizes = np.bincount(groups, minlength=n_groups).astype(np.float64)
            told = sp.csr_matrix(self.present @ sp.diags(_telling(words, sizes)))
            scores = _log_odds(told, words, sizes, prior)
            _lean(scores, self.links, np.arange(len(groups)), groups)
            groups = scores.argmax(axis=1)
        return _by_size(groups) if len(np.unique(groups)) == n_groups else merged

    def _merges(self, groups: Labels, prior: Rows, *, per_text: bool = False) -> list[Merge]:
        """Merge the pair that gains most evidence (or most per text), until one is left."""
        n_groups = int(groups.max()) + 1
        words = _words_of(groups, n_groups, self.present)
        sizes = np.bincount(groups).astype(np.float64)
        members = _members(groups, n_groups)
        ties = LEAN * (members @ self.links @ members.T).toarray()
        return _greedy_merges(words, sizes, prior, ties, per_text=per_text)

    def _vote(self, runs: Sequence[Labels]) -> Labels:
        """Let the runs vote on every text, groups matched to those of the most typical run."""
        likeness = np.array([[adjusted_rand_score(a, b) for b in runs] for a in runs])
        typical = runs[int(likeness.sum(axis=1).argmax())]
        n_groups = max(int(run.max()) for run in runs) + 1
        votes = np.zeros((len(typical), n_groups))
        rows = np.arange(len(typical))
        for run in runs:
            votes[rows, _matched(run, typical, n_groups)] += 1 / len(runs)
        # The typical run decides where two groups have as many votes.
        votes[rows, typical] += 1e-6
        return _by_size(self._reclassified(votes.argmax(axis=1), votes))

    def _tree(
        self, groups: Labels, runs: Sequence[Labels], prior: Rows, agreement: float
    ) -> Grouping:
        """Split the groups as the most typical run does, and note how all of them merge."""
        typical = max(runs, key=lambda run: sum(adjusted_rand_score(run, one) for one in runs))
        leaves, owner = _split(groups, typical)
        n_leaves = len(owner)
        words = _words_of(leaves, n_leaves, self.present)
        sizes = np.bincount(leaves, minlength=n_leaves).astype(np.float64)
        members = _members(leaves, n_leaves)
        ties = LEAN * (members @ self.links @ members.T).toarray()
        inside: list[tuple[int, int]] = []
        for group in range(int(owner.max()) + 1):
            own = np.flatnonzero(owner == group)
            inner = np.ix_(own, own)
            steps = _greedy_merges(words[own], sizes[own], prior, ties[inner], per_text=True)
            inside += [(own[kept], own[absorbed]) for _gain, kept, absorbed in steps]
        first = np.array([np.flatnonzero(owner == g)[0] for g in range(int(owner.max()) + 1)])
        between = self._merges(groups, prior)
        merges = [*inside, *((first[kept], first[absorbed]) for _gain, kept, absorbed in between)]
        weights = complement_weights(
            self.tfidf, leaves, n_leaves, np.ones(len(leaves), dtype=np.bool_)
        )
        pairs = tuple((int(kept), int(absorbed)) for kept, absorbed in merges)
        return Grouping(leaves, pairs, len(first), agreement, weights)


def _most_repeatable(tried: Sequence[_Level]) -> _Level:
    few, many = READABLE
    likely = [level for level in tried if few <= _mean_size(level[2]) <= many] or tried
    best = max(level[3] for level in likely)
    return next(level for level in reversed(likely) if level[3] >= best - SAME)


def _readable_instead(level: _Level, tried: Sequence[_Level]) -> _Level:
    """Prefer a readable number to a handful: two halves of a conversation always come again."""
    best = _most_repeatable(tried)
    return best if _mean_size(level[2]) < READABLE[0] and best[3] >= level[3] - HANDFUL else level


def _mean_size(labels: Sequence[Labels]) -> float:
    return float(np.mean([len(np.unique(groups)) for groups in labels]))


def _split(groups: Labels, finer: Labels) -> tuple[Labels, Labels]:
    """Cross two groupings; crossings of fewer than three texts join the group's largest.

    Returns the leaf of each text and the group of each leaf; each group's first leaf is its
    largest.
    """
    leaves = np.empty(len(groups), dtype=np.int64)
    owner: list[int] = []
    for group in range(int(groups.max()) + 1):
        inside = np.flatnonzero(groups == group)
        kinds, place, sizes = np.unique(finer[inside], return_inverse=True, return_counts=True)
        order = np.argsort(-sizes, kind="stable")
        number = np.zeros(len(kinds), dtype=np.int64)
        for position, kind in enumerate(order):
            number[kind] = position if sizes[kind] >= 3 else 0
        leaves[inside] = len(owner) + number[place]
        owner += [group] * (int(number.max()) + 1)
    return leaves, np.array(owner)


def _members(groups: Labels, n_groups: int) -> sp.csr_matrix:
    n_texts = len(groups)
    return sp.csr_matrix(
        (np.ones(n_texts), (groups, np.arange(n_texts))), shape=(n_groups, n_texts)
    )


def _words_of(groups: Labels, n_groups: int, counts: sp.csr_matrix) -> Rows:
    return np.asarray((_members(groups, n_groups) @ counts).toarray())


def _log_odds(texts: sp.csr_matrix, words: Rows, sizes: Rows, prior: Rows) -> Rows:
    """Say how well each text fits each group, by its words and by the groups' sizes."""
    totals = words.sum(axis=1, keepdims=True) + prior.sum()
    odds = np.asarray(texts @ (np.log(words + prior) - np.log(totals)).T)
    return np.asarray(odds + np.log(sizes + PER_GROUP))


@dataclass
class _Counts:
    """Words by group under a prior, and their logarithms, changed a few texts at a time.

    Taking logarithms of only what changed, and adding in place, makes a sweep several times as
    fast as matrices of a few rows.
    """

    words: Rows
    totals: Rows
    sizes: Rows
    prior: Rows
    logs: Rows

    @classmethod
    def of(cls, groups: Labels, counts: sp.csr_matrix, prior: Rows) -> _Counts:
        n_groups = int(groups.max()) + 1
        # One row per word: a text's words are then read from whole rows.
        words = np.ascontiguousarray(_words_of(groups, n_groups, counts).T)
        sizes = np.bincount(groups, minlength=n_groups).astype(np.float64)
        return cls(words, words.sum(axis=0), sizes, prior, np.log(words + prior[:, np.newaxis]))

    def change(self, groups: Labels, texts: sp.csr_matrix, sign: float) -> None:
        """Add texts to groups, or take them out."""
        n_groups = len(self.sizes)
        group = np.repeat(groups, np.diff(texts.indptr))
        at = texts.indices.astype(np.int64) * n_groups + group
        self.totals += sign * np.bincount(group, weights=texts.data, minlength=n_groups)
        words = self.words.reshape(-1)
        np.add.at(words, at, sign * texts.data)
        words[at] = np.maximum(words[at], 0)
        self.logs.reshape(-1)[at] = np.log(words[at] + self.prior[texts.indices])
        self.sizes += sign * np.bincount(groups, minlength=n_groups)

    def odds(self, texts: sp.csr_matrix) -> Rows:
        """Say how well each text fits each group, by its words and by the groups' sizes."""
        totals = np.log(np.maximum(self.totals, 0) + self.prior.sum())
        lengths = np.asarray(texts.sum(axis=1))
        odds = np.asarray(texts @ self.logs)
        odds -= lengths * totals
        odds += np.log(self.sizes + PER_GROUP)
        return odds


def _lean(scores: Rows, links: sp.csr_matrix, part: Labels, groups: Labels) -> None:
    """Pull each text to the groups of what it answers, or is answered by."""
    starts = links.indptr[part].astype(np.int64)
    lengths = links.indptr[part + 1] - starts
    if not lengths.any():
        return
    rows = np.repeat(np.arange(len(part)), lengths)
    first = np.repeat(starts - (np.cumsum(lengths) - lengths), lengths)
    at = first + np.arange(len(rows))
    np.add.at(scores, (rows, groups[links.indices[at]]), LEAN * links.data[at])


def _telling(words: Rows, sizes: Rows) -> Rows:
    """Weigh words from 0 to 1 by what they tell of the groups (Kullback-Leibler divergence)."""
    expected = (sizes / sizes.sum())[:, np.newaxis]
    found = words + expected
    found /= found.sum(axis=0)
    with np.errstate(divide="ignore", invalid="ignore"):
        told = np.nansum(found * np.log(found / expected), axis=0)
    return np.asarray(np.maximum(told, 0) / np.log(max(len(sizes), 2)))


def _by_size(groups: Labels) -> Labels:
    """Give groups new numbers, from the largest; equal ones by their first text."""
    names, first, sizes = np.unique(groups, return_index=True, return_counts=True)
    number = np.zeros(int(names.max()) + 1, dtype=np.int64)
    number[names[np.lexsort((first, -sizes))]] = np.arange(len(names))
    return np.asarray(number[groups])


def _cut(groups: Labels, merges: Sequence[Merge], n_groups: int) -> Labels:
    owner = np.arange(len(merges) + 1)
    for _gain, kept, absorbed in merges[: max(0, len(merges) + 1 - n_groups)]:
        owner[owner == absorbed] = kept
    return np.asarray(owner[groups])


def _matched(run: Labels, typical: Labels, n_groups: int) -> Labels:
    shared = np.zeros((n_groups, n_groups))
    np.add.at(shared, (typical, run), 1)
    rows, columns = linear_sum_assignment(-shared)
    number = np.empty(n_groups, dtype=np.int64)
    number[columns] = rows
    return np.asarray(number[run])


def agreement_of(runs: Sequence[Labels]) -> float:
    """Return the mean adjusted Rand index over pairs of runs."""
    return float(np.mean([adjusted_rand_score(a, b) for a, b in combinations(runs, 2)]))


def complement_weights(
    tfidf: sp.csr_matrix, groups: Labels, n_groups: int, inner: npt.NDArray[np.bool_]
) -> Rows:
    """Weigh words as complement naive Bayes does: by how rare they are outside a group."""
    members = _members(groups, n_groups) @ sp.diags(inner.astype(np.float64))
    mass = np.asarray((members @ tfidf).toarray()) + SMOOTHING
    outside = mass.sum(axis=0) - mass + SMOOTHING
    return np.asarray(-np.log(outside / outside.sum(axis=1, keepdims=True)))


def _greedy_merges(
    words: Rows, sizes: Rows, prior: Rows, ties: Rows, *, per_text: bool = False
) -> list[Merge]:
    """Merge the pair of groups that gains most evidence (or most per text), until one is left.

    The evidence of a group is that of its words under a Dirichlet prior; two groups gain or lose
    only by the words that both use, which keeps this fast.
    """
    words, sizes, ties = words.copy(), sizes.copy(), ties.copy()
    n_groups = len(sizes)
    floor, strength = gammaln(prior), max(float(prior.sum()), 1.0)
    logs = gammaln(words + prior)
    gains = np.full((n_groups, n_groups), -np.inf)
    ranked = gains.copy()

    def whole(totals: Rows, members: Rows) -> Rows:
        return np.asarray(
            gammaln(strength) - gammaln(totals + strength) + gammaln(members + PER_GROUP)
        )

    totals = words.sum(axis=1)
    own = whole(totals, sizes)

    def compare(group: int, others: npt.NDArray[np.int64]) -> None:
        used = np.flatnonzero(words[group])
        block = words[np.ix_(others, used)]
        rows, columns = np.nonzero(block)
        both = used[columns]
        joint = gammaln(block[rows, columns] + (words[group, both] + prior[both]))
        joint -= logs[others[rows], both] + logs[group, both] - floor[both]
        shared = np.bincount(rows, weights=joint, minlength=len(others))
        members = sizes[others] + sizes[group]
        gain = shared + whole(totals[others] + totals[group], members) - own[group] - own[others]
        low, high = np.minimum(group, others), np.maximum(group, others)
        gains[low, high] = gain + ties[group, others]
        moved = sizes[group] * sizes[others] / members if per_text else 1.0
        ranked[low, high] = gains[low, high] / moved

    for group in range(n_groups - 1):
        compare(group, np.arange(group + 1, n_groups))
    alive = np.ones(n_groups, dtype=np.bool_)
    merges: list[Merge] = []
    for _step in range(n_groups - 1):
        kept, absorbed = divmod(int(np.argmax(ranked)), n_groups)
        merges.append((float(gains[kept, absorbed]), kept, absorbed))
        words[kept] += words[absorbed]
        sizes[kept] += sizes[absorbed]
        ties[kept] += ties[absorbed]
        ties[:, kept] += ties[:, absorbed]
        logs[kept] = gammaln(words[kept] + prior)
        totals[kept] = words[kept].sum()
        own[kept] = whole(totals[kept], sizes[kept])
        alive[absorbed] = False
        ranked[absorbed, :] = ranked[:, absorbed] = -np.inf
        others = np.flatnonzero(alive)
        compare(kept, others[others != kept])
    return merges
