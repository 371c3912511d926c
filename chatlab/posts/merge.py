"""What makes rows one posts table: duplicates, relations, reposts, kinds, order."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from chatlab.posts.copies import with_copies
from chatlab.posts.originals import with_reposts_linked
from chatlab.posts.schema import (
    ARROW_SCHEMA,
    COUNT_NAMES,
    LIST,
    LIST_NAMES,
    NAMES,
    PERSON_NAMES,
    POST_NAMES,
    TEXT,
    typed_column,
    with_column,
)
from chatlab.text.patterns import REPOST_PREFIX

PART = 20_000
# A repost shows its original's.
_ORIGINALS = ("text", *LIST_NAMES)
_AUTHOR_FIELDS = (
    "author",
    "author_name",
    "author_bio",
    "author_followers",
    "author_following",
)


def settle(tables: list[pa.Table], aside: Aside | None = None) -> pa.Table:
    """Make one posts table of rows as readers give them.

    One row per post (newest counts win, a post counts as in the chat if any row does), authors
    and relations filled in from each other, reposts carrying their original's text and no
    counts, copies marked, `kind` set, rows sorted by `created_at` then `post_id`.

    The list is emptied: with no other reference left, each column is let go as soon as its
    sorted copy is made, and a large file does not stand in memory twice.
    """
    table = pa.concat_tables(tables)
    tables.clear()
    if aside is not None:
        table = with_aside(table, aside)
    table = with_handles_resolved(without_duplicates(table))
    table, sources = _with_relations(table)
    table = with_copies(table)
    order = pc.sort_indices(
        table, sort_keys=[("created_at", "ascending"), ("post_id", "ascending")]
    )
    # Many files are in order already: then nothing is copied.
    own = None if _is_counting(order) else order
    places = dict.fromkeys(_ORIGINALS, own if _is_counting(sources) else sources.take(order))
    columns = table.columns
    del table
    for i, name in enumerate(NAMES):
        rows = places.get(name, own)
        if rows is not None:
            # First in one piece, then sorted: one copy at a time is all that is ever held.
            columns[i] = columns[i].combine_chunks()
            columns[i] = _taken(columns[i], rows)
            pa.default_memory_pool().release_unused()
    return pa.Table.from_arrays(columns, schema=ARROW_SCHEMA)


def _taken(column: pa.Array, rows: pa.Array) -> pa.ChunkedArray:
    """Take rows part by part: what Arrow grows for texts would else be twice the column."""
    parts = [rows[start : start + PART] for start in range(0, len(rows), PART)]
    return pa.chunked_array([column.take(part) for part in parts], column.type)


def _is_counting(numbers: pa.Array) -> bool:
    """Tell whether numbers are 0, 1, 2 and so on."""
    return np.array_equal(numbers, np.arange(len(numbers)))


def _one_piece(column: pa.ChunkedArray) -> pa.Array:
    whole = column.combine_chunks()
    return whole if isinstance(whole, pa.Array) else pa.concat_arrays(whole.chunks)


def _codes(table: pa.Table, name: str) -> np.ndarray:
    """Give each value of a column a number; missing is -1."""
    coded = _one_piece(pc.dictionary_encode(table[name]))
    return np.asarray(pc.fill_null(coded.indices, -1)).astype("int64")


def without_duplicates(table: pa.Table) -> pa.Table:
    """Make one row of each post: the newest first-hand one, filled in from the others."""
    codes = _codes(table, "post_id") if len(table) else np.empty(0, "int64")
    firsts = pd.unique(codes)
    if len(firsts) == len(codes):
        return table
    # Rows of one post stand together, the best witness last: newest first-hand row.
    collected = table["collected_at"].cast(pa.int64()).fill_null(np.iinfo("int64").min)
    in_chat = table["in_chat"].fill_null(False)
    # Where no date tells, the larger counts are the later ones, or those of the post's own server.
    counts = np.zeros(len(codes))
    for name in COUNT_NAMES:
        counts += np.asarray(table[name].fill_null(0))
    keys = (np.arange(len(codes)), counts, np.asarray(in_chat), np.asarray(collected), codes)
    order = np.lexsort(keys)
    ordered = codes[order]
    starts = np.flatnonzero(np.r_[True, ordered[1:] != ordered[:-1]])
    ends = np.r_[starts[1:], len(ordered)]
    rank = np.argsort(pd.Series(order).groupby(ordered).min().to_numpy(), kind="stable")
    arrays = []
    for name in NAMES:
        if name == "in_chat":
            any_in = np.maximum.reduceat(np.asarray(in_chat)[order], starts)
            arrays.append(pa.array(any_in[rank]))
            continue
        if name == "quotable":
            # Who is not to be quoted in one file is not to be quoted.
            may = np.asarray(table[name].fill_null(True))[order]
            arrays.append(pa.array(np.minimum.reduceat(may, starts)[rank]))
            continue
        known = np.asarray(_has_value(table[name]))[order]
        # The last row that knows a value gives it; where none does, the last row stands.
        last = np.maximum.reduceat(np.where(known, np.arange(len(order)), -1), starts)
        chosen = order[np.where(last < 0, ends - 1, last)]
        arrays.append(table[name].take(pa.array(chosen[rank])))
    return pa.Table.from_arrays(arrays, schema=ARROW_SCHEMA)


def _has_value(column: pa.ChunkedArray) -> pa.ChunkedArray:
    if column.type == LIST:
        return pc.fill_null(pc.greater(pc.list_value_length(column), 0), False)
    return pc.is_valid(column)


def handles_to_ids(people: pa.Table) -> dict[str, str]:
    """Learn from platforms, authors and ids which `x:@handle` is which `x:123`."""
    known = people.select(["platform", "author", "author_id"]).drop_null()
    known = known.filter(pc.invert(pc.match_substring(known["author_id"], ":@")))
    known = known.group_by(["platform", "author", "author_id"]).aggregate([])
    known = known.sort_by([(name, "ascending") for name in ("platform", "author", "author_id")])
    return {
        f"{platform}:@{author.casefold()}": author_id
        for platform, author, author_id in zip(*known.to_pydict().values(), strict=True)
    }


def with_handles_resolved(table: pa.Table, ids: Mapping[str, str] | None = None) -> pa.Table:
    """Turn `x:@handle` into `x:123` wherever the table, or who calls, knows that handle's id."""
    if not names_handles(table):
        return table
    lists = table["mentions"].combine_chunks()
    ids = handles_to_ids(table) if ids is None else ids
    for name in PERSON_NAMES:
        if pc.any(pc.match_substring(table[name], ":@")).as_py():
            table = with_column(table, name, _renamed(table[name].combine_chunks(), ids))
    if pc.any(pc.match_substring(pc.list_flatten(table["mentions"]), ":@")).as_py():
        resolved = [[ids.get(one, one) for one in some or ()] for some in lists.to_pylist()]
        table = with_column(table, "mentions", pa.array(resolved, LIST))
    return table


def names_handles(table: pa.Table) -> bool:
    """Tell whether somebody stands in a table under a handle instead of an id."""
    named = [table[name] for name in PERSON_NAMES] + [pc.list_flatten(table["mentions"])]
    return any(pc.any(pc.match_substring(names, ":@")).as_py() for names in named)


def _renamed(column: Any, ids: Mapping[str, str]) -> pa.Array:
    return pa.array([ids.get(one, one) for one in column.to_pylist()], TEXT)


def with_aside(table: pa.Table, aside: Aside) -> pa.Table:
    """Bring in what the files told beside their posts: second names, profiles, deletions."""
    if aside.deleted:
        gone = pc.is_in(table["post_id"], pa.array(sorted(aside.deleted), TEXT))
        table = table.filter(pc.invert(gone))
    if aside.aliases:
        table = _with_aliases(table, aside.aliases)
    if aside.authors:
        table = _with_authors(table, aside.authors)
    return table


def _with_aliases(table: pa.Table, aliases: Mapping[str, str]) -> pa.Table:
    spoken, meant = pa.array(list(aliases), TEXT), pa.array(list(aliases.values()), TEXT)
    for name in (*POST_NAMES, *PERSON_NAMES):
        if table[name].null_count < len(table):
            found = meant.take(pc.index_in(table[name], spoken).combine_chunks())
            table = with_column(table, name, pc.coalesce(found, table[name].combine_chunks()))
    lists = _one_piece(table["mentions"])
    named = pc.list_flatten(lists)
    found = meant.take(pc.index_in(named, spoken))
    if found.null_count == len(found):
        return table
    lengths = np.asarray(pc.list_value_length(lists).fill_null(0))
    offsets = pa.array(np.r_[0, np.cumsum(lengths)], pa.int32())
    resolved = pa.ListArray.from_arrays(offsets, pc.coalesce(found, named))
    return with_column(table, "mentions", resolved.cast(LIST))


def _with_authors(table: pa.Table, authors: Sequence[Mapping[str, Any]]) -> pa.Table:
    """Fill in who an author is, from a file of users that came beside the posts."""
    latest = {profile["author_id"]: profile for profile in authors}
    places = pc.index_in(table["author_id"], pa.array(list(latest), TEXT))
    for name in _AUTHOR_FIELDS:
        told = [profile.get(name) for profile in latest.values()]
        values = typed_column(told, ARROW_SCHEMA.field(name).type)
        table = with_column(table, name, pc.coalesce(table[name], values.take(places)))
    anonymous = pc.replace_substring(table["url"], "x.com/i/status/", "x.com/{}/status/")
    urls = [
        url.replace("{}", author or "i") if url else None
        for url, author in zip(anonymous.to_pylist(), table["author"].to_pylist(), strict=True)
    ]
    return with_column(table, "url", pa.array(urls, TEXT))


def _with_relations(table: pa.Table) -> tuple[pa.Table, pa.Array]:
    """Fill in relations and kinds; tell for each row which row's text and tags it shows."""
    table = with_reposts_linked(table)
    ids = _one_piece(pc.cast(table["post_id"], TEXT))
    # One search for all relations: what costs is making the ids ready to be searched.
    names = ("reply_to", "quote_of", "repost_of")
    chunks = [chunk for name in names for chunk in table[name].chunks]
    places = pc.index_in(pa.chunked_array(chunks, TEXT), ids)
    parents = {name: places.slice(i * len(table), len(table)) for i, name in enumerate(names)}
    for name in names:
        if parents[name].null_count < len(table):
            found = table["author_id"].take(parents[name])
            table = with_column(
                table, f"{name}_author", pc.coalesce(table[f"{name}_author"], found)
            )
    is_repost = _any_valid(table, "repost_of")
    sources = pa.array(np.arange(len(table)), pa.int64())
    if pc.any(is_repost).as_py():
        originals = pc.if_else(is_repost, parents["repost_of"], None)
        sources = pc.coalesce(originals.cast(pa.int64()), sources).combine_chunks()
        table = _with_bare_reposts(table, is_repost, originals)
    kind = pc.case_when(
        pc.make_struct(is_repost, _any_valid(table, "reply_to"), _any_valid(table, "quote_of")),
        "repost",
        "reply",
        "quote",
        "post",
    )
    return with_column(table, "kind", kind.cast(TEXT)), sources


def _any_valid(table: pa.Table, relation: str) -> pa.ChunkedArray:
    return pc.or_(pc.is_valid(table[relation]), pc.is_valid(table[f"{relation}_author"]))


def _with_bare_reposts(
    table: pa.Table, is_repost: pa.ChunkedArray, originals: pa.ChunkedArray
) -> pa.Table:
    """Take from reposts what is their original's: counts, other relations, the prefix."""
    if pc.any(pc.and_(is_repost, pc.is_null(originals))).as_py():
        bare = pc.replace_substring_regex(table["text"], REPOST_PREFIX.pattern, "")
        table = with_column(table, "text", pc.if_else(is_repost, bare, table["text"]))
    nothing = pa.scalar(None, TEXT)
    for relation in ("reply_to", "quote_of"):
        for name in (relation, f"{relation}_author"):
            table = with_column(table, name, pc.if_else(is_repost, nothing, table[name]))
    for name in COUNT_NAMES:
        table = with_column(
            table, name, pc.if_else(is_repost, pa.scalar(None, pa.int64()), table[name])
        )
    return table


@dataclass
class Aside:
    """What the records of a file told beside their posts."""

    # Profiles of people, with or without posts here, as author columns of the posts table.
    authors: list[dict[str, Any]] = field(default_factory=list)
    # Other ids by which posts and people of the file are spoken of, and the ids of the table.
    aliases: dict[str, str] = field(default_factory=dict)
    # Posts that their authors took back.
    deleted: set[str] = field(default_factory=set)

    def add(self, other: Aside) -> None:
        """Take in what another part told."""
        self.authors += other.authors
        self.aliases |= other.aliases
        self.deleted |= other.deleted
