"""One post on two networks: bridges leave a marker, and people post the same text twice."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from chatlab.posts.schema import TEXT, with_column
from chatlab.text.patterns import clean_text

# Bridgy Fed serves Bluesky posts to Mastodon, and mirrors of X serve tweets, under such addresses.
_BRIDGED_BLUESKY = re.compile(r"https://bsky\.brid\.gy/convert/ap/(at://.+)")
_MIRRORED_X = re.compile(
    r"https://(?:bird\.makeup|[\w.-]*birdsite[\w.-]*)/users/\w+/statuses/(\d+)"
)
MINUTES = 10
SHORTEST = 20
_SHORTEST_HANDLE = 4


def copied_from(uri: str) -> str | None:
    """Read from a Mastodon post's address which post of another network it mirrors."""
    if bridged := _BRIDGED_BLUESKY.fullmatch(uri):
        return f"bluesky:{bridged[1]}"
    if mirrored := _MIRRORED_X.fullmatch(uri):
        return f"x:{mirrored[1]}"
    return None


def find_copies(table: pa.Table) -> dict[int, str]:
    """Tell which rows copy a post of another network, by row number, with the original's id.

    A bridge's marker is believed. Without one, the later of two posts is a copy if it has the
    same text (at least 20 characters, links aside) within ten minutes, on another network, by an
    account that is linked: same handle or display name, or one profile names the other's handle.
    """
    if len(pc.unique(table["platform"])) < 2:
        return {}
    names = ("post_id", "url", "platform", "created_at", "copy_of", "text", "kind")
    rows = table.select([*names, "author", "author_name", "author_bio"]).to_pylist()
    by_url = {f"{row['platform']}:{row['url']}": row["post_id"] for row in rows if row["url"]}
    copies = {
        i: by_url.get(row["copy_of"], row["copy_of"])
        for i, row in enumerate(rows)
        if row["copy_of"]
    }
    for i, original in _same_texts(rows):
        copies.setdefault(i, original)
    return copies


def copy_keys(table: pa.Table) -> tuple[list[str], list[int]]:
    """List the texts by which rows may be copies of others, each with its row number."""
    keys, places = [], []
    for i, text in enumerate(table["text"].to_pylist()):
        bare = clean_text(text).casefold()
        if len(bare) >= SHORTEST:
            keys.append(bare)
            places.append(i)
    return keys, places


def _same_texts(rows: list[dict[str, Any]]) -> Iterator[tuple[int, str]]:
    alike: dict[str, list[int]] = defaultdict(list)
    for i, row in enumerate(rows):
        if row["created_at"] is not None and row["kind"] != "repost" and not row["copy_of"]:
            text = clean_text(row["text"]).casefold()
            if len(text) >= SHORTEST:
                alike[text].append(i)
    for places in alike.values():
        if len({rows[i]["platform"] for i in places}) < 2:
            continue
        places.sort(key=lambda i: (rows[i]["created_at"], rows[i]["post_id"]))
        for later, i in enumerate(places):
            earlier = (rows[j] for j in places[:later])
            if first := next((row for row in earlier if _is_copy(rows[i], row)), None):
                yield i, first["post_id"]


def _is_copy(later: Mapping[str, Any], earlier: Mapping[str, Any]) -> bool:
    apart = (later["created_at"] - earlier["created_at"]).total_seconds()
    return (
        later["platform"] != earlier["platform"]
        and apart <= MINUTES * 60
        and _are_linked(later, earlier)
    )


def _are_linked(one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    """Tell whether two accounts on two networks say that they are one person's."""
    handles = [(row["author"] or "").casefold() for row in (one, other)]
    names = [(row["author_name"] or "").casefold().strip() for row in (one, other)]
    bios = [(row["author_bio"] or "").casefold() for row in (one, other)]
    local = [re.split(r"[@.]", handle)[0] for handle in handles]
    if not all(handles):
        return False
    if local[0] == local[1] or (names[0] and names[0] == names[1]):
        return True
    return any(
        len(handle) >= _SHORTEST_HANDLE and re.search(rf"(?<!\w){re.escape(handle)}(?!\w)", bio)
        for handle, bio in zip(handles, reversed(bios), strict=True)
    )


def with_copies(table: pa.Table) -> pa.Table:
    """Set `copy_of`, and take copies whose original is in the table out of the chat."""
    copies = find_copies(table)
    if not copies:
        return table
    column = pa.array([copies.get(i) for i in range(len(table))], TEXT)
    twice = pc.and_(pc.is_valid(column), pc.is_in(column, table["post_id"].combine_chunks()))
    in_chat = pc.and_(pc.fill_null(table["in_chat"], True), pc.invert(twice))
    return with_column(with_column(table, "copy_of", column), "in_chat", in_chat)
