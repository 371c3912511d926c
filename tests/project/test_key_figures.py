"""The figures that a report opens with, against hand counts."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

import chatlab as cl
from tests.conftest import ROOT


@pytest.fixture(scope="module")
def chat() -> Any:
    return cl.read_chat(ROOT / "data" / "crowdwork")


def test_key_figures_are_those_of_the_edition(chat: Any) -> None:
    table = cl.project.key_figures(chat, 6)
    here = chat.posts[chat.posts["in_chat"] & chat.editions.eq(6).fillna(False)]
    assert table["this"]["posts"] == len(here)
    assert table["this"]["people"] == here["author_id"].nunique()
    sizes = chat.posts[chat.posts["in_chat"]].groupby(chat.editions).size()
    assert table["history"]["posts"] == sizes.tolist()
    assert table["usual"]["posts"] == sizes.drop(6).median()
    before = set(chat.posts.loc[chat.editions.lt(6).fillna(False), "author_id"])
    guests = set(here["author_id"].dropna()) - set(chat.parts)
    assert table["this"]["newcomers"] == len(guests - before)
    assert table["out_of"]["newcomers"] == len(guests)
    assert (table["this"]["questions"], table["out_of"]["questions"]) == (6, 6)


def test_the_first_edition_has_no_newcomers(chat: Any) -> None:
    assert "newcomers" not in cl.project.key_figures(chat, 1).index


def test_of_all_posts_nothing_is_usual(chat: Any) -> None:
    table = cl.project.key_figures(chat, None)
    assert table["usual"].isna().all()
    assert table["this"]["posts"] == int(chat.posts["in_chat"].sum())


def test_a_table_without_dates_has_what_can_be_told(tmp_path) -> None:
    path = tmp_path / "posts.csv"
    path.write_text("text,author\nHello,ada\nHi,bob\n", encoding="utf-8")
    chat = cl.read_chat(path, columns={"text": "text", "author": "author"})
    table = cl.project.key_figures(chat, None)
    assert table["this"].to_dict() == {"posts": 2, "people": 2}
    assert "Posts: 2" in repr(cl.report.show.tiles(table))


def test_links_are_counted_without_what_tracks(table: Any) -> None:
    links = [
        ["https://Example.org/a/?utm_source=x&id=1#top", "https://t.co/abc"],
        ["https://example.org/a?id=1"],
        ["javascript:alert(1)", "https://example.org/b", "http://["],
    ]
    posts = table(
        *(
            {"post_id": f"x:{i}", "author_id": f"x:{i}", "author": f"p{i}", "urls": some}
            for i, some in enumerate(links)
        )
    )
    found = cl.posts.link_table(posts)
    assert found["link"].tolist() == ["https://example.org/a?id=1", "https://example.org/b"]
    assert found["people"].tolist() == [2, 1]
    assert found["shown"].tolist() == ["example.org/a?id=1", "example.org/b"]
    assert cl.posts.link_table(posts.iloc[:0]).empty


def test_what_was_learned_is_true_of_its_tables(chat: Any) -> None:
    now = chat.at(6)
    claims = {one.page: one for one in cl.report.say.learned(now)}
    assert 2 <= len(claims) <= 5
    board = now.board
    most = int(board["people"].max())
    asked = claims["02-questions.html"].claim
    assert asked == f"Q{board.loc[board['people'].idxmax(), 'number']} drew most people ({most})."
    marks = chat.insights
    sure = marks[marks["kind"].eq("friction") & marks["certainty"].eq("sure")]
    sure = sure[sure["post_id"].isin(now.posts.index)]
    if "04-market-research.html" in claims:
        told = claims["04-market-research.html"].claim
        assert told.startswith(str(sure["author_id"].nunique()))
    new = cl.project.key_figures(chat, 6)
    expected = (
        f"{int(new['this']['newcomers'])} of {int(new['out_of']['newcomers'])} people are new."
    )
    assert claims["08-editions.html"].claim == expected


def test_a_client_learns_no_names(chat: Any) -> None:
    import dataclasses

    import msgspec

    settings = msgspec.structs.replace(chat.settings, for_client=True)
    now = dataclasses.replace(chat, settings=settings).at(6)
    assert cl.report.say.people_to_know(now) == []
    assert "@" not in " ".join(
        task.what for task in cl.report.say.to_do(now) if "Thank" in task.what
    )
    assert not [task for task in cl.report.say.to_do(now) if task.what.startswith("Thank")]


def test_bars_say_their_numbers() -> None:
    from chatlab.report.show.marks import bars

    told = bars([1, None, 4], ["1", "2", "3"], 'Posts "here"', here=2)
    assert 'aria-label="Posts &quot;here&quot;: 1, –, 4"' in told
    assert told.count('class="bar"') == 2
    assert '<span class="bar here"><span>4</span><i class="h20">' in told
    assert bars([0, 0], ["1", "2"], "Posts").count('class="h0"') == 2


def test_one_post_has_its_figures_too(tmp_path: Path) -> None:
    lines = ["text,author,at", "hello #a,ann,2026-03-05 09:00"]
    (tmp_path / "posts.csv").write_text("\n".join(lines))
    columns = {"text": "text", "author": "author", "created_at": "at"}
    chat = cl.read_chat(tmp_path, columns=columns)
    figures = cl.project.key_figures(chat, chat.at("last").number)
    assert figures["this"][["posts", "people"]].tolist() == [1, 1]
