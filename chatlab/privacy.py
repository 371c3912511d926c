"""Pseudonyms for everybody, and removing one person, wherever a name can stand."""

from __future__ import annotations

import hashlib
import hmac
import re
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from chatlab.errors import SettingsError, UnreadableFileError
from chatlab.schema import RELATIONS
from chatlab.text import HANDLE

PERSON_COLUMNS = ("author_id", "reply_to_author", "quote_of_author", "repost_of_author")
POST_COLUMNS = ("post_id", "reply_to", "quote_of", "repost_of", "thread_id")
REMOVED = "[…]"

_WORD = re.compile(r"\w[\w'’.-]*\w|\w")
_LINK = re.compile(r"https?://\S+")
# X's short links hide where they lead, often to the very post.
_OPAQUE = re.compile(r"^https?://t\.co/", re.IGNORECASE)
_MIN_KEY = 16
# Shorter single words are too often ordinary words to be taken for a name without an `@`.
_MIN_BARE = 4


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
    would lead back to their authors. First names are replaced where the post addresses that
    person or is by them; a nickname that no profile shows cannot be found.

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
    people = _People(posts)

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
    people: _People,
    pseudonym: Callable[[str], str],
    stranger: Callable[[str, str], str],
    person: Callable[[str], str],
    post: Callable[[str], str],
) -> pd.DataFrame:
    changed = posts.copy()
    for name in PERSON_COLUMNS:
        changed[name] = _mapped(posts[name], person)
    for name in POST_COLUMNS:
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

        def named(author_id: str) -> str:
            return pseudonym(author_id)

        near = people.first_names(row.addressed)
        texts.append(people.replace(row.text, row.platform, near, named, stranger))
        tags.append([people.tag(tag, named) for tag in row.hashtags])
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
    people = _People(posts, only=gone, extra=author)
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
        [people.replace(bio, "", frozenset(), lambda _: REMOVED, None) or None for bio in bios],
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
            for name in PERSON_COLUMNS
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
    names = ["text", "platform", "hashtags", "urls", "mentions", *PERSON_COLUMNS]
    return (_Row(values) for values in posts[names].itertuples(index=False, name=None))


def _squeezed(name: str) -> str:
    return "".join(char for char in name.casefold() if char.isalnum())


class _People:
    """Who is named how: handles and display names of a table's authors, found in texts."""

    def __init__(
        self, posts: pd.DataFrame, *, only: set[str] | None = None, extra: str | None = None
    ) -> None:
        known = posts[["author_id", "author", "author_name"]].dropna(subset="author_id")
        known = known.drop_duplicates()
        if only is not None:
            known = known[known["author_id"].isin(only)]
        self._by_handle: dict[str, str] = {}
        self._names: dict[str, list[tuple[list[str], str]]] = {}
        self._first: dict[str, set[str]] = {}
        self._squeezed: set[str] = set()
        for author_id, handle, name in known.itertuples(index=False, name=None):
            if isinstance(handle, str):
                self._by_handle[handle.casefold()] = author_id
                self._by_handle.setdefault(handle.casefold().partition("@")[0], author_id)
            if isinstance(name, str):
                self._add_name(name, author_id)
        if only is not None:
            for author_id in only:
                self._by_handle.setdefault(author_id.partition(":")[2].lstrip("@"), author_id)
        if extra is not None:
            handle = extra.strip().removeprefix("@").casefold()
            self._by_handle.setdefault(handle, next(iter(only or ()), extra))
        self._only = only is not None
        self._numbers = {
            post.rsplit(":", 1)[-1].rsplit("/", 1)[-1]: None
            for post in posts.loc[
                posts["author_id"].isin(only) if only is not None else slice(None), "post_id"
            ]
        }

    def _add_name(self, name: str, author_id: str) -> None:
        words = [word.casefold() for word in _WORD.findall(name)]
        if len(words) > 1 or (words and len(words[0]) >= _MIN_BARE):
            self._names.setdefault(words[0], []).append((words, author_id))
        if len(words) > 1:
            self._squeezed.add(_squeezed(name))
        for word in words:
            if len(word) > 2:
                self._first.setdefault(author_id, set()).add(word)

    def first_names(self, addressed: set[str]) -> Mapping[str, str]:
        return {word: one for one in sorted(addressed) for word in self._first.get(one, ())}

    def tag(self, tag: str, named: Callable[[str], str]) -> str:
        found = self._by_handle.get(tag.casefold())
        return named(found) if found else tag

    def in_link(self, link: str) -> bool:
        """Tell whether a link names a person or leads to a post of the table."""
        if not self._only and _OPAQUE.match(link):
            return True
        parts = [part.casefold().lstrip("@") for part in re.split(r"[/?#=&:]+", link)]
        return any(
            part in self._by_handle or part in self._numbers or _squeezed(part) in self._squeezed
            for part in parts[1:]
        )

    def replace(
        self,
        text: str,
        platform: str,
        near: Mapping[str, str] | frozenset[str],
        named: Callable[[str], str],
        stranger: Callable[[str, str], str] | None,
    ) -> str:
        """Replace handles and names; `stranger` names handles that no author has."""

        def handle(match: re.Match[str]) -> str:
            written = match[1]
            known = self._by_handle.get(written.casefold())
            if known:
                return f"@{named(known)}" if stranger else named(known)
            return f"@{stranger(written, platform)}" if stranger else match[0]

        def link(match: re.Match[str]) -> str:
            return REMOVED if self.in_link(match[0]) else match[0]

        text = HANDLE.sub(handle, _LINK.sub(link, text))
        return self._without_names(text, near if isinstance(near, Mapping) else {}, named)

    def _without_names(
        self, text: str, near: Mapping[str, str], named: Callable[[str], str]
    ) -> str:
        words = list(_WORD.finditer(text))
        folded = [word[0].casefold() for word in words]
        pieces: list[str] = []
        done = i = 0
        while i < len(words):
            length, named_one = self._name_at(words, folded, i, near)
            if not length:
                i += 1
                continue
            pieces += [text[done : words[i].start()], named(named_one)]
            done = words[i + length - 1].end()
            i += length
        return "".join([*pieces, text[done:]])

    def _name_at(
        self, words: list[re.Match[str]], folded: list[str], i: int, near: Mapping[str, str]
    ) -> tuple[int, str]:
        """Find the name that starts at a word: how many words, and whose."""
        best = (0, "")
        for name, author in self._names.get(folded[i], ()):
            capital = words[i][0][:1].isupper()
            if folded[i : i + len(name)] == name and (len(name) > 1 or capital):
                best = max(best, (len(name), author))
        if best[0]:
            return best
        word = folded[i]
        if len(word) >= _MIN_BARE or any(char in word for char in "_0123456789"):
            # "chat" may be somebody's handle; only a handle that could be no plain word counts.
            distinct = any(char in word for char in "_.0123456789") or len(word) > 9
            sure = self._only or distinct or words[i][0][:1].isupper()
            if sure and word in self._by_handle:
                return 1, self._by_handle[word]
        if words[i][0][:1].isupper() and word in near:
            return 1, near[word]
        return 0, ""
