"""The table formats: one declared mapping each, from the posts table to the file's columns."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import msgspec

from chatlab._files import Member
from chatlab._records import NOT_JSON
from chatlab._table_rows import open_workbook, sheet_rows
from chatlab._x_v1 import Entities
from chatlab.errors import SettingsError
from chatlab.messages import _, mark
from chatlab.schema import LIST_NAMES, NAMES, PLATFORMS
from chatlab.text import REPOST_PREFIX, find_handles, find_hashtags, find_urls

Row = Mapping[str, str]


@dataclass(frozen=True)
class TableFormat:
    """A table format: the header that identifies it, and where each posts column stands."""

    name: str
    title: str
    platform: str
    # Several names are tried in turn: the first that a row fills counts.
    columns: Mapping[str, str | tuple[str, ...]]
    # Any of these sets of column names identifies the format.
    headers: Sequence[frozenset[str]] = ()
    # What a plain column name cannot say: posts columns worked out from the whole row.
    derived: Mapping[str, Callable[[Row], Any]] = field(default_factory=dict)
    # Posts that a row holds whole, as the outer names of flat JSON.
    nested: Sequence[str] = ()
    # Other ids by which the file speaks of posts and people, and the ids of the table.
    aliases: Callable[[Row], dict[str, str]] | None = None
    # Tells posts from the other rows, where a table has both.
    is_post: Callable[[Row], bool] = lambda _row: True
    # Profiles that stand elsewhere in the file.
    people: Callable[[Member], list[dict[str, Any]]] | None = None

    def matches(self, header: Sequence[str]) -> bool:
        """Tell whether a header is this format's."""
        present = set(header)
        return any(names <= present for names in self.headers)

    def value(self, name: str, row: Row) -> str:
        """Give a posts column's text in a row; empty where the row does not say."""
        source = self.columns.get(name, ())
        if isinstance(source, str):
            return row.get(source, "").strip()
        for one in source:
            if text := row.get(one, "").strip():
                return text
        return ""

    @property
    def names(self) -> list[str]:
        """The columns of the file that are used by name."""
        return [name for name in self.columns.values() if isinstance(name, str)]

    @property
    def has_date(self) -> bool:
        """Tell whether the format says when a post was written."""
        return "created_at" in self.columns or "created_at" in self.derived


def _in_entities(name: str) -> Callable[[Row], list[str]]:
    """Read what a TAGS sheet keeps as JSON; a damaged cell leaves what the text says."""
    in_text = {"hashtags": find_hashtags, "mentions": find_handles, "urls": find_urls}[name]

    def read(row: Row) -> list[str]:
        try:
            entities = msgspec.json.decode(row.get("entities_str") or "{}", type=Entities)
        except NOT_JSON:
            entities = Entities()
        return entities.columns()[name] or in_text(row["text"])

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


def _lines_unescaped(row: Row) -> str:
    # twarc-csv writes a line break as these two characters.
    return row["text"].replace("\\n", "\n")


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
    {"text": _lines_unescaped},
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

_TOLD_POST = re.compile(r"/status/(\d+)|[\"']id[\"']: ?(\d+)")
_TOLD_PERSON = re.compile(r"(?:x|twitter)\.com/(\w+)|[\"']username[\"']: ?[\"'](\w+)")


def _post_told(name: str) -> Callable[[Row], str | None]:
    """Read a post's id from its fields, or from what pandas made of the object in one cell."""

    def read(row: Row) -> str | None:
        found = _TOLD_POST.search(row.get(name, ""))
        return row.get(f"{name}.id") or (found[1] or found[2] if found else None)

    return read


def _person_told(name: str, inner: str = "") -> Callable[[Row], str | None]:
    """Read a person as `_post_told` reads a post; `inner` is where a post keeps its author."""

    def read(row: Row) -> str | None:
        found = _TOLD_PERSON.search(row.get(name, ""))
        known = row.get(f"{name}{inner}.id") or row.get(f"{name}{inner}.username")
        return known or (found[1] or found[2] if found else None)

    return read


SNSCRAPE = TableFormat(
    "snscrape",
    mark("snscrape"),
    "x",
    {
        "post_id": "id",
        "url": "url",
        "created_at": "date",
        "author_id": "user.id",
        "author": "user.username",
        "author_name": "user.displayname",
        "author_bio": ("user.rawDescription", "user.description"),
        "author_followers": "user.followersCount",
        "author_following": "user.friendsCount",
        "text": ("rawContent", "content", "renderedContent"),
        "lang": "lang",
        "hashtags": "hashtags",
        "mentions": ("mentionedUsers.id", "mentionedUsers.username"),
        "urls": ("links.url", "outlinks"),
        "reply_to": "inReplyToTweetId",
        "reply_to_author": ("inReplyToUser.id", "inReplyToUser.username"),
        "quote_of": "quotedTweet.id",
        "quote_of_author": "quotedTweet.user.id",
        "repost_of": "retweetedTweet.id",
        "repost_of_author": "retweetedTweet.user.id",
        "thread_id": "conversationId",
        "likes": "likeCount",
        "reposts": "retweetCount",
        "replies": "replyCount",
        "quotes": "quoteCount",
        "impressions": "viewCount",
        "client": "sourceLabel",
    },
    [
        frozenset({"url", "date", "id", "likeCount", "conversationId", text})
        for text in ("rawContent", "content", "renderedContent")
    ],
    {
        "quote_of": _post_told("quotedTweet"),
        "quote_of_author": _person_told("quotedTweet", ".user"),
        "repost_of": _post_told("retweetedTweet"),
        "repost_of_author": _person_told("retweetedTweet", ".user"),
        "reply_to_author": _person_told("inReplyToUser"),
    },
    nested=("quotedTweet", "retweetedTweet"),
)

# What the tutorials for snscrape make of it.
SNSCRAPE_TUTORIAL = TableFormat(
    "snscrape_tutorial",
    mark("snscrape, as in tutorials"),
    "x",
    {
        "post_id": ("Tweet Id", "Tweet ID", "id"),
        "created_at": ("Datetime", "Date", "date"),
        "author": ("Username", "User", "username"),
        "text": ("Text", "Tweet", "content"),
        "likes": ("Likes", "likeCount"),
        "reposts": ("Retweets", "retweetCount"),
    },
    [
        frozenset({"Datetime", "Tweet Id", "Text", "Username"}),
        frozenset({"Datetime", "Tweet ID", "Text", "Username"}),
        frozenset({"date", "id", "content", "username"}),
    ],
)

SCRAPER = TableFormat(
    "scraper",
    mark("paid scraper (Apify, twitterapi.io)"),
    "x",
    {
        "post_id": "id",
        "url": ("url", "twitterUrl"),
        "created_at": "createdAt",
        "author_id": "author.id",
        "author": "author.userName",
        "author_name": "author.name",
        "author_bio": ("author.description", "author.profile_bio.description"),
        "author_followers": "author.followers",
        "author_following": "author.following",
        "text": ("fullText", "text"),
        "lang": "lang",
        "hashtags": "entities.hashtags.text",
        "mentions": ("entities.user_mentions.id_str", "entities.user_mentions.screen_name"),
        "urls": "entities.urls.expanded_url",
        "reply_to": "inReplyToId",
        "reply_to_author": ("inReplyToUserId", "inReplyToUsername"),
        "quote_of": ("quoteId", "quote.id", "quoted_tweet.id"),
        "quote_of_author": ("quote.author.id", "quoted_tweet.author.id"),
        "repost_of": ("retweet.id", "retweeted_tweet.id"),
        "repost_of_author": ("retweet.author.id", "retweeted_tweet.author.id"),
        "thread_id": "conversationId",
        "likes": "likeCount",
        "reposts": "retweetCount",
        "replies": "replyCount",
        "quotes": "quoteCount",
        "impressions": "viewCount",
        "client": "source",
    },
    [frozenset({"id", "createdAt", "author.userName", text}) for text in ("text", "fullText")],
    nested=("quote", "quoted_tweet", "retweet", "retweeted_tweet"),
)

_FOURCAT_POST = {
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
        "lang": "languages",
        "hashtags": "tags",
        "mentions": "mentions",
        "urls": "links",
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


def _if_reposted(name: str, otherwise: str) -> Callable[[Row], str | None]:
    """Choose between two cells: a repost is the original's row with the reposter beside it."""
    return lambda row: row.get(name if row.get("repost_by_user_did") else otherwise) or None


def _repost_address(row: Row) -> str | None:
    if not row.get("repost_by_user_did"):
        return row.get("uri") or None
    key = row.get("uri", "").rsplit("/", 1)[-1]
    return f"at://{row['repost_by_user_did']}/app.bsky.feed.repost/of:{key}"


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
        "lang": "user_langs",
        "hashtags": "hashtags",
        "mentions": "mentioned_user_dids",
        "urls": "links",
        "copy_of": "bridgy_original_url",
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


def _nodexl_answered(row: Row) -> str | None:
    relation = row.get("Relationship", "").casefold()
    return row.get("Vertex 2") or None if relation.startswith("repl") else None


def _nodexl_reposted(row: Row) -> str | None:
    relation = row.get("Relationship", "").casefold()
    return row.get("Vertex 2") or None if relation.startswith("retweet") else None


def _nodexl_people(member: Member) -> list[dict[str, Any]]:
    """Read profiles from the sheet of vertices."""
    book = open_workbook(member)
    if "Vertices" not in book.sheetnames:
        return []
    rows = sheet_rows(member, book, "Vertices")
    next(rows, None)
    header = next(rows, (0, []))[1]
    people = []
    for _number, cells in rows:
        row = dict(zip(header, cells, strict=False))
        if row.get("Vertex"):
            followers, following = (row.get(name, "") for name in ("Followers", "Followed"))
            people.append(
                {
                    "author_id": f"x:@{row['Vertex'].casefold()}",
                    "author_name": row.get("Name") or None,
                    "author_bio": row.get("Description") or None,
                    "author_followers": int(followers) if followers.isdigit() else None,
                    "author_following": int(following) if following.isdigit() else None,
                }
            )
    return people


NODEXL = TableFormat(
    "nodexl",
    mark("NodeXL workbook"),
    "x",
    {
        "post_id": ("Imported ID", "Unified Twitter ID"),
        "url": "Twitter Page for Tweet",
        "created_at": ("Tweet Date (UTC)", "Relationship Date (UTC)"),
        "author": "Vertex 1",
        "text": "Tweet",
        "lang": "Language",
        "hashtags": "Hashtags in Tweet",
        "urls": "URLs in Tweet",
        "reply_to": "In-Reply-To Tweet ID",
        "quote_of": "Quoted Status ID",
        "repost_of": "Retweet ID",
        "likes": "Favorite Count",
        "reposts": "Retweet Count",
        "client": "Source",
    },
    [frozenset({"Vertex 1", "Vertex 2", "Relationship", "Tweet"})],
    {"reply_to_author": _nodexl_answered, "repost_of_author": _nodexl_reposted},
    # Who follows whom stands in the same sheet.
    is_post=lambda row: bool(row.get("Tweet") or row.get("Imported ID")),
    people=_nodexl_people,
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

TABLE_FORMATS = (
    TAGS,
    RTWEET,
    RTWEET_OLD,
    TWARC_CSV,
    TWARC_V1,
    TWITTER_R,
    SNSCRAPE,
    SNSCRAPE_TUTORIAL,
    SCRAPER,
    FOURCAT_X,
    FOURCAT_IMPORT,
    FOURCAT_BLUESKY,
    MINET_X,
    MINET_BLUESKY,
    DMI_TCAT,
    NODEXL,
    RUBY_T,
    KAGGLE_SUPPORT,
    # The least demanding headers come last.
    BLUESKY_TABLE,
    FOURCAT_UPLOAD,
)

_ANALYTICS = " of your own account (`chatlab.read_analytics` reads it)"
_OLD, _PREMIUM, _DAYS = (
    f"{title}{_ANALYTICS}"
    for title in (
        "an X Analytics export",
        "an X Premium content export",
        "an X Premium overview, one row per day,",
    )
)
# Headers (casefolded) of tables that are well understood and hold no posts.
NOT_POST_HEADERS: tuple[tuple[str, frozenset[str]], ...] = (
    (_OLD, frozenset({"tweet id", "impressions"})),
    (_OLD, frozenset({"identifiant du tweet", "impressions"})),
    (_PREMIUM, frozenset({"post id", "post text"})),
    (_PREMIUM, frozenset({"identifiant du post", "texte du post"})),
    (_DAYS, frozenset({"date", "impressions", "new follows"})),
    (_DAYS, frozenset({"date", "impressions", "nouveaux abonnements"})),
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
