"""The sub-themes of a conversation: posts that speak of one subject, again and again."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np
import pandas as pd
from threadpoolctl import threadpool_limits

from chatlab.errors import PostsError
from chatlab.themes.coherent import coherent_groups
from chatlab.themes.documents import Documents, documents_of
from chatlab.themes.fits import Arrays, found_once
from chatlab.themes.tree import Encoder, encoded, theme_tree
from chatlab.themes.vectors import Labels


def find_themes(
    posts: pd.DataFrame | pd.Series,
    *,
    n_themes: int | None = None,
    seed: int = 0,
    encoder: Encoder | None = None,
    documents: Documents | None = None,
    place_all: bool = False,
) -> pd.Series:
    """Find the sub-themes of a conversation.

    Posts are grouped by the words they share; `chatlab/themes/mixture.py` says how. Of each group
    those posts stay that make it one subject; `chatlab/themes/coherent.py` says which. Reposts and
    copies have no vote and get their original's theme. A reply or a quote borrows words from what
    it answers and leans on its theme; so does an answer to a numbered question. The chat's
    hashtag, the marks of questions and answers, and stop words make no themes; a short post that
    greets or thanks, and answers nothing, has none. The order of the rows does not matter.

    Parameters
    ----------
    posts
        A posts table, or a Series of texts.
    n_themes
        How many groups are made; fewer themes may be left of them unless all posts are placed.
        None chooses: the finest number on which runs from different starts agree, or twice as
        many where posts may have none.
    seed
        The same seed gives the same themes.
    encoder
        A function from a list of texts to an array with one row per text, such as the `encode`
        of a sentence model of your own. What it finds alike counts beside the words; a
        multilingual one joins what is said in several languages.
    documents
        From `read_documents` (or `Chat.documents`, which hears the chat's settings); without it
        the posts are read here, and questions are looked for in them alone.
    place_all
        True gives every post with words a theme, the one that it fits least badly.

    Returns
    -------
    Series
        Theme numbers (`Int64`) on the posts' index, 0 the theme with most posts; missing for a
        post that fits none: chatter, announcements, remarks made once. Of fewer than sixty
        different texts, or ten people, no themes are made unless `place_all` asks for them;
        `chatlab.themes.common_phrases` lists what these share.

    Raises
    ------
    PostsError
        When `n_themes` is less than 1, or the encoder does not return one row per text.
    """
    read = documents_of(posts, documents)
    if place_all:
        return theme_tree(
            posts, n_themes=n_themes, seed=seed, encoder=encoder, documents=read
        ).cut()
    return subjects_of(posts, read, n_themes=n_themes, seed=seed, encoder=encoder)


def subjects_of(
    posts: pd.DataFrame | pd.Series,
    read: Documents,
    *,
    n_themes: int | None = None,
    seed: int = 0,
    encoder: Encoder | None = None,
) -> pd.Series:
    """Find themes that read as one subject; see `find_themes`."""
    if n_themes is not None and n_themes < 1:
        raise PostsError(f"`n_themes` is {n_themes}; a conversation has at least one theme.")
    row = read.bags.row
    places = None
    if encoder is not None:
        places = encoded(posts, row, np.arange(len(read.first)), encoder)
    phrases, own = read.phrases, read.own[read.first]

    def find() -> Arrays:
        with threadpool_limits(1):
            return {
                "groups": coherent_groups(phrases, own, seed=seed, n_groups=n_themes, places=places)
            }

    arrays = [phrases.held, phrases.author, own, *([] if places is None else [places])]
    return _by_post(found_once(find, arrays, "coherent", n_themes, seed)["groups"], row)


def _by_post(groups: Labels, row: pd.Series) -> pd.Series:
    """Give each post its text's group; the theme with most posts is 0."""
    told = pd.Series(pd.NA, index=row.index, dtype="Int64")
    known = row >= 0
    told[known] = groups[row[known].to_numpy()]
    sizes = told[told >= 0].value_counts()
    order = sizes.iloc[np.lexsort((sizes.index.to_numpy(), -sizes.to_numpy()))].index
    number = {int(group): i for i, group in enumerate(order)}
    return told.map(number.get).astype("Int64").rename("theme")


class KeptThemes(NamedTuple):
    """Themes after an analyst's changes: `themes` as in `find_themes`, `names` by number."""

    themes: pd.Series
    names: Mapping[int, str]


class ChatThemes(NamedTuple):
    """The themes of a chat: numbers by post, names, the table, and how firm each one is."""

    themes: pd.Series
    names: Mapping[int, str]
    table: pd.DataFrame
    stability: pd.DataFrame
