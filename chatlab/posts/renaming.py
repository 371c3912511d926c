"""What takes names out of posts: everybody under a pseudonym, or somebody altogether."""

from __future__ import annotations

import hashlib
import hmac
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from chatlab.errors import SettingsError
from chatlab.posts.keys import checked_key
from chatlab.posts.names import REMOVED, People
from chatlab.posts.schema import PERSON_NAMES
from chatlab.progress import slow
from chatlab.text.patterns import HASHTAG, plain_handle


@dataclass(frozen=True)
class Renaming:
    """What stands for people instead of their names, and where those names are found.

    Both ways of protecting people go through here: pseudonyms for everybody, and taking some out.
    """

    people: People
    person: Callable[[str], str]
    stranger: Callable[[str, str], str] | None

    def text(self, text: str, *, platform: str = "", addressed: Iterable[str] = ()) -> str:
        """Return a text in which nobody who is to be protected is named."""
        near = self.people.near(addressed)
        return self.people.replace(text, platform, near, self.person, self.stranger)

    def tags(self, tags: Iterable[str]) -> list[str]:
        """Return hashtags without those that name somebody."""
        return [tag for tag in tags if self.people.in_tag(tag) is None]

    def links(self, links: Iterable[str]) -> list[str]:
        """Return links without those that lead to somebody."""
        strangers = self.stranger is not None
        return [link for link in links if not self.people.in_link(link, strangers=strangers)]

    def posts(self, posts: pd.DataFrame) -> pd.DataFrame:
        """Return posts with new texts, hashtags and links, the rows in the same order."""
        texts, tags, links, media = [], [], [], []
        columns = ["text", "platform", "hashtags", "urls", "media", "media_alt", "mentions"]
        rows = posts[[*columns, *PERSON_NAMES]].itertuples(index=False, name=None)
        for text, platform, some_tags, some_links, pictures, alts, mentions, *people in slow(
            rows, len(posts), "names in posts"
        ):
            written = self._tags_as_written(text, some_tags)
            addressed = [one for one in people if isinstance(one, str)] + list(mentions)
            texts.append(self.text(str(text), platform=str(platform), addressed=addressed))
            tags.append([tag for tag in some_tags if self.tags([tag, written.get(tag, tag)])[1:]])
            links.append(self.links(some_links))
            media.append(
                [
                    (address, self.text(alt, platform=str(platform), addressed=addressed))
                    for address, alt in zip(pictures, alts, strict=True)
                    if self.links([address])
                ]
            )
        return posts.assign(
            text=typed_like(posts["text"], texts),
            hashtags=typed_like(posts["hashtags"], tags),
            urls=typed_like(posts["urls"], links),
            media=typed_like(posts["media"], [[one for one, _alt in some] for some in media]),
            media_alt=typed_like(
                posts["media_alt"], [[alt for _one, alt in some] for some in media]
            ),
        )

    @staticmethod
    def _tags_as_written(text: str, tags: Iterable[str]) -> dict[str, str]:
        """Return hashtags by their folded form: capitals show where a name begins."""
        return {tag.casefold(): tag for tag in HASHTAG.findall(str(text))} if any(tags) else {}


def renaming_of_all(posts: pd.DataFrame, *, key: bytes | str) -> Renaming:
    """Return the pseudonyms of everybody in a posts table.

    Raises
    ------
    SettingsError
        When the key is too short.
    """
    secret = checked_key(key.encode() if isinstance(key, str) else key)

    def pseudonym(author_id: str) -> str:
        return f"person-{keyed_digest(secret, author_id, 10)}"

    def stranger(handle: str, platform: str) -> str:
        return pseudonym(f"{platform}:@{handle.casefold()}")

    return Renaming(People(posts), pseudonym, stranger)


def renaming_without(posts: pd.DataFrame, authors: Sequence[str]) -> tuple[set[str], Renaming]:
    """Return the ids of people, and what takes their names out of texts.

    Raises
    ------
    SettingsError
        When nobody of a name is in the table, written or mentioned.
    """
    gone = set().union(*(find_author(posts, author) for author in authors))
    return gone, Renaming(People(posts, only=gone, extra=authors), lambda _: REMOVED, None)


def keyed_digest(secret: bytes, text: str, length: int) -> str:
    """Return the beginning of a digest that nobody can make without the secret."""
    return hmac.new(secret, text.encode(), hashlib.sha256).hexdigest()[:length]


def left_table(left: Mapping[str, int]) -> pd.DataFrame:
    """Lay out the words that were left, the most frequent first."""
    rows = sorted(left.items(), key=lambda row: (-row[1], row[0]))
    words = pd.Index([word for word, _n in rows], dtype="str", name="word")
    return pd.DataFrame({"places": [n for _word, n in rows]}, index=words, dtype="int64")


def find_author(posts: pd.DataFrame, author: str) -> set[str]:
    """Find the ids of a person by handle (with or without `@`) or id; a handle may have several.

    Raises
    ------
    SettingsError
        When nobody of that name is in the table.
    """
    wanted = plain_handle(author)
    handles = posts["author"].str.casefold()
    found = set(posts.loc[handles.eq(wanted), "author_id"].dropna())
    # Before the server or the domain, where only one person is called so.
    known = posts[["author_id", "author"]].dropna().drop_duplicates()
    local = {
        str(author_id)
        for author_id, handle in known.itertuples(index=False, name=None)
        if re.split(r"[@.]", handle.casefold())[0] == wanted
    }
    found |= local if not found and len(local) == 1 else set()
    ids = {one for some in posts["mentions"] for one in some}
    ids.update(*(posts[name].dropna() for name in PERSON_NAMES))
    platforms = posts["platform"].unique()
    found |= ids & {author, *(f"{one}:{sign}{wanted}" for one in platforms for sign in ("", "@"))}
    # The same person, where a post names them by the handle alone.
    theirs = set(handles[posts["author_id"].isin(found)].dropna())
    short = {part for handle in theirs for part in (handle, re.split(r"[@.]", handle)[0])}
    found |= ids & {f"{one}:@{handle}" for one in platforms for handle in short}
    in_texts = posts["text"].str.contains(rf"@{re.escape(wanted)}\b", case=False, regex=True)
    if not found and not in_texts.any():
        raise SettingsError(
            f"Nobody is called {author!r} in these posts. "
            "Give the handle as the file has it (on Mastodon with its server)."
        )
    return found


def kinds_left(posts: pd.DataFrame) -> pd.Series:
    """Tell the kinds of posts by the relations that are left."""
    kinds = pd.Series("post", index=posts.index, dtype=posts["kind"].dtype)
    for kind, relation in (("quote", "quote_of"), ("reply", "reply_to"), ("repost", "repost_of")):
        has = posts[relation].notna() | posts[f"{relation}_author"].notna()
        kinds = kinds.mask(has, kind)
    return kinds


def typed_like(column: pd.Series, values: list[Any]) -> Any:
    """Put new values into an array of a column's type."""
    kind: Any = column.dtype
    return pd.array(values, dtype=kind)


def mapped(column: pd.Series, rename: Callable[[str], str]) -> pd.Series:
    """Rename the values of a column, each once."""
    names = {one: rename(one) for one in column.dropna().unique()}
    return column.map(names).astype(column.dtype)
