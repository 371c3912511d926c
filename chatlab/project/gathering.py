"""Settings of several places as one; what contradicts is refused."""

from __future__ import annotations

import glob
import logging
import shlex
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import msgspec

from chatlab.errors import SettingsError
from chatlab.io.safe_files import Paths
from chatlab.project.kit import kit_folder
from chatlab.project.settings import NAME, Privacy, Settings, leads_out, read_mapping, settings_of

# What several chat.toml say of these is added up; of anything else they must say the same.
_ADDED_UP = ("hashtag", "host", "panel", "rivals", "do_not_quote")


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
    read = [settings_of(one) for one in found]
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
        changes["columns"], told = read_mapping(columns)
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
            if name in ("privacy", "files") or not here or here == getattr(Settings(), name):
                continue
            if name in _ADDED_UP:
                values[name] = tuple(dict.fromkeys((*_listed(before), *_listed(here))))
            elif before and before not in (here, getattr(Settings(), name)):
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
    found = sorted(folder.glob(name)) if glob.has_magic(name) and not leads_out(name) else []
    if leads_out(name) or any(
        not file.resolve().is_relative_to(home) for file in (*found, folder / name)
    ):
        raise SettingsError(
            f"{folder / NAME} names {name!r}, which lies outside its folder. Put the file there, "
            f"or name the settings yourself: {shlex.quote(str(folder / NAME))}"
        )
    return folder / name


def _located(path: str | Path) -> Path:
    place = Path(path).expanduser()
    if place.exists() or place.is_absolute() or any(char in str(place) for char in "*?["):
        return place
    here = Path.cwd()
    for folder in (*here.parents, kit_folder()):
        if (folder / place).exists():
            logging.getLogger("chatlab").info("reading %s", folder / place)
            return folder / place
    return place
