"""Simulated posts as a posts table: ids, permalinks, counts, and the truth beside them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
import pandas as pd

from chatlab.posts.merge import settle
from chatlab.posts.schema import NAMES, arrow_posts, pandas_posts
from chatlab.text.patterns import find_hashtags
from data.simulation.cast import Person

PERMALINKS = "https://x.example"
LOVED = 40
EPOCH_MS = 1288834974657


@dataclass
class SimulatedPost:
    """One post, tied to others by reference until all are numbered."""

    person: Person
    at: datetime
    text: str
    truth: dict[str, Any]
    parent: SimulatedPost | None = None
    quoted: SimulatedPost | None = None
    original: SimulatedPost | None = None
    in_chat: bool = True
    id: str = ""
    likes: int = 0
    url: str | None = None


def finished_tables(
    posts: list[SimulatedPost], rng: np.random.Generator
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Give numbers and counts to the posts, and make the two tables: posts and truth."""
    posts.sort(key=lambda post: post.at)
    for i, post in enumerate(posts):
        post.at = post.at.replace(microsecond=0)
        post.id = _post_id(post, i)
    drawn: dict[tuple[str, str], int] = {}
    for post in posts:
        for relation, other in (
            ("replies", post.parent),
            ("quotes", post.quoted),
            ("reposts", post.original),
        ):
            if other:
                drawn[relation, other.id] = drawn.get((relation, other.id), 0) + 1
    collected = max(post.at for post in posts) + timedelta(days=2)
    rows = [_row(post, drawn, collected, rng) for post in posts]
    columns = {name: [row.get(name) for row in rows] for name in NAMES}
    table = pandas_posts(settle([arrow_posts(columns)]))
    truth = pd.DataFrame(
        [
            {
                "post_id": post.id,
                "edition": post.truth.get("edition"),
                "question": post.truth.get("question"),
                "second_question": post.truth.get("second_question"),
                "is_question": bool(post.truth.get("is_question")),
                "answer_by": post.truth.get("answer_by"),
                "asked": _outcome(post, posts) if post.truth.get("asked") else None,
                "theme": post.truth.get("theme"),
                "insight": post.truth.get("insight"),
                "community": post.person.community,
                "role": post.truth.get("role", post.person.role),
            }
            for post in posts
        ]
    ).set_index("post_id")
    truth.index.name = None
    truth = truth.astype({"edition": "Int64", "question": "Int64", "second_question": "Int64"})
    return table, truth.loc[table.index]


def _outcome(asked: SimulatedPost, posts: list[SimulatedPost]) -> str:
    """Say what became of a participant's question."""
    replies = [post.person for post in posts if post.parent is asked]
    if any(person is not asked.person for person in replies):
        return "answered"
    if asked.truth.get("no_link"):
        return "no reply link"
    return "only the asker" if replies else "no reply"


def _row(
    post: SimulatedPost,
    drawn: dict[tuple[str, str], int],
    collected: datetime,
    rng: np.random.Generator,
) -> dict[str, Any]:
    person = post.person
    fame = np.log1p(person.followers)
    likes = int(rng.poisson(0.35 * fame + 2 * drawn.get(("reposts", post.id), 0)))
    if post.truth.get("loved"):
        likes += LOVED
    counts = {name: drawn.get((name, post.id), 0) for name in ("replies", "reposts", "quotes")}
    body = (post.original or post).text
    x = person.platform == "x"
    return {
        "post_id": post.id,
        "platform": person.platform,
        "url": _permalink(post),
        "created_at": post.at.astimezone(UTC),
        "collected_at": collected.astimezone(UTC) if x else None,
        **_profile(person),
        "text": body,
        "lang": None if not x and person.platform == "mastodon" and fame < 4 else person.lang,
        "hashtags": find_hashtags(body),
        "mentions": [_author_id(post.parent.person)] if post.parent and x else [],
        "urls": [],
        "reply_to": post.parent.id if post.parent else None,
        "reply_to_author": _author_id(post.parent.person) if post.parent else None,
        "quote_of": post.quoted.id if post.quoted else None,
        "quote_of_author": _author_id(post.quoted.person) if post.quoted else None,
        "repost_of": post.original.id if post.original else None,
        "repost_of_author": _author_id(post.original.person) if post.original else None,
        "thread_id": _root(post).id if person.platform != "mastodon" else None,
        "likes": likes,
        **counts,
        "impressions": int(person.followers * 0.2 + likes * 25) if x else None,
        "client": str(rng.choice(["Web App", "iPhone", "Android"])) if x else None,
        "in_chat": post.in_chat,
    }


def _root(post: SimulatedPost) -> SimulatedPost:
    while post.parent:
        post = post.parent
    return post


def _snowflake(at: datetime, i: int) -> int:
    ms = int(at.timestamp() * 1000) - EPOCH_MS
    return (ms << 22) | (i & 0xFFF)


def _number(person: Person) -> int:
    # Numbers made from the handle: stable for any size and seed, and no real account's.
    value = 0
    for char in person.handle:
        value = (value * 131 + ord(char)) % 10**9
    return 9_000_000_000_000_000_000 + value


def _post_id(post: SimulatedPost, i: int) -> str:
    number = _snowflake(post.at, i)
    handle = post.person.handle
    if post.person.platform == "mastodon":
        return f"mastodon:https://mastodon.example/users/{handle}/statuses/{number}"
    if post.person.platform == "bluesky":
        return f"bluesky:at://{_did(post.person)}/app.bsky.feed.post/{_base32(number)}"
    return f"x:{number}"


def _base32(number: int) -> str:
    digits = "234567abcdefghijklmnopqrstuvwxyz"
    text = ""
    for _ in range(13):
        text = digits[number & 31] + text
        number >>= 5
    return text


def _did(person: Person) -> str:
    return f"did:plc:demo{_base32(_number(person))}"


def _author_id(person: Person) -> str:
    if person.platform == "mastodon":
        return f"mastodon:{person.handle}@mastodon.example"
    return f"bluesky:{_did(person)}" if person.platform == "bluesky" else f"x:{_number(person)}"


def _shown_handle(person: Person) -> str:
    if person.platform == "mastodon":
        return f"{person.handle}@mastodon.example"
    if person.platform == "bluesky":
        return f"{person.handle.replace('_', '-')}.bsky.example"
    return person.handle


def _permalink(post: SimulatedPost) -> str:
    person, number = post.person, post.id.rsplit("/", 1)[-1].removeprefix("x:")
    if person.platform == "mastodon":
        return f"https://mastodon.example/@{person.handle}/{number}"
    if person.platform == "bluesky":
        return f"https://bsky.app/profile/{_shown_handle(person)}/post/{number}"
    return f"{PERMALINKS}/{person.handle}/status/{number}"


def _profile(person: Person) -> dict[str, Any]:
    counted = person.platform != "bluesky"
    return {
        "author_id": _author_id(person),
        "author": _shown_handle(person),
        "author_name": person.name,
        "author_bio": person.bio if counted else None,
        "author_followers": person.followers if counted else None,
        "author_following": person.followers // 3 + 40 if counted else None,
    }
