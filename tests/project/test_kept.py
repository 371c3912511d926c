"""What an analyst writes in themes.csv and insights.csv survives new runs with new posts."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import chatlab as cl
from chatlab.errors import SettingsError

SUBJECTS = {
    "pay": "late invoice payment bank transfer",
    "soil": "garden soil tomato seeds compost",
    "trains": "night train railway station ticket",
}


def write_chat(path: Path, n: int) -> Path:
    rows = []
    for i in range(n):
        subject = [*SUBJECTS][i % 3]
        words = SUBJECTS[subject].split()
        text = " ".join(words[j % 5] for j in range(i, i + 3)) + f" is broken {i % 7}x"
        rows.append(
            {"id": i, "text": text, "author": f"p{i % 6}", "date": f"2026-03-05 08:{i:02d}"}
        )
    pd.DataFrame(rows).to_csv(path, index=False)
    return path


@pytest.fixture
def chat(tmp_path: Path) -> cl.project.Chat:
    return read(write_chat(tmp_path / "talk.csv", 36))


def broken(texts: Sequence[str]) -> np.ndarray:
    """Read as a friction what is broken."""
    return np.array([[0.99 if "broken" in text else 0, 0, 0, 0] for text in texts])


def read(path: Path) -> cl.project.Chat:
    columns = {"post_id": "id", "text": "text", "author": "author", "created_at": "date"}
    return cl.read_chat(path, columns=columns, platform="x")


def edit(path: Path, **changes: object) -> pd.DataFrame:
    table = pd.read_csv(path, dtype="str", keep_default_na=False)
    for column, value in changes.items():
        row, text = value
        table.loc[row, column] = text
    table.to_csv(path, index=False, sep=";")
    return table


def test_names_merges_and_hiding_survive_new_posts(chat, tmp_path: Path) -> None:
    kept = cl.project.keep_themes(chat, cl.find_themes(chat.posts, n_themes=3, place_all=True))
    path = tmp_path / "talk.themes.csv"
    assert kept.themes.nunique() == 3
    table = edit(path, name=(0, "Money"), note=(0, "=ask Ana"), hide=(2, "oui"))
    first = set(table.loc[0, "typical"].split())
    more = read(write_chat(tmp_path / "talk.csv", 54))
    again = cl.project.keep_themes(
        more, cl.find_themes(more.posts, n_themes=3, seed=5, place_all=True)
    )
    assert sorted(again.names.values())[0] == "Money"
    money = next(number for number, name in again.names.items() if name == "Money")
    assert first <= set(again.themes.index[again.themes.eq(money).fillna(False)])
    assert again.themes.nunique() == 2
    rewritten = pd.read_csv(path, dtype="str", keep_default_na=False)
    row = rewritten[rewritten["name"] == "Money"].iloc[0]
    # A note that a spreadsheet would run is written as text.
    assert row["note"] == "'=ask Ana"
    assert row["theme"] == table.loc[0, "theme"]
    edit(path, merge_into=(0, table.loc[1, "theme"]))
    merged = cl.project.keep_themes(more, cl.find_themes(more.posts, n_themes=3, place_all=True))
    assert merged.themes.dropna().unique().tolist() == [0]


def test_a_merge_into_nothing_is_refused_and_loses_nothing(chat, tmp_path: Path) -> None:
    themes = cl.find_themes(chat.posts, n_themes=3, place_all=True)
    cl.project.keep_themes(chat, themes)
    path = tmp_path / "talk.themes.csv"
    edit(path, merge_into=(0, "t99"))
    before = path.read_bytes()
    with pytest.raises(SettingsError, match="t99"):
        cl.project.keep_themes(chat, themes)
    assert path.read_bytes() == before


def test_verdicts_on_insights_are_obeyed(chat, tmp_path: Path) -> None:
    found = cl.find_insights(chat.posts, classifier=broken)
    assert set(found["kind"]) == {"friction"}
    kept = cl.project.keep_insights(chat, found)
    pd.testing.assert_frame_equal(kept, found)
    path = tmp_path / "talk.insights.csv"
    table = edit(path, verdict=(0, "reject"), note=(1, "call them"))
    own = {"post_id": table.loc[2, "post_id"], "kind": "case", "verdict": "accept"}
    extended = pd.concat([pd.read_csv(path, sep=";", dtype="str"), pd.DataFrame([own])])
    extended.to_csv(path, index=False)
    again = cl.project.keep_insights(chat, found)
    assert len(again) == len(found)
    assert table.loc[0, "post_id"] not in set(again["post_id"])
    assert again.loc[again["kind"] == "case", "certainty"].tolist() == ["sure"]
    rewritten = pd.read_csv(path, dtype="str", keep_default_na=False)
    assert rewritten.loc[1, "note"] == "call them"
    assert set(rewritten["new"]) == {""}
    edit(path, verdict=(0, "perhaps"))
    with pytest.raises(SettingsError, match="perhaps"):
        cl.project.keep_insights(chat, found)


def test_a_folder_has_its_files_inside_and_reads_them_as_no_posts(tmp_path: Path) -> None:
    write_chat(tmp_path / "talk.csv", 12)
    toml = '[columns]\npost_id = "id"\ntext = "text"\nauthor = "author"\n'
    (tmp_path / "chat.toml").write_text(toml)
    (tmp_path / "old.themes.csv").write_text("theme,name\nt1,x\n")
    chat = cl.read_chat(tmp_path)
    cl.project.keep_themes(chat, cl.find_themes(chat.posts, place_all=True))
    assert (tmp_path / "themes.csv").exists()
    assert len(cl.read_chat(tmp_path).posts) == 12
