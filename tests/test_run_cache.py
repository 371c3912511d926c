"""What a report finds once: shared by its kernels, gone with it."""

from __future__ import annotations

import os
from pathlib import Path

import pandas as pd

import chatlab as cl
from chatlab.cache import FOLDER, found_once, run_folder


def test_the_same_is_found_once_and_something_else_again() -> None:
    asked = []

    def find(value: int) -> int:
        asked.append(value)
        return value

    table = pd.DataFrame({"text": ["a", "b"], "tags": [["x"], []]})
    with run_folder():
        folder = Path(os.environ[FOLDER])
        assert folder.stat().st_mode & 0o077 == 0
        for value in (1, 1):
            assert found_once("it", (table, 0), lambda value=value: find(value)) == 1
        # Other seeds, other words, other lists are something else.
        assert found_once("it", (table, 1), lambda: find(2)) == 2
        other = table.assign(tags=[["y"], []])
        assert found_once("it", (other, 0), lambda: find(3)) == 3
        assert len(list(folder.iterdir())) == 3
    assert asked == [1, 2, 3]
    assert not folder.exists()
    assert FOLDER not in os.environ
    assert found_once("it", (table, 0), lambda: find(4)) == 4


def test_themes_are_the_same_with_and_without(table) -> None:
    rows = [
        {"author_id": f"x:{i % 5}", "text": f"invoice late bank {i % 3}" if i % 2 else
         f"garden seeds soil {i % 3}"}
        for i in range(40)
    ]  # fmt: skip
    posts = table(*rows)
    alone = cl.find_themes(posts)
    with run_folder():
        first, again = cl.find_themes(posts), cl.find_themes(posts)
        less = cl.find_themes(posts.iloc[:20])
    pd.testing.assert_series_equal(alone, first)
    pd.testing.assert_series_equal(alone, again)
    assert len(less) == 20
