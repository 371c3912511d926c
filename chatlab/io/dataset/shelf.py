"""One file with many places: rows are put under a number, and taken from there again."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path
from types import TracebackType

import msgspec
import pyarrow as pa

from chatlab.io.safe_files import write_safely


class ShelfWriter:
    """Writes a shelf; it is there, whole, once the writer is closed without an error."""

    def __init__(self, path: Path, schema: pa.Schema) -> None:
        self._path = path
        self._places: defaultdict[int, list[int]] = defaultdict(list)
        self._written = 0
        path.parent.mkdir(parents=True, exist_ok=True)
        options = pa.ipc.IpcWriteOptions(compression="lz4")
        self._sink = pa.OSFile(str(path), "wb")
        self._writer = pa.ipc.new_file(self._sink, schema, options=options)

    def __enter__(self) -> ShelfWriter:
        return self

    def put(self, place: int, rows: pa.Table) -> None:
        """Put rows under a number; more may come."""
        for batch in rows.combine_chunks().to_batches():
            if len(batch):
                self._writer.write_batch(batch)
                self._places[place].append(self._written)
                self._written += 1

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if kind is None:
            self.close()
        else:
            self._writer.close()
            self._sink.close()

    def close(self) -> None:
        """Finish the shelf: from then on its rows can be taken."""
        self._writer.close()
        self._sink.close()
        # What says where things lie comes last: a shelf without it was never finished.
        write_safely(_index_of(self._path), msgspec.json.encode(self._places))


def is_finished(path: Path) -> bool:
    """Tell whether a shelf was written to its end."""
    return _index_of(path).exists()


def take(paths: Iterable[Path], place: int) -> list[pa.Table]:
    """Take what lies under a number in each of several shelves, in their order."""
    found = []
    for path in paths:
        places = msgspec.json.decode(_index_of(path).read_bytes(), type=dict[int, list[int]])
        if numbers := places.get(place):
            with pa.OSFile(str(path)) as source:
                file = pa.ipc.open_file(source)
                found.append(pa.Table.from_batches([file.get_batch(number) for number in numbers]))
    return found


def _index_of(path: Path) -> Path:
    return path.with_suffix(".json")
