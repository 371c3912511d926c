"""Fits kept from one notebook to the next: numbers only, private, found again, forgotten."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import chatlab as cl
from chatlab.cli.main import main
from chatlab.themes import fits


@pytest.fixture
def kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv(fits.FOLDER, str(tmp_path / "cache"))
    return tmp_path / "cache" / "fits"


def rows() -> list[dict[str, str]]:
    return [
        {"author_id": f"x:{i % 5}", "author": f"person_{i % 5}",
         "text": f"invoice late bank {i % 3}" if i % 2 else f"garden seeds soil {i % 3}"}
        for i in range(40)
    ]  # fmt: skip


def test_the_same_is_found_once_and_something_else_again(table, kept, monkeypatch) -> None:
    posts = table(*rows())
    first = cl.find_themes(posts, place_all=True)
    assert len(list(kept.glob("*.npz"))) == 1
    # What stands there is taken, not found again.
    monkeypatch.setattr("chatlab.themes.tree.find_groups", None)
    pd.testing.assert_series_equal(first, cl.find_themes(posts, place_all=True))
    monkeypatch.undo()
    monkeypatch.setenv(fits.FOLDER, str(kept.parent))
    for other in (
        lambda: cl.find_themes(posts, seed=1, place_all=True),
        lambda: cl.find_themes(posts, n_themes=2, place_all=True),
        lambda: cl.find_themes(
            posts.assign(text=posts["text"].str.replace("bank", "late")), place_all=True
        ),
        lambda: cl.find_themes(posts, encoder=lambda texts: np.eye(len(texts), 3), place_all=True),
    ):
        before = len(list(kept.glob("*.npz")))
        other()
        assert len(list(kept.glob("*.npz"))) == before + 1


def test_themes_are_the_same_with_and_without(table, kept, monkeypatch) -> None:
    posts = table(*rows())
    there = [cl.find_themes(posts, place_all=True), cl.find_themes(posts, place_all=True)]
    monkeypatch.setenv(fits.FOLDER, "off")
    for themes in there:
        pd.testing.assert_series_equal(cl.find_themes(posts, place_all=True), themes)


def test_nothing_of_anybody_is_kept_and_nobody_else_may_read_it(table, kept) -> None:
    posts = table(*rows())
    cl.find_themes(posts, place_all=True)
    (file,) = kept.iterdir()
    assert file.stat().st_mode & 0o077 == kept.stat().st_mode & 0o077 == 0
    with np.load(file, allow_pickle=False) as arrays:
        assert all(arrays[name].dtype.kind in "iufb" for name in arrays)
    content = file.read_bytes() + file.name.encode()
    told = {*posts["post_id"], *posts["author"], *" ".join(posts["text"]).split()}
    assert not [word for word in told if len(word) > 3 and word.encode() in content]


def test_forgetting_leaves_nothing(table, kept, capsys) -> None:
    cl.find_themes(table(*rows()), place_all=True)
    (kept / "mine.txt").write_text("somebody else's")
    assert cl.themes.forget_fits() == 1
    assert [file.name for file in kept.iterdir()] == ["mine.txt"]
    (kept / "mine.txt").unlink()
    assert cl.themes.forget_fits() == 0
    assert main(["forget"]) == 0
    assert "0 fits" in capsys.readouterr().out


@pytest.mark.parametrize("content", [b"", b"no archive", b"PK\x03\x04 broken"])
def test_a_damaged_file_is_found_again(table, kept, content: bytes) -> None:
    posts = table(*rows())
    themes = cl.find_themes(posts, place_all=True)
    (file,) = kept.iterdir()
    file.write_bytes(content)
    pd.testing.assert_series_equal(themes, cl.find_themes(posts, place_all=True))


def test_only_the_latest_are_kept(table, kept, monkeypatch) -> None:
    monkeypatch.setattr(fits, "MOST_KEPT", 2)
    posts = table(*rows())
    for seed in range(4):
        cl.find_themes(posts, seed=seed, place_all=True)
    assert len(list(kept.glob("*"))) == 2
