"""Writes a simulated chat as the files that collectors leave; makes `data/crowdwork`.

Run as `python -m chatlab._simulated_files FOLDER`.
"""

from __future__ import annotations

import html
import sys
from pathlib import Path
from typing import Any

import msgspec
import pandas as pd

from chatlab.io.safe_files import write_safely
from chatlab.io.write import table_as_csv
from data.simulation.owner_files import write_owner_files
from data.simulation.plan import HASHTAG
from data.simulation.posts import PERMALINKS
from data.simulation.story import simulate_chat

PAGE = 100
HOST = "demo_camille_rochebrune"
CHAT_TOML = f"""\
# What no file knows about this chat. Everybody in it is invented.
title = "#{HASHTAG}"
hashtag = "{HASHTAG}"
host = "{HOST}"
panel = [
    "demo_idris_benamar_fondateur",
    "demo_maud_lescure_avocate",
    "demo_tom_hargreave_ops",
    "demo_awa_ndiaye_colin",
]
brand = "Ruchely"
rivals = ["Atelio", "Poolbee", "TaskRiver"]
timezone = "Europe/Paris"
weekly = "Thursday 09:00"
language = "fr"
do_not_quote = ["demo_PromoTaches24_fictif"]
permalinks = "{PERMALINKS}"
goal = {{ newcomers = 30, answers = 20, question = 3 }}
"""


def write_chat(posts: pd.DataFrame, truth: pd.DataFrame, folder: Path) -> None:
    """Write a simulated chat: X pages, Mastodon, Bluesky, settings, owner's files, truth."""
    write_safely(folder / f"{HASHTAG}_x.jsonl", x_pages(posts))
    for platform, document in (("mastodon", _mastodon(posts)), ("bluesky", _bluesky(posts))):
        content = msgspec.json.format(msgspec.json.encode(document), indent=1)
        write_safely(folder / f"{HASHTAG}_{platform}.json", content + b"\n")
    write_safely(folder / "chat.toml", CHAT_TOML.encode())
    write_owner_files(posts, HOST, folder)
    told = truth.rename_axis("post_id").reset_index()
    write_safely(folder / "truth" / "posts.csv", table_as_csv(told))
    people = posts[["author_id", "author"]].join(truth[["role", "community"]])
    people = people.drop_duplicates("author_id").sort_values("author_id")
    write_safely(folder / "truth" / "people.csv", table_as_csv(people))


def x_pages(posts: pd.DataFrame) -> bytes:
    """Write the X posts as twarc2 writes search results: one response page per line."""
    mine = posts[posts["platform"] == "x"]
    by_id = {row["post_id"]: row for row in _records(mine)}
    newest_first = [row for row in reversed(list(by_id.values())) if row["in_chat"]]
    encoder = msgspec.json.Encoder()
    lines = []
    for start in range(0, len(newest_first), PAGE):
        page = newest_first[start : start + PAGE]
        related = {
            row[name]: by_id[row[name]]
            for row in page
            for name in ("reply_to", "quote_of", "repost_of")
            if row[name] in by_id
        }
        authors = {row["author_id"]: row for row in [*page, *related.values()]}
        collected = mine["collected_at"].max().strftime("%Y-%m-%dT%H:%M:%S+00:00")
        document = {
            "data": [_tweet(row, by_id) for row in page],
            "includes": {
                "users": [_user(row) for row in authors.values()],
                "tweets": [_tweet(row, by_id) for row in related.values()],
            },
            "meta": {
                "newest_id": _number(page[0]["post_id"]),
                "oldest_id": _number(page[-1]["post_id"]),
                "result_count": len(page),
            },
            "__twarc": {
                "url": f"https://api.x.example/2/tweets/search/all?query=%23{HASHTAG}",
                "version": "2.14.0",
                "retrieved_at": collected,
            },
        }
        lines.append(encoder.encode(document) + b"\n")
    return b"".join(lines)


def _records(table: pd.DataFrame) -> list[dict[str, Any]]:
    return [{str(name): value for name, value in row.items()} for row in table.to_dict("records")]


def _number(prefixed: str) -> str:
    return prefixed.partition(":")[2]


def _x_time(when: pd.Timestamp) -> str:
    return when.strftime("%Y-%m-%dT%H:%M:%S.000Z")


def _known(value: Any) -> bool:
    return isinstance(value, str)


def _tweet(row: dict[str, Any], by_id: dict[str, dict[str, Any]]) -> dict[str, Any]:
    text = row["text"]
    counts = row
    mentions = [_mention(one, text) for one in row["mentions"]]
    if _known(row["repost_of"]):
        # X cuts the text of a retweet, and gives it the original's retweet count.
        counts = {**by_id[row["repost_of"]], "likes": 0, "replies": 0, "quotes": 0}
        handle = counts["author"]
        full = f"RT @{handle}: {text}"
        text = full if len(full) <= 140 else full[:139] + "…"
        mentions = [{"username": handle, "id": _number(row["repost_of_author"])}]
    relations = (("replied_to", "reply_to"), ("quoted", "quote_of"), ("retweeted", "repost_of"))
    tweet = {
        "id": _number(row["post_id"]),
        "text": html.escape(text, quote=False),
        "author_id": _number(row["author_id"]),
        "created_at": _x_time(row["created_at"]),
        "conversation_id": _number(row["thread_id"]),
        "lang": row["lang"],
        "source": row["client"],
        "public_metrics": {
            "retweet_count": _count(counts["reposts"]),
            "reply_count": _count(counts["replies"]),
            "like_count": _count(counts["likes"]),
            "quote_count": _count(counts["quotes"]),
            "impression_count": _count(counts["impressions"]),
        },
        "entities": {
            "hashtags": [{"tag": tag} for tag in row["hashtags"]],
            "mentions": mentions,
            "urls": [],
        },
        "referenced_tweets": [
            {"type": kind, "id": _number(row[name])}
            for kind, name in relations
            if _known(row[name])
        ],
    }
    if _known(row["reply_to_author"]):
        tweet["in_reply_to_user_id"] = _number(row["reply_to_author"])
    return tweet


def _mention(author_id: str, text: str) -> dict[str, str]:
    return {"username": text.split()[0].lstrip("@"), "id": _number(author_id)}


def _count(value: Any) -> int:
    return 0 if pd.isna(value) else int(value)


def _user(row: dict[str, Any]) -> dict[str, Any]:
    return {
        "id": _number(row["author_id"]),
        "username": row["author"],
        "name": row["author_name"],
        "description": row["author_bio"],
        "public_metrics": {
            "followers_count": _count(row["author_followers"]),
            "following_count": _count(row["author_following"]),
        },
    }


def _mastodon(posts: pd.DataFrame) -> list[dict[str, Any]]:
    mine = _records(posts[posts["platform"] == "mastodon"])
    local = {row["post_id"]: row["post_id"].rsplit("/", 1)[-1] for row in mine}
    accounts = {row["author_id"]: str(1000 + i) for i, row in enumerate(mine) if row["author_id"]}
    return [
        {
            "id": local[row["post_id"]],
            "uri": _number(row["post_id"]),
            "url": row["url"],
            "created_at": _x_time(row["created_at"]),
            "content": f"<p>{html.escape(row['text'], quote=False)}</p>",
            "visibility": "public",
            "language": row["lang"] if _known(row["lang"]) else None,
            "in_reply_to_id": local.get(row["reply_to"]),
            "in_reply_to_account_id": accounts.get(row["reply_to_author"]),
            "reblog": None,
            "favourites_count": _count(row["likes"]),
            "reblogs_count": _count(row["reposts"]),
            "replies_count": _count(row["replies"]),
            "quotes_count": _count(row["quotes"]),
            "mentions": [],
            "tags": [
                {"name": tag, "url": f"https://mastodon.example/tags/{tag}"}
                for tag in row["hashtags"]
            ],
            "account": {
                "id": accounts[row["author_id"]],
                "username": row["author"].partition("@")[0],
                "acct": row["author"].partition("@")[0],
                "display_name": row["author_name"],
                "note": f"<p>{html.escape(row['author_bio'])}</p>",
                "url": row["url"].rsplit("/", 1)[0],
                "followers_count": _count(row["author_followers"]),
                "following_count": _count(row["author_following"]),
            },
        }
        for row in mine
    ]


def _bluesky(posts: pd.DataFrame) -> dict[str, Any]:
    mine = _records(posts[posts["platform"] == "bluesky"])
    return {"posts": [_post_view(row) for row in mine]}


def _post_view(row: dict[str, Any]) -> dict[str, Any]:
    text = row["text"]
    record: dict[str, Any] = {
        "$type": "app.bsky.feed.post",
        "text": text,
        "createdAt": _x_time(row["created_at"]),
        "langs": [row["lang"]],
        "facets": [_tag_facet(text, tag) for tag in row["hashtags"]],
    }
    if _known(row["reply_to"]):
        record["reply"] = {
            "parent": {"uri": _number(row["reply_to"])},
            "root": {"uri": _number(row["thread_id"])},
        }
    if _known(row["quote_of"]):
        record["embed"] = {
            "$type": "app.bsky.embed.record",
            "record": {"uri": _number(row["quote_of"])},
        }
    return {
        "uri": _number(row["post_id"]),
        "author": {
            "did": _number(row["author_id"]),
            "handle": row["author"],
            "displayName": row["author_name"],
        },
        "record": record,
        "likeCount": _count(row["likes"]),
        "repostCount": _count(row["reposts"]),
        "replyCount": _count(row["replies"]),
        "quoteCount": _count(row["quotes"]),
        "indexedAt": _x_time(row["created_at"]),
    }


def _tag_facet(text: str, tag: str) -> dict[str, Any]:
    start = len(text[: text.casefold().index(f"#{tag}")].encode())
    return {
        "index": {"byteStart": start, "byteEnd": start + len(tag.encode()) + 1},
        "features": [{"$type": "app.bsky.richtext.facet#tag", "tag": tag}],
    }


if __name__ == "__main__":
    write_chat(*simulate_chat(), Path(sys.argv[1]))
