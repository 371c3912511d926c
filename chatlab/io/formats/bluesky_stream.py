"""Bluesky streams, Jetstream and Tap: posts as they are made, changed and taken back."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import msgspec
import pyarrow as pa

from chatlab.io.dates import dated_columns
from chatlab.io.formats.bluesky import post_row
from chatlab.io.formats.bluesky_types import Author, PostView, Record, Struct
from chatlab.io.json_records import NOT_JSON, Batch, JsonFormat, Keys, Numbered, Refusal, by_block
from chatlab.posts.merge import Aside
from chatlab.posts.schema import TIME
from chatlab.translation import mark


class Commit(Struct):
    """A change in somebody's repository, as the streams tell it; records of all kinds pass by."""

    collection: str | None = None
    rkey: str | None = None
    operation: str | None = None
    record: msgspec.Raw = msgspec.Raw()


class TapEvent(Struct):
    """The same as Tap tells it."""

    did: str
    collection: str | None = None
    rkey: str | None = None
    action: str | None = None
    record: msgspec.Raw = msgspec.Raw()


class Identity(Struct):
    did: str
    handle: str | None = None


class Event(Numbered):
    """A line of Jetstream or an event of Tap."""

    did: str | None = None
    time_us: int | None = None
    commit: Commit | None = None
    identity: Identity | None = None
    record: TapEvent | None = None


POSTS = "app.bsky.feed.post"


def _streamed(events: Sequence[Event]) -> Iterator[Batch]:
    """Read a stream: posts that were made, changed and deleted, and what people are called.

    Likes, follows and reposts of all of Bluesky pass by there too; they are not posts.
    """
    rows: list[dict[str, Any]] = []
    refused: list[Refusal] = []
    decoder = msgspec.json.Decoder(Record, strict=False)
    aside = Aside()
    for event in events:
        if event.identity and event.identity.handle:
            names = {"author_id": f"bluesky:{event.identity.did}", "author": event.identity.handle}
            aside.authors.append(names)
        change: TapEvent | Commit | None = event.record or event.commit
        did = event.record.did if event.record else event.did
        if change is None or did is None or change.collection != POSTS:
            continue
        uri = f"at://{did}/{POSTS}/{change.rkey}"
        action = change.action if isinstance(change, TapEvent) else change.operation
        if action == "delete":
            aside.deleted.add(f"bluesky:{uri}")
            continue
        try:
            record = decoder.decode(change.record)
        except NOT_JSON as error:
            refused.append(event.refusal(str(error)))
            continue
        post = PostView(uri=uri, author=Author(did), record=record)
        rows.append(post_row(post, in_chat=True) | {"collected_at": event.time_us})
    columns = dated_columns(rows)
    columns["collected_at"] = _microseconds(columns["collected_at"])
    yield Batch(columns, aside, refused)


def _microseconds(times: Sequence[int | None]) -> pa.Array:
    return pa.array([time if time and 0 < time < 2**62 else None for time in times], TIME)


def _is_event(keys: Keys) -> bool:
    """Know Jetstream lines and Tap events by their envelope."""
    if {"did", "kind"} <= keys.keys():
        return True
    return {"type", "record"} <= keys.keys() and b'"collection"' in bytes(keys["record"])


# The streams keep their rows apart from the views: no handles, no counts, but deletions.
BLUESKY_STREAM = JsonFormat(
    "bluesky_stream",
    mark("Bluesky stream (Jetstream, Tap)"),
    _is_event,
    Event,
    by_block(_streamed),
)
