"""The project itself: layers, documents, environment, notebooks, and what never may be in it."""

from __future__ import annotations

import ast
import inspect
import json
import re
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest

import chatlab
from tests.conftest import ROOT

PACKAGE = ROOT / "chatlab"
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))

# Each may import only from those before it; private modules stand where they are used.
LAYERS = [
    "errors",
    "_bounds",
    "_kit",
    "messages",
    "legend",
    "palette",
    "_most",
    "schema",
    "_door",
    "text",
    "_progress",
    "_folding",
    "_addresses",
    "marks",
    "quoting",
    "_write",
    "_workbook",
    "words",
    "phrases",
    "_wording",
    "asking",
    "_ways",
    "_names",
    "privacy",
    "_copies",
    "_files",
    "_records",
    "_rows",
    "_media",
    "_x_v2",
    "_x_v1",
    "_x_archive",
    "_zeeschuimer",
    "_mastodon",
    "_activitypub",
    "_bluesky_media",
    "_bluesky",
    "_bluesky_stream",
    "_loose_rows",
    "_table_rows",
    "_table_format",
    "_tables_of_x",
    "_tables_of_scrapers",
    "_tables_of_4cat",
    "_tables_of_exports",
    "_tables_of_bluesky",
    "_own",
    "_tables",
    "_settle",
    "_simulated_words",
    "_simulated_cast",
    "_simulated_posts",
    "simulate",
    "_simulated_owner",
    "_simulated_files",
    "_proposal",
    "_formats",
    "_notes",
    "_loading",
    "load",
    "convert",
    "analytics",
    "_borders",
    "_sessions",
    "editions",
    "hosts",
    "questions",
    "settings",
    "graph",
    "two_mode",
    "_likeness",
    "_ties",
    "communities",
    "layout",
    "graph_files",
    "open_questions",
    "activity",
    "_run_cache",
    "_bags",
    "_groups",
    "themes",
    "_theme_words",
    "theme_tables",
    "insights",
    "insight_tables",
    "_beside",
    "kept",
    "influence",
    "roles",
    "growth",
    "reach",
    "account",
    "retention",
    "people",
    "_remembered",
    "memory",
    "overlooked",
    "care",
    "planning",
    "summary",
    "theme_summary",
    "network_summary",
    "chat_summary",
    "present",
    "chat_present",
    "_figure_text",
    "plot",
    "theme_plot",
    "_network_map",
    "network_plot",
    "chat_plot",
    "_html",
    "report",
    "catalogue",
    "workspace",
    "cli",
]


def imports_of(path: Path) -> set[str]:
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("chatlab"):
            home = (node.module or "").removeprefix("chatlab").lstrip(".")
            found |= {home} if home else {alias.name for alias in node.names} - {"__version__"}
    return found


def test_every_module_has_its_layer() -> None:
    assert sorted(LAYERS) == sorted(
        path.stem for path in PACKAGE.glob("*.py") if path.stem != "__init__"
    )


@pytest.mark.parametrize("module", LAYERS)
def test_imports_go_downwards(module: str) -> None:
    below = set(LAYERS[: LAYERS.index(module)])
    assert imports_of(PACKAGE / f"{module}.py") <= below


def test_import_is_cheap() -> None:
    """`import chatlab` loads nothing heavy: at most 0.2 s CPU, and far less in fact."""
    code = (
        "import sys, time; t = time.process_time(); import chatlab; "
        "print(time.process_time() - t, *({'pandas', 'plotly', 'networkx'} & set(sys.modules)))"
    )
    seconds, *heavy = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    ).stdout.split()
    assert heavy == []
    assert float(seconds) < 0.2


def test_every_public_name_exists_and_is_documented() -> None:
    for name in chatlab.__all__:
        thing = getattr(chatlab, name)
        assert inspect.getdoc(thing), name


@pytest.mark.parametrize(
    "name", [n for n in chatlab.__all__ if inspect.isfunction(getattr(chatlab, n))]
)
def test_public_functions_take_options_by_keyword(name: str) -> None:
    parameters = list(inspect.signature(getattr(chatlab, name)).parameters.values())
    # A filter has an option for each condition; these two join what several tables tell.
    most = {"select_posts": 9, "people_table": 7, "unnoticed": 7}
    assert len(parameters) <= most.get(name, 6)
    defaults = [p for p in parameters if p.default is not p.empty]
    allowed = {"format_number", "format_date", "format_time", "select_edition", "chosen_edition"}
    allowed |= {"editions_up_to", "questions_around"}
    if name not in allowed:
        assert all(p.kind is p.KEYWORD_ONLY for p in defaults), name


def requirement_names(requirements: list[str]) -> dict[str, str]:
    pairs = (re.match(r"([\w-]+)(.*)", requirement) for requirement in requirements)
    return {pair[1].lower(): pair[2] for pair in pairs if pair}


def test_environment_is_in_step_with_pyproject() -> None:
    text = (ROOT / "environment.yml").read_text(encoding="utf-8")
    dependencies = text.partition("dependencies:")[2]
    conda = requirement_names(re.findall(r"^  - ([\w-]+(?:>=[\d.]+)?)$", dependencies, re.M))
    renamed = {"tzdata": "python-tzdata"}
    wanted = {
        renamed.get(name, name): bound
        for name, bound in requirement_names(PROJECT["project"]["dependencies"]).items()
    }
    wanted |= {"python": PROJECT["project"]["requires-python"], "pip": ""}
    # These come from PyPI with the package: conda-forge lacks some builds of them.
    for name in ("graspologic-native", "py3langid"):
        del wanted[name]
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
    assert len(text.splitlines()) <= 120
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


@pytest.mark.parametrize("path", [*NOTEBOOKS, *sorted(PACKAGE.glob("*.py"))], ids=lambda p: p.name)
def test_nothing_calls_what_runs_a_post(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    if path.suffix == ".ipynb":
        cells = json.loads(text)["cells"]
        text = "\n".join("".join(c["source"]) for c in cells if c["cell_type"] == "code")
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Call):
            called = getattr(node.func, "id", getattr(node.func, "attr", ""))
            assert called not in DANGEROUS, called
            unescaped = [k for k in node.keywords if k.arg == "escape" and path.name != "_html.py"]
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
        "chatlab/frames/fr.txt",
        "chatlab/templates/chatlab/index.html.j2",
    } <= names
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    done = subprocess.run(
        [
            sys.executable,
            "-c",
            "import sys, chatlab.cli; assert 'site' in chatlab.__file__; "
            "sys.exit(chatlab.cli.main(['report', '--lang', 'fr']))",
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
