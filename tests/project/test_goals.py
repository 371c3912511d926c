"""Goals, followers, the sheet of people, the plan, feedback."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pandas as pd
import pytest

import chatlab as cl
from chatlab.errors import SettingsError, UnknownFormatError, UnreadableFileError
from tests.conftest import ROOT, written_key

CROWDWORK = ROOT / "data" / "crowdwork"


def test_the_goal_is_set_beside_what_came_of_it(bundled) -> None:
    table = cl.project.goal_table(bundled.at("last"))
    figures = cl.project.key_figures(bundled, 6)
    assert table["reached"]["newcomers"] == figures["this"]["newcomers"]
    board = bundled.at("last").board.set_index("number")
    assert table["reached"]["answers"] == board["people"][3]
    assert table["met"]["newcomers"] == (table["reached"]["newcomers"] >= 30)
    shown = cl.report.show.goals(table)
    assert "30 wanted" in shown.text
    assert cl.report.show.goals(table.iloc[:0]).html == ""


def test_what_cannot_be_told_is_missing(bundled) -> None:
    first = cl.project.goal_table(bundled.at(1))
    assert first["reached"].isna()["newcomers"]
    assert "cannot be told" in cl.report.show.goals(first).text


def test_an_unknown_goal_is_refused(tmp_path: Path) -> None:
    (tmp_path / "chat.toml").write_text("[goal]\nfame = 3\n")
    (tmp_path / "posts.csv").write_text("text\nhello\n")
    with pytest.raises(SettingsError, match="fame"):
        cl.read_chat(tmp_path)


FOLLOWERS = """window.YTD.follower.part0 = [
  { "follower" : { "accountId" : "11", "userLink" : "https://x.example/i/user/11" } },
  { "follower" : { "accountId" : "12" } }, { "follower" : { "accountId" : "11" } } ]"""


def test_followers_are_read_from_an_archive(tmp_path: Path) -> None:
    folder = tmp_path / "archive" / "data"
    folder.mkdir(parents=True)
    (folder / "follower.js").write_text(FOLLOWERS)
    (folder / "direct-messages.js").write_text("never opened")
    packed = tmp_path / "archive.zip"
    with zipfile.ZipFile(packed, "w") as archive:
        archive.write(folder / "follower.js", "data/follower.js")
    for path in (folder / "follower.js", folder, tmp_path / "archive", packed):
        assert cl.io.read_followers(path) == ["x:11", "x:12"]
    with pytest.raises(UnreadableFileError, match=r"follower\.js"):
        cl.io.read_followers(tmp_path / "nothing")
    (folder / "follower.js").write_text('[{"like": 1}]')
    with pytest.raises(UnknownFormatError):
        cl.io.read_followers(folder)


def test_everybody_is_in_one_sheet(bundled) -> None:
    sheet = cl.project.people_sheet(bundled)
    here = bundled.posts[bundled.posts["in_chat"]]
    assert len(sheet) == here["author_id"].nunique()
    assert sheet["posts"].sum() == len(here)
    awa = sheet[sheet["author"] == "demo_awa_ndiaye_colin"].iloc[0]
    assert awa["part"] == "panel"
    answered = bundled.answers.assign(
        who=bundled.posts["author_id"].reindex(bundled.answers["post_id"]).to_numpy()
    )
    mine = answered[answered["who"] == awa.name].drop_duplicates(["question_id", "number"])
    assert awa["questions"] == len(mine)
    assert awa["profile"] == "https://x.example/demo_awa_ndiaye_colin"
    quiet = sheet[sheet["author"] == "demo_PromoTaches24_fictif"]
    assert quiet["best_words"].isna().all()
    assert sheet["influence_rank"].min() == 1


def test_the_sheet_of_pseudonyms_names_nobody(tmp_path: Path) -> None:
    privacy = cl.project.Privacy(str(written_key(tmp_path)), ())
    sheet = cl.project.people_sheet(cl.read_chat(CROWDWORK, privacy=privacy))
    told = " ".join(map(str, sheet.to_numpy().ravel()))
    assert "demo_" not in told
    assert (sheet[["note", "thanked_on"]] == "").all(axis=None)


def test_the_plan_leads_to_the_next_edition(bundled) -> None:
    plan = cl.project.teaser_plan(bundled)
    assert plan["task"].tolist() == ["announce", "questions", "remind", "edition", "recap"]
    assert plan["when"].is_monotonic_increasing
    edition = plan.set_index("task")["when"]["edition"].tz_convert(bundled.zone)
    assert (edition.weekday(), edition.hour) == (3, 9)
    assert "#crowdwork" in cl.report.show.plan(plan, bundled.title, zone=bundled.zone).text
    assert cl.report.show.plan(plan.iloc[:0], "").absent


def test_feedback_is_read_with_the_memories(tmp_path: Path) -> None:
    (tmp_path / "posts.csv").write_text("text,author\nhello,ann\n")
    (tmp_path / "memory.csv").write_text("who;what;about;note\nhost;best;Q1;\n")
    (tmp_path / "feedback-friend.csv").write_text("who;what;about;note\nfriend;good;Q1;\n")
    chat = cl.read_chat(tmp_path, columns={"text": "text", "author": "author"})
    memory = cl.project.chat_memory(chat)
    assert memory[["who", "what"]].to_numpy().tolist() == [
        ["host", "best moment"],
        ["friend", "went well"],
    ]
    assert len(chat.posts) == 1


def test_what_went_well_drew_half_of_the_people(table) -> None:
    board = pd.DataFrame(
        {
            "number": [1, 2, 3],
            "people": [9, 4, 1],
            "question_id": ["x:1", "x:2", "x:3"],
            "minutes_to_first": 1.0,
            "best_answer": None,
        }
    )
    memory = pd.DataFrame(
        {"who": "a", "what": "went well", "about": ["Q1", "Q2", "Q3"], "note": ""}
    )
    compared = cl.people.compare_memory(memory, table({"text": "hello"}), board=board)
    assert compared["verdict"].tolist() == ["agrees", "agrees", "figures differ"]


def test_days_clashes_and_the_teams_own_posts(table) -> None:
    monday = pd.Timestamp("2026-03-02 09:00", tz="UTC")

    def row(author: str, hours: float, tags: list[str], **more: object) -> dict[str, object]:
        when = monday + pd.Timedelta(hours=hours)
        told = {"author_id": f"x:{author}", "author": author, "created_at": when}
        return told | {"hashtags": tags, "text": f"{author} {hours} says things"} | more

    posts = table(
        *[row(f"p{i}", i / 60, ["chat"]) for i in range(10)],
        *[row(f"o{i}", 168 + i / 60, ["other"]) for i in range(3)],
        *[row(f"q{i}", 175, ["quiet"]) for i in range(3)],
        row("tue", 30, ["chat"]),
        row("tue2", 31, ["chat"]),
        row("host", 0.5, ["chat"], likes=9),
        row("host", 0.6, ["chat"], likes=5, text="Q1 What now?"),
        row("host", 0.7, ["chat"], likes=3, text="Thank you all"),
    )
    inside = posts["created_at"] < monday + pd.Timedelta(hours=1)
    editions = pd.Series(1, posts.index, dtype="Int64").where(inside)
    days = cl.chat.weekday_table(posts, editions=editions)
    assert days["people"].tolist() == [6, 2, 0, 0, 0, 0, 0]
    assert days["dates"].tolist() == [1, 1, 0, 0, 0, 0, 0]
    clashes = cl.chat.clash_table(posts, editions, ["chat"])
    assert clashes.to_dict("index") == {"other": {"people": 3, "posts": 3, "share": 1.0}}
    assert "#other" in cl.report.say.clashes(clashes)[0]
    ours = cl.chat.team_posts(posts, editions, ["x:host"])
    assert ours["engagement"].tolist() == [9]


def test_pictures_and_clicks(table) -> None:
    picture = {"media": ["https://x.example/a.png"], "media_alt": ["a chart"]}
    link = {"urls": ["https://news.example/a?utm_source=x"]}
    posts = table(
        {"author_id": "x:ann", "author": "ann", **picture, **link},
        {"author_id": "x:bob", "author": "bob", "kind": "repost", "repost_of": "x:1"},
        {"author_id": "x:cat", "author": "cat", **link},
    )
    media = cl.posts.media_table(posts).iloc[0]
    assert (media["posts"], media["passed_on"], media["alt"]) == (1, 2, "a chart")
    links = cl.posts.link_table(posts).iloc[0]
    assert links["authors"] == ["ann", "cat"]
    analytics = pd.DataFrame({"url_clicks": [7], "impressions": [70]}, index=["x:1"])
    clicks = cl.posts.link_clicks(posts, analytics)
    assert clicks[["link", "clicks"]].to_numpy().tolist() == [["https://news.example/a", 7]]
    assert cl.posts.link_clicks(posts, pd.DataFrame()).empty
    assert cl.posts.media_table(posts.iloc[1:2]).empty
