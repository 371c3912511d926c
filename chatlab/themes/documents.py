"""Bags of words: what of a post can make a theme, and what it borrows from what it answers."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
import numpy.typing as npt
import pandas as pd
import scipy.sparse as sp

from chatlab.chat.parents import NUMBERED, answered
from chatlab.text.asking import asks_something
from chatlab.text.numbering import number_mark
from chatlab.text.patterns import find_hashtags
from chatlab.text.phrases import says
from chatlab.text.words import LANGUAGES, content_words, tokenize, word_key

# A hashtag on so many of the posts names the conversation, and no theme in it.
OWN_HASHTAG = 0.15
# So many posts must there be, and in such a share of them a word, for it to tell nothing apart.
ENOUGH_POSTS = 20
EVERYWHERE = 0.5
SMALL_WORD = 0.05
SMALL = 5
# Words of what a post answers count half, those of what that answers a quarter, and so on.
LENT = 0.5
DEEPEST = 4
# A post that greets or thanks in so few words, and answers nothing, has no theme.
COURTESY = 6
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


def own_words(posts: pd.DataFrame | pd.Series) -> list[list[str]]:
    """List what each post says itself, as written: no stop words, hashtag of the chat, courtesy."""
    if isinstance(posts, pd.Series):
        texts = posts
        langs: list[str | None] = [None] * len(posts)
    else:
        texts = posts["text"]
        langs = [lang if isinstance(lang, str) else None for lang in posts["lang"]]
    plain = ["" if pd.isna(text) else str(text) for text in texts]
    tags = [find_hashtags(text) for text in plain]
    counts = Counter(tag for some in tags for tag in some)
    common = {tag for tag, n in counts.items() if n > max(2, OWN_HASHTAG * len(plain))}
    told = []
    for text, some, lang in zip(plain, tags, langs, strict=True):
        if common.intersection(some):
            text = re.sub(r"[#\uFF03]\w+", lambda tag: _kept(tag[0], common), text)
        words = content_words(tokenize(text), lang)
        told.append([w for w in words if w not in common and not NUMBERED.match(w)])
    if isinstance(posts, pd.DataFrame):
        linked = (posts["reply_to"].notna() | posts["quote_of"].notna()).tolist()
        told = [
            [] if not link and len(some) <= COURTESY and _is_courtesy(text) else some
            for link, some, text in zip(linked, told, plain, strict=True)
        ]
    return _without_common_words(told, langs)


def _is_courtesy(text: str) -> bool:
    """Tell whether a text greets or thanks, and neither asks nor answers a question."""
    courteous = says(text, "greet") or says(text, "thanks")
    return courteous and number_mark(text) is None and not asks_something(text)


def _without_common_words(told: list[list[str]], langs: Sequence[str | None]) -> list[list[str]]:
    """Leave out words that tell nothing apart: a search's own word, and small words.

    A word in half of the posts is what the search asked for. In a language without a list of stop
    words, short words in a twentieth of its posts stand in for one.
    """
    everywhere = _frequent(told, EVERYWHERE)
    kept = [[word for word in words if word not in everywhere] for words in told]
    codes = [lang.split("-")[0].casefold() if lang else "" for lang in langs]
    for code in sorted(set(codes) - {"", *LANGUAGES}):
        rows = [i for i, one in enumerate(codes) if one == code]
        small = {w for w in _frequent([kept[i] for i in rows], SMALL_WORD) if len(w) <= SMALL}
        for i in rows:
            kept[i] = [word for word in kept[i] if word not in small]
    return kept


def _frequent(told: Sequence[Sequence[str]], share: float) -> set[str]:
    if len(told) < ENOUGH_POSTS:
        return set()
    counts = Counter(word for words in told for word in set(words))
    return {word for word, n in counts.items() if n > share * len(told)}


def _kept(tag: str, common: set[str]) -> str:
    return " " if tag[1:].casefold() in common else tag


def vocabulary_of(words: Sequence[Sequence[str]]) -> list[str]:
    """List the keys of words that at least two texts share, in order of the alphabet."""
    counts = Counter(key for some in words for key in {word_key(word) for word in some})
    return sorted(key for key, n in counts.items() if n > 1)


def count_words(words: Sequence[Sequence[str]], vocabulary: Sequence[str]) -> sp.csr_matrix:
    """Count words by text."""
    column = {key: i for i, key in enumerate(vocabulary)}
    columns: list[int] = []
    starts = [0]
    for some in words:
        columns += [column[key] for key in map(word_key, some) if key in column]
        starts.append(len(columns))
    shape = (len(words), len(vocabulary))
    counts = sp.csr_matrix((np.ones(len(columns)), columns, starts), shape=shape)
    counts.sum_duplicates()
    return counts


def bags_of(
    posts: pd.DataFrame | pd.Series,
    words: Sequence[Sequence[str]],
    vocabulary: Sequence[str],
    questions: pd.DataFrame | None = None,
) -> Bags:
    """Make one row per different text; reposts and copies share their original's.

    A reply or quote borrows words from what it answers, and an answer to a numbered question from
    that: half of them, a quarter of what that one answers, and so on.
    """
    own = count_words(words, vocabulary)
    parent = np.full(len(words), -1)
    if isinstance(posts, pd.DataFrame):
        parent = answered(posts, questions)
    first = originals(posts, words, parent)
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
    return Bags(
        own[kept], sp.csr_matrix(borrowed), links + links.T, pd.Series(row, index=posts.index)
    )


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


def originals(
    posts: pd.DataFrame | pd.Series,
    words: Sequence[Sequence[str]],
    parent: npt.NDArray[np.int64],
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
    if isinstance(posts, pd.DataFrame):
        place = pd.Series(np.arange(len(posts)), index=posts.index)
        for name in ("copy_of", "repost_of"):
            found = place.reindex(posts[name]).to_numpy().astype(float)
            known = ~np.isnan(found)
            first[known] = first[found[known].astype(np.int64)]
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
