from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

import chatlab as cl
from chatlab.project.gathering import gather_settings
from chatlab.project.opening import open_chat
from chatlab.project.settings import settings_as_toml
from tests.conftest import ROOT

DATA = ROOT / "data" / "crowdwork"


def write_chat(folder: Path, toml: str) -> Path:
    post = {
        "id": "1",
        "text": "Q1 hello #tag",
        "author_id": "7",
        "conversation_id": "1",
        "created_at": "2026-03-05T08:00:00.000Z",
        "entities": {"hashtags": [{"tag": "tag"}]},
    }
    other = {**post, "id": "2", "text": "Q2 more #tag", "created_at": "2026-03-05T08:01:00.000Z"}
    answers = [
        {**post, "id": str(3 + i), "author_id": str(8 + i), "text": f"A{i + 1} yes #tag"}
        for i in range(2)
    ]
    answers = [{**one, "created_at": "2026-03-05T08:02:00.000Z"} for one in answers]
    page = {
        "data": [post, other, *answers],
        "includes": {"users": [{"id": "7", "username": "Ada"}]},
    }
    (folder / "posts.jsonl").write_text(json.dumps(page))
    (folder / "chat.toml").write_text(toml)
    return folder


def test_bundled_chat_is_read_with_its_settings() -> None:
    chat = cl.read_chat(DATA)
    assert chat.title == "#crowdwork"
    assert chat.settings.hosts == ("demo_camille_rochebrune",)
    assert chat.zone == "Europe/Paris"
    assert chat.assumed == ()
    assert set(chat.loading.index) == {
        "crowdwork_x.jsonl",
        "crowdwork_mastodon.json",
        "crowdwork_bluesky.json",
    }
    assert (
        chat.posts.loc[chat.posts["platform"] == "x", "url"]
        .str.startswith("https://x.example/")
        .all()
    )


def test_bundled_chat_is_found_from_anywhere(tmp_path: Path, monkeypatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert len(cl.read_chat("data/crowdwork").posts) > 1000


def test_without_settings_what_is_assumed_is_said(tmp_path: Path) -> None:
    chat = cl.read_chat(write_chat(tmp_path, ""))
    assert chat.settings.hashtags == ("tag",)
    assert chat.settings.hosts == ("Ada",)
    assert len(chat.assumed) == 3  # hashtag, host, time zone
    assert any("@Ada" in line for line in cl.report.say.facts(chat.assumed))


@pytest.mark.parametrize(
    ("toml", "told"),
    [
        ('hots = "ada"', "hots"),
        ('timezone = "Mars/Olympus"', "Mars/Olympus"),
        ("panel = 3", "panel"),
        ('language = "xx"', "xx"),
        ("title = ", "chat.toml"),
    ],
)
def test_impossible_settings_name_the_fault(tmp_path: Path, toml: str, told: str) -> None:
    with pytest.raises(cl.errors.SettingsError, match=told):
        cl.read_chat(write_chat(tmp_path, toml))


def test_settings_survive_being_written(tmp_path: Path) -> None:
    gathered = gather_settings(
        DATA, privacy=cl.project.Privacy(None, ("@demo_awa_ndiaye_colin",)), platform="x"
    )
    file = tmp_path / "chat.toml"
    file.write_text(settings_as_toml(gathered), encoding="utf-8")
    again = gather_settings(file)
    assert again == gathered
    assert "demo_awa_ndiaye_colin" not in set(open_chat(again).posts["author"])


def test_chat_toml_can_name_its_files(tmp_path: Path) -> None:
    shutil.copy(DATA / "crowdwork_bluesky.json", tmp_path / "b.json")
    shutil.copy(DATA / "crowdwork_mastodon.json", tmp_path / "m.json")
    (tmp_path / "chat.toml").write_text('files = ["b.json"]')
    for path in (tmp_path, tmp_path / "chat.toml"):
        assert set(cl.read_chat(path).posts["platform"]) == {"bluesky"}


def test_missing_path_is_a_clear_error() -> None:
    with pytest.raises(cl.errors.UnreadableFileError, match="does not exist"):
        cl.read_chat("no/such/file.jsonl")
