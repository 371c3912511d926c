"""Reading files into the posts table, and writing, joining, choosing and describing tables."""

from __future__ import annotations

import csv
import logging
import re
import tempfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa

from chatlab._loading import (
    Account,
    FileLoading,
    Paths,
    chosen_format,
    count_posts,
    count_refusals,
    find_members,
    loading_table,
    member_tables,
    quick_memory,
    recognised,
    refuse_nothing_read,
    write_refusals,
)
from chatlab._records import Aside, Refusal
from chatlab._settle import settle
from chatlab._workbook import table_as_xlsx
from chatlab._write import (
    posts_as_csv,
    posts_as_jsonl,
    posts_as_parquet,
    posts_in_cells,
    table_as_csv,
    write_safely,
)
from chatlab.errors import PostsError, SettingsError
from chatlab.schema import KINDS, NAMES, PLATFORMS, pandas_posts, posts_to_arrow, true_for

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


def write_posts(posts: pd.DataFrame, path: str | Path) -> None:
    """Write a posts table as Parquet, CSV, xlsx or JSON lines, by the ending of the path.

    In CSV and xlsx, lists are JSON, and what a spreadsheet would run as a formula (`=`, `+`, `-`
    or `@` at the start of a cell, or after any sign that a program may take for a separator) gets
    a `'` in front. Texts of people who are not to be quoted are empty.

    Parameters
    ----------
    posts
        A posts table.
    path
        Where to write; the file is written whole or not at all.

    Raises
    ------
    SettingsError
        When the ending is none of `.parquet`, `.csv`, `.xlsx`, `.jsonl`; or when there are more
        rows or longer texts than a workbook holds.
    """
    writers = {
        ".parquet": posts_as_parquet,
        ".csv": posts_as_csv,
        ".xlsx": lambda some: table_as_xlsx(posts_in_cells(some)),
        ".jsonl": posts_as_jsonl,
    }
    ending = Path(path).suffix.lower()
    if ending not in writers:
        raise SettingsError(
            f"`path` ends in {ending or 'nothing'}; posts are written as {', '.join(writers)}."
        )
    write_safely(path, writers[ending](posts))


def write_table(table: pd.DataFrame, path: str | Path, *, zone: str = "UTC") -> None:
    """Write any table of the library as CSV or xlsx, by the ending of the path.

    Lists stand in one cell, parted by commas; nothing in a cell runs as a formula.

    Parameters
    ----------
    table
        Such as `people_table` gives; an index that is not 0, 1, 2 ... is the first column.
    path
        Where to write; the file is written whole or not at all.
    zone
        Time zone of the times; a workbook knows none.

    Raises
    ------
    SettingsError
        When the ending is neither `.csv` nor `.xlsx`; or when there are more rows or longer texts
        than a workbook holds.
    """
    ending = Path(path).suffix.lower()
    index = not isinstance(table.index, pd.RangeIndex)
    if ending == ".xlsx":
        write_safely(path, table_as_xlsx(table, index=index, zone=zone))
    elif ending == ".csv":
        plain = table.copy()
        for name in plain.columns:
            if isinstance(plain[name].dtype, pd.DatetimeTZDtype):
                plain[name] = plain[name].dt.tz_convert(zone)
            elif plain[name].map(lambda cell: isinstance(cell, list | tuple)).any():
                plain[name] = [", ".join(map(str, cell)) for cell in plain[name]]
        write_safely(path, table_as_csv(plain, index=index))
    else:
        raise SettingsError(
            f"`path` ends in {ending or 'nothing'}; tables are written as .csv or .xlsx."
        )


def combine_posts(*frames: pd.DataFrame) -> pd.DataFrame:
    """Join posts tables into one.

    A post that stands in several keeps its newest counts (by `collected_at`; where that does not
    tell, the larger counts, then the order given); `x:@handle` and `x:123` of one person become
    one.
    """
    if not frames:
        raise SettingsError("`combine_posts` needs at least one posts table.")
    if not all(
        isinstance(frame, pd.DataFrame) and {*NAMES} <= {*frame.columns} for frame in frames
    ):
        raise PostsError(
            "`combine_posts` takes posts tables, one after the other: a, b, not [a, b]."
        )
    return pandas_posts(settle([posts_to_arrow(frame) for frame in frames]))


def select_posts(
    posts: pd.DataFrame,
    *,
    hashtags: str | Iterable[str] | None = None,
    since: str | pd.Timestamp | None = None,
    until: str | pd.Timestamp | None = None,
    langs: str | Iterable[str] | None = None,
    authors: str | Iterable[str] | None = None,
    text: str | None = None,
    kinds: str | Iterable[str] | None = None,
    platforms: str | Iterable[str] | None = None,
) -> pd.DataFrame:
    """Choose posts; every condition given must hold. One text stands for a list of one.

    Parameters
    ----------
    posts
        A posts table.
    hashtags
        With or without `#`, any of them.
    since, until
        From the first instant on, and before the second, written as 2026-03-05 or
        2026-03-05 09:00; UTC where no zone is given.
    langs
        Language codes; `en` stands for `en-GB` too.
    authors
        Handles (with or without `@`) or author ids.
    text
        Words that the text holds as they stand, whatever the case.
    kinds
        `post`, `reply`, `quote`, `repost`.
    platforms
        `x`, `mastodon`, `bluesky`, `other`.

    Returns
    -------
    DataFrame
        The rows chosen, in the same order.

    Raises
    ------
    SettingsError
        A date cannot be read, or a kind or platform is unknown.
    """
    hashtags, langs, authors = map(_several, (hashtags, langs, authors))
    keep = pd.Series(True, index=posts.index)
    if hashtags is not None:
        wanted = {tag.lstrip("#").casefold() for tag in hashtags}
        keep &= true_for(posts["hashtags"], lambda tags: not wanted.isdisjoint(tags))
    if since is not None:
        keep &= posts["created_at"] >= _instant(since)
    if until is not None:
        keep &= posts["created_at"] < _instant(until)
    if langs is not None:
        keep &= posts["lang"].isin(langs) | posts["lang"].str.split("-").str[0].isin(langs)
    if authors is not None:
        names = {name.removeprefix("@").casefold() for name in authors}
        by_handle = posts["author"].str.casefold().isin(names)
        keep &= by_handle | posts["author_id"].isin(names | set(authors))
    if text is not None:
        keep &= posts["text"].str.contains(text, case=False, regex=False)
    for name, given, known in (("kind", kinds, KINDS), ("platform", platforms, PLATFORMS)):
        some = _several(given)
        if some is None:
            continue
        if strange := sorted(set(some) - set(known)):
            raise SettingsError(
                f"`{name}s` holds {', '.join(map(repr, strange))}; there are {', '.join(known)}."
            )
        keep &= posts[name].isin(some)
    return posts[keep]


def _several(given: str | Iterable[str] | None) -> list[str] | None:
    return [given] if isinstance(given, str) else None if given is None else list(given)


def _instant(when: str | pd.Timestamp) -> pd.Timestamp:
    # Only what reads one way: 03/04 is March to some and April to others.
    written = isinstance(when, str)
    try:
        if written and not re.match(r"\d{4}-\d\d-\d\d", str(when).strip()):
            raise ValueError
        stamp = pd.Timestamp(when)
    except (ValueError, TypeError) as error:
        raise SettingsError(
            f"{when!r} is no date that reads one way only; write it as 2026-03-05 or "
            "2026-03-05 09:00."
        ) from error
    return stamp.tz_localize("UTC") if stamp.tzinfo is None else stamp


def coverage_table(posts: pd.DataFrame) -> pd.DataFrame:
    """Tell what a posts table holds and what it lacks.

    Returns
    -------
    DataFrame
        Index the fact; `value` (a number, a share between 0 and 1, a text or an instant; missing
        where it cannot be told) and `unit` (`posts`, `people`, `share`, `text`, `instant`,
        `hours`). Rows: posts in the chat, posts that only came along, copies of posts on another
        network, people, replies, replies whose parent is not in the file, people with follower
        counts, posts with a language, the five most used languages with their posts, first and
        last post, longest gap between two posts.
    """
    chat = posts[posts["in_chat"]]
    copies = int((posts["copy_of"].notna() & ~posts["in_chat"]).sum())
    replies = chat[chat["kind"] == "reply"]
    orphans = ~replies["reply_to"].isin(posts.index)
    people = chat.dropna(subset="author_id").drop_duplicates("author_id", keep="last")
    times = chat["created_at"].dropna()
    gaps = times.diff().max()
    rows: list[tuple[str, Any, str]] = [
        ("posts", len(chat), "posts"),
        ("context_posts", len(posts) - len(chat) - copies, "posts"),
        ("copies", copies, "posts"),
        ("people", len(people), "people"),
        ("replies", len(replies), "posts"),
        ("replies_without_parent", int(orphans.sum()), "posts"),
        ("people_with_followers", _share(people["author_followers"].notna()), "share"),
        ("posts_with_language", _share(chat["lang"].notna()), "share"),
        ("languages", _most_common(chat["lang"]), "text"),
        ("first_post", times.min() if len(times) else None, "instant"),
        ("last_post", times.max() if len(times) else None, "instant"),
        ("longest_gap", gaps / pd.Timedelta(hours=1) if pd.notna(gaps) else None, "hours"),
    ]
    table = pd.DataFrame(rows, columns=["fact", "value", "unit"])
    return table.astype({"value": object}).set_index("fact")


def _most_common(values: pd.Series) -> str | None:
    counts = values.value_counts().head(5)
    return ", ".join(f"{value} {n}" for value, n in counts.items()) or None


def _share(flags: pd.Series) -> float | None:
    return float(flags.mean()) if len(flags) else None
