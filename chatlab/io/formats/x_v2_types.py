"""Records of X as its API v2 gives them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import msgspec

from chatlab.io.json_records import Struct


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

    def __len__(self) -> int:
        return 0


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


class NoUser(Struct):
    """Stands in for an author whom the file does not describe."""

    username: None = None
    name: None = None
    description: None = None
    public_metrics: None = None


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
    attachments: Any = None
    author: User | None = None


class Includes(Struct):
    tweets: list[Tweet] = []
    users: list[User] = []
    media: Any = None


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
