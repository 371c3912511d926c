"""Which posts are wanted: one set of conditions, for a table in memory and for a dataset."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import reduce
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from chatlab.errors import SettingsError
from chatlab.posts.grouping import hashes, one_piece
from chatlab.posts.schema import KINDS, PLATFORMS, TEXT, TIME
from chatlab.text.patterns import plain_handles


@dataclass(frozen=True)
class Selection:
    """Conditions that must all hold; None is no condition. Made by `selection`."""

    hashtags: frozenset[str] | None = None
    since: pd.Timestamp | None = None
    until: pd.Timestamp | None = None
    langs: tuple[str, ...] | None = None
    handles: frozenset[str] | None = None
    author_ids: tuple[str, ...] | None = None
    text: str | None = None
    kinds: tuple[str, ...] | None = None
    platforms: tuple[str, ...] | None = None
    share_of_people: float | None = None
    seed: int = 0

    @property
    def columns(self) -> list[str]:
        """What must be read to tell."""
        needed = {
            "hashtags": self.hashtags,
            "created_at": self.since if self.since is not None else self.until,
            "lang": self.langs,
            "author": self.handles,
            "author_id": self.handles if self.handles is not None else self.share_of_people,
            "text": self.text,
            "kind": self.kinds,
            "platform": self.platforms,
        }
        return [name for name, condition in needed.items() if condition is not None]

    @property
    def pushed_down(self) -> Any:
        """The conditions by which Parquet passes over rows unread, as an Arrow expression."""
        time = pc.field("created_at")
        tests = []
        if self.since is not None:
            tests.append(time >= pa.scalar(self.since, TIME))
        if self.until is not None:
            tests.append(time < pa.scalar(self.until, TIME))
        for name, some in (("kind", self.kinds), ("platform", self.platforms)):
            if some is not None:
                tests.append(pc.field(name).isin(list(some)))
        return reduce(lambda one, other: one & other, tests) if tests else None

    def of(self, rows: pa.Table) -> pa.Array:
        """Tell for each row whether it is wanted."""
        keep = pa.array(np.ones(len(rows), bool))
        for test in self._tests(rows):
            known = pc.fill_null(test, False)
            whole = one_piece(known)
            keep = pc.and_(keep, whole)
        return keep

    def _tests(self, rows: pa.Table) -> Iterable[pa.Array | pa.ChunkedArray]:
        if self.hashtags is not None:
            lists = one_piece(rows["hashtags"])
            found = pc.is_in(pc.list_flatten(lists), pa.array(sorted(self.hashtags), TEXT))
            places = pc.list_parent_indices(lists).filter(found)
            flags = np.zeros(len(rows), bool)
            flags[np.asarray(places)] = True
            yield pa.array(flags)
        if self.since is not None:
            yield pc.greater_equal(rows["created_at"], pa.scalar(self.since, TIME))
        if self.until is not None:
            yield pc.less(rows["created_at"], pa.scalar(self.until, TIME))
        if self.langs is not None:
            some = pa.array(self.langs, TEXT)
            short = pc.replace_substring_regex(rows["lang"], "-.*", "")
            yield pc.or_(pc.is_in(rows["lang"], some), pc.is_in(short, some))
        if self.handles is not None:
            said = one_piece(rows["author"]).dictionary_encode()
            known = [
                bool(one) and one.casefold() in self.handles for one in said.dictionary.to_pylist()
            ]
            by_handle = pc.fill_null(pa.array(known, pa.bool_()).take(said.indices), False)
            ids = pa.array(sorted({*self.handles, *(self.author_ids or ())}), TEXT)
            yield pc.or_(by_handle, one_piece(pc.is_in(rows["author_id"], ids)))
        if self.share_of_people is not None:
            who = one_piece(rows["author_id"]).dictionary_encode()
            names = [f"{self.seed} {name}" for name in who.dictionary.to_pylist()]
            chosen = hashes(names) < np.uint64(self.share_of_people * (2**64 - 2**11))
            yield pa.array(chosen, pa.bool_()).take(who.indices)
        if self.text is not None:
            yield pc.match_substring(rows["text"], self.text, ignore_case=True)
        for name, some in (("kind", self.kinds), ("platform", self.platforms)):
            if some is not None:
                yield pc.is_in(rows[name], pa.array(some, TEXT))


def selection(
    *,
    hashtags: str | Iterable[str] | None = None,
    since: str | pd.Timestamp | None = None,
    until: str | pd.Timestamp | None = None,
    langs: str | Iterable[str] | None = None,
    authors: str | Iterable[str] | None = None,
    text: str | None = None,
    kinds: str | Iterable[str] | None = None,
    platforms: str | Iterable[str] | None = None,
    share_of_people: float | None = None,
    seed: int = 0,
) -> Selection:
    """Read conditions as `select_posts` takes them, or refuse those that nothing can meet."""
    for name, given, known in (("kinds", kinds, KINDS), ("platforms", platforms, PLATFORMS)):
        if strange := sorted(set(_several(given) or ()) - set(known)):
            raise SettingsError(
                f"`{name}` holds {', '.join(map(repr, strange))}; there are {', '.join(known)}."
            )
    if share_of_people is not None and not 0 <= share_of_people <= 1:
        raise SettingsError(f"`share_of_people` is {share_of_people}; it lies between 0 and 1.")
    tags, people = _several(hashtags), _several(authors)
    return Selection(
        hashtags=None if tags is None else frozenset(tag.lstrip("#").casefold() for tag in tags),
        since=None if since is None else _instant(since),
        until=None if until is None else _instant(until),
        langs=_several(langs),
        handles=None if people is None else frozenset(plain_handles(people)),
        author_ids=people,
        text=text,
        kinds=_several(kinds),
        platforms=_several(platforms),
        share_of_people=share_of_people,
        seed=seed,
    )


def _several(given: str | Iterable[str] | None) -> tuple[str, ...] | None:
    return (given,) if isinstance(given, str) else None if given is None else tuple(given)


def _instant(when: str | pd.Timestamp) -> pd.Timestamp:
    # Only what reads one way: 03/04 is March to some and April to others.
    written = isinstance(when, str)
    try:
        if written and not re.match(r"\d{4}-\d\d-\d\d", str(when).strip()):
            raise ValueError
        stamp = pd.Timestamp(when)
    except (ValueError, TypeError) as error:
        raise SettingsError(
            f"{when!r} is no date that reads one way only; write it as 2026-03-05 or "
            "2026-03-05 09:00."
        ) from error
    return stamp.tz_localize("UTC") if stamp.tzinfo is None else stamp
