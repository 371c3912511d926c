"""Market research in posts: frictions, solutions, case studies, requests and products."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd

from chatlab.errors import PostsError
from chatlab.posts.select import own_posts
from chatlab.progress import slow
from chatlab.text.numbering import number_mark
from chatlab.text.patterns import shorten
from chatlab.text.reading import KINDS_READ, Reader, for_this_chat, told_by
from chatlab.text.words import LANGUAGES, likely_language
from chatlab.themes.cues import KINDS, Cue, met_cues, read_cues
from chatlab.themes.products import named_products, product_names
from chatlab.themes.vectors import Rows
from chatlab.translation import _

Classifier = Callable[[Sequence[str]], npt.ArrayLike]
COLUMNS = ["post_id", "author_id", "kind", "certainty", "cue", "what", "score"]
# A post is marked from the first on; surely from the second on, corrected for its conversation.
# Chosen on labelled posts of real conversations: the first for F1, the second for four right marks
# of five.
MARKED = {"friction": 0.15, "solution": 0.2, "case": 0.15, "request": 0.25, "praise": 0.3}
SURE = {"friction": 0.8, "solution": 0.93, "case": 0.8, "request": 0.88, "praise": 0.8}
# A language in which so many of the posts are is that of those which do not tell.
MAIN_LANGUAGE = 0.8
# Of a long post, the beginning is read.
READ = 5_000
# So many posts are read at a time.
AT_ONCE = 2_000


class _Post(NamedTuple):
    post_id: str
    author: str
    text: str
    lang: str


def find_insights(
    posts: pd.DataFrame,
    *,
    cues: str | Path | None = None,
    brand: str | None = None,
    rivals: Sequence[str] = (),
    classifier: Classifier | None = None,
    verdicts: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """Mark what a market researcher looks for, each mark with the words that speak for it.

    A small model reads each English or French post; see `chatlab.text.reading`. `sure` is kept
    for marks of which four in five are right on posts that it had not seen; the others are `to
    check`. Reposts, posts that only came along and the host's numbered questions are not read. Of
    posts in other languages only products are found. Praise is marked where a product is named.

    Parameters
    ----------
    posts
        A posts table.
    cues
        Words and patterns of your own, as CSV, that mark posts besides; see `read_cues`.
    brand, rivals
        Names of products to find, besides those that several people say they use.
    classifier
        A model of your own, in place of chatlab's: a function from a list of texts to an array
        with one row per text and four columns, how likely each is a friction, solution, case and
        request (0 to 1). It reads posts of all languages.
    verdicts
        What was accepted and rejected before: `post_id`, `kind`, `accepted`. The model learns from
        it for this chat.

    Returns
    -------
    DataFrame
        One row per mark, in the order of the posts: `post_id`, `author_id`, `kind` (`friction`,
        `solution`, `case`, `request`, `praise`, `product`), `certainty` (`sure`, `to check`),
        `cue` (list of up to four words of the post that speak most for it), `what` (list of the
        products named, empty for other kinds), `score` (how likely, 0 to 1; 1 for products).

    Raises
    ------
    SettingsError
        When the list of cues has a line that cannot be used.
    PostsError
        When the classifier does not return one row per text.
    """
    said = own_posts(posts)
    own_cues = () if cues is None else read_cues(path=cues)
    given = [name for name in (brand, *rivals) if name]
    known = {name.casefold() for name in given}
    found = [name for name in product_names(said) if name.casefold() not in known]
    rows: list[tuple[object, ...]] = []
    read = _to_read(said)
    likely, corrected = _scores(read, classifier, verdicts)
    for post, one, for_sure in zip(read, likely, corrected, strict=True):
        named = named_products(post.text, [*given, *found])
        marks = list(_marks(post, one, for_sure, bool(named), classifier is None))
        marks += _cued(post, own_cues, {kind for kind, *_rest in marks})
        if named:
            sure = any(name in given for name in named)
            marks.append(("product", "sure" if sure else "to check", named[:4], named, 1.0))
        order = sorted(marks, key=lambda mark: KINDS.index(mark[0]))
        rows += [(post.post_id, post.author, *mark) for mark in order]
    table = pd.DataFrame(rows, columns=COLUMNS)
    return table.astype({**dict.fromkeys(COLUMNS[:4], "str"), "score": "float64"})


def read_languages(posts: pd.DataFrame) -> pd.Series:
    """Say in which language each post is read for insights.

    Returns
    -------
    Series
        `en` or `fr` on the index of the posts that somebody wrote in the chat, reposts left out;
        missing for posts in other languages.
    """
    said = own_posts(posts)
    pairs = zip(said["lang"], said["text"], strict=True)
    langs = pd.Series(
        [likely_language(lang, text) for lang, text in pairs], index=said.index, dtype="str"
    )
    known = langs[langs != ""].value_counts(normalize=True)
    # What says too little to tell is in the language of nearly all others.
    if len(known) and known.iloc[0] >= MAIN_LANGUAGE:
        langs = langs.where(langs != "", known.index[0])
    return langs.where(langs.isin(LANGUAGES))


def _to_read(said: pd.DataFrame) -> list[_Post]:
    langs = read_languages(said)
    columns = said[["post_id", "author_id", "text"]].itertuples(index=False, name=None)
    read = []
    for (post_id, author, text), lang in zip(columns, langs, strict=True):
        mark = number_mark(text)
        if isinstance(text, str) and not (mark and mark.asks):
            read.append(_Post(post_id, author, text[:READ], lang if isinstance(lang, str) else ""))
    return read


def _scores(
    read: Sequence[_Post], classifier: Classifier | None, verdicts: pd.DataFrame | None
) -> tuple[Rows, Rows]:
    """Return how likely each post is each kind of `KINDS_READ`; 0 for what is not read.

    The second time corrected for how common the kinds are in this conversation.
    """
    likely = np.zeros((len(read), len(KINDS_READ)))
    if classifier is not None:
        if read:
            likely[:, :4] = _given(classifier, [post.text for post in read])
        return likely, likely
    corrected = likely.copy()
    for lang in LANGUAGES:
        places = [i for i, post in enumerate(read) if post.lang == lang]
        reader = Reader(lang)
        if verdicts is not None:
            reader = reader.taught({read[i].post_id: read[i].text for i in places}, verdicts)
        starts = range(0, len(places), AT_ONCE)
        for start in slow(starts, len(starts), _("posts, read for insights")):
            some = places[start : start + AT_ONCE]
            likely[some] = reader.read([read[i].text for i in some])
        corrected[places] = for_this_chat(likely[places], lang)
    return likely, corrected


def _given(classifier: Classifier, texts: Sequence[str]) -> Rows:
    try:
        likely = np.asarray(classifier(texts), dtype=np.float64)
    except (TypeError, ValueError):
        likely = np.empty(0)
    if likely.shape != (len(texts), 4) or not ((likely >= 0) & (likely <= 1)).all():
        raise PostsError(
            f"The classifier was given {len(texts)} texts and must return a table of numbers from "
            "0 to 1 with one row per text and four columns (friction, solution, case, request); it "
            f"returned one of shape {likely.shape}."
        )
    return likely


Mark = tuple[str, str, list[str], list[str], float]


def _marks(
    post: _Post, likely: Rows, corrected: Rows, names_a_product: bool, explained: bool
) -> Iterator[Mark]:
    for kind, score, for_sure in zip(KINDS_READ, likely.tolist(), corrected.tolist(), strict=True):
        if score < MARKED[kind] or (kind == "praise" and not names_a_product):
            continue
        told = told_by(post.text, post.lang, kind) if explained else []
        yield kind, "sure" if for_sure >= SURE[kind] else "to check", told, [], round(score, 2)


def _cued(post: _Post, cues: Sequence[Cue], marked: set[str]) -> list[Mark]:
    """Mark what cues of one's own mark, and the model does not."""
    return [
        (kind, "sure" if sure else "to check", [shorten(word, 40) for word in words], [], 1.0)
        for kind, sure, words in met_cues(post.text, post.lang, cues)
        if kind not in marked
    ]
