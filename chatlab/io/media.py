"""Pictures and videos of posts: read loosely, for an odd one must not cost its post."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

Media = list[tuple[str, str]]


def objects(value: Any) -> list[dict[str, Any]]:
    """Return the objects of a list; of anything else, none."""
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []


def first_text(found: Any, *names: str) -> str:
    """Return the first of some fields that holds a text; else an empty one."""
    values = (found.get(name) for name in names) if isinstance(found, dict) else ()
    return next((value for value in values if isinstance(value, str) and value), "")


def media_of(value: Any, addresses: Iterable[str], alt: str) -> Media:
    """Give the address and the description of each object that has an address."""
    names = tuple(addresses)
    pairs = ((first_text(one, *names), first_text(one, alt)) for one in objects(value))
    return [(address, described) for address, described in pairs if address]


def media_columns(media: Media) -> dict[str, list[str]]:
    """Give pictures and videos as the posts table has them."""
    return {
        "media": [address for address, _alt in media],
        "media_alt": [alt for _address, alt in media],
    }
