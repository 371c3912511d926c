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
from collections.abc import Callable, Sequence
from contextlib import suppress
from importlib.metadata import version
from pathlib import Path
from zipfile import BadZipFile

import numpy as np
import platformdirs
import scipy.sparse as sp

from chatlab.themes.mixture import Grouping
from chatlab.themes.vectors import Rows

FOLDER = "CHATLAB_CACHE"
# Raised when the engine changes what it finds.
ENGINE = 1
MOST_KEPT = 200


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


def fitted_once(
    fit: Callable[[], Grouping],
    counts: sp.csr_matrix,
    links: sp.csr_matrix,
    places: Rows | None,
    *options: float | None,
) -> Grouping:
    """Return what was found from the same numbers before, or find it now and keep it."""
    folder = fits_folder()
    if folder is None:
        return fit()
    path = folder / f"{_digest(counts, links, places, options)}.npz"
    found = _read(path, counts.shape[0])
    if found is None:
        found = fit()
        # A folder that cannot be written to keeps nobody from looking at themes.
        with suppress(OSError):
            _write(path, found)
            _forget_oldest(folder)
    return found


def _digest(
    counts: sp.csr_matrix,
    links: sp.csr_matrix,
    places: Rows | None,
    options: Sequence[float | None],
) -> str:
    digest = hashlib.sha256()
    told = [ENGINE, *options, counts.shape, *map(version, ("numpy", "scikit-learn"))]
    digest.update(repr(told).encode())
    for matrix in (counts, links):
        for array in (matrix.indptr, matrix.indices, matrix.data):
            digest.update(np.ascontiguousarray(array).tobytes())
    if places is not None:
        digest.update(np.ascontiguousarray(places).tobytes())
    return digest.hexdigest()


def _read(path: Path, n_rows: int) -> Grouping | None:
    try:
        with path.open("rb") as file, np.load(file, allow_pickle=False) as kept:
            leaves, merges, runs = kept["leaves"], kept["merges"], kept["runs"]
            numbers = int(kept["n_groups"]), float(kept["agreement"])
            share = float(kept["share"])
    except (OSError, ValueError, KeyError, EOFError, TypeError, BadZipFile):
        # Not there, or damaged: it is found again.
        return None
    if leaves.shape != (n_rows,) or runs.shape[1:] != (n_rows,):
        return None
    if merges.shape != (int(leaves.max(initial=0)), 2):
        return None
    with suppress(OSError):
        path.touch()
    pairs = tuple((int(stays), int(goes)) for stays, goes in merges)
    return Grouping(leaves, pairs, *numbers, runs.astype(np.int64), share)


def _write(path: Path, found: Grouping) -> None:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    # mkstemp makes a file that nobody else may read.
    handle, name = tempfile.mkstemp(dir=path.parent, suffix=".part")
    try:
        with os.fdopen(handle, "wb") as file:
            np.savez(
                file,
                leaves=found.leaves,
                merges=np.array(found.merges, dtype=np.int64).reshape(-1, 2),
                runs=found.runs.astype(np.int16),
                n_groups=found.n_groups,
                agreement=found.agreement,
                share=found.share,
            )
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def _forget_oldest(folder: Path) -> None:
    kept = sorted(folder.glob("*.npz"), key=lambda file: file.stat().st_mtime)
    for file in kept[:-MOST_KEPT]:
        file.unlink(missing_ok=True)
