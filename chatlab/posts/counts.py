"""The plain counts of a conversation: people, kinds, minutes, tags, languages, parents."""

from __future__ import annotations

from collections.abc import Collection
from functools import partial, reduce
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from chatlab.posts.counting import Count
from chatlab.posts.grouping import one_piece
from chatlab.posts.schema import ENGAGEMENT_NAMES, KINDS, TEXT, TIME

# Undated posts stand behind all others, as in a posts table.
LATE = np.iinfo("int64").max
# Microseconds: a minute, a second, one.
UNITS = (60_000_000, 1_000_000, 1)


def chat_of(part: pa.Table) -> pa.Table:
    """Leave out what only came along."""
    flags = part["in_chat"]
    # Most parts are all chat: then nothing is copied.
    return part if pc.all(flags).as_py() in (True, None) else part.filter(flags)


def is_kind(table: pa.Table, kinds: Collection[str]) -> pa.ChunkedArray:
    """Tell which posts are of some kinds."""
    return pc.is_in(table["kind"], pa.array(list(kinds), TEXT))


def own_of(part: pa.Table) -> pa.Table:
    """Leave out what only came along, and reposts."""
    chat = chat_of(part)
    return chat.filter(pc.invert(is_kind(chat, ["repost"])))


def ones(table: pa.Table) -> pa.Array:
    """Count each row once."""
    return pa.array(np.ones(len(table), "int64"))


def _people(part: pa.Table) -> pa.Table:
    chat = chat_of(part)
    return pa.table(
        {
            "author_id": chat["author_id"],
            **_by_kind(chat),
            "engagement": engagement_of(chat),
            "followers": chat["author_followers"],
            "first": chat["created_at"],
            "last": chat["created_at"],
            **told_at(chat, "author", "author_at"),
            **told_at(chat, "author_name", "author_name_at"),
        }
    )


def engagement_of(rows: pa.Table) -> pa.ChunkedArray:
    """Add up what posts drew, missing where no count is known."""
    drawn = [rows[name] for name in ENGAGEMENT_NAMES]
    known = reduce(pc.or_, map(pc.is_valid, drawn))
    total = reduce(pc.add, (pc.fill_null(one, 0) for one in drawn))
    return pc.if_else(known, total, pa.scalar(None, pa.int64()))


def told_at(rows: pa.Table, name: str, when: str) -> dict[str, Any]:
    """Give a text, and when it was told: missing where it was not."""
    times = pc.if_else(pc.is_valid(rows[name]), instants(rows), pa.scalar(None, pa.int64()))
    return {name: rows[name], when: times}


def _by_kind(chat: pa.Table) -> dict[str, pa.Array]:
    coded = one_piece(chat["kind"]).dictionary_encode()
    names, codes = coded.dictionary.to_pylist(), np.asarray(coded.indices)
    return {
        kind: pa.array((codes == (names.index(kind) if kind in names else -1)).astype("int64"))
        for kind in KINDS
    }


# One row per author (one for posts without any): posts by kind, what they drew, followers (the
# highest seen), first and last post, latest names.
PEOPLE = Count(
    (
        *("in_chat", "author_id", "author", "author_name", "author_followers"),
        *("kind", "created_at"),
        *ENGAGEMENT_NAMES,
    ),
    _people,
    ("author_id",),
    {
        **dict.fromkeys((*KINDS, "engagement"), "sum"),
        "followers": "max",
        "first": "min",
        "last": "max",
    },
    {name: ("latest", f"{name}_at") for name in ("author", "author_name")},
)


def _shown(part: pa.Table) -> pa.Table:
    chat = chat_of(part)
    followers, shown = chat["author_followers"], chat["impressions"]
    return pa.table(
        {
            "kind": chat["kind"],
            "posts": ones(chat),
            "audience": followers,
            "with_audience": pc.is_valid(followers).cast(pa.int64()),
            "impressions": shown,
            "with_impressions": pc.is_valid(shown).cast(pa.int64()),
        }
    )


# How often posts of each kind may have been seen: followers of each post's author, impressions.
SHOWN = Count(
    ("in_chat", "kind", "author_followers", "impressions"),
    _shown,
    ("kind",),
    dict.fromkeys(("posts", "audience", "with_audience", "impressions", "with_impressions"), "sum"),
)


def instants(table: pa.Table) -> Any:
    """Return when posts were written as whole numbers, those without a date last."""
    return pc.fill_null(table["created_at"].cast(pa.int64()), LATE)


def _latest(part: pa.Table, *, name: str) -> pa.Table:
    rows = part.filter(pc.is_valid(part["author_id"]))
    rows = rows.filter(pc.is_valid(rows[name]))
    return pa.table(
        {
            "author_id": rows["author_id"],
            "value": rows[name].cast(TEXT),
            "at": instants(rows),
        }
    )


def latest(name: str) -> Count:
    """Count out what each author's latest post, in the chat or not, says in a column."""
    return Count(
        ("author_id", "created_at", name),
        partial(_latest, name=name),
        ("author_id",),
        told={"value": ("latest", "at")},
    )


def _moments(part: pa.Table, *, unit: int) -> pa.Table:
    chat = chat_of(part)
    dated = chat.filter(pc.is_valid(chat["created_at"]))
    if not len(dated):
        return _MOMENTS.empty_table()
    at = np.asarray(dated["created_at"].cast(pa.int64()))
    kinds = one_piece(dated["kind"]).dictionary_encode()
    # One number for moment and kind: many posts of a part share one, so they are added up here.
    n = len(kinds.dictionary)
    codes = at // unit * n + np.asarray(kinds.indices)
    order = np.argsort(codes, kind="stable")
    codes, at = codes[order], at[order]
    starts = np.flatnonzero(np.r_[True, codes[1:] != codes[:-1]])
    moment, kind = np.divmod(codes[starts], n)
    columns = [
        pa.array(moment * unit).cast(TIME),
        kinds.dictionary.take(pa.array(kind)),
        pa.array(np.diff(np.r_[starts, len(codes)])),
        pa.array(np.minimum.reduceat(at, starts)).cast(TIME),
        pa.array(np.maximum.reduceat(at, starts)).cast(TIME),
    ]
    return pa.Table.from_arrays(columns, schema=_MOMENTS)


_MOMENTS = pa.schema(
    [("moment", TIME), ("kind", TEXT), ("posts", pa.int64()), ("first", TIME), ("last", TIME)]
)


def moments(step: str | None = None) -> Count:
    """Count posts by kind minute by minute, or as finely as a step needs it."""
    width = pd.Timedelta(step or "1min")
    unit = next(one for one in UNITS if width % pd.Timedelta(one, "us") == pd.Timedelta(0))
    return Count(
        ("in_chat", "created_at", "kind"),
        partial(_moments, unit=unit),
        ("moment", "kind"),
        {"posts": "sum", "first": "min", "last": "max"},
    )


def _languages(part: pa.Table) -> pa.Table:
    chat = chat_of(part)
    return pa.table({"lang": chat["lang"], "posts": ones(chat)})


LANGUAGES = Count(("in_chat", "lang"), _languages, ("lang",), {"posts": "sum"})


def _networks(part: pa.Table) -> pa.Table:
    chat = chat_of(part)
    return pa.table({"platform": chat["platform"], "posts": ones(chat)})


NETWORKS = Count(("in_chat", "platform"), _networks, ("platform",), {"posts": "sum"})


def _standing(part: pa.Table) -> pa.Table:
    copies = pc.and_(pc.is_valid(part["copy_of"]), pc.invert(part["in_chat"]))
    return pa.table({"in_chat": part["in_chat"], "copy": copies, "posts": ones(part)})


# Posts of the chat, posts that only came along, copies.
STANDING = Count(("in_chat", "copy_of"), _standing, ("in_chat", "copy"), {"posts": "sum"})


def _parents(part: pa.Table) -> pa.Table:
    chat = chat_of(part)
    replies = chat.filter(is_kind(chat, ["reply"]))
    return pa.table({"post_id": replies["reply_to"], "replies": ones(replies)})


# How often each post was replied to; a missing one is not said.
PARENTS = Count(("in_chat", "kind", "reply_to"), _parents, ("post_id",), {"replies": "sum"})


def _found(part: pa.Table, *, wanted: pa.Array) -> pa.Table:
    ids = part["post_id"].filter(pc.is_in(part["post_id"], wanted))
    return pa.table({"post_id": ids, "rows": pa.array(np.ones(len(ids), "int64"))})


def found(wanted: pa.Array) -> Count:
    """Count which of these posts are there."""
    return Count(("post_id",), partial(_found, wanted=wanted), ("post_id",), {"rows": "sum"})


def _tags(part: pa.Table) -> pa.Table:
    own = own_of(part)
    lists = one_piece(own["hashtags"])
    each = pa.table({"post": pc.list_parent_indices(lists), "tag": pc.list_flatten(lists)})
    each = each.group_by(["post", "tag"]).aggregate([])
    each = each.sort_by([("post", "ascending"), ("tag", "ascending")])
    post, tag = np.asarray(each["post"]), one_piece(each["tag"])
    pairs = [(tag, tag)]
    # A tag with the one after it in the post, with the one after that, and so on.
    for apart in range(1, len(post)):
        together = np.flatnonzero(post[apart:] == post[:-apart])
        if not len(together):
            break
        pairs.append((tag.take(pa.array(together)), tag.take(pa.array(together + apart))))
    tables = [pa.table({"one": one, "other": other}) for one, other in pairs]
    rows = pa.concat_tables(tables)
    return rows.append_column("posts", ones(rows))


# Posts by hashtag (`one` and `other` the same) and by two of them together; no reposts.
TAGS = Count(("in_chat", "kind", "hashtags"), _tags, ("one", "other"), {"posts": "sum"})
