"""Pseudonyms for everybody, and removing one person, wherever a name can stand."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from chatlab.posts.keys import checked_key
from chatlab.posts.renaming import (
    Renaming,
    keyed_digest,
    kinds_left,
    left_table,
    mapped,
    renaming_of_all,
    renaming_without,
    typed_like,
)
from chatlab.posts.schema import PERSON_NAMES, POST_NAMES, RELATIONS


def pseudonymize(posts: pd.DataFrame, *, key: bytes | str) -> pd.DataFrame:
    """Replace every person by a pseudonym, the same one for the same key.

    Handles, names, ids and profile texts go; so do handles and names inside texts, permalinks,
    links and hashtags that name a person or lead to a post, e-mail addresses, phone numbers, and
    the ids of posts, which would lead back to their authors. A name is found by its letters,
    whatever its case, accents or width, and whatever stands around it or between its parts. First
    and last names alone are replaced where the post is by that person or addresses them, and
    elsewhere unless texts use the word as an ordinary one (so `rose` stays in a chat about roses);
    two people of one name become `[…]`. What cannot be found, `names_to_check` lists.

    Parameters
    ----------
    posts
        A posts table.
    key
        A secret of at least 16 bytes. Without it nobody can undo or repeat the replacement.

    Returns
    -------
    DataFrame
        A new posts table with the same rows; `author` and `author_name` are `person-...`, post
        ids `x:post-...`; `url`, `author_bio`, `author_following` and `client` are missing, `media`
        and `media_alt` empty, and `author_followers` is rounded to 1, 2 or 5 times a power of ten,
        since exact figures identify.

    Raises
    ------
    SettingsError
        When the key is too short.

    References
    ----------
    HMAC-SHA256, cut to 40 bits for people and 64 for posts: RFC 2104,
    https://doi.org/10.17487/RFC2104.
    """
    return pseudonymized(posts, renaming_of_all(posts, key=key), key=key)


def pseudonymized(posts: pd.DataFrame, renaming: Renaming, *, key: bytes | str) -> pd.DataFrame:
    """Replace every person as `pseudonymize` does, with a renaming made before."""
    changed = renaming.posts(posts)

    def person(author_id: str) -> str:
        return f"{author_id.partition(':')[0]}:{renaming.person(author_id)}"

    for name in PERSON_NAMES:
        changed[name] = mapped(posts[name], person)
    for name in POST_NAMES:
        changed[name] = mapped(posts[name], lambda post: pseudonym_of_post(post, key=key))
    shown = mapped(posts["author_id"], renaming.person)
    changed["author"] = shown
    changed["author_name"] = shown
    for name in ("author_bio", "url", "client", "author_following"):
        changed[name] = typed_like(posts[name], [None] * len(posts))
    # A picture leads back to its post.
    for name in ("media", "media_alt"):
        changed[name] = typed_like(posts[name], [[]] * len(posts))
    changed["author_followers"] = _rounded(posts["author_followers"])
    changed["mentions"] = typed_like(
        posts["mentions"], [list(map(person, some)) for some in posts["mentions"]]
    )
    changed.index = pd.Index(changed["post_id"].array)
    return changed.sort_values(["created_at", "post_id"], kind="stable")


def pseudonym_of_post(post_id: str, *, key: bytes | str) -> str:
    """Return what stands for a post's id, the same for the same key."""
    secret = checked_key(key.encode() if isinstance(key, str) else key)
    return f"{post_id.partition(':')[0]}:post-{keyed_digest(secret, post_id, 16)}"


def _rounded(counts: pd.Series) -> pd.Series:
    """Round counts to 1, 2 or 5 times a power of ten: exact ones are as good as a name."""
    known = counts.dropna()
    exact = known[known > 0].astype("float")
    power = 10 ** np.floor(np.log10(exact))
    lead = exact / power
    steps = pd.Series(np.select([lead < 1.5, lead < 3.5, lead < 7.5], [1, 2, 5], 10), exact.index)
    return counts.where(counts.isna() | (counts <= 0), (steps * power).reindex(counts.index))


def remove_author(posts: pd.DataFrame, author: str) -> pd.DataFrame:
    """Take one person out: their posts, what repeats them, and their name everywhere else.

    Names are found as `pseudonymize` finds them; e-mail addresses and phone numbers go, whoever
    they belong to.

    Parameters
    ----------
    posts
        A posts table.
    author
        A handle, with or without `@`, or an author id.

    Returns
    -------
    DataFrame
        A new posts table without their posts and without reposts of them; in the rest, ties to
        them are missing (a reply to them becomes a plain post), and their handle, name and links
        to them are replaced by `[…]` or taken out.

    Raises
    ------
    SettingsError
        When nobody of that name is in the table, written or mentioned.
    """
    return posts_without(posts, *renaming_without(posts, [author]))


def posts_without(posts: pd.DataFrame, gone: set[str], renaming: Renaming) -> pd.DataFrame:
    """Take people out as `remove_author` does, with a renaming made before."""
    theirs = set(posts.index[posts["author_id"].isin(gone)])
    out = posts["author_id"].isin(gone) | posts["repost_of_author"].isin(gone)
    # The same post on another network goes with it, from whichever account.
    out |= posts["copy_of"].isin(theirs) | posts.index.isin(posts.loc[out, "copy_of"].dropna())
    # Before the ties go: who is addressed tells whose first name it is.
    kept = renaming.posts(posts[~out])
    for relation in RELATIONS:
        cut = kept[f"{relation}_author"].isin(gone) | kept[relation].isin(theirs)
        kept.loc[cut, [relation, f"{relation}_author"]] = np.nan
    kept.loc[kept["thread_id"].isin(theirs), "thread_id"] = np.nan
    kept["kind"] = kinds_left(kept)
    kept["mentions"] = typed_like(
        posts["mentions"], [[one for one in some if one not in gone] for some in kept["mentions"]]
    )
    for name in ("author_name", "author_bio", "client"):
        told = {text: renaming.text(text) or None for text in kept[name].dropna().unique()}
        kept[name] = typed_like(posts[name], [told.get(text) for text in kept[name]])
    led = [isinstance(url, str) and not renaming.links([url]) for url in kept["url"]]
    kept.loc[led, "url"] = np.nan
    return kept


def names_to_check(posts: pd.DataFrame, *, without: Sequence[str] = ()) -> pd.DataFrame:
    """List words that are parts of names and stay, because texts use them as ordinary words.

    `Rose` in a chat about roses, a first name that two people share where one is taken out: a
    person has to look.

    Parameters
    ----------
    posts
        A posts table, before names are replaced.
    without
        Handles or author ids, where only these people are taken out; else everybody is renamed.

    Returns
    -------
    DataFrame
        Index the word, folded; `places`, how often it stands in texts with a capital; the most
        frequent first.
    """
    if not without:
        renaming = renaming_of_all(posts, key=b"no pseudonym leaves this function")
    else:
        gone, renaming = renaming_without(posts, without)
        posts = posts[~posts["author_id"].isin(gone)]
    renaming.posts(posts)
    return left_table(renaming.people.left)
