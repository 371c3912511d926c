"""Tables of plain counts are the same in memory, streamed, and on a cluster."""

from __future__ import annotations

import contextlib
import os
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import networkx as nx
import pandas as pd
import pytest

import chatlab as cl
from chatlab.io.dataset import ingest, scan, steps, sums
from tests.conftest import missing_tool

# Workers know nothing of this file: what they are to run of it is sent to them whole.
pickled_by_value = pytest.importorskip("cloudpickle").register_pickle_by_value
pickled_by_value(sys.modules[__name__])

ROOT = Path(__file__).parents[2]
CHAT = ROOT / "data" / "crowdwork"
TABLES = {
    "people": cl.people_table,
    "kinds": cl.posts.kind_table,
    "activity": lambda posts: cl.posts.activity_table(posts, zone="Europe/Paris"),
    "seconds": lambda posts: cl.posts.activity_table(
        cl.select_posts(posts, since="2026-03-05 08:00", until="2026-03-05 09:00"), step="30s"
    ),
    "reach": cl.reach_table,
    "coverage": cl.posts.coverage_table,
    "links": cl.posts.link_table,
    "ties": cl.network.tie_table,
    "replies": lambda posts: cl.network.tie_table(posts, relations=["reply"]),
}
GRAPHS = {
    "replies": cl.reply_graph,
    "all ties": cl.interaction_graph,
    "strongest": lambda posts: cl.interaction_graph(posts, most=40),
    "hashtags": cl.hashtag_graph,
}
SELECTIONS: dict[str, dict[str, Any]] = {
    "a day": {"since": "2026-03-12", "until": "2026-03-13"},
    "tags": {"hashtags": ["#crowdwork"], "kinds": "post"},
    "people": {"authors": ["@demo_awa_ndiaye_colin"]},
    "French": {"langs": "fr", "platforms": ["x", "mastodon"]},
    "words": {"text": "Rate"},
    "nothing": {"since": "2030-01-01"},
}


@pytest.fixture(scope="module")
def whole() -> pd.DataFrame:
    return cl.read_posts(CHAT)


@pytest.fixture(scope="module")
def lying(tmp_path_factory: pytest.TempPathFactory) -> scan.PostsScan:
    """Give the bundled chat as a dataset of many small parts."""
    folder = tmp_path_factory.mktemp("scan") / "d"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(ingest, "BUCKET", 120)
        patch.setattr(steps, "ROW_GROUP", 40)
        cl.ingest_posts(CHAT, folder)
    return cl.scan_posts(folder)


@pytest.fixture(autouse=True)
def _small_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scan, "PART", 50)
    monkeypatch.setattr(sums, "TOGETHER", 100)
    monkeypatch.setattr(sums, "LARGE", 200)


@pytest.mark.parametrize("name", TABLES)
def test_streamed_tables_are_those_in_memory(name: str, lying, whole) -> None:
    assert len(lying.parts()) > 20
    pd.testing.assert_frame_equal(TABLES[name](lying), TABLES[name](whole))


@pytest.mark.parametrize("name", GRAPHS)
def test_streamed_graphs_are_those_in_memory(name: str, lying, whole) -> None:
    one, other = GRAPHS[name](lying), GRAPHS[name](whole)
    assert nx.utils.graphs_equal(one, other)
    assert list(one) == list(other)


@pytest.mark.parametrize("name", SELECTIONS)
def test_a_selection_of_a_dataset_is_that_of_a_table(name: str, lying, whole) -> None:
    conditions = SELECTIONS[name]
    chosen = cl.select_posts(lying, **conditions)
    expected = cl.select_posts(whole, **conditions)
    pd.testing.assert_frame_equal(chosen.read(), expected)
    pd.testing.assert_frame_equal(cl.people_table(chosen), cl.people_table(expected))


def test_parts_that_hold_nothing_wanted_are_not_read(lying) -> None:
    day = cl.select_posts(lying, since="2026-03-12", until="2026-03-12 06:00")
    assert len(day.parts()) < len(lying.parts()) / 2


def test_only_needed_columns_are_read(lying, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: set[str] = set()
    read = scan.Part.read

    def noted(part: scan.Part, columns: list[str], wanted: Any) -> Any:
        asked.update(columns)
        return read(part, columns, wanted)

    monkeypatch.setattr(scan.Part, "read", noted)
    cl.posts.activity_table(lying)
    assert asked == {"in_chat", "created_at", "kind"}


def test_a_folder_of_parquet_is_a_dataset(whole, tmp_path: Path) -> None:
    for number, start in enumerate(range(0, len(whole), 500)):
        cl.write_posts(whole.iloc[start : start + 500], tmp_path / f"{number}.parquet")
    pd.testing.assert_frame_equal(cl.scan_posts(tmp_path).read(), whole)


def test_what_needs_posts_in_memory_says_so(lying) -> None:
    with pytest.raises(cl.errors.PostsError, match=r"scan\.read\(\)"):
        cl.find_themes(lying)
    with pytest.raises(cl.errors.SettingsError, match=r"scan\.read\(\)"):
        cl.people_table(lying, hosts=["x:1"])


def test_a_pruned_graph_says_what_it_keeps(whole) -> None:
    ties = cl.network.tie_table(whole)
    kept = cl.network.strongest_ties(ties, 50)
    assert len(kept) == 50
    assert kept["weight"].min() >= ties["weight"].drop(kept.index).quantile(0.5)
    graph = cl.interaction_graph(whole, most=50)
    assert graph.number_of_edges() == 50
    assert graph.graph["kept_ties"] == pytest.approx(50 / len(ties))
    assert graph.graph["kept_weight"] == pytest.approx(kept["weight"].sum() / ties["weight"].sum())


@pytest.mark.slow
def test_what_docs_scale_shows_runs(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "data").symlink_to(ROOT / "data")
    monkeypatch.chdir(tmp_path)
    text = (ROOT / "docs" / "scale.md").read_text(encoding="utf-8")
    scripts = re.findall(r"```python\n(.*?)```", text, re.S)
    here = [script for script in scripts if "Client(" not in script]
    assert len(here) == len(scripts) - 1 == 2
    for script in here:
        exec(compile(script, "docs/scale.md", "exec"), {})


# A real scheduler and two real workers, each a process of its own.
@pytest.fixture(scope="module")
def cluster() -> Iterator[tuple[Any, list[subprocess.Popen[str]]]]:
    try:
        from distributed import Client
    except ImportError:
        missing_tool("Dask is not installed: pip install 'chatlab-kit[cluster]'")
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.PIPE, "text": True}
    dask = [sys.executable, "-m", "dask"]
    started = [
        subprocess.Popen(
            [*dask, "scheduler", "--host", "127.0.0.1", "--port", "0", "--no-dashboard"], **quiet
        )
    ]
    address = ""
    while "tcp://" not in address:
        address = started[0].stderr.readline()
        assert started[0].poll() is None
    address = "tcp://" + address.split("tcp://")[1].split()[0]
    drain(started[0])
    for _ in range(2):
        worker = [*dask, "worker", address, "--nthreads", "1", "--no-nanny", "--no-dashboard"]
        started.append(subprocess.Popen(worker, **quiet))
        drain(started[-1])
    client = Client(address, set_as_default=False)
    client.wait_for_workers(2, timeout=60)
    try:
        yield client, started
    finally:
        client.close()
        for process in started:
            process.kill()
            process.wait()
            process.stderr.close()


def drain(process: subprocess.Popen[str]) -> None:
    """Read what a process says, so that it is never kept waiting."""

    def read() -> None:
        with contextlib.suppress(ValueError):
            while process.stderr.read(1024):
                pass

    threading.Thread(target=read, daemon=True).start()


@pytest.mark.slow
@pytest.mark.parametrize("name", TABLES)
def test_tables_of_a_cluster_are_those_in_memory(name: str, cluster, lying, whole) -> None:
    client, _processes = cluster
    pd.testing.assert_frame_equal(TABLES[name](lying.on(client)), TABLES[name](whole))


@pytest.mark.slow
def test_a_cluster_reads_themes_part_by_part(cluster, lying, whole) -> None:
    client, _processes = cluster
    reader = cl.themes.learn_themes(whole, cl.find_themes(whole))
    known = cl.themes.count_themes(whole, reader)
    pd.testing.assert_frame_equal(cl.themes.count_themes(lying, reader), known)
    pd.testing.assert_frame_equal(cl.themes.count_themes(lying.on(client), reader), known)


@pytest.mark.slow
def test_a_cluster_takes_files_in(cluster, whole, tmp_path: Path) -> None:
    client, _processes = cluster
    cl.ingest_posts(CHAT, tmp_path / "d", client=client)
    pd.testing.assert_frame_equal(cl.scan_posts(tmp_path / "d").read(), whole)


@pytest.mark.slow
def test_an_error_of_a_worker_is_that_of_the_call(cluster, tmp_path: Path) -> None:
    client, _processes = cluster
    (tmp_path / "a.json").write_text('{"nothing": "here"}')
    with pytest.raises(cl.ChatlabError, match=r"a\.json"):
        cl.ingest_posts(tmp_path / "a.json", tmp_path / "d", client=client)


@pytest.mark.slow
@pytest.mark.skipif(os.name != "posix", reason="kills a process as Unix does")
def test_a_worker_killed_in_the_middle_costs_no_post(cluster, lying, whole) -> None:
    client, processes = cluster
    told: list[pd.DataFrame] = []
    slow = lying.on(client)
    job = threading.Thread(target=lambda: told.append(cl.network.tie_table(slow)))
    client.run(slow_down)
    job.start()
    deadline = time.monotonic() + 60
    while not done_on(client) and time.monotonic() < deadline:
        time.sleep(0.01)
    assert job.is_alive()
    processes[-1].send_signal(signal.SIGKILL)
    processes[-1].wait()
    job.join(timeout=120)
    assert len(client.scheduler_info()["workers"]) == 1
    pd.testing.assert_frame_equal(told[0], cl.network.tie_table(whole))


def slow_down() -> None:
    """Make each part take a while, so that there is a middle to be killed in."""
    import time as clock

    from chatlab.io.dataset import scan as lying_scan

    read = lying_scan.Part.read

    def slowly(part: Any, columns: Any, wanted: Any) -> Any:
        clock.sleep(0.1)
        return read(part, columns, wanted)

    lying_scan.Part.read = slowly


def done_on(client: Any) -> bool:
    """Tell whether each worker holds something that it has counted."""
    held = client.has_what()
    return len(held) == 2 and all(len(keys) > 2 for keys in held.values())
