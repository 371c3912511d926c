"""Fits of themes, kept from one notebook to the next: numbers only, nothing of what anybody wrote.

A fit takes seconds, and ten notebooks of a chat ask for the same. Kept is the group of each row
and how groups merge, under a digest of all that it depends on: the counts of words and links that
come of the posts and the settings, the options, the versions. So the posts of somebody who was
taken out give another digest, and what was kept before tells nothing of them.

The files are the user's alone, in the folder for caches of the system, or that of
`CHATLAB_CACHE`; where this is `off`, nothing is kept. `chatlab forget` empties it.
"""

from __future__ import annotations

import hashlib
import os
import tempfile
import zlib
from collections.abc import Callable, Sequence
from contextlib import suppress
from importlib.metadata import version
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

import numpy as np
import numpy.typing as npt
import platformdirs
import scipy.sparse as sp

FOLDER = "CHATLAB_CACHE"
# Raised when the engine changes what it finds.
ENGINE = 3
MOST_KEPT = 200
Arrays = dict[str, npt.NDArray[Any]]
_WHOLE = "chatlab"


def fits_folder() -> Path | None:
    """Return where fits are kept; None where nothing is to be kept."""
    named = os.environ.get(FOLDER, "")
    if named.casefold() == "off":
        return None
    base = Path(named) if named else Path(platformdirs.user_cache_path("chatlab", False))
    return base / "fits"


def forget_fits() -> int:
    """Delete all fits that were kept, and return how many there were."""
    folder = fits_folder()
    if folder is None or not folder.is_dir():
        return 0
    kept = [*folder.glob("*.npz")]
    # Whatever else stands there is not chatlab's.
    for file in [*kept, *folder.glob("*.part")]:
        file.unlink(missing_ok=True)
    with suppress(OSError):
        folder.rmdir()
    return len(kept)


def found_once(
    find: Callable[[], Arrays],
    given: Sequence[sp.csr_matrix | npt.NDArray[Any]],
    *options: str | float | None,
) -> Arrays:
    """Return what was found from the same numbers before, or find it now and keep it.

    Parameters
    ----------
    find
        Finds arrays by name: numbers only, nothing of what anybody wrote.
    given, options
        All that it depends on.
    """
    folder = fits_folder()
    if folder is None:
        return find()
    path = folder / f"{_digest(given, options)}.npz"
    found = _read(path)
    if found is None:
        found = find()
        # A folder that cannot be written to keeps nobody from looking at themes.
        with suppress(OSError):
            _write(path, found)
            _forget_oldest(folder)
    return found


def _digest(
    given: Sequence[sp.csr_matrix | npt.NDArray[Any]], options: Sequence[str | float | None]
) -> str:
    digest = hashlib.sha256()
    versions = map(version, ("numpy", "scikit-learn"))
    digest.update(repr([ENGINE, *options, *(one.shape for one in given), *versions]).encode())
    for one in given:
        parts = (one.indptr, one.indices, one.data) if isinstance(one, sp.csr_matrix) else (one,)
        for array in parts:
            digest.update(np.ascontiguousarray(array).tobytes())
    return digest.hexdigest()


def _read(path: Path) -> Arrays | None:
    try:
        with path.open("rb") as file, np.load(file, allow_pickle=False) as kept:
            if _WHOLE not in kept:
                return None
            found = {name: kept[name] for name in kept.files if name != _WHOLE}
    except (OSError, ValueError, KeyError, EOFError, TypeError, BadZipFile, zlib.error):
        # Not there, or damaged: it is found again.
        return None
    with suppress(OSError):
        path.touch()
    return found


def _write(path: Path, found: Arrays) -> None:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    # mkstemp makes a file that nobody else may read.
    handle, name = tempfile.mkstemp(dir=path.parent, suffix=".part")
    try:
        with os.fdopen(handle, "wb") as file:
            told: Arrays = {_WHOLE: np.array(True)}
            told |= {name: _small(array) for name, array in found.items()}
            np.savez(file, allow_pickle=False, **told)
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def _small(array: npt.NDArray[Any]) -> npt.NDArray[Any]:
    """Keep whole numbers in as few bytes as they need."""
    if array.dtype.kind != "i" or not array.size:
        return array
    return array.astype(np.promote_types(*map(np.min_scalar_type, (array.min(), array.max()))))


def _forget_oldest(folder: Path) -> None:
    kept = sorted(folder.glob("*.npz"), key=lambda file: file.stat().st_mtime)
    for file in kept[:-MOST_KEPT]:
        file.unlink(missing_ok=True)
