"""Cells of a table: nested records laid out flat, lists, numbers as text."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

import msgspec

from chatlab.io.files import Member
from chatlab.io.json_records import Batch, Blocks, JsonFormat, Refusal, read_records

CHUNK = 10_000
DEEPEST = 8
# Envelopes around the records of a page or of a database's export.
LISTS_INSIDE = ("tweets", "items", "results")
RECORD_INSIDE = "_source"
INDEX = re.compile(r"\.\d+\.")
NumberedRow = tuple[int, dict[str, str]]


def cell_text(cell: Any) -> str:
    """Write the value of a cell as text."""
    if cell is None:
        return ""
    if isinstance(cell, datetime):
        return cell.isoformat()
    if isinstance(cell, float) and cell.is_integer():
        # A spreadsheet keeps 15 digits: a longer id is already damaged, and shows it.
        return str(int(cell)) if abs(cell) < 2**53 else f"{cell:.5E}"
    if isinstance(cell, list):
        return " ".join(map(cell_text, cell))
    return str(cell)


def row_batches(blocks: Blocks, _member: Member) -> Iterator[Batch]:
    """Hand records on as they are."""
    for block in blocks:
        yield Batch({"record": block})


FLAT_JSON = JsonFormat("flat_json", "JSON", lambda _keys: True, dict[str, Any], row_batches)


def json_rows(member: Member, refused: list[Refusal]) -> Iterator[NumberedRow]:
    """Read the records of a JSON file as rows of a table, with their numbers."""
    number = 0
    for batch in read_records(member, FLAT_JSON, refused):
        for record in batch.columns["record"]:
            for one in _records_inside(record):
                number += 1
                yield number, flat_row(one)


def _records_inside(record: dict[str, Any]) -> list[dict[str, Any]]:
    for name in LISTS_INSIDE:
        inside = record.get(name)
        if isinstance(inside, list) and inside and all(isinstance(one, dict) for one in inside):
            return inside
    inside = record.get(RECORD_INSIDE)
    if isinstance(inside, dict):
        # Elasticsearch keeps the id outside.
        return [{"id": record.get("_id"), **inside}]
    return [record]


def flat_row(record: Mapping[str, Any]) -> dict[str, str]:
    """Lay a record out as texts by dotted names.

    An object in an object is `outer.inner`; a list of objects becomes one JSON list per field, so
    that `mentions.id` holds all ids.

    Examples
    --------
    >>> flat_row({"user": {"name": "Ada"}, "tags": [{"text": "a"}, {"text": "b"}], "n": 2})
    {'user.name': 'Ada', 'tags.text': '["a","b"]', 'n': '2'}
    """
    row: dict[str, str] = {}
    _lay_out(record, "", row, 0)
    return row


def _lay_out(value: Any, name: str, row: dict[str, str], depth: int) -> None:
    if isinstance(value, Mapping) and depth < DEEPEST:
        for key, inner in value.items():
            _lay_out(inner, f"{name}.{key}" if name else str(key), row, depth + 1)
    elif isinstance(value, list) and any(isinstance(one, dict) for one in value):
        objects = [one for one in value if isinstance(one, dict)]
        for key in dict.fromkeys(key for one in objects for key in one):
            found = [one[key] for one in objects if isinstance(one.get(key), str | int)]
            row[f"{name}.{key}"] = json_list(found)
    elif isinstance(value, list):
        row[name] = json_list(value)
    elif value is None:
        row[name] = ""
    else:
        row[name] = _plain(value)


def _plain(value: Any) -> str:
    return (
        str(value) if isinstance(value, str | int | float) else msgspec.json.encode(value).decode()
    )


def json_list(values: Sequence[Any]) -> str:
    """Write values as a list in JSON, empty ones left out."""
    return msgspec.json.encode([_plain(value) for value in values if value is not None]).decode()
