"""Posts that are typical of a theme, and those that nobody quotes."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd
import scipy.sparse as sp

from chatlab.posts.schema import true_for
from chatlab.text.patterns import clean_text
from chatlab.text.words import tokenize, word_list
from chatlab.themes.documents import Documents
from chatlab.themes.keyphrases import FOLDS
from chatlab.themes.vectors import Labels, complement_weights, tfidf_rows

# A text that says this little, or this much, is no example to quote.
QUOTABLE = (30, 400)
TELLING = 4


@dataclass(frozen=True)
class Fit:
    """How well each post fits the theme it has: its words against those of the theme.

    Attributes
    ----------
    closeness
        Cosine between the post's weighed words and the theme's mean, 0 to 1.
    told
        True where a classifier that did not see the post gives it the same theme.
    """

    closeness: pd.Series
    told: pd.Series


def fit_of(documents: Documents, codes: Labels, n_themes: int) -> Fit:
    """Measure how posts fit their themes, whoever made these."""
    same = pd.Series(False, index=documents.index)
    if n_themes:
        row, known, themes = _themes_of_rows(documents, codes)
        told = _told(tfidf_rows(documents.bags.borrowed), themes, n_themes)
        same[known] = told[row[known]] == codes[known]
    return Fit(closeness_of(documents, codes, n_themes), same)


def closeness_of(documents: Documents, codes: Labels, n_themes: int) -> pd.Series:
    """Return how close each post is to the mean of its theme, 0 to 1."""
    of_post = pd.Series(0.0, index=documents.index)
    if n_themes:
        row, known, themes = _themes_of_rows(documents, codes)
        close = _closeness(tfidf_rows(documents.bags.borrowed), themes, n_themes)
        of_post[known] = close[row[known]]
    return of_post


def _themes_of_rows(
    documents: Documents, codes: Labels
) -> tuple[Labels, npt.NDArray[np.bool_], Labels]:
    """Return the row of each post, whether it has a theme, and the theme of each row."""
    row = documents.bags.row.to_numpy()
    known = (row >= 0) & (codes >= 0)
    # The first post of a row speaks for all of its copies.
    themes = np.full(documents.bags.counts.shape[0], -1)
    themes[row[known][::-1]] = codes[known][::-1]
    return row, known, themes


def _closeness(tfidf: sp.csr_matrix, themes: Labels, n_themes: int) -> npt.NDArray[np.float64]:
    centres = np.zeros((n_themes, tfidf.shape[1]))
    for theme in range(n_themes):
        mean = np.asarray(tfidf[themes == theme].sum(axis=0)).ravel()
        centres[theme] = mean / max(float(np.linalg.norm(mean)), 1e-12)
    scores = np.asarray(tfidf @ centres.T)
    return np.where(themes >= 0, scores[np.arange(len(themes)), np.maximum(themes, 0)], 0)


def _told(tfidf: sp.csr_matrix, themes: Labels, n_themes: int) -> Labels:
    """Let a classifier, trained on four fifths of the texts, tell the themes of the last fifth."""
    fold = np.arange(len(themes)) % FOLDS
    told = np.full(len(themes), -1)
    for one in range(FOLDS):
        learns = (fold != one) & (themes >= 0)
        weights = complement_weights(tfidf, np.maximum(themes, 0), n_themes, learns)
        here = fold == one
        told[here] = np.asarray(tfidf[here] @ weights.T).argmax(axis=1)
    return told


def example_posts(
    posts: pd.DataFrame, codes: Labels, closeness: pd.Series, documents: Documents
) -> list[list[str]]:
    """Choose three posts that say best what each theme is about, by three different people."""
    lengths = posts["text"].map(lambda text: len(clean_text(text)))
    telling = np.array([len(set(words)) >= TELLING for words in documents.words], dtype=bool)
    usable = (
        telling
        & posts["in_chat"]
        & (posts["kind"] != "repost")
        & lengths.between(*QUOTABLE)
        & posts["quotable"]
        & ~true_for(posts["text"], is_abusive)
    )
    rated = pd.DataFrame({"close": closeness, "code": codes, "author": posts["author_id"]})
    rated = rated[usable & (rated["code"] >= 0)].assign(key=lambda t: t.index)
    rated = rated.sort_values(["close", "key"], ascending=[False, True])
    one_each = rated[~rated.duplicated(["code", "author"]) | rated["author"].isna()]
    chosen = one_each.groupby("code").head(3)
    return [list(chosen.index[chosen["code"] == code]) for code in range(int(codes.max()) + 1)]


def is_abusive(text: str) -> bool:
    """Tell whether a text uses a word of the list in `chatlab/text/lists/abuse.txt`."""
    return abusive_word(text) is not None


def abusive_word(text: str) -> str | None:
    """Return the first word of a text that stands in `chatlab/text/lists/abuse.txt`."""
    abusive = word_list("abuse")
    return next((word for word in tokenize(text) if word in abusive), None)
