"""The table formats: one declared mapping each, from the posts table to the file's columns."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import msgspec

from chatlab.errors import SettingsError
from chatlab.messages import mark
from chatlab.schema import NAMES, PLATFORMS
from chatlab.text import REPOST_PREFIX, find_handles, find_hashtags, find_urls

Row = Mapping[str, str]


@dataclass(frozen=True)
class TableFormat:
    """A table format: the header that identifies it, and where each posts column stands."""

    name: str
    title: str
    platform: str
    columns: Mapping[str, str]
    header: frozenset[str] = frozenset()
    # What a plain column name cannot say: posts columns worked out from the whole row.
    derived: Mapping[str, Callable[[Row], Any]] = field(default_factory=dict)

    def matches(self, header: Sequence[str]) -> bool:
        """Tell whether a header is this format's."""
        return bool(self.header) and self.header <= set(header)


def _entities(row: Row) -> dict[str, Any]:
    try:
        found = msgspec.json.decode(row.get("entities_str", "") or "{}")
    except msgspec.DecodeError:
        return {}
    return found if isinstance(found, dict) else {}


def _tags_hashtags(row: Row) -> list[str]:
    tags = [tag.get("text", "") for tag in _entities(row).get("hashtags", [])]
    return [tag.casefold() for tag in tags] or find_hashtags(row["text"])


def _tags_mentions(row: Row) -> list[str]:
    people = _entities(row).get("user_mentions", [])
    if not people:
        return [f"x:@{handle.casefold()}" for handle in find_handles(row["text"])]
    return [
        f"x:{person['id_str']}"
        if person.get("id_str")
        else f"x:@{person['screen_name'].casefold()}"
        for person in people
    ]


def _tags_urls(row: Row) -> list[str]:
    links = [url.get("expanded_url") or url.get("url") for url in _entities(row).get("urls", [])]
    return [link for link in links if link] or find_urls(row["text"])


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
    frozenset({"id_str", "from_user", "text", "created_at", "status_url"}),
    {"hashtags": _tags_hashtags, "mentions": _tags_mentions, "urls": _tags_urls},
)

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
        "reply_to": "reply_to_status_id",
        "reply_to_author": "reply_to_user_id",
        "quote_of": "quoted_status_id",
        "quote_of_author": "quoted_user_id",
    },
    frozenset({"status_id", "screen_name", "text", "reply_to_user_id", "is_retweet"}),
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
    frozenset({"status_id", "screen_name", "text", "in_reply_to_status_user_id"}),
    {"repost_of_author": _rtweet_repost_author},
)

TABLE_FORMATS = (TAGS, RTWEET, RTWEET_OLD)

# Headers of tables that are well understood and hold no posts.
NOT_POST_HEADERS: tuple[tuple[str, frozenset[str]], ...] = (
    ("an X Analytics export of your own account", frozenset({"Tweet id", "impressions"})),
    ("an X Premium content export of your own account", frozenset({"Post id", "Post text"})),
    ("an X Premium overview, one row per day", frozenset({"Date", "Impressions", "New follows"})),
    ("a list of ties between people", frozenset({"source", "target"})),
)


def mapped_format(columns: Mapping[str, str], platform: str | None) -> TableFormat:
    """Make a format of a mapping given by the caller: posts column to column in the file.

    Raises
    ------
    SettingsError
        When a column or the platform is unknown, or `text` is not given.
    """
    wrong = sorted(set(columns) - set(NAMES))
    if wrong:
        raise SettingsError(
            f"`columns` names {', '.join(wrong)}, which the posts table does not have. "
            f"It has: {', '.join(NAMES)}."
        )
    if "text" not in columns:
        raise SettingsError(
            "`columns` does not say which column holds the text; "
            'add it, for example columns={"text": "Message"}.'
        )
    if platform is not None and platform not in PLATFORMS:
        raise SettingsError(f"`platform` is {platform!r}; it is one of {', '.join(PLATFORMS)}.")
    return TableFormat(
        "mapping", mark("table with a column mapping"), platform or "other", dict(columns)
    )
