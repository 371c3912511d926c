"""X API v2 JSON: response pages as twarc2 writes them, flattened and stream lines, user files."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import chain
from types import MappingProxyType
from typing import Any

import msgspec
import pyarrow as pa
import pyarrow.compute as pc

from chatlab._records import NOT_JSON, Batch, JsonFormat, Keys, NotPosts
from chatlab.schema import Columns
from chatlab.text import unescape_text


class Struct(msgspec.Struct, gc=False):
    """Fields that are not named here are skipped, never an error."""


class Hashtag(Struct):
    tag: str


class Mention(Struct):
    username: str
    id: str | None = None


class Url(Struct):
    url: str | None = None
    expanded_url: str | None = None


class Nothing(Struct):
    """An empty list as R's JSON writers leave it: `{}`."""

    def __iter__(self) -> Iterator[Any]:
        return iter(())


class Entities(Struct):
    hashtags: list[Hashtag] | Nothing = []
    mentions: list[Mention] | Nothing = []
    urls: list[Url] | Nothing = []


class TweetMetrics(Struct):
    like_count: int | None = None
    retweet_count: int | None = None
    reply_count: int | None = None
    quote_count: int | None = None
    impression_count: int | None = None


class UserMetrics(Struct):
    followers_count: int | None = None
    following_count: int | None = None


class User(Struct):
    id: str
    username: str
    name: str | None = None
    description: str | None = None
    public_metrics: UserMetrics | None = None


class NoteTweet(Struct):
    """The full text of a long post; `text` beside it is cut at 280 characters."""

    text: str
    entities: Entities | None = None


class Tweet(Struct):
    id: str
    text: str | None = None
    author_id: str | None = None
    created_at: str | None = None
    lang: str | None = None
    source: str | None = None
    conversation_id: str | None = None
    in_reply_to_user_id: str | None = None
    # A flattened line holds whole posts here; elsewhere they are a type and an id.
    referenced_tweets: list[Tweet] | Nothing | None = None
    type: str | None = None
    public_metrics: TweetMetrics | None = None
    entities: Entities | None = None
    note_tweet: NoteTweet | None = None
    author: User | None = None


class Includes(Struct):
    tweets: list[Tweet] = []
    users: list[User] = []


class Twarc(Struct):
    retrieved_at: str | None = None


class Page(Tweet, kw_only=True):
    """Any record: a response page, a stream line, a flattened post, or a file of users."""

    id: str | None = None  # type: ignore[assignment]
    data: list[Tweet] | Tweet | None = None
    includes: Includes | None = None
    users: list[User] = []
    tweets: list[Tweet] = []
    twarc: Twarc | None = msgspec.field(name="__twarc", default=None)


# X gives these codes to posts without a language of their own; the rest are old ISO codes.
_LANGUAGES: dict[str | None, str | None] = {
    **dict.fromkeys(("und", "zxx", "art", "qam", "qct", "qht", "qme", "qst"), None),
    "in": "id",
    "iw": "he",
    "ji": "yi",
}
_NO_ENTITIES = Entities()
_NO_METRICS = TweetMetrics()
_NO_USER_METRICS = UserMetrics()


def x_language(code: str | None) -> str | None:
    """Return the BCP 47 code for one of X's language codes, or missing."""
    return _LANGUAGES.get(code, code) if code else None


def x_url(handle: str | None, number: str) -> str:
    """Return the permalink of a post on X."""
    return f"https://x.com/{handle or 'i'}/status/{number}"


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
            ),
            [_author(user) for user in page.users],
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
) -> Columns:
    # Column by column: one list comprehension each is what keeps this near the bare decode.
    metrics = [tweet.public_metrics or _NO_METRICS for tweet in tweets]
    entities = [_entities(tweet) for tweet in tweets]
    profiles = [user.public_metrics or _NO_USER_METRICS if user else None for user in users]
    relations = [_relations(tweet) for tweet in tweets]
    return {
        "post_id": [f"x:{tweet.id}" for tweet in tweets],
        "platform": ["x"] * len(tweets),
        "url": [
            f"https://x.com/{user.username if user else 'i'}/status/{tweet.id}"
            for tweet, user in zip(tweets, users, strict=True)
        ],
        "created_at": _times([tweet.created_at for tweet in tweets]),
        "collected_at": _times(collected),
        "author_id": [f"x:{tweet.author_id}" if tweet.author_id else None for tweet in tweets],
        "author": [user.username if user else None for user in users],
        "author_name": [user.name if user else None for user in users],
        "author_bio": [user.description if user else None for user in users],
        "author_followers": [p.followers_count if p else None for p in profiles],
        "author_following": [p.following_count if p else None for p in profiles],
        "text": [
            unescape_text(tweet.note_tweet.text if tweet.note_tweet else tweet.text or "")
            for tweet in tweets
        ],
        "lang": [_LANGUAGES.get(tweet.lang, tweet.lang) for tweet in tweets],
        "hashtags": [[h.tag.casefold() for h in e.hashtags] for e in entities],
        "mentions": [
            [f"x:{m.id}" if m.id else _person(m.username, ids) for m in e.mentions]
            for e in entities
        ],
        "urls": [[u.expanded_url or u.url for u in e.urls] for e in entities],
        "reply_to": [r[0] for r in relations],
        "reply_to_author": [
            f"x:{tweet.in_reply_to_user_id}" if tweet.in_reply_to_user_id else None
            for tweet in tweets
        ],
        "quote_of": [r[1] for r in relations],
        "repost_of": [r[2] for r in relations],
        "thread_id": [
            f"x:{tweet.conversation_id}" if tweet.conversation_id else None for tweet in tweets
        ],
        "likes": [m.like_count for m in metrics],
        "reposts": [m.retweet_count for m in metrics],
        "replies": [m.reply_count for m in metrics],
        "quotes": [m.quote_count for m in metrics],
        "impressions": [m.impression_count for m in metrics],
        "client": [tweet.source for tweet in tweets],
        "in_chat": in_chat,
    }


def _person(username: str, ids: Mapping[str, str]) -> str:
    handle = username.casefold()
    return f"x:{ids.get(handle, f'@{handle}')}"


def _entities(tweet: Tweet) -> Entities:
    if tweet.note_tweet and tweet.note_tweet.entities:
        return tweet.note_tweet.entities
    return tweet.entities or _NO_ENTITIES


_PLACE = {"replied_to": 0, "quoted": 1, "retweeted": 2}
_NO_RELATIONS = (None, None, None)


def _relations(tweet: Tweet) -> Sequence[str | None]:
    if not tweet.referenced_tweets:
        return _NO_RELATIONS
    found: list[str | None] = [None, None, None]
    for other in tweet.referenced_tweets:
        place = _PLACE.get(other.type or "")
        if place is not None:
            found[place] = f"x:{other.id}"
    return found


def _times(texts: Sequence[str | None]) -> pa.Array:
    array = pa.array(texts, pa.string())
    try:
        return pc.cast(array, pa.timestamp("us", "UTC"))
    except pa.ArrowInvalid:
        return pa.array([_time(text) for text in texts], pa.timestamp("us", "UTC"))


def _time(text: str | None) -> Any:
    try:
        return pa.scalar(text, pa.string()).cast(pa.timestamp("us", "UTC")).as_py()
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
    _batches,
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
