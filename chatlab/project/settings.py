"""What no file of posts knows: the contents of `chat.toml`."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path, PureWindowsPath
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import msgspec
import tomli_w

from chatlab.chat.weekly import parse_weekly
from chatlab.errors import SettingsError
from chatlab.io.toml import read_toml
from chatlab.translation import languages

NAME = "chat.toml"


class Privacy(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What is done about people before anything else: `[privacy]` in chat.toml."""

    pseudonyms: str | None = None
    without: tuple[str, ...] = ()


class Goal(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What an edition is for: `goal` in chat.toml; each a number to be reached."""

    reach: int | None = None
    people: int | None = None
    newcomers: int | None = None
    answers: int | None = None
    question: int | None = None


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
    goal: Goal = Goal()
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


def settings_as_toml(settings: Settings) -> str:
    """Write settings as a chat.toml."""
    return tomli_w.dumps(_without_nothing(msgspec.to_builtins(settings)))


def _without_nothing(table: dict[str, Any]) -> dict[str, Any]:
    return {
        name: _without_nothing(value) if isinstance(value, dict) else value
        for name, value in table.items()
        if value is not None
    }


def settings_of(path: Path) -> tuple[Settings, Path]:
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
        for file in (folder / name, *(folder.glob(name) if not leads_out(name) else ()))
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


def read_mapping(columns: Mapping[str, str] | str | Path) -> tuple[dict[str, str], str | None]:
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


def leads_out(name: str) -> bool:
    """Tell whether a name leads out of the folder it stands in."""
    return Path(name).is_absolute() or ".." in Path(name).parts or PureWindowsPath(name).drive != ""
