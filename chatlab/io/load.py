"""Reads files of posts into the one table."""

from __future__ import annotations

import csv
import logging
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa

from chatlab.io.json_records import Refusal
from chatlab.io.loading import chosen_format, find_members, member_tables, recognised
from chatlab.io.refusals import (
    Account,
    FileLoading,
    count_posts,
    count_refusals,
    loading_table,
    quick_memory,
    refuse_nothing_read,
    write_refusals,
)
from chatlab.io.safe_files import Paths
from chatlab.posts.merge import Aside, settle
from chatlab.posts.schema import pandas_posts

log = logging.getLogger("chatlab")


@dataclass
class Loaded:
    """Posts, and what reading them was like."""

    posts: pd.DataFrame
    files: list[FileLoading]
    refusals: list[tuple[str, Refusal]] = field(default_factory=list)

    def table(self) -> pd.DataFrame:
        """One row per file: the counts add up, `read` = `kept` + `duplicates` + `refused`."""
        return loading_table(self.files)


def read_posts(
    path: Paths | pd.DataFrame,
    *,
    source: str | None = None,
    columns: Mapping[str, str] | None = None,
    platform: str | None = None,
    rejects: str | Path | None = None,
) -> pd.DataFrame:
    """Read posts from what you have: a file, a folder, a glob, or a list of these.

    The format is found from the content. One line is logged per call: read, kept, refused.

    Parameters
    ----------
    path
        JSON, JSON lines, CSV, xlsx or Parquet; `.gz` and `.zip` are read directly. In a folder,
        files that hold no posts are passed over; folders in it are looked into only where it has
        no file of its own (an X archive, a folder per week). A DataFrame of your own is read as a
        table would be: with `columns`.
    source
        Name of a format, when it should not be found from content: `x_v2`, `x_v1`, `x_archive`,
        `zeeschuimer`, `mastodon`, `mastodon_outbox`, `bluesky`, `bluesky_atproto`,
        `bluesky_stream`, or a table's: `tags`, `rtweet`, `twarc_csv`, `scraper`, `snscrape`,
        `4cat_x` and others, which the error for an unknown name lists.
    columns
        For a table of your own: posts column to column in the file, for example
        `{"text": "Message", "created_at": "Date"}`. `text` is needed.
    platform
        With `columns`: `x`, `mastodon`, `bluesky` or `other`.
    rejects
        Where to write the refused records, one JSON object per line: file, where, reason, record.

    Returns
    -------
    DataFrame
        The posts table: one row per post, sorted by `created_at` then `post_id`.

    Raises
    ------
    UnreadableFileError
        The file is missing or damaged.
    UnknownFormatError
        No format fits; the message shows what was found.
    NotPostsError
        The file holds something else (users, counts, lists, analytics).
    SettingsError
        `source`, `columns` or `platform` is impossible.

    Examples
    --------
    >>> posts = read_posts("data/crowdwork")
    >>> posts.index.name is None
    True
    """
    if isinstance(path, pd.DataFrame):
        return _of_table(path, source=source, columns=columns, platform=platform, rejects=rejects)
    loaded = load_posts(path, source=source, columns=columns, platform=platform)
    if rejects is not None:
        write_refusals(loaded.refusals, rejects)
    return loaded.posts


def _of_table(table: pd.DataFrame, **options: Any) -> pd.DataFrame:
    """Read a table in memory the way a file is read, so that there is one way."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "table.csv"
        table.to_csv(file, index=False, quoting=csv.QUOTE_ALL)
        return read_posts(file, **options)


@quick_memory()
def load_posts(
    path: Paths,
    *,
    source: str | None = None,
    columns: Mapping[str, str] | None = None,
    platform: str | None = None,
    discreet: bool = False,
) -> Loaded:
    """Read posts as `read_posts` does, and keep the account of what happened per file.

    `discreet` logs counts only: names of files and refused values may name people.
    """
    chosen = chosen_format(source, columns, platform)
    files: list[FileLoading] = []
    tables, accounts = [], []
    seen: list[pa.Array] = []
    told = Aside()
    for member, form, report in recognised(find_members(path), chosen, files):
        account = Account()
        table = pa.concat_tables(member_tables(member, form, account))
        count_posts(report, table, seen)
        told.add(account.aside)
        accounts.append((report, account))
        tables.append(table)
        del table
    # A post may be taken back in another file than the one that shows it.
    for (report, account), ids in zip(accounts, seen, strict=True):
        count_refusals(report, account, ids, told.deleted)
    refuse_nothing_read(path, files)
    posts = pandas_posts(settle(tables, told))
    refusals = [
        (report.file, refusal) for report, account in accounts for refusal in account.refused
    ]
    loaded = Loaded(posts, files, refusals)
    _log(loaded, discreet=discreet)
    return loaded


def _log(loaded: Loaded, *, discreet: bool) -> None:
    table = loaded.table()
    log.info(
        "%d posts read, %d kept, %d duplicates, %d refused, from %d files; %d more came along as "
        "parents, quoted posts or originals (`in_chat` is False)",
        *(int(table[name].sum()) for name in ("read", "kept", "duplicates", "refused")),
        len(table),
        int(table["context"].sum()),
    )
    for file, refusal in () if discreet else loaded.refusals[:3]:
        place = f"{file}, {refusal.where}" if refusal.where else file
        log.warning("%s: refused, %s", place, refusal.reason)
