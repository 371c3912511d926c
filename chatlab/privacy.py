"""Pseudonyms for everybody, and removing one person, wherever a name can stand."""

from __future__ import annotations

import hashlib
import hmac
import os
import re
import secrets
import shlex
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from chatlab._names import REMOVED, People
from chatlab._progress import slow
from chatlab.errors import SettingsError, UnreadableFileError
from chatlab.schema import PERSON_NAMES, POST_NAMES, RELATIONS
from chatlab.text import HASHTAG

_MIN_KEY = 16
_MIN_DIFFERENT = 8
_LONGEST_KEY = 2**20
_MOST_TRIED = 200
_HOW_TO_MAKE = "A good one is made by: chatlab key key.txt"


def make_key(path: str | Path) -> None:
    """Write a new random key, which only its owner may read.

    Raises
    ------
    SettingsError
        There is a file of that name: overwriting a key would lose its pseudonyms for ever.
    UnreadableFileError
        Nothing can be written there.
    """
    target = Path(path)
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        handle = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError as error:
        raise SettingsError(
            f"{target} is there already; a new key would lose the pseudonyms of the old one. "
            "Name another file."
        ) from error
    except OSError as error:
        raise UnreadableFileError(f"{target} cannot be written: {error}.") from error
    with os.fdopen(handle, "w") as file:
        file.write(secrets.token_hex(32) + "\n")


def read_key(path: str | Path) -> bytes:
    """Read the secret that pseudonyms are made with.

    Raises
    ------
    UnreadableFileError
        The file cannot be read.
    SettingsError
        The key is short or could be guessed, or others than its owner may read the file.
    """
    try:
        with Path(path).open("rb") as file:
            key = file.read(_LONGEST_KEY).strip()
            mode = os.fstat(file.fileno()).st_mode
    except OSError as error:
        raise UnreadableFileError(f"The key file {path} cannot be read: {error}.") from error
    if os.name == "posix" and mode & 0o077:
        raise SettingsError(
            f"Others on this machine may read or change the key file {path}. "
            f"Keep it for yourself: chmod 600 {shlex.quote(str(path))}"
        )
    return _checked(key)


def _checked(key: bytes) -> bytes:
    if len(key) < _MIN_KEY:
        raise SettingsError(
            f"`key` has {len(key)} bytes; give at least {_MIN_KEY}, so that nobody can guess it. "
            f"{_HOW_TO_MAKE}"
        )
    if len(set(key)) < _MIN_DIFFERENT or _is_written_in_order(key):
        raise SettingsError(f"`key` is easy to guess. {_HOW_TO_MAKE}")
    return key


def _is_written_in_order(key: bytes) -> bool:
    """Tell a key like `abcdefgh...`, `0123456789...` or `passwordpassword`."""
    steps = {after - before for before, after in pairwise(key)}
    lengths = range(1, len(key) // 2 + 1) if len(key) <= _MOST_TRIED else ()
    repeats = any(key == (key[:n] * len(key))[: len(key)] for n in lengths)
    return len(steps) <= _MIN_DIFFERENT // 2 or repeats


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
            text=_like(posts["text"], texts),
            hashtags=_like(posts["hashtags"], tags),
            urls=_like(posts["urls"], links),
            media=_like(posts["media"], [[one for one, _alt in some] for some in media]),
            media_alt=_like(posts["media_alt"], [[alt for _one, alt in some] for some in media]),
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
    secret = _checked(key.encode() if isinstance(key, str) else key)

    def pseudonym(author_id: str) -> str:
        return f"person-{_digest(secret, author_id, 10)}"

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
        changed[name] = _mapped(posts[name], person)
    for name in POST_NAMES:
        changed[name] = _mapped(posts[name], lambda post: pseudonym_of_post(post, key=key))
    shown = _mapped(posts["author_id"], renaming.person)
    changed["author"] = shown
    changed["author_name"] = shown
    for name in ("author_bio", "url", "client", "author_following"):
        changed[name] = _like(posts[name], [None] * len(posts))
    # A picture leads back to its post.
    for name in ("media", "media_alt"):
        changed[name] = _like(posts[name], [[]] * len(posts))
    changed["author_followers"] = _rounded(posts["author_followers"])
    changed["mentions"] = _like(
        posts["mentions"], [list(map(person, some)) for some in posts["mentions"]]
    )
    changed.index = pd.Index(changed["post_id"].array)
    return changed.sort_values(["created_at", "post_id"], kind="stable")


def pseudonym_of_post(post_id: str, *, key: bytes | str) -> str:
    """Return what stands for a post's id, the same for the same key."""
    secret = _checked(key.encode() if isinstance(key, str) else key)
    return f"{post_id.partition(':')[0]}:post-{_digest(secret, post_id, 16)}"


def _rounded(counts: pd.Series) -> pd.Series:
    """Round counts to 1, 2 or 5 times a power of ten: exact ones are as good as a name."""
    known = counts.dropna()
    exact = known[known > 0].astype("float")
    power = 10 ** np.floor(np.log10(exact))
    lead = exact / power
    steps = pd.Series(np.select([lead < 1.5, lead < 3.5, lead < 7.5], [1, 2, 5], 10), exact.index)
    return counts.where(counts.isna() | (counts <= 0), (steps * power).reindex(counts.index))


def _digest(secret: bytes, text: str, length: int) -> str:
    return hmac.new(secret, text.encode(), hashlib.sha256).hexdigest()[:length]


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
    kept["kind"] = _kinds(kept)
    kept["mentions"] = _like(
        posts["mentions"], [[one for one in some if one not in gone] for some in kept["mentions"]]
    )
    for name in ("author_name", "author_bio", "client"):
        told = {text: renaming.text(text) or None for text in kept[name].dropna().unique()}
        kept[name] = _like(posts[name], [told.get(text) for text in kept[name]])
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
    wanted = author.strip().removeprefix("@").casefold()
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
