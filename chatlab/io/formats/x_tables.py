"""The tables that tools make of what the API of X gave them."""

from __future__ import annotations

from collections.abc import Callable

import msgspec

from chatlab.io.formats.nodexl import NODEXL
from chatlab.io.formats.rtweet import RTWEET, RTWEET_OLD
from chatlab.io.formats.x_common import MEDIA_ADDRESSES
from chatlab.io.formats.x_v1 import Entities
from chatlab.io.json_records import NOT_JSON
from chatlab.io.media import media_of
from chatlab.io.tables.format import Row, TableFormat
from chatlab.posts.schema import LIST_NAMES
from chatlab.text.patterns import find_handles, find_hashtags, find_urls
from chatlab.translation import mark


def _in_entities(name: str) -> Callable[[Row], list[str]]:
    """Read what a TAGS sheet keeps as JSON; a damaged cell leaves what the text says."""
    in_text = {"hashtags": find_hashtags, "mentions": find_handles, "urls": find_urls}.get(name)

    def read(row: Row) -> list[str]:
        try:
            entities = msgspec.json.decode(row.get("entities_str") or "{}", type=Entities)
        except NOT_JSON:
            entities = Entities()
        return entities.columns()[name] or (in_text(row["text"]) if in_text else [])

    return read


TAGS = TableFormat(
    "tags",
    mark("TAGS sheet"),
    "x",
    {
        "post_id": "id_str",
        "url": "status_url",
        "created_at": "created_at",
        "author_id": "from_user_id_str",
        "author": "from_user",
        "author_followers": "user_followers_count",
        "author_following": "user_friends_count",
        "text": "text",
        "reply_to": "in_reply_to_status_id_str",
        "reply_to_author": "in_reply_to_user_id_str",
        "client": "source",
    },
    [frozenset({"id_str", "from_user", "text", "created_at", "status_url"})],
    {name: _in_entities(name) for name in LIST_NAMES},
)


def _lines_unescaped(row: Row) -> str:
    # twarc-csv writes a line break as these two characters.
    return row["text"].replace("\\n", "\n")


def _described(row: Row) -> list[str]:
    try:
        media = msgspec.json.decode(row.get("attachments.media") or "[]")
    except NOT_JSON:
        return []
    return [alt for _address, alt in media_of(media, MEDIA_ADDRESSES, "alt_text")]


TWARC_CSV = TableFormat(
    "twarc_csv",
    mark("twarc-csv"),
    "x",
    {
        "post_id": "id",
        "created_at": "created_at",
        "collected_at": "__twarc.retrieved_at",
        "author_id": ("author.id", "author_id"),
        "author": "author.username",
        "author_name": "author.name",
        "author_bio": "author.description",
        "author_followers": "author.public_metrics.followers_count",
        "author_following": "author.public_metrics.following_count",
        "text": "text",
        "lang": "lang",
        "hashtags": "entities.hashtags",
        "mentions": "entities.mentions",
        "urls": "entities.urls",
        "media": "attachments.media",
        "reply_to": "referenced_tweets.replied_to.id",
        "reply_to_author": ("in_reply_to_user_id", "in_reply_to_username"),
        "quote_of": "referenced_tweets.quoted.id",
        "quote_of_author": ("quoted_user_id", "quoted_username"),
        "repost_of": "referenced_tweets.retweeted.id",
        "repost_of_author": ("retweeted_user_id", "retweeted_username"),
        "thread_id": "conversation_id",
        "likes": "public_metrics.like_count",
        "reposts": "public_metrics.retweet_count",
        "replies": "public_metrics.reply_count",
        "quotes": "public_metrics.quote_count",
        "impressions": "public_metrics.impression_count",
        "client": "source",
    },
    [frozenset({"id", "text", "author.username", "referenced_tweets.replied_to.id"})],
    {"text": _lines_unescaped, "media_alt": _described},
)


def _if_type(is_repost: bool, name: str) -> Callable[[Row], str | None]:
    """Give a cell to one of the two relations that the column serves; a reply may quote too."""

    def read(row: Row) -> str | None:
        return row.get(name) or None if (row.get("tweet_type") == "retweet") == is_repost else None

    return read


TWARC_V1 = TableFormat(
    "twarc_v1",
    mark("twarc CSV (first version), Social Feed Manager"),
    "x",
    {
        "post_id": "id",
        "url": "tweet_url",
        "created_at": ("parsed_created_at", "created_at"),
        "author_id": "user_id",
        "author": ("user_screen_name", "screen_name"),
        "author_name": "user_name",
        "author_bio": "user_description",
        "author_followers": ("user_followers_count", "followers_count"),
        "author_following": ("user_friends_count", "friends_count"),
        "text": "text",
        "lang": "lang",
        "hashtags": "hashtags",
        "urls": "urls",
        "media": "media",
        "reply_to": "in_reply_to_status_id",
        "reply_to_author": ("in_reply_to_user_id", "in_reply_to_screen_name"),
        "likes": "favorite_count",
        "reposts": "retweet_count",
        "client": "source",
    },
    [frozenset({"id", "tweet_url", "text", "in_reply_to_screen_name"})],
    {
        "repost_of": _if_type(True, "retweet_or_quote_id"),
        "repost_of_author": _if_type(True, "retweet_or_quote_user_id"),
        "quote_of": _if_type(False, "retweet_or_quote_id"),
        "quote_of_author": _if_type(False, "retweet_or_quote_user_id"),
    },
)
TWITTER_R = TableFormat(
    "twitteR",
    mark("R package twitteR"),
    "x",
    {
        "post_id": "id",
        "created_at": ("created", "created_at"),
        "author": ("screenName", "screen_name"),
        "text": "text",
        "reply_to": "replyToSID",
        "reply_to_author": ("replyToUID", "replyToSN"),
        "likes": "favoriteCount",
        "reposts": "retweetCount",
        "client": "statusSource",
    },
    [frozenset({"text", "replyToSN", "replyToSID", "id"})],
    # Authors have no number here, the people answered have both.
    aliases=lambda row: (
        {f"x:@{row['replyToSN'].casefold()}": f"x:{row['replyToUID']}"}
        if row.get("replyToSN") and row.get("replyToUID", "").isdigit()
        else {}
    ),
)
MINET_X = TableFormat(
    "minet_x",
    mark("minet or gazouilloire, X"),
    "x",
    {
        "post_id": "id",
        "url": "url",
        "created_at": "timestamp_utc",
        "collected_at": "collection_time",
        "author_id": "user_id",
        "author": "user_screen_name",
        "author_name": "user_name",
        "author_bio": "user_description",
        "author_followers": "user_followers",
        "author_following": "user_friends",
        "text": "text",
        "lang": "lang",
        "hashtags": "hashtags",
        "mentions": ("mentioned_ids", "mentioned_names"),
        "urls": "links",
        "media": "media_urls",
        "media_alt": "media_alt_texts",
        "reply_to": "to_tweetid",
        "reply_to_author": ("to_userid", "to_username"),
        "quote_of": "quoted_id",
        "quote_of_author": ("quoted_user_id", "quoted_user"),
        "repost_of": "retweeted_id",
        "repost_of_author": ("retweeted_user_id", "retweeted_user"),
        "likes": "like_count",
        "reposts": "retweet_count",
        "replies": "reply_count",
        "quotes": "quote_count",
        "impressions": "impression_count",
        "client": "source_name",
    },
    [frozenset({"id", "timestamp_utc", "text", "user_screen_name", "user_id"})],
)
DMI_TCAT = TableFormat(
    "dmi_tcat",
    mark("DMI-TCAT"),
    "x",
    {
        "post_id": "id",
        "created_at": ("time", "created_at"),
        "author_id": "from_user_id",
        "author": "from_user_name",
        "author_name": "from_user_realname",
        "author_bio": "from_user_description",
        "author_followers": "from_user_followercount",
        "author_following": "from_user_friendcount",
        "text": "text",
        "lang": "lang",
        "hashtags": "hashtags",
        "mentions": "mentions",
        "urls": ("urls_expanded", "urls"),
        "reply_to": "in_reply_to_status_id",
        "reply_to_author": "to_user_name",
        "quote_of": "quoted_status_id",
        "likes": "favorite_count",
        "reposts": "retweet_count",
        "client": "source",
    },
    [frozenset({"id", "created_at", "from_user_name", "text", "to_user_name"})],
)
RUBY_T = TableFormat(
    "ruby_t",
    mark("CSV of the Ruby tool t"),
    "x",
    {
        "post_id": "ID",
        "created_at": "Posted at",
        "author": "Screen name",
        "text": "Text",
    },
    [frozenset({"ID", "Posted at", "Screen name", "Text"})],
)
KAGGLE_SUPPORT = TableFormat(
    "kaggle_support",
    mark("Customer Support on Twitter (Kaggle)"),
    "x",
    {
        "post_id": "tweet_id",
        "created_at": "created_at",
        "author_id": "author_id",
        "text": "text",
        "reply_to": "in_response_to_tweet_id",
    },
    [frozenset({"tweet_id", "author_id", "inbound", "text", "in_response_to_tweet_id"})],
)
X_TABLES = (
    TAGS,
    RTWEET,
    RTWEET_OLD,
    TWARC_CSV,
    TWARC_V1,
    TWITTER_R,
    MINET_X,
    DMI_TCAT,
    NODEXL,
    RUBY_T,
    KAGGLE_SUPPORT,
)
