"""A dataset that is counted where it lies: part by part, here or on a cluster."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa

from chatlab.errors import NotPostsError, UnreadableFileError
from chatlab.io.dataset.folder import WORK
from chatlab.io.dataset.manifest import read_manifest
from chatlab.io.dataset.sums import Sums, share_of
from chatlab.io.dataset.workers import shown, wait
from chatlab.posts.counting import Count, columns_of
from chatlab.posts.schema import ARROW_SCHEMA, NAMES, pandas_posts
from chatlab.posts.selection import Selection

# Tables of so many parts are added up at once on a cluster.
BRANCHES = 16
# So many rows are read at once: fewer give more rows to add up, more take more memory.
PART = 262_144


@dataclass(frozen=True)
class Part:
    """Some rows of one file: what is read at once."""

    path: str
    row_groups: tuple[int, ...]

    def read(self, columns: Sequence[str], wanted: Sequence[Selection]) -> pa.Table:
        """Read the columns of those rows for which all conditions hold."""
        import pyarrow.dataset as ds  # only datasets need it, and it is large

        needed = [*columns, *(name for one in wanted for name in one.columns)]
        fragment = _fragment(self.path, self.row_groups)
        options = ds.ParquetFragmentScanOptions(pre_buffer=False)
        table = fragment.to_table(
            columns=list(dict.fromkeys(needed)),
            filter=_pushed_down(wanted),
            use_threads=True,
            fragment_scan_options=options,
            batch_readahead=1,
        )
        table = table.cast(pa.schema([ARROW_SCHEMA.field(name) for name in table.column_names]))
        for one in wanted:
            table = table.filter(one.of(table))
        return table.select(list(columns)).combine_chunks()


def _fragment(path: str, row_groups: Sequence[int] | None = None) -> Any:
    import pyarrow.dataset as ds  # only datasets need it, and it is large
    from pyarrow.fs import LocalFileSystem

    return ds.ParquetFileFormat().make_fragment(path, LocalFileSystem(), row_groups=row_groups)


def _pushed_down(wanted: Sequence[Selection]) -> Any:
    whole = None
    for one in wanted:
        test = one.pushed_down
        if test is not None:
            whole = test if whole is None else whole & test
    return whole


@dataclass(frozen=True)
class PostsScan:
    """Posts in Parquet files, of any number, which tables of plain counts take as they take posts.

    Nothing is read before a table is asked for, then only the columns that it needs, part by
    part: memory is that of the result and of a few parts.

    Attributes
    ----------
    folder
        Where they lie.
    files
        Paths of the Parquet files.
    wanted
        Conditions of `select_posts`, all of which hold.
    client
        A `distributed.Client` whose workers count; None counts here.
    """

    folder: str
    files: tuple[str, ...]
    wanted: tuple[Selection, ...] = ()
    client: Any = None

    def on(self, client: Any) -> PostsScan:
        """Return the same posts, counted by the workers of a `distributed.Client`.

        They must see the files under the same paths.
        """
        return replace(self, client=client)

    def where(self, wanted: Selection) -> PostsScan:
        """Return the posts for which conditions hold too; `cl.select_posts` makes them."""
        return replace(self, wanted=(*self.wanted, wanted))

    def parts(self) -> list[Part]:
        """List what is read at once, without what no wanted post can be in."""
        pushed = _pushed_down(self.wanted)
        found = []
        for path in self.files:
            together: list[int] = []
            rows = 0
            for piece in _fragment(path).split_by_row_group(pushed):
                for group in piece.row_groups:
                    if together and rows + group.num_rows > PART:
                        found.append(Part(path, tuple(together)))
                        together, rows = [], 0
                    together.append(group.id)
                    rows += group.num_rows
            if together:
                found.append(Part(path, tuple(together)))
        return found

    def count(self, counts: Sequence[Count]) -> list[pa.Table]:
        """Count all parts, each read once; `chatlab.posts.counting` says what a count is."""
        parts = self.parts()
        if self.client is not None:
            return _on_cluster(self, list(counts), parts)
        with tempfile.TemporaryDirectory(prefix="chatlab-") as folder:
            sums = Sums(counts, Path(folder))
            sums.add(_nothing(counts))
            for part in shown(parts, "counting posts", len(parts)):
                rows = part.read(columns_of(counts), self.wanted)
                sums.add([one.rows(rows) for one in counts])
            return sums.tables()

    @property
    def posts(self) -> int:
        """How many rows the files hold, whatever is wanted of them."""
        import pyarrow.parquet as pq  # only Parquet needs it, and it is large

        return sum(int(pq.read_metadata(path).num_rows) for path in self.files)

    def tables(self, columns: Sequence[str] = NAMES) -> Iterator[pa.Table]:
        """Give the posts part by part, as Arrow tables of these columns."""
        parts = self.parts()
        for part in shown(parts, "reading posts", len(parts)):
            yield part.read(columns, self.wanted)

    def read(self) -> pd.DataFrame:
        """Read all wanted posts into memory, as the posts table that every function takes."""
        table = pa.concat_tables([ARROW_SCHEMA.empty_table(), *self.tables()])
        return pandas_posts(table.sort_by([("created_at", "ascending"), ("post_id", "ascending")]))


def scan_posts(folder: str | Path) -> PostsScan:
    """Give a handle on a dataset of posts that need not fit into memory.

    Parameters
    ----------
    folder
        What `ingest_posts` made; or a folder of Parquet files that `write_posts` or
        `convert_posts` wrote, or one such file: no post may stand in two of them.

    Returns
    -------
    PostsScan
        Takes the place of a posts table in `people_table`, `kind_table`, `activity_table`,
        `reach_table`, `coverage_table`, `link_table`, `tie_table`, `reply_graph`,
        `interaction_graph`, `hashtag_graph` and `select_posts`.

    Raises
    ------
    NotPostsError
        There are no posts in Parquet.
    UnreadableFileError
        A file cannot be read, or taking files in has not ended.
    """
    place = Path(folder)
    manifest = read_manifest(place) if place.is_dir() else None
    if manifest is not None:
        paths = [place / manifest.folder / name for name in manifest.files]
    else:
        if (place / WORK).exists():
            raise UnreadableFileError(
                f"Taking files into {place} has not ended. Call `ingest_posts` with the same "
                "files again: it goes on where it was."
            )
        paths = sorted(place.glob("*.parquet")) if place.is_dir() else [place]
    if not paths:
        raise NotPostsError(
            f"No dataset in {place}: there is no Parquet file. Make one with `ingest_posts`."
        )
    for path in paths:
        _check(path)
    return PostsScan(str(place.absolute()), tuple(str(path.absolute()) for path in paths))


def _check(path: Path) -> None:
    import pyarrow.parquet as pq  # only Parquet needs it, and it is large

    try:
        names = set(pq.read_schema(path).names)
    except (pa.ArrowException, OSError) as error:
        raise UnreadableFileError(f"{path} is not a readable Parquet file: {error}.") from error
    if absent := [name for name in NAMES if name not in names]:
        raise NotPostsError(
            f"{path} is no posts table: columns {', '.join(absent[:8])} are not there. Take it in "
            "with `ingest_posts`, which reads any format."
        )


def _nothing(counts: Sequence[Count]) -> list[pa.Table]:
    empty = pa.schema([ARROW_SCHEMA.field(name) for name in columns_of(counts)]).empty_table()
    return [one.of(empty) for one in counts]


def _counted(part: Part, counts: Sequence[Count], wanted: Sequence[Selection]) -> list[pa.Table]:
    rows = part.read(columns_of(counts), wanted)
    return [one.of(rows) for one in counts]


def _on_cluster(scan: PostsScan, counts: list[Count], parts: Sequence[Part]) -> list[pa.Table]:
    """Count parts on the workers, and add up what has the same keys where it meets."""
    client = scan.client
    shares = max(1, len(client.nthreads()))
    dealt = client.map(_dealt, parts, counts=counts, wanted=scan.wanted, shares=shares, pure=False)
    sums = []
    for share in range(shares):
        waiting = [client.submit(_share, one, share, pure=False) for one in dealt]
        while len(waiting) > 1:
            groups = [waiting[i : i + BRANCHES] for i in range(0, len(waiting), BRANCHES)]
            waiting = [client.submit(_added, group, counts, pure=False) for group in groups]
        sums += waiting
    wait(client, [*dealt, *sums], "counting posts")
    # No key stands in two shares.
    found = [_nothing(counts), *client.gather(sums)]
    return [
        pa.concat_tables([one.done(tables[i]) for tables in found]) for i, one in enumerate(counts)
    ]


def _dealt(
    part: Part, *, counts: Sequence[Count], wanted: Sequence[Selection], shares: int
) -> list[list[pa.Table]]:
    """Count a part, and deal what it gives to so many shares by its keys."""
    dealt: list[list[pa.Table]] = [[] for _ in range(shares)]
    for one, table in zip(counts, _counted(part, counts, wanted), strict=True):
        places = share_of(table, one.keys, shares)
        for share in range(shares):
            dealt[share].append(table.filter(pa.array(places == share)))
    return dealt


def _share(dealt: list[list[pa.Table]], share: int) -> list[pa.Table]:
    return dealt[share]


def _added(some: Sequence[list[pa.Table]], counts: Sequence[Count]) -> list[pa.Table]:
    return [one.add([tables[i] for tables in some]) for i, one in enumerate(counts)]
