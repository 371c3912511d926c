"""Zeeschuimer: what a browser saw of X, in the shapes that X's own pages use."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import msgspec
import pyarrow as pa

from chatlab.io.dates import dated_columns
from chatlab.io.formats.x_common import x_language, x_url
from chatlab.io.formats.x_v1 import Entities, all_media, without_tags
from chatlab.io.json_records import Batch, JsonFormat, Keys, Numbered, Refusal, Struct, by_block
from chatlab.io.media import first_text, objects
from chatlab.posts.schema import TIME
from chatlab.text.html import unescape_text
from chatlab.translation import _, mark

NETWORKS = ("twitter.com", "x.com")


class Profile(Struct):
    """An account; its fields have moved between `legacy`, `core` and the account itself."""

    id_str: str | None = None
    rest_id: str | None = None
    screen_name: str | None = None
    name: str | None = None
    description: str | None = None
    followers_count: int | None = None
    friends_count: int | None = None
    legacy: Profile | None = None
    core: Profile | None = None


class UserResults(Struct):
    result: Profile | None = None


class Core(Struct):
    user_results: UserResults | None = None


class NoteResult(Struct):
    text: str | None = None
    entity_set: Entities | None = None


class NoteResults(Struct):
    result: NoteResult | None = None


class Note(Struct):
    note_tweet_results: NoteResults | None = None


class Views(Struct):
    count: int | None = None


class Other(Struct):
    result: Item | None = None


class Legacy(Struct):
    """The post itself, named as in X API v1.1."""

    created_at: str
    full_text: str
    id_str: str | None = None
    conversation_id_str: str | None = None
    user_id_str: str | None = None
    lang: str | None = None
    favorite_count: int | None = None
    retweet_count: int | None = None
    reply_count: int | None = None
    quote_count: int | None = None
    in_reply_to_status_id_str: str | None = None
    in_reply_to_user_id_str: str | None = None
    in_reply_to_screen_name: str | None = None
    quoted_status_id_str: str | None = None
    entities: Entities | None = None
    extended_entities: Any = None
    retweeted_status_result: Other | None = None


class Item(Numbered):
    """A post as X's pages hold it; `tweet` is the same, one level deeper."""

    rest_id: str | None = None
    legacy: Legacy | None = None
    core: Core | None = None
    user: Profile | None = None
    tweet: Item | None = None
    quoted_status_result: Other | None = None
    note_tweet: Note | None = None
    views: Views | None = None
    source: str | None = None
    promoted: bool | None = None


class Imported(Struct):
    """Where 4CAT keeps what surrounded the post."""

    timestamp_collected: float | None = None


class Captured(Item, kw_only=True):
    """A line: the post in `data`, or, once 4CAT has had it, the post itself."""

    data: Item | None = None
    source_platform: str | None = None
    timestamp_collected: float | None = None
    imported: Imported | None = msgspec.field(name="__import_meta", default=None)


def _batches(lines: Sequence[Captured]) -> Iterator[Batch]:
    rows: list[dict[str, Any]] = []
    refused: list[Refusal] = []
    for line in lines:
        item = line.data or line
        collected = line.timestamp_collected or (
            line.imported.timestamp_collected if line.imported else None
        )
        reason = _no_post(line, item)
        if reason:
            refused.append(line.refusal(reason))
            continue
        rows += [row | {"collected_at": collected} for row in _rows(item, in_chat=True)]
    columns = dated_columns(rows)
    columns["collected_at"] = _milliseconds(columns["collected_at"])
    yield Batch(columns, refused=refused)


def _no_post(line: Captured, item: Item) -> str | None:
    if line.source_platform and line.source_platform not in NETWORKS:
        return _("captured on {platform}, not on X").format(platform=line.source_platform)
    if item.promoted:
        return _("an advertisement")
    if _inner(item).legacy is None:
        return _("a post that X did not show (deleted, hidden or from a protected account)")
    return None


def _milliseconds(times: Sequence[float | None]) -> pa.Array:
    return pa.array([int(t * 1e3) if t and 0 < t < 1e14 else None for t in times], TIME)


def _inner(item: Item) -> Item:
    return item.tweet if item.tweet is not None and item.legacy is None else item


def _rows(item: Item, *, in_chat: bool) -> Iterator[dict[str, Any]]:
    item = _inner(item)
    post = item.legacy
    if post is None:
        return
    original, quoted = (
        _inner(other.result) if other and other.result else None
        for other in (post.retweeted_status_result, item.quoted_status_result)
    )
    yield _row(item, post, original, quoted, in_chat=in_chat)
    for other in (original, quoted):
        if other is not None:
            yield from _rows(other, in_chat=False)


def _profile(item: Item, post: Legacy) -> dict[str, Any]:
    results = item.core.user_results if item.core else None
    person = item.user or (results.result if results else None) or Profile()
    # Where X keeps a field depends on the year: the newest place first.
    places = [part for part in (person.core, person.legacy, person) if part is not None]

    def first(name: str) -> Any:
        return next((value for part in places if (value := getattr(part, name))), None)

    handle = first("screen_name") or _handle_in_media(post.entities)
    number = person.rest_id or person.id_str or post.user_id_str
    by_handle = f"x:@{handle.casefold()}" if handle else None
    return {
        "author_id": f"x:{number}" if number else by_handle,
        "author": handle,
        "author_name": first("name"),
        "author_bio": first("description"),
        "author_followers": first("followers_count"),
        "author_following": first("friends_count"),
    }


def _handle_in_media(entities: Entities | None) -> str | None:
    """Recover an author that the page left out: a post's own pictures are under its address."""
    for media in objects(entities.media) if entities else ():
        parts = first_text(media, "expanded_url").split("/")
        if len(parts) > 5 and parts[4] == "status":
            return parts[3]
    return None


def _row(
    item: Item, post: Legacy, original: Item | None, quoted: Item | None, *, in_chat: bool
) -> dict[str, Any]:
    note = item.note_tweet.note_tweet_results if item.note_tweet else None
    long = (note.result if note else None) or NoteResult()
    entities = long.entity_set or post.entities or Entities()
    person = _profile(item, post)
    number = item.rest_id or post.id_str
    answered = post.in_reply_to_screen_name
    return {
        **person,
        "post_id": f"x:{number}" if number else None,
        "platform": "x",
        "url": x_url(person["author"], number) if number else None,
        "created_at": post.created_at,
        "text": unescape_text(long.text or post.full_text),
        "lang": x_language(post.lang),
        **entities.columns(),
        **all_media(post.extended_entities, post.entities or entities),
        "reply_to": _prefixed(post.in_reply_to_status_id_str),
        "reply_to_author": _prefixed(post.in_reply_to_user_id_str)
        or (f"x:@{answered.casefold()}" if answered else None),
        "quote_of": _prefixed(post.quoted_status_id_str) or _id_of(quoted),
        "quote_of_author": _author_of(quoted),
        "repost_of": _id_of(original),
        "repost_of_author": _author_of(original),
        "thread_id": _prefixed(post.conversation_id_str),
        "likes": post.favorite_count,
        "reposts": post.retweet_count,
        "replies": post.reply_count,
        "quotes": post.quote_count,
        "impressions": item.views.count if item.views else None,
        "client": without_tags(item.source),
        "in_chat": in_chat,
    }


def _prefixed(number: str | None) -> str | None:
    return f"x:{number}" if number else None


def _id_of(item: Item | None) -> str | None:
    if item is None:
        return None
    return _prefixed(item.rest_id or (item.legacy.id_str if item.legacy else None))


def _author_of(item: Item | None) -> str | None:
    return _profile(item, item.legacy)["author_id"] if item and item.legacy else None


def _is_captured(keys: Keys) -> bool:
    if "source_platform" in keys and "data" in keys:
        return any(name.encode() in bytes(keys["source_platform"]) for name in NETWORKS)
    return ("legacy" in keys and bool({"rest_id", "user", "core"} & keys.keys())) or (
        "tweet" in keys and "__import_meta" in keys
    )


ZEESCHUIMER = JsonFormat(
    "zeeschuimer", mark("Zeeschuimer capture of X"), _is_captured, Captured, by_block(_batches)
)
