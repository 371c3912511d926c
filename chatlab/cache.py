"""What one notebook of a report has found, the next need not find again.

Only while a report is built: its kernels share a folder of their own, readable by nobody else,
that is gone with the report. So nothing of anybody stays who was taken out later.
"""

from __future__ import annotations

import hashlib
import os
import pickle
import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

import pandas as pd

from chatlab.io.write import write_safely

FOLDER = "CHATLAB_RUN_FOLDER"
Found = TypeVar("Found")


@contextmanager
def run_folder() -> Iterator[None]:
    """Give the kernels that are started within a folder to share."""
    before = os.environ.get(FOLDER)
    with tempfile.TemporaryDirectory(prefix="chatlab-") as folder:
        os.environ[FOLDER] = folder
        try:
            yield
        finally:
            if before is None:
                del os.environ[FOLDER]
            else:
                os.environ[FOLDER] = before


def found_once(name: str, given: Iterable[object], find: Callable[[], Found]) -> Found:
    """Return what was found from the same things before in this report, or find it now.

    `given` holds all that the result depends on: tables, and values that Python can write.
    """
    folder = os.environ.get(FOLDER)
    if not folder or not Path(folder).is_dir():
        return find()
    path = Path(folder) / f"{name}-{_digest(given)}.pickle"
    if path.exists():
        # Nobody but this report writes there.
        found: Found = pickle.loads(path.read_bytes())
        return found
    found = find()
    write_safely(path, pickle.dumps(found))
    return found


def _digest(given: Iterable[object]) -> str:
    digest = hashlib.sha256()
    for one in given:
        if isinstance(one, pd.DataFrame | pd.Series):
            digest.update(pd.util.hash_pandas_object(one.astype(str)).to_numpy().tobytes())
        else:
            digest.update(repr(one).encode())
    return digest.hexdigest()
