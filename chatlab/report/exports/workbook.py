"""The workbook of a team: every table of a chat, with filters, and nothing that runs."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from chatlab.chat.edition_tables import edition_table
from chatlab.errors import SettingsError
from chatlab.io.safe_files import write_safely
from chatlab.io.workbook import LONGEST_CELL, MOST_ROWS
from chatlab.posts.quoting import quotes
from chatlab.posts.schema import ENGAGEMENT_NAMES
from chatlab.project.chat import Chat
from chatlab.project.people_sheet import people_sheet
from chatlab.report.exports.moments import title_of
from chatlab.report.glossary import CODED, VALUES
from chatlab.report.glossary_columns import COLUMNS
from chatlab.translation import _

WIDE = ("text", "question_text", "best_words", "author_bio")
WIDTH, WIDEST = 18, 60
FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r", "\n")
# A workbook holds no more links than this.
MOST_LINKS = 60_000


def write_workbook(chat: Chat, path: str | Path) -> None:
    """Write posts, insights, questions, themes, people and editions as one workbook.

    Heads are frozen, every sheet has filters, times are those of the chat's zone, and no cell
    runs as a formula. People not to be quoted have no texts.

    Parameters
    ----------
    chat
        From `read_chat`.
    path
        Ends in `.xlsx`; written whole or not at all.

    Raises
    ------
    SettingsError
        When a sheet would have more rows than a workbook holds.
    """
    import xlsxwriter  # only this needs it

    buffer = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    book = xlsxwriter.Workbook(buffer, {**options, "nan_inf_to_errors": True})
    book.set_properties({"title": title_of(chat.at("all")), "comments": "chatlab"})
    for name, table in sheets_of(chat).items():
        if len(table) > MOST_ROWS:
            raise SettingsError(
                f"A sheet holds {MOST_ROWS:,} rows, {name!r} has {len(table):,}. "
                "Use chatlab convert for the posts."
            )
        _write_sheet(book, name, table, chat.zone)
    book.close()
    write_safely(path, buffer.getvalue())


def sheets_of(chat: Chat) -> dict[str, pd.DataFrame]:
    """Return the tables of the workbook, by the name of their sheet."""
    posts = chat.posts
    themes, names, table, _firm = chat.themes
    said = quotes(posts)
    own = pd.DataFrame(
        {
            "created_at": posts["created_at"],
            "author": posts["author"],
            "author_name": posts["author_name"],
            "text": said,
            "kind": posts["kind"],
            "lang": posts["lang"],
            "platform": posts["platform"],
            **{name: posts[name] for name in ENGAGEMENT_NAMES},
            "edition": chat.editions,
            "theme": themes.map(names, na_action="ignore"),
            "in_chat": posts["in_chat"],
            "url": posts["url"],
            "post_id": posts["post_id"],
        }
    )
    marks = chat.insights
    insights = pd.DataFrame(
        {
            "insight": marks["kind"],
            "certainty": marks["certainty"],
            "score": marks["score"],
            "author": posts["author"].reindex(marks["post_id"]).to_numpy(),
            "created_at": posts["created_at"].reindex(marks["post_id"]).array,
            "text": said.reindex(marks["post_id"]).to_numpy(),
            "cue": marks["cue"],
            "edition": chat.editions.reindex(marks["post_id"]).array,
            "url": posts["url"].reindex(marks["post_id"]).to_numpy(),
            "post_id": marks["post_id"],
        }
    )
    every = chat.at("all")
    board = every.board.drop(columns=["question_id"])
    asked = chat.asked[["asked_at", "author", "text", "certainty", "to", "reason", "by", "url"]]
    people = people_sheet(chat)
    returns = chat.recurrence[["slices", "of", "type"]]
    editions = edition_table(posts, chat.editions, hosts=chat.host_ids, timezone=chat.zone)
    return {
        _("Posts"): own,
        _("Insights"): insights,
        _("Questions"): board,
        _("Asked by participants"): asked,
        _("Themes"): table.drop(columns=["examples"]).join(returns),
        _("People"): people,
        _("Editions"): editions.reset_index(),
    }


def _write_sheet(book: Any, name: str, table: pd.DataFrame, zone: str) -> None:
    sheet = book.add_worksheet(name[:31])
    bold = book.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"})
    dated = book.add_format({"num_format": "yyyy-mm-dd hh:mm", "align": "left"})
    linked = book.add_format({"font_color": "#0563c1", "underline": 1})
    # What Excel shows as a text whatever it begins with, and keeps as one when it is saved.
    text = book.add_format({"quote_prefix": True})
    columns = [str(column) for column in table.columns]
    for place, column in enumerate(columns):
        known = COLUMNS.get(column)
        sheet.write_string(0, place, _(known[0]) if known else column, bold)
        if known:
            sheet.write_comment(0, place, _(known[1]))
        width = WIDEST if column in WIDE else WIDTH
        sheet.set_column(place, place, width)
    with_links = len(table) <= MOST_LINKS
    coded = [column in CODED for column in columns]
    for number, row in enumerate(table.itertuples(index=False, name=None), 1):
        for place, value in enumerate(row):
            if coded[place] and str(value) in VALUES:
                value = _(VALUES[str(value)])
            link = with_links and columns[place] == "url"
            how = linked if link else text
            _write_cell(sheet, number, place, value, zone, dated, how, link)
    sheet.freeze_panes(1, 0)
    if columns:
        sheet.autofilter(0, 0, max(1, len(table)), len(columns) - 1)


def _write_cell(
    sheet: Any, row: int, column: int, value: Any, zone: str, dated: Any, how: Any, link: bool
) -> None:
    if isinstance(value, list | tuple | np.ndarray):
        value = "; ".join(map(str, value))
    if isinstance(value, str):
        told = value.encode(errors="replace").decode()[:LONGEST_CELL]
        # Longer ones Excel takes for no link.
        if link and value.startswith(("https://", "http://")) and len(value) < 2_000:
            sheet.write_url(row, column, value, how, string=told[:255])
        elif told.startswith(FORMULA_SIGNS) and not link:
            sheet.write_string(row, column, told, how)
        else:
            sheet.write_string(row, column, told)
    elif pd.isna(value):
        sheet.write_blank(row, column, None)
    elif isinstance(value, pd.Timestamp):
        local = value.tz_convert(zone).tz_localize(None) if value.tz else value
        sheet.write_datetime(row, column, local.to_pydatetime(), dated)
    elif isinstance(value, bool | np.bool_):
        sheet.write_boolean(row, column, bool(value))
    else:
        sheet.write_number(row, column, float(value))
