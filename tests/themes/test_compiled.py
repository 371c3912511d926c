"""Loops are compiled wherever chatlab is installed."""

from __future__ import annotations

from typing import Any

import numba
import pytest

from chatlab.themes import compiled


def test_loops_run_where_nothing_may_be_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    njit = numba.njit

    def nowhere(*arguments: Any, **options: Any) -> Any:
        if options.pop("cache", False):
            raise RuntimeError("cannot cache function: no locator available")
        return njit(*arguments, **options)

    monkeypatch.setattr(compiled.numba, "njit", nowhere)

    def twice(value: int) -> int:
        return 2 * value

    assert compiled.compiled(twice)(21) == 42
