from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

import chatlab as cl
from chatlab.posts.schema import NAMES
from data.simulation.exports import write_chat
from data.simulation.plan import THEMES
from data.simulation.story import simulate_chat
from data.simulation.words import read_frames
from tests.conftest import ROOT

DATA = ROOT / "data" / "crowdwork"


def test_bundled_files_are_what_the_simulation_makes(simulated, tmp_path: Path) -> None:
    write_chat(*simulated, tmp_path)
    for path in sorted(tmp_path.rglob("*")):
        if path.is_file():
            assert (DATA / path.relative_to(tmp_path)).read_bytes() == path.read_bytes(), path.name


def test_files_read_back_to_the_same_posts(simulated) -> None:
    posts = cl.read_chat(DATA).posts
    expected = cl.check_posts(simulated[0])
    assert posts.index.equals(expected.index)
    # Who is not to be quoted, chat.toml says and not the posts.
    for name in set(NAMES) - {"quotable"}:
        pd.testing.assert_series_equal(posts[name], expected[name])


def test_nobody_says_the_same_twice(simulated) -> None:
    posts, _ = simulated
    assert posts.loc[posts["kind"] != "repost", "text"].is_unique


def test_everybody_is_marked_as_invented(simulated) -> None:
    posts, _ = simulated
    x = posts[posts["platform"] == "x"]
    assert (x["author"].str.len() > 15).all()
    bios = posts.loc[posts["author_bio"].notna() & posts["in_chat"], "author_bio"]
    assert bios.str.contains("ficti", case=False).all()


@pytest.mark.parametrize("lang", ["fr", "en"])
@pytest.mark.parametrize("theme", THEMES)
def test_each_theme_has_enough_sentences(lang: str, theme: str) -> None:
    sentences = [sentence for _, sentence in read_frames(lang)[theme]]
    assert 25 <= len(sentences) <= 40
    assert len(set(sentences)) == len(sentences)


def test_story_of_the_network(simulated) -> None:
    """Awa has few followers and is answered by more than twice as many people as Idris."""
    posts, _ = simulated
    people = cl.people_table(posts).set_index("author")
    awa, idris = people.loc["demo_awa_ndiaye_colin"], people.loc["demo_idris_benamar_fondateur"]
    assert awa["answered_by"] >= 2 * idris["answered_by"]
    assert awa["followers"] < 100
    assert people["posts"].gt(0).all()
    assert 195 <= len(people) <= 202


def test_story_of_the_themes(simulated) -> None:
    _, truth = simulated
    spoken = truth.groupby("theme")["edition"].agg(lambda editions: set(editions.dropna()))
    assert spoken["contests"] == {2}
    assert spoken["pay"] == {1, 2, 3, 4, 5, 6}
    assert min(spoken["ai"]) == 5
    assert max(spoken["translation"]) == 3
    panel = truth[truth["role"] == "panel"]
    assert not (panel["theme"] == "recognition").sum() > 0.1 * len(panel)


@pytest.mark.parametrize(
    ("n_editions", "n_authors", "seed"), [(1, 20, 3), (3, 60, 1), (12, 300, 2)]
)
def test_other_sizes_and_seeds(n_editions: int, n_authors: int, seed: int) -> None:
    posts, truth = simulate_chat(n_editions=n_editions, n_authors=n_authors, seed=seed)
    cl.check_posts(posts)
    assert truth.index.equals(posts.index)
    assert truth["edition"].max() == n_editions
    again, _ = simulate_chat(n_editions=n_editions, n_authors=n_authors, seed=seed)
    pd.testing.assert_frame_equal(posts, again)


def test_impossible_size_is_an_error() -> None:
    with pytest.raises(cl.errors.SettingsError, match="at least 1 edition"):
        simulate_chat(n_editions=0)
