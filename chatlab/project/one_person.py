"""People under two handles, counted once: as an analyst decided in `people.csv`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from chatlab.posts.renaming import typed_like
from chatlab.posts.schema import PERSON_NAMES
from chatlab.project.kept_tables import kept_file, read_beside
from chatlab.project.settings import Settings
from chatlab.text.patterns import plain_handle

NAME = "people.csv"


def decided_pairs(posts: pd.DataFrame, settings: Settings) -> dict[str, str]:
    """Return whom an analyst counts with whom: the author id to count under, by author id.

    `same_as` in people.csv holds a handle or an author id. What names nobody in the posts is
    passed over; with pseudonyms the file is not read.
    """
    if settings.privacy.pseudonyms:
        return {}
    kept = read_beside(kept_file(settings.files, NAME), ["author_id", "same_as"])
    told = kept[(kept["author_id"] != "") & (kept["same_as"].str.strip() != "")]
    if told.empty:
        return {}
    known = posts.dropna(subset="author_id").drop_duplicates("author_id", keep="last")
    ids = {str(key): str(key) for key in known["author_id"]}
    ids |= {
        plain_handle(str(author)): str(key)
        for key, author in known[["author_id", "author"]].dropna().itertuples(index=False)
    }
    pairs = {}
    for one, other in told[["author_id", "same_as"]].itertuples(index=False, name=None):
        target = ids.get(other.strip()) or ids.get(plain_handle(other.strip()))
        if target and one in ids and target != one:
            pairs[one] = target
    return {one: _last_of(pairs, one) for one in pairs}


def _last_of(pairs: dict[str, str], one: str) -> str:
    """Follow `same_as` to its end; where it leads in a circle, the first of all names."""
    seen = [one]
    while (following := pairs.get(seen[-1])) is not None:
        if following in seen:
            return min(seen)
        seen.append(following)
    return seen[-1]


def notes_by_person(kept: pd.DataFrame, counted_with: Mapping[str, str]) -> pd.DataFrame:
    """Return what an analyst wrote, one row per person, index the author id they count under.

    Of somebody under two handles every note stands: their own row comes first, and what is empty
    there is taken from the row of the other handle. `same_as` stays with the row that says it.

    Parameters
    ----------
    kept
        From `people.csv`.
    counted_with
        From `decided_pairs`.
    """
    names = [name for name in kept.columns if name not in ("author_id", "author")]
    notes: dict[str, dict[str, str]] = {}
    for row in kept.to_dict("records"):
        one = str(row["author_id"])
        notes.setdefault(one, {name: str(row[name]) for name in names})
    for one, person in counted_with.items():
        told = {**notes.pop(one, {}), "same_as": ""}
        own = notes.setdefault(person, dict.fromkeys(names, ""))
        own.update({name: told.get(name, "") for name in names if not own[name]})
    table = pd.DataFrame.from_dict(notes, orient="index", columns=names, dtype="str")
    return table.rename_axis("author_id")


def counted_once(posts: pd.DataFrame, pairs: dict[str, str]) -> pd.DataFrame:
    """Put one author id for both of a pair wherever an author id stands; handles stay."""
    if not pairs:
        return posts
    changed: dict[str, Any] = {
        name: posts[name].map(lambda key: pairs.get(key, key), na_action="ignore")
        for name in ("author_id", *PERSON_NAMES[1:])
    }
    columns = {name: typed_like(posts[name], list(values)) for name, values in changed.items()}
    named = [list(dict.fromkeys(pairs.get(one, one) for one in some)) for some in posts["mentions"]]
    return posts.assign(**columns, mentions=typed_like(posts["mentions"], named))
