"""Keys of pseudonyms: made, read, and refused where they could be guessed."""

from __future__ import annotations

import os
import secrets
import shlex
from itertools import pairwise
from pathlib import Path

from chatlab.errors import SettingsError, UnreadableFileError

_MIN_KEY = 16
_MIN_DIFFERENT = 8
_LONGEST_KEY = 2**20
_MOST_TRIED = 200
_HOW_TO_MAKE = "A good one is made by: chatlab key key.txt"


def make_key(path: str | Path) -> None:
    """Write a new random key, which only its owner may read.

    Raises
    ------
    SettingsError
        There is a file of that name: overwriting a key would lose its pseudonyms for ever.
    UnreadableFileError
        Nothing can be written there.
    """
    target = Path(path)
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        handle = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError as error:
        raise SettingsError(
            f"{target} is there already; a new key would lose the pseudonyms of the old one. "
            "Name another file."
        ) from error
    except OSError as error:
        raise UnreadableFileError(f"{target} cannot be written: {error}.") from error
    with os.fdopen(handle, "w") as file:
        file.write(secrets.token_hex(32) + "\n")


def read_key(path: str | Path) -> bytes:
    """Read the secret that pseudonyms are made with.

    Raises
    ------
    UnreadableFileError
        The file cannot be read.
    SettingsError
        The key is short or could be guessed, or others than its owner may read the file.
    """
    try:
        with Path(path).open("rb") as file:
            key = file.read(_LONGEST_KEY).strip()
            mode = os.fstat(file.fileno()).st_mode
    except OSError as error:
        raise UnreadableFileError(f"The key file {path} cannot be read: {error}.") from error
    if os.name == "posix" and mode & 0o077:
        raise SettingsError(
            f"Others on this machine may read or change the key file {path}. "
            f"Keep it for yourself: chmod 600 {shlex.quote(str(path))}"
        )
    return checked_key(key)


def checked_key(key: bytes) -> bytes:
    """Return a key, or refuse one that could be guessed."""
    if len(key) < _MIN_KEY:
        raise SettingsError(
            f"`key` has {len(key)} bytes; give at least {_MIN_KEY}, so that nobody can guess it. "
            f"{_HOW_TO_MAKE}"
        )
    if len(set(key)) < _MIN_DIFFERENT or _is_written_in_order(key):
        raise SettingsError(f"`key` is easy to guess. {_HOW_TO_MAKE}")
    return key


def _is_written_in_order(key: bytes) -> bool:
    """Tell a key like `abcdefgh...`, `0123456789...` or `passwordpassword`."""
    steps = {after - before for before, after in pairwise(key)}
    lengths = range(1, len(key) // 2 + 1) if len(key) <= _MOST_TRIED else ()
    repeats = any(key == (key[:n] * len(key))[: len(key)] for n in lengths)
    return len(steps) <= _MIN_DIFFERENT // 2 or repeats
