"""One person under two handles: suggested by what profiles say, decided by an analyst."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pandas as pd

from chatlab.text.phrases import plainly

COLUMNS = ["one", "other", "one_author", "other_author", "why"]
_SIGNS = re.compile(r"[^a-z0-9]")
# A name this short is shared by strangers.
SHORTEST = 5


def same_person(posts: pd.DataFrame) -> pd.DataFrame:
    """Suggest who may be one person under handles of different networks.

    Parameters
    ----------
    posts
        A posts table; only posts in the chat count.

    Returns
    -------
    DataFrame
        One row per pair of accounts on different networks: `one`, `other` (author ids; the one
        with most posts first), `one_author`, `other_author` (handles) and `why`: `profile` (the
        profile of one names the handle of the other), `handle` (the same handle, of five signs or
        more, signs between letters aside) or `name` (the same display name of two words or more,
        that nobody else of these networks bears). The first that fits. A name in common is a
        reason to look, not a proof: write `same_as` into people.csv where it is so.
    """
    chat = posts[posts["in_chat"]].dropna(subset=["author_id", "author"])
    people = chat.groupby("author_id").agg(
        author=("author", "last"),
        name=("author_name", "last"),
        bio=("author_bio", "last"),
        platform=("platform", "last"),
        posts=("post_id", "size"),
    )
    if people["platform"].nunique() < 2:
        return pd.DataFrame(columns=COLUMNS)
    found: dict[tuple[str, str], str] = {}
    for why, pairs in (
        ("profile", _by_profile(people)),
        ("handle", _by_key(people, people["author"].map(_handle_key))),
        ("name", _by_key(people, people["name"].map(_name_key), alone=True)),
    ):
        for one, other in pairs:
            if people["platform"][one] != people["platform"][other]:
                order = sorted((one, other), key=lambda key: (-people["posts"][key], key))
                found.setdefault((order[0], order[1]), why)
    rows = [
        (one, other, people["author"][one], people["author"][other], why)
        for (one, other), why in found.items()
    ]
    return pd.DataFrame(rows, columns=COLUMNS)


def _by_profile(people: pd.DataFrame) -> Iterator[tuple[str, str]]:
    handles: dict[str, list[str]] = {}
    for key, author in people["author"].items():
        handles.setdefault(str(author).casefold(), []).append(str(key))
    for key, bio in people["bio"].dropna().items():
        words = set(re.findall(r"[\w.@-]+", str(bio).casefold()))
        told = {part for word in words for part in (word.strip("@."), *_in_address(word))}
        for word in told:
            for other in handles.get(word, []):
                if other != key:
                    yield str(key), other


def _in_address(word: str) -> list[str]:
    """Return the handle in an address such as `server/@name`, `name@server`."""
    name, _sign, server = word.strip("@.").partition("@")
    return [f"{name}@{server}"] if server else []


def _by_key(
    people: pd.DataFrame, keys: pd.Series, *, alone: bool = False
) -> Iterator[tuple[str, str]]:
    for _key, group in people.assign(key=keys).dropna(subset="key").groupby("key"):
        if len(group) > 1 and not (alone and group["platform"].duplicated().any()):
            ids = list(map(str, group.index))
            yield from ((one, other) for i, one in enumerate(ids) for other in ids[i + 1 :])


def _handle_key(author: object) -> str | None:
    """Return what a handle is on every network: without server, domain and signs."""
    name = str(author).casefold().split("@")[0].split(".")[0]
    plain = _SIGNS.sub("", name)
    return plain if len(plain) >= SHORTEST else None


def _name_key(name: object) -> str | None:
    plain = re.sub(r"[^\w ]", " ", plainly(name)) if isinstance(name, str) else ""
    words = [word for word in plain.split() if word.isalpha()]
    return " ".join(words) if len(words) > 1 else None
