"""The host's own account, the platform's own figures, and the next edition."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

import chatlab as cl
from tests.conftest import ROOT

HOST = {"author_id": "x:h", "author": "host"}
ADA = {"author_id": "x:a", "author": "ada"}


def test_the_account_by_its_rules(table) -> None:
    posts = table(
        {**HOST, "post_id": "x:1", "text": "Q1 who pays?", "thread_id": "x:1"},
        {**HOST, "post_id": "x:2", "text": "Inscription ouverte, lien en bio", "thread_id": "x:2"},
        {**HOST, "post_id": "x:3", "text": "news", "thread_id": "x:3"},
        {**ADA, "post_id": "x:4", "text": "host, a word?", "mentions": ["x:h"], "thread_id": "x:4"},
        {
            **ADA,
            "post_id": "x:5",
            "text": "hey",
            "reply_to": "x:1",
            "reply_to_author": "x:h",
            "thread_id": "x:1",
        },
        {
            **HOST,
            "post_id": "x:6",
            "text": "write me a DM",
            "reply_to": "x:4",
            "reply_to_author": "x:a",
            "thread_id": "x:4",
        },
        {**HOST, "text": "RT", "repost_of": "x:4"},
    )
    about = cl.people.account_table(posts, "x:h")["amount"]
    assert about.to_dict() == {
        "own_posts": 4,
        "promotion": 1 / 4,
        "broadcast": 2 / 4,
        "conversation": 1 / 4,
        "numbered_questions": 1 / 4,
        "reposts_given": 1,
        "mentions": 1,  # the reply to Q1 is an answer
        "mentions_answered": 1,
        "minutes_to_answer": 2,
        "minutes_at_work": 0,
        "started_by_others": 1,
        "started_by_account": 1,
        "taken_to_private": 1,
    }
    nobody = cl.people.account_table(posts, "x:nobody")
    unknown = ["promotion", "mentions_answered", "minutes_to_answer", "minutes_at_work"]
    assert nobody.loc[unknown, "amount"].isna().all()
    assert "25%" in cl.report.show.account(cl.people.account_table(posts, "x:h"))._repr_html_()
    assert "no account to describe" in cl.report.show.account(nobody).text


@pytest.fixture
def chat() -> cl.project.Chat:
    return cl.read_chat(ROOT / "data" / "crowdwork")


def test_the_owners_exports_are_set_beside_the_posts(chat) -> None:
    own = cl.project.chat_analytics(chat)
    compared = cl.people.compare_analytics(chat.posts, own.posts)
    host = chat.posts["author_id"].eq(chat.host_ids[0]) & chat.posts["kind"].ne("repost")
    assert compared["where"].value_counts().to_dict() == {
        "both": host.sum() - 1,
        "only in the export": 2,
        "only here": 1,
    }
    both = compared[compared["where"] == "both"]
    pd.testing.assert_series_equal(
        both["impressions"].astype("int64"),
        chat.posts.loc[both.index, "impressions"].astype("int64"),
        check_names=False,
    )
    assert (both["potential"] >= 3100).all()
    assert both["seen"].between(0, 1).all()
    assert both["engagement_rate"].between(0, 0.2).all()
    assert any("only in the export" in line for line in cl.report.say.analytics(compared))
    growth = cl.people.follower_growth(own.days, chat.posts, chat.editions, zone=chat.zone)
    assert growth["day"].dt.day_name().eq("Thursday").all()
    assert growth["net"].mean() > growth["usual"].iloc[0]
    assert "Balance" in cl.report.show.followers(growth)._repr_html_()


def test_destroyed_ids_are_matched_by_text(chat, tmp_path: Path) -> None:
    own = cl.project.chat_analytics(chat).posts
    broken = own.assign(url=None)
    broken.index = pd.Index([f"x:f#{i}" for i in range(len(own))], dtype="str")
    compared = cl.people.compare_analytics(chat.posts, broken)
    assert (compared["where"] == "both").sum() == len(own) - 2


def test_without_exports_it_is_said(tmp_path: Path, chat, table) -> None:
    posts = table({**ADA, "text": "hello"})
    nothing = pd.DataFrame(columns=["created_at", "text", "url", "impressions", "engagements"])
    compared = cl.people.compare_analytics(posts, nothing)
    assert "folder named analytics" in cl.report.show.analytics(compared).text
    assert cl.report.say.analytics(compared) == []
    growth = cl.people.follower_growth(nothing, posts, cl.find_editions(posts))
    assert "account overview" in cl.report.show.followers(growth).text


def test_what_to_ask_when_and_what_to_share(chat) -> None:
    posts, editions = chat.posts, chat.editions
    hours = cl.chat.hour_table(posts, zone=chat.zone, editions=editions)
    assert hours["in_editions"].idxmax() == 9
    assert hours[["in_editions", "between"]].to_numpy().sum() == posts["in_chat"].sum()
    assert "come at 9 h" in cl.report.say.best_hour(hours, chat.zone)
    share = cl.chat.posts_to_share(posts, hosts=chat.host_ids, cases=["x:none"])
    assert not share["author"].isin(["demo_camille_rochebrune", "demo_PromoTaches24_fictif"]).any()
    assert share["engagement"].is_monotonic_decreasing
    open_ = cl.unanswered_questions(posts, hosts=chat.host_ids)
    themes = pd.DataFrame({"name": ["pay"], "examples": [["x:1"]]})
    market = pd.DataFrame({"name": ["pay"], "friction": [9], "open": [4]})
    recurrence = pd.DataFrame({"type": ["steady"], "slices": [6], "of": [6], "people": [9]})
    found = cl.chat.candidate_questions(open_, themes, recurrence=recurrence, market=market, n=3)
    surely = open_[open_["to"].isna() & open_["certainty"].eq("sure")]
    surely = surely[surely["reason"].eq("no reply")]
    asked = min(3, len(surely))
    assert asked > 0
    assert found["origin"].tolist() == ["friction", *["question"] * asked]
    assert not found["about"].str.contains("#crowdwork").any()
    only = cl.chat.candidate_questions(open_.iloc[:0], themes, recurrence=recurrence)
    assert only["origin"].tolist() == ["theme"]
    assert only[["people", "slices", "of"]].iloc[0].tolist() == [9, 6, 6]
    assert "9 people" in cl.report.show.candidates(only, posts).text
    none = cl.chat.candidate_questions(open_.iloc[:0], themes.iloc[:0])
    assert "No candidate" in cl.report.show.candidates(none, posts).text
    assert "No candidate" in cl.report.say.next_edition(none, hours, pd.DataFrame(), chat.zone)


def test_empty_posts_have_an_hour_table_too(table) -> None:
    hours = cl.chat.hour_table(table({"text": "x"}).iloc[:0])
    assert hours[["in_editions", "between"]].to_numpy().sum() == 0
    assert "No post has a date" in cl.report.plot.hours(hours).layout.meta["description"]
    assert "Too few people" in cl.report.say.best_hour(hours, "UTC")


def test_which_themes_stayed(table) -> None:
    posts = table(*[{"text": str(i)} for i in range(18)])
    editions = pd.Series([1] * 9 + [2] * 9, posts.index, dtype="Int64")
    themes = pd.Series([0, 1, 2] * 3 + [0, 1, 3] * 3, posts.index, dtype="Int64")
    names = {0: "pay", 1: "brief", 2: "logo", 3: "ai"}
    assert cl.chat.stayed_themes(themes, editions, names) == {
        "stayed": ["pay", "brief"],
        "came": ["ai"],
        "went": ["logo"],
    }
    once = cl.chat.stayed_themes(themes, editions.where(editions == 1), names)
    assert once == {"stayed": [], "came": [], "went": []}
    asked = cl.unanswered_questions(posts)
    assert cl.report.say.stayed(once, asked) == []


def test_what_a_file_cannot_tell_of_an_account_is_missing(table) -> None:
    posts = table(
        {"author_id": "x:1", "author": "ada", "text": "hello @bob", "mentions": ["x:2"]},
        {"author_id": "x:3", "author": "cy", "text": "and @bob", "mentions": ["x:2"]},
    )
    silent = cl.people.account_table(posts, "x:2")["amount"]
    assert silent["mentions"] == 2
    assert pd.isna(silent["mentions_answered"])
    assert silent[["started_by_account", "started_by_others"]].isna().all()


def test_conversations_follow_the_replies_where_there_are_no_threads(table) -> None:
    posts = table(
        {"author_id": "x:1", "author": "ada", "text": "hello"},
        {"author_id": "x:2", "author": "bob", "text": "hi", "reply_to": "x:1",
         "reply_to_author": "x:1"},
        {"author_id": "x:1", "author": "ada", "text": "well", "reply_to": "x:2",
         "reply_to_author": "x:2"},
    )  # fmt: skip
    assert cl.people.account_table(posts, "x:1")["amount"]["started_by_account"] == 1
    assert cl.people.account_table(posts, "x:2")["amount"]["started_by_others"] == 1


def test_an_account_alone_in_its_archive_has_figures(table) -> None:
    posts = table(
        {"author_id": "x:1", "author": "ada", "text": "hello @bob", "mentions": ["x:2"]},
        {"author_id": "x:1", "author": "ada", "text": "how to ask?"},
    )
    amounts = cl.people.account_table(posts, "x:1")["amount"]
    assert amounts["own_posts"] == 2
    assert amounts["mentions"] == 0
    assert cl.network.role_table(cl.reply_graph(posts), posts, pd.Series(dtype="Int64")) is not None
