"""Figures that only a chat has: its questions, who returns, and when people are here."""

from __future__ import annotations

import pandas as pd
import plotly.graph_objects as go

from chatlab._most import listed, tied_first
from chatlab.legend import COLUMNS
from chatlab.messages import _, format_date, format_number, format_share, plural
from chatlab.palette import BLUE, GREEN, ORANGE, SKY
from chatlab.plot import (
    BAR_HEIGHT,
    FEW,
    Figure,
    empty_figure,
    fill_pattern,
    make_figure,
    plain_label,
)
from chatlab.quoting import asked_words
from chatlab.text import shorten

LABEL = 44
# So many questions fit on one figure.
MOST = 24


def plot_questions(board: pd.DataFrame) -> Figure:
    """Draw how many answers and people each numbered question drew.

    Parameters
    ----------
    board
        From `question_board`; the last 24 questions are drawn.
    """
    title = _("The questions and their answers")
    if board.empty:
        return empty_figure(title, _("Nobody asks numbered questions in these posts."))
    shown = board.tail(MOST).iloc[::-1]
    several = len(set(board["edition"])) > 1
    names = [
        (f"{edition} · " if several else "")
        + f"Q{number} {plain_label(asked_words(text, number, LABEL))}"
        for edition, number, text in shown[["edition", "number", "text"]].itertuples(
            index=False, name=None
        )
    ]
    traces = [
        go.Bar(
            y=names,
            x=[int(n) for n in shown[column]],
            orientation="h",
            name=_(COLUMNS[head][0]),
            marker={"color": colour, "pattern": fill_pattern(pattern)},
        )
        for column, head, colour, pattern in (
            ("answers", "answers_to_it", SKY, "/"),
            ("people", "people_answering_it", BLUE, ""),
        )
    ]
    first = tied_first(board, "people")
    description = _("Drew most people: {questions}, {people}.").format(
        questions=listed(f"Q{number}" for number in first["number"]),
        people=plural("{n} person", "{n} people", int(first["people"].iloc[0])),
    )
    data = shown.iloc[::-1][["edition", "number", "answers", "people", "minutes_to_first"]]
    return make_figure(
        traces,
        title,
        description,
        data.rename(columns={"answers": "answers_to_it", "people": "people_answering_it"}),
        barmode="group",
        height=160 + 2 * BAR_HEIGHT * len(shown),
        legend_traceorder="reversed",
        xaxis={"rangemode": "tozero", "dtick": 1 if shown["answers"].max() <= FEW else None},
        yaxis={"automargin": True, "type": "category"},
    )


def plot_remembered(table: pd.DataFrame) -> Figure:
    """Draw how many posts each theme has, and which themes a memory names.

    Parameters
    ----------
    table
        From `remembered_themes`.
    """
    title = _("What was talked about, and what is remembered")
    if table.empty:
        return empty_figure(title, _("No theme was found in these posts."))
    shown = table.iloc[::-1]
    parts = (
        (shown[shown["remembered"]], _("named in a memory"), ORANGE, ""),
        (shown[~shown["remembered"]], _("in nobody's memory"), SKY, "/"),
    )
    traces = [
        go.Bar(
            y=[plain_label(shorten(name, LABEL)) for name in part["name"]],
            x=[int(n) for n in part["posts"]],
            orientation="h",
            name=label,
            marker={"color": colour, "pattern": fill_pattern(pattern)},
        )
        for part, label, colour, pattern in parts
        if len(part)
    ]
    description = _("Of {themes}, memories name {n}.").format(
        themes=plural("{n} theme", "{n} themes", len(table)),
        n=format_number(int(table["remembered"].sum())),
    )
    names = [plain_label(shorten(name, LABEL)) for name in shown["name"]]
    return make_figure(
        traces,
        title,
        description,
        table[["name", "posts"]],
        height=160 + BAR_HEIGHT * len(table),
        xaxis={"title": {"text": _("Posts")}, "rangemode": "tozero"},
        yaxis={
            "automargin": True,
            "type": "category",
            "categoryorder": "array",
            "categoryarray": names,
        },
    )


def plot_retention(
    table: pd.DataFrame, *, editions: pd.DataFrame | None = None, zone: str = "UTC"
) -> Figure:
    """Draw who was new and who returned, edition by edition.

    Parameters
    ----------
    table
        From `retention_table`.
    editions
        From `edition_table`: its dates label the bars.
    zone
        Time zone of the dates.
    """
    title = _("Who is new, and who returns")
    if len(table) < 2:
        return empty_figure(title, _("With one edition nobody can have returned."))
    dates = {} if editions is None else editions["start"].to_dict()
    names = [f"{n} · {format_date(dates[n], zone)}" if n in dates else str(n) for n in table.index]
    traces = [
        go.Bar(
            x=names,
            y=[int(n) for n in table[column]],
            name=_(COLUMNS[column][0]),
            marker={"color": colour, "pattern": fill_pattern(pattern)},
            text=[format_number(int(n)) for n in table[column]],
            textposition="inside",
        )
        for column, colour, pattern in (("returning", BLUE, ""), ("newcomers", ORANGE, "/"))
    ]
    kept = table["came_again"].dropna()
    description = _(
        "Of the people of one edition, {share} came again to the next (median)."
    ).format(share=format_share(float(kept.median())))
    columns = ["edition", "people", "newcomers", "returning", "regulars", "came_again"]
    return make_figure(
        traces,
        title,
        description,
        table.reset_index()[columns],
        barmode="stack",
        xaxis={"type": "category", "automargin": True},
        yaxis={"rangemode": "tozero", "title": {"text": _("People")}},
    )


def plot_hours(hours: pd.DataFrame, *, zone: str = "UTC") -> Figure:
    """Draw at which hours posts are written, those of editions apart.

    Parameters
    ----------
    hours
        From `hour_table`.
    zone
        The time zone it was made for.
    """
    title = _("When people write")
    outside, inside = hours["between"].sum(), hours["in_editions"].sum()
    if not outside + inside:
        return empty_figure(title, _("No post has a date."))
    traces = [
        go.Bar(
            x=[f"{hour} h" for hour in hours.index],
            y=[int(n) for n in hours[column]],
            name=_(COLUMNS[column][0]),
            marker={"color": colour, "pattern": fill_pattern(pattern)},
        )
        for column, colour, pattern in (("between", GREEN, ""), ("in_editions", SKY, "/"))
        if hours[column].any() and (column == "between" or not outside)
    ]
    description = _("Time zone: {zone}.").format(zone=zone)
    if outside:
        told = _("Between editions most people write at {hour} h; the editions are not drawn.")
        description += " " + told.format(hour=listed(tied_first(hours, "people_between").index))
    drawn = hours["between" if outside else "in_editions"]
    label = _("Hour of the day ({zone})").format(zone=zone)
    return make_figure(
        traces,
        title,
        description,
        hours.reset_index()[["hour", "in_editions", "between", "people", "people_between"]],
        barmode="stack",
        xaxis={
            "type": "category",
            "title": {"text": label},
        },
        showlegend=True,
        yaxis={
            "rangemode": "tozero",
            "title": {"text": _("Posts")},
            "dtick": 1 if drawn.max() <= FEW else None,
        },
    )
