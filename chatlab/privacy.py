"""Pseudonyms for everybody, and removing one person, wherever a name can stand."""

from __future__ import annotations

import hashlib
import hmac
import re
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from chatlab._names import REMOVED, People
from chatlab.errors import SettingsError, UnreadableFileError
from chatlab.schema import PERSON_NAMES, POST_NAMES, RELATIONS

_MIN_KEY = 16


def read_key(path: str | Path) -> bytes:
    """Read the secret that pseudonyms are made with.

    Raises
    ------
    UnreadableFileError
        The file cannot be read.
    SettingsError
        It holds fewer than 16 bytes.
    """
    try:
        key = Path(path).read_bytes().strip()
    except OSError as error:
        raise UnreadableFileError(f"The key file {path} cannot be read: {error}.") from error
    return _checked(key)


def _checked(key: bytes) -> bytes:
    if len(key) < _MIN_KEY:
        raise SettingsError(
            f"`key` has {len(key)} bytes; give at least {_MIN_KEY}, so that nobody can guess it. "
            'For example: python -c "import secrets; print(secrets.token_hex(32))" > key.txt'
        )
    return key


def pseudonymize(posts: pd.DataFrame, *, key: bytes | str) -> pd.DataFrame:
    """Replace every person by a pseudonym, the same one for the same key.

    Handles, names, ids and profile texts go; so do handles and names inside texts (with or
    without `@`), permalinks, links that name a person or a post, and the ids of posts, which
    would lead back to their authors. First and last names alone are replaced where the post is
    by that person or addresses them, and elsewhere where no text of the table writes that word
    small (so `Rose` stays in a chat about roses); two people of one name become `[…]`. A nickname
    that no profile shows cannot be found.

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
        ids `x:post-...`; `url` and `author_bio` are missing.

    Raises
    ------
    SettingsError
        When the key is too short.

    References
    ----------
    HMAC-SHA256, cut to 40 bits for people and 64 for posts: RFC 2104,
    https://doi.org/10.17487/RFC2104.
    """
    secret = _checked(key.encode() if isinstance(key, str) else key)
    people = People(posts)

    def pseudonym(author_id: str) -> str:
        return f"person-{_digest(secret, author_id, 10)}"

    def person(author_id: str) -> str:
        return f"{author_id.partition(':')[0]}:{pseudonym(author_id)}"

    def post(post_id: str) -> str:
        return f"{post_id.partition(':')[0]}:post-{_digest(secret, post_id, 16)}"

    def stranger(handle: str, platform: str) -> str:
        return pseudonym(f"{platform}:@{handle.casefold()}")

    return _rewritten(posts, people, pseudonym, stranger, person, post)


def _digest(secret: bytes, text: str, length: int) -> str:
    return hmac.new(secret, text.encode(), hashlib.sha256).hexdigest()[:length]


def _rewritten(
    posts: pd.DataFrame,
    people: People,
    pseudonym: Callable[[str], str],
    stranger: Callable[[str, str], str],
    person: Callable[[str], str],
    post: Callable[[str], str],
) -> pd.DataFrame:
    changed = posts.copy()
    for name in PERSON_NAMES:
        changed[name] = _mapped(posts[name], person)
    for name in POST_NAMES:
        changed[name] = _mapped(posts[name], post)
    shown = _mapped(posts["author_id"], pseudonym)
    changed["author"] = shown
    changed["author_name"] = shown
    changed["author_bio"] = pd.Series(np.nan, index=posts.index, dtype=posts["author_bio"].dtype)
    changed["url"] = pd.Series(np.nan, index=posts.index, dtype=posts["url"].dtype)
    changed["mentions"] = _like(
        posts["mentions"], [list(map(person, some)) for some in posts["mentions"]]
    )
    texts, tags, links = [], [], []
    for row in _rows(posts):
        near = people.first_names(row.addressed)
        texts.append(people.replace(row.text, row.platform, near, pseudonym, stranger))
        tags.append([people.tag(tag, pseudonym) for tag in row.hashtags])
        links.append([link for link in row.urls if not people.in_link(link)])
    changed["text"] = _like(posts["text"], texts)
    changed["hashtags"] = _like(posts["hashtags"], tags)
    changed["urls"] = _like(posts["urls"], links)
    changed.index = pd.Index(changed["post_id"].array)
    return changed.sort_values(["created_at", "post_id"], kind="stable")


def remove_author(posts: pd.DataFrame, author: str) -> pd.DataFrame:
    """Take one person out: their posts, what repeats them, and their name everywhere else.

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
    gone = find_author(posts, author)
    theirs = set(posts.index[posts["author_id"].isin(gone)])
    out = posts["author_id"].isin(gone) | posts["repost_of_author"].isin(gone)
    # The same post on another network goes with it, from whichever account.
    out |= posts["copy_of"].isin(theirs) | posts.index.isin(posts.loc[out, "copy_of"].dropna())
    people = People(posts, only=gone, extra=author)
    kept = posts[~out].copy()
    for relation in RELATIONS:
        cut = kept[f"{relation}_author"].isin(gone) | kept[relation].isin(theirs)
        kept.loc[cut, [relation, f"{relation}_author"]] = np.nan
    kept.loc[kept["thread_id"].isin(theirs), "thread_id"] = np.nan
    kept["kind"] = _kinds(kept)
    texts, tags, links = [], [], []
    for row in _rows(kept):
        near = people.first_names(row.addressed)
        texts.append(people.replace(row.text, row.platform, near, lambda _: REMOVED, None))
        tags.append([tag for tag in row.hashtags if people.tag(tag, lambda _: "") == tag])
        links.append([link for link in row.urls if not people.in_link(link)])
    kept["text"] = _like(posts["text"], texts)
    kept["hashtags"] = _like(posts["hashtags"], tags)
    kept["urls"] = _like(posts["urls"], links)
    kept["mentions"] = _like(
        posts["mentions"], [[one for one in some if one not in gone] for some in kept["mentions"]]
    )
    bios = kept["author_bio"].fillna("")
    kept["author_bio"] = _like(
        posts["author_bio"],
        [people.replace(bio, "", {}, lambda _: REMOVED, None) or None for bio in bios],
    )
    return kept


def find_author(posts: pd.DataFrame, author: str) -> set[str]:
    """Find the ids of a person by handle (with or without `@`) or id; a handle may have several.

    Raises
    ------
    SettingsError
        When nobody of that name is in the table.
    """
    wanted = author.strip().removeprefix("@").casefold()
    same = posts["author"].str.casefold().eq(wanted) | posts["author_id"].eq(author)
    found = set(posts.loc[same, "author_id"].dropna())
    for platform in posts["platform"].unique():
        handle_id = f"{platform}:@{wanted}"
        named = any(
            posts[name].isin([handle_id, author, f"{platform}:{wanted}"]).any()
            for name in PERSON_NAMES
        )
        mentions = {one for some in posts["mentions"] for one in some}
        found |= {handle_id} if named else set()
        found |= {handle_id, author, f"{platform}:{wanted}"} & mentions
    in_texts = posts["text"].str.contains(rf"@{re.escape(wanted)}\b", case=False, regex=True)
    if not found and not in_texts.any():
        raise SettingsError(
            f"Nobody is called {author!r} in these posts. "
            "Give the handle as the file has it (on Mastodon with its server)."
        )
    return found


def _kinds(posts: pd.DataFrame) -> pd.Series:
    kinds = pd.Series("post", index=posts.index, dtype=posts["kind"].dtype)
    for kind, relation in (("quote", "quote_of"), ("reply", "reply_to"), ("repost", "repost_of")):
        has = posts[relation].notna() | posts[f"{relation}_author"].notna()
        kinds = kinds.mask(has, kind)
    return kinds


def _like(column: pd.Series, values: list[Any]) -> Any:
    """Put new values into an array of a column's type."""
    kind: Any = column.dtype
    return pd.array(values, dtype=kind)


def _mapped(column: pd.Series, rename: Callable[[str], str]) -> pd.Series:
    names = {one: rename(one) for one in column.dropna().unique()}
    return column.map(names).astype(column.dtype)


class _Row:
    __slots__ = ("addressed", "hashtags", "platform", "text", "urls")

    def __init__(self, values: tuple[object, ...]) -> None:
        text, platform, hashtags, urls, mentions, *people = values
        self.text = str(text)
        self.platform = str(platform)
        self.hashtags: list[str] = list(hashtags)  # type: ignore[call-overload]
        self.urls: list[str] = list(urls)  # type: ignore[call-overload]
        self.addressed = {one for one in people if isinstance(one, str)} | set(
            mentions  # type: ignore[call-overload]
        )


def _rows(posts: pd.DataFrame) -> Iterable[_Row]:
    names = ["text", "platform", "hashtags", "urls", "mentions", *PERSON_NAMES]
    return (_Row(values) for values in posts[names].itertuples(index=False, name=None))
