"""TOML files, bounded."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import msgspec

LONGEST_TOML = 2**20


def read_toml(path: str | Path, kind: Any) -> Any:
    """Read a TOML file of a bounded size and depth.

    Raises
    ------
    ValueError
        It cannot be read; the message says why.
    OSError
        It cannot be opened.
    """
    place = Path(path)
    if place.exists() and not place.is_file():
        raise ValueError("it is no file")
    with place.open("rb") as file:
        content = file.read(LONGEST_TOML + 1)
    if len(content) > LONGEST_TOML:
        raise ValueError(f"it is larger than {LONGEST_TOML >> 20} MB")
    try:
        return msgspec.toml.decode(content, type=kind)
    except RecursionError as error:
        raise ValueError("it is nested too deep") from error
    except msgspec.MsgspecError as error:
        raise ValueError(str(error)) from error
