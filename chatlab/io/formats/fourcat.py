"""The tables of 4CAT, and of Zeeschuimer, which writes the same."""

from __future__ import annotations

import re
from collections.abc import Callable

from chatlab.io.tables.format import Row, TableFormat
from chatlab.translation import mark

_FOURCAT_POST: dict[str, str | tuple[str, ...]] = {
    "post_id": "id",
    "url": "link",
    "created_at": "timestamp",
    "author_id": "author_id",
    "author": "author",
    "author_name": "author_fullname",
    "text": "body",
    "lang": "language_guess",
    "hashtags": "hashtags",
    "mentions": "mentions",
    "urls": "urls",
    "media": ("images", "videos"),
    "repost_of_author": "retweeted_user",
    "thread_id": "thread_id",
    "likes": "like_count",
    "reposts": "retweet_count",
    "replies": "reply_count",
    "quotes": "quote_count",
    "impressions": "impression_count",
    "client": "source",
}
# Neither names the post that a reply answers, only the person.
FOURCAT_X = TableFormat(
    "4cat_x",
    mark("4CAT CSV of X (API)"),
    "x",
    {
        **_FOURCAT_POST,
        "author_followers": "author_followers",
        "reply_to_author": "replied_user",
        "quote_of_author": "quoted_user",
    },
    [frozenset({"id", "thread_id", "body", "replied_user", "author_fullname"})],
)
FOURCAT_IMPORT = TableFormat(
    "4cat_import",
    mark("Zeeschuimer or 4CAT CSV of X"),
    "x",
    {
        **_FOURCAT_POST,
        "reply_to_author": ("replied_author", "replied_user"),
        "quote_of": "quote_tweet_id",
        "quote_of_author": ("quote_author", "quoted_user"),
    },
    [
        frozenset({"id", "thread_id", "body", "replied_author", "author_fullname"}),
        frozenset({"id", "thread_id", "body", "is_quote_tweet", "author_fullname"}),
    ],
)
_BSKY_LINK = re.compile(r"https?://bsky\.app/profile/([^/]+)/post/(\w+)")


def _bluesky_post(name: str) -> Callable[[Row], str | None]:
    """Read a post's address from its web link; by handle, it stays a link (an alias)."""

    def read(row: Row) -> str | None:
        link = _BSKY_LINK.match(row.get(name, ""))
        if link is None:
            return row[name] if row.get(name, "").startswith("at://") else None
        if link[1].startswith("did:"):
            return f"at://{link[1]}/app.bsky.feed.post/{link[2]}"
        return link[0]

    return read


FOURCAT_BLUESKY = TableFormat(
    "4cat_bluesky",
    mark("4CAT CSV of Bluesky"),
    "bluesky",
    {
        "post_id": "id",
        "url": "link",
        "created_at": ("created_at", "timestamp"),
        "collected_at": "collected_at",
        "author_id": "author_id",
        "author": "author",
        "author_name": "author_display_name",
        "text": "body",
        "hashtags": "tags",
        "mentions": "mentions",
        "urls": "links",
        "media": "images",
        "reply_to_author": "replied_to_user",
        "quote_of_author": "quoted_user",
        "thread_id": "thread_id",
        "likes": "like_count",
        "reposts": "repost_count",
        "replies": "reply_count",
        "quotes": "quote_count",
    },
    [frozenset({"id", "thread_id", "body", "replied_to_post", "author_display_name"})],
    {
        "reply_to": _bluesky_post("replied_to_post"),
        "quote_of": _bluesky_post("quoted_post"),
        "lang": lambda row: row.get("languages", "").split(",")[0] or None,
    },
    aliases=lambda row: (
        {f"bluesky:{row['link']}": f"bluesky:{row['id']}"} if row.get("link") else {}
    ),
)
# What every other data source of 4CAT writes, and the least that it takes as an upload.
FOURCAT_UPLOAD = TableFormat(
    "4cat",
    mark("4CAT CSV"),
    "other",
    {
        "post_id": "id",
        "url": ("link", "url"),
        "created_at": ("timestamp", "unix_timestamp"),
        "author": "author",
        "text": "body",
        "hashtags": "hashtags",
        "thread_id": "thread_id",
        "likes": ("like_count", "likes"),
        "reposts": ("reposts", "repost_count"),
        "replies": ("replies", "reply_count"),
        "quotes": ("quotes", "quote_count"),
    },
    [frozenset({"id", "thread_id", "author", "body", "timestamp"})],
)
# The least demanding header comes last.
FOURCAT_TABLES = (FOURCAT_X, FOURCAT_IMPORT, FOURCAT_BLUESKY, FOURCAT_UPLOAD)
