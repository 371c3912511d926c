"""Themes and marks of a part of the posts, read in all of them, part by part."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
from sklearn.feature_extraction.text import CountVectorizer
from sklearn.svm import LinearSVC

from chatlab.errors import PostsError
from chatlab.posts.counting import Count, Posts, count, frame
from chatlab.posts.counts import ones, own_of
from chatlab.posts.schema import TEXT, arrow_posts, pandas_posts
from chatlab.posts.select import own_posts
from chatlab.text.words import content_words, tokenize, word_key
from chatlab.themes.documents import NUMBERED
from chatlab.themes.insights import find_insights

NO_THEME = -1
# A fifth of the people say how well a reader does that learned from the others.
HELD_OUT = 5
_READ = ("in_chat", "kind", "author_id", "text", "lang")
_MARKED = ("post_id", "author_id", "created_at", "in_chat", "kind", "text", "lang", "reply_to")


@dataclass(frozen=True)
class ThemeReader:
    """What tells the theme of a post from its words alone, learned from posts that have one.

    Attributes
    ----------
    agreement
        Share of the posts of people it had not read whose theme, or lack of one, it told.
    found
        Of the posts of these people that have a theme, the share whose theme it told.
    """

    words: CountVectorizer
    model: LinearSVC
    agreement: float
    found: float

    def read(self, texts: Sequence[str], langs: Sequence[str | None]) -> npt.NDArray[np.int64]:
        """Tell the theme of each text, or `NO_THEME`."""
        if not len(texts):
            return np.empty(0, "int64")
        counts = self.words.transform(list(zip(texts, langs, strict=True)))
        told = self.model.predict(counts).astype("int64")
        # Without a word that it knows, a post has no theme.
        told[np.asarray(counts.sum(axis=1)).ravel() == 0] = NO_THEME
        return np.asarray(told, dtype="int64")


def learn_themes(posts: pd.DataFrame, themes: pd.Series, *, seed: int = 0) -> ThemeReader:
    """Learn to tell the theme of a post from its words, so that any number can be read.

    Parameters
    ----------
    posts
        A posts table, such as a sample of people; reposts are left out.
    themes
        From `find_themes` of these posts.
    seed
        The same seed learns the same.

    Returns
    -------
    ThemeReader
        A linear support vector machine on the words of the posts; how often it agrees with
        `find_themes` on people it had not read stands in it.

    Raises
    ------
    PostsError
        No post has a theme.
    """
    own = own_posts(posts).dropna(subset="author_id")
    numbers = themes.reindex(own.index).fillna(NO_THEME)
    told = np.asarray(numbers, dtype="int64")
    if len(set(told)) < 2:
        raise PostsError("No theme to learn: `themes` holds none, or the same for every post.")
    documents = list(zip(own["text"], own["lang"], strict=True))
    people = pd.factorize(own["author_id"])[0]
    held = np.random.default_rng(seed).permutation(people.max() + 1)[people] % HELD_OUT == 0
    agreement = found = float("nan")
    if held.any() and len(set(told[~held])) > 1:
        words, model = _fitted(
            [d for d, h in zip(documents, held, strict=True) if not h], told[~held], seed
        )
        read = ThemeReader(words, model, 0.0, 0.0).read(
            own["text"][held].tolist(), own["lang"][held].tolist()
        )
        right = read == told[held]
        agreement = float(right.mean())
        found = float(right[told[held] != NO_THEME].mean())
    return ThemeReader(*_fitted(documents, told, seed), agreement, found)


def _fitted(
    documents: Sequence[tuple[str, Any]], told: npt.NDArray[np.int64], seed: int
) -> tuple[CountVectorizer, LinearSVC]:
    words = CountVectorizer(analyzer=_word_keys, binary=True, min_df=2)
    counts = words.fit_transform(documents)
    return words, LinearSVC(random_state=seed).fit(counts, told)


def _word_keys(document: tuple[str, Any]) -> list[str]:
    text, lang = document
    words = content_words(tokenize(text), lang if isinstance(lang, str) else None)
    return [word_key(word) for word in words if not NUMBERED.match(word)]


def count_themes(posts: Posts, reader: ThemeReader) -> pd.DataFrame:
    """Count posts and people by theme, each post's theme told by a reader.

    Parameters
    ----------
    posts
        A posts table, or what `cl.scan_posts` gives; reposts are left out.
    reader
        From `learn_themes`.

    Returns
    -------
    DataFrame
        Index the theme; `posts`, `people`, and `share` of all such posts, with a theme or without.
    """
    [counted] = count(
        posts,
        Count(_READ, partial(_placed, reader=reader), ("theme", "author_id"), {"posts": "sum"}),
    )
    table = frame(counted)
    groups = table[table["theme"] != NO_THEME].groupby("theme")
    found = pd.DataFrame({"posts": groups["posts"].sum(), "people": groups["author_id"].nunique()})
    found = found.astype("int64")
    found.index = found.index.astype("int64")
    return found.assign(share=found["posts"] / max(int(table["posts"].sum()), 1))


def _placed(part: pa.Table, *, reader: ThemeReader) -> pa.Table:
    own = own_of(part)
    themes = reader.read(own["text"].to_pylist(), own["lang"].to_pylist())
    return pa.table(
        {
            "theme": pa.array(themes, pa.int64()),
            "author_id": own["author_id"],
            "posts": ones(own),
        }
    )


def count_insights(
    posts: Posts, *, brand: str | None = None, rivals: Sequence[str] = ()
) -> pd.DataFrame:
    """Count marks and people by kind, each post read by itself.

    Parameters
    ----------
    posts
        A posts table, or what `cl.scan_posts` gives.
    brand, rivals
        As for `find_insights`; other products are not counted, since what is one shows only in
        all posts together.

    Returns
    -------
    DataFrame
        Index `kind` and `certainty`; `posts` and `people`.
    """
    named = tuple(name for name in (brand, *rivals) if name)
    marks = Count(
        _MARKED,
        partial(_marks_of, named=named),
        ("kind", "certainty", "author_id"),
        {"posts": "sum"},
    )
    [counted] = count(posts, marks)
    table = frame(counted)
    groups = table.groupby(["kind", "certainty"])
    found = pd.DataFrame({"posts": groups["posts"].sum(), "people": groups["author_id"].nunique()})
    return found.astype("int64")


def _marks_of(part: pa.Table, *, named: Sequence[str]) -> pa.Table:
    columns = {name: part[name].combine_chunks() for name in part.column_names}
    table = pandas_posts(arrow_posts(columns))
    found = find_insights(table, brand=next(iter(named), None), rivals=named[1:])
    kept = found[(found["kind"] != "product") | (found["certainty"] == "sure")]
    return pa.table(
        {
            **{name: pa.array(kept[name], TEXT) for name in ("kind", "certainty", "author_id")},
            "posts": ones(kept),
        }
    )
