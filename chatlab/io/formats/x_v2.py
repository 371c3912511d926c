"""X API v2 JSON: response pages as twarc2 writes them, flattened and stream lines, user files."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence, Sized
from itertools import accumulate, chain
from operator import attrgetter
from types import MappingProxyType
from typing import Any

import msgspec
import pyarrow as pa
import pyarrow.compute as pc

from chatlab.io.formats.x_common import LANGUAGES, MEDIA_ADDRESSES
from chatlab.io.formats.x_v2_types import (
    Entities,
    Includes,
    Mention,
    NoUser,
    Page,
    Tweet,
    TweetMetrics,
    User,
    UserMetrics,
)
from chatlab.io.json_records import NOT_JSON, Batch, JsonFormat, Keys, NotPosts, Struct, by_block
from chatlab.io.media import Media, first_text, media_columns, media_of, objects
from chatlab.posts.merge import Aside
from chatlab.posts.schema import COUNT, TEXT, TIME, Columns, typed_column
from chatlab.text.html import unescape_text

_X, _COLON, _SLASH, _STATUS = (pa.scalar(text, TEXT) for text in ("x", ":", "/", "status"))
_NO_ENTITIES = Entities()
_NO_METRICS = TweetMetrics()
_NO_USER_METRICS = UserMetrics()
_NO_USER = NoUser()


def _batches(pages: Sequence[Page]) -> Iterator[Batch]:
    if all(page.data is None and page.id is not None for page in pages):
        yield from _flattened(pages)
        return
    for page in pages:
        if page.id is not None:
            yield from _flattened([page])
            continue
        data = page.data or []
        tweets = data if isinstance(data, list) else [data]
        includes = page.includes or Includes(page.tweets, page.users)
        users = {user.id: user for user in includes.users}
        collected = page.twarc.retrieved_at if page.twarc else None
        whole = tweets + includes.tweets
        yield Batch(
            _columns(
                whole,
                [tweet.author or users.get(tweet.author_id or "") for tweet in whole],
                [collected] * len(whole),
                [True] * len(tweets) + [False] * len(includes.tweets),
                # Older pages give mentions without ids, and the people among the users.
                {user.username.casefold(): user.id for user in includes.users},
                {first_text(media, "media_key"): media for media in objects(includes.media)},
            ),
            Aside([_author(user) for user in page.users]),
        )


def _flattened(tweets: Sequence[Page]) -> Iterator[Batch]:
    """Read flattened lines: each carries its author and, whole, the posts it refers to."""
    context = {
        tweet.id: (tweet, page.twarc)
        for page in tweets
        for tweet in page.referenced_tweets or ()
        if tweet.text is not None
    }
    whole: list[Tweet] = [*tweets, *(tweet for tweet, _ in context.values())]
    twarcs = chain((page.twarc for page in tweets), (twarc for _, twarc in context.values()))
    yield Batch(
        _columns(
            whole,
            [tweet.author for tweet in whole],
            [twarc.retrieved_at if twarc else None for twarc in twarcs],
            [True] * len(tweets) + [False] * len(context),
        )
    )


def _author(user: User) -> dict[str, Any]:
    metrics = user.public_metrics or _NO_USER_METRICS
    return {
        "author_id": f"x:{user.id}",
        "author": user.username,
        "author_name": user.name,
        "author_bio": user.description,
        "author_followers": metrics.followers_count,
        "author_following": metrics.following_count,
    }


def _columns(
    tweets: Sequence[Tweet],
    users: Sequence[User | None],
    collected: Sequence[str | None],
    in_chat: Sequence[bool],
    ids: Mapping[str, str] = MappingProxyType({}),
    beside: Mapping[Any, dict[str, Any]] = MappingProxyType({}),
) -> Columns:
    # Column by column, attributes fetched in C, and what is the same for all rows done by Arrow:
    # this is what keeps the reader near the bare decode.
    people = [user or _NO_USER for user in users]
    profiles = [user.public_metrics or _NO_USER_METRICS for user in people]
    metrics = [tweet.public_metrics or _NO_METRICS for tweet in tweets]
    texts, entities = _texts_and_entities(tweets)
    replied, quoted, retweeted = _relations(tweets)
    numbers = _texts("id", tweets)
    handles = _texts("username", people)
    hashtags, mentions, urls = (
        list(map(attrgetter(name), entities)) for name in ("hashtags", "mentions", "urls")
    )
    media = [media_columns(_media_of(tweet.attachments, beside)) for tweet in tweets]
    return {
        "post_id": _prefixed(numbers),
        "platform": pa.repeat(_X, len(tweets)),
        "url": pc.binary_join_element_wise(
            pa.scalar("https://x.com", TEXT), pc.fill_null(handles, "i"), _STATUS, numbers, _SLASH
        ),
        "created_at": _times(_texts("created_at", tweets)),
        "collected_at": _times(pa.array(collected, TEXT)),
        "author_id": _prefixed(_texts("author_id", tweets)),
        "author": handles,
        "author_name": _texts("name", people),
        "author_bio": _texts("description", people),
        "author_followers": _counts("followers_count", profiles),
        "author_following": _counts("following_count", profiles),
        "text": [unescape_text(text) if "&" in text else text for text in texts],
        "lang": [LANGUAGES.get(code, code) for code in map(attrgetter("lang"), tweets)],
        "hashtags": _lists(
            hashtags, pa.array([one.tag.casefold() for one in _all(hashtags)], TEXT)
        ),
        "mentions": _lists(mentions, _people_named(_all(mentions), ids)),
        "urls": _lists(urls, pa.array([one.expanded_url or one.url for one in _all(urls)], TEXT)),
        **{name: [some[name] for some in media] for name in ("media", "media_alt")},
        "reply_to": _prefixed(pa.array(replied, TEXT)),
        "reply_to_author": _prefixed(_texts("in_reply_to_user_id", tweets)),
        "quote_of": _prefixed(pa.array(quoted, TEXT)),
        "repost_of": _prefixed(pa.array(retweeted, TEXT)),
        "thread_id": _prefixed(_texts("conversation_id", tweets)),
        "likes": _counts("like_count", metrics),
        "reposts": _counts("retweet_count", metrics),
        "replies": _counts("reply_count", metrics),
        "quotes": _counts("quote_count", metrics),
        "impressions": _counts("impression_count", metrics),
        "client": _texts("source", tweets),
        "in_chat": in_chat,
    }


def _media_of(attached: Any, beside: Mapping[Any, dict[str, Any]]) -> Media:
    """Give pictures and videos: whole in a flattened line, else by their keys from `includes`."""
    if not isinstance(attached, dict):
        return []
    keys = attached.get("media_keys")
    known = [key for key in keys if isinstance(key, str)] if isinstance(keys, list) else []
    named = [beside[key] for key in known if key in beside]
    return media_of(attached.get("media") or named, MEDIA_ADDRESSES, "alt_text")


def _texts(name: str, structs: Sequence[Struct]) -> pa.Array:
    return pa.array(list(map(attrgetter(name), structs)), TEXT)


def _counts(name: str, structs: Sequence[Struct]) -> pa.Array:
    return typed_column(list(map(attrgetter(name), structs)), COUNT)


def _people_named(mentions: Iterable[Mention], ids: Mapping[str, str]) -> pa.Array:
    """Give the author ids of mentions; pages that leave ids out name the people elsewhere."""
    numbers = [one.id or _number_or_handle(one.username, ids) for one in mentions]
    return _prefixed(pa.array(numbers, TEXT))


def _number_or_handle(username: str, ids: Mapping[str, str]) -> str:
    handle = username.casefold()
    return ids.get(handle, f"@{handle}")


def _prefixed(numbers: pa.Array) -> pa.Array:
    return pc.binary_join_element_wise(_X, numbers, _COLON)


_all = chain.from_iterable


def _lists(parts: Sequence[Sized], flat: pa.Array) -> pa.Array:
    """Make lists as long as the parts of the values of all rows, laid end to end."""
    offsets = pa.array(list(accumulate(map(len, parts), initial=0)), pa.int32())
    return pa.ListArray.from_arrays(offsets, flat)


def _texts_and_entities(tweets: Sequence[Tweet]) -> tuple[list[str], list[Entities]]:
    """Give each post's full text and what is in it: a long post has them in a note of its own."""
    texts = [tweet.text or "" for tweet in tweets]
    entities = [tweet.entities or _NO_ENTITIES for tweet in tweets]
    for i, note in enumerate(map(attrgetter("note_tweet"), tweets)):
        if note is not None:
            texts[i] = note.text
            entities[i] = note.entities or entities[i]
    return texts, entities


def _relations(tweets: Sequence[Tweet]) -> Iterable[list[str | None]]:
    """Give three columns: the ids of the posts replied to, quoted and retweeted."""
    columns: dict[str | None, list[str | None]] = {
        kind: [None] * len(tweets) for kind in ("replied_to", "quoted", "retweeted")
    }
    for i, tweet in enumerate(tweets):
        for other in tweet.referenced_tweets or ():
            if other.type in columns:
                columns[other.type][i] = other.id
    return columns.values()


def _times(texts: pa.Array) -> pa.Array:
    try:
        return pc.cast(texts, TIME)
    except pa.ArrowInvalid:
        return pa.array([_time(text) for text in texts.to_pylist()], TIME)


def _time(text: str | None) -> Any:
    try:
        return pa.scalar(text, TEXT).cast(TIME).as_py()
    except pa.ArrowInvalid:
        return None


def _first_item(keys: Keys, name: str) -> Keys:
    try:
        value = msgspec.json.decode(keys[name])
    except (KeyError, *NOT_JSON):
        return {}
    first = value[0] if isinstance(value, list) and value else value
    return first if isinstance(first, dict) else {}


def _is_tweets(keys: Keys) -> bool:
    if "data" in keys:
        first = _first_item(keys, "data")
        return "text" in first and "id" in first
    if "users" in keys:
        # The authors that academictwitteR writes beside each list of posts.
        return "username" in _first_item(keys, "users")
    # Without an author object this is the bare list of posts that academictwitteR writes.
    return {"id", "text"} <= keys.keys() and bool(
        keys.keys() & {"author_id", "edit_history_tweet_ids", "public_metrics", "conversation_id"}
    )


X_V2 = JsonFormat(
    "x_v2",
    "X API v2",
    _is_tweets,
    Page,
    by_block(_batches),
    ("data", "tweets", "users"),
)
X_V2_NOT_POSTS = (
    NotPosts("X API v2 tweet counts", lambda keys: "tweet_count" in _first_item(keys, "data")),
    NotPosts("X API v2 lists", lambda keys: "owner_id" in _first_item(keys, "data")),
    NotPosts("X API v2 users", lambda keys: "username" in _first_item(keys, "data")),
    NotPosts(
        "X compliance results (ids to delete)",
        lambda keys: {"id", "action", "reason"} <= keys.keys(),
    ),
)
