"""Tables of posts: one declared mapping per format, one reader for all of them."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import islice
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from chatlab.errors import SettingsError
from chatlab.io.dates import TimeReading, columns_of, time_reading, whole_number
from chatlab.io.files import Member
from chatlab.io.formats.own import OWN_TABLE, own_columns, read_own_parquet
from chatlab.io.formats.x_common import milliseconds_of_id, x_language, x_url
from chatlab.io.formats.x_v1 import without_tags
from chatlab.io.json_records import Batch, Refusal
from chatlab.io.table_values import (
    HANDLE_LINK,
    MISSING,
    PERSON_HANDLE,
    PERSON_ID,
    ROUNDED_ID,
    count_told,
    list_told,
    person_told,
    post_number,
    relation_told,
)
from chatlab.io.tables.cells import CHUNK, NumberedRow
from chatlab.io.tables.format import Row, TableFormat
from chatlab.io.tables.rows import Table
from chatlab.posts.merge import Aside
from chatlab.posts.schema import (
    ARROW_SCHEMA,
    COUNT_NAMES,
    LIST_NAMES,
    PERSON_NAMES,
    POST_NAMES,
    TIME,
    TIME_NAMES,
)
from chatlab.text.html import unescape_text
from chatlab.text.patterns import REPOST_PREFIX
from chatlab.translation import _

_ROUNDED_SHARE = 0.2
_COUNT_COLUMNS = (*COUNT_NAMES, "author_followers", "author_following")


def read_table(member: Member, form: TableFormat, refused: list[Refusal]) -> Iterator[Batch]:
    """Yield a table's posts in chunks; a row that cannot be a post goes to `refused`."""
    if form is OWN_TABLE and member.head().startswith(b"PAR1"):
        yield from read_own_parquet(member)
        return
    named = form.columns.get("text")
    table = Table(member, refused, text=named if isinstance(named, str) else None)
    _check_columns(form, table.header, member)
    if form.people:
        yield Batch({"post_id": []}, Aside(form.people(member)))
    readings: dict[str, TimeReading] = {}
    words: dict[str, int] = {}
    while chunk := list(islice(table.rows, CHUNK)):
        if form is OWN_TABLE:
            yield Batch(own_columns([row for _number, row in chunk]))
            continue
        batch = _batch(chunk, form, member, readings, refused, words)
        yield replace(batch, notes=table.notes + Counter(batch.notes))
        table.notes.clear()


def _check_columns(form: TableFormat, header: Sequence[str], member: Member) -> None:
    missing = [name for name in form.names if name not in header]
    if form.name == "mapping" and missing:
        raise SettingsError(
            f"`columns` names {', '.join(missing)}, but {member.name} has the columns "
            f"{', '.join(header)}."
        )


def _batch(
    chunk: Sequence[NumberedRow],
    form: TableFormat,
    member: Member,
    readings: dict[str, TimeReading],
    refused: list[Refusal],
    words: dict[str, int],
) -> Batch:
    found: Counter[str] = Counter()
    posts: list[dict[str, Any]] = []
    places = []
    aliases: dict[str, str] = {}
    rounded = _has_rounded_ids(chunk, form)
    for number, whole in chunk:
        for row, in_chat in _rows_inside(whole, form):
            try:
                place = f"{member.name}#{number}"
                post = _post(row, form, place, rounded=rounded)
            except ValueError as error:
                if in_chat:
                    told = ",".join(whole.values())
                    refused.append(Refusal(f"line {number}", str(error), told))
                continue
            found["damaged_id"] += post.pop("damaged_id")
            if _is_shared(post, words):
                found["shared_id"] += 1
                post |= {"post_id": f"{form.platform}:{place}", "url": None}
            posts.append(post | {"in_chat": in_chat})
            places.append(number)
            aliases |= _one_person(row, form)
            if form.aliases:
                aliases |= form.aliases(row)
    times = {}
    for name in TIME_NAMES:
        texts = [post.get(name) for post in posts]
        times[name] = _reading(name, texts, form, member, readings, len(chunk)).parse(texts)
    if form.platform == "x":
        times["created_at"] = _moments(posts, times["created_at"], found)
    readable = pc.or_(pc.is_valid(times["created_at"]), pa.scalar(not form.has_date))
    for post, number, good in zip(posts, places, readable.to_pylist(), strict=True):
        if not good and post["in_chat"]:
            reason = _(
                "no readable date: {text} (readable: 2026-03-05 09:00, seconds since 1970, or "
                "05/03/2026 09:00 where some day is above 12)"
            ).format(text=post.get("created_at") or "–")
            refused.append(Refusal(f"line {number}", reason, post["text"]))
    columns = columns_of(posts) | times
    return Batch(
        {
            name: pa.array(values, ARROW_SCHEMA.field(name).type).filter(readable)
            for name, values in columns.items()
        },
        Aside(aliases=aliases),
        notes=+found,
    )


def _one_person(row: Row, form: TableFormat) -> dict[str, str]:
    """Tell that an id and a handle are one where a row gives both; authors may lack the id."""
    found = {}
    for name in PERSON_NAMES:
        source = form.columns.get(name, ())
        cells = [row.get(one, "").strip() for one in source] if isinstance(source, tuple) else []
        number = next((count_told(cell) for cell in cells if PERSON_ID.match(cell)), None)
        handle = next((cell for cell in cells if PERSON_HANDLE.match(cell)), None)
        if number and handle:
            found[f"{form.platform}:@{handle.casefold()}"] = f"{form.platform}:{number}"
    return found


def _reading(
    name: str,
    texts: Sequence[str | None],
    form: TableFormat,
    member: Member,
    readings: dict[str, TimeReading],
    rows: int,
) -> TimeReading:
    """Choose how a file's dates are read: once, and by the whole column where that matters."""
    if name not in readings:
        reading = time_reading(texts)
        if reading.needs_all and rows == CHUNK:
            whole = (form.value(name, row) for _number, row in Table(member).rows)
            reading = time_reading([text for text in whole if text])
        readings[name] = reading
    return readings[name]


# Ids of X have more digits since 2009; a spreadsheet shows fewer in a narrow column.
_SHORT_ID = re.compile(r"^x:\d{1,9}$")
_OPENING = 30


def _is_shared(post: Mapping[str, Any], words: dict[str, int]) -> bool:
    """Tell whether a short id stood for other words before: then it is what is left of two."""
    number = post["post_id"]
    if not _SHORT_ID.match(number):
        return False
    opening = hash((post["author_id"], re.sub(r"\W+", "", post["text"])[:_OPENING].casefold()))
    return words.setdefault(number, opening) != opening


# Dates so far from what the ids tell, on so many rows, are of another time zone.
_SAME_TIME, _FARTHEST_ZONE = 600, 15 * 3600
_MOST_ROWS = 0.9


def _moments(posts: Sequence[Mapping[str, Any]], times: pa.Array, found: Counter[str]) -> pa.Array:
    """Take times from the ids of X where a file's dates are of another time zone than UTC."""
    ids = [milliseconds_of_id(post["post_id"][2:]) for post in posts]
    told = np.array([np.nan if one is None else one // 1000 for one in ids])
    given = np.array(times.cast(pa.int64()).to_numpy(zero_copy_only=False), dtype="float64") / 1e6
    apart = np.abs(told - given)
    shifted = (apart > _SAME_TIME) & (apart < _FARTHEST_ZONE)
    if not shifted.any() or shifted.sum() < _MOST_ROWS * np.isfinite(apart).sum():
        return times
    found["shifted_date"] += int(shifted.sum())
    moments = pd.to_datetime(np.where(shifted, told, given), unit="s", utc=True)
    return pa.array(moments.as_unit("us"), TIME, from_pandas=True)


def _has_rounded_ids(chunk: Sequence[NumberedRow], form: TableFormat) -> bool:
    ids = [number for _n, row in chunk if (number := form.value("post_id", row))]
    rounded = sum(bool(ROUNDED_ID.match(number)) for number in ids)
    return rounded > _ROUNDED_SHARE * len(ids)


def _rows_inside(row: Row, form: TableFormat) -> Iterator[tuple[Row, bool]]:
    """Give a row, and the posts that it holds whole because it quotes or reposts them."""
    if form.is_post(row):
        yield row, True
    for outer in form.nested:
        inner = {
            name.removeprefix(f"{outer}."): value
            for name, value in row.items()
            if name.startswith(f"{outer}.")
        }
        if form.value("post_id", inner):
            yield from ((one, False) for one, _in_chat in _rows_inside(inner, form))


def _post(row: Row, form: TableFormat, place: str, *, rounded: bool) -> dict[str, Any]:
    """Make one post of a row; a `ValueError` says why it cannot be one."""
    post: dict[str, Any] = {}
    for name in form.columns:
        value = form.value(name, row)
        post[name] = None if name != "text" and value in MISSING else value
    post |= {name: derive(row) for name, derive in form.derived.items()}
    platform = form.platform
    post["platform"] = platform
    text = unescape_text(post["text"]) if platform == "x" else post["text"]
    # Whoever maps a table need not say that it came from X: nobody else writes this.
    prefix = REPOST_PREFIX.match(text) if platform in ("x", "other") else None
    if prefix and "repost_of_author" not in form.columns:
        post["repost_of_author"] = post.get("repost_of_author") or prefix[1]
    if prefix and (post.get("repost_of_author") or post.get("repost_of")):
        post["repost_of_author"] = post.get("repost_of_author") or prefix[1]
        text = text[prefix.end() :]
    post["text"] = text
    post["post_id"], post["damaged_id"] = post_number(post, form, place, rounded=rounded)
    handle = (post.get("author") or "").removeprefix("@") or None
    if handle is None and platform == "x":
        named = HANDLE_LINK.search(post.get("url") or "")
        handle = named[1] if named and named[1] != "i" else None
    post["author"] = handle
    for name in (*POST_NAMES, *PERSON_NAMES):
        post[name] = count_told(post.get(name))
    for name in POST_NAMES:
        if post.get(name) and not str(post[name]).startswith(f"{platform}:"):
            post[name] = relation_told(f"{platform}:{post[name]}", rounded=rounded)
    for name in PERSON_NAMES:
        post[name] = person_told(post.get(name), platform)
    if not post["author_id"] and handle:
        post["author_id"] = f"{platform}:@{handle.casefold()}"
    for name in _COUNT_COLUMNS:
        post[name] = whole_number(post.get(name))
    for name in LIST_NAMES:
        post[name] = list_told(name, post.get(name), text, platform)
    if len(post["media_alt"]) != len(post["media"]):
        # Which picture the descriptions are of cannot be told.
        post["media_alt"] = [""] * len(post["media"])
    post["client"] = without_tags(post.get("client"))
    if platform == "x":
        post["lang"] = x_language(post.get("lang"))
        if not post.get("url") and form.name != "mapping" and not post["damaged_id"]:
            post["url"] = x_url(handle, post["post_id"].removeprefix("x:"))
    return post
