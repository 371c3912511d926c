"""Whose words may be handed out: one place decides, and whatever shows a text asks here."""

from __future__ import annotations

import re
from collections.abc import Collection

import numpy as np
import pandas as pd

from chatlab.text.folding import Letters
from chatlab.text.patterns import HANDLE, HASHTAG, URL, plain_handles

# So many words in a row are taken from somebody.
TAKEN = 8
# A shorter text counts where it is all that is said, or where quotation marks show it.
SHORTEST = 3
_QUOTING = re.compile(r"[“”«»„\"]|\bRT @|\bMT @")


def quotes(posts: pd.DataFrame) -> pd.Series:
    """Return the texts of posts as they may be handed out.

    Returns
    -------
    Series
        The texts, on the posts' index; missing where `quotable` is False.
    """
    return posts["text"].where(posts["quotable"])


def with_unquotable(posts: pd.DataFrame, people: Collection[str]) -> pd.DataFrame:
    """Mark whose words are not to be handed out.

    That are the posts of these people, reposts and copies of them, and posts of others that hold
    eight words in a row of theirs (a repost by hand, a quotation), or the whole of a shorter text
    in quotation marks. Handles, hashtags and links are no words here.

    Parameters
    ----------
    posts
        A posts table.
    people
        Handles (with or without `@`) or author ids.

    Returns
    -------
    DataFrame
        A new table, its column `quotable` False for those posts.
    """
    wanted = plain_handles(people)
    theirs = posts["author"].str.casefold().isin(wanted) | posts["author_id"].isin(set(people))
    authors = set(posts.loc[theirs, "author_id"].dropna())
    theirs |= posts["author_id"].isin(authors)
    ids = set(posts.index[theirs])
    theirs |= posts["repost_of_author"].isin(authors) | posts["repost_of"].isin(ids)
    theirs |= posts["copy_of"].isin(ids) | posts.index.isin(posts.loc[theirs, "copy_of"].dropna())
    own = posts.loc[posts["author_id"].isin(authors) & (posts["kind"] != "repost"), "text"]
    said = {stretch for text in own for stretch in _stretches(text)}
    if said:
        held = [not said.isdisjoint(_stretches(text, inside=True)) for text in posts["text"]]
        theirs |= np.array(held, dtype=bool)
    return posts.assign(quotable=posts["quotable"] & ~theirs)


def _stretches(text: object, *, inside: bool = False) -> set[str]:
    """List the stretches of words by which a text is known again.

    With `inside`, a text that quotes lists what short texts of others it may hold.
    """
    plain = HASHTAG.sub(" ", HANDLE.sub(" ", URL.sub(" ", str(text))))
    letters = Letters(plain)
    words = [piece.letters for piece in letters.pieces(0, len(letters.folded))]
    found = {" ".join(words[i : i + TAKEN]) for i in range(len(words) - TAKEN + 1)}
    if SHORTEST <= len(words) < TAKEN:
        found.add(" ".join(words))
    if inside and _QUOTING.search(str(text)):
        lengths = range(SHORTEST, TAKEN)
        found |= {" ".join(words[i : i + n]) for n in lengths for i in range(len(words) - n + 1)}
    return found
