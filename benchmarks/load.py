"""How fast is `read_posts`? Beside the floors and the peers, alternating, in one run.

    python -m benchmarks.load [--tweets 200000] [--rounds 5] [--twarc PYTHON]

Writes seeded synthetic X API v2 tweets (2.9 KB each, flattened lines and raw pages) into
benchmarks/data, then measures each way in a process of its own: CPU seconds (all threads,
children too, interpreter start and imports left out) and peak memory. `--twarc` names the Python
of an environment with twarc-csv and pandas below 3 (it does not run on pandas 3); it is measured
on a tenth, once. Only ratios within one run mean anything.

    python -m benchmarks.load --formats          CPU per format, beside a bare parse of the file
    python -m benchmarks.load --convert          memory of `convert_posts` as the input grows
"""

from __future__ import annotations

import argparse
import csv
import gzip
import json
import random
import shutil
import statistics
import subprocess
import sys
from pathlib import Path
from typing import Any

DATA = Path(__file__).parent / "data"
WORDS = """
pay brief task batch client worker platform quality label reader review score rate hour day week
month glossary translation logo contest tool export screen coffee thanks question answer idea
example figure library museum archive village harbour photo receipt invoice
""".split()  # noqa: SIM905
PAGE = 100

MEASURED = """
import resource, sys, time
{setup}
before = time.process_time()
{work}
cpu = time.process_time() - before
print(cpu, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
"""

WAYS = {
    "msgspec, bare decode, line by line": (
        "import msgspec\nfrom chatlab.io.formats.x_v2 import Page",
        "decoder = msgspec.json.Decoder(Page)\n"
        "with open(sys.argv[1], 'rb') as file:\n    for line in file: decoder.decode(line)",
    ),
    "msgspec, bare decode, blocks of 0.5 MB": (
        "import msgspec\nfrom chatlab.io.files import blocks_of_lines\n"
        "from chatlab.io.formats.x_v2 import Page",
        "decoder = msgspec.json.Decoder(Page)\n"
        "with open(sys.argv[1], 'rb') as file:\n"
        "    n = sum(len(decoder.decode_lines(block)) for block in blocks_of_lines(file))",
    ),
    "msgspec, bare decode, blocks of 16 MB": (
        "import msgspec\nimport chatlab.io.files as files\n"
        "from chatlab.io.formats.x_v2 import Page\n"
        "files.BLOCK = 16 * 2**20",
        "decoder = msgspec.json.Decoder(Page)\n"
        "with open(sys.argv[1], 'rb') as file:\n"
        "    n = sum(len(decoder.decode_lines(block)) for block in files.blocks_of_lines(file))",
    ),
    "standard library, bare parse": (
        "import json",
        "with open(sys.argv[1], 'rb') as file:\n    for line in file: json.loads(line)",
    ),
    "chatlab.read_posts": (
        "import chatlab as cl\ncl.read_posts",
        "posts = cl.read_posts(sys.argv[1])",
    ),
    "chatlab.read_posts, raw pages": (
        "import chatlab as cl\ncl.read_posts",
        "posts = cl.read_posts(sys.argv[2])",
    ),
    "pandas.read_json(lines=True)": (
        "import pandas as pd",
        "posts = pd.read_json(sys.argv[1], lines=True)",
    ),
}
TWARC = (
    "import io\nfrom twarc_csv import CSVConverter",
    "with open(sys.argv[1]) as source, open(sys.argv[1] + '.csv', 'w') as target:\n"
    "    CSVConverter(infile=source, outfile=target).process()",
)
SLOW = ("pandas.read_json(lines=True)",)
READ = ("import chatlab as cl\ncl.read_posts", "posts = cl.read_posts(sys.argv[1])")
BARE_JSON = (
    "import json",
    "with open(sys.argv[1], 'rb') as file:\n    for line in file: json.loads(line)",
)
BARE_GZIP = (
    "import gzip, json",
    "with gzip.open(sys.argv[1], 'rb') as file:\n    for line in file: json.loads(line)",
)
BARE_CSV = (
    "import csv",
    "with open(sys.argv[1], newline='') as file:\n    for row in csv.DictReader(file): pass",
)
CONVERT = (
    "import chatlab as cl\ncl.convert_posts",
    "cl.convert_posts(sys.argv[1], sys.argv[1] + '.parquet')",
)
FORMAT_POSTS = 50_000
SIZES = (200_000, 1_000_000, 2_000_000)


def user(number: int, rng: random.Random) -> dict[str, Any]:
    return {
        "id": str(10**9 + number),
        "username": f"user_{number}",
        "name": f"User {number}",
        "description": " ".join(rng.choices(WORDS, k=12)),
        "created_at": "2012-05-01T10:00:00.000Z",
        "location": "Nowhere",
        "verified": False,
        "protected": False,
        "profile_image_url": f"https://x.example/images/{number}_normal.jpg",
        "url": "",
        "public_metrics": {
            "followers_count": rng.randrange(10_000),
            "following_count": rng.randrange(1_000),
            "tweet_count": rng.randrange(50_000),
            "listed_count": rng.randrange(50),
        },
    }


def tweet(number: int, rng: random.Random, authors: int) -> dict[str, Any]:
    at = 1_770_000_000 + number * 3
    day, second = divmod(at, 86_400)
    clock = f"{second // 3600:02d}:{second % 3600 // 60:02d}:{second % 60:02d}"
    stamp = f"2026-{day % 12 + 1:02d}-{day % 28 + 1:02d}T{clock}.000Z"
    named = rng.randrange(authors)
    tags = rng.sample(WORDS, k=rng.randrange(1, 4))
    return {
        "id": str(2 * 10**18 + number),
        "text": " ".join(rng.choices(WORDS, k=24))
        + (" &amp; more #" if number % 8 == 0 else " #")
        + " #".join(tags),
        "author_id": str(10**9 + rng.randrange(authors)),
        "conversation_id": str(2 * 10**18 + number),
        "created_at": stamp,
        "lang": rng.choice(["en", "fr", "und"]),
        "source": "Twitter Web App",
        "reply_settings": "everyone",
        "possibly_sensitive": False,
        "edit_history_tweet_ids": [str(2 * 10**18 + number)],
        "public_metrics": {
            "retweet_count": rng.randrange(9),
            "reply_count": rng.randrange(9),
            "like_count": rng.randrange(99),
            "quote_count": 0,
            "impression_count": rng.randrange(9_999),
        },
        "entities": {
            "hashtags": [{"start": 10, "end": 20, "tag": tag} for tag in tags],
            "mentions": [
                {"start": 0, "end": 9, "username": f"user_{named}", "id": str(10**9 + named)}
            ],
            "urls": [
                {
                    "start": 30,
                    "end": 53,
                    "url": "https://t.co/abcdefghij",
                    "expanded_url": f"https://a.example/{number}",
                    "display_url": f"a.example/{number}",
                    "title": " ".join(rng.choices(WORDS, k=8)),
                }
            ],
            "annotations": [
                {"start": 1, "end": 5, "probability": 0.9, "type": "Other", "normalized_text": "x"}
            ],
        },
        "context_annotations": [
            {
                "domain": {"id": "65", "name": "Interests", "description": "Interests and hobbies"},
                "entity": {"id": str(850 + i), "name": rng.choice(WORDS)},
            }
            for i in range(6)
        ],
    }


def generate(tweets: int) -> tuple[Path, Path, Path]:
    """Write flattened lines, the same as raw pages, and a tenth of the lines."""
    DATA.mkdir(exist_ok=True)
    paths = [DATA / f"{name}_{tweets}.jsonl" for name in ("flat", "pages", "tenth")]
    if all(path.exists() for path in paths):
        return paths[0], paths[1], paths[2]
    rng = random.Random(0)
    authors = max(tweets // 20, 10)
    people = [user(number, rng) for number in range(authors)]
    by_id = {person["id"]: person for person in people}
    with paths[0].open("w") as flat, paths[1].open("w") as raw, paths[2].open("w") as tenth:
        data, included = [], []
        for number in range(tweets):
            one = tweet(number, rng, authors)
            other = tweet(number + 10**9, rng, authors) if number % 10 < 1 else None
            whole = {**one, "author": by_id[one["author_id"]], "__twarc": {"version": "2.14.0"}}
            if other:
                kind = ("replied_to", "retweeted")[number // 10 % 2]
                one["referenced_tweets"] = [{"type": kind, "id": other["id"]}]
                whole["referenced_tweets"] = [
                    {**other, "type": kind, "author": by_id[other["author_id"]]}
                ]
                included.append(other)
            line = json.dumps(whole) + "\n"
            flat.write(line)
            if number < tweets // 10:
                tenth.write(line)
            data.append(one)
            if len(data) == PAGE or number == tweets - 1:
                ids = {entry["author_id"] for entry in data + included}
                page = {
                    "data": data,
                    "includes": {"tweets": included, "users": [by_id[i] for i in sorted(ids)]},
                    "__twarc": {"retrieved_at": "2026-11-01T00:00:00+00:00"},
                }
                raw.write(json.dumps(page) + "\n")
                data, included = [], []
    return paths[0], paths[1], paths[2]


def measure(python: str, way: tuple[str, str], *files: Path) -> tuple[float, float]:
    code = MEASURED.format(setup=way[0], work=way[1])
    done = subprocess.run(
        [python, "-c", code, *map(str, files)], capture_output=True, text=True, check=False
    )
    if done.returncode:
        sys.exit(done.stderr[-2_000:])
    cpu, memory = done.stdout.split()[-2:]
    return float(cpu), float(memory)


def in_formats(posts: int) -> dict[str, tuple[Path, tuple[str, str]]]:
    """Write the same tweets in the commonest formats; give each file and the parse beside it."""
    rng = random.Random(1)
    authors = posts // 20
    people = {person["id"]: person for person in (user(n, rng) for n in range(authors))}
    tweets = [tweet(number, rng, authors) for number in range(posts)]
    spelled = {
        "X API v2, lines": ("lines", lambda one: {**one, "author": people[one["author_id"]]}),
        "X API v1.1, lines": ("lines", lambda one: as_v1(one, people)),
        "Zeeschuimer, NDJSON": ("lines", lambda one: as_captured(one, people)),
        "Bluesky posts, lines": ("lines", as_bluesky),
        "Mastodon statuses, lines": ("lines", as_mastodon),
        "TAGS sheet, CSV": ("csv", lambda one: as_tags(one, people)),
        "4CAT, CSV": ("csv", lambda one: as_fourcat(one, people)),
    }
    files: dict[str, tuple[Path, tuple[str, str]]] = {}
    for name, (layout, spell) in spelled.items():
        path = DATA / f"{name.split(',')[0].replace(' ', '_')}_{posts}.{layout}"
        files[name] = (path, BARE_JSON if layout == "lines" else BARE_CSV)
        if path.exists():
            continue
        with path.open("w", newline="") as file:
            if layout == "lines":
                file.writelines(json.dumps(spell(one)) + "\n" for one in tweets)
            else:
                writer = csv.DictWriter(file, list(spell(tweets[0])))
                writer.writeheader()
                writer.writerows(map(spell, tweets))
    lines = files["X API v2, lines"][0]
    packed = lines.with_suffix(".gz")
    if not packed.exists():
        packed.write_bytes(gzip.compress(lines.read_bytes()))
    return {**files, "X API v2, .gz": (packed, BARE_GZIP)}


def as_v1(one: dict[str, Any], people: dict[str, dict[str, Any]]) -> dict[str, Any]:
    person = people[one["author_id"]]
    return {
        "created_at": "Thu Mar 05 08:00:00 +0000 2026",
        "id_str": one["id"],
        "full_text": one["text"],
        "lang": "en",
        "source": "X Web",
        "entities": {"hashtags": [{"text": "crowdwork"}], "user_mentions": [], "urls": []},
        "favorite_count": 3,
        "retweet_count": 1,
        "user": {
            "id_str": person["id"],
            "screen_name": person["username"],
            "name": person["name"],
            "description": person["description"],
            "followers_count": 10,
            "friends_count": 2,
        },
    }


def as_captured(one: dict[str, Any], people: dict[str, dict[str, Any]]) -> dict[str, Any]:
    post = as_v1(one, people)
    person = post.pop("user")
    result = {"rest_id": person["id_str"], "legacy": person}
    data = {
        "rest_id": one["id"],
        "core": {"user_results": {"result": result}},
        "legacy": {**post, "user_id_str": person["id_str"], "conversation_id_str": one["id"]},
        "views": {"count": "12"},
    }
    return {"source_platform": "twitter.com", "timestamp_collected": 1772784000000, "data": data}


def as_bluesky(one: dict[str, Any]) -> dict[str, Any]:
    did = f"did:plc:{one['author_id']}"
    return {
        "uri": f"at://{did}/app.bsky.feed.post/{one['id']}",
        "cid": "c",
        "author": {"did": did, "handle": f"u{one['author_id']}.example", "displayName": "Somebody"},
        "record": {
            "text": one["text"],
            "createdAt": "2026-03-05T08:00:00.000Z",
            "langs": ["en"],
            "facets": [{"features": [{"tag": "crowdwork"}]}],
        },
        "likeCount": 3,
        "repostCount": 1,
        "replyCount": 0,
        "quoteCount": 0,
        "indexedAt": "2026-03-05T08:00:00.000Z",
    }


def as_mastodon(one: dict[str, Any]) -> dict[str, Any]:
    number = one["author_id"]
    home = f"https://town.example/@u{number}"
    return {
        "id": one["id"],
        "uri": f"https://town.example/users/u{number}/statuses/{one['id']}",
        "url": f"{home}/{one['id']}",
        "created_at": "2026-03-05T08:00:00.000Z",
        "content": f"<p>{one['text']}</p>",
        "language": "en",
        "account": {"id": number, "acct": f"u{number}", "url": home, "note": "<p>hello</p>"},
        "tags": [{"name": "crowdwork", "url": "https://town.example/tags/crowdwork"}],
        "favourites_count": 3,
        "replies_count": 0,
    }


def as_tags(one: dict[str, Any], people: dict[str, dict[str, Any]]) -> dict[str, Any]:
    person = people[one["author_id"]]
    return {
        "id_str": one["id"],
        "from_user": person["username"],
        "text": one["text"],
        "created_at": "Thu Mar 05 08:00:00 +0000 2026",
        "in_reply_to_user_id_str": "",
        "from_user_id_str": person["id"],
        "source": "X Web",
        "user_followers_count": 10,
        "status_url": f"http://twitter.com/{person['username']}/statuses/{one['id']}",
        "entities_str": '{"hashtags":[{"text":"crowdwork"}],"user_mentions":[],"urls":[]}',
    }


def as_fourcat(one: dict[str, Any], people: dict[str, dict[str, Any]]) -> dict[str, Any]:
    person = people[one["author_id"]]
    return {
        "id": one["id"],
        "thread_id": one["id"],
        "timestamp": "2026-03-05 08:00:00",
        "link": f"https://x.com/{person['username']}/status/{one['id']}",
        "body": one["text"],
        "author": person["username"],
        "author_fullname": person["name"],
        "author_id": person["id"],
        "like_count": 3,
        "retweet_count": 1,
        "replied_author": "",
        "hashtags": "crowdwork",
        "mentions": "",
        "urls": "",
    }


def compare_formats(rounds: int) -> None:
    print(f"{FORMAT_POSTS:,} posts in each format, median of {rounds} rounds")
    for name, (path, bare) in in_formats(FORMAT_POSTS).items():
        runs = [
            (measure(sys.executable, READ, path), measure(sys.executable, bare, path))
            for _ in range(rounds)
        ]
        ours, floor = (statistics.median(run[i][0] for run in runs) for i in (0, 1))
        print(
            f"{name:28} {path.stat().st_size / 1e6:6.1f} MB  read_posts {ours:5.2f} s, "
            f"{ours / FORMAT_POSTS * 1e6:4.0f} µs a post, {ours / floor:5.1f} times a bare parse",
            flush=True,
        )


def grow() -> None:
    flat = generate(SIZES[0])[0]
    first = 0.0
    for size in SIZES:
        path = DATA / f"grown_{size}.jsonl"
        with path.open("wb") as target:
            for _ in range(size // SIZES[0]):
                with flat.open("rb") as source:
                    shutil.copyfileobj(source, target, 2**20)
        cpu, memory = measure(sys.executable, CONVERT, path)
        first = first or memory
        size_read = path.stat().st_size / 1e6
        print(
            f"convert_posts, {size:9,} tweets, {size_read:6.0f} MB: {cpu:6.2f} s CPU, "
            f"{memory:4.0f} MB, {memory / first:.2f} times the first",
            flush=True,
        )
        path.unlink()
        path.with_name(f"{path.name}.parquet").unlink()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--tweets", type=int, default=200_000)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--twarc", help="Python of an environment with twarc-csv")
    parser.add_argument("--formats", action="store_true")
    parser.add_argument("--convert", action="store_true")
    options = parser.parse_args()
    if options.formats:
        compare_formats(options.rounds)
        return
    if options.convert:
        grow()
        return
    flat, pages, tenth = generate(options.tweets)
    for path in (flat, pages):
        print(f"{path.name}: {path.stat().st_size / 1e6:.0f} MB")
    seen: dict[str, list[tuple[float, float]]] = {name: [] for name in WAYS}
    for number in range(options.rounds):
        for name, way in WAYS.items():
            if name in SLOW and number:
                continue
            seen[name].append(measure(sys.executable, way, flat, pages))
            cpu, memory = seen[name][-1]
            print(f"round {number + 1}: {name}: {cpu:.2f} s CPU, {memory:.0f} MB", flush=True)
    middle = {name: statistics.median(cpu for cpu, _ in runs) for name, runs in seen.items()}
    ours = middle["chatlab.read_posts"]
    print(f"\nmedian of {options.rounds} rounds, {options.tweets:,} tweets")
    for name, runs in seen.items():
        peak = max(memory for _, memory in runs)
        print(
            f"{name:45} {middle[name]:7.2f} s  {peak:6.0f} MB  read_posts / this "
            f"{ours / middle[name]:.2f}"
        )
    if options.twarc:
        cpu, memory = measure(options.twarc, TWARC, tenth)
        ratio = (cpu / (options.tweets // 10)) / (ours / options.tweets)
        print(
            f"{'twarc-csv, on a tenth':45} {cpu:7.2f} s  {memory:6.0f} MB  per tweet "
            f"{ratio:.1f} times read_posts"
        )


if __name__ == "__main__":
    main()
