"""Gibbs sweeps over texts in groups, compiled: a text is taken out, weighed, and put in again."""

from __future__ import annotations

import math

import numpy as np
import scipy.sparse as sp

from chatlab.themes.compiled import compiled
from chatlab.themes.vectors import Labels, Rows, by_size, words_of

# What one answer says for a common theme, in natural logarithms of odds: as much as a few words.
LEAN = 6.0
# What the next text says for a group that is empty; members add to it.
PER_GROUP = 0.1
# The last sweeps take the most probable group, those before them draw one.
DECIDED = 2
# A group whose odds are so much lower, as a logarithm, is never drawn: one time in a billion.
NEVER = 20.0


def sampled(
    groups: Labels,
    texts: sp.csr_matrix,
    links: sp.csr_matrix,
    prior: Rows,
    sweeps: int,
    rng: np.random.Generator,
) -> Labels:
    """Sweep over the texts, and return the group of each, numbered by size.

    Parameters
    ----------
    groups
        The group of each text, from 0.
    texts
        One row per text, one column per word.
    links
        1 where one text answers the other; it pulls both to one group.
    prior
        What each word weighs in a group before it is seen there.
    sweeps
        How often every text is looked at, in an order drawn anew.
    rng
        What is drawn comes from here.
    """
    groups = by_size(groups)
    n_groups = int(groups.max()) + 1
    # One row per word: a text's words are then read from whole rows.
    words = np.ascontiguousarray(words_of(groups, n_groups, texts).T)
    sizes = np.bincount(groups, minlength=n_groups).astype(np.float64)
    logs = np.log(words + prior[:, np.newaxis])
    totals = words.sum(axis=0)
    for sweep in range(sweeps):
        draws = sweep < sweeps - DECIDED
        chances = rng.random(len(groups)) if draws else np.empty(0)
        moved = _sweep(
            (texts.indptr, texts.indices, texts.data),
            (links.indptr, links.indices, links.data),
            rng.permutation(len(groups)),
            chances,
            groups,
            (words, logs, totals, sizes),
            prior,
        )
        if not draws and not moved:
            break
    return by_size(groups)


@compiled
def _sweep(texts, links, order, chances, groups, counts, prior):  # type: ignore[no-untyped-def]
    """Put each text where it belongs, or where chance says; return how many moved."""
    starts, columns, values = texts
    link_starts, link_columns, link_values = links
    words, logs, totals, sizes = counts
    n_groups = len(sizes)
    strength = prior.sum()
    log_totals = np.log(totals + strength)
    log_sizes = np.log(sizes + PER_GROUP)
    odds = np.empty(n_groups)
    moved = 0
    for text in order:
        first, last = starts[text], starts[text + 1]
        before = groups[text]
        length = 0.0
        for i in range(first, last):
            word = columns[i]
            length += values[i]
            words[word, before] = max(words[word, before] - values[i], 0.0)
            logs[word, before] = math.log(words[word, before] + prior[word])
        totals[before] = max(totals[before] - length, 0.0)
        sizes[before] -= 1
        log_totals[before] = math.log(totals[before] + strength)
        log_sizes[before] = math.log(sizes[before] + PER_GROUP)
        for group in range(n_groups):
            odds[group] = log_sizes[group] - length * log_totals[group]
        for i in range(first, last):
            value, row = values[i], logs[columns[i]]
            for group in range(n_groups):
                odds[group] += value * row[group]
        for i in range(link_starts[text], link_starts[text + 1]):
            odds[groups[link_columns[i]]] += LEAN * link_values[i]
        after = np.argmax(odds)
        if len(chances):
            after = _drawn(odds, odds[after], chances[text])
        for i in range(first, last):
            word = columns[i]
            words[word, after] += values[i]
            logs[word, after] = math.log(words[word, after] + prior[word])
        totals[after] += length
        sizes[after] += 1
        log_totals[after] = math.log(totals[after] + strength)
        log_sizes[after] = math.log(sizes[after] + PER_GROUP)
        groups[text] = after
        moved += after != before
    return moved


@compiled
def _drawn(odds, best, chance):  # type: ignore[no-untyped-def]
    """Draw a group by its odds."""
    whole = 0.0
    for group in range(len(odds)):
        odds[group] -= best
        odds[group] = math.exp(odds[group]) if odds[group] > -NEVER else 0.0
        whole += odds[group]
    left = chance * whole
    for group in range(len(odds)):
        left -= odds[group]
        if left < 0:
            return group
    return np.argmax(odds)


def most_telling(groups: Labels, texts: sp.csr_matrix, links: sp.csr_matrix, prior: Rows) -> Labels:
    """Return the group of each text when words count by what they tell of the groups."""
    n_groups = int(groups.max()) + 1
    words = words_of(groups, n_groups, texts)
    sizes = np.bincount(groups, minlength=n_groups).astype(np.float64)
    told = sp.csr_matrix(texts @ sp.diags(_telling(words, sizes)))
    totals = words.sum(axis=1, keepdims=True) + prior.sum()
    odds = np.asarray(told @ (np.log(words + prior) - np.log(totals)).T)
    odds += np.log(sizes + PER_GROUP)
    linked = np.repeat(np.arange(len(groups)), np.diff(links.indptr))
    np.add.at(odds, (linked, groups[links.indices]), LEAN * links.data)
    return np.asarray(odds.argmax(axis=1), dtype=np.int64)


def _telling(words: Rows, sizes: Rows) -> Rows:
    """Weigh words from 0 to 1 by what they tell of the groups (Kullback-Leibler divergence)."""
    expected = (sizes / sizes.sum())[:, np.newaxis]
    found = words + expected
    found /= found.sum(axis=0)
    with np.errstate(divide="ignore", invalid="ignore"):
        told = np.nansum(found * np.log(found / expected), axis=0)
    return np.asarray(np.maximum(told, 0) / np.log(max(len(sizes), 2)))
