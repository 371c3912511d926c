"""Insults, quarrels, and what is asked of a brand without its handle."""

from __future__ import annotations

import pandas as pd
import pytest

import chatlab as cl
from chatlab.people.tone import abusive_words
from chatlab.themes.typical import is_abusive


@pytest.mark.parametrize(
    "text",
    [
        "@brand you are a bunch of idiots",
        "@brand Idiots.",
        "@ann vous êtes des menteurs",
        "@ann bande de salauds",
        "@ann abruti que vous êtes",
        "Shut up, @ann",
        "@ann just fuck off",
    ],
)
def test_an_insult_is_aimed_at_somebody(text: str) -> None:
    assert abusive_words(text)


@pytest.mark.parametrize(
    "text",
    [
        "@ann this is bullshit service",
        "@ann what a stupid rule, I was an idiot to sign",
        "@ann he told me “you are an idiot” and left",
        "@ann shut up and calculate is a school of thought",
        "@ann j'y ai dit va te faire voir",
        "@ann the movie is called Idiots and Angels",
        "@ann I like PD and the FDP",
    ],
)
def test_coarse_words_alone_insult_nobody(text: str) -> None:
    assert abusive_words(text) is None


def test_professional_development_is_no_abuse() -> None:
    assert not is_abusive("What do you think about PD?")


def said(author: str, text: str, **more: object) -> dict[str, object]:
    return {"author_id": f"x:{author}", "author": author, "text": text} | more


def reply(author: str, to: str, post: int, text: str) -> dict[str, object]:
    linked = {"kind": "reply", "reply_to": f"x:{post}", "reply_to_author": f"x:{to}"}
    return said(author, text, **linked)


def test_only_what_is_put_to_somebody_is_listed(table) -> None:
    posts = table(
        said("ann", "You are idiots"),
        reply("ann", "bob", 1, "You are an idiot"),
        said("cat", "@bob idiot", mentions=["x:bob"]),
    )
    found = cl.people.abuse_table(posts)
    assert found["author"].tolist() == ["ann", "cat"]
    assert found["cue"].tolist() == ["you are an idiot", "idiot"]


def test_a_quarrel_takes_two(table) -> None:
    posts = table(
        said("ann", "Pay is fair"),
        reply("bob", "ann", 1, "That's not true"),
        reply("ann", "bob", 2, "You're wrong, look again"),
        reply("bob", "ann", 3, "No."),
        reply("cat", "ann", 1, "That is false"),
        reply("ann", "cat", 5, "Thanks, I see"),
        reply("cat", "ann", 6, "Good"),
    )
    quarrels = cl.people.quarrel_table(posts)
    assert quarrels[["one", "other", "replies"]].to_numpy().tolist() == [["ann", "bob", 3]]
    assert quarrels["cues"][0] == ["that's not true", "you're wrong"]
    assert "ann" in cl.report.show.tone(cl.people.abuse_table(posts), quarrels).html
    quiet = cl.report.show.tone(cl.people.abuse_table(posts), quarrels.iloc[:0])
    assert "no insult" in quiet.absent


def test_a_brand_is_asked_without_its_handle(table) -> None:
    posts = table(
        said("ann", "My Ruchely invoice is unpaid"),
        said("bob", "My Ruchely invoice is unpaid, @ruchely", mentions=["x:ruchely"]),
        said("cat", "I read of #Ruchely today"),
        said("dan", "Ruchely, can anybody help?"),
        said("ruchely", "@dan we look into it", mentions=["x:dan"]),
        said("eve", "Truchelyne is a name"),
    )
    marks = pd.DataFrame(
        {
            "post_id": ["x:1", "x:2", "x:4", "x:6"],
            "kind": ["friction", "friction", "request", "friction"],
            "certainty": "sure",
            "score": 0.9,
        }
    )
    asked = cl.people.tacit_requests(posts, marks, "Ruchely", team=["x:ruchely"])
    assert asked["author"].tolist() == ["ann", "dan"]
    assert asked["answered"].tolist() == [False, True]
    assert "2 of them surely; nobody of the team answered 1" in cl.report.show.tacit(asked).text
    assert cl.people.tacit_requests(posts, marks, None).empty
