from __future__ import annotations

import pytest

import chatlab as cl
from chatlab.marks import number_mark, without_mark


@pytest.mark.parametrize(
    ("text", "mark"),
    [
        ("Q1 what?", (True, 1)),
        ("Q.2 what?", (True, 2)),
        ("q 3: what?", (True, 3)),
        ("Q4) what?", (True, 4)),
        ("Question 5 : quoi ?", (True, 5)),
        ("Q6\ufe0f\u20e3 what?", (True, 6)),
        ("#chat @host Q7 what?", (True, 7)),
        ("A1 yes", (False, 1)),
        ("a.2 yes", (False, 2)),
        ("A3: yes", (False, 3)),
        ("A 4: yes", (False, 4)),
        ("A5 pt. 2 and", (False, 5)),
        ("R6 oui", (False, 6)),
        ("Réponse 7 oui", (False, 7)),
        ("A 4 day week", None),
        ("A 5-year-old law", None),
        ("A 1,300 pound bill", None),
        ("A 4.6 point lead", None),
        ("Q3% of us", None),
        ("A100 cards", None),
        ("6 questions, Q1 to Q6, are coming", None),
        ("Quite 1", None),
        ("", None),
        (None, None),
    ],
)
def test_marks_are_read(text, mark) -> None:
    assert number_mark(text) == mark


def test_a_text_without_its_mark() -> None:
    assert without_mark("@host A1: yes") == "yes"
    assert without_mark("A 4 day week") == "A 4 day week"


@pytest.fixture
def chat(table):
    host = {"author_id": "x:h", "author": "host"}
    return table(
        host | {"post_id": "x:q1", "text": "Q1 who pays?"},
        {"author_id": "x:a", "author": "ada", "text": "A1 nobody", "post_id": "x:a1"},
        {
            "author_id": "x:a",
            "author": "ada",
            "text": "and late",
            "post_id": "x:a2",
            "reply_to": "x:a1",
            "reply_to_author": "x:a",
        },
        host | {"post_id": "x:q1again", "text": "Q1 who pays? (again)"},
        host | {"post_id": "x:q2", "text": "Q2 when?"},
        {"author_id": "x:b", "author": "bob", "text": "Q2 never", "post_id": "x:b2"},
        {
            "author_id": "x:c",
            "author": "cy",
            "text": "soon",
            "post_id": "x:c2",
            "reply_to": "x:q2",
            "reply_to_author": "x:h",
        },
        {"author_id": "x:d", "author": "dee", "text": "so", "post_id": "x:d1", "quote_of": "x:q1"},
        {"author_id": "x:d", "author": "dee", "text": "A9 what?", "post_id": "x:d9"},
        {"author_id": "x:e", "author": "eve", "text": "A1 yes", "repost_of": "x:a1"},
    )


def test_questions_are_the_hosts_and_come_once(chat) -> None:
    found = cl.find_questions(chat)
    assert found[["number", "post_id", "author_id"]].values.tolist() == [
        [1, "x:q1", "x:h"],
        [2, "x:q2", "x:h"],
    ]
    assert cl.find_questions(chat, hosts=["x:nobody"]).empty


def test_answers_are_matched_by_link_or_mark(chat) -> None:
    found = cl.match_answers(chat, cl.find_questions(chat)).set_index("post_id")
    assert found["matched_by"].to_dict() == {
        "x:a1": "prefix",
        "x:a2": "continuation",
        "x:b2": "prefix",
        "x:c2": "reply",
        "x:d1": "quote",
    }
    assert found["number"].to_dict() == {"x:a1": 1, "x:a2": 1, "x:b2": 2, "x:c2": 2, "x:d1": 1}
    assert found.loc["x:b2", "confidence"] < found.loc["x:a1", "confidence"]


def test_answer_ties_lead_to_who_asked(chat) -> None:
    answers = cl.match_answers(chat, cl.find_questions(chat))
    graph = cl.interaction_graph(chat, relations=("reply", "answer"), answers=answers)
    ties = {pair: (about["reply"], about["answer"]) for pair, about in dict(graph.edges).items()}
    # ada's continuation is an answer too; cy's reply is a reply and no second tie; dee quoted
    assert ties == {
        ("x:a", "x:h"): (0, 2),
        ("x:b", "x:h"): (0, 1),
        ("x:c", "x:h"): (1, 0),
    }
    with pytest.raises(cl.SettingsError, match="answers"):
        cl.interaction_graph(chat, relations=("answer",))


def test_nobody_moderates(table) -> None:
    posts = table({"author_id": "x:1", "author": "a", "text": "hello"})
    questions = cl.find_questions(posts)
    assert questions.empty
    assert cl.match_answers(posts, questions).empty
