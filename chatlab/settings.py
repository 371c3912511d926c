"""A chat: its posts, what `chat.toml` says about them, and what was assumed without it."""

from __future__ import annotations

import glob
import shlex
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path, PureWindowsPath
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import msgspec
import pandas as pd
import tomli_w

from chatlab._bounds import read_toml
from chatlab._kit import kit_folder
from chatlab._loading import Paths
from chatlab._records import Refusal
from chatlab.editions import find_editions, parse_weekly
from chatlab.errors import ChatlabError, SettingsError
from chatlab.hosts import find_hosts
from chatlab.load import load_posts, log
from chatlab.messages import _, languages, plural
from chatlab.privacy import (
    Renaming,
    find_author,
    left_table,
    posts_without,
    pseudonym_of_post,
    pseudonymized,
    read_key,
    renaming_of_all,
    renaming_without,
)
from chatlab.questions import find_questions, match_answers
from chatlab.quoting import with_unquotable
from chatlab.schema import tells_replies
from chatlab.text import plain_handles

NAME = "chat.toml"
# What several chat.toml say of these is added up; of anything else they must say the same.
_ADDED_UP = ("hashtag", "host", "panel", "rivals", "do_not_quote")


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
class Protection:
    """What was done about people, and the same for whatever else names them.

    Attributes
    ----------
    told
        Sentences that say what was done.
    renamings
        What takes names out of texts, in the order in which it acted.
    key
        The secret of the pseudonyms; None without them.
    gone
        Ids of the posts that were taken out, as the files have them.
    """

    told: tuple[str, ...] = ()
    renamings: tuple[Renaming, ...] = ()
    key: bytes | None = field(default=None, repr=False)
    gone: frozenset[str] = frozenset()

    @property
    def active(self) -> bool:
        """True where names were replaced or taken out."""
        return bool(self.renamings)

    def text(self, text: str) -> str:
        """Return a text from beside the posts (a title, a note) without those names."""
        for renaming in self.renamings:
            text = renaming.text(text)
        return text

    def post_id(self, post_id: str) -> str:
        """Return the id that a post has after pseudonyms."""
        return pseudonym_of_post(post_id, key=self.key) if self.key else post_id

    def left(self) -> pd.DataFrame:
        """List the parts of names that stay, as `names_to_check` does."""
        counts: Counter[str] = Counter()
        for renaming in self.renamings:
            counts.update(renaming.people.left)
        return left_table(counts)


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
    protection
        What was done about people (pseudonyms, people taken out), for what stands beside posts.
    refusals
        File and refused record, one by one; whatever protects people has not reached these.
    """

    posts: pd.DataFrame
    settings: Settings
    loading: pd.DataFrame
    assumed: tuple[str, ...] = ()
    host_is_assumed: bool = False
    protection: Protection = Protection()
    refusals: tuple[tuple[str, Refusal], ...] = ()

    @property
    def protected(self) -> tuple[str, ...]:
        """Sentences that say what was done about people."""
        return self.protection.told

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
        """False where the file does not say who replies to whom: none is then not zero.

        So it is where a column mapping names no column of replies, and where no post is a reply
        though several begin with the name of somebody.
        """
        if self.settings.columns:
            return bool({"reply_to", "reply_to_author"} & set(self.settings.columns))
        return tells_replies(self.posts)

    @property
    def parts(self) -> dict[str, str]:
        """The part, `host` or `panel`, of those author ids for which it is known."""
        panel = dict.fromkeys(self.author_ids(self.settings.panel), "panel")
        return panel | dict.fromkeys(self.author_ids(self.settings.hosts), "host")

    @cached_property
    def editions(self) -> pd.Series:
        """The edition of each post, found with the announced hour where the settings say it."""
        return _editions(self.posts, self.settings)

    @cached_property
    def questions(self) -> pd.DataFrame:
        """The hosts' numbered questions, from `find_questions`."""
        return find_questions(self.posts, hosts=self.host_ids, editions=self.editions)

    @cached_property
    def answers(self) -> pd.DataFrame:
        """What answers them, from `match_answers`."""
        return match_answers(self.posts, self.questions)

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


def gather_settings(
    path: Paths,
    *,
    columns: Mapping[str, str] | str | Path | None = None,
    platform: str | None = None,
    privacy: Privacy | None = None,
) -> Settings:
    """Return all that is needed to read a chat, as `read_chat` understands it, in one place.

    What several places say (the chat.toml of each path, the arguments) is joined, never dropped:
    lists are added up, and what contradicts is refused. `files` and the key file are absolute, so
    that the result can be written to a chat.toml anywhere.
    """
    paths = [path] if isinstance(path, str | Path) else list(path)
    found = [_located(one) for one in paths]
    read = [_settings_of(one) for one in found]
    joined = _joined({folder: settings for settings, folder in read})
    files = [
        file
        for place, (settings, folder) in zip(found, read, strict=True)
        for file in _files_of(place, settings, folder)
    ]
    if privacy is not None:
        given = msgspec.structs.replace(privacy, pseudonyms=_absolute(privacy.pseudonyms, Path()))
        joined = msgspec.structs.replace(joined, privacy=_both(joined.privacy, given))
    changes: dict[str, Any] = {"files": tuple(str(file.absolute()) for file in files)}
    if columns is not None:
        changes["columns"], told = _mapping(columns)
        changes |= {"platform": told} if told else {}
    if platform is not None:
        changes["platform"] = platform
    return msgspec.structs.replace(joined, **changes)


def _absolute(key: str | None, folder: Path) -> str | None:
    return str((folder / Path(key).expanduser()).absolute()) if key else None


def _both(one: Privacy, other: Privacy) -> Privacy:
    keys = [key for key in (one.pseudonyms, other.pseudonyms) if key]
    if len({Path(key).resolve() for key in keys}) > 1:
        raise SettingsError(
            f"Two keys are named for pseudonyms, {keys[0]} and {keys[1]}: with each, everybody "
            "would be somebody else. Name one."
        )
    without = dict.fromkeys((*one.without, *other.without))
    return Privacy(keys[0] if keys else None, tuple(without))


def _joined(settings: Mapping[Path, Settings]) -> Settings:
    """Join the settings of several folders: lists add up, the rest must not contradict."""
    whole = Settings()
    for folder, one in settings.items():
        own = msgspec.structs.replace(
            one.privacy, pseudonyms=_absolute(one.privacy.pseudonyms, folder)
        )
        values: dict[str, Any] = {"privacy": _both(whole.privacy, own)}
        for name in Settings.__struct_fields__:
            before, here = getattr(whole, name), getattr(one, name)
            if name in ("privacy", "files") or not here:
                continue
            if name in _ADDED_UP:
                values[name] = tuple(dict.fromkeys((*_listed(before), *_listed(here))))
            elif before and before != here:
                raise SettingsError(
                    f"The chat.toml in {folder} says {name} = {here!r}, another one of these paths "
                    f"{before!r}. Say it once, in a chat.toml that names all the `files`."
                )
            else:
                values[name] = here
        whole = msgspec.structs.replace(whole, **values)
    return whole


def _listed(value: str | tuple[str, ...] | None) -> tuple[str, ...]:
    return (value,) if isinstance(value, str) else value or ()


def _files_of(place: Path, settings: Settings, folder: Path) -> list[Path]:
    """List what a path stands for: itself, or the files that its chat.toml names."""
    if place.suffix == ".toml":
        # Whoever names the settings file itself answers for where it leads.
        return [folder / name for name in settings.files] or [folder]
    if place.is_dir() and settings.files:
        return [_inside(folder, name) for name in settings.files]
    return [place]


def _inside(folder: Path, name: str) -> Path:
    """Refuse a name that leads out of the folder of the chat.toml that names it."""
    home = folder.resolve()
    found = sorted(folder.glob(name)) if glob.has_magic(name) and not _leads_out(name) else []
    if _leads_out(name) or any(
        not file.resolve().is_relative_to(home) for file in (*found, folder / name)
    ):
        raise SettingsError(
            f"{folder / NAME} names {name!r}, which lies outside its folder. Put the file there, "
            f"or name the settings yourself: {shlex.quote(str(folder / NAME))}"
        )
    return folder / name


def _leads_out(name: str) -> bool:
    return Path(name).is_absolute() or ".." in Path(name).parts or PureWindowsPath(name).drive != ""


def open_chat(settings: Settings) -> Chat:
    """Read the chat that complete settings describe."""
    careful = bool(settings.privacy.pseudonyms or settings.privacy.without)
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
    posts = _with_permalinks(loaded.posts, settings.permalinks)
    posts = with_unquotable(posts, settings.do_not_quote)
    posts, settings, protection = _protected(posts, settings)
    whole, assumed = _completed(posts, settings)
    return Chat(
        posts,
        whole,
        _discreet(loaded.table()) if careful else loaded.table(),
        tuple(assumed),
        host_is_assumed=bool(whole.hosts) and not settings.hosts,
        protection=protection,
        refusals=() if careful else tuple(loaded.refusals),
    )


def _discreet(loading: pd.DataFrame) -> pd.DataFrame:
    """Say of the files no more than counts: names of files, heads and values may name people."""
    numbers = [_("file {n}").format(n=n) for n in range(1, len(loading) + 1)]
    told = loading.assign(reasons="")
    return told.set_axis(pd.Index(numbers, name=loading.index.name), axis="index")


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
    if path.is_file() and settings.files and not _names_file(settings, folder, path):
        # The chat.toml beside this file speaks of others. What it promises people still holds.
        settings = Settings(
            do_not_quote=settings.do_not_quote,
            for_client=settings.for_client,
            privacy=settings.privacy,
        )
    return settings, folder


def _names_file(settings: Settings, folder: Path, path: Path) -> bool:
    """Tell whether one of the `files` is this one, however it is written (`./x`, `*.jsonl`)."""
    wanted = path.resolve()
    return any(
        file.resolve() == wanted
        for name in settings.files
        for file in (folder / name, *(folder.glob(name) if not _leads_out(name) else ()))
    )


def read_settings(path: str | Path) -> Settings:
    """Read a chat.toml.

    Raises
    ------
    SettingsError
        Names the key that is unknown or has the wrong kind of value.
    """
    try:
        settings: Settings = read_toml(path, Settings)
    except (OSError, ValueError) as error:
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


def _mapping(columns: Mapping[str, str] | str | Path) -> tuple[dict[str, str], str | None]:
    """Return a column mapping, and the platform where its file says it."""
    if isinstance(columns, Mapping):
        return dict(columns), None
    try:
        table = read_toml(columns, dict[str, Any])
        inner = table.get("columns", table)
        platform = table.get("platform") if inner is not table else None
        return msgspec.convert(inner, dict[str, str]), msgspec.convert(platform, str | None)
    except (OSError, ValueError) as error:
        raise SettingsError(
            f"The column mapping {columns} cannot be used: {error}. "
            'Write lines such as: text = "Message"'
        ) from error


def _with_permalinks(posts: pd.DataFrame, base: str | None) -> pd.DataFrame:
    if base is None:
        return posts
    links = posts["url"].str.replace("https://x.com/", base.rstrip("/") + "/", regex=False)
    return posts.assign(url=links)


def _protected(
    posts: pd.DataFrame, settings: Settings
) -> tuple[pd.DataFrame, Settings, Protection]:
    """Take people out, then give pseudonyms; host and panel in the settings follow."""
    told, renamings = [], []
    gone: frozenset[str] = frozenset()
    key = None
    if settings.privacy.without:
        before = posts
        left_out, renaming = renaming_without(posts, settings.privacy.without)
        posts = posts_without(posts, left_out, renaming)
        gone = frozenset(before.index.difference(posts.index))
        handles = plain_handles(settings.privacy.without)
        told.append(_("People taken out at their request: {n}.").format(n=len(handles)))
        settings = _people_renamed(settings, dict.fromkeys(handles))
        renamings.append(renaming)
    if settings.privacy.pseudonyms:
        key = read_key(settings.privacy.pseudonyms)
        names = {}
        renaming = renaming_of_all(posts, key=key)
        for handle in (*settings.hosts, *settings.panel, *settings.do_not_quote):
            names[handle.removeprefix("@").casefold()] = _pseudonym_of(posts, handle, renaming)
        posts = pseudonymized(posts, renaming, key=key)
        settings = _people_renamed(settings, names)
        renamings.append(renaming)
        told.append(_("People bear pseudonyms, the same for the same key."))
        told.append(_("Follower counts are rounded to 1, 2 or 5 times a power of ten."))
        told.append(_("Memories, exports and people.csv name people, and are not read."))
    if settings.do_not_quote:
        told.append(
            plural(
                "The words of {n} person are not shown, at their wish.",
                "The words of {n} people are not shown, at their wish.",
                len(settings.do_not_quote),
            )
        )
    if settings.for_client:
        told.append(_("Made for a client: what single people do is left out."))
    protection = Protection(tuple(told), tuple(renamings), key, gone)
    left = int(protection.left()["places"].sum())
    if left:
        found = plural(
            "In {n} place a word stays that is also part of somebody's name; `chatlab check` lists "
            "such words, to be looked at.",
            "In {n} places words stay that are also parts of somebody's name; `chatlab check` "
            "lists such words, to be looked at.",
            left,
        )
        protection = replace(protection, told=(*protection.told, found))
    if settings.title and protection.active:
        settings = msgspec.structs.replace(settings, title=protection.text(settings.title))
    return posts, settings, protection


def _pseudonym_of(posts: pd.DataFrame, handle: str, renaming: Renaming) -> str | None:
    try:
        ids = find_author(posts, handle)
    except SettingsError:
        return None
    here = sorted(ids & set(posts["author_id"].dropna()))
    return renaming.person(here[0]) if here else None


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
