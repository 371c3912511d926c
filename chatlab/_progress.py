"""A bar for whatever takes over two seconds."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TypeVar

from tqdm import tqdm

T = TypeVar("T")


def slow(items: Iterable[T], total: int, what: str) -> Iterator[T]:
    """Go through items, and show how far it is once two seconds have passed."""
    yield from tqdm(items, total=total, desc=what, delay=2, leave=False)
