"""Each page of a report in a real browser, offline: drawn, silent, accessible."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import ROOT, missing_tool

pytestmark = pytest.mark.browser

PAGES = [path.stem for path in sorted((ROOT / "notebooks").glob("*.ipynb"))]
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
VIOLATIONS = """
window.violations = [];
document.addEventListener("securitypolicyviolation", e => window.violations.push(
  e.violatedDirective + " " + e.blockedURI + " " + e.sample));
"""


@pytest.fixture(scope="module")
def browser(chromium: str) -> Iterator[Any]:
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        missing_tool("playwright is not installed")
    with sync_playwright() as play:
        shown = play.chromium.launch(executable_path=chromium, args=ARGUMENTS)
        yield shown
        shown.close()


class Visit:
    """One page, opened from disk with everything watched."""

    def __init__(self, browser: Any, path: Path, **options: Any) -> None:
        self.context = browser.new_context(
            **{"viewport": {"width": 1100, "height": 900}, **options}
        )
        self.page = self.context.new_page()
        self.requests: list[str] = []
        self.console: list[str] = []
        self.page.add_init_script(VIOLATIONS)
        self.page.on("request", self._requested)
        self.page.on("console", self._told)
        self.page.on("pageerror", lambda error: self.console.append(str(error)))
        self.page.goto(path.as_uri())
        self.figures = self.page.locator("script.figure").count()
        if self.figures:
            self.page.wait_for_selector("html[data-ready]", state="attached", timeout=60_000)
        self.page.wait_for_timeout(300)

    def _requested(self, request: Any) -> None:
        if not request.url.startswith(("file:", "data:", "blob:")):
            self.requests.append(request.url)

    def _told(self, message: Any) -> None:
        if message.type in ("error", "warning"):
            self.console.append(message.text)

    def close(self) -> None:
        self.context.close()


@pytest.fixture
def visit(browser: Any, built_reports: dict[str, Path]) -> Iterator[Any]:
    visits: list[Visit] = []

    def go(lang: str, page: str, **options: Any) -> Visit:
        visits.append(Visit(browser, built_reports[lang] / f"{page}.html", **options))
        return visits[-1]

    yield go
    for one in visits:
        one.close()


@pytest.mark.parametrize("lang", ["en", "fr"])
@pytest.mark.parametrize("page", [*PAGES, "index"])
def test_page_is_silent_and_every_figure_is_drawn(visit: Any, lang: str, page: str) -> None:
    seen = visit(lang, page)
    assert seen.requests == []
    assert seen.console == []
    assert seen.page.evaluate("window.violations") == []
    plots = seen.page.locator(".plot")
    assert plots.count() == seen.figures
    for i in range(seen.figures):
        plot = plots.nth(i)
        assert plot.get_attribute("data-drawn") == "yes"
        assert has_ink(plot.screenshot()), f"figure {i} is blank"


def has_ink(png: bytes) -> bool:
    """Tell whether a picture shows marks: many pixels that are far from the paper's colour."""
    import matplotlib.image as image

    pixels = image.imread(io.BytesIO(png))[:, :, :3]
    paper = pixels[2, 2]
    return bool((abs(pixels - paper).max(axis=2) > 0.25).mean() > 0.003)


@pytest.mark.parametrize(("lang", "scheme"), [("en", "light"), ("en", "dark"), ("fr", "light")])
@pytest.mark.parametrize("page", PAGES)
def test_axe_finds_nothing(visit: Any, page: str, lang: str, scheme: str) -> None:
    from axe_playwright_python.sync_playwright import Axe

    seen = visit(lang, page, color_scheme=scheme, bypass_csp=True)
    for summary in seen.page.locator("details > summary").all():
        summary.click()
    found = Axe().run(seen.page).response["violations"]
    assert [(v["id"], v["nodes"][0]["html"][:120]) for v in found] == []


@pytest.mark.parametrize("page", PAGES)
def test_page_fits_a_phone(visit: Any, page: str) -> None:
    seen = visit("fr", page, viewport={"width": 390, "height": 800})
    assert seen.page.evaluate("document.documentElement.scrollWidth") <= 390


def test_dark_pages_are_dark_and_their_charts_readable(visit: Any) -> None:
    seen = visit("en", "01-snapshot", color_scheme="dark")
    paper = seen.page.evaluate("getComputedStyle(document.body).backgroundColor")
    ink = seen.page.evaluate("getComputedStyle(document.querySelector('.plot .xtick text')).fill")
    assert sum(map(int, paper[4:-1].split(","))) < 150
    assert sum(map(int, ink[4:-1].split(","))) > 500


def test_code_is_folded_but_there(visit: Any) -> None:
    seen = visit("en", "05-network")
    code = seen.page.locator("details.method").first
    assert not code.locator("pre").is_visible()
    code.locator("summary").click()
    assert "chat = " in code.locator("pre").first.inner_text()


def test_page_prints(visit: Any, tmp_path: Path) -> None:
    seen = visit("en", "00-brief")
    seen.page.emulate_media(media="print")
    assert seen.page.locator("nav").is_visible() is False
    assert len(seen.page.pdf()) > 20_000


@pytest.fixture(scope="module")
def large_map(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make a page with a map of 1,000 people, most of them in the picture behind."""
    import nbformat

    import chatlab as cl
    from benchmarks.planted import planted_graph

    graph, _member = planted_graph(4000, n_people=1000)
    bundle = cl.report.plot.network(graph)._bundle()
    cell = nbformat.v4.new_code_cell("the map", execution_count=1)
    cell.outputs = [nbformat.v4.new_output("display_data", data=bundle)]
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_markdown_cell("# Map"), cell])
    path = tmp_path_factory.mktemp("map") / "map.html"
    cl.report.export_html(notebook, path)
    assert path.stat().st_size < 6_000_000
    return path


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_large_map_shows_the_few_and_the_many(browser: Any, large_map: Path, scheme: str) -> None:
    import matplotlib.image as image

    seen = Visit(browser, large_map, color_scheme=scheme)
    assert (seen.requests, seen.console) == ([], [])
    assert seen.page.evaluate("window.violations") == []
    plot = seen.page.locator(".plot").first
    assert plot.locator(".points path.point").count() == 300
    with_picture = image.imread(io.BytesIO(plot.screenshot()))[:, :, :3]
    seen.page.evaluate("document.querySelectorAll('.plot image').forEach(i => i.remove())")
    without = image.imread(io.BytesIO(plot.screenshot()))[:, :, :3]
    seen.close()
    faint = (abs(with_picture - without).max(axis=2) > 0.04).mean()
    assert faint > 0.05  # the ties and people behind are seen
    marks = (abs(without - without[2, 2]).max(axis=2) > 0.25).mean()
    assert marks > 0.01


CLICK = """to => document.querySelector('.plot').emit(
  'plotly_click', { points: [{ customdata: to }] })"""


def test_a_click_on_the_map_opens_the_person(visit: Any) -> None:
    seen = visit("en", "05-network")
    assert seen.page.locator(".dossier:visible").count() == 1
    before = seen.page.locator(".dossier:visible .name").inner_text()
    seen.page.evaluate(
        """() => {
          const plot = document.querySelector('.plot');
          const trace = plot.data.find(t => t.customdata && t.customdata.length > 1);
          plot.emit('plotly_click', { points: [{ customdata: trace.customdata[1] }] });
        }"""
    )
    seen.page.wait_for_timeout(200)
    assert "#person-" in seen.page.url
    assert seen.page.locator(".dossier:visible").count() == 1
    assert seen.page.locator(".dossier:visible .name").inner_text() != before


def test_a_click_on_a_theme_opens_its_card_even_in_a_fold(visit: Any) -> None:
    seen = visit("en", "03-themes")
    folded = seen.page.locator("details .theme").last
    assert not folded.is_visible()
    name = folded.get_attribute("id")
    seen.page.evaluate(CLICK, f"#{name}")
    seen.page.wait_for_timeout(200)
    assert folded.is_visible()


@pytest.mark.parametrize(
    "lead", ["javascript:document.title=1", "https://x.example/#theme-1", "#plotly"]
)
def test_a_mark_leads_nowhere_else(visit: Any, lead: str) -> None:
    seen = visit("en", "03-themes")
    before = seen.page.url
    click = (
        "to => document.querySelector('.plot').emit('plotly_click', {points: [{customdata: to}]})"
    )
    seen.page.evaluate(click, lead)
    seen.page.wait_for_timeout(200)
    assert seen.page.url == before
    assert seen.requests == []


def test_themes_can_be_searched(visit: Any) -> None:
    seen = visit("en", "03-themes")
    themes = seen.page.locator(".part .theme")
    word = themes.last.locator(".name").text_content().split(";")[0].strip(" (?)")
    seen.page.locator("input[type=search]").first.fill(word.upper())
    assert themes.last.is_visible()
    shown = [one for one in themes.all() if one.is_visible()]
    assert 1 <= len(shown) < themes.count()
    assert all(word.lower() in one.text_content().lower() for one in shown)


@pytest.mark.parametrize(("lang", "page"), [("en", "01-snapshot"), ("fr", "01-snapshot")])
def test_a_table_sorts_by_its_numbers(visit: Any, lang: str, page: str) -> None:
    seen = visit(lang, page)
    table = seen.page.locator(".table > table:visible").last
    head = table.locator("th", has=seen.page.locator("button")).nth(2)
    column = (
        "t => [...t.tBodies[0].rows].map(r => Number(r.cells[2].textContent.replace(/\\D/g, '')))"
    )
    head.locator("button").click()
    falling = table.evaluate(column)
    head.locator("button").click()
    rising = table.evaluate(column)
    assert falling == sorted(falling, reverse=True)
    assert rising == sorted(rising)
    assert len(set(rising)) > 1
