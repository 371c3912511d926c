"""What a cell of a table tells: lists, people, numbers of posts."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import msgspec

from chatlab.io.formats.x_common import STATUS_LINK
from chatlab.io.tables.format import TableFormat
from chatlab.posts.schema import (
    LISTS_IN_TEXT,
)
from chatlab.text.patterns import find_handles, find_hashtags, find_urls, plain_handle
from chatlab.translation import _

MISSING = {"", "NA", "N/A", "NaN", "nan", "None", "null", "NULL"}
ROUNDED_ID = re.compile(r"^\d{12,}0000$")

_DAMAGED_ID = re.compile(r"^\d(?:[.,]\d+)?[eE]\+?\d+$")
# A spreadsheet keeps 15 digits of a number and writes zeros after them.
_FLOAT_ID = re.compile(r"^\d{1,25}\.0$")
PERSON_ID = re.compile(r"^\d{1,25}(?:\.0)?$")
PERSON_HANDLE = re.compile(r"^(?!\d+$)\w{1,30}$")
HANDLE_LINK = re.compile(r"(?:x|twitter)\.com/(\w+)/status")


def post_number(
    post: Mapping[str, Any], form: TableFormat, place: str, *, rounded: bool
) -> tuple[str, bool]:
    """Give a post's id, and whether a spreadsheet destroyed it beyond repair."""
    given = count_told(post.get("post_id"))
    link = STATUS_LINK.search(post.get("url") or "") if form.platform == "x" else None
    if link:
        # The link is the truth: spreadsheets and R round long numbers without a trace.
        return link[1], False
    if given and (_DAMAGED_ID.match(given) or (rounded and ROUNDED_ID.match(given))):
        # The post is still worth reading; its place in the file stands in for its id.
        return place, True
    if given:
        return str(given), False
    if "post_id" in form.columns:
        named = form.columns["post_id"]
        column = named if isinstance(named, str) else named[0]
        raise ValueError(_("no id in the column {name}").format(name=column))
    return place, False


def count_told(value: Any) -> Any:
    """Undo what a missing value does to a column of ids: `2926303.0` is 2926303."""
    return value[:-2] if isinstance(value, str) and _FLOAT_ID.match(value) else value


def relation_told(value: str, *, rounded: bool) -> str | None:
    """Return the post that a cell names; None where its number is damaged."""
    number = value.partition(":")[2]
    damaged = _DAMAGED_ID.match(number) or (rounded and ROUNDED_ID.match(number))
    return None if damaged else value


def person_told(value: str | None, platform: str) -> str | None:
    """Return the person whom a cell names, by id or by handle."""
    if not value or value.startswith(f"{platform}:"):
        return value or None
    if _DAMAGED_ID.match(value):
        return None
    known = value.isdigit() or value.startswith("did:")
    return f"{platform}:{value}" if known else f"{platform}:@{plain_handle(value)}"


def list_told(name: str, value: str | list[str] | None, text: str, platform: str) -> list[str]:
    """Return the tags, handles or links of a cell, or else of the text."""
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
        return [person for part in parts if (person := person_told(part, platform))]
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
