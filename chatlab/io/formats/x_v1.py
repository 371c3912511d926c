"""X API v1.1 JSON: statuses as lines, lists, and search pages."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any

from chatlab.io.dates import dated_columns
from chatlab.io.formats.x_common import x_language, x_url
from chatlab.io.json_records import Batch, JsonFormat, Keys, Struct, by_block
from chatlab.io.media import media_columns, media_of
from chatlab.posts.schema import Columns
from chatlab.text.html import unescape_text


class Hashtag(Struct):
    text: str


class UserMention(Struct):
    screen_name: str
    id_str: str | None = None


class Url(Struct):
    url: str | None = None
    expanded_url: str | None = None


class Entities(Struct):
    hashtags: list[Hashtag] = []
    user_mentions: list[UserMention] = []
    urls: list[Url] = []
    media: Any = None

    def columns(self) -> dict[str, list[str]]:
        """Give hashtags, mentions and links as the posts table has them."""
        links = (url.expanded_url or url.url for url in self.urls)
        return {
            "hashtags": [hashtag.text.casefold() for hashtag in self.hashtags],
            "mentions": [
                f"x:{mention.id_str}" if mention.id_str else f"x:@{mention.screen_name.casefold()}"
                for mention in self.user_mentions
            ],
            "urls": [link for link in links if link],
            **media_columns(media_of(self.media, _ADDRESSES, "ext_alt_text")),
        }


# Of a video, the address is its picture's.
_ADDRESSES = ("media_url_https", "media_url", "expanded_url")


def all_media(extended: Any, entities: Entities) -> dict[str, list[str]]:
    """Give all pictures of a post, where they stand apart; `entities` has only the first."""
    media = extended.get("media") if isinstance(extended, dict) else entities.media
    return media_columns(media_of(media, _ADDRESSES, "ext_alt_text"))


class User(Struct):
    id_str: str | None = None
    id: int | None = None
    screen_name: str | None = None
    name: str | None = None
    description: str | None = None
    followers_count: int | None = None
    friends_count: int | None = None


class ExtendedTweet(Struct):
    """Where a stream keeps the text that `text` cuts at 140 characters."""

    full_text: str
    entities: Entities | None = None
    extended_entities: Any = None


class Status(Struct):
    created_at: str
    id_str: str | None = None
    id: int | None = None
    text: str | None = None
    full_text: str | None = None
    extended_tweet: ExtendedTweet | None = None
    entities: Entities | None = None
    extended_entities: Any = None
    user: User | None = None
    source: str | None = None
    lang: str | None = None
    in_reply_to_status_id_str: str | None = None
    in_reply_to_status_id: int | None = None
    in_reply_to_user_id_str: str | None = None
    in_reply_to_user_id: int | None = None
    in_reply_to_screen_name: str | None = None
    quoted_status_id_str: str | None = None
    quoted_status_id: int | None = None
    quoted_status: Status | None = None
    retweeted_status: Status | None = None
    favorite_count: int | None = None
    retweet_count: int | None = None
    reply_count: int | None = None
    quote_count: int | None = None


class Page(Status, kw_only=True):
    """Any record: a status, or a search page."""

    created_at: str | None = None  # type: ignore[assignment]
    statuses: list[Status] | None = None


_NO_ENTITIES = Entities()
_TAG = re.compile(r"<[^<>]*>")


def _batches(pages: Sequence[Page]) -> Iterator[Batch]:
    statuses: list[Status] = []
    for page in pages:
        if page.statuses is not None:
            statuses.extend(page.statuses)
        elif page.created_at is not None:
            statuses.append(page)
    yield Batch(status_columns(statuses))


def status_columns(statuses: Sequence[Status]) -> Columns:
    """Give the posts of statuses, and of the posts that they quote and repost, as columns."""
    rows = [status_row(status, in_chat=True) for status in statuses]
    rows += [status_row(status, in_chat=False) for status in _context(statuses)]
    return dated_columns(rows)


def _context(statuses: Sequence[Status]) -> Iterator[Status]:
    for status in statuses:
        for other in (status.retweeted_status, status.quoted_status):
            if other is not None:
                yield other
                yield from _context([other])


def without_tags(source: str | None) -> str | None:
    """Give the app's name of the link that X writes as source."""
    return _TAG.sub("", source) if source else None


def _number(text: str | None, number: int | None) -> str | None:
    return text or (str(number) if number is not None else None)


def _prefixed(text: str | None, number: int | None) -> str | None:
    known = _number(text, number)
    return f"x:{known}" if known else None


def _author_id(user: User | None) -> str | None:
    if user is None:
        return None
    if user.id_str or user.id is not None:
        return _prefixed(user.id_str, user.id)
    return f"x:@{user.screen_name.casefold()}" if user.screen_name else None


def status_row(status: Status, *, in_chat: bool) -> dict[str, Any]:
    """Give one status as a row of the posts table."""
    long = status.extended_tweet
    entities = (long and long.entities) or status.entities or _NO_ENTITIES
    extended = (long and long.extended_entities) or status.extended_entities
    user = status.user or User()
    number = _number(status.id_str, status.id)
    original = status.retweeted_status
    quoted = status.quoted_status
    answered = _prefixed(status.in_reply_to_user_id_str, status.in_reply_to_user_id)
    if answered is None and status.in_reply_to_screen_name:
        answered = f"x:@{status.in_reply_to_screen_name.casefold()}"
    return {
        "post_id": f"x:{number}" if number else None,
        "platform": "x",
        "url": x_url(user.screen_name, number) if number else None,
        "created_at": status.created_at,
        "author_id": _author_id(status.user),
        "author": user.screen_name,
        "author_name": user.name,
        "author_bio": user.description,
        "author_followers": user.followers_count,
        "author_following": user.friends_count,
        "text": unescape_text((long and long.full_text) or status.full_text or status.text or ""),
        "lang": x_language(status.lang),
        **entities.columns(),
        **all_media(extended, entities),
        "reply_to": _prefixed(status.in_reply_to_status_id_str, status.in_reply_to_status_id),
        "reply_to_author": answered,
        "quote_of": _prefixed(status.quoted_status_id_str, status.quoted_status_id),
        "quote_of_author": _author_id(quoted.user) if quoted else None,
        "repost_of": _prefixed(original.id_str, original.id) if original else None,
        "repost_of_author": _author_id(original.user) if original else None,
        "likes": status.favorite_count,
        "reposts": status.retweet_count,
        "replies": status.reply_count,
        "quotes": status.quote_count,
        "client": without_tags(status.source),
        "in_chat": in_chat,
    }


def _is_status(keys: Keys) -> bool:
    if "statuses" in keys:
        # Mastodon's search pages have `statuses` too, but no search_metadata.
        first = bytes(keys["statuses"])
        return "search_metadata" in keys or b'"id_str"' in first
    return "id_str" in keys and "created_at" in keys and bool({"text", "full_text"} & keys.keys())


X_V1 = JsonFormat("x_v1", "X API v1.1", _is_status, Page, by_block(_batches), ("statuses",))
