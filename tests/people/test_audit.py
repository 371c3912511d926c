"""The audit of an account: working hours, casual and core, give and take, five mistakes."""

from __future__ import annotations

import pandas as pd
import pytest

import chatlab as cl
from chatlab.people.working_hours import working_minutes


def at(text: str) -> pd.Timestamp:
    return pd.Timestamp(text, tz="Europe/Paris").tz_convert("UTC")


@pytest.mark.parametrize(
    ("start", "end", "minutes"),
    [
        ("2026-03-05 10:00", "2026-03-05 10:30", 30),
        ("2026-03-05 17:30", "2026-03-06 09:30", 60),  # over night
        ("2026-03-06 17:00", "2026-03-09 10:00", 120),  # over the weekend
        ("2026-03-07 10:00", "2026-03-07 16:00", 0),  # a Saturday
        ("2026-03-05 20:00", "2026-03-05 23:00", 0),
        ("2026-03-27 17:00", "2026-03-30 10:00", 120),  # the clock changes on the Sunday
    ],
)
def test_only_working_hours_count(start: str, end: str, minutes: float) -> None:
    assert working_minutes(at(start), at(end), zone="Europe/Paris") == minutes


def row(author: str, when: str, **more: object) -> dict[str, object]:
    return {"author_id": f"x:{author}", "author": author, "created_at": at(when)} | more


def to_brand(author: str, when: str, **more: object) -> dict[str, object]:
    return row(author, when, mentions=["x:brand"], **more)


def test_core_and_casual_and_who_moved(table) -> None:
    posts = table(
        *[to_brand("fan", f"2026-03-0{day} 10:00") for day in (1, 2, 3)],
        *[to_brand("rising", f"2026-03-{day} 10:00") for day in (18, 19, 20)],
        to_brand("once", "2026-03-01 11:00"),
        to_brand("once", "2026-03-01 12:00"),
        row("apart", "2026-03-20 12:00"),
    )
    audience = cl.people.audience_table(posts, "x:brand", zone="Europe/Paris")
    assert audience["days"].to_dict() == {"x:fan": 3, "x:rising": 3, "x:once": 1}
    assert audience["kind"].to_dict() == {"x:fan": "core", "x:rising": "core", "x:once": "casual"}
    moved = cl.people.movement_table(audience)
    assert moved.loc["core", "away"] == 1
    assert moved.loc["away", "core"] == 1
    assert moved.loc["casual", "away"] == 1
    assert moved.to_numpy().sum() == 3
    assert cl.people.audience_table(posts, "x:nobody").empty


def test_what_is_given_and_what_is_taken(table) -> None:
    posts = table(
        row("brand", "2026-03-01 10:00", mentions=["x:ann", "x:bob"]),
        row("brand", "2026-03-01 10:01", kind="repost", repost_of="x:9", repost_of_author="x:ann"),
        row("ann", "2026-03-01 10:02", kind="reply", reply_to="x:1", reply_to_author="x:brand"),
        row("bob", "2026-03-01 10:03", kind="reply", reply_to="x:1", reply_to_author="x:brand"),
        row("bob", "2026-03-01 10:04", kind="repost", repost_of="x:1", repost_of_author="x:brand"),
    )
    balance = cl.people.balance_table(posts, "x:brand")
    assert balance.loc["mention"].tolist() == [1, 2, 0, 0]
    assert balance.loc["repost"].tolist() == [1, 1, 1, 1]
    assert balance.loc["reply"].tolist() == [0, 0, 2, 2]


def test_followers_who_took_part(table) -> None:
    posts = table(row("ann", "2026-03-01 10:00"), row("bob", "2026-03-01 10:00"))
    told = cl.people.followers_here(posts, ["x:ann", "x:cat", "x:dan"])
    assert told == {"followers": 3, "took_part": 1, "people": 2}


def test_five_mistakes_are_made_and_found(table) -> None:
    sold = [
        row(
            "brand",
            f"2026-03-02 10:{i:02}",
            text="Buy now, special offer #deal",
            mentions=[f"x:stranger{i}"],
            author_bio="We sell.",
        )
        for i in range(25)
    ]
    asked = [to_brand(f"ann{i}", f"2026-03-02 11:{i:02}", text="Where is it?") for i in range(6)]
    found = cl.people.mistakes_table(table(*sold, *asked), "x:brand", brand="Brand")
    assert found["found"].tolist() == [True] * 5
    assert found["amount"]["message abuse"] == 25
    assert found["amount"]["absent"] == 0


def test_a_good_account_makes_none_of_them(table) -> None:
    asked = [to_brand(f"ann{i}", f"2026-03-02 11:{i:02}", text=f"Where is {i}?") for i in range(6)]
    replies = [
        row(
            "brand",
            f"2026-03-02 11:{i + 20}",
            text=f"Answer number {'abcdef'[i]} about parcels",
            kind="reply",
            reply_to=f"x:{i + 1}",
            reply_to_author=f"x:ann{i}",
            mentions=[f"x:ann{i}"],
            author_bio="Write to help@brand.example",
        )
        for i in range(6)
    ]
    own = [row("brand", f"2026-03-0{i + 3} 11:00", text=f"News of {'abcde'[i]}") for i in range(5)]
    found = cl.people.mistakes_table(table(*asked, *replies, *own), "x:brand")
    assert not found["found"].fillna(False).any()
    assert pd.isna(found["found"]["wrong target"])  # it called nobody first


def test_of_a_few_posts_nothing_is_said(table) -> None:
    found = cl.people.mistakes_table(table(row("brand", "2026-03-02 10:00")), "x:brand")
    assert found["found"].isna().all()
