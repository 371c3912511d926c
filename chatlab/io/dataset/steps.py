"""The steps from converted files to a dataset: each part of the posts is settled by itself.

Posts are dealt to buckets by a hash of their id, so that rows of one post meet. A bucket asks the
others for the posts that its own relate to (parents, originals, copies); with these guests beside
it, `settle` makes of it the rows that it would make of all posts at once.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise
from pathlib import Path

import msgspec
import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from chatlab.io.dataset.shelf import ShelfWriter, is_finished, take
from chatlab.io.safe_files import safe_target, write_safely
from chatlab.posts.copies import copy_keys
from chatlab.posts.grouping import Hashes, hashes
from chatlab.posts.merge import (
    Aside,
    settle,
    with_aside,
    with_handles_resolved,
    without_duplicates,
)
from chatlab.posts.originals import asked_keys, offered_keys
from chatlab.posts.schema import ARROW_SCHEMA, RELATIONS, TEXT

# A bucket of so many posts is settled in some hundred megabytes.
BUCKET = 150_000
TOGETHER = 262_144
GROUP = 2_000_000
# Rows of a Parquet row group: what is read at once, and passed over at once by time.
ROW_GROUP = 65_536
OLD = -1
_DEALT = ARROW_SCHEMA.append(pa.field("input", pa.int32()))
_IDS = pa.schema([("post_id", TEXT)])


class Plan(msgspec.Struct, frozen=True):
    """What all steps of one job share: where they write, and into how many buckets."""

    work: str
    target: str
    buckets: int
    several_networks: bool

    def at(self, step: str, number: int, ending: str = "arrow") -> Path:
        """Return where a step puts what it made of a group or bucket."""
        return Path(self.work) / step / f"{number:05d}.{ending}"

    def all_at(self, step: str) -> list[Path]:
        """List what a step has made, in order."""
        return sorted((Path(self.work) / step).glob("*.arrow"))


class Source(msgspec.Struct, frozen=True):
    """A Parquet file of converted posts, and the number of its input (OLD in the dataset)."""

    path: str
    number: int
    posts: int


def groups_of(sources: Sequence[Source]) -> list[tuple[int, list[Source]]]:
    """Put small files together, and number the groups; their order is that of the files."""
    groups: list[list[Source]] = [[]]
    for source in sources:
        if groups[-1] and sum(one.posts for one in groups[-1]) + source.posts > GROUP:
            groups.append([])
        groups[-1].append(source)
    return list(enumerate(groups))


def deal(group: tuple[int, list[Source]], plan: Plan, aside: Aside) -> None:
    """Deal the posts of some files to the buckets."""
    number, sources = group
    path = plan.at("dealt", number)
    if is_finished(path):
        return
    # Posts are taken back once it is counted which file showed them first.
    told = Aside(authors=aside.authors, aliases=aside.aliases)
    with ShelfWriter(path, _DEALT) as shelf:
        for source in sources:
            for part in _parts_of(source.path):
                rows = with_aside(part, told)
                inputs = pa.array(np.full(len(rows), source.number), pa.int32())
                _put_by_bucket(shelf, rows.append_column("input", inputs), plan.buckets)


def _parts_of(path: str) -> Iterator[pa.Table]:
    import pyarrow.parquet as pq  # only Parquet needs it, and it is large

    with pq.ParquetFile(path) as file:
        for batch in file.iter_batches(batch_size=TOGETHER):
            yield pa.Table.from_batches([batch]).cast(ARROW_SCHEMA)


def _put_by_bucket(shelf: ShelfWriter, rows: pa.Table, buckets: int) -> None:
    places = buckets_of(rows["post_id"], buckets)
    order = np.argsort(places, kind="stable")
    ordered = rows.take(pa.array(order))
    ends = np.searchsorted(places[order], np.arange(buckets + 1)).tolist()
    for bucket, (start, end) in enumerate(pairwise(ends)):
        if end > start:
            shelf.put(bucket, ordered.slice(start, end - start))


def buckets_of(ids: pa.ChunkedArray, buckets: int) -> npt.NDArray[np.int64]:
    """Tell to which bucket each id belongs, the same on every machine."""
    return (hashes(ids.to_numpy(zero_copy_only=False)) % np.uint64(buckets)).astype("int64")


def unite(bucket: int, plan: Plan, aside: Aside, ids_of_handles: dict[str, str]) -> None:
    """Make one row of each post of a bucket, count it for its first file, write what it asks."""
    asks = plan.at("asks", bucket)
    if is_finished(asks):
        return
    table = pa.concat_tables([_DEALT.empty_table(), *take(plan.all_at("dealt"), bucket)])
    counts, rows = _counted(table, aside.deleted)
    rows = with_handles_resolved(without_duplicates(rows), ids_of_handles)
    write_arrow(rows, plan.at("united", bucket))
    write_safely(plan.at("counts", bucket, "json"), msgspec.json.encode(counts))
    write_arrow(_keys(rows, several=plan.several_networks), plan.at("keys", bucket))
    own = rows["post_id"].combine_chunks()
    related = [chunk for name in (*RELATIONS, "copy_of") for chunk in rows[name].chunks]
    wanted = pa.chunked_array(related, TEXT).drop_null().unique()
    wanted = wanted.filter(pc.invert(pc.is_in(wanted, own)))
    with ShelfWriter(asks, _IDS) as shelf:
        _put_by_bucket(shelf, pa.table({"post_id": pa.chunked_array([wanted])}), plan.buckets)


def _keys(rows: pa.Table, *, several: bool) -> pa.Table:
    """List by which keys, other than ids, rows look for others; a copy's key has its network."""
    asked = hashes(asked_keys(rows))
    texts, places = copy_keys(rows) if several else ([], [])
    networks = hashes(rows["platform"].take(pa.array(places, pa.int64())).to_pylist())
    return pa.table(
        {
            "key": np.concatenate([asked, hashes(texts)]),
            "network": np.concatenate([np.zeros(len(asked), "uint64"), networks]),
        }
    )


def meet(plan: Plan) -> Hashes:
    """Return the keys by which rows of different buckets belong together."""
    tables = [read_arrow(path) for path in plan.all_at("keys")]
    keys = pa.concat_tables(tables).group_by(["key", "network"]).aggregate([])
    frame = keys.to_pandas()
    asked = frame.loc[frame["network"] == 0, "key"]
    networks = frame.loc[frame["network"] != 0, "key"].value_counts()
    return np.unique(
        np.r_[asked.to_numpy("uint64"), networks.index[networks > 1].to_numpy("uint64")]
    )


def answer(bucket: int, plan: Plan, wanted: Hashes) -> None:
    """Put copies of the posts that other buckets ask for where these find them."""
    path = plan.at("guests", bucket)
    if is_finished(path):
        return
    rows = read_arrow(plan.at("united", bucket))
    with ShelfWriter(path, ARROW_SCHEMA) as shelf:
        for other in range(plan.buckets):
            for asked in take([plan.at("asks", other)], bucket):
                shelf.put(other, rows.filter(pc.is_in(rows["post_id"], asked["post_id"])))
        if len(wanted):
            shelf.put(plan.buckets, rows.take(pa.array(_offered(rows, wanted, plan))))


def _offered(rows: pa.Table, wanted: Hashes, plan: Plan) -> npt.NDArray[np.int64]:
    offered = [offered_keys(rows)]
    if plan.several_networks:
        offered.append(copy_keys(rows))
    found = [np.asarray(at, "int64")[np.isin(hashes(keys), wanted)] for keys, at in offered]
    return np.unique(np.concatenate(found))


def finish(bucket: int, plan: Plan) -> int:
    """Settle a bucket beside its guests, and write its own posts; return how many there are."""
    import pyarrow.parquet as pq  # only Parquet needs it, and it is large

    path = Path(plan.target) / f"{bucket:05d}.parquet"
    if not path.exists():
        rows = read_arrow(plan.at("united", bucket))
        own = rows["post_id"].combine_chunks()
        guests = [t for at in (bucket, plan.buckets) for t in take(plan.all_at("guests"), at)]
        guests = [table.filter(pc.invert(pc.is_in(table["post_id"], own))) for table in guests]
        settled = settle([rows, *guests])
        if guests:
            settled = settled.filter(pc.is_in(settled["post_id"], own))
        with safe_target(path) as beside:
            pq.write_table(settled, beside, compression="zstd", row_group_size=ROW_GROUP)
    return int(pq.read_metadata(path).num_rows)


def _counted(
    table: pa.Table, deleted: set[str]
) -> tuple[dict[int, tuple[int, int, int, int]], pa.Table]:
    """Count per input: new posts of the chat, duplicates, posts that came along, taken back."""
    frame = pd.DataFrame(
        {
            "id": pd.Series(table["post_id"].to_numpy(zero_copy_only=False), dtype=object),
            "input": np.asarray(table["input"]),
            "chat": np.asarray(pc.fill_null(table["in_chat"], True)),
        }
    )
    chat = frame[frame["chat"]]
    # In the order of the inputs: a post already in an earlier one is a duplicate here.
    first = chat.sort_values("input", kind="stable").drop_duplicates("id")
    along = frame[~frame["chat"]].drop_duplicates(["input", "id"])
    beside = along.merge(first[["input", "id"]], how="left", indicator=True)
    only = beside[beside["_merge"] == "left_only"]
    gone = first[first["id"].isin(deleted)]
    counts = {
        int(number): (
            int((first["input"] == number).sum()),
            int((chat["input"] == number).sum() - (first["input"] == number).sum()),
            int((only["input"] == number).sum()),
            int((gone["input"] == number).sum()),
        )
        for number in frame["input"].unique()
    }
    rows = table.drop_columns(["input"])
    if len(gone):
        rows = with_aside(rows, Aside(deleted=deleted))
    return counts, rows


def write_arrow(rows: pa.Table, path: Path) -> None:
    """Write rows for the next step, whole or not at all."""
    options = pa.ipc.IpcWriteOptions(compression="lz4")
    with (
        safe_target(path) as beside,
        pa.OSFile(str(beside), "wb") as sink,
        pa.ipc.new_file(sink, rows.schema, options=options) as file,
    ):
        file.write_table(rows)


def read_arrow(path: Path) -> pa.Table:
    """Read what a step before has written."""
    with pa.OSFile(str(path)) as source:
        return pa.ipc.open_file(source).read_all()
