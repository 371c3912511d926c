"""Small tables to reason about, the simulated chat, and what the machine offers."""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

import hypothesis
import pandas as pd
import pytest

import chatlab
from chatlab.posts.merge import settle
from chatlab.posts.schema import NAMES, arrow_posts, pandas_posts
from chatlab.translation import set_language
from data.simulation.story import simulate_chat

# A busy machine is no fault: no test fails because it was slow.
hypothesis.settings.register_profile("patient", deadline=None)
hypothesis.settings.load_profile("patient")

ROOT = Path(__file__).parents[1]
# Tests keep nothing in the cache of who runs them.
os.environ["CHATLAB_CACHE"] = "off"
STRICT = os.environ.get("CI") == "true"

PACKAGES = ["text", "posts", "io", "chat", "themes", "network", "people", "project", "report"]
_PLACES = [chatlab, *(getattr(chatlab, name) for name in PACKAGES)]
_PLACES += [getattr(chatlab.report, name) for name in ("say", "show", "plot")]
# Every public class and function, as its first place calls it: `network.bridge_table`.
PUBLIC = {
    f"{place.__name__}.{name}".removeprefix("chatlab."): getattr(place, name)
    for place in _PLACES
    for name in place.__all__
    if not isinstance(getattr(place, name), ModuleType)
}


def written_key(folder: Path) -> Path:
    """Write a key that chatlab accepts."""
    folder.mkdir(exist_ok=True)
    path = folder / "key.txt"
    path.write_text("a key for tests only, long enough")
    path.chmod(0o600)
    return path


def missing_tool(why: str) -> None:
    """Skip where a person lacks a tool; fail where CI does."""
    if STRICT:
        pytest.fail(why)
    pytest.skip(why)


@pytest.fixture(autouse=True)
def _english() -> Any:
    set_language("en")
    yield
    set_language("en")


@pytest.fixture
def table() -> Callable[..., pd.DataFrame]:
    """Make a posts table from rows written in a test; what a row leaves out is missing."""

    def make(*rows: dict[str, Any]) -> pd.DataFrame:
        whole = []
        for i, row in enumerate(rows):
            minute = pd.Timestamp("2026-03-05 08:00", tz="UTC") + pd.Timedelta(minutes=i)
            base = {
                "post_id": f"x:{i + 1}",
                "platform": "x",
                "text": "",
                "created_at": minute,
                "hashtags": [],
                "mentions": [],
                "urls": [],
                "in_chat": True,
            }
            whole.append(base | row)
        return pandas_posts(settle([arrow_posts({n: [r.get(n) for r in whole] for n in NAMES})]))

    return make


@pytest.fixture(scope="session")
def simulated() -> tuple[pd.DataFrame, pd.DataFrame]:
    return simulate_chat()


@pytest.fixture(scope="session")
def bundled() -> chatlab.project.Chat:
    """Read the bundled chat, once."""
    return chatlab.read_chat(ROOT / "data" / "crowdwork")


@pytest.fixture(scope="session")
def real() -> Path:
    folder = os.environ.get("CHATLAB_REAL_DATA")
    if not folder:
        pytest.skip("CHATLAB_REAL_DATA names no folder of real files")
    return Path(folder)


@pytest.fixture(scope="session")
def chromium() -> str:
    found = (
        shutil.which("chromium")
        or shutil.which("chromium-browser")
        or shutil.which("google-chrome")
    )
    if not found:
        missing_tool("no Chromium on this machine: browser tests need one")
    return str(found)


@pytest.fixture(scope="session")
def built_reports(
    tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest
) -> dict[str, Path]:
    """Build the report twice: in English as it is, in French for a client.

    The French one has pseudonyms, and one person taken out. Each is built once, by the first
    worker that comes to it; the others wait.
    """
    from chatlab.cli.main import main

    folder = tmp_path_factory.getbasetemp()
    if hasattr(request.config, "workerinput"):
        folder = folder.parent  # what all workers of one run share
    key = written_key(folder / "key")
    data = str(ROOT / "data" / "crowdwork")
    french = ["--lang", "fr", "--pseudonyms", str(key), "--without", "@demo_tom_hargreave_ops"]
    wanted: dict[str, list[str]] = {"en": [], "fr": [*french, "--for-client"]}
    for lang, options in wanted.items():
        try:
            (folder / f"{lang}.begun").mkdir()
        except FileExistsError:
            continue
        code = None
        try:
            code = main(["report", data, "--out", str(folder / "reports" / lang), *options])
        finally:
            (folder / f"{lang}.code").write_text(str(code))
    for lang in wanted:
        while not (folder / f"{lang}.code").exists():
            time.sleep(1)
        assert (folder / f"{lang}.code").read_text() == "0"
    return {lang: folder / "reports" / lang for lang in wanted}
