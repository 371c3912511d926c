"""What can be in a file or a folder that brings chatlab down? Mutated inputs by the thousand.

    python -m benchmarks.fuzz [--inputs 100000] [--seed 0] [--workers 2] FOLDER...

Takes the first records of every file in the folders (and of simulated chats) as seeds, damages
them in many ways (bytes, values, long runs of signs, packing), and reads what comes out: files
alone, together, and as a chat with settings in every combination beside files that belong to
somebody else. Of what was read, insights, questions, pseudonyms and CSV are made. Anything but a
posts table that passes `check_posts` or a `ChatlabError` is printed with the seed that brings it
back; so is whatever takes over ten seconds, a process of over 1.5 GB, a CSV that does not read
back, a name that survives pseudonyms in its own column, and a file of somebody else that changed.
Every input leaves at most these: read, refused, crashed.
"""

from __future__ import annotations

import argparse
import gzip
import io
import json
import logging
import multiprocessing
import random
import resource
import signal
import sys
import tempfile
import traceback
import warnings
import zipfile
from collections import Counter
from pathlib import Path
from typing import Any

import chatlab as cl
from chatlab.io.load import load_posts
from chatlab.io.loading import BROKE_READER
from chatlab.project.kept_people import keep_people
from data.simulation.exports import write_chat
from data.simulation.story import simulate_chat

# Of work, whatever else the machine does; and of waiting, where nothing works.
SECONDS, WAITED = 10, 60
MEMORY = 1_500 * 2**20
SEED_SIZE = 6_000
RECORDS = 3
NAUGHTY: list[Any] = [
    None, True, False, 0, -1, 1e308, -1e-320, 2**63, 2**64, -(2**200), "", " ", "0", "NaN",
    "null", "\u0000", "\u2028\u2029", "\ufeff", "\ud83d", "\udc00x", "\u202e", "a" * 5_000,
    "=1+1", "<script>alert(1)</script>", "{{7*7}}", "../../etc/passwd", "%s%n", "1.26E+18",
    "9999-12-31T23:59:59Z", "0000-00-00", "Sat Foo 99 99:99:99 +9999 99999", "1e400", "at://",
    "https://", "https://[", "http://[::1", "@", "#", "x:@", "did:", "/", "//", "a@b@c", [], {},
    [[]], [None], [{}], {"id": None}, [1, "a", None, {}], {"a": {"a": {"a": []}}},
    "\U0001f600" * 50, "e\u0301" * 100, "ﷺ" * 200, "Ｑ１", "İ", "ß",
]  # fmt: skip
JUNK = [
    b"\x00", b"\xff\xfe", b"\xef\xbb\xbf", b"\xc3", b"\xed\xa0\xbd", b"\n", b"\r", b"\r\n", b'"',
    b"'", b"\\", b"{", b"}", b"[", b"]", b",", b";", b"\t", b":", b"\xe2\x80\xa8", b"NaN",
    b"Infinity", b"1e999", b"\\ud83d", b"\\u0000", b'""', b"[" * 2_000, b'{"a":' * 2_000,
    b"9" * 5_000, b"PK\x03\x04", b"PAR1", b"\x1f\x8b",
]  # fmt: skip


RUNS = [*"?!.,:;-_#@&%$'\"«»()[]<>/\\|*=+~^`0aAéд字👏\n\t\r \u200d\u0301", "? ", "A1 ", "Q1. ",
        "#a ", "@a ", "a.", "&amp;", "<a ", "http://a ", "a@b.", "(a1)", "\r=1+1;"]  # fmt: skip
OTHERS = {
    "people.csv": [b"name,phone\nAna,1\nAna,2\n", b"", b"author;note\r\nx;y\r\n", b"\xff\x00"],
    "themes.csv": [b"theme,name\n1,mine\n", b"a\tb\n"],
    "insights.csv": [b"id,what\n", b"post_id;kind\n1;friction\n"],
}
SETTINGS = {
    "title": ['"Ana"', '"=1+1"', "7"], "hashtag": ['"x"', '["x", "y"]', '""'],
    "host": ['"a"', '["a", "@b"]'], "panel": ['["a"]', "[]", '"a"'],
    "timezone": ['"Europe/Paris"', '"Mars"'], "weekly": ['"Thursday 09:00"', '"never"'],
    "do_not_quote": ['["a"]', '["x:1", "@B"]'], "for_client": ["true", "false"],
    "files": ['["*"]', '["./*.json*"]', '["../x"]', '["/etc/passwd"]', '["no.jsonl"]'],
    "permalinks": ['"https://x.example"'], "nonsense": ["1"],
}  # fmt: skip
KEY = "a key of the fuzzer, long enough"


def seeds(folders: list[Path]) -> list[tuple[str, bytes]]:
    """Give small valid files: the first records of each file, and of simulated chats."""
    found = [
        (path.name, small)
        for folder in folders
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.suffix != ".md" and (small := beginning(path))
    ]
    posts, truth = simulate_chat(n_editions=1, n_authors=20, seed=1)
    with tempfile.TemporaryDirectory() as folder:
        write_chat(posts, truth, Path(folder))
        for path in sorted(Path(folder).rglob("*.json*")):
            if small := beginning(path):
                found.append((f"simulated_{path.name}", small))
    posts = cl.check_posts(posts.sort_values(["created_at", "post_id"]).head(5))
    for ending in (".csv", ".jsonl", ".parquet"):
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / f"own{ending}"
            cl.write_posts(posts, path)
            found.append((path.name, path.read_bytes()))
    return found


def beginning(path: Path) -> bytes | None:
    content = path.read_bytes()
    if path.suffix in (".parquet", ".xlsx", ".gz"):
        return content if len(content) < 50 * SEED_SIZE else None
    start = content.lstrip()[:1]
    body = content[content.index(b"[") :] if path.suffix == ".js" else content
    if start == b"{" and not json_or_none(content.split(b"\n")[0]):
        document = json_or_none(content)
        return json.dumps(shortened(document)).encode() if document else None
    if start == b"[" or path.suffix == ".js":
        document = json_or_none(body)
        small = json.dumps(shortened(document)).encode() if document else None
        return content[: content.index(b"[")] + small if small else None
    lines = content.split(b"\n")[: RECORDS + 1]
    if start == b"{":
        return b"\n".join(
            json.dumps(shortened(json.loads(line))).encode() for line in lines if line
        )
    return b"\n".join(lines)[:SEED_SIZE]


def json_or_none(content: bytes) -> Any:
    try:
        return json.loads(content)
    except (ValueError, RecursionError):
        return None


def shortened(value: Any) -> Any:
    if isinstance(value, list):
        return [shortened(one) for one in value[:RECORDS]]
    if isinstance(value, dict):
        return {key: shortened(one) for key, one in value.items()}
    return value


def mutated(name: str, content: bytes, rng: random.Random) -> tuple[str, bytes]:
    ways = (damage_bytes, damage_bytes, damage_values, damage_values, damage_values, pack, run_on)
    for _ in range(rng.choice((1, 1, 1, 2, 4))):
        name, content = rng.choice(ways)(name, content, rng)
    return name, content


def damage_bytes(name: str, content: bytes, rng: random.Random) -> tuple[str, bytes]:
    if not content:
        return name, rng.choice(JUNK)
    at = rng.randrange(len(content))
    upto = min(len(content), at + rng.choice((1, 1, 4, 50, 2_000)))
    piece = content[at:upto]
    return name, rng.choice(
        (
            content[:at],
            content[at:],
            content[:at] + rng.choice(JUNK) + content[at:],
            content[:at] + rng.choice(JUNK) + content[upto:],
            content[:at] + content[upto:],
            content[:at] + piece + piece + content[upto:],
            content[:at] + rng.randbytes(len(piece)) + content[upto:],
            content[:at] + bytes([content[at] ^ (1 << rng.randrange(8))]) + content[at + 1 :],
            content.replace(b"\n", rng.choice((b"\r\n", b"\r", b"\n\n"))),
            content.replace(b",", rng.choice((b";", b"\t", b",,"))),
            content + b"\n" + content,
        )
    )


def run_on(name: str, content: bytes, rng: random.Random) -> tuple[str, bytes]:
    """Put a long run of signs into a record or a cell."""
    run = rng.choice(RUNS)
    long = run * (rng.choice((40, 1_000, 30_000)) // len(run)) + rng.choice(("", "x", "?"))
    lines = content.split(b"\n")
    at = rng.randrange(len(lines))
    record = json_or_none(lines[at])
    if isinstance(record, dict | list):
        lines[at] = json.dumps(with_oddity(record, rng, long)).encode("utf-8", "surrogatepass")
    else:
        cells = lines[at].split(b",")
        cells[rng.randrange(len(cells))] = b'"' + long.replace('"', '""').encode() + b'"'
        lines[at] = b",".join(cells)
    return name, b"\n".join(lines)


def damage_values(name: str, content: bytes, rng: random.Random) -> tuple[str, bytes]:
    """Put an odd value into a JSON record, or into a cell of a table."""
    lines = content.split(b"\n")
    at = rng.randrange(len(lines))
    record = json_or_none(lines[at])
    if isinstance(record, dict | list):
        lines[at] = json.dumps(with_oddity(record, rng)).encode("utf-8", "surrogatepass")
        return name, b"\n".join(lines)
    cells = lines[at].split(b",")
    cells[rng.randrange(len(cells))] = str(rng.choice(NAUGHTY)).encode("utf-8", "replace")
    lines[at] = b",".join(cells)
    return name, b"\n".join(lines)


def with_oddity(value: Any, rng: random.Random, odd: Any = None) -> Any:
    if isinstance(value, dict) and value and rng.random() < 0.95:
        key = rng.choice(list(value))
        how = rng.random()
        if how < 0.1:
            return {k: v for k, v in value.items() if k != key}
        if how < 0.15:
            return {(str(rng.choice(NAUGHTY)) if k == key else k): v for k, v in value.items()}
        return {**value, key: with_oddity(value[key], rng, odd)}
    if isinstance(value, list) and value and rng.random() < 0.95:
        at = rng.randrange(len(value))
        return [*value[:at], with_oddity(value[at], rng, odd), *value[at + 1 :]]
    return rng.choice(NAUGHTY) if odd is None else odd


def pack(name: str, content: bytes, rng: random.Random) -> tuple[str, bytes]:
    how = rng.randrange(5)
    if how == 0:
        packed = gzip.compress(content)
        return f"{name}.gz", packed[: rng.randrange(len(packed) + 1)]
    if how == 1:
        return name, ("\ufeff" + content.decode("utf-8", "replace")).encode("utf-16")
    if how == 2:
        return f"{name}.gz", gzip.compress(bytes(2 * 10**8)) if rng.random() < 0.05 else content
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        inside = rng.choice((name, "../" + name, "/" + name, "a/b/" + name, "tweets.js"))
        archive.writestr(inside, content)
        if how == 4:
            archive.writestr("other.csv", content[::-1])
            if rng.random() < 0.02:
                archive.writestr("bomb.jsonl", bytes(3 * 10**8))
    whole = buffer.getvalue()
    return f"{name}.zip", whole if rng.random() < 0.7 else whole[: rng.randrange(len(whole))]


class TooSlowError(Exception):
    """Something took over ten seconds."""


def _alarm(*_: Any) -> None:
    raise TooSlowError


def settings_of(rng: random.Random, folder: Path) -> tuple[bytes, cl.project.Privacy]:
    """Draw a chat.toml, and what the command line adds to it."""
    names = rng.sample(sorted(SETTINGS), rng.randrange(5))
    lines = [f"{name} = {rng.choice(SETTINGS[name])}" for name in names]
    own = rng.choice(("", '[privacy]\nwithout = ["a"]', f'[privacy]\npseudonyms = "{folder}.key"'))
    given = rng.choice(
        (
            cl.project.Privacy(),
            cl.project.Privacy(f"{folder}.key"),
            cl.project.Privacy(None, ("@b", "a")),
        )
    )
    return "\n".join([*lines, own]).encode(), given


def used(posts: Any) -> None:
    """Do with posts what a report does with each of them, and look at the outcome."""
    cl.find_insights(posts)
    asked = cl.find_questions(posts)
    cl.match_answers(posts, asked)
    cl.unanswered_questions(posts)
    hidden = cl.check_posts(cl.pseudonymize(posts, key=KEY))
    assert hidden["author"].dropna().str.startswith("person-").all(), "a handle survives"
    with tempfile.TemporaryDirectory() as folder:
        cl.write_posts(posts, Path(folder) / "out.csv")
        again = load_posts(Path(folder) / "out.csv").posts
        assert again.index.equals(posts.index), "the CSV has other posts"
        # What is no text for a spreadsheet (a lone surrogate, a zero) is no text of a post either.
        assert again["text"].equals(posts["text"]), "the CSV has other texts"


def attempt(number: int, files: dict[str, bytes], folder: Path, rng: random.Random) -> str:
    """Read one file, the folder where there are several, or a chat with settings."""
    as_chat = rng.random() < 0.3
    others: dict[str, bytes] = {}
    privacy = cl.project.Privacy()
    if as_chat:
        settings, privacy = settings_of(rng, folder)
        chosen = rng.sample(sorted(OTHERS), rng.randrange(3))
        others = {name: rng.choice(OTHERS[name]) for name in chosen}
        files = {**files, "chat.toml": settings, **others}
    for other, content in files.items():
        (folder / other).write_bytes(content)
    name = ", ".join(files)
    path = folder / name if len(files) == 1 else folder
    key = Path(f"{folder}.key")
    key.write_text(KEY)
    key.chmod(0o600)
    signal.setitimer(signal.ITIMER_PROF, SECONDS)
    signal.setitimer(signal.ITIMER_REAL, WAITED)
    try:
        if as_chat:
            chat = cl.read_chat(path, privacy=privacy)
            posts, table = chat.posts, chat.loading
            keep_people(chat, cl.people_table(posts))
            for other, content in others.items():
                assert (folder / other).read_bytes() == content, f"{other} changed"
        else:
            loaded = load_posts(path)
            posts, table = loaded.posts, loaded.table()
        cl.check_posts(posts)
        used(posts)
        total = table["kept"] + table["duplicates"] + table["refused"]
        assert (table["read"] == total).all()
    except BaseException as error:
        if isinstance(error, KeyboardInterrupt):
            raise
        # A table that is no posts table is our fault, not the file's.
        ours = isinstance(error, cl.errors.PostsError) or BROKE_READER in str(error)
        if isinstance(error, cl.ChatlabError) and not ours:
            return type(error).__name__
        last = traceback.extract_tb(error.__traceback__)[-1]
        place = [f for f in traceback.extract_tb(error.__traceback__) if "chatlab/" in f.filename]
        where = place[-1] if place else last
        print(
            f"CRASH #{number} {name}: {type(error).__name__}: {str(error)[:150]} "
            f"at {Path(where.filename).name}:{where.lineno}",
            flush=True,
        )
        return "CRASH"
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.setitimer(signal.ITIMER_REAL, 0)
        for other in folder.iterdir():
            other.unlink()
        key.unlink()
    return "read"


def work(task: tuple[int, int, int, list[str]]) -> Counter[str]:
    start, stop, seed, folders = task
    logging.disable()
    warnings.simplefilter("ignore")
    signal.signal(signal.SIGPROF, _alarm)
    signal.signal(signal.SIGALRM, _alarm)
    files = seeds([Path(folder) for folder in folders])
    results: Counter[str] = Counter()
    with tempfile.TemporaryDirectory() as folder:
        for number in range(start, stop):
            rng = random.Random(f"{seed}/{number}")
            together = 1 if rng.random() < 0.8 else 3
            inputs = dict(mutated(*rng.choice(files), rng) for _ in range(together))
            results[attempt(number, inputs, Path(folder), rng)] += 1
            peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
            if peak > MEMORY:
                print(
                    f"CRASH #{number} {list(inputs)}: the process holds {peak >> 20} MB", flush=True
                )
                results["CRASH"] += 1
                break
    return results


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folders", nargs="*", metavar="FOLDER")
    parser.add_argument("--inputs", type=int, default=100_000)
    parser.add_argument("--start", type=int, default=0)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--workers", type=int, default=2)
    options = parser.parse_args()
    stop = options.start + options.inputs
    step = min(2_000, -(-options.inputs // options.workers))
    tasks = [
        (at, min(at + step, stop), options.seed, options.folders)
        for at in range(options.start, stop, step)
    ]
    total: Counter[str] = Counter()
    with multiprocessing.get_context("spawn").Pool(options.workers, maxtasksperchild=1) as pool:
        for done in pool.imap_unordered(work, tasks):
            total += done
            print(f"{sum(total.values()):,} inputs: {dict(total.most_common())}", flush=True)
    sys.exit(bool(total["CRASH"]))


if __name__ == "__main__":
    main()
