"""A table of no known format: its mapping is proposed, written, and used."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest

import chatlab as cl
from chatlab.cli.main import main

TABLES = {
    "en": ("Tweet Text", "Posted at", "User Name", "Retweets", "Permalink"),
    "fr": ("Contenu du tweet", "Date de publication", "Nom d'utilisateur", "Partages", "Lien"),
    "de": ("Beitrag", "Erstellt am", "Benutzername", "Geteilt", "Beitragslink"),
    "es": ("Texto del tweet", "Fecha de publicación", "Nombre de usuario", "Retuits", "Enlace"),
}


@pytest.mark.parametrize("language", TABLES)
def test_the_columns_are_known_by_what_they_are_called(
    tmp_path: Path, language: str, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "export.csv"
    rows = [
        f"Something that somebody said number {i};2026-03-05 09:0{i};ada{i};{i};"
        f"https://x.com/ada{i}/status/{i + 1}"
        for i in range(5)
    ]
    path.write_text("\n".join([";".join(TABLES[language]), *rows]), encoding="utf-8")
    with pytest.raises(cl.errors.UnknownFormatError) as error:
        cl.read_posts(path)
    assert f"text = {TABLES[language][0]!r}" in str(error.value)
    assert "--save-columns map.toml" in str(error.value)
    target = tmp_path / "map.toml"
    assert main(["check", str(path), "--save-columns", str(target)]) == 0
    told = capsys.readouterr().out
    assert "5 posts" in told
    assert f"--columns {target}" in told
    posts = cl.read_chat(path, columns=target).posts
    assert list(posts["author"]) == [f"ada{i}" for i in range(5)]
    assert list(posts["platform"].unique()) == ["x"]
    assert posts["created_at"].notna().all()
    assert list(posts["reposts"]) == [0, 1, 2, 3, 4]
    # A mapping that somebody has looked at is not written over.
    assert main(["check", str(path), "--save-columns", str(target)]) == 1


def test_without_a_telling_name_the_sentences_tell(tmp_path: Path) -> None:
    path = tmp_path / "odd.csv"
    rows = [f"{i},2026-03-05 09:0{i},We tried it here and there {i}" for i in range(5)]
    path.write_text("\n".join(["a,b,c", *rows]), encoding="utf-8")
    with pytest.raises(cl.errors.UnknownFormatError, match="text = 'c'"):
        cl.read_posts(path)


def test_numbers_hold_no_texts(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "figures.csv"
    path.write_text("day,visits\n2026-03-05,12\n2026-03-06,13\n", encoding="utf-8")
    assert main(["check", str(path), "--save-columns", str(tmp_path / "map.toml")]) == 1
    assert "None of them seems to hold the texts" in capsys.readouterr().err
    assert not (tmp_path / "map.toml").exists()


def test_a_known_format_needs_no_mapping(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    target = tmp_path / "map.toml"
    assert main(["check", "data/crowdwork", "--save-columns", str(target)]) == 1
    assert "need no mapping" in capsys.readouterr().err
    assert not target.exists()


def test_files_of_r_and_prose_get_a_sentence(tmp_path: Path) -> None:
    rda = tmp_path / "posts.rda"
    rda.write_bytes(gzip.compress(b"RDX3\nX\n\x00\x00\x00\x03"))
    with pytest.raises(cl.errors.UnknownFormatError, match="R's own format"):
        cl.read_posts(rda)
    notes = tmp_path / "transcript.md"
    notes.write_text("# The chat\n\n**Ada**: hello, all of you\n", encoding="utf-8")
    with pytest.raises(cl.errors.UnknownFormatError, match="a text and no table"):
        cl.read_posts(notes)
