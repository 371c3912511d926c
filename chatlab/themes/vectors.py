"""Texts as rows of numbers, and their groups as rows of words."""

from __future__ import annotations

import warnings

import numpy as np
import numpy.typing as npt
import scipy.sparse as sp
from sklearn.cluster import KMeans
from sklearn.exceptions import ConvergenceWarning
from sklearn.utils.extmath import randomized_svd

Labels = npt.NDArray[np.int64]
Rows = npt.NDArray[np.float64]
DIMENSIONS = 100
# An encoder's space is cut into so many, one after the other. Narrower ones make too many groups.
NEIGHBOURHOODS = (2, 4, 8, 16, 32)
# A word's weight in every group before it is seen there: lighter, and rare words decide alone.
SMOOTHING = 0.03
# Rounds of k-means.
ROUGH = 8


def neighbourhoods(places: Rows, seed: int) -> sp.csr_matrix:
    """Give each text more words: the neighbourhoods that it lies in, wide and narrow."""
    sizes = [size for size in NEIGHBOURHOODS if size <= len(places) // 3] or [1]
    near = [membership(by_distance(places, size, seed), size).T for size in sizes]
    return sp.csr_matrix(sp.hstack(near))


def by_distance(places: Rows, n_groups: int, seed: int) -> Labels:
    """Cut places into groups by k-means."""
    with warnings.catch_warnings():
        # Fewer different places than groups: then there are fewer groups, which is fine.
        warnings.simplefilter("ignore", ConvergenceWarning)
        # A rough cut will do: few rounds, half the digits.
        cut = KMeans(n_groups, n_init=1, max_iter=ROUGH, random_state=seed)
        found = cut.fit_predict(places.astype(np.float32))
    return by_size(np.asarray(found, dtype=np.int64))


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


def membership(groups: Labels, n_groups: int) -> sp.csr_matrix:
    """Return a row per group, with 1 for each text in it."""
    n_texts = len(groups)
    return sp.csr_matrix(
        (np.ones(n_texts), (groups, np.arange(n_texts))), shape=(n_groups, n_texts)
    )


def leaf_weights(tfidf: sp.csr_matrix, leaves: Labels) -> Rows:
    """Return what each word says for each leaf: a classifier that names new texts."""
    n_leaves = int(leaves.max(initial=0)) + 1
    return complement_weights(tfidf, leaves, n_leaves, np.ones(len(leaves), dtype=np.bool_))


def words_of(groups: Labels, n_groups: int, counts: sp.csr_matrix) -> Rows:
    """Count the words of each group."""
    return np.asarray((membership(groups, n_groups) @ counts).toarray())


def by_size(groups: Labels) -> Labels:
    """Give groups new numbers, from the largest; equal ones by their first text."""
    names, first, sizes = np.unique(groups, return_index=True, return_counts=True)
    number = np.zeros(int(names.max()) + 1, dtype=np.int64)
    number[names[np.lexsort((first, -sizes))]] = np.arange(len(names))
    return np.asarray(number[groups])


def complement_weights(
    tfidf: sp.csr_matrix, groups: Labels, n_groups: int, inner: npt.NDArray[np.bool_]
) -> Rows:
    """Weigh words as complement naive Bayes does: by how rare they are outside a group."""
    members = membership(groups, n_groups) @ sp.diags(inner.astype(np.float64))
    mass = np.asarray((members @ tfidf).toarray()) + SMOOTHING
    outside = mass.sum(axis=0) - mass + SMOOTHING
    return np.asarray(-np.log(outside / outside.sum(axis=1, keepdims=True)))
