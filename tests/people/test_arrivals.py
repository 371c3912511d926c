"""How people came, who was there before, who fills timelines, who writes for others."""

from __future__ import annotations

import pandas as pd
import pytest

import chatlab as cl
from chatlab.people.press import press_word


def at(day: int, minute: int = 0) -> pd.Timestamp:
    return pd.Timestamp(2026, 3, day, 9, tz="UTC") + pd.Timedelta(minutes=minute)


def row(author: str, when: pd.Timestamp, **more: object) -> dict[str, object]:
    return {"author_id": f"x:{author}", "author": author, "created_at": when, **more}


@pytest.fixture
def chat(table) -> pd.DataFrame:
    return table(
        row("host", at(5)),
        row("ann", at(5, 5)),
        row("early", at(10)),
        row("ann", at(11), mentions=["x:bob"]),
        row("host", at(12)),
        row("bob", at(12, 1)),
        row("cat", at(12, 2), kind="repost", repost_of="x:1", repost_of_author="x:host"),
        row("dan", at(12, 3), kind="reply", reply_to="x:2", reply_to_author="x:ann"),
        row("eve", at(12, 4), mentions=["x:ann"]),
        row("fay", at(12, 5)),
        row("ann", at(12, 6)),
        row("stranger", at(9), in_chat=False, text="Fair pay for all"),
    )


@pytest.fixture
def editions(chat: pd.DataFrame) -> pd.Series:
    days = chat["created_at"].dt.day
    told = days.map({5: 1, 12: 2}).where(chat["in_chat"])
    return told.astype("Int64")


def test_everybody_came_by_somebody_or_alone(chat: pd.DataFrame, editions: pd.Series) -> None:
    came = cl.people.arrival_table(chat, editions=editions)
    ways = {key.removeprefix("x:"): (how, by) for key, how, by in came[["how", "by"]].itertuples()}
    assert ways["bob"] == ("named", "x:ann")
    assert ways["cat"] == ("reposted", "x:host")
    assert ways["dan"] == ("replied", "x:ann")
    assert ways["eve"] == ("naming", "x:ann")
    assert ways["fay"][0] == "alone"
    assert came.loc["x:early", "edition"] is pd.NA
    assert "x:stranger" not in came.index


def test_newcomers_are_those_of_the_edition(chat: pd.DataFrame, editions: pd.Series) -> None:
    new = cl.people.newcomers(chat, editions, 2, without=["x:host"])
    assert set(new.index) == {"x:bob", "x:cat", "x:dan", "x:eve", "x:fay"}
    assert new["by_author"].value_counts().to_dict() == {"ann": 3, "host": 1}
    assert len(cl.people.newcomers(chat, editions, 1, without=["x:host"])) == 1


def test_who_was_there_before_used_the_tag_or_the_subject(
    chat: pd.DataFrame, editions: pd.Series
) -> None:
    before = cl.people.already_there(chat, editions, 2, subjects=["fair pay"], without=["x:host"])
    assert before["used"].to_dict() == {
        "x:ann": "tag",
        "x:early": "tag",
        "x:stranger": "subject",
    }
    assert before["came"].to_dict() == {"x:ann": True, "x:early": False, "x:stranger": False}
    assert before["visits"].to_dict() == {"x:ann": 1, "x:early": 0, "x:stranger": 0}
    assert cl.people.already_there(chat, editions, 1).empty


def test_an_hour_holds_what_all_followers_see(table) -> None:
    rows = [row("host", at(5, 2 * i)) for i in range(31)]
    rows += [row("host", at(5, 70), kind="reply", reply_to="x:1", reply_to_author="x:ann")]
    posts = table(*rows, row("ann", at(5, 1), text="Stop spamming my timeline, please"))
    editions = pd.Series(1, index=posts.index, dtype="Int64")
    seen = cl.people.flooding_table(posts, editions, {"x:host": "host"}).iloc[0]
    # Posts at 0, 2 ... 58 minutes: thirty within any sixty.
    assert (seen["posts"], seen["replies"], seen["in_an_hour"]) == (31, 1, 30)
    assert seen["floods"]
    quiet = cl.people.flooding_table(posts, editions, {"x:host": "host"}, most=30)
    assert not quiet["floods"].any()
    told = cl.people.flood_complaints(posts, {"x:host": "host"})
    assert told["author"].tolist() == ["ann"]
    assert cl.people.flood_complaints(posts[posts["author"] == "host"], {}).empty


@pytest.mark.parametrize(
    ("bio", "found"),
    [
        ("Chroniqueur travail. Personnage fictif.", "chroniqueur"),
        ("I write the Gigs newsletter", "newsletter"),
        ("Work and pay | ann.substack.com", "ann.substack.com"),
        ("Notes: https://medium.com/@ann", "https://medium.com/@ann"),
        ("Former journalist, now a nurse", None),
        ("Ancienne journaliste", None),
        ("Journalist turned economist", None),
        ("Student. Podcast enthusiast", None),
        ("Nurse. Coffee.", None),
        (None, None),
    ],
)
def test_a_profile_says_who_writes_for_others(bio: str | None, found: str | None) -> None:
    assert press_word(bio) == found


def test_profiles_have_addresses(table) -> None:
    posts = table(
        row("ann", at(5), url="https://x.example/ann/status/1"),
        row("bob", at(5)),
        {**row("cat@social.example", at(5)), "platform": "mastodon"},
        {**row("dan.bsky.example", at(5)), "platform": "bluesky"},
        {**row("eve", at(5)), "platform": "other"},
    )
    links = cl.people.profile_links(posts)
    assert links.iloc[:4].tolist() == [
        "https://x.example/ann",
        "https://x.com/bob",
        "https://social.example/@cat",
        "https://bsky.app/profile/dan.bsky.example",
    ]
    assert links.isna().iloc[4]


def test_planted_press_and_complaint_are_found(bundled) -> None:
    press = cl.people.press_table(bundled.posts, without=list(bundled.parts))
    assert set(press["author_name"]) == {"Paul Verdier", "Jess Okoro"}
    assert press["profile"].str.startswith("https://x.example/").all()
    told = cl.people.flood_complaints(bundled.posts, bundled.parts)
    assert told["cue"].tolist() == ["ces 40 tweets"]
