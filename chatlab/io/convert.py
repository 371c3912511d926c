"""Posts of any size to Parquet: read part by part, written whole or not at all."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from chatlab.errors import SettingsError
from chatlab.io.loading import chosen_format, find_members, member_tables, recognised
from chatlab.io.refusals import (
    Account,
    FileLoading,
    loading_table,
    quick_memory,
    refusal_as_json,
    refuse_nothing_read,
    sum_up,
)
from chatlab.io.safe_files import Paths, no_more_readable_than, safe_target, write_safely
from chatlab.posts.merge import Aside, with_aside
from chatlab.posts.schema import ARROW_SCHEMA


@quick_memory()
def convert_posts(
    path: Paths,
    out: str | Path,
    *,
    columns: Mapping[str, str] | None = None,
    platform: str | None = None,
    rejects: str | Path | None = None,
) -> pd.DataFrame:
    """Write posts to Parquet without holding them in memory, however many there are.

    Lines (`.gz` too) and tables are read part by part; a file that is one JSON document is read
    whole. The parts stand in the order of the files: `read_posts` sorts them, merges posts that
    stand twice and resolves who is mentioned. The output is whole or absent, whenever the
    conversion is stopped.

    Parameters
    ----------
    path
        As for `read_posts`: a file, a folder, a glob, or a list of these.
    out
        Ends in `.parquet`.
    columns, platform
        As for `read_posts`.
    rejects
        Where to write the refused records, one JSON object per line: file, where, reason, record;
        not written where there are none.

    Returns
    -------
    DataFrame
        One row per file, as `read_chat(...).loading`; `duplicates` is 0, since nothing has been
        compared yet.

    Raises
    ------
    ChatlabError
        As `read_posts`.
    """
    target = Path(out)
    if target.suffix.lower() != ".parquet":
        raise SettingsError(f"`out` is {target}; only .parquet is written part by part.")
    chosen = chosen_format(None, columns, platform)
    files: list[FileLoading] = []
    aside = Aside()
    found = find_members(path)
    sources = [member.path for member in found]
    refuse_input(target, sources)
    with no_more_readable_than(sources), safe_target(target) as beside:
        refused: list[bytes] = []
        with _writer(beside) as writer:
            for member, form, report in recognised(found, chosen, files):
                account = Account()
                for table in member_tables(member, form, account):
                    writer.write_table(table)
                    in_chat = int(pc.sum(pc.fill_null(table["in_chat"], True)).as_py() or 0)
                    report.kept += in_chat
                    report.context += len(table) - in_chat
                refused += [refusal_as_json(member.name, one) for one in account.refused]
                sum_up(report, account)
                aside.add(account.aside)
        refuse_nothing_read(path, files)
        if aside.authors or aside.aliases or aside.deleted:
            _fill_in(beside, aside)
        if refused and rejects is not None:
            write_safely(rejects, b"".join(refused))
    return loading_table(files)


def refuse_input(target: Path, sources: Sequence[Path]) -> None:
    """Keep an input from being written over.

    Raises
    ------
    SettingsError
        The target is one of the sources.
    """
    if target.exists() and any(target.samefile(source) for source in sources):
        raise SettingsError(f"{target} is one of the files to read. Give another name to write.")


def _writer(path: Path) -> Any:
    import pyarrow.parquet as pq  # only Parquet needs it, and it is large

    return pq.ParquetWriter(path, ARROW_SCHEMA, compression="zstd")


def _fill_in(path: Path, aside: Aside) -> None:
    """Go over what was written once more: profiles and deletions may come after their posts."""
    import pyarrow.parquet as pq  # only Parquet needs it, and it is large

    with (
        safe_target(path) as beside,
        pq.ParquetFile(path) as parts,
        _writer(beside) as writer,
    ):
        for part in parts.iter_batches():
            writer.write_table(with_aside(pa.Table.from_batches([part]), aside))
