"""The best moments of an edition as slides, with charts that PowerPoint can edit."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

from chatlab.io.safe_files import write_safely
from chatlab.project.chat import ChatAt
from chatlab.project.key_figures import key_figures
from chatlab.report.exports.document import clean
from chatlab.report.exports.moments import (
    Quote,
    answer_of,
    asked_of,
    themes_of,
    title_of,
    told_of,
)
from chatlab.report.say.brief_page import learned, to_do
from chatlab.report.show.theme_cards import COUNTED
from chatlab.text.patterns import shorten
from chatlab.translation import _, plural

ANSWERS, THEMES = 3, 6
TITLE_SLIDE, TITLE_AND_TEXT, TITLE_ONLY = 0, 1, 5
TOO_LONG = 180


def write_slides(now: ChatAt, path: str | Path) -> None:
    """Write the best moments of an edition as a PowerPoint deck.

    Parameters
    ----------
    now
        From `chat.at(edition)`.
    path
        Ends in `.pptx`; written whole or not at all.
    """
    import pptx  # only this needs it
    from pptx.util import Inches

    deck = pptx.Presentation()
    deck.slide_width, deck.slide_height = Inches(13.333), Inches(7.5)
    first = deck.slides.add_slide(deck.slide_layouts[TITLE_SLIDE])
    first.shapes.title.text = clean(now.chat.title)
    first.placeholders[1].text = clean(f"{title_of(now)}\n{answer_of(now)}")
    _fit(first.shapes.title, 0.9, 1.6, 11.5, 1.6, 44)
    _fit(first.placeholders[1], 0.9, 3.4, 11.5, 3.2, 22)
    figures = key_figures(now.chat, now.number)
    history = figures["history"].to_dict()
    if len(history.get("posts", [])) > 1:
        slide = _titled(deck, _("Edition by edition"))
        series = {_("Posts"): history["posts"], _("People"): history["people"]}
        labels = [str(n) for n in range(1, len(history["posts"]) + 1)]
        _chart(slide, labels, series, columns=True)
    findings = [f"{one.claim} {one.told}".strip() for one in learned(now)]
    if findings:
        _listed(deck, _("What was learned"), findings)
    for asked in asked_of(now, ANSWERS):
        people = plural("{n} person answered", "{n} people answered", asked.people)
        _quoted(deck, f"{asked.label} {asked.text}", asked.answers, note=people)
    themes = themes_of(now, THEMES)
    if themes:
        slide = _titled(deck, _("What keeps coming back"))
        labels = [shorten(theme.name, 48) for theme in reversed(themes)]
        people_of = [theme.people for theme in reversed(themes)]
        _chart(slide, labels, {_("People"): people_of}, columns=False)
    for kind, quotes in told_of(now).items():
        if quotes:
            _quoted(deck, _(COUNTED[kind]), quotes)
    tasks = [f"{task.what}. {task.who} {task.why}" for task in to_do(now)]
    if tasks:
        _listed(deck, _("What to do next"), tasks)
    buffer = io.BytesIO()
    deck.save(buffer)
    write_safely(path, buffer.getvalue())


def _titled(deck: Any, title: str, layout: int = TITLE_ONLY) -> Any:
    slide = deck.slides.add_slide(deck.slide_layouts[layout])
    slide.shapes.title.text = clean(shorten(title, TOO_LONG))
    _fit(slide.shapes.title, 0.7, 0.4, 12, 1.2, 30)
    return slide


def _fit(shape: Any, left: float, top: float, width: float, height: float, size: int) -> None:
    from pptx.util import Inches, Pt

    shape.left, shape.top = Inches(left), Inches(top)
    shape.width, shape.height = Inches(width), Inches(height)
    shape.text_frame.word_wrap = True
    for paragraph in shape.text_frame.paragraphs:
        paragraph.font.size = Pt(size)


def _listed(deck: Any, title: str, lines: list[str]) -> None:
    slide = _titled(deck, title, TITLE_AND_TEXT)
    body = slide.placeholders[1]
    body.text_frame.text = clean("\n".join(shorten(line, TOO_LONG) for line in lines))
    _fit(body, 0.7, 1.7, 12, 5.4, 20)


def _quoted(deck: Any, title: str, quotes: list[Quote], *, note: str = "") -> None:
    from pptx.util import Inches, Pt

    slide = _titled(deck, title)
    frame = slide.shapes.add_textbox(Inches(0.7), Inches(1.7), Inches(12), Inches(5.4)).text_frame
    frame.word_wrap = True
    frame.text = clean(note)
    frame.paragraphs[0].font.size = Pt(16)
    for quote in quotes:
        said = frame.add_paragraph()
        said.text, said.font.size = clean(shorten(quote.text, TOO_LONG)), Pt(22)
        said.space_before = Pt(14)
        by = frame.add_paragraph()
        by.text = clean(" — ".join(filter(None, (quote.name, quote.where))))
        by.font.size = Pt(14)
        if quote.url:
            run = by.add_run()
            run.text = "  " + _("open")
            run.hyperlink.address = quote.url


def _chart(slide: Any, labels: list[str], series: dict[str, list[Any]], *, columns: bool) -> None:
    from pptx.chart.data import CategoryChartData
    from pptx.enum.chart import XL_CHART_TYPE
    from pptx.util import Inches

    data = CategoryChartData()  # type: ignore[no-untyped-call]
    data.categories = [clean(label) for label in labels]
    for name, values in series.items():
        data.add_series(clean(name), [float(value) for value in values])  # type: ignore[no-untyped-call]
    kind = XL_CHART_TYPE.COLUMN_CLUSTERED if columns else XL_CHART_TYPE.BAR_CLUSTERED
    place = Inches(0.7), Inches(1.6), Inches(12), Inches(5.6)
    chart = slide.shapes.add_chart(kind, *place, data).chart
    chart.has_legend = len(series) > 1
    plot = chart.plots[0]
    plot.has_data_labels = True
