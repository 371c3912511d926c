"""Writes what was found beside the chat, for an analyst to correct."""

from __future__ import annotations

import pandas as pd

from chatlab.project import kept_insights, kept_themes
from chatlab.project.chat import Chat
from chatlab.project.kept_tables import kept_file, write_beside
from chatlab.themes.find import KeptThemes


def keep_themes(chat: Chat, themes: pd.Series) -> KeptThemes:
    """Write the themes beside the chat, and obey what an analyst changed there.

    `themes.csv` has one row per theme. The analyst's columns are `name` (a better name),
    `merge_into` (the id of the theme that takes it in), `hide` (`yes` leaves it out everywhere),
    `status` and `note`. On the next run, with more posts or fewer, each theme found is matched to
    the row that has most of its typical posts, or most of its phrases where the posts are others.
    Rows that were not found again stay; new ones are marked. What changes is kept as it was in
    `themes.csv.bak`; with pseudonyms the file is obeyed and not written. `Chat.themes` obeys the
    file too, and writes nothing.

    Parameters
    ----------
    chat
        From `read_chat`.
    themes
        Theme numbers on the posts' index: `Chat.found_themes`, or from `find_themes`.

    Returns
    -------
    KeptThemes
        Theme numbers, merged and numbered anew by size, hidden ones missing; and names by number.

    Raises
    ------
    SettingsError
        When `merge_into` names no theme of the file.
    """
    files = chat.settings.files
    kept, _table, whole = kept_themes.obey_themes(
        chat.posts, themes, files=files, protection=chat.protection, documents=chat.documents
    )
    # Pseudonyms in the file would take the place of what its next reader looks for.
    if not chat.settings.privacy.pseudonyms:
        write_beside(files, kept_file(files, kept_themes.NAME), whole)
    return kept


def keep_insights(chat: Chat, insights: pd.DataFrame) -> pd.DataFrame:
    """Write the insights beside the chat, and obey what an analyst changed there.

    `insights.csv` has one row per mark. In the analyst's column `verdict`, `reject` takes a mark
    out and `accept` makes it sure; a row that an analyst added (a post's id, a kind, `accept`)
    is a mark like any other. `status` and `note` are kept as they are. New marks are marked new.
    What changes is kept as it was in `insights.csv.bak`; with pseudonyms the file is obeyed and
    not written. `Chat.insights` obeys the file too, and writes nothing.

    Parameters
    ----------
    chat
        From `read_chat`.
    insights
        `Chat.found_insights`, or from `find_insights`.

    Returns
    -------
    DataFrame
        As from `find_insights`, after the analyst's changes.

    Raises
    ------
    SettingsError
        When a verdict is neither an acceptance nor a rejection, or a kind is unknown.
    """
    files = chat.settings.files
    kept, whole = kept_insights.obey_insights(
        chat.posts, insights, files=files, protection=chat.protection
    )
    if not chat.settings.privacy.pseudonyms:
        write_beside(files, kept_file(files, kept_insights.NAME), whole)
    return kept
