"""Names in texts: who is named how, and finding and replacing it, links included."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

import pandas as pd

from chatlab.text import HANDLE

REMOVED = "[…]"

_WORD = re.compile(r"\w[\w'’.-]*\w|\w")
_LINK = re.compile(r"https?://\S+")
# X's short links hide where they lead, often to the very post.
_OPAQUE = re.compile(r"^https?://t\.co/", re.IGNORECASE)
# Shorter single words are too often ordinary words to be taken for a name without an `@`.
_MIN_BARE = 4


def _squeezed(name: str) -> str:
    return "".join(char for char in name.casefold() if char.isalnum())


def _names_alone(posts: pd.DataFrame, only: set[str] | None) -> dict[str, str]:
    """Map parts of names to their one bearer, or to nobody where two people bear them.

    A part counts when no text writes it small: `Camille` is a name, `Paris` in a chat that says
    `paris` is not.
    """
    small = {
        word.casefold()
        for text in posts["text"]
        for word in _WORD.findall(text)
        if word[0].islower()
    }
    bearers: dict[str, set[str]] = {}
    known = posts[["author_id", "author_name"]].dropna().drop_duplicates()
    for author_id, name in known.itertuples(index=False, name=None):
        for word in _WORD.findall(name):
            folded = word.casefold()
            if len(word) > 2 and word[0].isupper() and folded not in small:
                bearers.setdefault(folded, set()).add(author_id)
    return {
        word: next(iter(ids)) if len(ids) == 1 else ""
        for word, ids in bearers.items()
        if only is None or ids <= only
    }


class People:
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
        self._alone = _names_alone(posts, only)
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
        near: Mapping[str, str],
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
        return self._without_names(text, near, named)

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
            # Nobody in particular: two people bear that name.
            pieces += [text[done : words[i].start()], named(named_one) if named_one else REMOVED]
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
        if not words[i][0][:1].isupper():
            return 0, ""
        if word in near:
            return 1, near[word]
        return (1, self._alone[word]) if word in self._alone else (0, "")
