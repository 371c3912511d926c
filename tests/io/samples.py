"""One small talk in every format: Ada posts, Bob answers her. All of it is invented.

python tests/samples.py FOLDER    writes the files, for `benchmarks/fuzz.py`
"""

from __future__ import annotations

import csv
import io
import json
import sys
from pathlib import Path
from typing import Any

import openpyxl

FIRST, ANSWER = "1262000000000000001", "1262000000000000002"
TEXT = "Paid late again @Bob #CrowdWork https://a.example/x"
REPLY = "@Ada Same here, on day 45"
AT, LATER = "2026-03-05T08:00:00+00:00", "2026-03-05T08:03:00+00:00"
SECONDS, SECONDS_LATER = 1772697600, 1772697780
X_AT, X_LATER = "Thu Mar 05 08:00:00 +0000 2026", "Thu Mar 05 08:03:00 +0000 2026"
PLAIN_AT, PLAIN_LATER = "2026-03-05 08:00:00", "2026-03-05 08:03:00"

DID_ADA, DID_BOB = "did:plc:ada", "did:plc:bob"
URI = f"at://{DID_ADA}/app.bsky.feed.post/3aaa"
URI_ANSWER = f"at://{DID_BOB}/app.bsky.feed.post/3bbb"


def as_csv(*rows: dict[str, Any], delimiter: str = ",") -> bytes:
    target = io.StringIO()
    names = dict.fromkeys(name for row in rows for name in row)
    writer = csv.DictWriter(target, list(names), delimiter=delimiter)
    writer.writeheader()
    writer.writerows(rows)
    return target.getvalue().encode()


def as_lines(*records: Any) -> bytes:
    return b"".join(json.dumps(record).encode() + b"\n" for record in records)


# Zeeschuimer ----------------------------------------------------------------------------------


def legacy(number: str, text: str, at: str, author: str, **more: Any) -> dict[str, Any]:
    return {
        "created_at": at,
        "full_text": text,
        "id_str": number,
        "conversation_id_str": FIRST,
        "user_id_str": author,
        "lang": "en",
        "favorite_count": 3,
        "retweet_count": 1,
        "reply_count": 1,
        "quote_count": 0,
        "entities": {"hashtags": [], "user_mentions": [], "urls": []},
        **more,
    }


FIRST_LEGACY = legacy(
    FIRST,
    TEXT,
    X_AT,
    "7",
    entities={
        "hashtags": [{"text": "CrowdWork"}],
        "user_mentions": [{"screen_name": "Bob", "id_str": "8"}],
        "urls": [{"url": "https://t.co/a", "expanded_url": "https://a.example/x"}],
    },
)
ANSWER_LEGACY = legacy(
    ANSWER,
    REPLY,
    X_LATER,
    "8",
    in_reply_to_status_id_str=FIRST,
    in_reply_to_user_id_str="7",
    in_reply_to_screen_name="Ada",
    entities={"user_mentions": [{"screen_name": "Ada", "id_str": "7"}]},
)


def captured(data: dict[str, Any]) -> dict[str, Any]:
    return {
        "nav_index": "1:0:0",
        "item_id": data.get("rest_id", ""),
        "timestamp_collected": 1772784000000,
        "source_platform": "twitter.com",
        "source_platform_url": "https://x.com/search",
        "data": data,
    }


def modern(post: dict[str, Any], person: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {
        "rest_id": post["id_str"],
        "core": {"user_results": {"result": person}},
        "legacy": post,
        "views": {"count": "120", "state": "EnabledWithCount"},
        "source": '<a href="https://x.example">X Web</a>',
        **more,
    }


ADA = {"rest_id": "7", "legacy": {"screen_name": "Ada", "name": "Ada L.", "followers_count": 10}}
BOB = {"rest_id": "8", "legacy": {"screen_name": "Bob", "name": "Bob", "followers_count": 20}}
# Since 2025 names stand under `core`, the rest still under `legacy`.
ADA_2025 = {
    "rest_id": "7",
    "core": {"screen_name": "Ada", "name": "Ada L."},
    "legacy": {"followers_count": 10},
}


def adaptive(post: dict[str, Any], user: dict[str, Any]) -> dict[str, Any]:
    return {"type": "adaptive", "id": post["id_str"], "legacy": post, "user": user}


ZEESCHUIMER = as_lines(
    captured(modern(FIRST_LEGACY, ADA)),
    captured({"tweet": modern(ANSWER_LEGACY, BOB)}),
    captured(modern(legacy("9", "Buy!", X_AT, "99"), ADA, promoted=True)),
    captured({"__typename": "TweetTombstone", "tombstone": {}}),
)
ZEESCHUIMER_2025 = as_lines(
    captured(modern(FIRST_LEGACY, ADA_2025)), captured(modern(ANSWER_LEGACY, BOB))
)
ZEESCHUIMER_OLD = as_lines(
    captured(adaptive(FIRST_LEGACY, {"id_str": "7", "screen_name": "Ada", "name": "Ada L."})),
    captured(adaptive(ANSWER_LEGACY, {"id_str": "8", "screen_name": "Bob", "name": "Bob"})),
)
ZEESCHUIMER_IN_4CAT = as_lines(
    modern(FIRST_LEGACY, ADA, __import_meta={"timestamp_collected": 1772784000000}),
    modern(ANSWER_LEGACY, BOB, __import_meta={"timestamp_collected": 1772784000000}),
)


def fourcat(answer: bool, **more: Any) -> dict[str, Any]:
    return {
        "id": ANSWER if answer else FIRST,
        "thread_id": FIRST,
        "timestamp": PLAIN_LATER if answer else PLAIN_AT,
        "unix_timestamp": SECONDS,
        "link": f"https://x.com/{'Bob' if answer else 'Ada'}/status/{ANSWER if answer else FIRST}",
        "subject": "",
        "body": REPLY if answer else TEXT,
        "author": "Bob" if answer else "Ada",
        "author_fullname": "Bob" if answer else "Ada L.",
        "author_id": "8" if answer else "7",
        "source": "X Web",
        "language_guess": "en",
        "retweet_count": 1,
        "like_count": 3,
        "quote_count": 0,
        "reply_count": 1,
        "impression_count": 120,
        "is_retweet": "no",
        "retweeted_user": "",
        "is_quote_tweet": "no",
        "is_reply": "yes" if answer else "no",
        "hashtags": "" if answer else "CrowdWork",
        "urls": "" if answer else "https://a.example/x",
        "mentions": "Ada" if answer else "Bob",
        **more,
    }


FOURCAT_X = as_csv(
    *(
        fourcat(answer, author_followers=20 if answer else 10, replied_user="Ada" * answer)
        for answer in (False, True)
    )
)
IMPORTED = [
    fourcat(answer, collected_from_url="", quote_author="", replied_author="Ada" * answer)
    for answer in (False, True)
]

# The archive of an account ---------------------------------------------------------------------

ARCHIVED = [
    {
        "tweet": {
            "id_str": FIRST,
            "id": FIRST,
            "created_at": X_AT,
            "full_text": TEXT,
            "favorite_count": "3",
            "retweet_count": "1",
            "lang": "en",
            "source": '<a href="https://x.example">X Web</a>',
            "entities": {
                "hashtags": [{"text": "CrowdWork", "indices": ["20", "30"]}],
                "user_mentions": [{"screen_name": "Bob", "id_str": "8", "id": "8"}],
                "urls": [{"url": "https://t.co/a", "expanded_url": "https://a.example/x"}],
            },
        }
    },
    {
        "tweet": {
            "id_str": "1262000000000000003",
            "created_at": "Thu Mar 05 09:00:00 +0000 2026",
            "full_text": "A long story about late payment and what the client said to me…",
            "favorite_count": "0",
            "retweet_count": "0",
            "entities": {
                "hashtags": [],
                "user_mentions": [],
                "urls": [{"expanded_url": "https://twitter.com/Bob/status/1262000000000000002"}],
            },
        }
    },
    {
        "tweet": {
            "id_str": "1262000000000000004",
            "created_at": "Thu Mar 05 10:00:00 +0000 2026",
            "full_text": "RT @Bob: Same here, on day 45",
            "favorite_count": "0",
            "retweet_count": "0",
            "entities": {"hashtags": [], "user_mentions": [], "urls": []},
        }
    },
]
LONG = (
    "A long story about late payment and what the client said to me, told to the very end, with "
    "all that was said and not said."
)


def script(name: str, content: Any) -> bytes:
    return f"window.YTD.{name}.part0 = {json.dumps(content, indent=1)};\n".encode()


ARCHIVE = {
    "tweets.js": script("tweets", ARCHIVED),
    "account.js": script(
        "account",
        [{"account": {"username": "Ada", "accountId": "7", "accountDisplayName": "Ada L."}}],
    ),
    "profile.js": script("profile", [{"profile": {"description": {"bio": "engines"}}}]),
    "note-tweet.js": script(
        "note_tweet",
        [{"noteTweet": {"createdAt": "2026-03-05T09:00:00.000Z", "core": {"text": LONG}}}],
    ),
    "like.js": script("like", [{"like": {"tweetId": "5", "fullText": "liked"}}]),
    "direct-messages.js": script("direct_messages", [{"dmConversation": {"secret": "love"}}]),
}
GRAILBIRD = (
    b"Grailbird.data.tweets_2026_03 = \n "
    + json.dumps(
        [
            {
                "source": '<a href="https://x.example">X Web</a>',
                "entities": FIRST_LEGACY["entities"],
                "id_str": FIRST,
                "id": int(FIRST),
                "text": TEXT,
                "created_at": "2026-03-05 08:00:00 +0000",
                "user": {"name": "Ada L.", "screen_name": "Ada", "id_str": "7", "id": 7},
            }
        ]
    ).encode()
)

# Scrapers --------------------------------------------------------------------------------------

SCRAPED = [
    {
        "type": "tweet",
        "id": FIRST,
        "url": f"https://x.com/Ada/status/{FIRST}",
        "text": TEXT,
        "retweetCount": 1,
        "replyCount": 1,
        "likeCount": 3,
        "quoteCount": 0,
        "viewCount": 120,
        "createdAt": X_AT,
        "lang": "en",
        "source": "X Web",
        "isReply": False,
        "inReplyToId": "",
        "conversationId": FIRST,
        "author": {
            "userName": "Ada",
            "id": "7",
            "name": "Ada L.",
            "followers": 10,
            "following": 2,
            "description": "engines",
        },
        "entities": {
            "hashtags": [{"text": "CrowdWork"}],
            "user_mentions": [{"screen_name": "Bob", "id_str": "8"}],
            "urls": [{"expanded_url": "https://a.example/x"}],
        },
        "quoted_tweet": None,
    },
    {
        "type": "tweet",
        "id": ANSWER,
        "url": f"https://x.com/Bob/status/{ANSWER}",
        "text": REPLY,
        "createdAt": X_LATER,
        "lang": "en",
        "isReply": True,
        "inReplyToId": FIRST,
        "inReplyToUserId": "7",
        "inReplyToUsername": "Ada",
        "conversationId": FIRST,
        "author": {"userName": "Bob", "id": "8", "name": "Bob", "followers": 20, "following": 3},
        "entities": {"user_mentions": [{"screen_name": "Ada", "id_str": "7"}]},
        "quoted_tweet": {
            "id": "1261000000000000009",
            "text": "the contract says 30 days",
            "createdAt": X_AT,
            "author": {"userName": "cleo", "id": "9", "name": "Cleo"},
        },
    },
]


def flattened(record: Any, name: str = "") -> dict[str, Any]:
    """Flatten as Apify's CSV does: `entities/hashtags/0/text`."""
    pairs = record.items() if isinstance(record, dict) else enumerate(record)
    row: dict[str, Any] = {}
    for key, value in pairs:
        inner = f"{name}/{key}" if name else str(key)
        row |= flattened(value, inner) if isinstance(value, dict | list) else {inner: value}
    return row


SNSCRAPED = [
    {
        "_type": "snscrape.modules.twitter.Tweet",
        "url": f"https://twitter.com/Ada/status/{FIRST}",
        "date": AT,
        "rawContent": TEXT,
        "id": int(FIRST),
        "user": {"username": "Ada", "id": 7, "displayname": "Ada L.", "followersCount": 10},
        "replyCount": 1,
        "retweetCount": 1,
        "likeCount": 3,
        "quoteCount": 0,
        "conversationId": int(FIRST),
        "lang": "en",
        "sourceLabel": "X Web",
        "links": [{"url": "https://a.example/x", "text": "a.example"}],
        "mentionedUsers": [{"username": "Bob", "id": 8}],
        "hashtags": ["CrowdWork"],
        "inReplyToTweetId": None,
        "inReplyToUser": None,
    },
    {
        "url": f"https://twitter.com/Bob/status/{ANSWER}",
        "date": LATER,
        "rawContent": REPLY,
        "id": int(ANSWER),
        "user": {"username": "Bob", "id": 8, "displayname": "Bob", "followersCount": 20},
        "likeCount": 0,
        "conversationId": int(FIRST),
        "lang": "en",
        "mentionedUsers": [{"username": "Ada", "id": 7}],
        "hashtags": None,
        "inReplyToTweetId": int(FIRST),
        "inReplyToUser": {"username": "Ada", "id": 7},
    },
]

# Tables ----------------------------------------------------------------------------------------

TWARC_CSV = as_csv(
    {
        "id": FIRST,
        "conversation_id": FIRST,
        "referenced_tweets.replied_to.id": "",
        "referenced_tweets.retweeted.id": "",
        "referenced_tweets.quoted.id": "",
        "author_id": "7",
        "in_reply_to_user_id": "",
        "created_at": "2026-03-05T08:00:00.000Z",
        "text": TEXT,
        "lang": "en",
        "source": "X Web",
        "public_metrics.like_count": "3",
        "public_metrics.retweet_count": "1",
        "entities.hashtags": '["CrowdWork"]',
        "entities.mentions": '["Bob"]',
        "entities.urls": '["https://a.example/x"]',
        "author.username": "Ada",
        "author.name": "Ada L.",
        "author.description": r"engines\nand cards",
        "author.public_metrics.followers_count": "10",
    },
    {
        "id": ANSWER,
        "conversation_id": FIRST,
        "referenced_tweets.replied_to.id": FIRST,
        "author_id": "8",
        "in_reply_to_user_id": "7",
        "created_at": "2026-03-05T08:03:00.000Z",
        "text": REPLY,
        "lang": "en",
        "entities.mentions": '["Ada"]',
        "author.username": "Bob",
        "author.name": "Bob",
        "author.public_metrics.followers_count": "20",
    },
)
TWARC_V1_ROWS: list[dict[str, Any]] = [
    {
        "id": FIRST,
        "tweet_url": f"https://twitter.com/Ada/status/{FIRST}",
        "created_at": X_AT,
        "parsed_created_at": AT,
        "user_screen_name": "Ada",
        "text": TEXT,
        "tweet_type": "original",
        "hashtags": "CrowdWork",
        "urls": "https://a.example/x",
        "favorite_count": "3",
        "in_reply_to_screen_name": "",
        "in_reply_to_status_id": "",
        "in_reply_to_user_id": "",
        "lang": "en",
        "retweet_count": "1",
        "retweet_or_quote_id": "",
        "retweet_or_quote_user_id": "",
        "source": '<a href="https://x.example">X Web</a>',
        "user_id": "7",
        "user_name": "Ada L.",
        "user_followers_count": "10",
    },
    {
        "id": ANSWER,
        "tweet_url": f"https://twitter.com/Bob/status/{ANSWER}",
        "created_at": X_LATER,
        "parsed_created_at": LATER,
        "user_screen_name": "Bob",
        "text": REPLY,
        "tweet_type": "reply",
        "in_reply_to_screen_name": "Ada",
        "in_reply_to_status_id": FIRST,
        "in_reply_to_user_id": "7",
        "lang": "en",
        "user_id": "8",
        "user_name": "Bob",
        "user_followers_count": "20",
    },
]
TWITTER_R = as_csv(
    {
        "text": TEXT,
        "favorited": "FALSE",
        "favoriteCount": "3",
        "replyToSN": "NA",
        "created": PLAIN_AT,
        "truncated": "FALSE",
        "replyToSID": "NA",
        "id": FIRST,
        "replyToUID": "NA",
        "statusSource": '<a href="https://x.example">X Web</a>',
        "screenName": "Ada",
        "retweetCount": "1",
    },
    {
        "text": REPLY,
        "replyToSN": "Ada",
        "created": PLAIN_LATER,
        "replyToSID": FIRST,
        "id": ANSWER,
        "replyToUID": "7",
        "screenName": "Bob",
    },
)


def minet_x(answer: bool) -> dict[str, Any]:
    return {
        "id": ANSWER if answer else FIRST,
        "timestamp_utc": SECONDS_LATER if answer else SECONDS,
        "local_time": "2026-03-05T09:00:00",
        "user_screen_name": "Bob" if answer else "Ada",
        "text": REPLY if answer else TEXT,
        "retweet_count": 1,
        "like_count": 3,
        "reply_count": 1,
        "lang": "en",
        "to_username": "Ada" if answer else "",
        "to_userid": "7" if answer else "",
        "to_tweetid": FIRST if answer else "",
        "source_name": "X Web",
        "user_id": "8" if answer else "7",
        "user_name": "Bob" if answer else "Ada L.",
        "user_followers": 20 if answer else 10,
        "collection_time": "2026-03-06T08:00:00",
        "url": f"https://twitter.com/a/status/{ANSWER if answer else FIRST}",
        "links": "" if answer else "https://a.example/x",
        "mentioned_names": "Ada" if answer else "Bob",
        "mentioned_ids": "7" if answer else "8",
        "hashtags": "" if answer else "crowdwork",
    }


def dmi_tcat(answer: bool) -> dict[str, Any]:
    return {
        "id": ANSWER if answer else FIRST,
        "time": SECONDS_LATER if answer else SECONDS,
        "created_at": PLAIN_LATER if answer else PLAIN_AT,
        "from_user_name": "Bob" if answer else "Ada",
        "text": REPLY if answer else TEXT,
        "retweet_count": 1,
        "favorite_count": 3,
        "lang": "en",
        "to_user_name": "Ada" if answer else "",
        "in_reply_to_status_id": FIRST if answer else "",
        "quoted_status_id": "",
        "source": '<a href="https://x.example">X Web</a>',
        "from_user_id": "8" if answer else "7",
        "from_user_realname": "Bob" if answer else "Ada L.",
        "from_user_followercount": 20 if answer else 10,
    }


def nodexl() -> bytes:
    book = openpyxl.Workbook()
    edges = book.active
    edges.title = "Edges"
    edges.append(["", "", "Visual Properties", "", "", ""])
    header = ["Vertex 1", "Vertex 2", "Color", "Relationship", "Tweet", "Hashtags in Tweet"]
    edges.append(
        [
            *header,
            "Tweet Date (UTC)",
            "Twitter Page for Tweet",
            "Imported ID",
            "In-Reply-To Tweet ID",
            "Language",
            "Favorite Count",
        ]
    )
    link = "https://twitter.com/{}/status/{}"
    first = [TEXT, "crowdwork", PLAIN_AT, link.format("ada", FIRST), FIRST, None, "en", 3]
    answer = [REPLY, None, PLAIN_LATER, link.format("bob", ANSWER), ANSWER, FIRST, "en", 0]
    edges.append(["ada", "ada", None, "Tweet", *first])
    edges.append(["ada", "bob", None, "Mentions", *first])
    edges.append(["bob", "ada", None, "Replies to", *answer])
    edges.append(["bob", "cleo", None, "Follows", *[None] * 8])
    people = book.create_sheet("Vertices")
    people.append(["", "", "Metrics"])
    people.append(["Vertex", "Name", "Followed", "Followers", "Description"])
    people.append(["ada", "Ada L.", 2, 10, "engines"])
    people.append(["bob", "Bob", 3, 20, None])
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


RUBY_T = as_csv(
    {"ID": FIRST, "Posted at": "2026-03-05 08:00:00 +0000", "Screen name": "Ada", "Text": TEXT},
    {"ID": ANSWER, "Posted at": "2026-03-05 08:03:00 +0000", "Screen name": "Bob", "Text": REPLY},
)
FOURCAT_UPLOAD = as_csv(
    {"id": "1", "thread_id": "1", "author": "Ada", "body": TEXT, "timestamp": PLAIN_AT},
    {"id": "2", "thread_id": "1", "author": "Bob", "body": REPLY, "timestamp": PLAIN_LATER},
)

# Bluesky ---------------------------------------------------------------------------------------

RECORD = {
    "$type": "app.bsky.feed.post",
    "text": TEXT,
    "createdAt": "2026-03-05T08:00:00Z",
    "langs": ["en"],
    "facets": [
        {"features": [{"$type": "app.bsky.richtext.facet#tag", "tag": "CrowdWork"}]},
        {"features": [{"$type": "app.bsky.richtext.facet#mention", "did": DID_BOB}]},
        {"features": [{"$type": "app.bsky.richtext.facet#link", "uri": "https://a.example/x"}]},
    ],
}
ANSWER_RECORD = {
    "$type": "app.bsky.feed.post",
    "text": REPLY,
    "createdAt": "2026-03-05T08:03:00Z",
    "langs": ["en"],
    "reply": {"root": {"uri": URI, "cid": "c"}, "parent": {"uri": URI, "cid": "c"}},
}


def snake(value: Any) -> Any:
    """Spell keys as the Python client does."""
    if isinstance(value, list):
        return [snake(one) for one in value]
    if not isinstance(value, dict):
        return value
    return {_snake_key(key): snake(one) for key, one in value.items()}


def _snake_key(key: str) -> str:
    if key == "$type":
        return "py_type"
    return "".join(f"_{c.lower()}" if c.isupper() else c for c in key)


def view(uri: str, did: str, handle: str, record: dict[str, Any]) -> dict[str, Any]:
    return {
        "uri": uri,
        "cid": "c",
        "author": {"did": did, "handle": handle, "displayName": handle.split(".")[0]},
        "record": record,
        "likeCount": 3,
        "repostCount": 1,
        "replyCount": 1,
        "quoteCount": 0,
        "indexedAt": "2026-03-05T08:00:01Z",
    }


BLUESKY_VIEWS = [
    view(URI, DID_ADA, "ada.example", RECORD),
    view(URI_ANSWER, DID_BOB, "bob.example", ANSWER_RECORD),
]
ATPROTO = as_lines(*map(snake, BLUESKY_VIEWS))


def committed(did: str, key: str, record: Any, operation: str = "create") -> dict[str, Any]:
    commit = {"operation": operation, "collection": "app.bsky.feed.post", "rkey": key}
    return {
        "did": did,
        "time_us": 1772784000000000,
        "kind": "commit",
        "commit": {**commit, **({"record": record} if record else {})},
    }


JETSTREAM = as_lines(
    committed(DID_ADA, "3aaa", RECORD),
    committed(DID_BOB, "3bbb", ANSWER_RECORD),
    committed(DID_BOB, "3ccc", {**RECORD, "text": "taken back"}),
    {
        "did": DID_BOB,
        "time_us": 1,
        "kind": "commit",
        "commit": {
            "operation": "create",
            "collection": "app.bsky.feed.like",
            "rkey": "3l",
            "record": {"subject": {"uri": URI}, "via": {"uri": URI}},
        },
    },
    {"did": DID_BOB, "kind": "identity", "identity": {"did": DID_BOB, "handle": "bob.example"}},
    {"did": DID_ADA, "kind": "identity", "identity": {"did": DID_ADA, "handle": "ada.example"}},
    committed(DID_BOB, "3ccc", None, "delete"),
)
TAP = as_lines(
    *(
        {
            "id": number,
            "type": "record",
            "record": {
                "live": True,
                "did": did,
                "collection": "app.bsky.feed.post",
                "rkey": key,
                "action": "create",
                "record": record,
            },
        }
        for number, (did, key, record) in enumerate(
            [(DID_ADA, "3aaa", RECORD), (DID_BOB, "3bbb", ANSWER_RECORD)]
        )
    )
)
FOURCAT_BLUESKY = as_csv(
    {
        "collected_at": "2026-03-06 08:00:00",
        "query": "#crowdwork",
        "id": URI,
        "thread_id": URI,
        "created_at": AT,
        "author": "ada.example",
        "author_id": DID_ADA,
        "body": TEXT,
        "link": "https://bsky.app/profile/ada.example/post/3aaa",
        "tags": "CrowdWork",
        "like_count": "3",
        "repost_count": "1",
        "quoted_post": "DELETED",
        "replied_to_post": "",
        "replied_to_user": "",
        "mentions": DID_BOB,
        "links": "https://a.example/x",
        "languages": "en,fr",
        "author_display_name": "ada",
        "timestamp": SECONDS,
    },
    {
        "id": URI_ANSWER,
        "thread_id": URI,
        "created_at": LATER,
        "author": "bob.example",
        "author_id": DID_BOB,
        "body": REPLY,
        "link": "https://bsky.app/profile/bob.example/post/3bbb",
        "replied_to_post": "https://bsky.app/profile/ada.example/post/3aaa",
        "replied_to_user": "ada.example",
        "languages": "en",
        "author_display_name": "bob",
        "timestamp": SECONDS_LATER,
    },
)


def minet_bluesky(answer: bool) -> dict[str, Any]:
    return {
        "cid": "c",
        "did": DID_BOB if answer else DID_ADA,
        "uri": URI_ANSWER if answer else URI,
        "url": "https://bsky.app/profile/a/post/1",
        "timestamp_utc": SECONDS_LATER if answer else SECONDS,
        "user_did": DID_BOB if answer else DID_ADA,
        "user_handle": "bob.example" if answer else "ada.example",
        "text": REPLY if answer else TEXT,
        "repost_count": 1,
        "like_count": 3,
        "bridgy_original_url": "",
        "user_display_name": "bob" if answer else "ada",
        "user_langs": "en",
        "to_user_did": DID_ADA if answer else "",
        "to_post_uri": URI if answer else "",
        "to_root_post_uri": URI if answer else "",
        "repost_by_user_did": "",
        "links": "" if answer else "https://a.example/x",
        "mentioned_user_dids": "" if answer else DID_BOB,
        "hashtags": "" if answer else "crowdwork",
    }


# Mastodon --------------------------------------------------------------------------------------

PUBLIC = "https://www.w3.org/ns/activitystreams#Public"
ACTOR = "https://town.example/users/ada"
OUTBOX = {
    "@context": "https://www.w3.org/ns/activitystreams",
    "type": "OrderedCollection",
    "orderedItems": [
        {
            "id": f"{ACTOR}/statuses/1/activity",
            "type": "Create",
            "actor": ACTOR,
            "published": "2026-03-05T08:00:00Z",
            "to": [PUBLIC],
            "cc": [],
            "object": {
                "id": f"{ACTOR}/statuses/1",
                "type": "Note",
                "summary": None,
                "inReplyTo": "https://ville.example/users/bob/statuses/9",
                "published": "2026-03-05T08:00:00Z",
                "url": "https://town.example/@ada/1",
                "content": '<p>Paid late again <a href="https://a.example/x">#CrowdWork</a></p>',
                "quoteUri": "https://ville.example/users/cleo/statuses/4",
                "contentMap": {"en": "<p>…</p>"},
                "tag": [
                    {"type": "Hashtag", "name": "#crowdwork", "href": "https://town.example/t"},
                    {
                        "type": "Mention",
                        "name": "@bob@ville.example",
                        "href": "https://ville.example/users/bob",
                    },
                ],
            },
        },
        {
            "id": f"{ACTOR}/statuses/2/activity",
            "type": "Announce",
            "actor": ACTOR,
            "published": "2026-03-05T09:00:00Z",
            "to": [PUBLIC],
            "object": "https://ville.example/users/bob/statuses/9",
        },
        {
            "id": f"{ACTOR}/statuses/3/activity",
            "type": "Create",
            "actor": ACTOR,
            "published": "2026-03-05T10:00:00Z",
            "to": ["https://ville.example/users/bob"],
            "object": {"id": f"{ACTOR}/statuses/3", "type": "Note", "content": "<p>secret</p>"},
        },
    ],
}
ACTOR_FILE = {"id": ACTOR, "preferredUsername": "ada", "name": "Ada L.", "summary": "<p>hi</p>"}

# Every format by its name, in a file that could be called anything.
X_FILES: dict[str, tuple[str, bytes]] = {
    "zeeschuimer.ndjson": ("zeeschuimer", ZEESCHUIMER),
    "zeeschuimer_2025.ndjson": ("zeeschuimer", ZEESCHUIMER_2025),
    "zeeschuimer_old.ndjson": ("zeeschuimer", ZEESCHUIMER_OLD),
    "zeeschuimer_in_4cat.ndjson": ("zeeschuimer", ZEESCHUIMER_IN_4CAT),
    "zeeschuimer.csv": ("4cat_import", as_csv(*IMPORTED, delimiter=";")),
    "4cat_import.csv": ("4cat_import", as_csv(*IMPORTED)),
    "4cat_x.csv": ("4cat_x", FOURCAT_X),
    "scraper.json": ("scraper", json.dumps(SCRAPED).encode()),
    "scraper_page.json": ("scraper", json.dumps({"tweets": SCRAPED, "next": 1}).encode()),
    "scraper.csv": ("scraper", as_csv(*map(flattened, SCRAPED))),
    "snscrape.jsonl": ("snscrape", as_lines(*SNSCRAPED)),
    "twarc.csv": ("twarc_csv", TWARC_CSV),
    "sfm.csv": ("twarc_v1", as_csv(*TWARC_V1_ROWS)),
    "twitteR.csv": ("twitteR", TWITTER_R),
    "minet.csv": ("minet_x", as_csv(minet_x(False), minet_x(True))),
    "minet.jsonl": ("minet_x", as_lines(minet_x(False), minet_x(True))),
    "tcat.csv": ("dmi_tcat", as_csv(dmi_tcat(False), dmi_tcat(True))),
    "nodexl.xlsx": ("nodexl", nodexl()),
    "t.csv": ("ruby_t", RUBY_T),
}
BLUESKY_FILES: dict[str, tuple[str, bytes]] = {
    "views.json": ("bluesky", json.dumps({"posts": BLUESKY_VIEWS}).encode()),
    "atproto.jsonl": ("bluesky_atproto", ATPROTO),
    "jetstream.jsonl": ("bluesky_stream", JETSTREAM),
    "tap.jsonl": ("bluesky_stream", TAP),
    "4cat_bluesky.csv": ("4cat_bluesky", FOURCAT_BLUESKY),
    "minet_bluesky.csv": (
        "minet_bluesky",
        as_csv(minet_bluesky(False), minet_bluesky(True)),
    ),
}


def write_samples(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for name, (_source, content) in {**X_FILES, **BLUESKY_FILES}.items():
        (folder / name).write_bytes(content)
    for name, content in ARCHIVE.items():
        (folder / name).write_bytes(content)
    (folder / "2026_03.js").write_bytes(GRAILBIRD)
    (folder / "outbox.json").write_text(json.dumps(OUTBOX), encoding="utf-8")
    (folder / "actor.json").write_text(json.dumps(ACTOR_FILE), encoding="utf-8")
    (folder / "4cat_upload.csv").write_bytes(FOURCAT_UPLOAD)


if __name__ == "__main__":
    write_samples(Path(sys.argv[1]))
