"""The project itself: layers, documents, environment, notebooks, and what never may be in it."""

from __future__ import annotations

import ast
import inspect
import json
import os
import re
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest

import chatlab
from tests.conftest import PACKAGES, PUBLIC, ROOT

PACKAGE = ROOT / "chatlab"
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))


def test_packages_import_downwards_only() -> None:
    """The layers of pyproject.toml hold; ARCHITECTURE in one line."""
    done = subprocess.run(
        ["lint-imports", "--no-cache"],
        capture_output=True,
        text=True,
        check=False,
        cwd=ROOT,
        env=os.environ | {"PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"},
    )
    assert done.returncode == 0, done.stdout


def test_no_file_is_too_long() -> None:
    long = {
        str(path.relative_to(ROOT)): n
        for path in [*PACKAGE.rglob("*.py"), *(ROOT / "data").rglob("*.py")]
        if (n := len(path.read_text(encoding="utf-8").splitlines())) > 350
    }
    assert long == {}


def test_import_is_cheap() -> None:
    """`import chatlab` loads nothing heavy: at most a tenth of a second of CPU."""
    code = (
        "import sys, time; t = time.process_time(); import chatlab; "
        "print(time.process_time() - t, *({'pandas', 'plotly', 'networkx'} & set(sys.modules)))"
    )
    seconds, *heavy = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    ).stdout.split()
    assert heavy == []
    assert float(seconds) < 0.1


def test_the_top_holds_about_thirty_names() -> None:
    assert sum(not inspect.ismodule(getattr(chatlab, name)) for name in chatlab.__all__) <= 34
    for name in PACKAGES:
        assert f"`cl.{name}`" in str(chatlab.__doc__)
    told = set(re.findall(r"\w+", str(chatlab.__doc__)))
    assert set(chatlab.__all__) - told == set()


@pytest.mark.parametrize("name", PUBLIC)
def test_every_public_name_is_documented(name: str) -> None:
    assert inspect.getdoc(PUBLIC[name])


@pytest.mark.parametrize("name", [name for name in PUBLIC if inspect.isfunction(PUBLIC[name])])
def test_public_functions_take_options_by_keyword(name: str) -> None:
    parameters = list(inspect.signature(PUBLIC[name]).parameters.values())
    name = name.rpartition(".")[2]
    # A filter has an option for each condition; these two join what several tables tell.
    most = {"select_posts": 11, "people_table": 7, "unnoticed": 7}
    assert len(parameters) <= most.get(name, 6)
    defaults = [p for p in parameters if p.default is not p.empty]
    allowed = {"select_edition", "chosen_edition", "editions_up_to", "questions_around"}
    if name not in allowed:
        assert all(p.kind is p.KEYWORD_ONLY for p in defaults), name


def requirement_names(requirements: list[str]) -> dict[str, str]:
    pairs = (re.match(r"([\w-]+)(.*)", requirement) for requirement in requirements)
    return {pair[1].lower(): pair[2] for pair in pairs if pair}


def test_environment_is_in_step_with_pyproject() -> None:
    text = (ROOT / "environment.yml").read_text(encoding="utf-8")
    dependencies = text.partition("dependencies:")[2]
    conda = requirement_names(re.findall(r"^  - ([\w-]+(?:>=[\d.]+)?)$", dependencies, re.M))
    renamed = {"tzdata": "python-tzdata", "lazy-loader": "lazy_loader"}
    wanted = {
        renamed.get(name, name): bound
        for name, bound in requirement_names(PROJECT["project"]["dependencies"]).items()
    }
    wanted |= {"python": PROJECT["project"]["requires-python"], "pip": ""}
    # This comes from PyPI with the package: conda-forge lacks some builds of them.
    del wanted["graspologic-native"]
    assert conda == wanted
    assert "- conda-forge" in text
    assert re.search(r"- pip:\n\s+- -e \.", text)


def test_constraints_pin_every_dependency_and_name_no_address() -> None:
    text = (ROOT / "constraints.txt").read_text(encoding="utf-8")
    assert "://" not in text
    lines = [line for line in text.splitlines() if line and not line.startswith("#")]
    pinned = {line.partition("==")[0].lower().replace("_", "-") for line in lines}
    assert all("==" in line for line in lines)
    extras = PROJECT["project"]["optional-dependencies"]["test"]
    wanted = requirement_names(PROJECT["project"]["dependencies"] + extras)
    assert {name.replace("_", "-") for name in wanted} <= pinned


def tracked_files() -> list[Path]:
    listed = subprocess.run(
        ["git", "ls-files"], capture_output=True, text=True, cwd=ROOT, check=True
    ).stdout.splitlines()
    return [ROOT / name for name in listed if (ROOT / name).is_file()]


def test_no_file_names_a_registry_or_the_wrong_package() -> None:
    hosts = ["pypi" + ".org", "registry." + "npmjs", "conda." + "anaconda.org", "python" + "hosted"]
    for path in tracked_files():
        if path.suffix in {".png"}:
            continue
        text = path.read_text(encoding="utf-8")
        assert not [host for host in hosts if host in text], path
        assert "pip install " + "chatlab" not in text.replace("pip install chatlab_kit", ""), path


def test_readme_is_short_and_names_every_notebook() -> None:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    assert len(text.splitlines()) <= 80
    for path in NOTEBOOKS:
        assert f"`{path.stem}`" in text
    for command in ("make report", "make test", "conda env create", "chatlab report"):
        assert command in text


def test_readme_script_runs(monkeypatch, tmp_path: Path) -> None:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    (script,) = re.findall(r"```python\n(.*?)```", text, re.S)
    monkeypatch.chdir(tmp_path)
    exec(compile(script, "README.md", "exec"), {})
    assert (tmp_path / "replies.gexf").exists()


RECIPES = re.findall(
    r"^## (\d+\. .*?)$.*?```python\n(.*?)```",
    (ROOT / "docs" / "library.md").read_text(encoding="utf-8"),
    re.M | re.S,
)


@pytest.mark.slow
@pytest.mark.parametrize(("title", "script"), RECIPES, ids=[title for title, _ in RECIPES])
def test_recipe_runs(title: str, script: str, monkeypatch, tmp_path: Path) -> None:
    (tmp_path / "data").symlink_to(ROOT / "data")
    monkeypatch.chdir(tmp_path)
    exec(compile(script, title, "exec"), {})


TASKS = re.findall(
    r"^## ([^\n]*)\n(?:(?!^## ).)*?```python\n(.*?)```",
    (ROOT / "docs" / "tasks.md").read_text(encoding="utf-8"),
    re.M | re.S,
)


@pytest.mark.slow
@pytest.mark.parametrize(("title", "script"), TASKS, ids=[title for title, _ in TASKS])
def test_task_runs(title: str, script: str, monkeypatch, tmp_path: Path) -> None:
    (tmp_path / "data").symlink_to(ROOT / "data")
    monkeypatch.chdir(tmp_path)
    exec(compile(script, title, "exec"), {})


def test_there_are_ten_recipes() -> None:
    assert len(RECIPES) == 10
    assert len(TASKS) == 3


USER_SCRIPT = """\
from __future__ import annotations

import sys

import networkx as nx
import pandas as pd

import chatlab as cl
from chatlab.report import plot, say, show


def most_answered(graph: nx.DiGraph[str], n: int) -> pd.DataFrame:
    return cl.influence_table(graph).head(n)


def main(path: str) -> int:
    try:
        chat = cl.read_chat(path)
    except cl.ChatlabError as error:
        print(error, file=sys.stderr)
        return 1
    now = chat.at("last")
    posts: pd.DataFrame = now.posts
    graph = cl.reply_graph(posts)
    table = most_answered(graph, 10)
    groups: pd.Series = cl.find_communities(graph)
    print(cl.network.bridge_table(graph, groups), len(table))
    print(say.brief(chat, "last"))
    show.table(cl.theme_table(posts, chat.themes.themes))
    plot.network(graph, communities=groups)
    cl.io.write_table(table, "most_answered.xlsx")
    return 0


sys.exit(main(sys.argv[1]))
"""


@pytest.mark.parametrize(
    ("script", "told"),
    [
        (USER_SCRIPT, ""),
        (USER_SCRIPT.replace("cl.reply_graph", "cl.reply_grap"), "reply_grap"),
        (USER_SCRIPT.replace("network.bridge_table", "network.bridges"), "bridges"),
        (USER_SCRIPT.replace("plot.network", "plot.networks"), "networks"),
        (USER_SCRIPT.replace('chat.at("last")', "chat.at(None)"), "incompatible type"),
    ],
    ids=["right", "wrong name", "wrong name in a package", "wrong figure", "wrong type"],
)
def test_types_reach_a_users_script(script: str, told: str, tmp_path: Path) -> None:
    (tmp_path / "mine.py").write_text(script)
    done = subprocess.run(
        [sys.executable, "-m", "mypy", "--strict", "--cache-dir", str(ROOT / ".mypy_cache"),
         "--python-executable", sys.executable, "mine.py"],
        capture_output=True, text=True, check=False, cwd=tmp_path,
    )  # fmt: skip
    assert (done.returncode != 0) == bool(told), done.stdout
    assert told in done.stdout


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_notebook_is_short_and_stripped(path: Path) -> None:
    notebook = json.loads(path.read_text(encoding="utf-8"))
    code = [cell for cell in notebook["cells"] if cell["cell_type"] == "code"]
    source = "\n".join("".join(cell["source"]) for cell in code)
    assert all(cell["outputs"] == [] and cell["execution_count"] is None for cell in code)
    assert len(code) <= 15
    assert len(source.splitlines()) <= 60
    assert not re.search(r"^\s*(def|class) ", source, re.M)
    assert "".join(notebook["cells"][0]["source"]).startswith("# ")
    assert notebook["cells"][-1]["cell_type"] == "markdown"
    tags = [tag for cell in code for tag in cell["metadata"].get("tags", [])]
    assert tags == ["parameters", "answer"]
    # One edition has few replies and few cases: these pages look at all unless told otherwise.
    edition = "all" if path.name[:2] in ("04", "06") else "last"
    assert "".join(code[0]["source"]) == (
        f'chat = "data/crowdwork"\nedition = "{edition}"\nlang = "en"'
    )


DANGEROUS = {"HTML", "Markdown", "Javascript", "IFrame"}


@pytest.mark.parametrize("path", [*NOTEBOOKS, *sorted(PACKAGE.rglob("*.py"))], ids=lambda p: p.name)
def test_nothing_calls_what_runs_a_post(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    if path.suffix == ".ipynb":
        cells = json.loads(text)["cells"]
        text = "\n".join("".join(c["source"]) for c in cells if c["cell_type"] == "code")
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Call):
            called = getattr(node.func, "id", getattr(node.func, "attr", ""))
            assert called not in DANGEROUS, called
            unescaped = [k for k in node.keywords if k.arg == "escape" and path.name != "html.py"]
            assert not [k for k in unescaped if getattr(k.value, "value", True) is False]
        assert getattr(node, "attr", "") not in {"renderers", "style"}


def test_wheel_carries_the_kit_and_reports(tmp_path: Path) -> None:
    """Build the wheel, unpack it far from the checkout, and make a report with it."""
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path)],
        check=True,
        capture_output=True,
        cwd=ROOT,
    )
    (wheel,) = tmp_path.glob("chatlab_kit-*.whl")
    home = tmp_path / "site"
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(home)
    names = {str(path.relative_to(home)) for path in home.rglob("*")}
    assert {
        "chatlab/kit/notebooks/00-brief.ipynb",
        "chatlab/kit/data/crowdwork/chat.toml",
        "chatlab/kit/environment.yml",
        "chatlab/locale/fr.po",
        "chatlab/text/lists/fr.txt",
        "chatlab/report/pages/templates/chatlab/index.html.j2",
    } <= names
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    done = subprocess.run(
        [
            sys.executable,
            "-c",
            "import sys, chatlab; from chatlab.cli.main import main; "
            "assert 'site' in chatlab.__file__; "
            "sys.exit(main(['report', '--lang', 'fr']))",
        ],
        capture_output=True,
        text=True,
        check=False,
        cwd=elsewhere,
        env={**__import__("os").environ, "PYTHONPATH": str(home)},
    )
    assert done.returncode == 0, done.stderr
    assert "édition 6" in done.stdout
    assert (elsewhere / "reports" / "index.html").exists()
