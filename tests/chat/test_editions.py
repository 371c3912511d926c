"""Editions by rate and by announced hour, how they ended, and what came late."""

from __future__ import annotations

import pandas as pd
import pytest

import chatlab as cl
from chatlab.chat.edition_tables import are_days
from chatlab.chat.weekly import parse_weekly
from chatlab.translation import call_editions_days, translate


def at(day: str, clock: str) -> pd.Timestamp:
    return pd.Timestamp(f"2026-{day} {clock}", tz="UTC")


def burst(start: pd.Timestamp, n: int, *, seconds: int = 60) -> list[dict[str, object]]:
    step = pd.Timedelta(seconds=seconds)
    return [
        {"created_at": start + i * step, "author_id": f"x:p{i % 5}", "author": f"p{i % 5}"}
        for i in range(n)
    ]


@pytest.mark.parametrize(
    ("told", "meant"),
    [
        ("Thursday 09:00", (3, 9, 0)),
        ("jeudi 9h", (3, 9, 0)),
        ("Lundi 21 h 30", (0, 21, 30)),
        ("sunday 18.15", (6, 18, 15)),
    ],
)
def test_announced_hours_are_read(told: str, meant: tuple[int, int, int]) -> None:
    assert parse_weekly(told) == meant


@pytest.mark.parametrize("told", ["every day", "Thursday", "jeudi 25h", ""])
def test_other_hours_are_an_error(told: str) -> None:
    with pytest.raises(cl.errors.SettingsError, match="Thursday 09:00"):
        parse_weekly(told)


def test_an_announced_hour_keeps_other_busy_times_out(table) -> None:
    storm = burst(at("03-05", "04:00"), 40)
    posts = table(*storm, *burst(at("03-05", "08:00"), 40), *burst(at("03-12", "08:00"), 40))
    assert cl.find_editions(posts).value_counts().to_dict() == {1: 40, 2: 40, 3: 40}
    hinted = cl.find_editions(posts, weekly="Thursday 09:00", timezone="Europe/Paris")
    assert hinted.value_counts().to_dict() == {1: 40, 2: 40}
    # Nothing happens on Mondays: the hint is no reason to find nothing.
    assert cl.find_editions(posts, weekly="Monday 09:00").notna().sum() == 120


def test_the_announced_hour_follows_the_clock_change(table) -> None:
    posts = table(*burst(at("03-26", "08:00"), 30), *burst(at("04-02", "07:00"), 30))
    found = cl.find_editions(posts, weekly="Thursday 09:00", timezone="Europe/Paris")
    assert found.value_counts().to_dict() == {1: 30, 2: 30}


def test_one_voice_is_no_edition(table) -> None:
    alone = [{**post, "author_id": "x:promo"} for post in burst(at("03-05", "04:00"), 40)]
    posts = table(*alone, *burst(at("03-06", "08:00"), 40))
    found = cl.find_editions(posts)
    assert found.max() == 1
    assert found.dropna().index.equals(posts.index[40:])


def chat_hour(start: pd.Timestamp, n: int = 60) -> list[dict[str, object]]:
    """Give an hour with two numbered questions and their answers."""
    rows = burst(start, n)
    for i, text in ((0, "Q1 what helps?"), (5, "A1 tea"), (6, "A1 rest"), (30, "Q2 and you?")):
        rows[i] |= {"text": text}
    return rows


def test_reposts_make_no_edition(table) -> None:
    notice = [
        {**post, "repost_of": "x:1", "repost_of_author": "x:p0", "text": "webinar"}
        for post in burst(at("03-12", "08:00"), 40)
    ]
    posts = table(*burst(at("03-05", "08:00"), 40), *notice)
    assert cl.find_editions(posts).value_counts().to_dict() == {1: 40}


def test_a_remnant_is_no_edition(table) -> None:
    posts = table(
        *chat_hour(at("03-05", "08:00")), *chat_hour(at("03-12", "08:00")),
        *burst(at("03-19", "08:00"), 10, seconds=200),
    )  # fmt: skip
    assert cl.find_editions(posts).max() == 2


def test_a_session_begins_and_ends_with_its_hour(table) -> None:
    teaser = [{"created_at": at("03-05", "01:53"), "author_id": "x:h", "text": "tonight!"}]
    chatter = [
        {"created_at": at("03-04", "20:00") + i * pd.Timedelta(minutes=20), "author_id": f"x:{i}"}
        for i in range(60)
    ]
    posts = table(*sorted(teaser + chatter + chat_hour(at("03-05", "08:00")), key=when))
    editions = cl.find_editions(posts)
    inside = posts[editions.notna()]
    assert inside["created_at"].min() >= at("03-05", "07:55")
    assert inside["created_at"].max() <= at("03-05", "09:05")


def test_the_usual_hour_is_told_for_the_settings(table) -> None:
    weeks = [at("03-05", "08:02"), at("03-12", "08:00"), at("03-19", "08:20")]
    posts = table(*(post for start in weeks for post in chat_hour(start)))
    told = cl.chat.edition_table(posts, cl.find_editions(posts))
    assert cl.chat.usual_hour(told) == "Thursday 08:00"
    assert cl.chat.usual_hour(told, zone="Europe/Paris") == "Thursday 09:00"
    assert cl.chat.usual_hour(told.head(1)) is None


def test_chatter_and_a_meeting_on_other_days_are_no_sessions_of_a_numbered_chat(table) -> None:
    meeting = burst(at("03-04", "16:00"), 200, seconds=70)
    posts = table(*meeting, *chat_hour(at("03-12", "02:00")), *chat_hour(at("03-19", "03:00")))
    editions = cl.find_editions(posts)
    # The clock changed between the two: an hour apart is the same hour.
    assert editions.value_counts().to_dict() == {1: 60, 2: 60}


def when(row: dict[str, object]) -> pd.Timestamp:
    return pd.Timestamp(row["created_at"])  # type: ignore[arg-type]


def test_an_event_is_cut_into_days(table) -> None:
    days = [
        post
        for day in range(3)
        for hour in range(24)
        for post in burst(
            at("03-05", "00:00") + pd.Timedelta(days=day, hours=hour),
            3 if 2 <= hour < 6 else 20,
            seconds=170,
        )
    ]
    found = cl.find_editions(table(*days))
    assert found.max() in (3, 4)  # the first hours before the quiet ones may stand alone
    assert (found.value_counts() > 200).sum() == 3


def test_a_tag_that_lives_all_week_has_busy_days(table) -> None:
    quiet = [
        {"created_at": at("03-01", "10:00") + pd.Timedelta(hours=5 * i), "author_id": f"x:{i % 9}"}
        for i in range(140)
    ]
    tuesdays = [
        post
        for week in range(4)
        for post in burst(at("03-03", "06:00") + pd.Timedelta(days=7 * week), 14, seconds=4000)
    ]
    found = cl.find_editions(table(*quiet, *tuesdays))
    assert found.max() == 4


@pytest.fixture
def kept(table) -> pd.DataFrame:
    host = {"author_id": "x:h", "author": "host"}
    rows = []
    for week, over in ((0, 0), (7, 0), (14, 12)):
        start = at("03-05", "08:00") + pd.Timedelta(days=week)
        rows += burst(start, 58)
        closing = start + pd.Timedelta(minutes=58 + over)
        rows += burst(start + pd.Timedelta(minutes=58), over)
        rows.append({**host, "created_at": closing, "text": "Merci à tous, à jeudi prochain !"})
        rows.append({"created_at": closing + pd.Timedelta(minutes=90), "author_id": "x:late"})
    return table(*rows)


def test_the_host_says_how_an_edition_ended(kept) -> None:
    editions = cl.find_editions(kept)
    about = cl.chat.edition_table(
        kept, editions, hosts=["x:h"], weekly="Thursday 08:00", timezone="UTC"
    )
    assert about["on_time"].tolist() == [True, True, False]
    assert about["minutes_over"].tolist() == [-2, -2, 10]
    assert about["next_announced"].all()
    assert about["thanked"].all()
    unknown = cl.chat.edition_table(kept, editions)
    assert unknown[["closed", "on_time", "thanked"]].isna().all(axis=None)
    assert "not known" in cl.report.show.hosting(unknown).text
    assert "10" in cl.report.show.hosting(about)._repr_html_()


def test_late_posts_say_how_late(kept) -> None:
    late = cl.chat.late_posts(kept, cl.find_editions(kept))
    assert late["edition"].tolist() == [1, 2, 3]
    assert late["minutes_after"].tolist() == [90, 90, 90]
    assert "90" in cl.report.show.late(late)._repr_html_()
    nothing = cl.chat.late_posts(kept.iloc[:0], cl.find_editions(kept.iloc[:0]))
    assert nothing.empty
    assert "twelve hours" in cl.report.show.late(nothing).text


def test_who_returns_is_counted(table) -> None:
    people = [["a", "b", "c", "d"], ["a", "b", "c", "e"], ["a", "b", "f"], ["a", "f", "g"]]
    rows = [
        {
            "author_id": f"x:{name}",
            "author": name,
            "created_at": at("03-05", "08:00") + pd.Timedelta(days=7 * week, minutes=i),
        }
        for week, names in enumerate(people)
        for i, name in enumerate(names)
    ]
    posts = table(*rows)
    editions = pd.Series(
        [week + 1 for week, names in enumerate(people) for _ in names], posts.index, dtype="Int64"
    )
    table_ = cl.chat.retention_table(posts, editions)
    assert table_["newcomers"].tolist() == [4, 1, 1, 1]
    assert table_["returning"].tolist() == [0, 3, 2, 2]
    assert table_["lost"].tolist()[1:] == [1, 2, 1]
    assert table_["came_again"].tolist()[1:] == [3 / 4, 2 / 4, 2 / 3]
    who = cl.chat.attendance_table(posts, editions).set_index("author")["attendance"].to_dict()
    assert who == {
        "a": "regular",
        "b": "regular",
        "c": "not seen lately",
        "f": "returning",
        "d": "once",
        "e": "once",
        "g": "newcomer",
    }
    assert "a" not in cl.chat.attendance_table(posts, editions, without=["x:a"])["author"].tolist()
    shown = cl.report.show.attendance(cl.chat.attendance_table(posts, editions))
    assert "@c" in shown._repr_html_()
    told = cl.report.show.attendance(cl.chat.attendance_table(posts, editions), for_client=True)
    assert "@c" not in told._repr_html_()
    cl.report.plot.retention(table_)
    assert (
        "nobody can have returned"
        in cl.report.plot.retention(table_.head(1)).layout.meta["description"]
    )


def test_a_tag_of_every_day_has_no_editions(table) -> None:
    """Busy days that are every other day stand out from nothing."""
    start = pd.Timestamp("2026-01-01 08:00", tz="UTC")
    times = [
        start + pd.Timedelta(days=day, minutes=25 * i)
        for day in range(60)
        for i in range(20 if day % 2 else 2)
    ]
    rows = [
        {"author_id": f"x:{i % 9}", "text": f"text {i}", "created_at": at}
        for i, at in enumerate(times)
    ]
    assert set(cl.find_editions(table(*rows))) == {1}


def test_the_hosts_opening_and_sign_off_belong_to_the_chat(table) -> None:
    start = pd.Timestamp("2026-03-05 20:00", tz="UTC")
    rows = [
        {"author_id": "h", "text": "Welcome everybody, let's start", "at": -6},
        *[
            {"author_id": f"p{i % 5}", "text": f"A{1 + i // 30} that is how {i}", "at": i}
            for i in range(1, 60)
        ],
        {"author_id": "h", "text": "Q1 what hurts?", "at": 0},
        {"author_id": "h", "text": "Q2 what helps?", "at": 30},
        {"author_id": "h", "text": "Thank you all, that's a wrap", "at": 70},
        {"author_id": "p1", "text": "hours later", "at": 300},
    ]
    rows = [{**row, "created_at": start + pd.Timedelta(minutes=row.pop("at"))} for row in rows]
    posts = table(*rows)
    inside = posts[cl.find_editions(posts).eq(1).fillna(False)]
    assert inside["text"].iloc[0].startswith("Welcome")
    assert inside["text"].iloc[-1].startswith("Thank you all")


def test_days_are_called_days(table) -> None:
    chat = cl.read_chat("data/crowdwork")
    try:
        cl.report.say.name_editions(chat)
        assert "editions" in cl.report.say.chat(chat, chat.editions)
        call_editions_days(True)
        assert "6 days" in cl.report.say.chat(chat, chat.editions)
        cl.set_language("fr")
        told = cl.report.say.scope(chat, 3)
        assert "journée 3" in told
        assert translate("An edition, the editions", "en") == "A day, the days"
    finally:
        call_editions_days(False)
    assert not are_days(cl.chat.edition_table(chat.posts, chat.editions))


def test_how_things_stood_after_an_edition(table) -> None:
    editions = pd.Series([1, 2, 3, pd.NA], dtype="Int64")
    assert cl.chat.editions_up_to(editions, 2).tolist()[:2] == [1, 2]
    assert cl.chat.editions_up_to(editions, 2).isna().sum() == 2
    assert cl.chat.editions_up_to(editions, "all").equals(editions)
