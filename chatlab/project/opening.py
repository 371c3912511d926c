"""Opens a chat: reads its files, keeps its promises, and says what was assumed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import msgspec
import pandas as pd

from chatlab.chat.editions import find_editions
from chatlab.chat.hosts import find_hosts
from chatlab.errors import ChatlabError, SettingsError
from chatlab.facts import Fact
from chatlab.io.dataset.scan import PostsScan
from chatlab.io.json_records import Refusal
from chatlab.io.load import load_posts
from chatlab.io.safe_files import Paths
from chatlab.posts.quoting import with_unquotable
from chatlab.project.chat import Chat
from chatlab.project.gathering import gather_settings
from chatlab.project.one_person import counted_once, decided_pairs
from chatlab.project.protection import protect
from chatlab.project.sampled import IN_MEMORY, dataset_of, sample_of
from chatlab.project.settings import Privacy, Settings
from chatlab.translation import _


def read_chat(
    path: Paths,
    *,
    columns: Mapping[str, str] | str | Path | None = None,
    platform: str | None = None,
    privacy: Privacy | None = None,
) -> Chat:
    """Read a chat: a folder, a file, several, or a `chat.toml` that names its files.

    A path that is not there is looked for from the folders above, then among the bundled chats,
    so that `data/crowdwork` works from anywhere in the project.

    Parameters
    ----------
    path
        What `read_posts` takes. Settings come from the `chat.toml` in the folder or beside the
        file; without one, what can be found in the posts is assumed, and said.
    columns
        A column mapping, or a TOML file with one (at top level or under `[columns]`). Of several
        files it is for those that it fits, or that are of no known format: so the table of a
        group's conversation is read beside the exports of other networks.
    platform
        With `columns`: `x`, `mastodon`, `bluesky` or `other`.
    privacy
        Pseudonyms and people to take out, beside those of `[privacy]` in chat.toml. They act
        before anything else.

    Returns
    -------
    Chat
        Posts, settings, the loading table, what was assumed and what was protected.

    Raises
    ------
    ChatlabError
        When the settings or the files cannot be read; the message says what to do.
    """
    return open_chat(gather_settings(path, columns=columns, platform=platform, privacy=privacy))


_remembered: dict[tuple[object, ...], Chat] | None = None


def remember_chats() -> None:
    """From now on, read a chat once as long as its files are the same; for a report's kernel."""
    global _remembered
    _remembered = {}


def first_look(path: Paths, edition: int | str) -> None:
    """Read a chat and look for the edition, so that what is wrong with them is said first.

    What is raised bears a name of `chatlab.errors`, by which another process knows it.
    """
    try:
        read_chat(path).at(edition)
    except ChatlabError as error:
        known = next(kind for kind in type(error).__mro__ if kind.__module__ == "chatlab.errors")
        raise known(str(error)) from None


def _stamp(settings: Settings) -> tuple[object, ...]:
    """Return what changes when a chat's files do."""
    files = [
        inner
        for file in map(Path, settings.files)
        for inner in (sorted(file.rglob("*")) if file.is_dir() else [file])
        if inner.is_file()
    ]
    stamps = [(str(file), file.stat().st_mtime_ns, file.stat().st_size) for file in files]
    return (msgspec.json.encode(settings), *stamps)


def open_chat(settings: Settings) -> Chat:
    """Read the chat that complete settings describe."""
    if _remembered is None:
        return _opened(settings)
    stamp = _stamp(settings)
    if stamp not in _remembered:
        _remembered.clear()
        _remembered[stamp] = _opened(settings)
    return _remembered[stamp]


def _opened(settings: Settings) -> Chat:
    careful = bool(settings.privacy.pseudonyms or settings.privacy.without)
    dataset = dataset_of(settings.files)
    if dataset is not None:
        return _opened_dataset(settings, *dataset, careful=careful)
    try:
        loaded = load_posts(
            settings.files,
            columns=settings.columns or None,
            platform=settings.platform,
            discreet=careful,
        )
    except ChatlabError as error:
        if not careful:
            raise
        # What was found in a file, and what it is called, may name people.
        raise type(error)(
            _(
                "The files cannot be read. What is in them is not shown under privacy: run the "
                "command without --pseudonyms and --without (and `[privacy]`) to see why."
            )
        ) from None
    loading = _discreet(loaded.table()) if careful else loaded.table()
    refusals = () if careful else tuple(loaded.refusals)
    return _chat_of(loaded.posts, settings, loading, refusals)


def _opened_dataset(
    settings: Settings, scan: PostsScan, loading: pd.DataFrame, *, careful: bool
) -> Chat:
    """Open a dataset: read whole where it fits, else counted where it lies and read in a sample."""
    if scan.posts <= IN_MEMORY:
        return _chat_of(scan.read(), settings, _discreet(loading) if careful else loading, ())
    if careful:
        raise SettingsError(
            _(
                "A dataset of this size knows no pseudonyms and takes nobody out: do it when its "
                "files are made, with chatlab convert, and take those in."
            )
        )
    besides = [*settings.hosts, *settings.panel]
    sampled = sample_of(scan, besides=besides)
    chat = _chat_of(sampled.posts, settings, loading, (), scan=scan)
    return replace(chat, share=sampled.share)


def _chat_of(
    read: pd.DataFrame,
    settings: Settings,
    loading: pd.DataFrame,
    refusals: tuple[tuple[str, Refusal], ...],
    *,
    scan: PostsScan | None = None,
) -> Chat:
    """Keep the settings' promises, and say what was assumed."""
    posts = _with_permalinks(read, settings.permalinks)
    posts = with_unquotable(posts, settings.do_not_quote)
    pairs = decided_pairs(posts, settings)
    posts, settings, protection = protect(counted_once(posts, pairs), settings)
    whole, assumed = _completed(posts, settings, sampled=scan is not None)
    if pairs:
        assumed.append({"fact": "counted once", "n": len(pairs)})
    return Chat(
        posts,
        whole,
        loading,
        tuple(assumed),
        host_is_assumed=bool(whole.hosts) and not settings.hosts,
        protection=protection,
        refusals=refusals,
        scan=scan,
        counted_with=pairs,
    )


def _discreet(loading: pd.DataFrame) -> pd.DataFrame:
    """Say of the files no more than counts: names of files, heads and values may name people."""
    numbers = [_("file {n}").format(n=n) for n in range(1, len(loading) + 1)]
    told = loading.assign(reasons="")
    return told.set_axis(pd.Index(numbers, name=loading.index.name), axis="index")


def _with_permalinks(posts: pd.DataFrame, base: str | None) -> pd.DataFrame:
    if base is None:
        return posts
    links = posts["url"].str.replace("https://x.com/", base.rstrip("/") + "/", regex=False)
    return posts.assign(url=links)


def _completed(
    posts: pd.DataFrame, settings: Settings, *, sampled: bool
) -> tuple[Settings, list[Fact]]:
    """Fill in what the posts tell, and say so."""
    told: list[Fact] = []
    chat = posts[posts["in_chat"]]
    if not settings.hashtags and (tag := main_hashtag(chat)):
        settings = msgspec.structs.replace(settings, hashtag=tag)
        told.append({"fact": "hashtag assumed", "tag": tag})
    # In a sample of people a host would be missed as often as not.
    if not settings.hosts and sampled:
        told.append({"fact": "no host"})
    elif not settings.hosts:
        hosts = _handles(chat, find_hosts(chat, editions=_editions(chat, settings)))
        if hosts:
            settings = msgspec.structs.replace(settings, host=hosts)
            code = "host assumed" if len(hosts) == 1 else "hosts assumed"
            told.append({"fact": code, "hosts": [f"@{host}" for host in hosts]})
        else:
            told.append({"fact": "no host"})
    if settings.timezone is None:
        told.append({"fact": "UTC assumed"})
    return settings, told


def _editions(posts: pd.DataFrame, settings: Settings) -> pd.Series:
    return find_editions(posts, weekly=settings.weekly, timezone=settings.timezone or "UTC")


def _handles(posts: pd.DataFrame, author_ids: Sequence[str]) -> tuple[str, ...]:
    last = posts.dropna(subset="author").drop_duplicates("author_id", keep="last")
    handles = last.set_index("author_id")["author"].to_dict()
    return tuple(handles[author] for author in author_ids if author in handles)


def main_hashtag(posts: pd.DataFrame) -> str | None:
    """Find the hashtag that most posts carry, if a quarter of them do."""
    tags = pd.Series([tag for some in posts["hashtags"] for tag in set(some)], dtype="str")
    counts = tags.value_counts()
    if counts.empty or counts.iloc[0] * 4 < len(posts):
        return None
    return str(sorted(counts.index[counts == counts.iloc[0]])[0])
