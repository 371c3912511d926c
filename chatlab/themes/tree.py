"""Sub-themes of a conversation: found in the words of its posts, named by them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import scipy.sparse as sp
from threadpoolctl import threadpool_limits

from chatlab.errors import PostsError
from chatlab.text.words import word_key
from chatlab.themes.coherent import LARGEST_FIT
from chatlab.themes.documents import Documents, documents_of, own_words, read_documents
from chatlab.themes.fits import Arrays, found_once
from chatlab.themes.mixture import Grouping, find_groups
from chatlab.themes.vectors import Rows, leaf_weights, tfidf_rows

Encoder = Callable[[Sequence[str]], npt.ArrayLike]


@dataclass(frozen=True)
class ThemeTree:
    """The themes of a conversation from coarse to fine, and their words.

    Attributes
    ----------
    n_themes
        The number of themes found (or asked for).
    agreement
        How well runs from different starts agree: their mean adjusted Rand index.
    finest
        The most themes that `cut` can give.
    """

    n_themes: int
    agreement: float
    finest: int
    leaves: pd.Series
    grouping: Grouping
    weights: Rows
    documents: Documents
    fitted: npt.NDArray[np.int64]

    def cut(self, n_themes: int | None = None) -> pd.Series:
        """Return the themes of the posts, coarser or finer, without a new run.

        Parameters
        ----------
        n_themes
            How many themes, from 1 to `finest`; None takes `n_themes`.

        Returns
        -------
        Series
            Theme numbers on the posts' index, 0 the largest; missing for posts without words.
        """
        return self._named(self.leaves, n_themes)

    def predict(self, posts: pd.DataFrame | pd.Series, *, n_themes: int | None = None) -> pd.Series:
        """Name the themes of other posts, such as those of the next edition.

        Returns
        -------
        Series
            As `cut` of the same number, on the index of `posts`. Each post gets the theme whose
            words fit best, whatever else it may be about; one without a word that the tree knows
            has none. `fit` says how well.
        """
        bags = read_documents(posts, vocabulary=self.documents.vocabulary).bags
        tfidf = tfidf_rows(bags.borrowed)
        leaves = _by_post(_fitting_leaf(tfidf, self.weights), bags.row)
        known = pd.Series(np.diff(tfidf.indptr) > 0).reindex(bags.row.to_numpy()).to_numpy()
        return self._named(leaves.where(pd.Series(known, leaves.index).eq(True)), n_themes)

    def fit(self, posts: pd.DataFrame | pd.Series) -> pd.Series:
        """Say how much of other posts `predict` can go by.

        Returns
        -------
        Series
            Share of a post's words that the tree knows: 1 where it knows all of them, missing
            where a post has no words.
        """
        words = own_words(posts)
        known = set(self.documents.vocabulary)
        keys = [[word_key(word) for word in some] for some in words]
        shares = [
            sum(key in known for key in some) / len(some) if some else np.nan for some in keys
        ]
        return pd.Series(shares, index=posts.index, dtype="float64", name="fit")

    def _named(self, leaves: pd.Series, n_themes: int | None) -> pd.Series:
        wanted = self.n_themes if n_themes is None else n_themes
        if wanted < 1:
            raise PostsError(f"`n_themes` is {n_themes}; a conversation has at least one theme.")
        owner = self.grouping.cut(min(wanted, self.finest))
        fitted = owner[self.leaves.dropna().to_numpy(dtype=np.int64)]
        names, sizes = np.unique(fitted, return_counts=True)
        number = np.zeros(len(owner), dtype=np.int64)
        number[names[np.lexsort((names, -sizes))]] = np.arange(len(names))
        themes = pd.Series(pd.NA, index=leaves.index, dtype="Int64", name="theme")
        known = leaves.notna()
        themes[known] = number[owner[leaves[known].to_numpy(dtype=np.int64)]]
        return themes


def theme_tree(
    posts: pd.DataFrame | pd.Series,
    *,
    n_themes: int | None = None,
    seed: int = 0,
    encoder: Encoder | None = None,
    documents: Documents | None = None,
) -> ThemeTree:
    """Fit the themes of a conversation as a tree, to be cut coarser or finer.

    Parameters
    ----------
    posts, n_themes, seed, encoder, documents
        As in `find_themes`.

    Returns
    -------
    ThemeTree
        `cut(n)` gives any number of themes, each a part of one theme of the coarser cuts;
        `predict(posts)` names the themes of other posts.

    Raises
    ------
    PostsError
        When `n_themes` is less than 1, or the encoder does not return one row per text.
    """
    if n_themes is not None and n_themes < 1:
        raise PostsError(f"`n_themes` is {n_themes}; a conversation has at least one theme.")
    read = documents_of(posts, documents)
    bags = read.bags
    tfidf = tfidf_rows(bags.borrowed)
    n_rows = bags.counts.shape[0]
    rows = np.arange(n_rows)
    if n_rows > LARGEST_FIT:
        rows = np.sort(np.random.default_rng(seed).permutation(n_rows)[:LARGEST_FIT])
    counts, links = bags.borrowed[rows], bags.links[rows][:, rows]
    places = None if encoder is None else encoded(posts, bags.row, rows, encoder)

    def fit() -> Arrays:
        with threadpool_limits(1):
            return find_groups(
                counts,
                tfidf[rows],
                links,
                n_groups=n_themes,
                seed=seed,
                places=places,
            ).arrays()

    given = [counts, links, *([] if places is None else [places])]
    grouping = Grouping.of(found_once(fit, given, "tree", n_themes, seed))
    weights = leaf_weights(tfidf[rows], grouping.leaves)
    leaves = _fitting_leaf(tfidf, weights)
    leaves[rows] = grouping.leaves
    return ThemeTree(
        grouping.n_groups,
        grouping.agreement,
        len(grouping.merges) + 1,
        _by_post(leaves, bags.row),
        grouping,
        weights,
        read,
        rows,
    )


def encoded(
    posts: pd.DataFrame | pd.Series,
    row: pd.Series,
    rows: npt.NDArray[np.int64],
    encoder: Encoder,
) -> npt.NDArray[np.float64]:
    """Encode one text of each row, as written; the first in the alphabet, whatever their order."""
    texts = posts if isinstance(posts, pd.Series) else posts["text"]
    told = texts.astype(str).groupby(row.to_numpy()).min()
    given: Any = encoder(told.loc[rows.tolist()].tolist())
    try:
        dense = given.toarray() if sp.issparse(given) else given
        places = np.asarray(dense, dtype=np.float64)
    except (TypeError, ValueError):
        places = np.empty(0)
    if places.ndim != 2 or len(places) != len(rows) or not np.isfinite(places).all():
        raise PostsError(
            f"The encoder was given {len(rows)} texts and must return a table of finite numbers "
            f"with one row per text; it returned one of shape {places.shape}."
        )
    return places


def _fitting_leaf(tfidf: sp.csr_matrix, weights: Rows) -> npt.NDArray[np.int64]:
    scores: npt.NDArray[np.float64] = np.asarray(tfidf @ weights.T)
    return np.asarray(scores.argmax(axis=1), dtype=np.int64)


def _by_post(leaves: npt.NDArray[np.int64], row: pd.Series) -> pd.Series:
    told = pd.Series(pd.NA, index=row.index, dtype="Int64")
    known = row >= 0
    told[known] = leaves[row[known].to_numpy()]
    return told
