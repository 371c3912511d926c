"""Many files of any format to one dataset, however often that is stopped and begun again."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import msgspec
import pandas as pd
import pyarrow as pa

from chatlab.io.dataset.folder import REJECTS, WORK, alone_in, refuse_other_folder, tidy
from chatlab.io.dataset.manifest import (
    Manifest,
    Taken,
    digest_of,
    read_manifest,
    taken_table,
    write_manifest,
)
from chatlab.io.dataset.steps import (
    BUCKET,
    OLD,
    Plan,
    Source,
    answer,
    deal,
    finish,
    groups_of,
    meet,
    unite,
)
from chatlab.io.dataset.workers import each
from chatlab.io.files import Member
from chatlab.io.loading import chosen_format, find_members, member_tables, recognise
from chatlab.io.refusals import (
    Account,
    FileLoading,
    quick_memory,
    refusal_as_json,
    refuse_nothing_read,
    sum_up,
)
from chatlab.io.safe_files import Paths, no_more_readable_than, safe_target, write_safely
from chatlab.posts.merge import Aside, handles_to_ids, names_handles
from chatlab.posts.schema import ARROW_SCHEMA
from chatlab.translation import _

_PEOPLE = ["platform", "author", "author_id"]


class _Converted(msgspec.Struct, frozen=True):
    """What converting one input told, beside its posts."""

    file: str
    source: str
    posts: int
    refused: int
    reasons: str
    notes: str
    platforms: tuple[str, ...] = ()
    names_handles: bool = False
    authors: tuple[dict[str, Any], ...] = ()
    aliases: dict[str, str] = {}
    deleted: tuple[str, ...] = ()


class _Input(msgspec.Struct, frozen=True):
    """A file, or one inside a zip, by its content."""

    path: str
    inside: str | None
    digest: str

    @property
    def member(self) -> Member:
        return Member(Path(self.path), self.inside)


def ingest_posts(
    path: Paths,
    folder: str | Path,
    *,
    columns: Mapping[str, str] | None = None,
    platform: str | None = None,
    client: Any = None,
) -> pd.DataFrame:
    """Take files of any format into a dataset of posts, which may hold any number of them.

    What `read_posts` would make of all the files in memory is made part by part: one row per
    post, whichever files it stands in, with the newest counts; relations, originals of reposts
    and copies found across all files. Stopped at any moment and called again with the same files,
    it goes on where it was; until it has ended, the dataset is what it was before. A file that
    is in the dataset already, by its content and whatever its name, is not read again.

    Parameters
    ----------
    path
        As for `read_posts`: a file, a folder, a glob, or a list of these.
    folder
        Of the dataset; made, or added to.
    columns, platform
        As for `read_posts`.
    client
        A `distributed.Client`: its workers read the files and settle the posts. They must see the
        files and the folder under the same paths.

    Returns
    -------
    DataFrame
        One row per file in the dataset, as `read_chat(...).loading`: `source`, `read`, `kept`,
        `duplicates` (posts that stand in a file before), `refused`, `context`, `reasons`, `notes`.
        Refused records are in `rejects.jsonl` in the folder.

    Raises
    ------
    ChatlabError
        As `read_posts`; what was read before is kept for the next call.
    SettingsError
        `folder` holds something else, or is being written to by another call.
    """
    place = Path(folder)
    members = find_members(path)
    chosen_format(None, columns, platform)
    refuse_other_folder(place)
    with alone_in(place), no_more_readable_than([member.path for member in members]):
        before = read_manifest(place) or Manifest()
        inputs = _new_inputs(members, before)
        reading = _Reading(str(place / WORK), columns, platform, alone=len(members) == 1)
        told = each(_convert, inputs, reading, client=client, what="reading")
        if not before.inputs:
            refuse_nothing_read(path, [_told_loading(one) for one in told])
        manifest = before
        if inputs:
            manifest = _settled(place, before, inputs, told, client)
            _collect_rejects(place, inputs)
            write_manifest(place, manifest)
        tidy(place, manifest.folder)
    return taken_table(manifest)


def _new_inputs(members: Sequence[Member], before: Manifest) -> list[_Input]:
    """List the inputs that the dataset does not hold, each content once."""
    known = {one.digest for one in before.inputs}
    found: dict[str, _Input] = {}
    for member in members:
        digest = digest_of(member)
        if digest not in known:
            found.setdefault(digest, _Input(str(member.path.absolute()), member.inside, digest))
    return list(found.values())


class _Reading(msgspec.Struct, frozen=True):
    """How inputs are read, and where what is made of them is put."""

    work: str
    columns: Mapping[str, str] | None
    platform: str | None
    alone: bool

    def file(self, one: _Input, ending: str) -> Path:
        return Path(self.work) / "read" / f"{one.digest}.{ending}"


@quick_memory()
def _convert(one: _Input, reading: _Reading) -> _Converted:
    """Convert an input to Parquet, and write what it told; done once."""
    import pyarrow.parquet as pq  # only Parquet needs it, and it is large

    told_file = reading.file(one, "json")
    if told_file.exists():
        return msgspec.json.decode(told_file.read_bytes(), type=_Converted)
    account, report, member = Account(), FileLoading(one.member.name), one.member
    chosen = chosen_format(None, reading.columns, reading.platform)
    form = recognise(member, chosen, report, alone=reading.alone)
    platforms: set[str] = set()
    posts, handles = 0, False
    with (
        safe_target(reading.file(one, "parquet")) as beside,
        pq.ParquetWriter(beside, ARROW_SCHEMA, compression="zstd") as writer,
    ):
        for table in member_tables(member, form, account) if form else ():
            writer.write_table(table)
            posts += len(table)
            platforms.update(table["platform"].unique().to_pylist())
            handles = handles or names_handles(table)
    if form:
        sum_up(report, account)
    refused = b"".join(refusal_as_json(member.name, record) for record in account.refused)
    write_safely(reading.file(one, "rejects"), refused)
    converted = _Converted(
        report.file,
        report.source,
        posts,
        report.refused,
        report.reasons,
        report.notes,
        tuple(sorted(platforms)),
        handles,
        tuple(account.aside.authors),
        account.aside.aliases,
        tuple(sorted(account.aside.deleted)),
    )
    write_safely(told_file, msgspec.json.encode(converted))
    return converted


def _told_loading(told: _Converted) -> FileLoading:
    return FileLoading(told.file, told.source, kept=told.posts, reasons=told.reasons)


def _settled(
    place: Path,
    before: Manifest,
    inputs: Sequence[_Input],
    told: Sequence[_Converted],
    client: Any,
) -> Manifest:
    """Make one dataset of what is there and what is new; return what it then says of itself."""
    sources = [
        *(Source(str(place / before.folder / name), OLD, BUCKET) for name in before.files),
        *(
            Source(str(place / WORK / "read" / f"{one.digest}.parquet"), number, told[number].posts)
            for number, one in enumerate(inputs)
            if told[number].posts
        ),
    ]
    posts = before.posts + sum(one.posts for one in told)
    name = hashlib.sha256("".join(one.digest for one in inputs).encode()).hexdigest()[:12]
    folder = f"posts-{len(before.inputs) + len(inputs):05d}-{name}"
    networks = {name for one in told for name in one.platforms} | _networks_of(sources)
    plan = Plan(
        str(place / WORK / folder),
        str(place / folder),
        buckets=max(1, -(-posts // BUCKET)),
        several_networks=len(networks) > 1,
    )
    aside = Aside()
    for one in told:
        aside.add(Aside(list(one.authors), dict(one.aliases), set(one.deleted)))
    buckets = range(plan.buckets)
    each(deal, groups_of(sources), plan, aside, client=client, what="dealing posts to parts")
    handles = before.names_handles or any(one.names_handles for one in told)
    ids = _ids_of_handles([source.path for source in sources]) if handles else {}
    each(unite, buckets, plan, aside, ids, client=client, what="one row per post")
    wanted = meet(plan)
    each(answer, buckets, plan, wanted, client=client, what="relations across parts")
    rows = each(finish, buckets, plan, client=client, what="writing posts")
    counts = _counts(plan)
    taken = [
        _taken(one, said, counts.get(n, (0,) * 4))
        for n, (one, said) in enumerate(zip(inputs, told, strict=True))
    ]
    files = tuple(f"{bucket:05d}.parquet" for bucket in buckets)
    return Manifest(folder, sum(rows), files, (*before.inputs, *taken), handles)


def _networks_of(sources: Sequence[Source]) -> set[str]:
    """List the networks of the posts that are in the dataset already."""
    old = [source.path for source in sources if source.number == OLD]
    return {
        name
        for one in old
        for name in _columns_of(one, ["platform"])["platform"].unique().to_pylist()
    }


def _ids_of_handles(paths: Sequence[str]) -> dict[str, str]:
    """Learn which handle is which id from all posts; memory is that of the people."""
    people = [_columns_of(path, _PEOPLE).group_by(_PEOPLE).aggregate([]) for path in paths]
    return handles_to_ids(pa.concat_tables(people)) if people else {}


def _columns_of(path: str, names: Sequence[str]) -> pa.Table:
    import pyarrow.parquet as pq  # only Parquet needs it, and it is large

    return pq.read_table(path, columns=list(names))


def _counts(plan: Plan) -> dict[int, tuple[int, ...]]:
    """Add up what the parts counted per input: new, duplicates, along, taken back."""
    total: dict[int, list[int]] = {}
    for path in sorted((Path(plan.work) / "counts").glob("*.json")):
        for number, four in msgspec.json.decode(
            path.read_bytes(), type=dict[int, list[int]]
        ).items():
            before = total.setdefault(number, [0, 0, 0, 0])
            total[number] = [a + b for a, b in zip(before, four, strict=True)]
    return {number: tuple(four) for number, four in total.items()}


def _taken(one: _Input, told: _Converted, counts: Sequence[int]) -> Taken:
    new, duplicates, along, gone = counts
    refused = told.refused + gone
    kept = new - gone
    reasons = told.reasons
    if gone:
        deleted = _("deleted by its author")
        reasons = f"{reasons}; {deleted} ({gone})".removeprefix("; ")
    return Taken(
        digest=one.digest,
        file=told.file,
        source=told.source,
        read=kept + duplicates + refused,
        kept=kept,
        duplicates=duplicates,
        refused=refused,
        context=along,
        reasons=reasons,
        notes=told.notes,
    )


def _collect_rejects(place: Path, inputs: Sequence[_Input]) -> None:
    """Put what was refused into one file beside the posts, what was refused before first."""
    target = place / REJECTS
    before = target.read_bytes() if target.exists() else b""
    new = b"".join((place / WORK / "read" / f"{one.digest}.rejects").read_bytes() for one in inputs)
    # Stopped after this and begun again, the same records must not stand twice.
    if new and not before.endswith(new):
        write_safely(target, before + new)
