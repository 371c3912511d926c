"""Which post a repost repeats where only words say so; how rows of parts find each other."""

from __future__ import annotations

from datetime import UTC, datetime

import pyarrow as pa
import pyarrow.compute as pc

from chatlab.posts.schema import TEXT, with_column
from chatlab.text.patterns import URL

_OPENING = 60
_NEVER = datetime.max.replace(tzinfo=UTC)


def with_reposts_linked(table: pa.Table) -> pa.Table:
    """Link reposts that name only whom they repost (`RT @name: ...`) to the original."""
    unlinked = pc.and_(pc.is_null(table["repost_of"]), pc.is_valid(table["repost_of_author"]))
    if not pc.any(unlinked).as_py():
        return table
    names = ["post_id", "author_id", "repost_of", "repost_of_author", "text", "created_at"]
    rows = table.select(names).to_pylist()
    originals: dict[str, str] = {}
    # The earliest of several with the same words, whatever the order of the files.
    for row in sorted(rows, key=lambda row: (row["created_at"] or _NEVER, row["post_id"])):
        if row["author_id"] and row["repost_of_author"] is None:
            originals.setdefault(_key(row["author_id"], row["text"]), row["post_id"])
    linked = [
        row["repost_of"]
        or (
            originals.get(_key(row["repost_of_author"], row["text"]))
            if row["repost_of_author"]
            else None
        )
        for row in rows
    ]
    return with_column(table, "repost_of", pa.array(linked, TEXT))


def asked_keys(table: pa.Table) -> list[str]:
    """List by which keys rows look for a post whose id they do not name."""
    unlinked = pc.and_(pc.is_null(table["repost_of"]), pc.is_valid(table["repost_of_author"]))
    rows = table.filter(unlinked).select(["repost_of_author", "text"]).to_pylist()
    marked = table["copy_of"].drop_null().unique().to_pylist()
    return [*(_key(row["repost_of_author"], row["text"]) for row in rows), *marked]


def offered_keys(table: pa.Table) -> tuple[list[str], list[int]]:
    """List by which keys rows can be found so, each with its row number."""
    names = ["platform", "url", "author_id", "repost_of_author", "text"]
    keys, places = [], []
    for i, row in enumerate(table.select(names).to_pylist()):
        if row["author_id"] and row["repost_of_author"] is None:
            keys.append(_key(row["author_id"], row["text"]))
            places.append(i)
        if row["url"]:
            keys.append(f"{row['platform']}:{row['url']}")
            places.append(i)
    return keys, places


def _key(author: str, text: str) -> str:
    return f"{author}\n{_opening(text)}"


def _opening(text: str) -> str:
    """Return the words that a text begins with; X gives a repost's links other short addresses."""
    words = " ".join(URL.sub(" ", text[: 4 * _OPENING]).split())
    return words[:_OPENING] or text
