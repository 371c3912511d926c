"""Editions, activity, influence, reach, people: expectations computed by hand."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

import chatlab as cl


def at(clock: str) -> pd.Timestamp:
    return pd.Timestamp(f"2026-03-{clock}", tz="UTC")


def busy(table, *starts: str, posts: int = 12) -> pd.DataFrame:
    """Twelve posts in as many minutes at each start, and one lonely post a day later."""
    rows = []
    for start in starts:
        rows += [{"created_at": at(start) + pd.Timedelta(minutes=i)} for i in range(posts)]
        rows.append({"created_at": at(start) + pd.Timedelta(hours=26)})
    return table(*[{**row, "post_id": f"x:{i}"} for i, row in enumerate(rows)])


def test_editions_are_busy_stretches_separated_by_quiet(table) -> None:
    posts = busy(table, "05 08:00", "12 08:00", "19 07:00")
    editions = cl.find_editions(posts)
    assert editions.index.equals(posts.index)
    assert editions.value_counts().sort_index().to_dict() == {1: 12, 2: 12, 3: 12}
    assert editions.isna().sum() == 3


def test_pause_shorter_than_six_hours_does_not_cut(table) -> None:
    posts = busy(table, "05 08:00", "05 13:00")
    assert cl.find_editions(posts).dropna().unique().tolist() == [1]


def test_few_posts_are_one_edition(table) -> None:
    posts = table({}, {}, {"in_chat": False}, {"created_at": None})
    assert cl.find_editions(posts).tolist() == [1, 1, pd.NA, pd.NA]


def test_no_dates_no_editions(table) -> None:
    posts = table({"created_at": None}, {"created_at": None})
    editions = cl.find_editions(posts)
    assert editions.isna().all()
    assert len(cl.chat.select_edition(posts, editions, "last")) == 2
    assert cl.chat.edition_table(posts, editions).empty


def test_edition_table_counts_early_and_late(table) -> None:
    posts = busy(table, "05 08:00")
    early = table(
        {"post_id": "x:90", "created_at": at("05 06:00")},
        {"post_id": "x:91", "created_at": at("05 12:00")},
        {"post_id": "x:92", "created_at": at("04 01:00")},
    )
    posts = cl.combine_posts(posts, early)
    row = cl.chat.edition_table(posts, cl.find_editions(posts)).loc[1]
    assert row["start"] == at("05 08:00")
    assert row["end"] == at("05 08:11")
    assert (row["posts"], row["early"], row["late"]) == (12, 1, 1)


def test_planted_editions_are_found(simulated) -> None:
    posts, truth = simulated
    found = cl.find_editions(posts)
    table = cl.chat.edition_table(posts, found)
    assert len(table) == 6
    local = table["start"].dt.round("15min").dt.tz_convert("Europe/Paris")
    assert local.dt.hour.tolist() == [9] * 6  # the clock changed in between
    assert "10:04" < table["end"].dt.tz_convert("Europe/Paris").iloc[5].strftime("%H:%M") < "10:15"
    both = truth["edition"].notna()
    assert (found[both] == truth["edition"][both]).mean() > 0.98


@pytest.mark.parametrize("edition", ["first", 0, 7, "9"])
def test_unknown_edition_is_an_error(simulated, edition) -> None:
    posts, _ = simulated
    with pytest.raises(cl.errors.SettingsError, match="1 to 6"):
        cl.chat.select_edition(posts, cl.find_editions(posts), edition)


def test_edition_comparison_uses_the_median_of_the_others() -> None:
    start = pd.to_datetime(["2026-03-05 08:00"] * 4, utc=True)
    table = pd.DataFrame(
        {
            "start": start,
            "end": start + pd.Timedelta(minutes=60),
            "posts": [10, 20, 90, 30],
            "people": [5, 10, 9, 10],
            "late": [0, 0, 0, 4],
        },
        index=[1, 2, 3, 4],
    )
    compared = cl.chat.edition_comparison(table, 4)
    assert compared.loc["posts"].tolist() == [30, 20, 0.5]  # others: 10, 20, 90
    assert compared.loc["posts_per_person", "this"] == 3
    assert np.isnan(compared.loc["late", "change"])  # the others have none: no ratio


def test_activity_has_no_gaps_and_keeps_every_post(table) -> None:
    posts = table(
        {"created_at": at("05 08:00")},
        {"created_at": at("05 08:03"), "repost_of": "x:1"},
        {"in_chat": False},
    )
    activity = cl.posts.activity_table(posts, zone="Europe/Paris")
    assert activity.index[0] == pd.Timestamp("2026-03-05 09:00")
    assert len(activity) == 4
    assert activity.to_numpy().sum() == 2


def test_days_begin_at_midnight_of_the_zone(table) -> None:
    posts = table({"created_at": at("05 23:30")}, {"created_at": at("06 01:00")})
    assert cl.posts.activity_table(posts, step="1D", zone="Europe/Paris")["post"].tolist() == [2]
    assert cl.posts.activity_table(posts, step="1D")["post"].tolist() == [1, 1]


def test_kinds_add_up(simulated) -> None:
    posts, _ = simulated
    table = cl.posts.kind_table(posts)
    assert table["posts"].sum() == posts["in_chat"].sum()
    assert table["share"].sum() == pytest.approx(1)


def test_top_posts_leave_out_reposts_and_posts_without_counts(table) -> None:
    posts = table({"likes": 1}, {"likes": 5, "reposts": 1}, {}, {"repost_of": "x:2"}, {"likes": 0})
    assert list(cl.posts.top_posts(posts).index) == ["x:2", "x:1"]
    assert list(cl.posts.top_posts(posts, by="reposts").index) == ["x:2"]
    with pytest.raises(cl.errors.SettingsError, match="fame"):
        cl.posts.top_posts(posts, by="fame")


def test_discussed_and_shared_posts_count_people_first(table) -> None:
    a, b, c = (
        {"author_id": f"x:{i}", "author": name} for i, name in ((1, "a"), (2, "b"), (3, "c"))
    )
    posts = table(
        {**a},
        {**b},
        {**b, "reply_to": "x:1"},
        {**b, "reply_to": "x:1"},
        {**a, "reply_to": "x:1"},
        {**a, "reply_to": "x:2"},
        {**c, "reply_to": "x:2"},
        {**c, "repost_of": "x:1"},
        {**c, "reply_to": "x:404"},
    )
    discussed = cl.posts.discussed_posts(posts)
    assert discussed[["people", "answers"]].to_dict("index") == {
        "x:2": {"people": 2, "answers": 2},
        "x:1": {"people": 1, "answers": 2},  # a's reply to herself does not count
    }
    assert cl.posts.shared_posts(posts)["shares"].to_dict() == {"x:1": 1}


def test_visibility_counts_what_a_reply_graph_misses(table) -> None:
    posts = table(
        {"author_id": "x:1", "text": "A1 yes"},
        {"author_id": "x:1", "text": "@host R.2: no", "reply_to_author": "x:2"},
        {"author_id": "x:2", "text": "#tag réponse 3 ok", "quote_of_author": "x:9"},
        {"author_id": "x:2", "text": "A1c5 is a colour", "reply_to_author": "x:2"},
        {"author_id": "x:3", "text": "A level", "reply_to": "x:77"},
        {"author_id": "x:3", "text": "A1 copied", "repost_of": "x:1"},
    )
    seen = cl.network.visibility_table(posts)["count"]
    assert seen.to_dict() == {
        "own": 5,
        "replies": 3,
        "to_oneself": 1,
        "to_outside": 0,
        "to_unknown": 1,
        "ties": 1,
        "marked_answers": 2,
    }


def test_reach_is_by_formula(table) -> None:
    posts = table(
        {"author_id": "x:1", "author_followers": 100, "impressions": 7},
        {"author_id": "x:1", "author_followers": 110},
        {"author_id": "x:2", "author_followers": 50, "repost_of": "x:1"},
        {"author_id": "x:3"},
        {"author_id": "x:4", "author_followers": 1000, "in_chat": False},
    )
    reach = cl.reach_table(posts)
    assert reach["value"].to_dict() == {
        "unique_followers": 110 + 50,
        "sum_of_followers": 110,
        "posts_times_followers": 100 + 110 + 50,
        "reposters_audience": 50,
        "largest_audience": 110,
        "impressions": 7,
        "amplification": 1 / 3,
        "posts_per_person": 4 / 3,
        "repost_rate": 1 / 4,
    }
    assert reach.loc["unique_followers", "known"] == pytest.approx(2 / 3)
    assert reach.loc["sum_of_followers", "known"] == 1 / 2


def test_reach_without_followers_cannot_be_computed(table) -> None:
    reach = cl.reach_table(table({"author_id": "x:1"}))["value"]
    assert reach.loc["unique_followers":"impressions"].isna().all()
    assert reach["posts_per_person"] == 1
    shown = cl.report.show.reach(cl.reach_table(table({"author_id": "x:1"})))
    assert "Cannot be computed from this file: Followers of all" in shown.html
    assert "Repost rate" in shown.html


def test_people_and_key_people(table) -> None:
    posts = table(
        {"author_id": "x:1", "author": "ada", "likes": 2},
        {"author_id": "x:2", "author": "bob", "reply_to": "x:1"},
        {"author_id": "x:3", "author": "cy", "reply_to": "x:1"},
        {"author_id": "x:1", "author": "ada", "reply_to": "x:1"},
        {"author_id": "x:1", "author": "ada", "reply_to": "x:2"},
    )
    people = cl.people_table(posts)
    ada = people.loc["x:1"]
    assert (ada["posts"], ada["post"], ada["reply"], ada["answered_by"]) == (3, 1, 2, 2)
    assert ada["engagement"] == 2
    assert pd.isna(people.loc["x:2", "engagement"])
    keys = cl.people.key_people(people, host=["x:1"])
    assert keys["part"].to_dict() == {"x:1": "host", "x:2": "participant"}


WORK = {
    "find_editions": cl.find_editions,
    "reply_graph": cl.reply_graph,
    "interaction_graph": cl.interaction_graph,
    "thread_graph": cl.thread_graph,
    "hashtag_graph": cl.hashtag_graph,
    "activity_table": cl.posts.activity_table,
    "kind_table": cl.posts.kind_table,
    "top_posts": cl.posts.top_posts,
    "discussed_posts": cl.posts.discussed_posts,
    "shared_posts": cl.posts.shared_posts,
    "visibility_table": cl.network.visibility_table,
    "reach_table": cl.reach_table,
    "people_table": cl.people_table,
    "coverage_table": cl.posts.coverage_table,
    "engagement": cl.posts.engagement,
    "check_posts": cl.check_posts,
    "select_posts": lambda posts: cl.select_posts(posts, langs=["fr"]),
    "combine_posts": cl.combine_posts,
    "pseudonymize": lambda posts: cl.pseudonymize(posts, key="a key for tests only"),
    "remove_author": lambda posts: cl.remove_author(posts, "demo_awa_ndiaye_colin"),
}


@pytest.mark.parametrize("name", WORK)
def test_no_function_changes_its_input(simulated, name: str) -> None:
    posts = simulated[0]
    before = posts.copy()
    result = WORK[name](posts)
    pd.testing.assert_frame_equal(posts, before)
    if isinstance(result, pd.Series):
        assert result.index.equals(posts.index)


@pytest.mark.parametrize("name", sorted(set(WORK) - {"remove_author", "check_posts"}))
def test_no_function_fails_on_an_empty_table(name: str) -> None:
    WORK[name](cl.posts.empty_posts())


def test_only_codes_are_translated() -> None:
    cl.set_language("fr")
    named = pd.DataFrame({"name": ["open", "mentions"], "phrases": [["new"], ["case"]]})
    html = cl.report.show.table(named).html
    assert "open" in html
    assert "mentions" in html
    assert "nouveau" not in html
    coded = cl.report.show.table(pd.DataFrame({"reason": ["no reply"], "text": ["no reply"]})).html
    assert "sans réponse" in coded
    assert "no reply" in coded
