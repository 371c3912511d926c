"""CPU and memory of a whole report, page by page: the command line and every process it starts.

    python -m benchmarks.report                          the bundled chat, twice: caches empty, full
    python -m benchmarks.report --posts FILE             a conversation of your own
    python -m benchmarks.report --made 100000 FOLDER     a conversation made of real short texts
    python -m benchmarks.report --growth FOLDER          50,000, 100,000 and 200,000 posts

FOLDER is shared/real/labelled_texts. The conversation that is made has 20 weekly editions, in
every second of them numbered questions and answers, and replies that few people draw most of.
The compiled loops are compiled before the clock runs: an installation does that once.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pandas as pd
import psutil

import chatlab as cl
from benchmarks.themes import SETS, read_set

WARM = """
import chatlab as cl
from data.simulation.story import simulate_chat
posts = simulate_chat(n_editions=1, n_authors=30)[0]
cl.find_themes(posts)
"""


def cpu_and_memory(process: psutil.Process) -> tuple[float, float]:
    """Return CPU seconds of a process and all that it started, and their memory now in MB."""
    seconds = memory = 0.0
    for one in [process, *process.children(recursive=True)]:
        try:
            times = one.cpu_times()
            seconds += times.user + times.system + times.children_user + times.children_system
            memory += one.memory_info().rss / 2**20
        except psutil.NoSuchProcess:
            continue
    return seconds, memory


def report(posts: Path, cache: Path) -> tuple[float, float, float]:
    """Make a report and print what each page cost; return CPU, waiting, and peak memory."""
    peak, stop = [0.0], threading.Event()
    with tempfile.TemporaryDirectory() as out:
        command = [sys.executable, "-m", "chatlab", "report", str(posts), "--out", out]
        begun = time.monotonic()
        # What the pages have found is kept for the next ones, and nothing else is there yet.
        child = subprocess.Popen(
            command,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            env=os.environ | {"CHATLAB_CACHE": str(cache), "PYTHONUNBUFFERED": "1"},
        )
        watched = psutil.Process(child.pid)

        def watch() -> None:
            while not stop.wait(0.1):
                try:
                    peak[0] = max(peak[0], cpu_and_memory(watched)[1])
                except psutil.NoSuchProcess:
                    return

        thread = threading.Thread(target=watch)
        thread.start()
        before = 0.0
        assert child.stdout is not None
        for line in child.stdout:
            if not line.startswith("["):
                continue
            now = cpu_and_memory(watched)[0]
            print(f"    {now - before:7.1f} s  {line.strip()[:70]}", flush=True)
            before = now
        _pid, status, used = os.wait4(child.pid, 0)
        stop.set()
        thread.join()
        if status:
            raise SystemExit(f"{' '.join(command)} failed")
    return used.ru_utime + used.ru_stime, time.monotonic() - begun, peak[0]


def made(n: int, folder: Path, seed: int = 0) -> pd.DataFrame:
    """Make a conversation of real short texts, as a posts table."""
    rng = np.random.default_rng(seed)
    texts, labels = [], []
    for name in SETS:
        some, kinds = read_set(folder, name)
        texts += some
        labels += [f"{name}{kind}" for kind in kinds]
    order = rng.permutation(len(texts))
    # Texts are said again where there are fewer than posts, never in quite the same words.
    spoken = np.resize(order, n)
    again = np.arange(n) // len(texts)
    people = max(50, n // 12)
    # A few people write and draw most: Zipf's law.
    fame = 1 / np.arange(1, people + 1)
    author = rng.choice(people, n, p=fame / fame.sum())
    answered = rng.choice(people, n, p=fame / fame.sum())
    edition = np.sort(rng.integers(0, 20, n))
    inside = rng.random(n) < 0.7
    minute = np.where(inside, rng.random(n) * 60, rng.random(n) * 60 * 24 * 6 + 120)
    first = pd.Timestamp("2026-01-08 18:00", tz="UTC")
    times = first + pd.to_timedelta(edition * 7, "D") + pd.to_timedelta(minute, "min")
    rows = pd.DataFrame({"created_at": times, "author": author, "inside": inside})
    rows["edition"] = edition
    rows["text"] = [
        f"{texts[i]} {texts[order[k % len(order)]].split()[0] if k else ''} #madechat".strip()
        for i, k in zip(spoken, again, strict=True)
    ]
    rows["answered"] = answered
    rows = rows.sort_values("created_at", kind="stable", ignore_index=True)
    last_by: dict[int, int] = {}
    reply_to: list[str | None] = []
    reply_author: list[str | None] = []
    replies = rng.random(n) < 0.45
    for i, (who, whom) in enumerate(zip(rows["author"], rows["answered"], strict=True)):
        known = replies[i] and whom != who and whom in last_by
        reply_to.append(str(last_by[whom]) if known else None)
        reply_author.append(f"p{whom}" if known else None)
        last_by[who] = i
    rows["reply_to"], rows["reply_to_author"] = reply_to, reply_author
    _ask(rows)
    table = pd.DataFrame(
        {
            "post_id": np.arange(n).astype(str),
            "text": rows["text"],
            "created_at": rows["created_at"].dt.strftime("%Y-%m-%dT%H:%M:%SZ"),
            "author_id": "p" + rows["author"].astype(str),
            "author": "person_" + rows["author"].astype(str),
            "author_followers": (1_000 * people / (rows["author"] + 1)).astype(int),
            "reply_to": rows["reply_to"],
            "reply_to_author": rows["reply_to_author"],
            "likes": rng.poisson(2, n),
        }
    ).assign(lang="en")
    return cl.read_posts(table, columns={name: name for name in table.columns}, platform="x")


def _ask(rows: pd.DataFrame) -> None:
    """Let the best-known person ask six numbered questions in every second edition."""
    for edition in range(0, 20, 2):
        inside = rows.index[(rows["edition"] == edition) & rows["inside"]]
        for number, part in enumerate(np.array_split(inside, 6), 1):
            first, rest = part[0], part[1:]
            rows.loc[first, "author"] = 0
            rows.loc[first, ["reply_to", "reply_to_author"]] = None
            rows.loc[first, "text"] = f"Q{number} What about this? " + rows.loc[first, "text"]
            some = rest[:: max(1, len(rest) // 150)]
            rows.loc[some, "text"] = f"A{number} " + rows.loc[some, "text"]


def conversations(options: argparse.Namespace, folder: Path) -> Iterator[tuple[str, Path]]:
    """Yield what to report on: a name, and a file."""
    if options.posts:
        yield options.posts, Path(options.posts)
    elif options.made or options.growth:
        for n in [options.made] if options.made else [50_000, 100_000, 200_000]:
            path = folder / f"made_{n}.parquet"
            cl.write_posts(made(n, Path(options.folder)), path)
            yield f"{n:,} posts, made", path
    else:
        yield "the bundled chat", Path("data/crowdwork")


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=str(__doc__).splitlines()[0])
    parser.add_argument("folder", nargs="?", metavar="FOLDER")
    parser.add_argument("--posts", metavar="FILE")
    parser.add_argument("--made", type=int, metavar="N")
    parser.add_argument("--growth", action="store_true")
    options = parser.parse_args()
    subprocess.run([sys.executable, "-c", WARM], check=True, stderr=subprocess.DEVNULL)
    with tempfile.TemporaryDirectory() as made_in, tempfile.TemporaryDirectory() as cache:
        before = 0.0
        for name, path in conversations(options, Path(made_in)):
            for kept in ("nothing kept", "again, with what was kept")[: 1 if options.made else 2]:
                if kept != "nothing kept" and options.growth:
                    continue
                print(f"{name}, {kept}")
                cpu, waited, memory = report(path, Path(cache))
                ratio = f", {cpu / before:.2f} times" if options.growth and before else ""
                print(f"    {cpu:.1f} s CPU{ratio}, {waited:.1f} s waited, {memory:.0f} MB\n")
            before = cpu


if __name__ == "__main__":
    main()
