"""Memories beside figures: agreeing, differing, kept as felt; and what nobody noticed."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

import chatlab as cl
from tests.conftest import ROOT, written_key


def put(path: Path, content: str) -> Path:
    path.write_text(content, encoding="utf-8")
    return path


def test_memories_are_read_in_both_languages(tmp_path: Path) -> None:
    english = cl.project.read_memory(
        put(tmp_path / "a.csv", "who;what;about;note\nAda;best;Q3;nice\n")
    )
    assert english.iloc[0].tolist() == ["Ada", "best moment", "Q3", "nice"]
    french = cl.project.read_memory(
        put(
            tmp_path / "b.csv",
            "\ufeffQui,Quoi,Sujet,Note\nAda,Mal passé,Q5,\nBob,Ambiance,,douce\nCy,,,\n"
            "Dee,une drôle d'idée,,oui\n",
        )
    )
    assert french["what"].tolist() == ["went badly", "feeling", "feeling"]
    assert french["note"].tolist() == ["", "douce", "oui"]


def test_impossible_memories_are_an_error(tmp_path: Path) -> None:
    with pytest.raises(cl.errors.UnreadableFileError, match="does not exist"):
        cl.project.read_memory(tmp_path / "none.csv")
    with pytest.raises(cl.errors.SettingsError, match="wanted are who, what"):
        cl.project.read_memory(put(tmp_path / "c.csv", "name;thing\na;b\n"))


@pytest.fixture(scope="module")
def story() -> dict[str, object]:
    """Return the bundled chat's last edition with all that a memory is compared with."""
    chat = cl.read_chat(ROOT / "data" / "crowdwork")
    posts, editions = chat.posts, chat.editions
    questions = cl.find_questions(posts, hosts=chat.host_ids, editions=editions)
    board = cl.chat.question_board(posts, questions, cl.match_answers(posts, questions))
    themes = pd.Series(pd.NA, index=posts.index, dtype="Int64")
    texts = posts["text"].str.casefold()
    themes[texts.str.contains("pay|prix|rate|invoice|facture")] = 0
    themes[texts.str.contains(r"\bia\b|machine|\bai\b")] = 1
    themes[texts.str.contains("brief|consigne")] = 2
    return {
        "chat": chat,
        "now": cl.chat.select_edition(posts, editions),
        "board": board[board["edition"] == 6],
        "themes": cl.themes.KeptThemes(themes, {0: "pay", 1: "machine", 2: "brief"}),
    }


def test_the_story_of_the_bundled_memories(story) -> None:
    chat = story["chat"]
    compared = cl.people.compare_memory(
        cl.project.chat_memory(chat),
        story["now"],
        board=story["board"],
        themes=story["themes"],
        hosts=chat.host_ids,
        zone=chat.zone,
    )
    assert compared["verdict"].tolist() == [
        "agrees",
        "figures differ",
        "figures differ",
        "agrees",
        "kept as felt",
    ]
    told = [cl.report.say.facts(some, zone=chat.zone) for some in compared["facts"]]
    best, talked, liveliest, badly, felt = [" ".join(some) for some in told]
    assert "@demo_tom_hargreave_ops" in best
    assert "place 2 of 3 themes" in talked
    assert "@demo_awa_ndiaye_colin by" in liveliest
    assert "min to the first answer" in badly
    assert felt == ""
    assert set(compared["posts"].explode().dropna()) <= set(chat.posts.index)
    html = cl.report.show.memory(compared, chat.posts)._repr_html_()
    assert "https://x.example/" in html
    assert "kept as felt" in html


def test_times_themes_and_people_that_agree(story) -> None:
    now = story["now"]
    peak = now.loc[now["in_chat"], "created_at"].dt.floor("min").value_counts().idxmax()
    memory = pd.DataFrame(
        [
            ("A", "best moment", peak.tz_convert("Europe/Paris").strftime("%Hh%M"), ""),
            ("A", "best moment", "03:15", ""),
            ("A", "most talked about", "pay", ""),
            ("A", "most talked about", "zeppelins", ""),
            ("A", "liveliest", "@demo_awa_ndiaye_colin", ""),
            ("A", "liveliest", "Nobody Known", ""),
            ("A", "best question", "Q1", ""),
            ("A", "best question", "Q99", ""),
            ("A", "went badly", "Q1", ""),
        ],
        columns=["who", "what", "about", "note"],
    )
    compared = cl.people.compare_memory(
        memory,
        now,
        board=story["board"],
        themes=story["themes"],
        hosts=story["chat"].host_ids,
        zone="Europe/Paris",
    )
    assert compared["verdict"].tolist() == [
        "agrees",
        "figures differ",
        "agrees",
        "kept as felt",
        "agrees",
        "kept as felt",
        "agrees",
        "kept as felt",
        "figures differ",
    ]


def test_what_nobody_noticed(story) -> None:
    chat = story["chat"]
    memory = cl.project.chat_memory(chat)
    missed = cl.people.unnoticed(
        memory,
        story["now"],
        board=story["board"],
        themes=story["themes"],
        parts=chat.parts,
        types={1: "growing"},
    )
    told = dict(zip(missed["what"], missed["about"], strict=True))
    assert told["most answered"] == "@demo_awa_ndiaye_colin"
    # What only may be a question is not said to be one.
    sure = pd.DataFrame(
        {"post_id": ["x:1"], "reason": "no reply", "to": None, "certainty": ["sure"]}
    )
    for certainty, found in (("sure", True), ("to check", False)):
        asked = sure.assign(certainty=certainty)
        rows = cl.people.unnoticed(memory, story["now"], asked=asked)
        assert ("open" in set(rows["what"])) is found
    assert {"pay", "machine"} & set(missed["about"])
    named = memory.assign(note="Awa, pay, machine, brief, Q1")
    rest = cl.people.unnoticed(named, story["now"], board=story["board"], parts=chat.parts)
    assert "most answered" not in set(rest["what"])
    assert "Q1" not in set(rest["about"])


def test_which_themes_are_remembered(story) -> None:
    memory = cl.project.chat_memory(story["chat"])
    table = cl.people.remembered_themes(memory, story["now"], story["themes"])
    assert table.loc[table["remembered"], "name"].tolist() == ["machine"]
    assert table["posts"].is_monotonic_decreasing
    figure = cl.report.plot.remembered(table)
    assert figure.layout.meta["description"] == "Of 3 themes, memories name 1."
    assert "No theme" in cl.report.plot.remembered(table.iloc[:0]).layout.meta["description"]


def test_nobody_has_written_anything(story, table) -> None:
    nothing = cl.project.chat_memory(story["chat"]).iloc[:0]
    compared = cl.people.compare_memory(nothing, table({"text": "hello"}))
    assert compared.empty
    missed = cl.people.unnoticed(nothing, table({"text": "hello"}))
    assert missed.empty
    assert "memory.csv" in cl.report.show.memory(compared, story["now"]).text
    shown = cl.report.show.unnoticed(missed, story["now"], memory=nothing)
    assert "it takes memories" in shown.text
    assert "No memory stands" in cl.report.say.memory(compared, missed)


def test_memories_name_nobody_who_is_hidden(tmp_path: Path) -> None:
    data = ROOT / "data" / "crowdwork"
    without = cl.read_chat(data, privacy=cl.project.Privacy(None, ("@demo_tom_hargreave_ops",)))
    memory = cl.project.chat_memory(without)
    assert len(memory) == 4
    assert not memory["note"].str.contains("Tom").any()
    own = cl.project.chat_analytics(without).posts
    assert not own["text"].str.contains("hargreave").any()
    assert len(own) > 80
    key = written_key(tmp_path)
    hidden = cl.read_chat(data, privacy=cl.project.Privacy(str(key), ()))
    assert cl.project.chat_memory(hidden).empty
    assert cl.project.chat_analytics(hidden).posts.empty
    assert len(cl.project.chat_analytics(hidden).days)
    assert any("not read" in line for line in cl.report.say.protection(hidden))
