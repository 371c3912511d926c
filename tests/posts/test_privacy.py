from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

import chatlab as cl
from chatlab.project.gathering import gather_settings
from chatlab.project.opening import open_chat
from tests.conftest import ROOT, written_key

KEY = "a secret of some length"


@pytest.fixture
def people(table) -> pd.DataFrame:
    ada = {
        "author_id": "x:7",
        "author": "ada_byron",
        "author_name": "Ada Byron",
        "author_bio": "I am Ada",
    }
    return table(
        {
            **ada,
            "text": "My page: https://x.com/ada_byron/status/1 and https://t.co/zz",
            "urls": ["https://x.com/ada_byron/status/1", "https://other.example/page"],
            "url": "https://x.com/ada_byron/status/1",
        },
        {
            "author_id": "x:8",
            "author": "bob",
            "author_name": "Robert Zane",
            "author_bio": "friend of @ada_byron",
            "text": "@ada_byron thanks Ada! ADA BYRON knows, ask ada_byron or .@Ada_Byron "
            "#ada_byron",
            "hashtags": ["ada_byron", "tag"],
            "mentions": ["x:7"],
            "reply_to": "x:1",
            "reply_to_author": "x:7",
            "thread_id": "x:1",
        },
        {
            "author_id": "x:9",
            "author": "cy",
            "text": "",
            "repost_of": "x:1",
            "repost_of_author": "x:7",
        },
        {
            "author_id": "x:9",
            "author": "cy",
            "text": "the adage about Bob and @stranger",
            "mentions": ["x:@stranger"],
            "quote_of": "x:1",
            "quote_of_author": "x:7",
        },
    )


def everything(posts: pd.DataFrame) -> str:
    return posts.to_csv() + repr(cl.interaction_graph(posts).nodes(data=True))


def test_pseudonyms_reach_texts_links_ids_and_graphs(people) -> None:
    hidden = cl.check_posts(cl.pseudonymize(people, key=KEY))
    told = everything(hidden).casefold()
    for name in (
        "ada_byron",
        "ada byron",
        "robert zane",
        "x:7",
        "x:1,",
        "@bob",
        "stranger",
        "t.co/zz",
        "status/1",
    ):
        assert name not in told, name
    assert "adage" in told
    assert "https://other.example/page" in told


def test_pseudonyms_keep_the_conversation(people) -> None:
    hidden = cl.pseudonymize(people, key=KEY)
    assert sorted(hidden["kind"]) == sorted(people["kind"])
    before, after = cl.reply_graph(people), cl.reply_graph(hidden)
    assert (len(before), before.size("weight")) == (len(after), after.size("weight"))
    reply = hidden[hidden["kind"] == "reply"].iloc[0]
    assert reply["reply_to"] in hidden.index
    shown = hidden.loc[reply["reply_to"], "author"]
    assert reply["text"].startswith(f"@{shown} thanks {shown}!")


def test_same_key_gives_same_pseudonyms_and_another_key_others(people) -> None:
    one = cl.pseudonymize(people, key=KEY)
    pd.testing.assert_frame_equal(one, cl.pseudonymize(people, key=KEY.encode()))
    assert set(one["author"]).isdisjoint(cl.pseudonymize(people, key=KEY + "!")["author"])


def test_short_key_is_refused(people) -> None:
    with pytest.raises(cl.errors.SettingsError, match="at least 16"):
        cl.pseudonymize(people, key="short")


@pytest.mark.parametrize("name", ["ada_byron", "@Ada_Byron", "x:7"])
def test_removed_person_stands_nowhere(people, name: str) -> None:
    left = cl.check_posts(cl.remove_author(people, name))
    assert list(left.index) == ["x:2", "x:4"]  # their post and the repost of it are gone
    told = everything(left).casefold()
    for trace in ("ada_byron", "ada byron", "x:7", "thanks ada"):
        assert trace not in told, trace
    assert left["kind"].tolist() == ["post", "post"]
    assert left["text"].iloc[0].startswith("[…] thanks […]!")
    assert left["author"].tolist() == ["bob", "cy"]


def test_person_who_is_only_mentioned_can_be_removed(people) -> None:
    left = cl.remove_author(people, "@stranger")
    assert "stranger" not in everything(left)
    assert len(left) == len(people)


def test_removing_nobody_is_an_error(people) -> None:
    with pytest.raises(cl.errors.SettingsError, match="Nobody is called"):
        cl.remove_author(people, "@zelda")


def test_parts_of_names_go_where_they_can_be_nothing_else(table) -> None:
    posts = table(
        {"author_id": "x:7", "author": "arose", "author_name": "Rose Quentric", "text": "hello"},
        {"author_id": "x:8", "author": "bee", "author_name": "Bea Quentric", "text": "a rose is"},
        {"author_id": "x:9", "author": "cy", "text": "Thanks Bea! Rose is a flower, Quentric no."},
    )
    hidden = cl.pseudonymize(posts, key=KEY)
    bea = hidden["author"].iloc[1]
    assert hidden["text"].iloc[2] == f"Thanks {bea}! Rose is a flower, […] no."
    assert cl.remove_author(posts, "@bee")["text"].iloc[1].startswith("Thanks […]! Rose")


def test_settings_follow_the_pseudonyms(tmp_path: Path) -> None:
    key = written_key(tmp_path)
    chat = open_chat(
        gather_settings(
            ROOT / "data" / "crowdwork",
            privacy=cl.project.Privacy(str(key), ("demo_awa_ndiaye_colin",)),
        )
    )
    assert len(chat.protected) == 5
    assert len(chat.settings.panel) == 3
    assert chat.author_ids(chat.settings.hosts)
    told = everything(chat.posts) + repr(chat.settings.hosts) + repr(chat.settings.panel)
    assert "demo_" not in told
    for name in ("Rochebrune", "Ndiaye", "Oostveen", "Okoro", "Camille", "Awa"):
        assert name not in told, name


def test_somebody_is_looked_for_where_nobody_has_a_handle(table) -> None:
    posts = table({"author_id": "x:7", "text": "hello"}, {"text": "hi @zelda"})
    with pytest.raises(cl.errors.SettingsError, match="Nobody is called"):
        cl.remove_author(posts, "a")
    assert "zelda" not in " ".join(cl.remove_author(posts, "@zelda")["text"])
