"""`convert_posts`: any size, any moment to stop, the same posts."""

from __future__ import annotations

import json
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pandas as pd
import pytest
import samples
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import chatlab as cl
from chatlab.cli.main import main
from chatlab.io.load import load_posts
from tests.conftest import written_key

CROWDWORK = Path(__file__).parents[2] / "data" / "crowdwork"
CHATS = sorted(path for path in CROWDWORK.iterdir() if path.suffix in (".json", ".jsonl"))


@pytest.mark.parametrize("path", CHATS, ids=lambda path: path.stem)
def test_converted_posts_are_read_as_the_original(tmp_path: Path, path: Path) -> None:
    loading = cl.convert_posts(path, tmp_path / "a.parquet")
    assert loading["refused"].sum() == 0
    pd.testing.assert_frame_equal(cl.read_posts(tmp_path / "a.parquet"), cl.read_posts(path))


@pytest.mark.parametrize("name", [*samples.X_FILES, *samples.BLUESKY_FILES])
def test_converted_samples_are_read_as_the_original(tmp_path: Path, name: str) -> None:
    content = {**samples.X_FILES, **samples.BLUESKY_FILES}[name][1]
    (tmp_path / name).write_bytes(content)
    cl.convert_posts(tmp_path / name, tmp_path / "a.parquet")
    pd.testing.assert_frame_equal(
        cl.read_posts(tmp_path / "a.parquet"), cl.read_posts(tmp_path / name)
    )


def test_users_beside_posts_are_filled_in(tmp_path: Path) -> None:
    tweet = {"id": "1", "text": "a", "author_id": "7", "created_at": samples.AT}
    folder = tmp_path / "in"
    folder.mkdir()
    (folder / "data_1.json").write_text(json.dumps([tweet]), encoding="utf-8")
    users = {"users": [{"id": "7", "username": "Ada"}]}
    (folder / "users_1.json").write_text(json.dumps(users), encoding="utf-8")
    cl.convert_posts(folder, tmp_path / "a.parquet")
    assert cl.read_posts(tmp_path / "a.parquet")["author"].tolist() == ["Ada"]


@pytest.mark.parametrize("ending", [".parquet", ".csv", ".jsonl"])
def test_refused_records_stand_beside_the_output(tmp_path: Path, ending: str, capsys) -> None:
    source = tmp_path / "in.jsonl"
    source.write_bytes(samples.as_lines(*samples.BLUESKY_VIEWS) + b'{"uri": 3, "broken\n')
    out = tmp_path / f"out{ending}"
    assert main(["convert", str(source), str(out)]) == 0
    assert "2 posts written" in capsys.readouterr().out
    written = (tmp_path / "out.rejected.jsonl").read_text(encoding="utf-8")
    refused = [json.loads(line) for line in written.splitlines()]
    assert [(one["file"], one["where"]) for one in refused] == [("in.jsonl", "line 3")]
    assert refused[0]["record"] == '{"uri": 3, "broken'


def test_pseudonyms_leave_no_refused_records(tmp_path: Path, capsys) -> None:
    source, key = tmp_path / "in.jsonl", written_key(tmp_path / "keys")
    source.write_bytes(samples.as_lines(*samples.BLUESKY_VIEWS) + b'{"uri": 3, "broken\n')
    out = tmp_path / "out.parquet"
    assert main(["convert", str(source), str(out), "--pseudonyms", str(key)]) == 0
    assert not (tmp_path / "out.rejected.jsonl").exists()
    assert "ada" not in cl.read_posts(out)["author"].str.casefold().tolist()


def test_nothing_is_left_of_a_failed_conversion(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "a.csv").write_text("colour,size\nred,2\n", encoding="utf-8")
    (tmp_path / "out").mkdir()
    with pytest.raises(cl.errors.UnknownFormatError):
        cl.convert_posts(tmp_path / "in" / "a.csv", tmp_path / "out" / "a.parquet")
    assert list((tmp_path / "out").iterdir()) == []


def test_only_parquet_is_written_part_by_part(tmp_path: Path) -> None:
    with pytest.raises(cl.errors.SettingsError, match="parquet"):
        cl.convert_posts(CROWDWORK, tmp_path / "a.csv")


def test_killed_at_any_moment_it_leaves_no_half_file(tmp_path: Path) -> None:
    source, out = tmp_path / "in.jsonl", tmp_path / "out.parquet"
    pages = (CROWDWORK / CHATS[-1].name).read_bytes()
    lines = pages if pages.endswith(b"\n") else pages + b"\n"
    source.write_bytes(lines * (40_000_000 // len(lines)))
    command = [sys.executable, "-m", "chatlab", "convert", str(source), str(out)]
    started = time.monotonic()
    subprocess.run(command, check=True, capture_output=True)
    whole = time.monotonic() - started
    expected = out.read_bytes()
    out.unlink()
    rng = random.Random(0)
    finished = 0
    for _ in range(10):
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            process.wait(rng.uniform(0.2, 1.1) * whole)
        except subprocess.TimeoutExpired:
            process.send_signal(signal.SIGKILL)
            process.wait()
        if out.exists():
            finished += 1
            assert out.read_bytes() == expected
            out.unlink()
    assert finished < 10


# What is in a file must not bring it down -------------------------------------------------------

ALL = {**samples.X_FILES, **samples.BLUESKY_FILES}
JUNK = st.one_of(
    st.binary(max_size=40),
    st.sampled_from(
        [b"\x00", b"\xff", b"\xed\xa0\xbd", b'"', b"\\ud83d", b"[" * 3_000, b"9" * 400, b"null"]
    ),
)


@settings(max_examples=150, suppress_health_check=list(HealthCheck))
@given(
    name=st.sampled_from(sorted(ALL)),
    junk=JUNK,
    at=st.floats(0, 1),
    length=st.sampled_from([0, 1, 5, 100, 10_000]),
)
def test_damaged_files_of_every_format_are_read_or_refused(
    tmp_path: Path, name: str, junk: bytes, at: float, length: int
) -> None:
    content = ALL[name][1]
    place = int(at * len(content))
    path = tmp_path / "damaged"
    path.write_bytes(content[:place] + junk + content[place + length :])
    try:
        loaded = load_posts(path)
    except cl.ChatlabError:
        return
    cl.check_posts(loaded.posts)
    row = loaded.files[0]
    assert row.read == row.kept + row.duplicates + row.refused


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3)
    ),
    max_leaves=4,
)


@settings(max_examples=150, suppress_health_check=list(HealthCheck))
@given(
    name=st.sampled_from([name for name in sorted(ALL) if name.endswith(("jsonl", "ndjson"))]),
    value=VALUES,
    choice=st.randoms(use_true_random=False),
)
def test_odd_values_cost_no_more_than_their_record(
    tmp_path: Path, name: str, value: object, choice: random.Random
) -> None:
    records = [json.loads(line) for line in ALL[name][1].splitlines()]
    records[0] = odd(records[0], value, choice)
    path = tmp_path / "odd.jsonl"
    path.write_text("".join(json.dumps(record) + "\n" for record in records), encoding="utf-8")
    try:
        posts = cl.check_posts(load_posts(path).posts)
    except cl.ChatlabError:
        return
    assert posts["text"].str.contains("day 45").any()


def odd(record: object, value: object, choice: random.Random) -> object:
    """Replace one value anywhere in a record."""
    if isinstance(record, dict) and record and choice.random() < 0.8:
        key = choice.choice(sorted(record))
        return {**record, key: odd(record[key], value, choice)}
    return value
