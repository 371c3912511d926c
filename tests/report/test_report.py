"""Notebooks run, pages written: the whole way, on the bundled chat and on hostile posts."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from html import unescape
from html.parser import HTMLParser
from pathlib import Path

import nbformat
import pytest

from chatlab.cli.main import main
from chatlab.errors import NotebookError, SettingsError
from chatlab.project.opening import read_chat
from chatlab.report.pages import build, exporter, run
from chatlab.report.pages.html import sanitised
from tests.conftest import ROOT

NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))
PAGES = [path.stem for path in NOTEBOOKS]

PAYLOADS = [
    '<img src=x onerror="document.title=1">',
    "<script>document.title=1</script>",
    '<svg onload="document.title=1">',
    "[click](javascript:document.title=1)",
    '<iframe srcdoc="<script>parent.document.title=1</script>"></iframe>',
    "</script><script>document.title=1</script>",
    "$5 to $10 {{ 7*7 }} {% raw %}",
]


def notebook_of(*cells: tuple[str, str]) -> nbformat.NotebookNode:
    made = nbformat.v4.new_notebook()
    for kind, source in cells:
        cell = nbformat.v4.new_markdown_cell(source)
        if kind != "markdown":
            cell = nbformat.v4.new_code_cell(source)
            cell.metadata["tags"] = [kind]
        made.cells.append(cell)
    return made


class Elements(HTMLParser):
    """Collects what a browser would make of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.names: list[str] = []
        self.attributes: list[str] = []
        self.links: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.names.append(tag)
        self.attributes += [name for name, _ in attrs]
        self.links += [value or "" for name, value in attrs if name in ("href", "src")]


def write(path: Path, notebook: nbformat.NotebookNode) -> Path:
    nbformat.write(notebook, path)
    return path


@pytest.mark.parametrize(
    "markup",
    [
        "<img src=x onerror=alert(1)>",
        "<script>alert(1)</script>",
        '<a href="javascript:alert(1)">x</a>',
        "<svg onload=alert(1)></svg>",
        '<iframe srcdoc="x"></iframe>',
        '<div style="background:url(https://x.example)">x</div>',
        '<table><tr><td onclick="x">1</td></tr></table>',
        '<form action="https://x.example"><input></form>',
    ],
)
def test_sanitised_keeps_nothing_that_runs_or_loads(markup: str) -> None:
    clean = sanitised(markup)
    for word in ("script", "onerror", "onload", "onclick", "iframe", "style", "form", "src", "svg"):
        assert word not in clean.casefold().replace("&lt;", ""), clean


@pytest.mark.parametrize("name", ["en", "fr"])
def test_report_pages_are_there(built_reports, name: str) -> None:
    folder = built_reports[name]
    assert sorted(path.name for path in folder.iterdir()) == sorted(
        [f"{stem}.html" for stem in PAGES] + ["index.html"]
    )
    index = (folder / "index.html").read_text(encoding="utf-8")
    for stem in PAGES[1:]:
        assert f'href="{stem}.html"' in index


def test_french_report_has_no_english_sentence(built_reports) -> None:
    from chatlab.report.catalogue import wanted_messages

    words = [m for m in wanted_messages() if isinstance(m, str) and m.count(" ") >= 3]
    for page in PAGES:
        text = (built_reports["fr"] / f"{page}.html").read_text(encoding="utf-8")
        assert '<html lang="fr">' in text
        for message in words:
            assert message.lstrip("# ") not in text, message


def test_a_report_for_a_client_counts_roles_and_names_nobodys(built_reports) -> None:
    own, client = (
        (built_reports[lang] / "06-influencers.html").read_text(encoding="utf-8")
        for lang in ("en", "fr")
    )
    assert re.search(r"<td[^>]*>connector, asker, regular</td>", own)
    assert not re.search(r"<td[^>]*>[^<]*pose des questions, fidèle</td>", client)
    assert re.search(r"hors d(.|&#x27;)un rapport pour un client", client)
    assert re.search(r"<td[^>]*>diffuse sans échanger</td>", client)  # the rule and its count stay


def test_pseudonymised_report_names_nobody(built_reports) -> None:
    for page in PAGES:
        text = (built_reports["fr"] / f"{page}.html").read_text(encoding="utf-8")
        assert "demo_" not in text, page
        assert "Rochebrune" not in text
        assert "x.example/" not in text
        assert "pseudonymes" in text


def test_no_name_of_anybody_stands_on_a_pseudonymised_page(built_reports) -> None:
    posts = read_chat(ROOT / "data" / "crowdwork").posts
    names = posts["author_name"].dropna().unique()
    # Short parts are parts of other words too.
    parts = {part for name in names for part in re.findall(r"[^\W\d_]{5,}", name)}
    numbers = {one.rpartition(":")[2] for one in posts["author_id"].dropna()}
    pages = [path.read_text(encoding="utf-8") for path in built_reports["fr"].glob("*.html")]
    packed = re.compile(r'<script[^>]*type="text/plain"[^>]*>.*?</script>', re.DOTALL)
    told = unescape(" ".join(packed.sub("", page) for page in pages))
    words = set(re.findall(r"[^\W\d_]+", told))
    assert len(pages) == len(PAGES) + 1
    assert not [name for name in names if name in told]
    assert not [handle for handle in posts["author"].dropna().unique() if handle in told]
    assert not [number for number in numbers if len(number) > 6 and number in told]
    # `travail` in a display name is a word that the posts use.
    used = set(re.findall(r"[^\W\d_]+", " ".join(posts["text"])))
    assert sorted(part for part in parts & words if part.casefold() not in used) == []


def test_hostile_texts_stay_texts(tmp_path: Path) -> None:
    source = f"import chatlab as cl\npayloads = {PAYLOADS!r}\n"
    notebook = notebook_of(
        ("markdown", "# Posts"),
        ("x", source + "cl.report.show.lines(payloads)"),
        ("x", "print(*payloads, sep='\\n')"),
        (
            "x",
            "from IPython.display import HTML, Markdown, display\n"
            "display(HTML(payloads[0] + payloads[4]), Markdown(payloads[3]))",
        ),
        ("x", "import pandas as pd\npd.DataFrame({'t': payloads}).style"),
    )
    done = run.run_notebook(write(tmp_path / "a.ipynb", notebook))
    page = exporter.page_html(done)
    elements = Elements()
    elements.feed(page)
    assert elements.names.count("script") == 1  # our own, at the end
    assert set(elements.names).isdisjoint({"img", "iframe", "svg", "object", "form"})
    assert not [name for name in elements.attributes if name.startswith("on")]
    assert not [link for link in elements.links if not link.startswith(("#", "data:,"))]
    assert "$5 to $10" in page


FIGURE = {
    "data": [{"type": "bar", "x": [1], "y": [float("nan")]}],
    "layout": {
        "title": {"text": '<meta http-equiv="refresh" content="0;url=https://evil.example">'},
        "height": '1px"><script>document.title=1</script>',
        "meta": {"description": "<img src=x onerror=alert(1)>", "columns": ["<b>"], "rows": [7]},
    },
}


@pytest.mark.parametrize(
    "figure",
    [
        FIGURE,
        {"data": [], "layout": {"title": "<meta http-equiv=refresh>", "height": float("inf")}},
        {"data": [], "layout": {"title": {"text": None}, "meta": ["x"], "height": 10**9}},
        {"data": [], "layout": {"meta": {"columns": "ab", "rows": {"x": 1}}}},
        {"data": "x", "layout": []},
        ["x"],
        "<script>document.title=1</script>",
    ],
)
def test_figures_of_other_notebooks_write_no_markup(figure) -> None:
    notebook = notebook_of(("x", "pass"), ("x", "pass"))
    good = {"data": [{"type": "bar", "x": [1], "y": [1]}], "layout": {"title": {"text": "Good"}}}
    for cell, content in zip(notebook.cells, (figure, good), strict=True):
        bundle = {"application/vnd.plotly.v1+json": content, "text/plain": "a figure"}
        cell.outputs = [nbformat.v4.new_output("display_data", data=bundle)]
    page = exporter.page_html(notebook)
    elements = Elements()
    elements.feed(page)
    assert elements.names.count("meta") == 6  # our own
    assert set(elements.names).isdisjoint({"img", "iframe"})
    assert not [name for name in elements.attributes if name.startswith("on")]
    heights = [int(found) for found in re.findall(r"height:(\d+)px", page)]
    assert heights
    assert max(heights) <= 5_000
    blocks = re.findall(r'<script[^>]*class="figure"[^>]*>(.*?)</script>', page)
    assert [json.loads(block, parse_constant=pytest.fail) for block in blocks]
    assert "Good" in page


@pytest.mark.parametrize(
    ("kind", "content", "kept"),
    [
        ("image/png", 'x"><script>document.title=1</script>', False),
        ("image/png", "PHN2Zz4=", False),  # <svg>
        ("image/png", "iVBORw0KGgo=\n", True),
        ("image/jpeg", "/9j/4AAQ", True),
        ("image/jpeg", ["x"], False),
        ("image/svg+xml", "<svg onload=alert(1)></svg>", False),
    ],
)
def test_pictures_are_pictures(kind: str, content: object, kept: bool) -> None:
    notebook = notebook_of(("x", "pass"))
    bundle = {kind: content, "text/plain": "a picture"}
    notebook.cells[0].outputs = [nbformat.v4.new_output("display_data", data=bundle)]
    elements = Elements()
    page = exporter.page_html(notebook)
    elements.feed(page)
    assert ("img" in elements.names) is kept
    assert elements.names.count("script") == 1
    assert kept or "a picture" in page


def test_an_output_cannot_stand_in_for_the_pages_own_elements() -> None:
    assert "id=" not in sanitised('<p id="plotly">x</p><p id="main">y</p>')


def test_notebook_error_names_section_and_cell(tmp_path: Path) -> None:
    notebook = notebook_of(
        ("markdown", "# Title"), ("x", "1"), ("markdown", "## Where it\nbreaks"), ("x", "1 / 0")
    )
    with pytest.raises(NotebookError) as error:
        run.run_notebook(write(tmp_path / "bad.ipynb", notebook))
    assert str(error.value) == (
        "bad.ipynb, section “Where it”, code cell 2: ZeroDivisionError: division by zero"
    )


def test_failed_report_leaves_the_folder_as_it_was(tmp_path: Path) -> None:
    good = write(tmp_path / "00-brief.ipynb", notebook_of(("markdown", "# Fine"), ("x", "1")))
    bad = write(tmp_path / "01-bad.ipynb", notebook_of(("markdown", "# Bad"), ("x", "oops")))
    out = tmp_path / "out"
    with pytest.raises(NotebookError):
        build.build_report([good, bad], out)
    assert not out.exists()
    build.build_report([good], out)
    before = {path.name: path.read_bytes() for path in out.iterdir()}
    write(good, notebook_of(("markdown", "# Changed"), ("x", "1")))
    with pytest.raises(NotebookError):
        build.build_report([good, bad], out)
    assert {path.name: path.read_bytes() for path in out.iterdir()} == before


def test_parameters_are_plain_values_that_the_notebook_has() -> None:
    notebook = notebook_of(("parameters", 'chat = "x"\nedition = "last"'))
    changed = run.with_parameters(notebook, {"edition": 3, "chat": ["a", "b"]})
    assert changed.cells[1].source == "edition = 3\nchat = ['a', 'b']"
    with pytest.raises(SettingsError, match="no parameter 'editon'"):
        run.with_parameters(notebook, {"editon": 3})
    with pytest.raises(SettingsError, match="takes text, numbers"):
        run.with_parameters(notebook, {"edition": {"a": 1}})


def test_nbconvert_knows_the_exporter_by_name(tmp_path: Path) -> None:
    """`jupyter nbconvert --execute --to chatlab` works without any setting."""
    done = subprocess.run(
        [
            sys.executable,
            "-m",
            "nbconvert",
            "--execute",
            "--to",
            "chatlab",
            "--output-dir",
            str(tmp_path),
            str(ROOT / "notebooks" / "01-snapshot.ipynb"),
        ],
        capture_output=True,
        text=True,
        check=False,
        cwd=ROOT,
        env={**os.environ, "JUPYTER_PLATFORM_DIRS": "1"},
    )
    assert done.returncode == 0, done.stderr[-2000:]
    page = (tmp_path / "01-snapshot.html").read_text(encoding="utf-8")
    assert page.count('class="figure"') == 4
    assert "default-src 'none'" in page


def test_cli_report_stops_before_a_kernel_when_data_cannot_be_read(tmp_path, capsys) -> None:
    (tmp_path / "a.csv").write_text("a,b\n1,2\n")
    assert main(["report", str(tmp_path / "a.csv"), "--out", str(tmp_path / "out")]) == 1
    told = capsys.readouterr().err
    assert told.startswith("chatlab: a.csv is a table of no format")
    assert not (tmp_path / "out").exists()


def test_cli_report_exits_3_when_a_notebook_stops(tmp_path: Path, capsys, monkeypatch) -> None:
    folder = tmp_path / "notebooks"
    folder.mkdir()
    write(
        folder / "00-brief.ipynb",
        notebook_of(
            ("markdown", "# Q"),
            ("parameters", 'chat = "data/crowdwork"\nedition = "last"\nlang = "en"'),
            ("x", "raise ValueError('on purpose')"),
        ),
    )
    monkeypatch.chdir(tmp_path)
    assert main(["report", "--notebooks", "notebooks"]) == 3
    told = capsys.readouterr().err
    assert told.count("\n") == 1
    assert "00-brief.ipynb, section “Q”, code cell 2: ValueError: on purpose" in told
    assert not (tmp_path / "reports").exists()


def test_columns_reach_the_notebooks(tmp_path: Path, capsys) -> None:
    """A table of one's own, read with --columns, through a whole run."""
    (tmp_path / "posts.csv").write_text("Message;Qui\nBonjour;ada\n@ada salut;bob\n")
    (tmp_path / "map.toml").write_text('text = "Message"\nauthor = "Qui"\n')
    code = main(
        [
            "report",
            str(tmp_path / "posts.csv"),
            "--columns",
            str(tmp_path / "map.toml"),
            "--platform",
            "x",
            "--out",
            str(tmp_path / "out"),
            "--lang",
            "fr",
            "-p",
            'edition="all"',
        ]
    )
    assert code == 0
    page = (tmp_path / "out" / "01-snapshot.html").read_text(encoding="utf-8")
    assert "Aucun message n&#x27;est daté" in page or "Aucun message n'est daté" in page


def test_a_page_is_parted_into_sections_with_one_fold_each(tmp_path: Path) -> None:
    notebook = notebook_of(
        ("markdown", "# Question"),
        (
            "answer",
            "import chatlab as cl\nshow = cl.report.show\nshow.answer('Yes.', title='#tag')",
        ),
        ("markdown", "## Full"),
        ("x", "import pandas as pd\nshow.table(pd.DataFrame({'posts': [1]}))"),
        ("markdown", "How to read it."),
        ("markdown", "## Empty"),
        ("x", "hidden = 1\nshow.nothing('nobody came.')"),
        ("markdown", "## After"),
        ("x", "show.lines(['one', 'two'])"),
        ("x", "show.aside(show.table(pd.DataFrame({'people': [7]})))"),
    )
    notebook.cells[4].metadata["tags"] = ["method"]
    notebook.metadata["chatlab"] = {"menu": "Mine", "group": "Ours"}
    path = write(tmp_path / "00-mine.ipynb", notebook)
    other = write(tmp_path / "01-b.ipynb", notebook_of(("markdown", "# Other"), ("x", "1")))
    index = build.build_report([path, other], tmp_path / "out")
    page = index.read_text(encoding="utf-8")
    assert re.findall(r'<section class="part" id="([\w-]+)">', page) == ["full", "after"]
    assert page.count('<details class="method">') == 3
    assert '<header class="mast"><h1>Question</h1>' in page
    assert '<p class="chat">#tag</p>' in page
    assert '<p class="label">Ours</p>' in page
    assert re.search(r"<b>Empty</b> Left out: nobody came\.", page)
    shown, _, folded = page.partition('id="full"')[2].partition('<details class="method">')
    assert "How to read it" not in shown
    assert "How to read it" in folded
    # What a section left out computed is there for whoever reads the next one's code.
    assert "hidden" in page.partition('id="after"')[2]
    assert "#full" in page
