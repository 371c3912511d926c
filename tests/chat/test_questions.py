from __future__ import annotations

import pandas as pd
import pytest

import chatlab as cl
from chatlab.text.numbering import marked_parts, number_mark, question_words, said_by, without_mark
from chatlab.text.similarity import likeness_to_group


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
        ("A3) yes", (False, 3)),
        ("Rép. 3 : oui", (False, 3)),
        ("Réponse n°3 : oui", (False, 3)),
        ("re Q3: yes", (False, 3)),
        ("Sur la Q3 : oui", (False, 3)),
        ("A3\ufe0f\u20e3 yes", (False, 3)),
        ("3\ufe0f\u20e3 what?", (True, 3)),
        ("❓Q3 - what?", (True, 3)),
        ("Q3Would love to", (True, 3)),
        ("R2D2 rocks", None),
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
    with pytest.raises(cl.errors.SettingsError, match="answers"):
        cl.interaction_graph(chat, relations=("answer",))


def test_nobody_moderates(table) -> None:
    posts = table({"author_id": "x:1", "author": "a", "text": "hello"})
    questions = cl.find_questions(posts)
    assert questions.empty
    assert cl.match_answers(posts, questions).empty


@pytest.mark.parametrize(
    ("text", "marks"),
    [
        ("Start your engines! Q1. How?", [(True, 1, "How?", False)]),
        ("A1 yes. A2 no", [(False, 1, "yes.", True), (False, 2, "no", False)]),
        ("A1/A2 both", [(False, 1, "both", True), (False, 2, "both", True)]),
        ("Yes, always (A3) #chat", [(False, 3, "Yes, always", False)]),
        ("Q1 to Q6 are coming", []),
        ("great answers to Q1 of #chat, on to Q2.", []),
        ("6 questions, Q1 à Q6. / Six questions", []),
    ],
)
def test_texts_are_cut_at_their_marks(text, marks) -> None:
    parts = [(*part.mark, part.text.strip(" ."), part.first) for part in marked_parts(text)]
    assert [(a, n, words.strip("."), f) for a, n, words, f in parts] == [
        (a, n, words.strip("."), f) for a, n, words, f in marks
    ]


def test_what_a_post_says_without_its_dress() -> None:
    assert said_by("@host @bob A1: yes, on Fridays #chat #pay") == "yes, on Fridays"
    assert question_words("Go! Q2. Who pays? #chat", 2) == "Who pays?"


@pytest.fixture
def moderated(table):
    """A host with a slip, an announcement, a translation, two questions at once, no `?`."""
    host = {"author_id": "x:h", "author": "host"}

    def guest(name: str, text: str, **more: object) -> dict[str, object]:
        return {"author_id": f"x:{name}", "author": name, "text": text, **more}

    return table(
        {**host, "text": "Q1 to Q4 are coming!"},
        {**host, "text": "Q1 in two minutes!"},
        {**host, "post_id": "x:q1", "text": "Here we go! Q1. Who pays whom?"},
        guest("a", "A1 nobody pays anybody here", post_id="x:a1"),
        {**host, "post_id": "x:q1en", "text": "Q1 EN Who pays?"},
        guest(
            "b", "the client of course", post_id="x:b1", reply_to="x:q1en", reply_to_author="x:h"
        ),
        guest("c", "“Q1 Who pays whom?”", post_id="x:copy"),
        {**host, "post_id": "x:q2", "text": "Q2 Tell us about your worst contract ever."},
        guest("a", "A2 it was a napkin, really", post_id="x:a2"),
        {**host, "post_id": "x:more", "text": "Q2 anything else? Q3 is for later"},
        guest("b", "A3 one ahead of the host", post_id="x:b3"),
        {**host, "post_id": "x:q34", "text": "Q3 Which tools? Q4 Which rates?"},
        guest("a", "A3 a pen. A4 the rate of a pen", post_id="x:a34"),
        guest("b", "Q4 never enough rate", post_id="x:b4"),
        guest("c", "Q4 what do you mean by rate?", post_id="x:c4"),
        guest("c", "my own list: Q1 who am I?", post_id="x:own"),
        {**host, "text": "A1 my view: everybody pays", "post_id": "x:h1"},
        {**host, "text": "Q1 Who pays whom?", "repost_of": "x:q1"},
    )


def test_a_moderated_chat_with_all_that_goes_wrong(moderated) -> None:
    assert cl.chat.find_hosts(moderated) == ["x:h"]
    questions = cl.find_questions(moderated)
    asked = questions[["number", "post_id"]].apply(tuple, axis=1).tolist()
    assert asked == [(1, "x:q1"), (2, "x:q2"), (3, "x:q34"), (4, "x:q34")]
    assert questions["repeats"].tolist() == [["x:q1en"], ["x:more"], [], []]
    answers = cl.match_answers(moderated, questions)
    found = {(a.post_id, a.number): a.matched_by for a in answers.itertuples()}
    assert found == {
        ("x:a1", 1): "prefix",
        ("x:b1", 1): "reply",
        ("x:a2", 2): "prefix",
        ("x:b3", 2): "prefix",
        ("x:a34", 3): "prefix",
        ("x:a34", 4): "prefix",
        ("x:b4", 4): "prefix",
        ("x:h1", 1): "prefix",
    }
    board = cl.chat.question_board(moderated, questions, answers).set_index("number")
    assert board["answers"].tolist() == [3, 2, 1, 2]
    assert board["people"].tolist() == [3, 2, 1, 2]
    assert board.loc[1, "minutes_to_first"] == 1
    assert board["best_answer"].isna().all()  # no counts in this file
    html = cl.report.show.board(board.reset_index(), moderated)._repr_html_()
    assert "Who pays whom?" in html
    assert "Here we go" not in html


def test_hosts_are_those_whose_questions_others_answer(table) -> None:
    alone = [{"author_id": "x:j", "author": "j", "text": f"Q{i} what?"} for i in (1, 2, 3)]
    assert cl.chat.find_hosts(table(*alone)) == []
    one = {"author_id": "x:k", "author": "k", "text": "A1 this"}
    assert cl.chat.find_hosts(table(*alone, one)) == []
    two = {"author_id": "x:l", "author": "l", "text": "A2 that"}
    assert cl.chat.find_hosts(table(*alone, one, two)) == ["x:j"]


def test_a_list_that_nobody_answers_is_told_and_not_on_the_board(table) -> None:
    own = [{"author_id": "x:j", "author": "j", "text": f"Q{i} what?"} for i in (1, 2)]
    posts = table(*own, {"author_id": "x:k", "author": "k", "text": "hello"})
    assert cl.chat.own_lists(posts, []) == {"x:j": [1, 2]}
    assert cl.chat.own_lists(posts, ["x:j"]) == {}
    chat = cl.project.Chat(posts, cl.project.Settings(), pd.DataFrame())
    questions = cl.find_questions(posts)
    lines = cl.report.say.matching(chat, cl.match_answers(posts, questions), posts)
    assert "no question board" in lines[0]
    assert "@j numbers questions too (Q1, Q2)" in lines[1]


def test_no_board_is_invented(table) -> None:
    posts = table({"author_id": "x:1", "author": "a", "text": "hello"})
    questions = cl.find_questions(posts)
    board = cl.chat.question_board(posts, questions, cl.match_answers(posts, questions))
    assert board.empty
    assert "no question board" in cl.report.show.board(board, posts).text
    assert "Nobody asks" in cl.report.plot.questions(board).layout.meta["description"]


def test_a_text_is_rated_by_the_words_of_one_group() -> None:
    texts = pd.Series(
        {
            "a": "invoice paid late",
            "b": "late invoice again",
            "c": "garden soil and seeds",
            "d": "tomato seeds",
            "late": "another late invoice",
            "seeds": "fresh garden seeds",
        }
    )
    groups = {"a": ["pay"], "b": ["pay"], "c": ["garden"], "d": ["garden"]}
    rated = likeness_to_group(texts, groups, pd.Series({"late": "pay", "seeds": "pay"}))
    assert rated["late"] > 0 > rated["seeds"]
    # A group without texts speaks like nobody in particular.
    assert likeness_to_group(texts, {}, pd.Series({"late": "none"}))["late"] == 0


def test_without_a_column_of_replies_nothing_is_called_unanswered(tmp_path) -> None:
    path = tmp_path / "posts.csv"
    path.write_text(
        "text,author\nDoes anyone know a tool for invoices?,ada\nHello everybody,bob\n",
        encoding="utf-8",
    )
    chat = cl.read_chat(path, columns={"text": "text", "author": "author"})
    asked = cl.chat.participants_questions(chat.posts, hosts=[])
    board = cl.chat.question_board(chat.posts, chat.questions, chat.answers)
    told = cl.report.say.questions(chat, board, chat.answers, asked)
    assert "the file does not say who replied" in told
    assert "got no reply" not in told
    assert cl.report.say.learned(chat.at("all")) == []
