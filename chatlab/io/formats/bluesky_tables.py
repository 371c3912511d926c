"""Tables of Bluesky posts: minet's, and those that people make themselves."""

from __future__ import annotations

import re
from collections.abc import Callable

from chatlab.io.formats.bluesky import repost_address
from chatlab.io.tables.format import Row, TableFormat
from chatlab.translation import _, mark


def _if_reposted(name: str, otherwise: str) -> Callable[[Row], str | None]:
    """Choose between two cells: a repost is the original's row with the reposter beside it."""
    return lambda row: row.get(name if row.get("repost_by_user_did") else otherwise) or None


def _repost_address(row: Row) -> str | None:
    if not row.get("repost_by_user_did"):
        return row.get("uri") or None
    return repost_address(row["repost_by_user_did"], row.get("uri", ""))


def _only_reposted(name: str) -> Callable[[Row], str | None]:
    return lambda row: row.get(name) or None if row.get("repost_by_user_did") else None


def _unless_reposted(name: str) -> Callable[[Row], str | None]:
    return lambda row: None if row.get("repost_by_user_did") else row.get(name) or None


MINET_BLUESKY = TableFormat(
    "minet_bluesky",
    mark("minet, Bluesky"),
    "bluesky",
    {
        "post_id": "uri",
        "url": "url",
        "created_at": "timestamp_utc",
        "collected_at": "collection_time",
        "author_id": "user_did",
        "author": "user_handle",
        "author_name": "user_display_name",
        # `text` has the links in full, and those of the pictures, put in by minet.
        "text": ("original_text", "text"),
        "hashtags": "hashtags",
        "mentions": "mentioned_user_dids",
        "urls": "links",
        "media": "media_urls",
        "media_alt": "media_alt_texts",
        "reply_to": "to_post_uri",
        "reply_to_author": "to_user_did",
        "quote_of": "quoted_uri",
        "quote_of_author": "quoted_user_did",
        "thread_id": "to_root_post_uri",
        "likes": "like_count",
        "reposts": "repost_count",
        "replies": "reply_count",
        "quotes": "quote_count",
    },
    [frozenset({"uri", "user_did", "text", "timestamp_utc"})],
    {
        "post_id": _repost_address,
        "author_id": _if_reposted("repost_by_user_did", "user_did"),
        "author": _if_reposted("repost_by_user_handle", "user_handle"),
        "created_at": _if_reposted("repost_timestamp_utc", "timestamp_utc"),
        "repost_of": _only_reposted("uri"),
        "repost_of_author": _only_reposted("user_did"),
        "author_name": _unless_reposted("user_display_name"),
        "url": _unless_reposted("url"),
        "lang": lambda row: re.split(r"\W+", row.get("user_langs", "").strip('["'))[0] or None,
        "copy_of": lambda row: (
            f"mastodon:{row['bridgy_original_url']}" if row.get("bridgy_original_url") else None
        ),
    },
)


def _at_address(row: Row) -> str:
    if not row["uri"].startswith("at://"):
        raise ValueError(_("{uri} is no address of a Bluesky post").format(uri=row["uri"]))
    return row["uri"]


# The tables that people make themselves of what the API gave them.
BLUESKY_TABLE = TableFormat(
    "bluesky_table",
    mark("table of Bluesky posts"),
    "bluesky",
    {
        "post_id": "uri",
        "created_at": "created_at",
        "author": ("author_handle", "handle", "author"),
        "text": "text",
        "lang": ("lang", "langs"),
        "reply_to": ("reply_parent_uri", "parent_uri", "reply_to"),
        "quote_of": ("quote_uri", "quoted_uri"),
        "likes": "like_count",
        "reposts": "repost_count",
        "replies": "reply_count",
        "quotes": "quote_count",
    },
    [frozenset({"uri", "created_at", "text"})],
    {"post_id": _at_address, "author_id": lambda row: row["uri"].split("/")[2]},
)
BLUESKY_TABLES = (MINET_BLUESKY, BLUESKY_TABLE)
