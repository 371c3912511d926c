"""How many themes there are: the finest number that repeats."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations

import numpy as np
from scipy.optimize import linear_sum_assignment
from sklearn.metrics import adjusted_rand_score

from chatlab.themes.vectors import Labels, Rows

# A prior, the runs' groups under it, the same merged by evidence, and how well those agree.
Level = tuple[Rows, list[Labels], list[Labels], float]
REPEATS = 0.9
# Where no number repeats, the one that repeats best among those that a page can hold.
READABLE = (7, 15)
# Agreements as near as this are the same; then fewer groups are easier to read.
SAME = 0.02
# Fewer groups than that must repeat so much better.
HANDFUL = 0.25


def most_repeatable(tried: Sequence[Level]) -> Level:
    """Choose the level on which the runs agree most, the coarsest of equals."""
    few, many = READABLE
    likely = [level for level in tried if few <= mean_size(level[2]) <= many] or tried
    best = max(level[3] for level in likely)
    return next(level for level in reversed(likely) if level[3] >= best - SAME)


def readable_instead(level: Level, tried: Sequence[Level]) -> Level:
    """Prefer a readable number to a handful: two halves of a conversation always come again."""
    best = most_repeatable(tried)
    return best if mean_size(level[2]) < READABLE[0] and best[3] >= level[3] - HANDFUL else level


def mean_size(labels: Sequence[Labels]) -> float:
    """Return the mean number of groups of several runs."""
    return float(np.mean([len(np.unique(groups)) for groups in labels]))


def matched(run: Labels, typical: Labels, n_groups: int) -> Labels:
    """Give the groups of a run the numbers of those of another that they share most with."""
    shared = np.zeros((n_groups, n_groups))
    np.add.at(shared, (typical, run), 1)
    rows, columns = linear_sum_assignment(-shared)
    number = np.empty(n_groups, dtype=np.int64)
    number[columns] = rows
    return np.asarray(number[run])


def agreement_of(runs: Sequence[Labels]) -> float:
    """Return the mean adjusted Rand index over pairs of runs."""
    return float(np.mean([adjusted_rand_score(a, b) for a, b in combinations(runs, 2)]))
