"""What participants ask, told from what only looks like it, and what became of it."""

from __future__ import annotations

import pandas as pd
import pytest

import chatlab as cl
from chatlab.posts.quoting import with_unquotable
from chatlab.text.asking import asks_something

ADA = {"author_id": "x:a", "author": "ada"}
BOB = {"author_id": "x:b", "author": "bob"}
HOST = {"author_id": "x:h", "author": "host"}


@pytest.mark.parametrize(
    "text",
    [
        "Who pays for the training?",
        "Quelqu'un a déjà essayé une coopérative ? Je débute.",
        "Does anyone know a good lawyer #chat",
        "Y a-t-il un syndicat pour nous",
        "@host what do you mean by fair? https://x.example/?a=1",
        "Any ideas?",
        "Frankly? How long do you keep them?",
    ],
)
def test_questions_ask(text: str) -> None:
    assert asks_something(text)


@pytest.mark.parametrize(
    "text",
    [
        "We pay on Fridays.",
        "Look at https://x.example/?page=2",
        "Who reads the terms anyway? Nobody, and that is the point.",
        "Pourquoi faire simple quand on peut faire compliqué ?",
        "We pay on Fridays. Right?",
        "On affiche le prix. Vous aussi ?",
        "What if it were only the visible part?",
        "Laugh or cry? I will take the coffee.",
        "",
    ],
)
def test_what_only_looks_like_a_question_does_not(text: str) -> None:
    assert not asks_something(text)


def test_an_answer_that_ends_in_a_sigh_asks_nothing() -> None:
    assert asks_something("I click yes. Is that a craft?")


@pytest.fixture
def chat(table):
    def reply(to: str, author: str) -> dict[str, str]:
        return {"reply_to": to, "reply_to_author": author}

    return table(
        {
            **ADA,
            "post_id": "x:open",
            "text": "Who insures remote work?",
            "url": "https://x.example/1",
        },
        {**ADA, "post_id": "x:self", "text": "How do you sign with temps?"},
        {**ADA, "text": "Found it.", **reply("x:self", "x:a")},
        {**ADA, "post_id": "x:done", "text": "Where can I find figures?"},
        {**BOB, "text": "at the library", **reply("x:done", "x:a")},
        {**ADA, "post_id": "x:aside", "text": "Does escrow work for small amounts?"},
        {**BOB, "text": "On escrow and small amounts: yes, from 20 up."},
        {**BOB, "post_id": "x:one", "text": "@ada how many people?", **reply("x:open2", "x:a")},
        {**HOST, "post_id": "x:q", "text": "Anything else, anybody?"},
        {**BOB, "text": "Are you ready? [1/3] sign up"},
        {**BOB, "text": "Are you ready? [2/3] sign up"},
        {**BOB, "text": "Are you ready? [3/3] sign up"},
        {**BOB, "text": "RT", "repost_of": "x:open"},
    )


def test_every_question_says_what_became_of_it(chat) -> None:
    asked = cl.chat.participants_questions(chat, hosts=["x:h"]).set_index("post_id")
    assert asked["reason"].to_dict() == {
        "x:open": "no reply",
        "x:self": "only the asker",
        "x:done": "answered",
        "x:aside": "no reply link",
        "x:one": "no reply",
    }
    assert asked["by"].dropna().to_dict() == {"x:aside": "bob"}
    assert asked["to"].dropna().to_dict() == {"x:one": "ada"}
    left = cl.unanswered_questions(chat, hosts=["x:h"])
    assert "x:done" not in set(left["post_id"])
    assert left["url"].iloc[0] == "https://x.example/1"


def test_open_questions_are_shown_put_to_all_first(chat) -> None:
    left = cl.unanswered_questions(with_unquotable(chat, ["bob"]), hosts=["x:h"])
    html = cl.report.show.open_questions(left)._repr_html_()
    assert html.index("insures remote work") < html.index("not quoted, at their wish")
    assert "probably answered, without a reply link" in html
    assert "how many people" not in html
    assert "No open question" in cl.report.show.open_questions(left.iloc[:0]).text


def test_nobody_asks(table) -> None:
    posts = table({**ADA, "text": "hello"})
    assert cl.unanswered_questions(posts).empty
    assert cl.chat.participants_questions(posts.iloc[:0]).empty


def test_a_late_answer_counts_and_a_late_question_is_listed(table) -> None:
    start = pd.Timestamp("2026-03-05 08:00", tz="UTC")
    minutes = [*range(20), 25, 90, 400]
    rows = [
        {"author_id": f"x:{i % 6}", "author": f"p{i % 6}", "text": f"word {i}",
         "created_at": start + pd.Timedelta(minutes=m)}
        for i, m in enumerate(minutes)
    ]  # fmt: skip
    rows[5] |= {"text": "Does anyone know a tool for invoices?", "post_id": "x:asked"}
    rows[21] |= {"text": "try this one", "reply_to": "x:asked", "reply_to_author": "x:5"}
    rows[22] |= {"text": "And who pays for travel, does anyone know?"}
    posts = table(*rows)
    editions = pd.Series(1, index=posts.index, dtype="Int64").where(
        posts["created_at"] <= start + pd.Timedelta(minutes=30)
    )
    asked = cl.chat.questions_around(
        cl.chat.participants_questions(posts, hosts=[]), posts, editions
    )
    reasons = dict(zip(asked["text"].str[:8], asked["reason"], strict=True))
    assert reasons == {"Does any": "answered", "And who ": "no reply"}
    # Within the edition alone nobody had answered yet.
    now = cl.chat.select_edition(posts, editions)
    assert cl.chat.participants_questions(now, hosts=[])["reason"].tolist() == ["no reply"]


def test_what_is_marked_as_an_answer_is_no_question(table) -> None:
    posts = table(
        {"author_id": "x:1", "text": "a6 does anyone really read those guides?"},
        {"author_id": "x:2", "text": "Does anyone really read those guides?"},
    )
    assert cl.chat.participants_questions(posts, hosts=[])["author_id"].tolist() == ["x:2"]
