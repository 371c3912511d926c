"""Tables of phrases, and of the posts that speak of no theme."""

from __future__ import annotations

import numpy as np
import pandas as pd

from chatlab.posts.schema import engagement
from chatlab.posts.select import own_posts
from chatlab.text.patterns import without_accents
from chatlab.text.words import word_list
from chatlab.themes.coherent import FEWEST_PEOPLE, worth
from chatlab.themes.documents import Documents, documents_of
from chatlab.themes.keyphrases import terms_of, theme_codes


def theme_terms(
    posts: pd.DataFrame, themes: pd.Series, *, n: int = 8, documents: Documents | None = None
) -> pd.DataFrame:
    """List the phrases that set each theme apart.

    Parameters
    ----------
    posts, themes, documents
        As in `theme_table`.
    n
        How many phrases of each.

    Returns
    -------
    DataFrame
        One row per theme and phrase, best first: `theme`, `phrase`, `texts` (different texts of
        the theme that have it), `coverage` (share of the theme's texts), `elsewhere` (share of
        all other texts with a theme).
    """
    here = posts[posts["in_chat"]]
    numbers, codes = theme_codes(themes, here.index)
    terms = terms_of(codes, len(numbers), documents_of(here, documents))
    rows = []
    for code, number in enumerate(numbers):
        others = max(1.0, terms.sizes.sum() - terms.sizes[code])
        for column in terms.best(code, n):
            inside = terms.counts[code, column]
            rows.append(
                {
                    "theme": number,
                    "phrase": terms.phrases.names[column],
                    "texts": int(inside),
                    "coverage": inside / max(1.0, terms.sizes[code]),
                    "elsewhere": (terms.counts[:, column].sum() - inside) / others,
                }
            )
    return pd.DataFrame(rows, columns=["theme", "phrase", "texts", "coverage", "elsewhere"])


def common_phrases(
    posts: pd.DataFrame, *, n: int = 20, documents: Documents | None = None
) -> pd.DataFrame:
    """List the phrases that most people use: what a conversation without firm themes has in common.

    Parameters
    ----------
    posts
        A posts table.
    n
        How many.
    documents
        As in `theme_table`.

    Returns
    -------
    DataFrame
        Phrases of one to three words that three people use, those of several words first in their
        favour; words of every conversation and persons' names left out: `phrase`, `texts`
        (different ones), `people`.
    """
    here = posts[posts["in_chat"]]
    read = documents_of(here, documents)
    phrases = read.phrases
    own = read.own[read.first]
    people = phrases.people(own)
    unfit = read.persons | word_list("abuse")
    named = [not unfit.isdisjoint(without_accents(name).split()) for name in phrases.names]
    usable = (people >= FEWEST_PEOPLE) & phrases.whole & ~phrases.everyday & ~np.array(named, bool)
    rated = np.where(usable, people * worth(phrases), 0)
    best = [column for column in np.argsort(-rated, kind="stable")[:n] if rated[column] > 0]
    texts = np.asarray(phrases.held[own].sum(axis=0)).ravel()
    return pd.DataFrame(
        {
            "phrase": [phrases.names[column] for column in best],
            "texts": [int(texts[column]) for column in best],
            "people": [int(people[column]) for column in best],
        }
    )


def unplaced_posts(posts: pd.DataFrame, themes: pd.Series) -> pd.DataFrame:
    """List the posts that speak of no theme, those that drew most first.

    Parameters
    ----------
    posts
        A posts table; reposts are left out.
    themes
        Theme numbers on the posts' index.

    Returns
    -------
    DataFrame
        Rows of `posts`.
    """
    said = own_posts(posts)
    rest = said[themes.reindex(said.index).isna()]
    drawn = engagement(rest).fillna(0)
    return rest.loc[drawn.sort_values(ascending=False, kind="stable").index]
