"""Loops that numba compiles, and keeps compiled where it may."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numba


def compiled(function: Callable[..., Any]) -> Any:
    """Compile a function when it is first called, and keep it for the next time if that is allowed.

    Compiling takes a few seconds, once: numba keeps the result beside the module, or in the user's
    cache folder.
    """
    try:
        return numba.njit(cache=True, nogil=True)(function)
    except RuntimeError:
        # Neither folder may be written to: then it is compiled anew each time.
        return numba.njit(nogil=True)(function)
