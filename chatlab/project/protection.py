"""What was done about people, and the same for whatever else names them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import msgspec
import pandas as pd

from chatlab.errors import SettingsError
from chatlab.facts import Fact
from chatlab.posts.keys import read_key
from chatlab.posts.privacy import posts_without, pseudonym_of_post, pseudonymized
from chatlab.posts.renaming import (
    Renaming,
    find_author,
    left_table,
    renaming_of_all,
    renaming_without,
)
from chatlab.project.settings import Settings
from chatlab.text.patterns import plain_handle, plain_handles


@dataclass(frozen=True)
class Protection:
    """What was done about people, and the same for whatever else names them.

    Attributes
    ----------
    told
        What was done, as facts; `say.protection` makes sentences of them.
    renamings
        What takes names out of texts, in the order in which it acted.
    key
        The secret of the pseudonyms; None without them.
    gone
        Ids of the posts that were taken out, as the files have them.
    """

    told: tuple[Fact, ...] = ()
    renamings: tuple[Renaming, ...] = ()
    key: bytes | None = field(default=None, repr=False)
    gone: frozenset[str] = frozenset()

    @property
    def active(self) -> bool:
        """True where names were replaced or taken out."""
        return bool(self.renamings)

    def text(self, text: str) -> str:
        """Return a text from beside the posts (a title, a note) without those names."""
        for renaming in self.renamings:
            text = renaming.text(text)
        return text

    def post_id(self, post_id: str) -> str:
        """Return the id that a post has after pseudonyms."""
        return pseudonym_of_post(post_id, key=self.key) if self.key else post_id

    def left(self) -> pd.DataFrame:
        """List the parts of names that stay, as `names_to_check` does."""
        counts: Counter[str] = Counter()
        for renaming in self.renamings:
            counts.update(renaming.people.left)
        return left_table(counts)


def protect(posts: pd.DataFrame, settings: Settings) -> tuple[pd.DataFrame, Settings, Protection]:
    """Take people out, then give pseudonyms; host and panel in the settings follow."""
    told: list[Fact] = []
    renamings = []
    gone: frozenset[str] = frozenset()
    key = None
    if settings.privacy.without:
        before = posts
        left_out, renaming = renaming_without(posts, settings.privacy.without)
        posts = posts_without(posts, left_out, renaming)
        gone = frozenset(before.index.difference(posts.index))
        handles = plain_handles(settings.privacy.without)
        told.append({"fact": "taken out", "n": len(handles)})
        settings = _people_renamed(settings, dict.fromkeys(handles))
        renamings.append(renaming)
    if settings.privacy.pseudonyms:
        key = read_key(settings.privacy.pseudonyms)
        names = {}
        renaming = renaming_of_all(posts, key=key)
        for handle in (*settings.hosts, *settings.panel, *settings.do_not_quote):
            names[plain_handle(handle)] = _pseudonym_of(posts, handle, renaming)
        posts = pseudonymized(posts, renaming, key=key)
        settings = _people_renamed(settings, names)
        renamings.append(renaming)
        told += [{"fact": code} for code in ("pseudonyms", "followers rounded", "not read")]
    if settings.do_not_quote:
        told.append({"fact": "not quoted", "n": len(settings.do_not_quote)})
    if settings.for_client:
        told.append({"fact": "for a client"})
    protection = Protection(tuple(told), tuple(renamings), key, gone)
    left = int(protection.left()["places"].sum())
    if left:
        stays = {"fact": "parts of names left", "n": left}
        protection = replace(protection, told=(*protection.told, stays))
    if settings.title and protection.active:
        settings = msgspec.structs.replace(settings, title=protection.text(settings.title))
    return posts, settings, protection


def _pseudonym_of(posts: pd.DataFrame, handle: str, renaming: Renaming) -> str | None:
    try:
        ids = find_author(posts, handle)
    except SettingsError:
        return None
    here = sorted(ids & set(posts["author_id"].dropna()))
    return renaming.person(here[0]) if here else None


def _people_renamed(settings: Settings, names: Mapping[str, str | None]) -> Settings:
    def renamed(handles: Sequence[str]) -> tuple[str, ...]:
        new = (names.get(plain_handle(h), h) for h in handles)
        return tuple(handle for handle in new if handle)

    return msgspec.structs.replace(
        settings,
        host=renamed(settings.hosts),
        panel=renamed(settings.panel),
        do_not_quote=renamed(settings.do_not_quote),
    )
