"""Groups merged while the evidence grows."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from scipy.special import gammaln

from chatlab.themes.compiled import compiled
from chatlab.themes.sampling import PER_GROUP
from chatlab.themes.vectors import Labels, Rows

Merge = tuple[float, int, int]


def crossed(groups: Labels, finer: Labels) -> tuple[Labels, Labels]:
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


def cut_merges(groups: Labels, merges: Sequence[Merge], n_groups: int) -> Labels:
    """Return the group of each text when groups are merged down to a number."""
    owner = np.arange(len(merges) + 1)
    for _gain, kept, absorbed in merges[: max(0, len(merges) + 1 - n_groups)]:
        owner[owner == absorbed] = kept
    return np.asarray(owner[groups])


def greedy_merges(
    words: Rows, sizes: Rows, prior: Rows, ties: Rows, *, per_text: bool = False
) -> list[Merge]:
    """Merge the pair of groups that gains most evidence (or most per text), until one is left.

    The evidence of a group is that of its words under a Dirichlet prior; two groups gain or lose
    only by the words that both use, which keeps this fast.

    Parameters
    ----------
    words
        One row per group, one column per word.
    sizes
        Texts in each group.
    prior
        What each word weighs in a group before it is seen there.
    ties
        What the answers between two groups say for their being one.
    per_text
        Merge the pair that gains most for each text that moves, so that small groups go first.

    Returns
    -------
    list
        Gain, the group that stays and the one that goes into it, in the order of merging.
    """
    floor = gammaln(prior)
    # One row per word: what two groups share is then read from whole rows.
    counts = np.ascontiguousarray(words.T)
    logs = gammaln(counts + prior[:, np.newaxis])
    gains, pairs = _merged(counts, logs, sizes.copy(), prior, floor, ties.copy(), per_text)
    return [
        (float(gain), int(kept), int(absorbed))
        for gain, (kept, absorbed) in zip(gains, pairs, strict=True)
    ]


@compiled
def _merged(counts, logs, sizes, prior, floor, ties, per_text):  # type: ignore[no-untyped-def]
    n_words, n_groups = counts.shape
    strength = max(prior.sum(), 1.0)
    totals = counts.sum(axis=0)
    own = np.empty(n_groups)
    for group in range(n_groups):
        own[group] = _whole(totals[group], sizes[group], strength)
    gains = np.full((n_groups, n_groups), -np.inf)
    ranked = np.full((n_groups, n_groups), -np.inf)
    alive = np.ones(n_groups, dtype=np.bool_)
    # The best partner of each group among those after it.
    best = np.zeros(n_groups, dtype=np.int64)
    shared = np.zeros(n_groups)
    told_gains = np.empty(n_groups - 1)
    told_pairs = np.empty((n_groups - 1, 2), dtype=np.int64)
    for step in range(-(n_groups - 1), n_groups - 1):
        # First all groups are compared with those after them, then the merged one with all.
        group, low = (step + n_groups - 1, step + n_groups) if step < 0 else (0, 0)
        if step >= 0:
            kept = 0
            for other in range(1, n_groups - 1):
                if ranked[other, best[other]] > ranked[kept, best[kept]]:
                    kept = other
            absorbed = best[kept]
            told_gains[step] = gains[kept, absorbed]
            told_pairs[step, 0], told_pairs[step, 1] = kept, absorbed
            alive[absorbed] = False
            for word in range(n_words):
                if counts[word, absorbed] > 0:
                    counts[word, kept] += counts[word, absorbed]
                    logs[word, kept] = math.lgamma(counts[word, kept] + prior[word])
                    counts[word, absorbed] = 0.0
            sizes[kept] += sizes[absorbed]
            totals[kept] += totals[absorbed]
            own[kept] = _whole(totals[kept], sizes[kept], strength)
            for other in range(n_groups):
                ties[kept, other] += ties[absorbed, other]
                ranked[absorbed, other] = ranked[other, absorbed] = -np.inf
            for other in range(n_groups):
                ties[other, kept] += ties[other, absorbed]
            group = kept
        shared[:] = 0.0
        for word in range(n_words):
            mine = counts[word, group]
            if mine <= 0:
                continue
            mine += prior[word]
            known = logs[word, group] - floor[word]
            for other in range(low, n_groups):
                if counts[word, other] > 0 and other != group:
                    joint = math.lgamma(counts[word, other] + mine)
                    shared[other] += joint - logs[word, other] - known
        for other in range(low, n_groups):
            if other == group or not alive[other]:
                continue
            members = sizes[other] + sizes[group]
            gain = shared[other] + _whole(totals[other] + totals[group], members, strength)
            gain += ties[group, other] - own[group] - own[other]
            first, second = min(group, other), max(group, other)
            gains[first, second] = gain
            moved = sizes[group] * sizes[other] / members if per_text else 1.0
            ranked[first, second] = gain / moved
            if step >= 0 and first == other:
                best[other] = np.argmax(ranked[other])
        best[group] = np.argmax(ranked[group])
        if step >= 0:
            for other in range(n_groups):
                if alive[other] and best[other] == absorbed:
                    best[other] = np.argmax(ranked[other])
    return told_gains, told_pairs


@compiled
def _whole(total, members, strength):  # type: ignore[no-untyped-def]
    """Return what the length and the size of a group say for its evidence."""
    told = math.lgamma(strength) - math.lgamma(total + strength)
    return told + math.lgamma(members + PER_GROUP)
