"""One chat on several networks, and one person under two handles."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

import chatlab as cl
from tests.conftest import ROOT


def account(platform: str, author: str, **more: object) -> dict[str, object]:
    return {
        "platform": platform,
        "author_id": f"{platform}:{author}",
        "author": author,
        "text": f"{author} writes",
    } | more


@pytest.fixture
def posts(table) -> pd.DataFrame:
    return table(
        account("x", "ann_writes", author_name="Ann Example", author_bio="hello"),
        account("mastodon", "annwrites@social.example", author_name="Ann"),
        account("x", "bob1", author_bio="elsewhere: bob.bsky.example"),
        account("bluesky", "bob.bsky.example", author_name="Bob"),
        account("x", "cat_one", author_name="Cat Sample"),
        account("bluesky", "feline.bsky.example", author_name="Cat Sample"),
        account("x", "dan", author_name="Dan Short"),
        account("mastodon", "dan@social.example", author_name="Dan Long"),
        account("x", "eve1", author_name="Twin Name"),
        account("x", "eve2", author_name="Twin Name"),
        account("bluesky", "eve3.bsky.example", author_name="Twin Name"),
    )


def test_pairs_are_suggested_with_the_reason(posts: pd.DataFrame) -> None:
    pairs = cl.people.same_person(posts)
    told = {
        frozenset((one, other)): why
        for one, other, why in pairs[["one_author", "other_author", "why"]].itertuples(index=False)
    }
    # Three signs are too short a handle; two of a name on one network tell nothing of a third.
    assert told == {
        frozenset(("ann_writes", "annwrites@social.example")): "handle",
        frozenset(("bob1", "bob.bsky.example")): "profile",
        frozenset(("cat_one", "feline.bsky.example")): "name",
    }
    assert cl.people.same_person(posts[posts["platform"] == "x"]).empty


def test_an_analyst_decides_who_counts_once(tmp_path: Path) -> None:
    lines = ["platform_id,text,author,replying"]
    lines += ["1,hello,ann,", "2,again,ann_other,", "3,reply,bob,2"]
    (tmp_path / "posts.csv").write_text("\n".join(lines))
    columns = {"text": "text", "author": "author", "post_id": "platform_id", "reply_to": "replying"}
    chat = cl.read_chat(tmp_path, columns=columns)
    assert len(cl.people_table(chat.posts)) == 3
    cl.project.keep_people(chat, cl.people_table(chat.posts))
    kept = pd.read_csv(tmp_path / "people.csv", dtype="str", keep_default_na=False)
    kept.loc[kept["author"] == "ann_other", "same_as"] = "@ann"
    kept.to_csv(tmp_path / "people.csv", index=False)
    once = cl.read_chat(tmp_path, columns=columns)
    people = cl.people_table(once.posts)
    assert len(people) == 2
    ann = people.loc[once.posts.loc[once.posts["author"] == "ann", "author_id"].iloc[0]]
    assert (ann["posts"], ann["answered_by"]) == (2, 1)
    assert any("counted with another" in line for line in cl.report.say.facts(once.assumed))
    # The decision stays when the file is written again.
    cl.project.keep_people(once, people)
    assert len(cl.people_table(cl.read_chat(tmp_path, columns=columns).posts)) == 2


def test_networks_stand_side_by_side(bundled) -> None:
    table = cl.posts.network_table(bundled.posts)
    here = bundled.posts[bundled.posts["in_chat"]]
    assert table["posts"].to_dict() == here["platform"].value_counts().to_dict()
    assert table["people"].sum() == here["author_id"].nunique()
    assert table.index[0] == "x"


def test_a_group_elsewhere_is_one_more_network(tmp_path: Path) -> None:
    bundled = ROOT / "data" / "crowdwork" / "crowdwork_x.jsonl"
    (tmp_path / bundled.name).write_bytes(bundled.read_bytes())
    (tmp_path / "group.csv").write_text(
        "Date,Member,Comment\n2026-04-10 09:00,Ann Example,We pay\n"
    )
    (tmp_path / "chat.toml").write_text(
        'hashtag = "crowdwork"\nplatform = "other"\n[columns]\ntext = "Comment"\n'
        'created_at = "Date"\nauthor = "Member"\n'
    )
    chat = cl.read_chat(tmp_path)
    table = cl.posts.network_table(chat.posts)
    assert table["posts"]["other"] == 1
    assert table["posts"]["x"] > 1_000
    assert chat.replies_known
