"""Bluesky JSON: searchPosts, getAuthorFeed, getPosts and getPostThread, and lists of posts."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any

import msgspec

from chatlab.io.dates import dated_columns
from chatlab.io.formats.bluesky_media import media_cards, media_seen, media_written
from chatlab.io.formats.bluesky_types import (
    Author,
    Counts,
    Embed,
    FeedItem,
    Maybe,
    Page,
    PostView,
    Reason,
    Record,
    Thread,
    ViewEmbed,
)
from chatlab.io.json_records import Batch, JsonFormat, Keys, NotPosts, by_block
from chatlab.io.media import media_columns
from chatlab.translation import mark


def _batches(pages: Sequence[Page]) -> Iterator[Batch]:
    rows: list[dict[str, Any]] = []
    for page in pages:
        rows += [row for post in page.posts for row in _rows(post)]
        items = list(page.feed)
        if page.post is not None:
            items.append(FeedItem(page.post, page.reply, page.reason))
        rows += [row for item in items for row in _feed_rows(item)]
        if isinstance(page.thread, list):
            flat = [item.value.post for item in page.thread if item.value and item.value.post]
            rows += [row for post in flat for row in _rows(post)]
        elif page.thread:
            rows += [row for post in _thread_posts(page.thread) for row in _rows(post)]
        if own := _whole(page):
            rows += _rows(own)
    yield Batch(dated_columns(rows))


def _whole(maybe: Maybe) -> PostView | None:
    if maybe.uri is None or maybe.author is None or maybe.record is None:
        return None
    return _post_view(maybe.uri, maybe.author, maybe.record, maybe.embed, maybe)


def _post_view(
    uri: str, author: Author, record: Record, embed: ViewEmbed | None, counts: Counts
) -> PostView:
    seen = {name: getattr(counts, name) for name in Counts.__struct_fields__}
    return PostView(uri=uri, author=author, record=record, embed=embed, **seen)


def _thread_posts(thread: Thread) -> Iterator[PostView]:
    """Walk a thread from its oldest ancestor down; a thread file is the conversation itself."""
    above = thread.parent
    ancestors = []
    while above is not None:
        ancestors.append(above)
        above = above.parent
    waiting = [thread]
    yield from (found.post for found in reversed(ancestors) if found.post is not None)
    while waiting:
        found = waiting.pop()
        if found.post is not None:
            yield found.post
        waiting.extend(reversed(found.replies))


def _feed_rows(item: FeedItem) -> Iterator[dict[str, Any]]:
    if item.reason and item.reason.by:
        # A repost in a feed: the row is the repost; the original only came along.
        yield _repost(item.post, item.reason, item.reason.by)
        yield from _rows(item.post, in_chat=False)
    else:
        yield from _rows(item.post)
    if item.reply:
        for maybe in (item.reply.root, item.reply.parent):
            if maybe and (post := _whole(maybe)):
                yield from _rows(post, in_chat=False)


def _rows(post: PostView, *, in_chat: bool = True) -> Iterator[dict[str, Any]]:
    yield post_row(post, in_chat=in_chat)
    view = post.embed.record if post.embed else None
    # recordWithMedia wraps the quoted record once more.
    quoted = view.record if view and view.record and not view.uri else view
    if quoted and quoted.uri and quoted.author and quoted.value:
        post = _post_view(quoted.uri, quoted.author, quoted.value, None, quoted)
        yield post_row(post, in_chat=False)


def _post_id(uri: str | None) -> str | None:
    return f"bluesky:{uri}" if uri else None


def _author_id(uri: str | None) -> str | None:
    """Read the author from a post's address, `at://did/collection/key`."""
    parts = (uri or "").split("/")
    return f"bluesky:{parts[2]}" if len(parts) > 2 and parts[2] else None


def _permalink(uri: str, author: Author) -> str:
    return f"https://bsky.app/profile/{author.handle or author.did}/post/{uri.rsplit('/', 1)[-1]}"


def _person(author: Author) -> dict[str, Any]:
    return {
        "author_id": f"bluesky:{author.did}",
        "author": author.handle,
        "author_name": author.display_name or None,
        "author_bio": author.description,
        "author_followers": author.followers_count,
        "author_following": author.follows_count,
    }


def post_row(post: PostView, *, in_chat: bool) -> dict[str, Any]:
    """Give one post as a row of the posts table."""
    record = post.record
    features = [feature for facet in record.facets or () for feature in facet.features]
    embed = record.embed or Embed()
    cards = [embed.external.uri if embed.external else None, *media_cards(embed.media)]
    seen = media_seen(msgspec.structs.asdict(post.embed)) if post.embed else []
    quoted = embed.record
    quote_uri = (quoted.uri or (quoted.record.uri if quoted.record else None)) if quoted else None
    if quote_uri and "/app.bsky.feed.post/" not in quote_uri:
        quote_uri = None  # an embedded list, feed or starter pack is not a quoted post
    reply = record.reply
    root = (reply.root.uri if reply.root else None) if reply else post.uri
    tags = [feature.tag for feature in features if feature.tag] + (record.tags or [])
    return {
        "post_id": _post_id(post.uri),
        "platform": "bluesky",
        "url": _permalink(post.uri, post.author),
        "created_at": record.created_at,
        **_person(post.author),
        "text": record.text,
        "lang": record.langs[0] if record.langs else None,
        "hashtags": list(dict.fromkeys(tag.casefold() for tag in tags)),
        "mentions": [f"bluesky:{feature.did}" for feature in features if feature.did],
        "urls": list(
            dict.fromkeys(
                [feature.uri for feature in features if feature.uri]
                + [card for card in cards if card]
            )
        ),
        **media_columns(seen or media_written(msgspec.structs.asdict(embed), post.author.did)),
        "copy_of": f"mastodon:{record.bridgy_original_url}" if record.bridgy_original_url else None,
        "reply_to": _post_id(reply.parent.uri) if reply else None,
        "reply_to_author": _author_id(reply.parent.uri) if reply else None,
        "quote_of": _post_id(quote_uri),
        "quote_of_author": _author_id(quote_uri),
        "thread_id": _post_id(root),
        "likes": post.like_count,
        "reposts": post.repost_count,
        "replies": post.reply_count,
        "quotes": post.quote_count,
        "client": record.via,
        "in_chat": in_chat,
    }


def repost_address(did: str, uri: str) -> str:
    """Make an address from who and what, where the repost's own record is not named."""
    return f"at://{did}/app.bsky.feed.repost/of:{uri.rsplit('/', 1)[-1]}"


def _repost(post: PostView, reason: Reason, by: Author) -> dict[str, Any]:
    uri = reason.uri or repost_address(by.did, post.uri)
    return {
        "post_id": _post_id(uri),
        "platform": "bluesky",
        "created_at": reason.indexed_at or post.indexed_at,
        **_person(by),
        "text": post.record.text,
        "lang": post.record.langs[0] if post.record.langs else None,
        "hashtags": [],
        "mentions": [],
        "urls": [],
        "repost_of": _post_id(post.uri),
        "repost_of_author": f"bluesky:{post.author.did}",
        "in_chat": True,
    }


_SNAKE = re.compile(rb'(?<!\\)"([a-z]+(?:_[a-z0-9]+)+)"(?=\s*:)')


def _in_camel_case(record: bytes) -> bytes:
    """Spell keys as Bluesky does; the Python client `atproto` writes them its own way."""

    def spelled(key: re.Match[bytes]) -> bytes:
        first, *others = key[1].split(b"_")
        return b'"%b"' % b"".join((first, *(word.capitalize() for word in others)))

    return _SNAKE.sub(spelled, record)


def _is_snake(keys: Keys) -> bool:
    record = msgspec.json.encode(keys)
    if b'"created_at"' not in record or b'"createdAt"' in record:
        return False
    return _is_posts(msgspec.json.decode(_in_camel_case(record), type=dict[str, msgspec.Raw]))


def _is_posts(keys: Keys) -> bool:
    if "thread" in keys:
        return b"app.bsky.feed" in bytes(keys["thread"])
    for name in ("posts", "feed"):
        if name in keys:
            return b"at://" in bytes(keys[name])
    if "post" in keys:
        return b"app.bsky.feed.post" in bytes(keys["post"])
    return {"uri", "author", "record"} <= keys.keys()


BLUESKY_ATPROTO = JsonFormat(
    "bluesky_atproto",
    mark("Bluesky posts (Python client)"),
    _is_snake,
    Page,
    by_block(_batches),
    ("posts", "feed", "replies", "thread"),
    _in_camel_case,
)
BLUESKY = JsonFormat(
    "bluesky",
    mark("Bluesky posts"),
    _is_posts,
    Page,
    by_block(_batches),
    ("posts", "feed", "replies", "thread"),
)
BLUESKY_NOT_POSTS = (NotPosts("Bluesky accounts", lambda keys: {"did", "handle"} <= keys.keys()),)
