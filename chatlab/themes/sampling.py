"""Gibbs sweeps over texts in groups."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import scipy.sparse as sp

from chatlab.themes.merging import PER_GROUP
from chatlab.themes.vectors import Labels, Rows, words_of

PARTS = 20
# What one answer says for a common theme, in natural logarithms of odds: as much as a few words.
LEAN = 6.0
# Sweeps over the groups that were kept.
SETTLING = 14


def log_odds(texts: sp.csr_matrix, words: Rows, sizes: Rows, prior: Rows) -> Rows:
    """Say how well each text fits each group, by its words and by the groups' sizes."""
    totals = words.sum(axis=1, keepdims=True) + prior.sum()
    odds = np.asarray(texts @ (np.log(words + prior) - np.log(totals)).T)
    return np.asarray(odds + np.log(sizes + PER_GROUP))


@dataclass
class Counts:
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
    def of(cls, groups: Labels, counts: sp.csr_matrix, prior: Rows) -> Counts:
        """Count the words of each group."""
        n_groups = int(groups.max()) + 1
        # One row per word: a text's words are then read from whole rows.
        words = np.ascontiguousarray(words_of(groups, n_groups, counts).T)
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


def lean(scores: Rows, links: sp.csr_matrix, part: Labels, groups: Labels) -> None:
    """Pull each text to the groups of what it answers, or is answered by."""
    starts = links.indptr[part].astype(np.int64)
    lengths = links.indptr[part + 1] - starts
    if not lengths.any():
        return
    rows = np.repeat(np.arange(len(part)), lengths)
    first = np.repeat(starts - (np.cumsum(lengths) - lengths), lengths)
    at = first + np.arange(len(rows))
    np.add.at(scores, (rows, groups[links.indices[at]]), LEAN * links.data[at])


def telling(words: Rows, sizes: Rows) -> Rows:
    """Weigh words from 0 to 1 by what they tell of the groups (Kullback-Leibler divergence)."""
    expected = (sizes / sizes.sum())[:, np.newaxis]
    found = words + expected
    found /= found.sum(axis=0)
    with np.errstate(divide="ignore", invalid="ignore"):
        told = np.nansum(found * np.log(found / expected), axis=0)
    return np.asarray(np.maximum(told, 0) / np.log(max(len(sizes), 2)))
