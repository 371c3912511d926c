from __future__ import annotations

from pathlib import Path

import nbformat
import networkx as nx
import pytest

import chatlab as cl
from chatlab.cli.main import main
from chatlab.posts.schema import NAMES
from tests.conftest import ROOT

DATA = str(ROOT / "data" / "crowdwork")


def test_check_says_what_is_there_and_what_comes_next(capsys) -> None:
    assert main(["check", DATA]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == (
        f"1,624 posts, 6 editions, host @demo_camille_rochebrune; next: chatlab report {DATA}"
    )
    assert any(line.startswith("  crowdwork_x.jsonl: X API v2: ") for line in lines)


def test_check_says_where_it_had_to_guess(tmp_path: Path, capsys) -> None:
    source = ROOT / "data" / "crowdwork" / "crowdwork_x.jsonl"
    (tmp_path / "posts.jsonl").write_bytes(source.read_bytes())
    assert main(["check", str(tmp_path / "posts.jsonl"), "--lang", "fr"]) == 0
    told = capsys.readouterr().out
    assert "probablement @demo_camille_rochebrune" in told.splitlines()[0]
    assert "Fuseau horaire supposé" in told


@pytest.mark.parametrize("ending", ["parquet", "csv", "jsonl"])
def test_convert_writes_the_posts(tmp_path: Path, capsys, ending: str) -> None:
    out = tmp_path / f"posts.{ending}"
    assert main(["convert", DATA, str(out)]) == 0
    assert (
        "1,625 posts written (1 of them only came along), 0 records refused"
        in capsys.readouterr().out
    )
    assert out.stat().st_size > 10_000


def test_graph_writes_a_graph(tmp_path: Path, capsys) -> None:
    out = tmp_path / "g.gexf"
    assert main(["graph", DATA, str(out), "--kind", "interaction"]) == 0
    graph = nx.read_gexf(out)
    assert f"{len(graph):,} nodes" in capsys.readouterr().out


def test_new_makes_a_working_folder(tmp_path: Path, capsys, monkeypatch) -> None:
    folder = tmp_path / "mine"
    assert main(["new", str(folder), "--lang", "fr"]) == 0
    notebooks = sorted((folder / "notebooks").glob("*.ipynb"))
    assert [path.name for path in notebooks] == [
        path.name for path in sorted((ROOT / "notebooks").glob("*.ipynb"))
    ]
    first = nbformat.read(notebooks[0], as_version=4)
    assert first.cells[0].source.startswith("# Que faut-il savoir")
    assert 'lang = "fr"' in first.cells[1].source
    assert 'chat = "data"' in first.cells[1].source
    assert "-e ." not in (folder / "environment.yml").read_text().replace(f"-e {ROOT}", "")
    monkeypatch.chdir(folder / "notebooks")
    with pytest.raises(cl.errors.NotPostsError):
        cl.read_chat("data")
    (folder / "data" / "posts.jsonl").write_bytes(
        (ROOT / "data" / "crowdwork" / "crowdwork_x.jsonl").read_bytes()
    )
    assert cl.read_chat("data").settings.language == "fr"
    assert main(["new", str(folder)]) == 1
    told = (folder / "README.md").read_text(encoding="utf-8")
    assert "memory.example.csv" in told
    assert "Un dossier de travail" in told
    dictionary = (folder / "data-dictionary.md").read_text()
    assert all(f"| `{name}` |" in dictionary for name in NAMES)
    assert "data/*" in (folder / ".gitignore").read_text()
    # The example is no memory of this chat.
    assert cl.project.chat_memory(cl.read_chat("data")).empty


def test_lab_opens_a_folder_and_makes_a_new_one(tmp_path: Path, monkeypatch, capsys) -> None:
    opened: list[list[str]] = []
    monkeypatch.setattr("subprocess.run", lambda command, **_options: opened.append(command))
    folder = tmp_path / "mine"
    assert main(["lab", str(folder), "--", "--no-browser"]) == 0
    assert (folder / "notebooks" / "00-brief.ipynb").exists()
    assert opened[0][1:3] == ["-m", "jupyterlab"]
    assert opened[0][-1] == "--no-browser"
    assert main(["lab", str(tmp_path)]) == 1
    assert "no folder named notebooks" in capsys.readouterr().err
    assert len(opened) == 1


@pytest.mark.parametrize(
    ("arguments", "code", "told"),
    [
        (["check", "no/such/file"], 1, "does not exist"),
        (["report", DATA, "--edition", "77"], 1, "there are editions 1 to 6"),
        (["report", DATA, "-p", "nonsense"], 1, "is not NAME=VALUE"),
        (["report", DATA, "-p", "colour=red"], 1, "no parameter 'colour'"),
        (["check", DATA, "--without", "@nobody_here"], 1, "Nobody is called"),
        (["check", DATA, "--pseudonyms", "no-key.txt"], 1, "cannot be read"),
        (["convert", DATA, "out.doc"], 1, ".doc"),
    ],
)
def test_bad_input_gives_one_clear_line(capsys, arguments, code: int, told: str) -> None:
    assert main(arguments) == code
    error = capsys.readouterr().err
    assert told in error
    assert error.count("\n") == 1


def test_misspelt_command_exits_2(capsys) -> None:
    with pytest.raises(SystemExit) as stop:
        main(["repport"])
    assert stop.value.code == 2


@pytest.mark.parametrize("command", ["report", "check", "convert", "graph", "new"])
def test_help_has_an_example_and_the_exit_codes(capsys, command: str) -> None:
    with pytest.raises(SystemExit) as stop:
        main([command, "--help"])
    assert stop.value.code == 0
    told = capsys.readouterr().out
    assert f"chatlab {command}" in told.split("example:")[1]
    assert "exit codes:" in told
