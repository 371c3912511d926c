"""Tables of rtweet, old and new."""

from __future__ import annotations

from chatlab.io.tables.format import Row, TableFormat
from chatlab.text.patterns import REPOST_PREFIX
from chatlab.translation import mark

_RTWEET_PEOPLE = {
    "author_id": "user_id",
    "author": "screen_name",
    "author_name": "name",
    "author_bio": "description",
    "author_followers": "followers_count",
    "author_following": "friends_count",
}
_RTWEET_POST = {
    "post_id": "status_id",
    "created_at": "created_at",
    "text": "text",
    "lang": "lang",
    "hashtags": "hashtags",
    "mentions": "mentions_user_id",
    "repost_of": "retweet_status_id",
    "repost_of_author": "retweet_user_id",
    "likes": "favorite_count",
    "reposts": "retweet_count",
    "replies": "reply_count",
    "quotes": "quote_count",
    "client": "source",
}


def _rtweet_text(row: Row) -> str:
    # `text` of a retweet is cut at 140 characters; the original stands beside it, whole.
    return row.get("retweet_text") or row["text"]


def _rtweet_repost_author(row: Row) -> str | None:
    if row.get("retweet_user_id"):
        return f"x:{row['retweet_user_id']}"
    prefix = REPOST_PREFIX.match(row["text"])
    return f"x:@{prefix[1].casefold()}" if prefix and row.get("is_retweet") == "TRUE" else None


RTWEET = TableFormat(
    "rtweet",
    mark("rtweet CSV"),
    "x",
    {
        **_RTWEET_PEOPLE,
        **_RTWEET_POST,
        "url": "status_url",
        "urls": "urls_expanded_url",
        "media": ("ext_media_url", "media_url"),
        "reply_to": "reply_to_status_id",
        "reply_to_author": "reply_to_user_id",
        "quote_of": "quoted_status_id",
        "quote_of_author": "quoted_user_id",
    },
    [frozenset({"status_id", "screen_name", "text", "reply_to_user_id", "is_retweet"})],
    {"text": _rtweet_text, "repost_of_author": _rtweet_repost_author},
)
RTWEET_OLD = TableFormat(
    "rtweet_old",
    mark("rtweet CSV (before 0.5)"),
    "x",
    {
        **_RTWEET_PEOPLE,
        **_RTWEET_POST,
        "urls": "urls_expanded",
        "reply_to": "in_reply_to_status_status_id",
        "reply_to_author": "in_reply_to_status_user_id",
        "quote_of": "quote_status_id",
    },
    [frozenset({"status_id", "screen_name", "text", "in_reply_to_status_user_id"})],
    {"repost_of_author": _rtweet_repost_author},
)
