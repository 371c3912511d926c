"""The figures of an account's owner, which the platform gives to nobody else."""

from __future__ import annotations

from typing import NamedTuple

import pandas as pd

from chatlab.io.owner_exports import read_analytics
from chatlab.project.chat import Chat
from chatlab.project.kept_tables import kept_file


class OwnFigures(NamedTuple):
    """What a platform tells an owner: `posts` per post, `days` per day; either may be empty."""

    posts: pd.DataFrame
    days: pd.DataFrame


def chat_analytics(chat: Chat) -> OwnFigures:
    """Read the owner's exports in the folder `analytics` beside a chat.

    Parameters
    ----------
    chat
        From `read_chat`.

    Returns
    -------
    OwnFigures
        Tables as from `read_analytics`; the last file wins where two tell the same post or day.
        With pseudonyms there are no posts, for texts and links name people; posts that name
        somebody who was taken out are left out.

    Raises
    ------
    UnknownFormatError
        A file there is no such export.
    """
    folder = kept_file(chat.settings.files, "analytics")
    files = sorted(folder.glob("*")) if folder.is_dir() else []
    tables = [read_analytics(file) for file in files if file.suffix in (".csv", ".xlsx")]
    found = []
    for name in (None, "day"):
        same = [table for table in tables if table.index.name == name]
        whole = pd.concat(same) if same else pd.DataFrame()
        found.append(whole[~whole.index.duplicated(keep="last")].sort_index())
    own, days = found
    privacy = chat.settings.privacy
    if privacy.pseudonyms:
        own = own.iloc[:0]
    if privacy.without and len(own):
        told = own[["text", "url"]].fillna("").agg(" ".join, axis=1)
        own = own[[chat.protection.text(text) == text for text in told]]
    return OwnFigures(own, days)
