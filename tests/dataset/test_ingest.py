"""Datasets: what many files become, however often the work is stopped."""

from __future__ import annotations

import os
import random
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pandas as pd
import pytest

import chatlab as cl
from chatlab.cli.main import main
from chatlab.io.dataset import ingest, steps

ROOT = Path(__file__).parents[2]
CHAT = ROOT / "data" / "crowdwork"
REAL = os.environ.get("CHATLAB_REAL_DATA")
SMALL = 60


@pytest.fixture
def small_buckets(monkeypatch: pytest.MonkeyPatch) -> None:
    """Cut even a small chat into many buckets, groups and row groups."""
    monkeypatch.setattr(ingest, "BUCKET", SMALL)
    monkeypatch.setattr(steps, "GROUP", 3 * SMALL)
    monkeypatch.setattr(steps, "ROW_GROUP", SMALL // 3)


def posts_files() -> list[Path]:
    return sorted(one for one in CHAT.iterdir() if one.suffix in (".jsonl", ".json"))


@pytest.mark.usefixtures("small_buckets")
def test_a_dataset_holds_what_reading_all_files_gives(tmp_path: Path) -> None:
    told = cl.ingest_posts(CHAT, tmp_path / "d")
    assert len(list((tmp_path / "d").glob("posts-*/*.parquet"))) > 20
    pd.testing.assert_frame_equal(cl.scan_posts(tmp_path / "d").read(), cl.read_posts(CHAT))
    pd.testing.assert_frame_equal(told, cl.read_chat(CHAT).loading)


@pytest.mark.usefixtures("small_buckets")
def test_files_may_come_one_after_the_other(tmp_path: Path) -> None:
    files = posts_files()
    assert len(files) > 2
    for file in files:
        cl.ingest_posts(file, tmp_path / "d")
    pd.testing.assert_frame_equal(cl.scan_posts(tmp_path / "d").read(), cl.read_posts(files))


@pytest.mark.usefixtures("small_buckets")
def test_a_file_counts_once_whatever_its_name(tmp_path: Path) -> None:
    file = posts_files()[0]
    shutil.copy(file, tmp_path / f"again{file.suffix}")
    first = cl.ingest_posts(file, tmp_path / "d")
    told = cl.ingest_posts([file, tmp_path / f"again{file.suffix}"], tmp_path / "d")
    pd.testing.assert_frame_equal(told, first)
    assert len(cl.scan_posts(tmp_path / "d").read()) == len(cl.read_posts(file))


def reposts_and_originals(folder: Path) -> list[Path]:
    """Write files in which nothing but texts says what belongs together."""
    rows = [
        f"{i},ada,2026-03-05 08:{i:02d}:00,a thought of number {i} that is long" for i in range(40)
    ]
    again = [
        f"{100 + i},bob,2026-03-05 09:{i:02d}:00,RT @ada: a thought of number {i} that is long"
        for i in range(40)
    ]
    head = "id,author,created_at,text"
    paths = [folder / name for name in ("a.csv", "b.csv")]
    for path, some in zip(paths, (rows, again), strict=True):
        path.write_text("\n".join([head, *some]))
    return paths


@pytest.mark.usefixtures("small_buckets")
def test_relations_are_found_across_parts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ingest, "BUCKET", 5)
    files = reposts_and_originals(tmp_path)
    columns = {"post_id": "id", **{n: n for n in ("author", "created_at", "text")}}
    told = {"columns": columns, "platform": "x"}
    cl.ingest_posts(files, tmp_path / "d", **told)
    got, whole = cl.scan_posts(tmp_path / "d").read(), cl.read_posts(files, **told)
    pd.testing.assert_frame_equal(got, whole)
    assert got["repost_of"].notna().sum() == 40


def test_what_is_refused_is_kept_beside(tmp_path: Path) -> None:
    lines = (CHAT / "crowdwork_x.jsonl").read_text().splitlines()
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "posts.jsonl").write_text(
        "\n".join([*lines, '{"data": [{"text": "broken"}]}'])
    )
    (tmp_path / "in" / "notes.json").write_text('{"nothing": "here"}')
    told = cl.ingest_posts(tmp_path / "in", tmp_path / "d")
    assert told.loc["posts.jsonl", "refused"] == 1
    assert "broken" in (tmp_path / "d" / "rejects.jsonl").read_text()
    assert told.loc["notes.json", "kept"] == 0


def test_the_command_takes_files_in(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["ingest", str(CHAT), str(tmp_path / "d")]) == 0
    assert "1,625 posts from" in capsys.readouterr().out
    assert main(["check", str(tmp_path / "d")]) == 0
    assert "1,624 posts" in capsys.readouterr().out
    assert main(["ingest", str(tmp_path / "nothing.jsonl"), str(tmp_path / "d")]) == 1
    assert "nothing.jsonl" in capsys.readouterr().err


def test_a_dataset_is_not_written_among_other_files(tmp_path: Path) -> None:
    (tmp_path / "letter.txt").write_text("dear ada")
    with pytest.raises(cl.errors.SettingsError, match=r"letter\.txt"):
        cl.ingest_posts(CHAT, tmp_path)
    with pytest.raises(cl.errors.SettingsError, match="is a file"):
        cl.ingest_posts(CHAT, tmp_path / "letter.txt")


def test_nothing_to_read_is_said(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "a.json").write_text('{"nothing": "here"}')
    (tmp_path / "in" / "b.json").write_text('{"nothing": "there"}')
    with pytest.raises(cl.errors.NotPostsError, match="No posts"):
        cl.ingest_posts(tmp_path / "in", tmp_path / "d")
    with pytest.raises(cl.errors.UnreadableFileError, match="has not ended"):
        cl.scan_posts(tmp_path / "d")
    with pytest.raises(cl.errors.NotPostsError, match="no Parquet file"):
        cl.scan_posts(tmp_path / "in")


KILLED = """
import sys
import chatlab as cl
from chatlab.cli.main import main
from chatlab.io.dataset import ingest, steps
cl.read_posts, cl.ingest_posts
ingest.BUCKET, steps.GROUP, steps.ROW_GROUP = 60, 180, 20
print("begin", flush=True)
cl.ingest_posts(sys.argv[1], sys.argv[2])
"""


@pytest.mark.slow
@pytest.mark.skipif(os.name != "posix", reason="kills a process as Unix does")
def test_killed_ten_times_nothing_is_lost_or_doubled(tmp_path: Path) -> None:
    chance = random.Random(5)
    command = [sys.executable, "-c", KILLED, str(CHAT), str(tmp_path / "d")]
    interrupted = 0
    for _ in range(40):
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
            assert process.stdout.readline() == "begin\n"
            time.sleep(chance.uniform(0.0, 0.5))
            process.send_signal(signal.SIGKILL)
            interrupted += process.wait() == -signal.SIGKILL
        if interrupted == 10:
            break
    assert interrupted == 10
    assert subprocess.run(command, check=True, stdout=subprocess.PIPE).returncode == 0
    pd.testing.assert_frame_equal(cl.scan_posts(tmp_path / "d").read(), cl.read_posts(CHAT))
    left = {one.name for one in (tmp_path / "d").iterdir()}
    assert {one for one in left if not one.startswith("posts-")} <= {"dataset.json", ".lock"}


@pytest.mark.skipif(not REAL, reason="CHATLAB_REAL_DATA names no folder of real files")
@pytest.mark.parametrize("kind", ["bluesky", "mastodon", "tags", "x_archive", "x_v1", "x_v2"])
def test_real_files_become_what_reading_them_gives(
    kind: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ingest, "BUCKET", 700)
    files = []
    for file in sorted((Path(REAL or "") / kind).glob("*.*")):
        try:
            cl.read_posts(file)
        except cl.ChatlabError:
            continue
        files.append(file)
    told = cl.ingest_posts(files, tmp_path / "d")
    whole = cl.read_posts(files)
    pd.testing.assert_frame_equal(cl.scan_posts(tmp_path / "d").read(), whole)
    assert told["kept"].sum() + told["context"].sum() >= len(whole)
