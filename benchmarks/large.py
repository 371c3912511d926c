"""Large made-up conversations, written straight to Parquet: seeded, heavy-tailed, part by part.

    python -m benchmarks.large FOLDER --posts 3000000

People write by a power law; three posts in ten answer somebody, two repost, one quotes, and a
third name people. The same seed and size give the same posts.
"""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from benchmarks.load import WORDS
from chatlab.posts.schema import ARROW_SCHEMA, LIST, TEXT

PART = 250_000
START = np.datetime64("2026-03-01T00:00:00", "us")
EVERY = np.timedelta64(1, "s")
TEXTS = 200_000


# Of each subject's words a sentence has a few; the others are everybody's.
SUBJECTS = """
pay rate invoice late weeks; contest logo prize entries jury; translation glossary memory
segments; transcription audio minutes accents; labels images boxes overtime; platform account
suspended appeal; reviewers score rejected unfair; brief unclear examples guideline; microtasks
batch accepted timer; privacy consent faces blurred; training courses certificates badge; unions
charter minimum hourly
"""


def sentences(rng: np.random.Generator, n: int) -> pa.Array:
    words = np.array(WORDS)
    subjects = [np.array(some.split()) for some in SUBJECTS.split(";")]
    about = (len(subjects) * rng.random(n) ** 1.5).astype(int)
    told = []
    for subject, common in zip(about, words[rng.integers(0, len(words), (n, 9))], strict=True):
        own = rng.choice(subjects[subject], 3, replace=False)
        told.append(" ".join(["the", *own, "of", *common[:4], "and", *common[4:]]))
    return pa.array(told, TEXT)


def ids(numbers: Any, prefix: str) -> pa.Array:
    texts = pa.array(numbers).cast(TEXT)
    return pc.binary_join_element_wise(pa.scalar(prefix, TEXT), texts, pa.scalar("", TEXT))


def lists(values: pa.Array, counts: np.ndarray) -> pa.Array:
    offsets = np.r_[0, np.cumsum(counts)].astype("int32")
    return pa.ListArray.from_arrays(pa.array(offsets), values).cast(LIST)


def part(number: int, size: int, people: int, texts: pa.Array) -> pa.Table:
    rng = np.random.default_rng([7, number])
    first = number * PART
    own = np.arange(first, first + size)
    author = (people * rng.random(size) ** 3).astype("int64")
    other = (people * rng.random(size) ** 3).astype("int64")
    # Whom a post answers is somebody who wrote before, at another place of the same list.
    target = np.maximum(own - 1 - (5_000 * rng.random(size) ** 2).astype("int64"), 0)
    draw = rng.random(size)
    kinds = np.select([draw < 0.3, draw < 0.5, draw < 0.6], ["reply", "repost", "quote"], "post")
    named = (rng.random(size) < 0.35) & (kinds != "repost")
    tags = rng.integers(1, 4, size)
    linked = rng.random(size) < 0.15
    mine = kinds != "repost"

    def where(values: pa.Array, flags: np.ndarray) -> pa.Array:
        return pc.if_else(pa.array(flags), values, pa.scalar(None, values.type))

    def relation(name: str) -> dict[str, pa.Array]:
        flags = kinds == name
        stem = {"reply": "reply_to", "quote": "quote_of", "repost": "repost_of"}[name]
        return {
            stem: where(ids(target, "x:2"), flags),
            f"{stem}_author": where(ids(other, "x:1"), flags),
        }

    def number_of(top: int, flags: np.ndarray = mine) -> pa.Array:
        return where(pa.array((top * rng.random(size) ** 6).astype("int64")), flags)

    words = pa.array(WORDS, TEXT)
    columns = {
        "post_id": ids(own, "x:2"),
        "platform": pa.array(["x"] * size, TEXT),
        "created_at": pa.array(START + own * EVERY).cast(pa.timestamp("us", "UTC")),
        "author_id": ids(author, "x:1"),
        "author": ids(author, "user_"),
        "author_name": ids(author, "User "),
        "author_followers": pa.array(author * 7919 % 10_007),
        "text": texts.take(pa.array(rng.integers(0, len(texts), size))),
        "lang": pa.array(np.array(["en", "fr"])[rng.integers(0, 2, size)], TEXT),
        "hashtags": lists(words.take(pa.array(rng.integers(0, len(words), tags.sum()))), tags),
        "mentions": lists(ids(other[named], "x:1"), named.astype(int)),
        "urls": lists(ids(own[linked] % 50_021, "https://a.example/"), linked.astype(int)),
        "kind": pa.array(kinds, TEXT),
        **relation("reply"),
        **relation("quote"),
        **relation("repost"),
        "likes": number_of(900),
        "reposts": number_of(90),
        "replies": number_of(40),
        "quotes": number_of(9),
        "impressions": number_of(90_000),
        "in_chat": pa.array(np.ones(size, bool)),
        "quotable": pa.array(np.ones(size, bool)),
    }
    empty = {
        name: lists(pa.array([], TEXT), np.zeros(size, int)) for name in ("media", "media_alt")
    }
    columns |= empty
    absent = {f.name: pa.nulls(size, f.type) for f in ARROW_SCHEMA if f.name not in columns}
    columns |= absent
    return pa.Table.from_arrays([columns[f.name] for f in ARROW_SCHEMA], schema=ARROW_SCHEMA)


def write(folder: Path, posts: int) -> Path:
    """Write so many posts into a folder, one file a quarter of a million; done once."""
    folder.mkdir(parents=True, exist_ok=True)
    texts = sentences(np.random.default_rng(7), TEXTS)
    for number, first in enumerate(range(0, posts, PART)):
        path = folder / f"part-{number:05d}.parquet"
        if not path.exists():
            rows = part(number, min(PART, posts - first), posts // 10, texts)
            beside = path.with_suffix(".new")
            pq.write_table(rows, beside, compression="zstd", row_group_size=PART // 4)
            beside.replace(path)
    return folder


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--posts", type=int, default=3_000_000)
    options = parser.parse_args()
    print(write(options.folder, options.posts))


if __name__ == "__main__":
    main()
