"""What is taken to a group elsewhere (LinkedIn, Facebook): a summary in plain text, a list."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from chatlab.io.safe_files import write_safely
from chatlab.io.write import table_as_csv
from chatlab.project.chat import ChatAt
from chatlab.project.people_sheet import people_sheet
from chatlab.project.skipped import skips
from chatlab.report.exports.moments import Quote, answer_of, asked_of, themes_of, title_of
from chatlab.report.say.brief_page import open_to_all
from chatlab.text.numbering import said_by
from chatlab.translation import _

ANSWERS, THEMES = 2, 3
COLUMNS = ["author_name", "author", "profile", "visits", "posts", "answered_by", "press"]
COLUMNS += ["best_words", "best_url"]


def group_summary(now: ChatAt) -> str:
    """Write what a group elsewhere is told: plain text, for no group reads Markdown.

    Parameters
    ----------
    now
        From `chat.at(edition)`.
    """
    parts = [title_of(now), answer_of(now)]
    for asked in asked_of(now, ANSWERS):
        parts.append("\n".join([f"{asked.label} {asked.text}", *map(_line, asked.answers)]))
    if now.board.empty:
        parts += [
            "\n".join([theme.name, _line(theme.quote)])
            for theme in themes_of(now, THEMES)
            if theme.quote
        ]
    left = open_to_all(now)["text"].dropna()
    if len(left) and now.chat.replies_known:
        parts.append("\n".join([_("What stayed open"), *(f"– {said_by(text)}" for text in left)]))
    parts.append(_("What would you answer? The conversation goes on here."))
    return "\n\n".join(parts) + "\n"


def _line(quote: Quote) -> str:
    told = _("“{text}”").format(text=quote.text)
    return f"– {told} ({quote.name})"


def group_list(now: ChatAt) -> pd.DataFrame:
    """List whom to invite to the group: everybody of the edition whom nothing speaks against.

    Parameters
    ----------
    now
        From `chat.at(edition)`.

    Returns
    -------
    DataFrame
        Rows of `people_sheet`, most answered first. Empty with pseudonyms and for a client.
    """
    chat = now.chat
    sheet = people_sheet(chat)
    columns = [name for name in COLUMNS if name in sheet]
    if chat.settings.privacy.pseudonyms or chat.settings.for_client:
        return sheet.iloc[:0][columns]
    here = set(now.posts.loc[now.posts["in_chat"], "author_id"].dropna())
    there = sheet[sheet.index.isin(list(here))]
    reasons = skips(chat, there) if len(there) else []
    chosen = there[[not reason for reason, _words in reasons]]
    return chosen.sort_values(
        [name for name in ("answered_by", "posts") if name in chosen],
        ascending=False,
        kind="stable",
    )[columns]


def write_group(now: ChatAt, folder: str | Path) -> list[Path]:
    """Write summary and list.

    Parameters
    ----------
    now
        From `chat.at(edition)`.
    folder
        Where to: `summary.txt` and `people.csv`, each written whole or not at all.

    Returns
    -------
    list of Path
        The two files.
    """
    home = Path(folder)
    text, table = home / "summary.txt", home / "people.csv"
    write_safely(text, group_summary(now).encode())
    write_safely(table, table_as_csv(group_list(now)))
    return [text, table]
