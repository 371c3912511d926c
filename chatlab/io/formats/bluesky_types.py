"""Records of Bluesky as its API gives them."""

from __future__ import annotations

from typing import Any

from chatlab.io.json_records import Struct as Fields


class Struct(Fields, rename="camel"):
    """Fields as Bluesky spells them."""


class Author(Struct):
    did: str
    handle: str | None = None
    display_name: str | None = None
    description: str | None = None
    followers_count: int | None = None
    follows_count: int | None = None


class Feature(Struct):
    tag: str | None = None
    did: str | None = None
    uri: str | None = None


class Facet(Struct):
    features: list[Feature] = []


class Link(Struct):
    uri: str | None = None


class ReplyLinks(Struct):
    parent: Link
    root: Link | None = None


class EmbedRecord(Struct):
    # `record` holds the uri itself, or, under recordWithMedia, one more `record` that does.
    uri: str | None = None
    record: Link | None = None


class Pictures(Struct):
    """What `_bluesky_media` reads."""

    images: Any = None
    video: Any = None
    thumbnail: Any = None
    alt: Any = None
    media: Any = None


class Embed(Pictures, kw_only=True):
    external: Link | None = None
    record: EmbedRecord | None = None


class Record(Struct):
    created_at: str
    text: str = ""
    facets: list[Facet] | None = None
    reply: ReplyLinks | None = None
    embed: Embed | None = None
    langs: list[str] | None = None
    tags: list[str] | None = None
    via: str | None = None
    # Bridgy Fed names the post of the fediverse that it brought here.
    bridgy_original_url: str | None = None


class Counts(Struct):
    """What a view tells of a post beside the post itself."""

    indexed_at: str | None = None
    like_count: int | None = None
    repost_count: int | None = None
    reply_count: int | None = None
    quote_count: int | None = None


class ViewRecord(Counts, kw_only=True):
    """A quoted post as it comes inside the post that quotes it."""

    uri: str | None = None
    author: Author | None = None
    value: Record | None = None
    record: ViewRecord | None = None


class ViewEmbed(Pictures, kw_only=True):
    record: ViewRecord | None = None


class PostView(Counts, kw_only=True):
    uri: str
    author: Author
    record: Record
    embed: ViewEmbed | None = None


class Maybe(Counts, kw_only=True):
    """A post, or the note that it was not found or is blocked, told by what is missing."""

    uri: str | None = None
    author: Author | None = None
    record: Record | None = None
    embed: ViewEmbed | None = None


class Reason(Struct):
    by: Author | None = None
    uri: str | None = None
    indexed_at: str | None = None


class FeedReply(Struct):
    root: Maybe | None = None
    parent: Maybe | None = None


class FeedItem(Struct):
    post: PostView
    reply: FeedReply | None = None
    reason: Reason | None = None


class Thread(Struct):
    post: PostView | None = None
    parent: Thread | None = None
    replies: list[Thread] = []


class ThreadValue(Struct):
    post: PostView | None = None


class ThreadItem(Struct):
    """A post of a thread that is laid out flat, or the note that it was not found."""

    value: ThreadValue | None = None


class Page(Maybe, kw_only=True):
    """Any record: a page of any of the four calls, a feed item, or a post."""

    posts: list[PostView] = []
    feed: list[FeedItem] = []
    thread: Thread | list[ThreadItem] | None = None
    post: PostView | None = None
    reply: FeedReply | None = None
    reason: Reason | None = None
