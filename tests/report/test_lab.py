"""One run in a real JupyterLab, in a real browser, judged by the saved file."""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import ROOT, missing_tool

pytestmark = [pytest.mark.browser, pytest.mark.slow]
TOKEN = "only-for-this-test"


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


@pytest.fixture
def lab(tmp_path: Path) -> Iterator[tuple[str, Path]]:
    """Start JupyterLab on a copy of the notebooks, without its news prompt."""
    folder = tmp_path / "work"
    shutil.copytree(ROOT / "notebooks", folder / "notebooks")
    wishes = {
        "apputils-extension/notification": '{"fetchNews": "false", "checkForUpdates": false}',
        # Cells out of sight stay in the page, so that the map can be looked for.
        "notebook-extension/tracker": '{"windowingMode": "none"}',
    }
    for name, wish in wishes.items():
        file = tmp_path / "settings" / "@jupyterlab" / f"{name}.jupyterlab-settings"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(wish)
    port = free_port()
    address = f"http://127.0.0.1:{port}"
    server = subprocess.Popen(
        [
            sys.executable,
            "-m",
            "jupyterlab",
            "--no-browser",
            "--ip=127.0.0.1",
            f"--port={port}",
            f"--ServerApp.root_dir={folder}",
            f"--IdentityProvider.token={TOKEN}",
            "--allow-root",
        ],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env={**os.environ, "JUPYTERLAB_SETTINGS_DIR": str(tmp_path / "settings")},
    )
    try:
        for _ in range(120):
            try:
                urllib.request.urlopen(f"{address}/api?token={TOKEN}", timeout=2).close()
                break
            except OSError:
                time.sleep(0.5)
        else:
            pytest.fail("JupyterLab did not start within a minute")
        yield address, folder
    finally:
        server.terminate()
        server.wait(20)


def test_notebook_runs_in_jupyterlab(lab: tuple[str, Path], chromium: str) -> None:
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        missing_tool("playwright is not installed")
    address, folder = lab
    file = folder / "notebooks" / "05-network.ipynb"
    with_prices(file)
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        page = browser.new_page(viewport={"width": 1400, "height": 1000})
        page.goto(f"{address}/lab/tree/notebooks/{file.name}?token={TOKEN}")
        idle = '.jp-Notebook-ExecutionIndicator[data-status="idle"]'
        page.wait_for_selector(idle, timeout=120_000, state="attached")
        run_all_cells(page)
        page.wait_for_selector(".js-plotly-plot .scatterlayer", timeout=120_000, state="attached")
        deadline = time.time() + 120
        while time.time() < deadline and not finished(file):
            page.wait_for_timeout(1_000)
            page.locator('[data-command="docmanager:save"]').first.click()
        asks_further(page)
        # JupyterLab has made a formula of the prices that chatlab did not show, and of no others.
        page.wait_for_selector("mjx-container", timeout=60_000, state="attached")
        formulas = page.locator("mjx-container").count()
        browser.close()
    assert formulas == 1
    cells = [cell for cell in json.loads(file.read_text())["cells"] if cell["cell_type"] == "code"]
    assert all(cell["execution_count"] for cell in cells)
    outputs = [output for cell in cells for output in cell["outputs"]]
    assert not [output for output in outputs if output["output_type"] == "error"]
    kinds = {kind for output in outputs for kind in output.get("data", {})}
    assert "application/vnd.plotly.v1+json" in kinds
    assert "<script" not in json.dumps(outputs)  # no copy of plotly.js in the saved file


def asks_further(page: Any) -> None:
    """Click a person on the map; search and sort a table."""
    asking = page.locator(".js-plotly-plot[data-asks]")
    asking.first.wait_for(timeout=30_000, state="attached")
    person = page.evaluate(
        """() => {
          const plots = [...document.querySelectorAll('.js-plotly-plot')];
          const plot = plots.find(p => p.data.some(t => String(t.customdata).includes('#person-')));
          const trace = plot.data.find(t => String(t.customdata).includes('#person-'));
          plot.emit('plotly_click', { points: [{ customdata: trace.customdata[0] }] });
          return [].concat(trace.customdata[0])[0].slice(1);
        }"""
    )
    opened = page.locator(".chatlab-opened")
    assert opened.count() == 1
    name = page.locator(f"#{person} .name").text_content()
    assert opened.locator(".name").text_content() == name
    opened.locator("button").click()
    assert opened.count() == 0
    block = page.locator(".block", has=page.locator(".filter")).first
    for fold in block.locator("summary").all():
        fold.click()
    field = block.locator(".filter input")
    rows = block.locator("tbody tr")
    before = rows.count()
    word = rows.nth(1).locator("td").first.text_content()
    field.fill(word)
    hidden = block.locator("tbody tr[hidden]").count()
    assert 0 < hidden < before
    field.fill("")
    head = block.locator("th button").first
    head.click()
    assert block.locator("th[aria-sort]").count() == 1


def with_prices(file: Path) -> None:
    """Put prices before all else: as chatlab shows a post, in a figure, and by themselves."""
    book = json.loads(file.read_text())
    sources = [
        "import chatlab as cl\n"
        "from chatlab.report.show import lines\n"
        "lines(['from $5 to $10', r'\\(a\\) \\[b\\] $$c$$ \\begin{math}d\\end{math}'])",
        "import pandas as pd\n"
        "from chatlab.report.plot.figure import make_figure, plain_label\n"
        "import plotly.graph_objects as go\n"
        "bar = go.Bar(x=[1], y=[plain_label('from $5 to $10')], orientation='h')\n"
        "make_figure([bar], 'from $5 to $10', '', pd.DataFrame())",
        "from IPython.display import HTML\nHTML('<p>from $5 to $10</p>')",
    ]
    book["cells"][:0] = [
        {
            "cell_type": "code",
            "id": f"price{i}",
            "metadata": {},
            "outputs": [],
            "execution_count": None,
            "source": source,
        }
        for i, source in enumerate(sources)
    ]
    file.write_text(json.dumps(book))


def run_all_cells(page: Any) -> None:
    """Run all; before the kernel listens this does nothing, so look whether it did."""
    for _ in range(5):
        page.wait_for_timeout(2_000)
        page.get_by_role("menuitem", name="Run", exact=True).click()
        page.get_by_text("Run All Cells", exact=True).click()
        started = page.locator(".jp-InputArea-prompt", has_text="[1]")
        with suppress(Exception):
            started.first.wait_for(timeout=20_000, state="attached")
            return
    pytest.fail("JupyterLab ran no cell")


def finished(file: Path) -> bool:
    cells = json.loads(file.read_text())["cells"]
    return all(cell["execution_count"] for cell in cells if cell["cell_type"] == "code")
