"""What scrapers of X write, as JSON or flattened to a table."""

from __future__ import annotations

import re
from collections.abc import Callable

from chatlab.io.tables.format import Row, TableFormat
from chatlab.translation import mark

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
        "media": ("media.fullUrl", "media.thumbnailUrl"),
        "media_alt": "media.altText",
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
        "media": ("extendedEntities.media.media_url_https", "media"),
        "media_alt": "extendedEntities.media.ext_alt_text",
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
SCRAPER_TABLES = (SNSCRAPE, SNSCRAPE_TUTORIAL, SCRAPER)
