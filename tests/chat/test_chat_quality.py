"""What the chat tables find of what was planted; `benchmarks/chat.py` prints the figures."""

from __future__ import annotations

import pytest

from benchmarks.chat import scores
from benchmarks.themes import chat_insights


@pytest.mark.parametrize("seed", range(5))
def test_what_was_planted_is_found(seed: int) -> None:
    found = scores(seed)
    assert found["editions"][0] == found["editions"][1]
    assert min(found["edition_posts"]) > 0.99
    assert found["questions"] == (1.0, 1.0)
    precision, recall = found["answers"]
    assert precision > 0.965
    assert recall >= 0.95
    assert found["open"][2] > 0.9
    assert found["reasons"] > 0.9


def test_insights_of_the_bundled_chat_are_found() -> None:
    macro_f1, by_kind = chat_insights(0)
    assert macro_f1 >= 0.85, by_kind
