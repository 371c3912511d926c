"""Groups merged while the evidence grows."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
from scipy.special import gammaln

from chatlab.themes.vectors import Labels, Rows

Merge = tuple[float, int, int]
PER_GROUP = 0.1


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
