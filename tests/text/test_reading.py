"""What a post does, as the small model reads it; its lexicon, and what teaches it."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from benchmarks.teach import learn
from chatlab.text.lexicon import Lexicon, lexicon
from chatlab.text.reading import FOLDER, KINDS_READ, Reader, for_this_chat, told_by, weights

INVENTED = Path(__file__).parents[2] / "data" / "invented"


def test_entries_are_met_whole_and_by_their_beginning() -> None:
    words = Lexicon([("problem", "issue"), ("problem", "confus*"), ("lack", "not enough time")])
    assert words.found(
        ["there", "is", "not", "enough", "time", "and", "a", "confusing", "issue"]
    ) == [
        ("lack", "not enough time"),
        ("problem", "confusing"),
        ("problem", "issue"),
    ]
    assert words.found(["not", "enough", "issues"]) == []


@pytest.mark.parametrize("lang", ["en", "fr"])
def test_lexicon_and_weights_hold_no_handle_and_no_number(lang: str) -> None:
    assert len(lexicon(lang).classes) > 20
    table = weights(lang)
    assert np.isfinite(table.table).all()
    assert table.table.shape[1] == len(KINDS_READ)
    assert not [name for name in table.place if "http" in name or name.startswith("@_")]
    lines = (FOLDER / f"weights_{lang}.csv").read_text(encoding="utf-8").splitlines()
    assert lines[0] == "feature," + ",".join(KINDS_READ)


@pytest.mark.parametrize("lang", ["en", "fr"])
def test_the_model_tells_the_invented_posts_it_learnt_from(lang: str) -> None:
    lines = (INVENTED / f"{lang}.jsonl").read_text(encoding="utf-8").splitlines()[::40]
    posts = [json.loads(line) for line in lines]
    likely = Reader(lang).read([post["text"] for post in posts])
    for column, kind in enumerate(KINDS_READ[:4]):
        holds = np.array([kind in post["labels"] for post in posts])
        assert likely[holds, column].mean() > 3 * likely[~holds, column].mean()


def test_the_same_posts_give_the_same_weights() -> None:
    texts = ["it is broken again", "we use a shared sheet", "does anyone know", "see you"] * 6
    labels = [["friction"], ["solution"], ["request"], []] * 6
    labels[0] = ["friction", "case", "praise"]
    first, second = learn(texts, labels, "en"), learn(texts, labels, "en")
    assert first.equals(second)
    assert first.loc["broken", "friction"] > 0


def test_the_words_that_speak_most_are_told_once() -> None:
    told = told_by("Still broken, so frustrating, @support_desk", "en", "friction")
    assert told
    assert not [word for word in told if "support_desk" in word]
    assert len(told) == len(set(told)) <= 4


def test_a_kind_that_is_common_here_is_likelier_and_solutions_are_left() -> None:
    many = np.tile([0.6, 0.6, 0.05, 0.05, 0.05], (2000, 1))
    few = many.copy()
    few[100:, 0] = 0.01
    common, rare = for_this_chat(many, "en"), for_this_chat(few, "en")
    assert common[0, 0] > many[0, 0] > rare[0, 0]
    assert (common[:, 1] == 0.6).all()


def test_verdicts_on_other_posts_and_kinds_change_nothing() -> None:
    import pandas as pd

    reader = Reader("en")
    said = pd.DataFrame({"post_id": ["x:9"], "kind": ["friction"], "accepted": [True]})
    same = reader.taught({"x:1": "the ferret met the heron"}, said)
    assert (same.table == reader.table).all()
