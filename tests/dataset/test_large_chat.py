"""A dataset too large for memory as a chat: exact counts, words of a sample, and both said."""

from __future__ import annotations

from pathlib import Path

import nbformat
import pandas as pd
import pytest

import chatlab as cl
from chatlab.project import opening, sampled
from chatlab.report import say, show
from chatlab.report.pages.build import find_notebooks

ROOT = Path(__file__).parents[2]
CHAT = ROOT / "data" / "crowdwork"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("large") / "d"
    cl.ingest_posts(CHAT, place)
    told = (CHAT / "chat.toml").read_text(encoding="utf-8")
    kept = [line for line in told.splitlines() if not line.startswith("files")]
    (place / "chat.toml").write_text("\n".join(kept), encoding="utf-8")
    return place


@pytest.fixture(scope="module")
def whole() -> cl.project.Chat:
    return cl.read_chat(CHAT)


@pytest.fixture
def large(folder: Path, monkeypatch: pytest.MonkeyPatch) -> cl.project.Chat:
    """Open the bundled chat as if it did not fit into memory."""
    monkeypatch.setattr(opening, "IN_MEMORY", 100)
    monkeypatch.setattr(sampled, "SAMPLE", 600)
    monkeypatch.setattr(sampled, "MOST_DRAWN", 20)
    return cl.read_chat(folder)


def test_a_small_dataset_is_a_chat_like_any_other(folder: Path, whole) -> None:
    chat = cl.read_chat(folder)
    pd.testing.assert_frame_equal(chat.posts, whole.posts)
    pd.testing.assert_frame_equal(chat.loading, whole.loading)
    assert chat.scan is None
    assert chat.settings.hosts == whole.settings.hosts


def test_a_sample_holds_some_people_whole_and_the_hosts(large, whole) -> None:
    here = large.posts[large.posts["in_chat"]]
    assert 0.2 < large.share < 0.6
    assert len(here) < 0.8 * len(whole.posts)
    chosen = cl.select_posts(whole.posts, share_of_people=large.share)
    assert set(chosen.index[chosen["in_chat"]]) <= set(here.index)
    hosts = whole.posts["author_id"].isin(whole.host_ids) & whole.posts["in_chat"]
    assert large.host_ids == whole.host_ids
    assert set(whole.posts.index[hosts]) <= set(here.index)
    best = cl.posts.top_posts(whole.posts, n=10)
    assert set(best.index) <= set(here.index)
    cl.posts.check_posts(large.posts)


def test_what_belongs_to_the_sample_came_along(large, whole) -> None:
    here = large.posts
    replies = whole.posts[whole.posts["reply_to"].isin(here.index[here["in_chat"]])]
    assert set(replies.index) <= set(here.index)
    extra = here[~here["in_chat"]]
    assert len(extra)


def test_counts_are_those_of_all_posts(large, whole) -> None:
    pd.testing.assert_frame_equal(large.edition_table, whole.edition_table)
    for edition in (3, "last", "all"):
        one, other = large.at(edition).whole, whole.at(edition).posts
        pd.testing.assert_frame_equal(cl.people_table(one), cl.people_table(other))
        pd.testing.assert_frame_equal(cl.reach_table(one), cl.reach_table(other))
    figures, known = (cl.project.key_figures(chat, 6) for chat in (large, whole))
    same = ["posts", "people", "newcomers", "reach"]
    pd.testing.assert_frame_equal(figures.loc[same], known.loc[same])
    for sentence in (say.brief, say.snapshot, say.scope):
        assert (
            sentence(large, "last").split(" Most ")[0] == sentence(whole, "last").split(" Most ")[0]
        )


def test_the_page_says_what_is_of_a_sample(large, whole) -> None:
    told = say.cautions(large, large.at("last").posts)[0]
    assert "1,625 posts" in told
    assert "posts that drew most" in told
    assert "Read in words" in say.about(large.at("last"))
    assert "Read in words" not in say.about(whole.at("last"))
    assert "sample" not in " ".join(say.cautions(whole, whole.posts))


def test_themes_and_marks_are_counted_in_all_posts(large, whole) -> None:
    themes = cl.project.themes_in_all(large)
    own = whole.posts["in_chat"] & whole.posts["kind"].ne("repost")
    assert 0 < themes["posts"].sum() <= own.sum()
    assert 0 < themes.attrs["agreement"] <= 1
    marks = cl.project.insights_in_all(large)
    read = cl.themes.count_insights(whole.posts, brand=whole.settings.brand)
    assert marks.loc["friction"].sum()["posts"] == read.loc["friction"].sum()["posts"]
    assert "In all posts" in show.themes_in_all(themes)._repr_html_()
    assert "In all posts" in show.insights_in_all(marks)._repr_html_()
    assert cl.project.themes_in_all(whole).empty
    assert show.themes_in_all(cl.project.themes_in_all(whole)).html == ""


def test_a_reader_learns_the_themes_of_a_sample(whole) -> None:
    themes = cl.find_themes(whole.posts)
    reader = cl.themes.learn_themes(whole.posts, themes)
    counted = cl.themes.count_themes(whole.posts, reader)
    own = whole.posts["in_chat"] & whole.posts["kind"].ne("repost")
    found = themes[own].value_counts()
    assert set(counted.index) <= set(found.index)
    assert abs(counted["posts"].sum() - found.sum()) < 0.2 * found.sum()
    with pytest.raises(cl.errors.PostsError, match="No theme to learn"):
        cl.themes.learn_themes(whole.posts, themes.where(themes < 0))


def test_people_are_not_protected_too_late(folder: Path, tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setattr(opening, "IN_MEMORY", 100)
    privacy = cl.project.settings.Privacy(without=("@demo_awa_ndiaye_colin",))
    with pytest.raises(cl.errors.SettingsError, match="convert"):
        cl.read_chat(folder, privacy=privacy)


@pytest.mark.slow
@pytest.mark.parametrize("path", find_notebooks(ROOT / "notebooks"), ids=lambda path: path.stem)
@pytest.mark.usefixtures("large")
def test_every_notebook_runs_on_a_dataset(path: Path, folder: Path) -> None:
    names: dict[str, object] = {}
    for cell in nbformat.read(path, as_version=4).cells:
        if cell.cell_type == "code":
            exec(compile(cell.source, path.name, "exec"), names)
            if "parameters" in cell.metadata.get("tags", []):
                names["chat"] = str(folder)
    assert names["conversation"].scan is not None
