"""Words that tell texts apart: what two texts share, and whose words a text uses."""

from __future__ import annotations

from collections.abc import Collection, Hashable, Mapping

import numpy as np
import pandas as pd
import scipy.sparse as sp
from sklearn.feature_extraction.text import CountVectorizer
from sklearn.naive_bayes import MultinomialNB

from chatlab.text.words import content_words, tokenize, word_key

FOLDS = 10
# Inflected forms of a French or English word mostly share their first letters.
STEM = 6
SMOOTHING = 0.3
# A group's words count as if so many texts of everybody were among its own.
OF_EVERYBODY = 8


def telling_words(text: str) -> set[str]:
    """Return the words of a text that carry meaning, as keys that spellings share."""
    return {word_key(word) for word in content_words(tokenize(text))}


def shared_words(text: str, other: str) -> float:
    """Return the share of a text's telling words that another text has too."""
    words = telling_words(text)
    return len(words & telling_words(other)) / len(words) if words else 0.0


def likeness_to(texts: pd.Series, known: Collection[str]) -> pd.Series:
    """Rate how much each text speaks like known ones rather than like the rest.

    Multinomial naive Bayes on the first letters of the telling words: the log odds of the words,
    divided by the root of their number; each text is rated by a model that has not seen it.

    Parameters
    ----------
    texts
        Texts, in an order that does not depend on chance.
    known
        Index values of the known ones.

    Returns
    -------
    Series
        Rating per text, above 0 for more like the known ones; 0 for a text without words.
    """
    like = texts.index.isin(list(known))
    counter = CountVectorizer(analyzer=stems, binary=True)
    counts = counter.fit_transform(texts)
    fold = np.arange(len(texts)) % FOLDS
    rated = np.zeros(len(texts))
    for one in range(FOLDS):
        seen = fold != one
        if like[seen].all() or not like[seen].any() or not (fold == one).any():
            continue
        model = MultinomialNB(alpha=SMOOTHING).fit(counts[seen], like[seen])
        odds = model.feature_log_prob_[1] - model.feature_log_prob_[0]
        # A word that the model has not seen tells nothing.
        odds[np.asarray(counts[seen].sum(axis=0)).ravel() == 0] = 0
        part = counts[~seen]
        lengths = np.asarray(part.sum(axis=1)).ravel()
        rated[~seen] = (part @ odds) / np.sqrt(np.maximum(lengths, 1))
    return pd.Series(rated, index=texts.index)


def likeness_to_group(
    texts: pd.Series, groups: Mapping[str, Collection[Hashable]], asked: pd.Series
) -> pd.Series:
    """Rate how much each text speaks like the texts of one group rather than like all.

    The logarithms of how much more often the group uses each telling word (by its first letters)
    than all texts do, summed, and divided by the root of the number of words.

    Parameters
    ----------
    texts
        Texts.
    groups
        By index value of a text that is in groups: which.
    asked
        By index value of a text that is in none: the group to rate it against.

    Returns
    -------
    Series
        Rating on the index of `asked`, above 0 for words that the group uses more.
    """
    counts = CountVectorizer(analyzer=stems, binary=True).fit_transform(texts)
    place = {text: i for i, text in enumerate(texts.index)}
    names = {group: i for i, group in enumerate(dict.fromkeys(asked))}
    pairs = [
        (names[group], place[text])
        for text, some in groups.items()
        if text in place
        for group in some
        if group in names
    ]
    rows, columns = zip(*pairs, strict=True) if pairs else ((), ())
    members = sp.csr_matrix((np.ones(len(pairs)), (rows, columns)), (len(names), len(texts)))
    sizes = np.asarray(members.sum(axis=1)).ravel()
    # Half a text less: a rated text is no evidence for its own words.
    everybody = (np.asarray(counts.sum(axis=0)).ravel() - 0.5) / len(texts) * OF_EVERYBODY
    overused = sp.csr_matrix(members @ counts @ sp.diags(1 / everybody))
    overused.data = np.log1p(overused.data)
    own = counts[[place[text] for text in asked.index]]
    group = np.array([names[one] for one in asked], dtype=int)
    n_words = np.asarray(own.sum(axis=1)).ravel()
    rated = np.asarray(own.multiply(overused[group]).sum(axis=1)).ravel()
    rated -= n_words * np.log1p(sizes / OF_EVERYBODY)[group]
    return pd.Series(rated / np.sqrt(np.maximum(n_words, 1)), index=asked.index)


def stems(text: str) -> set[str]:
    """Return the first letters of a text's telling words."""
    return {word[:STEM] for word in telling_words(text)}
