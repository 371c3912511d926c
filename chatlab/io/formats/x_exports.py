"""Tables of X that browser extensions, sheet add-ons and notebooks write."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable
from typing import Any

import msgspec

from chatlab.io.formats.x_common import milliseconds_of_id
from chatlab.io.tables.format import Row, TableFormat
from chatlab.translation import mark

# What Python wrote of an object; longer cells were made to keep a reader busy.
_LONGEST_CELL = 50_000


def _lines_unescaped(name: str) -> Callable[[Row], str]:
    return lambda row: row.get(name, "").replace("\\n", "\n")


def _pictures(row: Row) -> list[str]:
    """Read the addresses of pictures, kept as JSON in one cell or laid out by name."""
    try:
        some = msgspec.json.decode(row.get("media.original") or row.get("media") or "[]")
    except (msgspec.DecodeError, RecursionError):
        return []
    parts = some if isinstance(some, list) else []
    found = (
        one.get("original") or one.get("url") if isinstance(one, dict) else one for one in parts
    )
    return [address for address in found if isinstance(address, str)]


WEB_EXPORTER = TableFormat(
    "twitter_web_exporter",
    mark("twitter-web-exporter"),
    "x",
    {
        "post_id": "id",
        "url": "url",
        "created_at": "created_at",
        "author_id": "user_id",
        "author": "screen_name",
        "author_name": "name",
        "text": "full_text",
        "reply_to": "in_reply_to",
        "repost_of": "retweeted_status",
        "quote_of": "quoted_status",
        "likes": "favorite_count",
        "reposts": "retweet_count",
        "replies": "reply_count",
        "quotes": "quote_count",
        "impressions": "views_count",
    },
    [frozenset({"id", "full_text", "screen_name", "in_reply_to", "favorite_count"})],
    {"text": _lines_unescaped("full_text"), "media": _pictures},
)


def _archiver_time(row: Row) -> str | None:
    # The sheet's dates are in a time zone that it does not name, and in the order of its country.
    told = milliseconds_of_id(row.get("Tweet ID", ""))
    return str(told // 1000) if told else row.get("Date") or None


TWITTER_ARCHIVER = TableFormat(
    "twitter_archiver",
    mark("Twitter Archiver sheet"),
    "x",
    {
        "post_id": "Tweet ID",
        "created_at": "Date",
        "author": "Screen Name",
        "author_name": "Full Name",
        "author_bio": "Bio",
        "author_followers": "Followers",
        "author_following": "Follows",
        "text": "Tweet Text",
        "urls": "Link(s)",
        "media": "Media",
        "likes": "Favorites",
        "reposts": "Retweets",
        "client": "App",
    },
    [frozenset({"Date", "Screen Name", "Tweet Text", "Tweet ID"})],
    {"created_at": _archiver_time},
)
# The scraper leaves a blank after these signs, and within addresses.
_SCRAPED_SIGN = re.compile(r"(?<!\w)([@#])\s(?=\w)")
_SCRAPED_LINK = re.compile(r"(https?://)\s(?=\S)")
_ADDRESSED = re.compile(r"@(\w{1,20})")


def _rejoined(row: Row) -> str:
    return _SCRAPED_LINK.sub(r"\1", _SCRAPED_SIGN.sub(r"\1", row.get("text", "")))


def _addressed(row: Row) -> str | None:
    """Tell whom a reply answers: its parent is not in the file, the name begins its text."""
    named = _ADDRESSED.match(_rejoined(row).lstrip())
    is_reply = row.get("is_reply", "").casefold() == "true"
    return named[1] if named and is_reply else None


TWEET_SCRAPER = TableFormat(
    "tweet_scraper",
    mark("TweetScraper"),
    "x",
    {
        "post_id": "ID",
        "created_at": "datetime",
        "author_id": "user_id",
        "author": "usernameTweet",
        "text": "text",
        "likes": "nbr_favorite",
        "reposts": "nbr_retweet",
        "replies": "nbr_reply",
    },
    [frozenset({"ID", "usernameTweet", "text", "datetime", "is_reply"})],
    {"text": _rejoined, "reply_to_author": _addressed},
)


def _object(cell: str) -> Any:
    """Read what Python wrote of a dictionary or a list; None where it is neither."""
    if not cell.startswith(("{", "[")) or len(cell) > _LONGEST_CELL:
        return None
    try:
        return ast.literal_eval(cell)
    except (ValueError, SyntaxError, RecursionError, MemoryError):
        return None


# Tweepy writes its own objects: <ReferencedTweet id=12 type=replied_to>
_REFERENCE = re.compile(r"id['\"]?[=:]\s?['\"]?(\d+)['\"]?,?\s['\"]?type['\"]?[=:]\s?['\"]?(\w+)")
_REFERENCE_TYPE_FIRST = re.compile(
    r"type['\"]?[=:]\s?['\"]?(\w+)['\"]?,?\s['\"]?id['\"]?[=:]\s?['\"]?(\d+)"
)


def _referenced(kind: str) -> Callable[[Row], str | None]:
    def read(row: Row) -> str | None:
        cell = row.get("referenced_tweets", "")[:_LONGEST_CELL]
        pairs = [(name, number) for number, name in _REFERENCE.findall(cell)]
        pairs += _REFERENCE_TYPE_FIRST.findall(cell)
        return next((number for name, number in pairs if name == kind), None)

    return read


def _metric(name: str) -> Callable[[Row], str | None]:
    def read(row: Row) -> str | None:
        metrics = _object(row.get("public_metrics", ""))
        known = metrics.get(name) if isinstance(metrics, dict) else None
        return str(known) if known is not None else row.get(f"public_metrics.{name}")

    return read


def _entity(name: str, *keys: str) -> Callable[[Row], list[str] | None]:
    """Read a list of the entities; without them, what the text says counts."""

    def read(row: Row) -> list[str] | None:
        entities = _object(row.get("entities", ""))
        some = entities.get(name, []) if isinstance(entities, dict) else None
        if not isinstance(some, list):
            return None
        objects = [one for one in some if isinstance(one, dict)]
        found = [next((one[key] for key in keys if one.get(key)), None) for one in objects]
        return [str(one) for one in found if one is not None]

    return read


X_DATAFRAME = TableFormat(
    "x_v2_table",
    mark("table of X API v2 posts (pandas, tweepy)"),
    "x",
    {
        "post_id": "id",
        "created_at": "created_at",
        "author_id": "author_id",
        "author": ("username", "author.username", "screen_name"),
        "author_name": ("name", "author.name"),
        "text": "text",
        "lang": "lang",
        "reply_to_author": "in_reply_to_user_id",
        "thread_id": "conversation_id",
        "client": "source",
    },
    [
        frozenset({"id", "text", "author_id", other})
        for other in ("public_metrics", "referenced_tweets", "conversation_id", "entities")
    ],
    {
        "reply_to": _referenced("replied_to"),
        "quote_of": _referenced("quoted"),
        "repost_of": _referenced("retweeted"),
        "likes": _metric("like_count"),
        "reposts": _metric("retweet_count"),
        "replies": _metric("reply_count"),
        "quotes": _metric("quote_count"),
        "impressions": _metric("impression_count"),
        "hashtags": _entity("hashtags", "tag"),
        "mentions": _entity("mentions", "id", "username"),
        "urls": _entity("urls", "expanded_url", "url"),
    },
)
EXPORT_TABLES = (WEB_EXPORTER, TWITTER_ARCHIVER, TWEET_SCRAPER, X_DATAFRAME)
