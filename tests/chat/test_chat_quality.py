"""What the chat tables find of what was planted; `benchmarks/chat.py` prints the figures."""

from __future__ import annotations

import pytest

from benchmarks.chat import scores


@pytest.mark.parametrize("seed", range(5))
def test_what_was_planted_is_found(seed: int) -> None:
    found = scores(seed)
    assert found["editions"][0] == found["editions"][1]
    assert min(found["edition_posts"]) > 0.99
    assert found["questions"] == (1.0, 1.0)
    precision, recall = found["answers"]
    assert precision > 0.965
    assert recall >= 0.95
    # The model of questions was made for real posts, not for the sentences of this chat.
    assert found["open"][2] > 0.75
    assert found["reasons"] > 0.9
