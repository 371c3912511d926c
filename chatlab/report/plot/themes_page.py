"""Figures on themes and insights."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd
import plotly.graph_objects as go

from chatlab.palette import BLUE, GREEN, GREY, ORANGE
from chatlab.report.plot.figure import (
    BAR_HEIGHT,
    Figure,
    empty_figure,
    fill_pattern,
    make_figure,
    plain_label,
)
from chatlab.report.plot.map_of_themes import NAMED, name_of_theme, theme_label
from chatlab.text.patterns import shorten
from chatlab.translation import _, format_share, plural


def theme_terms(
    terms: pd.DataFrame, *, names: Mapping[int, str] | None = None, n: int = 3
) -> Figure:
    """Draw the phrases that set the themes apart: how common inside, how common elsewhere.

    Parameters
    ----------
    terms
        From `theme_terms`.
    names
        The themes' names, by number.
    n
        Phrases per theme; the twelve largest themes are drawn.
    """
    title = _("The phrases that set each theme apart")
    best = terms[terms["theme"] < NAMED].groupby("theme").head(n)
    if best.empty:
        return empty_figure(title, _("No phrase stands in two posts of one theme."))
    labels = [
        f"{theme_label(names, theme, 26)} · {plain_label(shorten(phrase, 24))}"
        for theme, phrase in best[["theme", "phrase"]].itertuples(index=False, name=None)
    ]
    inside, outside = best["coverage"] * 100, best["elsewhere"] * 100
    traces = [
        go.Bar(
            x=inside.round(1).tolist(),
            y=labels,
            orientation="h",
            name=_("in the theme"),
            marker={"color": BLUE},
        ),
        go.Scatter(
            x=outside.round(1).tolist(),
            y=labels,
            mode="markers",
            name=_("in all other themes"),
            marker={"color": ORANGE, "symbol": "diamond", "size": 10},
        ),
    ]
    data = best.assign(name=[name_of_theme(names, theme) for theme in best["theme"]])
    return make_figure(
        traces,
        title,
        _(
            "A bar says in how many per cent of the theme's different texts the phrase stands, the "
            "diamond in how many of all others."
        ),
        data[["name", "phrase", "texts", "coverage", "elsewhere"]],
        height=150 + 24 * len(labels),
        xaxis={"title": {"text": _("Per cent of the texts")}, "rangemode": "tozero"},
        yaxis={"automargin": True, "autorange": "reversed", "type": "category"},
    )


def insights(table: pd.DataFrame) -> Figure:
    """Draw frictions against solutions, theme by theme, in different people.

    Parameters
    ----------
    table
        From `insight_table` with names.
    """
    title = _("Where it hurts, and where a solution was told")
    shown = table[(table["friction"] + table["solution"]) > 0].head(NAMED)
    if shown.empty:
        return empty_figure(title, _("No friction and no solution was found."))
    labels = [plain_label(shorten(name, 34)) for name in shown["name"]]
    traces = [
        go.Bar(
            x=[int(n) for n in shown[column]],
            y=labels,
            orientation="h",
            name=name,
            customdata=[f"03-themes.html#theme-{theme}" for theme in shown.index],
            marker={"color": colour, "pattern": fill_pattern(pattern)},
        )
        for column, name, colour, pattern in (
            ("friction", _("people with a friction"), ORANGE, ""),
            ("solution", _("people with a solution"), GREEN, "/"),
            ("case", _("people with a case"), GREY, "."),
        )
    ]
    worst = shown.iloc[0]
    description = _(
        "Bars count different people, sure marks and those to check. Most have a friction marked "
        "in “{name}”: {people}; {share} of these posts have a solution or a case of somebody else "
        "beside them."
    ).format(
        name=plain_label(str(worst["name"])),
        people=plural("{n} person", "{n} people", int(worst["friction"])),
        share=format_share(worst["answered"] / max(1, worst["answered"] + worst["open"])),
    )
    return make_figure(
        traces,
        title,
        description,
        shown[["name", "friction", "solution", "case", "answered", "open"]],
        barmode="group",
        height=150 + 3 * BAR_HEIGHT * len(labels),
        xaxis={"title": {"text": _("Different people")}, "rangemode": "tozero"},
        yaxis={"automargin": True, "autorange": "reversed", "type": "category"},
    )
