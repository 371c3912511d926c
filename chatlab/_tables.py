"""Tables of posts: one declared mapping per format, one reader for all of them."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import islice
from typing import Any

import msgspec
import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from chatlab._files import Member
from chatlab._own import OWN_TABLE, own_columns, read_own_parquet
from chatlab._records import Aside, Batch, Refusal
from chatlab._rows import TimeReading, columns_of, time_reading, whole_number
from chatlab._table_format import Row, TableFormat
from chatlab._table_rows import CHUNK, NumberedRow, Table
from chatlab._x_v1 import without_tags
from chatlab._x_v2 import STATUS_LINK, milliseconds_of_id, x_language, x_url
from chatlab.errors import SettingsError
from chatlab.messages import _
from chatlab.schema import (
    ARROW_SCHEMA,
    COUNT_NAMES,
    LIST_NAMES,
    LISTS_IN_TEXT,
    PERSON_NAMES,
    POST_NAMES,
    TIME,
    TIME_NAMES,
)
from chatlab.text import REPOST_PREFIX, find_handles, find_hashtags, find_urls, unescape_text

MISSING = {"", "NA", "N/A", "NaN", "nan", "None", "null", "NULL"}

_DAMAGED_ID = re.compile(r"^\d(?:[.,]\d+)?[eE]\+?\d+$")
# A spreadsheet keeps 15 digits of a number and writes zeros after them.
_FLOAT_ID = re.compile(r"^\d{1,25}\.0$")
_ROUNDED_ID = re.compile(r"^\d{12,}0000$")
_ROUNDED_SHARE = 0.2
_PERSON_ID = re.compile(r"^\d{1,25}(?:\.0)?$")
_PERSON_HANDLE = re.compile(r"^(?!\d+$)\w{1,30}$")
_HANDLE_LINK = re.compile(r"(?:x|twitter)\.com/(\w+)/status")
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
        number = next((_whole(cell) for cell in cells if _PERSON_ID.match(cell)), None)
        handle = next((cell for cell in cells if _PERSON_HANDLE.match(cell)), None)
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
    rounded = sum(bool(_ROUNDED_ID.match(number)) for number in ids)
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
    post["post_id"], post["damaged_id"] = _post_number(post, form, place, rounded=rounded)
    handle = (post.get("author") or "").removeprefix("@") or None
    if handle is None and platform == "x":
        named = _HANDLE_LINK.search(post.get("url") or "")
        handle = named[1] if named and named[1] != "i" else None
    post["author"] = handle
    for name in (*POST_NAMES, *PERSON_NAMES):
        post[name] = _whole(post.get(name))
    for name in POST_NAMES:
        if post.get(name) and not str(post[name]).startswith(f"{platform}:"):
            post[name] = _relation(f"{platform}:{post[name]}", rounded=rounded)
    for name in PERSON_NAMES:
        post[name] = _person(post.get(name), platform)
    if not post["author_id"] and handle:
        post["author_id"] = f"{platform}:@{handle.casefold()}"
    for name in _COUNT_COLUMNS:
        post[name] = whole_number(post.get(name))
    for name in LIST_NAMES:
        post[name] = _list(name, post.get(name), text, platform)
    if len(post["media_alt"]) != len(post["media"]):
        # Which picture the descriptions are of cannot be told.
        post["media_alt"] = [""] * len(post["media"])
    post["client"] = without_tags(post.get("client"))
    if platform == "x":
        post["lang"] = x_language(post.get("lang"))
        if not post.get("url") and form.name != "mapping" and not post["damaged_id"]:
            post["url"] = x_url(handle, post["post_id"].removeprefix("x:"))
    return post


def _post_number(
    post: Mapping[str, Any], form: TableFormat, place: str, *, rounded: bool
) -> tuple[str, bool]:
    """Give a post's id, and whether a spreadsheet destroyed it beyond repair."""
    given = _whole(post.get("post_id"))
    link = STATUS_LINK.search(post.get("url") or "") if form.platform == "x" else None
    if link:
        # The link is the truth: spreadsheets and R round long numbers without a trace.
        return link[1], False
    if given and (_DAMAGED_ID.match(given) or (rounded and _ROUNDED_ID.match(given))):
        # The post is still worth reading; its place in the file stands in for its id.
        return place, True
    if given:
        return str(given), False
    if "post_id" in form.columns:
        named = form.columns["post_id"]
        column = named if isinstance(named, str) else named[0]
        raise ValueError(_("no id in the column {name}").format(name=column))
    return place, False


def _whole(value: Any) -> Any:
    """Undo what a missing value does to a column of ids: `2926303.0` is 2926303."""
    return value[:-2] if isinstance(value, str) and _FLOAT_ID.match(value) else value


def _relation(value: str, *, rounded: bool) -> str | None:
    number = value.partition(":")[2]
    damaged = _DAMAGED_ID.match(number) or (rounded and _ROUNDED_ID.match(number))
    return None if damaged else value


def _person(value: str | None, platform: str) -> str | None:
    if not value or value.startswith(f"{platform}:"):
        return value or None
    if _DAMAGED_ID.match(value):
        return None
    known = value.isdigit() or value.startswith("did:")
    return f"{platform}:{value}" if known else f"{platform}:@{value.removeprefix('@').casefold()}"


def _list(name: str, value: str | list[str] | None, text: str, platform: str) -> list[str]:
    if value is None and name not in LISTS_IN_TEXT:
        return []
    if value is None:
        found = {"hashtags": find_hashtags, "mentions": find_handles, "urls": find_urls}[name](text)
        return [f"{platform}:@{one.casefold()}" for one in found] if name == "mentions" else found
    if name == "media_alt" and isinstance(value, str) and not value.startswith("["):
        return value.split("|")
    parts = value if isinstance(value, list) else _items(value, name)
    if name == "hashtags":
        return [part.lstrip("#").casefold() for part in parts]
    if name == "mentions":
        return [person for part in parts if (person := _person(part, platform))]
    return parts


# Where the wanted value stands in an object of a list.
_OBJECT_KEYS = (
    *("tag", "username", "screen_name", "expanded_url", "text"),
    *("media_url_https", "url", "preview_image_url"),
)


_LINKS = r"[\s|]+|,(?=https?://)"
# Descriptions are sentences, and one that is empty keeps its place.
_SEPARATORS = {"urls": _LINKS, "media": _LINKS}


def _items(value: str, name: str) -> list[str]:
    separators = _SEPARATORS.get(name, r"[\s|,;]+")
    if value.startswith("["):
        try:
            found = msgspec.json.decode(value)
        except (msgspec.DecodeError, RecursionError):
            # Python's own way to write a list.
            value = value.strip("[]").replace("'", "").replace('"', "")
            separators = r"[\s|,;]+"
        else:
            picked = [_picked(one) for one in found] if isinstance(found, list) else []
            return [one for one in picked if one and one not in MISSING]
    return [part for part in re.split(separators, value) if part and part not in MISSING]


def _picked(one: Any) -> str | None:
    if isinstance(one, dict):
        one = next((one[key] for key in _OBJECT_KEYS if one.get(key)), None)
    return str(one) if isinstance(one, str | int) else None
