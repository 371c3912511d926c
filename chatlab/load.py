"""Reading files into the posts table, and writing, joining, choosing and describing tables."""

from __future__ import annotations

import glob
import logging
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import msgspec
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from chatlab._files import Member, members
from chatlab._formats import SOURCES, find_format
from chatlab._records import JsonFormat, Refusal, read_records
from chatlab._settle import settle
from chatlab._table_formats import TableFormat, mapped_format
from chatlab._tables import read_table
from chatlab._write import posts_as_csv, posts_as_jsonl, posts_as_parquet, write_safely
from chatlab.errors import (
    NotPostsError,
    SettingsError,
    UnknownFormatError,
    UnreadableFileError,
)
from chatlab.messages import _, mark
from chatlab.schema import (
    ARROW_SCHEMA,
    arrow_posts,
    pandas_posts,
    posts_to_arrow,
)

log = logging.getLogger("chatlab")

# Files that stand beside a chat and are never posts: settings, documents, an analyst's notes.
BESIDE = {"chat.toml", "themes.csv", "insights.csv", "people.csv", "memory.csv", "query"}
BESIDE_ENDINGS = {".md", ".toml", ".ipynb", ".html", ".txt", ".png", ".yml", ".py"}

ROWS_TOGETHER = 40_000

Paths = str | Path | Sequence[str | Path]


@dataclass
class FileLoading:
    """What became of one file."""

    file: str
    source: str = ""
    read: int = 0
    kept: int = 0
    duplicates: int = 0
    refused: int = 0
    context: int = 0
    reasons: str = ""


@dataclass
class Loaded:
    """Posts, and what reading them was like."""

    posts: pd.DataFrame
    files: list[FileLoading]
    refusals: list[tuple[str, Refusal]] = field(default_factory=list)

    def table(self) -> pd.DataFrame:
        """One row per file: the counts add up, `read` = `kept` + `duplicates` + `refused`."""
        return pd.DataFrame([vars(file) for file in self.files]).set_index("file")


def read_posts(
    path: Paths,
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
        files that hold no posts are passed over.
    source
        Name of a format, when it should not be found from content: `x_v2`, `x_v1`, `tags`,
        `rtweet`, `rtweet_old`, `mastodon`, `bluesky`.
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
    loaded = load_posts(path, source=source, columns=columns, platform=platform)
    if rejects is not None:
        write_refusals(loaded, rejects)
    return loaded.posts


@contextmanager
def _quick_memory() -> Iterator[None]:
    """Let Arrow use jemalloc where it has it (not on Windows): the system then works half as long.

    Measured with `benchmarks/load.py`: 0.25 s of system time against 0.64 s with mimalloc.
    """
    usual = pa.default_memory_pool()
    with suppress(NotImplementedError):
        pa.set_memory_pool(pa.jemalloc_memory_pool())
    try:
        yield
    finally:
        pa.set_memory_pool(usual)


@_quick_memory()
def load_posts(
    path: Paths,
    *,
    source: str | None = None,
    columns: Mapping[str, str] | None = None,
    platform: str | None = None,
) -> Loaded:
    """Read posts as `read_posts` does, and keep the account of what happened per file."""
    if source is not None and source not in SOURCES:
        raise SettingsError(f"`source` is {source!r}; it is one of {', '.join(SOURCES)}.")
    mapping = mapped_format(columns, platform) if columns is not None else None
    chosen = mapping or (SOURCES[source] if source else None)
    found = list(_find_members(path))
    several = len(found) > 1
    files, tables, authors, refusals = [], [], [], []
    seen: list[pa.Array] = []
    for member in found:
        report = FileLoading(member.name)
        try:
            form = chosen or find_format(member)
            table, named, refused = _read_member(member, form)
        except (NotPostsError, UnknownFormatError) as error:
            if not several:
                raise
            report.source = mark("not posts")
            report.reasons = str(error)
            files.append(report)
            continue
        report.source = form.title
        _count(report, table, refused, seen)
        files.append(report)
        tables.append(table)
        authors += named
        refusals += [(member.name, refusal) for refusal in refused]
        del table
    _refuse_nothing_read(path, files)
    posts = pandas_posts(settle(tables, authors))
    loaded = Loaded(posts, files, refusals)
    _log(loaded)
    return loaded


def _refuse_nothing_read(path: Paths, files: Sequence[FileLoading]) -> None:
    if any(file.kept for file in files):
        return
    told = "; ".join(
        f"{file.file}: {file.reasons or f'{file.source}, but no posts of the chat in it'}"
        for file in files[:5]
    )
    named = path if isinstance(path, str | Path) else ", ".join(map(str, path))
    raise NotPostsError(
        f"No posts in {named}. {told or 'There is no file to read.'} "
        "Give a file of posts, or say with `columns=` which column is which."
    )


def _find_members(path: Paths) -> Iterator[Member]:
    if not isinstance(path, str | Path):
        for one in path:
            yield from _find_members(one)
        return
    place = Path(path)
    if place.is_dir():
        for file in sorted(place.iterdir()):
            beside = file.name in BESIDE or file.suffix.lower() in BESIDE_ENDINGS
            if file.is_file() and not file.name.startswith(".") and not beside:
                yield from members(file)
    elif not place.exists() and glob.has_magic(str(path)):
        matched = sorted(glob.glob(str(path), recursive=True))
        if not matched:
            raise UnreadableFileError(f"No file matches {path}. Check the pattern.")
        for one in matched:
            yield from _find_members(one)
    else:
        yield from members(place)


def _read_member(
    member: Member, form: JsonFormat[Any] | TableFormat
) -> tuple[pa.Table, list[dict[str, Any]], list[Refusal]]:
    """Read one file: its rows as they come, the authors it names beside them, the refusals."""
    refused: list[Refusal] = []
    authors: list[dict[str, Any]] = []
    if isinstance(form, TableFormat):
        batches = read_table(member, form, refused)
    else:
        pages = read_records(member, form, refused)
        batches = (batch for some in pages for batch in form.batches(some))
    whole = [ARROW_SCHEMA.empty_table()]
    waiting: list[pa.Table] = []
    for batch in batches:
        # Lists of Python objects are let go batch by batch: only Arrow columns stay in memory.
        waiting.append(arrow_posts(batch.columns))
        authors += batch.authors
        if sum(map(len, waiting)) >= ROWS_TOGETHER:
            whole.append(_compact(waiting))
    whole.append(_compact(waiting))
    return _named(pa.concat_tables(whole), refused), authors, refused


def _compact(tables: list[pa.Table]) -> pa.Table:
    """Lay many small tables end to end, and empty the list: small pieces scatter the memory."""
    table = pa.concat_tables([ARROW_SCHEMA.empty_table(), *tables]).combine_chunks()
    tables.clear()
    return table


def _named(table: pa.Table, refused: list[Refusal]) -> pa.Table:
    """Refuse posts without an id."""
    unnamed = pc.is_null(table["post_id"])
    if not pc.any(unnamed).as_py():
        return table
    for text in table.filter(unnamed)["text"].to_pylist():
        refused.append(Refusal("", _("the post has no id"), text or ""))
    return table.filter(pc.invert(unnamed))


def _count(
    report: FileLoading, table: pa.Table, refused: Sequence[Refusal], seen: list[pa.Array]
) -> None:
    """Count what a file gave; a post already in an earlier file is a duplicate here."""
    in_chat = pc.fill_null(table["in_chat"], True)
    ids = table["post_id"].filter(in_chat)
    new = ids.unique()
    for earlier in seen:
        new = new.filter(pc.invert(pc.is_in(new, earlier)))
    seen.append(new)
    report.kept = len(new)
    report.duplicates = len(ids) - len(new)
    report.refused = len(refused)
    report.read = len(ids) + len(refused)
    along = table["post_id"].filter(pc.invert(in_chat)).unique()
    report.context = len(along.filter(pc.invert(pc.is_in(along, new))))
    reasons = pd.Series([refusal.reason for refusal in refused], dtype="str").value_counts()
    report.reasons = "; ".join(f"{reason} ({n})" for reason, n in reasons.head(3).items())


def _log(loaded: Loaded) -> None:
    table = loaded.table()
    log.info(
        "%d posts read, %d kept, %d duplicates, %d refused, from %d files",
        *(int(table[name].sum()) for name in ("read", "kept", "duplicates", "refused")),
        len(table),
    )
    for file, refusal in loaded.refusals[:3]:
        log.warning("%s, %s: refused, %s", file, refusal.where, refusal.reason)


def write_refusals(loaded: Loaded, path: str | Path) -> None:
    """Write the refused records, one JSON object per line: file, where, reason, record."""
    encoder = msgspec.json.Encoder()
    lines = [
        encoder.encode({"file": file, "where": r.where, "reason": r.reason, "record": r.record})
        for file, r in loaded.refusals
    ]
    write_safely(path, b"".join(line + b"\n" for line in lines))


def write_posts(posts: pd.DataFrame, path: str | Path) -> None:
    """Write a posts table as Parquet, CSV or JSON lines, by the ending of the path.

    In CSV, lists are JSON, and a cell that starts with `=`, `+`, `-`, `@`, a tab or a line break
    gets a `'` in front, so that no spreadsheet runs it.

    Raises
    ------
    SettingsError
        When the ending is none of `.parquet`, `.csv`, `.jsonl`.
    """
    writers = {".parquet": posts_as_parquet, ".csv": posts_as_csv, ".jsonl": posts_as_jsonl}
    ending = Path(path).suffix.lower()
    if ending not in writers:
        raise SettingsError(
            f"`path` ends in {ending or 'nothing'}; posts are written as {', '.join(writers)}."
        )
    write_safely(path, writers[ending](posts))


def combine_posts(*frames: pd.DataFrame) -> pd.DataFrame:
    """Join posts tables into one.

    A post that stands in several keeps its newest counts (by `collected_at`, then by order
    given); `x:@handle` and `x:123` of one person become one.
    """
    if not frames:
        raise SettingsError("`combine_posts` needs at least one posts table.")
    return pandas_posts(settle([posts_to_arrow(frame) for frame in frames]))


def select_posts(
    posts: pd.DataFrame,
    *,
    hashtags: Iterable[str] | None = None,
    since: str | pd.Timestamp | None = None,
    until: str | pd.Timestamp | None = None,
    langs: Iterable[str] | None = None,
    authors: Iterable[str] | None = None,
) -> pd.DataFrame:
    """Choose posts; every condition given must hold.

    Parameters
    ----------
    posts
        A posts table.
    hashtags
        With or without `#`, any of them.
    since, until
        From the first instant on, and before the second; UTC where no zone is given.
    langs
        Language codes.
    authors
        Handles (with or without `@`) or author ids.

    Returns
    -------
    DataFrame
        The rows chosen, in the same order.
    """
    keep = pd.Series(True, index=posts.index)
    if hashtags is not None:
        wanted = {tag.lstrip("#").casefold() for tag in hashtags}
        keep &= posts["hashtags"].map(lambda tags: not wanted.isdisjoint(tags)).astype(bool)
    if since is not None:
        keep &= posts["created_at"] >= _instant(since)
    if until is not None:
        keep &= posts["created_at"] < _instant(until)
    if langs is not None:
        keep &= posts["lang"].isin(set(langs))
    if authors is not None:
        names = {name.removeprefix("@").casefold() for name in authors}
        by_handle = posts["author"].str.casefold().isin(names)
        keep &= by_handle | posts["author_id"].isin(names | set(authors))
    return posts[keep]


def _instant(when: str | pd.Timestamp) -> pd.Timestamp:
    stamp = pd.Timestamp(when)
    return stamp.tz_localize("UTC") if stamp.tzinfo is None else stamp


def coverage_table(posts: pd.DataFrame) -> pd.DataFrame:
    """Tell what a posts table holds and what it lacks.

    Returns
    -------
    DataFrame
        Index the fact; `value` (a number, a share between 0 and 1, a text or an instant; missing
        where it cannot be told) and `unit` (`posts`, `people`, `share`, `text`, `instant`,
        `hours`). Rows: posts in the chat, posts that only came along, people, replies, replies
        whose parent is not in the file, people with follower counts, posts with a language, the
        five most used languages with their posts, first and last post, longest gap between two
        posts.
    """
    chat = posts[posts["in_chat"]]
    replies = chat[chat["kind"] == "reply"]
    orphans = ~replies["reply_to"].isin(posts.index)
    people = chat.dropna(subset="author_id").drop_duplicates("author_id", keep="last")
    times = chat["created_at"].dropna()
    gaps = times.diff().max()
    rows: list[tuple[str, Any, str]] = [
        ("posts", len(chat), "posts"),
        ("context_posts", len(posts) - len(chat), "posts"),
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
