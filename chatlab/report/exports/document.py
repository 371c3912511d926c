"""The brief as a Word document."""

from __future__ import annotations

import io
import re
from pathlib import Path
from typing import Any

from chatlab.io.safe_files import write_safely
from chatlab.project.chat import ChatAt
from chatlab.project.key_figures import key_figures
from chatlab.report.exports.moments import (
    Quote,
    answer_of,
    asked_of,
    themes_of,
    title_of,
    told_of,
)
from chatlab.report.exports.pictures import bars_picture
from chatlab.report.say.brief_page import learned, people_to_know, to_do
from chatlab.report.say.overview_page import cautions, protection
from chatlab.report.show.key_figures import NAMES
from chatlab.report.show.theme_cards import COUNTED
from chatlab.translation import _, format_number, plural

ANSWERS, THEMES = 2, 5
_UNKNOWN = re.compile("[\x00-\x08\x0b-\x1f\ufffe\uffff]")


def write_document(now: ChatAt, path: str | Path) -> None:
    """Write the brief of an edition as a Word document.

    Parameters
    ----------
    now
        From `chat.at(edition)`.
    path
        Ends in `.docx`; written whole or not at all.
    """
    import docx  # only this needs it
    from docx.shared import Cm

    made = docx.Document()
    made.core_properties.title = clean(title_of(now))
    made.core_properties.author = "chatlab"
    made.add_heading(clean(now.chat.title), 0)
    made.add_paragraph(clean(title_of(now)))
    made.add_paragraph(clean(answer_of(now)), style="Intense Quote")
    _figures(made, now)
    if bars := bars_picture(_history(now), _("Posts in each edition")):
        made.add_picture(io.BytesIO(bars), width=Cm(15))
    findings = learned(now)
    if findings:
        _section(made, _("What was learned"))
    for finding in findings:
        line = made.add_paragraph(style="List Number")
        line.add_run(clean(finding.claim) + " ").bold = True
        line.add_run(clean(finding.told))
    questions = asked_of(now, ANSWERS)
    if questions:
        _section(made, _("The questions"))
    for asked in questions:
        people = plural("{n} person answered", "{n} people answered", asked.people)
        made.add_heading(clean(f"{asked.label} {asked.text}"), 2)
        made.add_paragraph(clean(people))
        for quote in asked.answers:
            _quoted(made, quote)
    themes = themes_of(now, THEMES)
    if themes:
        _section(made, _("Sub-themes"))
    for theme in themes:
        people = plural("{n} person", "{n} people", theme.people)
        line = made.add_paragraph(style="List Bullet")
        line.add_run(clean(theme.name)).bold = True
        line.add_run(clean(f", {people}"))
        if theme.quote:
            _quoted(made, theme.quote)
    for kind, quotes in told_of(now).items():
        if quotes:
            _section(made, _(COUNTED[kind]))
            for quote in quotes:
                _quoted(made, quote)
    tasks = to_do(now)
    if tasks:
        _section(made, _("What to do next"))
    for task in tasks:
        line = made.add_paragraph(style="List Bullet")
        line.add_run(clean(task.what)).bold = True
        line.add_run(clean(f" {task.who} {task.why}"))
    known = people_to_know(now)
    if known:
        _section(made, _("People to know"))
    for one in known:
        line = made.add_paragraph(style="List Bullet")
        line.add_run(clean(one.name)).bold = True
        line.add_run(clean(f" {one.handle}. {one.part} {one.why}"))
    _section(made, _("Caveats"))
    for caution in cautions(now.chat, now.posts) + protection(now.chat):
        made.add_paragraph(clean(caution), style="List Bullet")
    buffer = io.BytesIO()
    made.save(buffer)
    write_safely(path, buffer.getvalue())


def clean(text: str) -> str:
    """Return a text without the signs that XML does not know."""
    told = text.encode(errors="replace").decode()
    return _UNKNOWN.sub("", told)


def _history(now: ChatAt) -> list[float]:
    figures = key_figures(now.chat, now.number)
    return [float(n) for n in figures["history"]["posts"]] if "posts" in figures.index else []


def _section(made: Any, head: str) -> None:
    made.add_heading(clean(head), 1)


def _figures(made: Any, now: ChatAt) -> None:
    table = made.add_table(rows=1, cols=3, style="Light List")
    for cell, head in zip(table.rows[0].cells, ("", _("This edition"), _("Usual")), strict=True):
        cell.text = head
    for figure, this, out_of, usual, _history in key_figures(now.chat, now.number).itertuples():
        of = "" if out_of != out_of or out_of is None else f" / {format_number(out_of)}"
        known = usual == usual and usual is not None
        cells = table.add_row().cells
        cells[0].text = _(NAMES[figure])
        cells[1].text = f"{format_number(this)}{of}"
        cells[2].text = format_number(usual) if known else "–"


def _quoted(made: Any, quote: Quote) -> None:
    line = made.add_paragraph(style="Quote")
    line.add_run(clean(quote.text))
    handle = quote.handle if quote.handle != quote.name else ""
    told = " — ".join(filter(None, (quote.name, handle, quote.where, quote.url)))
    made.add_paragraph(clean(told), style="Caption")
