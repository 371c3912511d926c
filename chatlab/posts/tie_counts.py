"""The plain counts of who addressed whom."""

from __future__ import annotations

from collections.abc import Collection
from functools import partial
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from chatlab.posts.counting import Count
from chatlab.posts.counts import chat_of, is_kind, ones
from chatlab.posts.grouping import one_piece
from chatlab.posts.schema import TEXT

RELATIONS = ("reply", "mention", "quote", "repost")
_TARGETS = {
    "reply": ("reply_to_author", ("reply",)),
    "quote": ("quote_of_author", ("reply", "quote")),
    "repost": ("repost_of_author", ("repost",)),
}
_MENTIONS = ("mentions", "text", "platform", "reply_to_author")
_HEAD_HANDLES = r"^(?P<head>(?:\s*@[\w.@-]+)+)"
_FIRST_HANDLE = r"^@(?P<handle>[0-9A-Za-z_]+)"


def _ties(part: pa.Table, *, relations: tuple[str, ...]) -> pa.Table:
    chat = chat_of(part)
    parts = [tie_rows(chat.slice(0, 0), "author_id", "", relations)]
    for relation in relations:
        rows, target = chat, "target"
        if relation == "mention":
            rows = _mentioned(chat)
        else:
            target, kinds = _TARGETS[relation]
            rows = chat.filter(is_kind(chat, kinds))
        parts.append(tie_rows(rows, target, relation, relations))
    table = pa.concat_tables(parts)
    known = pc.and_(pc.is_valid(table["source"]), pc.is_valid(table["target"]))
    others = pc.fill_null(pc.not_equal(table["source"], table["target"]), False)
    return table.filter(pc.and_(known, others))


def tie_rows(rows: pa.Table, target: str, relation: str, relations: Collection[str]) -> pa.Table:
    """Make a tie of each row, counted in the column of its relation."""
    one, none = ones(rows), pa.array(np.zeros(len(rows), "int64"))
    return pa.table(
        {
            "source": rows["author_id"],
            "target": rows[target],
            **{name: one if name == relation else none for name in relations},
            "first": rows["created_at"],
            "last": rows["created_at"],
        }
    )


def _repliers(part: pa.Table) -> pa.Table:
    return _ties(part, relations=("reply",)).select(["target", "source"])


def _by_target(pairs: pa.Table) -> pa.Table:
    counted = pairs.group_by("target").aggregate([("source", "count")])
    return counted.rename_columns(["target", "repliers"])


# How many different people replied to each.
REPLIERS = Count(
    ("in_chat", "kind", "author_id", "created_at", "reply_to_author"),
    _repliers,
    ("target", "source"),
    then=_by_target,
)


def _mentioned(chat: pa.Table) -> pa.Table:
    """Tie authors to whom they name; whom X puts at the head of a reply is not named."""
    rows = chat.filter(pc.invert(is_kind(chat, ["repost"]))).combine_chunks()
    lists = one_piece(rows["mentions"])
    post = np.asarray(pc.list_parent_indices(lists))
    starts = np.r_[0, np.cumsum(np.asarray(pc.fill_null(pc.list_value_length(lists), 0)))]
    place = np.arange(len(post)) - starts[post]
    named = pc.list_flatten(lists)
    replies = is_kind(rows, ["reply"])
    answered = pc.if_else(replies, rows["reply_to_author"], pa.scalar(None, TEXT))
    wanted = place >= _at_the_head(rows, replies)[post]
    taken = pa.array(post)
    kept = pc.fill_null(pc.not_equal(named, one_piece(answered).take(taken)), True)
    each = pa.table({"post": taken, "target": named}).filter(pc.and_(pa.array(wanted), kept))
    each = each.group_by(["post", "target"]).aggregate([])
    of = rows.select(["author_id", "created_at"]).take(each["post"])
    return of.append_column("target", each["target"])


def _at_the_head(rows: pa.Table, replies: pa.ChunkedArray) -> Any:
    """Count the handles that a platform put before each reply's own words."""
    addressed = np.zeros(len(rows), "int64")
    platforms = pc.is_in(rows["platform"], pa.array(["x", "mastodon"], TEXT))
    likely = pc.and_(pc.and_(replies, platforms), pc.match_substring(rows["text"], "@"))
    places = np.flatnonzero(np.asarray(likely))
    texts = rows["text"].take(pa.array(places))
    head = pc.struct_field(pc.extract_regex(texts, _HEAD_HANDLES), "head")
    words = pc.utf8_split_whitespace(pc.utf8_trim_whitespace(head))
    addressed[places] = np.asarray(pc.fill_null(pc.list_value_length(words), 0))
    return addressed


def ties(relations: tuple[str, ...] = RELATIONS) -> Count:
    """Count who addressed whom, relation by relation; nobody addresses themselves."""
    columns = ["in_chat", "kind", "author_id", "created_at"]
    columns += [_TARGETS[name][0] for name in relations if name != "mention"]
    columns += _MENTIONS if "mention" in relations else ()
    return Count(
        tuple(dict.fromkeys(columns)),
        partial(_ties, relations=relations),
        ("source", "target"),
        {**dict.fromkeys(relations, "sum"), "first": "min", "last": "max"},
    )


def _addressed(part: pa.Table) -> pa.Table:
    on_x = pc.and_(pc.equal(part["platform"], "x"), is_kind(part, ["reply"]))
    rows = part.filter(pc.and_(on_x, pc.is_valid(part["reply_to_author"])))
    handle = pc.struct_field(pc.extract_regex(rows["text"], _FIRST_HANDLE), "handle")
    each = pa.table({"author_id": rows["reply_to_author"], "handle": handle})
    each = each.filter(pc.is_valid(each["handle"]))
    return each.append_column("replies", ones(each))


# By which handles people are addressed on X, where replies begin with one.
ADDRESSED = Count(
    ("platform", "kind", "reply_to_author", "text"),
    _addressed,
    ("author_id", "handle"),
    {"replies": "sum"},
)
