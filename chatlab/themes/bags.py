"""Different texts as rows of words: copies are one, and answers borrow from what they answer."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
import numpy.typing as npt
import pandas as pd
import scipy.sparse as sp

# Words of what a post answers count half, those of what that answers a quarter, and so on.
LENT = 0.5
DEEPEST = 4
SAME = 0.8
RARE = 4
SHORTEST = 6
TELLING = 4


@dataclass(frozen=True)
class Bags:
    """Different texts as rows of words.

    Attributes
    ----------
    counts
        One row per different text, one column per word.
    borrowed
        The same, with the words of what a text answers, which count less than one.
    links
        One row and one column per text: 1 where one answers the other.
    row
        For each post its row, on the posts' index; -1 for a post without words.
    """

    counts: sp.csr_matrix
    borrowed: sp.csr_matrix
    links: sp.csr_matrix
    row: pd.Series


def bags_of(
    words: Sequence[Sequence[str]],
    own: sp.csr_matrix,
    parent: npt.NDArray[np.int64],
    original: npt.NDArray[np.int64],
    index: pd.Index,
) -> Bags:
    """Make one row per different text; reposts and copies share their original's.

    A reply or quote borrows words from what it answers, and an answer to a numbered question from
    that: half of them, a quarter of what that one answers, and so on.
    """
    first = _same_words(words, parent, original)
    has_words = np.array([bool(some) for some in words], dtype=bool)
    first[~has_words[first] | ~has_words] = -1
    # The rows stand in the order of their words, so that the posts' order does not matter.
    names = [" ".join(some) for some in words]
    kept = sorted(
        np.flatnonzero(first == np.arange(len(first))),
        key=lambda i: (names[i], names[parent[i]] if parent[i] >= 0 else ""),
    )
    number = np.full(len(first) + 1, -1)
    number[kept] = np.arange(len(kept))
    row = number[first]
    borrowed = own[kept] + _mean_by_row(_lent(own, parent), row, parent >= 0, len(kept))
    answering = np.flatnonzero((parent >= 0) & (row >= 0))
    answering = answering[row[parent[answering]] >= 0]
    pairs = (row[answering], row[parent[answering]])
    links = sp.csr_matrix((np.ones(len(answering)), pairs), shape=(len(kept), len(kept)))
    return Bags(own[kept], sp.csr_matrix(borrowed), links + links.T, pd.Series(row, index=index))


def _mean_by_row(
    lent: sp.csr_matrix,
    row: npt.NDArray[np.int64],
    borrows: npt.NDArray[np.bool_],
    n_rows: int,
) -> sp.csr_matrix:
    """Average what the posts of one row borrow: said twice, a text leans on both occasions."""
    some = np.flatnonzero(borrows & (row >= 0))
    times = np.bincount(row[some], minlength=n_rows)
    shares = 1 / times[row[some]]
    mean = sp.csr_matrix((shares, (row[some], some)), shape=(n_rows, lent.shape[0]))
    return sp.csr_matrix(mean @ lent)


def _lent(own: sp.csr_matrix, parent: npt.NDArray[np.int64]) -> sp.csr_matrix:
    n = len(parent)
    rows = np.flatnonzero(parent >= 0)
    link = sp.csr_matrix((np.full(len(rows), LENT), (rows, parent[rows])), shape=(n, n))
    said, lent = own, sp.csr_matrix(own.shape)
    for _step in range(DEEPEST):
        said = link @ said
        if not said.nnz:
            break
        lent = lent + said
    return lent


def _same_words(
    words: Sequence[Sequence[str]],
    parent: npt.NDArray[np.int64],
    original: npt.NDArray[np.int64],
) -> npt.NDArray[np.int64]:
    """Return for each post the row of the post whose words it repeats, or its own.

    A repost or bridged copy repeats its original; so do equal words, though fewer than four must
    answer the same post; and texts of six words and more are one if they share four fifths.
    """
    first = np.arange(len(words))
    order = sorted(range(len(words)), key=lambda i: (len(words[i]), " ".join(words[i]), i))
    seen: dict[tuple[tuple[str, ...], int], int] = {}
    for i in order:
        where = int(parent[i]) if len(words[i]) < TELLING else -1
        first[i] = seen.setdefault((tuple(words[i]), where), i)
    known = original >= 0
    first[known] = first[original[known]]
    return _near_copies(first, words, order)


def _near_copies(
    first: npt.NDArray[np.int64], words: Sequence[Sequence[str]], order: Sequence[int]
) -> npt.NDArray[np.int64]:
    """Join near-copies: candidates share three of their four rarest words."""
    alone = [i for i in order if first[i] == i and len(words[i]) >= SHORTEST]
    sets = {i: frozenset(words[i]) for i in alone}
    spread = Counter(word for some in sets.values() for word in some)
    buckets: dict[tuple[str, ...], int] = {}
    joined = {}
    for i in alone:
        # Words that stand nowhere else are what a copy adds; they would hide the likeness.
        rarest = sorted(
            (word for word in sets[i] if spread[word] > 1), key=lambda w: (spread[w], w)
        )
        keys = list(combinations(sorted(rarest[:RARE]), RARE - 1))
        likely = [buckets[key] for key in keys if key in buckets]
        twin = next((j for j in likely if _overlap(sets[i], sets[j]) >= SAME), None)
        if twin is not None:
            joined[i] = twin
            continue
        for key in keys:
            buckets.setdefault(key, i)
    return np.array([joined.get(i, i) for i in first], dtype=np.int64)


def _overlap(one: frozenset[str], other: frozenset[str]) -> float:
    return len(one & other) / len(one | other)
