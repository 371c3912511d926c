"""A chat: its posts, what `chat.toml` says about them, and what was assumed without it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import msgspec
import pandas as pd
import tomli_w

from chatlab._kit import kit_folder
from chatlab._loading import Paths
from chatlab._records import Refusal
from chatlab.editions import find_editions, parse_weekly
from chatlab.errors import SettingsError
from chatlab.hosts import find_hosts
from chatlab.load import load_posts, log
from chatlab.messages import _, languages
from chatlab.privacy import find_author, pseudonymize, read_key, remove_author

NAME = "chat.toml"


class Privacy(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What is done about people before anything else: `[privacy]` in chat.toml."""

    pseudonyms: str | None = None
    without: tuple[str, ...] = ()


class Settings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What no file knows: the contents of chat.toml, every key optional."""

    title: str | None = None
    hashtag: str | tuple[str, ...] | None = None
    host: str | tuple[str, ...] = ()
    panel: tuple[str, ...] = ()
    brand: str | None = None
    rivals: tuple[str, ...] = ()
    timezone: str | None = None
    weekly: str | None = None
    language: str | None = None
    do_not_quote: tuple[str, ...] = ()
    permalinks: str | None = None
    files: tuple[str, ...] = ()
    platform: str | None = None
    columns: dict[str, str] = {}
    for_client: bool = False
    privacy: Privacy = Privacy()

    @property
    def hashtags(self) -> tuple[str, ...]:
        """The chat's hashtags, casefolded, without `#`."""
        given = (self.hashtag,) if isinstance(self.hashtag, str) else self.hashtag or ()
        return tuple(tag.lstrip("#").casefold() for tag in given)

    @property
    def hosts(self) -> tuple[str, ...]:
        """The hosts' handles, without `@`."""
        given = (self.host,) if isinstance(self.host, str) else self.host
        return tuple(handle.removeprefix("@") for handle in given)


@dataclass(frozen=True)
class Chat:
    """A conversation, ready to work on.

    Attributes
    ----------
    posts
        The posts table.
    settings
        From chat.toml, completed by what was found in the posts.
    loading
        One row per file: source, read, kept, duplicates, refused, context, reasons, notes.
    assumed
        Sentences that say what chatlab assumed because no settings said it.
    host_is_assumed
        True where the hosts were found in the posts and not named in the settings.
    protected
        Sentences that say what was done about people (pseudonyms, people taken out).
    refusals
        File and refused record, one by one; whatever protects people has not reached these.
    """

    posts: pd.DataFrame
    settings: Settings
    loading: pd.DataFrame
    assumed: tuple[str, ...] = ()
    host_is_assumed: bool = False
    protected: tuple[str, ...] = ()
    refusals: tuple[tuple[str, Refusal], ...] = ()

    @property
    def title(self) -> str:
        """What a report calls the chat: its title, its hashtag, or nothing better."""
        tags = self.settings.hashtags
        return self.settings.title or (f"#{tags[0]}" if tags else _("Conversation"))

    @property
    def zone(self) -> str:
        """The chat's time zone."""
        return self.settings.timezone or "UTC"

    @property
    def replies_known(self) -> bool:
        """False where a column mapping names no column of replies: none is then not zero."""
        columns = self.settings.columns
        return not columns or bool({"reply_to", "reply_to_author"} & set(columns))

    @property
    def parts(self) -> dict[str, str]:
        """The part, `host` or `panel`, of those author ids for which it is known."""
        panel = dict.fromkeys(self.author_ids(self.settings.panel), "panel")
        return panel | dict.fromkeys(self.author_ids(self.settings.hosts), "host")

    @cached_property
    def editions(self) -> pd.Series:
        """The edition of each post, found with the announced hour where the settings say it."""
        return _editions(self.posts, self.settings)

    @property
    def host_ids(self) -> list[str]:
        """The hosts' author ids; empty where nobody hosts."""
        return self.author_ids(self.settings.hosts)

    def author_ids(self, handles: Sequence[str]) -> list[str]:
        """Turn handles into author ids, leaving out those not in the posts."""
        wanted = {handle.removeprefix("@").casefold() for handle in handles}
        same = self.posts["author"].str.casefold().isin(wanted)
        return sorted(set(self.posts.loc[same, "author_id"].dropna()))


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
        A column mapping, or a TOML file with one (at top level or under `[columns]`).
    platform
        With `columns`: `x`, `mastodon`, `bluesky` or `other`.
    privacy
        Pseudonyms and people to take out, in place of `[privacy]` in chat.toml. They act before
        anything else.

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


def gather_settings(
    path: Paths,
    *,
    columns: Mapping[str, str] | str | Path | None = None,
    platform: str | None = None,
    privacy: Privacy | None = None,
) -> Settings:
    """Return all that is needed to read a chat, as `read_chat` understands it, in one place.

    `files` and the key file are absolute, so that the result can be written to a chat.toml
    anywhere.
    """
    paths = [path] if isinstance(path, str | Path) else list(path)
    found = [_located(one) for one in paths]
    settings, folder = _settings_of(found[0])
    files = found
    if found[0].suffix == ".toml":
        files = [folder / name for name in settings.files] or [folder]
    elif found[0].is_dir() and settings.files:
        files = [folder / name for name in settings.files]
    key = settings.privacy.pseudonyms
    changes: dict[str, Any] = {
        "files": tuple(str(file.absolute()) for file in files),
        "privacy": privacy
        or Privacy(
            str((folder / Path(key).expanduser()).absolute()) if key else None,
            settings.privacy.without,
        ),
    }
    if columns is not None:
        changes["columns"] = _mapping(columns)
    if platform is not None:
        changes["platform"] = platform
    return msgspec.structs.replace(settings, **changes)


def open_chat(settings: Settings) -> Chat:
    """Read the chat that complete settings describe."""
    loaded = load_posts(
        settings.files, columns=settings.columns or None, platform=settings.platform
    )
    posts = _with_permalinks(loaded.posts, settings.permalinks)
    posts, settings, protected = _protected(posts, settings)
    whole, assumed = _completed(posts, settings)
    return Chat(
        posts,
        whole,
        loaded.table(),
        tuple(assumed),
        host_is_assumed=bool(whole.hosts) and not settings.hosts,
        protected=tuple(protected),
        refusals=tuple(loaded.refusals),
    )


def settings_as_toml(settings: Settings) -> str:
    """Write settings as a chat.toml."""
    return tomli_w.dumps(_without_nothing(msgspec.to_builtins(settings)))


def _without_nothing(table: dict[str, Any]) -> dict[str, Any]:
    return {
        name: _without_nothing(value) if isinstance(value, dict) else value
        for name, value in table.items()
        if value is not None
    }


def _located(path: str | Path) -> Path:
    place = Path(path).expanduser()
    if place.exists() or place.is_absolute() or any(char in str(place) for char in "*?["):
        return place
    here = Path.cwd()
    for folder in (*here.parents, kit_folder()):
        if (folder / place).exists():
            log.info("reading %s", folder / place)
            return folder / place
    return place


def _settings_of(path: Path) -> tuple[Settings, Path]:
    """Find and read the settings of a chat; the folder they stand in comes with them."""
    if path.suffix == ".toml":
        return read_settings(path), path.parent
    folder = path if path.is_dir() else path.parent
    file = folder / NAME
    settings = read_settings(file) if file.exists() else Settings()
    if path.is_file() and settings.files and path.name not in settings.files:
        # The chat.toml beside this file names the files it speaks of, and this is none of them.
        settings = Settings()
    return settings, folder


def read_settings(path: str | Path) -> Settings:
    """Read a chat.toml.

    Raises
    ------
    SettingsError
        Names the key that is unknown or has the wrong kind of value.
    """
    try:
        settings = msgspec.toml.decode(Path(path).read_bytes(), type=Settings)
    except (OSError, msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise SettingsError(
            f"{path} cannot be used: {error}. It may hold: {', '.join(Settings.__struct_fields__)}."
        ) from error
    if settings.timezone is not None:
        try:
            ZoneInfo(settings.timezone)
        except (ZoneInfoNotFoundError, ValueError, OSError) as error:
            raise SettingsError(
                f'{path}: timezone {settings.timezone!r} is not known; write it as "Europe/Paris".'
            ) from error
    if settings.weekly is not None:
        try:
            parse_weekly(settings.weekly)
        except SettingsError as error:
            raise SettingsError(f"{path}: {error}") from error
    if settings.language is not None and settings.language not in languages():
        raise SettingsError(
            f"{path}: language {settings.language!r} is none of {', '.join(languages())}."
        )
    return settings


def _mapping(columns: Mapping[str, str] | str | Path) -> dict[str, str]:
    if isinstance(columns, Mapping):
        return dict(columns)
    try:
        table = msgspec.toml.decode(Path(columns).read_bytes())
        return msgspec.convert(table.get("columns", table), dict[str, str])
    except (OSError, msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise SettingsError(
            f"The column mapping {columns} cannot be used: {error}. "
            'Write lines such as: text = "Message"'
        ) from error


def _with_permalinks(posts: pd.DataFrame, base: str | None) -> pd.DataFrame:
    if base is None:
        return posts
    links = posts["url"].str.replace("https://x.com/", base.rstrip("/") + "/", regex=False)
    return posts.assign(url=links)


def _protected(posts: pd.DataFrame, settings: Settings) -> tuple[pd.DataFrame, Settings, list[str]]:
    """Take people out, then give pseudonyms; host and panel in the settings follow."""
    told = []
    gone: set[str] = set()
    for author in settings.privacy.without:
        gone.add(author.removeprefix("@").casefold())
        posts = remove_author(posts, author)
    if gone:
        told.append(_("People taken out at their request: {n}.").format(n=len(gone)))
        settings = _people_renamed(settings, dict.fromkeys(gone))
    if settings.privacy.pseudonyms:
        key = read_key(settings.privacy.pseudonyms)
        names = {}
        changed = pseudonymize(posts, key=key)
        for handle in (*settings.hosts, *settings.panel, *settings.do_not_quote):
            names[handle.removeprefix("@").casefold()] = _pseudonym_of(posts, handle, key)
        posts = changed
        settings = _people_renamed(settings, names)
        told.append(_("People bear pseudonyms, the same for the same key."))
        told.append(_("Memories, exports and people.csv name people, and are not read."))
    return posts, settings, told


def _pseudonym_of(posts: pd.DataFrame, handle: str, key: bytes) -> str | None:
    try:
        ids = sorted(find_author(posts, handle))
    except SettingsError:
        return None
    theirs = posts[posts["author_id"].isin(ids)].head(1)
    if theirs.empty:
        return None
    return str(pseudonymize(theirs, key=key)["author"].iloc[0])


def _people_renamed(settings: Settings, names: Mapping[str, str | None]) -> Settings:
    def renamed(handles: Sequence[str]) -> tuple[str, ...]:
        new = (names.get(h.removeprefix("@").casefold(), h) for h in handles)
        return tuple(handle for handle in new if handle)

    return msgspec.structs.replace(
        settings,
        host=renamed(settings.hosts),
        panel=renamed(settings.panel),
        do_not_quote=renamed(settings.do_not_quote),
    )


def _completed(posts: pd.DataFrame, settings: Settings) -> tuple[Settings, list[str]]:
    """Fill in what the posts tell, and say so."""
    told = []
    chat = posts[posts["in_chat"]]
    if not settings.hashtags and (tag := main_hashtag(chat)):
        settings = msgspec.structs.replace(settings, hashtag=tag)
        told.append(_("Hashtag: #{tag}, the most used.").format(tag=tag))
    if not settings.hosts:
        hosts = _handles(chat, find_hosts(chat, editions=_editions(chat, settings)))
        if hosts:
            settings = msgspec.structs.replace(settings, host=hosts)
            one = _("Host: probably {hosts}, who asks the numbered questions.")
            several = _("Hosts: probably {hosts}, who ask the numbered questions.")
            named = ", ".join(f"@{host}" for host in hosts)
            told.append((one if len(hosts) == 1 else several).format(hosts=named))
        else:
            told.append(_("Host: not known; nobody asks numbered questions."))
    if settings.timezone is None:
        told.append(_("Time zone: UTC."))
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
