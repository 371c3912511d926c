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
    narrow_label,
    plain_label,
    slice_labels,
)
from chatlab.report.plot.map_of_themes import NAMED, name_of_theme, theme_label
from chatlab.text.patterns import shorten
from chatlab.themes.recurrence import theme_counts
from chatlab.translation import _, format_number, format_share, plural


def theme_slices(
    posts: pd.DataFrame,
    themes: pd.Series,
    slices: pd.Series,
    *,
    names: Mapping[int, str] | None = None,
    zone: str = "UTC",
) -> Figure:
    """Draw a heat map: how many posts each theme has in each slice of time.

    Parameters
    ----------
    posts
        A posts table; reposts are left out.
    themes
        Theme numbers on the posts' index.
    slices
        From `time_slices`, or any number that grows with time.
    names
        The themes' names, by number.
    zone
        Time zone of the slices' dates.
    """
    title = _("When each theme is talked about")
    table = theme_counts(posts, themes, slices)
    if table.empty:
        return empty_figure(title, _("No post has both a theme and a place in time."))
    if table.shape[1] == 1:
        return empty_figure(title, _("All of it lies in one slice of time: nothing to compare."))
    numbers = [int(number) for number in table.columns]
    labels = [theme_label(names, theme, 34) for theme in table.index]
    first = posts["created_at"].groupby(slices.reindex(posts.index)).min()
    columns = slice_labels(first, numbers, zone)
    counts = table.to_numpy(dtype=int)
    small = counts.shape[1] <= 24
    heat = go.Heatmap(
        z=counts.tolist(),
        x=list(map(narrow_label, columns)),
        y=labels,
        colorscale="Blues",
        text=[[format_number(n) if n else "" for n in row] for row in counts] if small else None,
        customdata=[[f"#theme-{int(theme)}"] * counts.shape[1] for theme in table.index],
        texttemplate="%{text}" if small else None,
        hovertemplate="%{y}<br>%{x}: %{z}<extra></extra>",
        colorbar={"title": {"text": _("Posts")}},
        xgap=2,
        ygap=2,
    )
    data = table.reset_index(drop=True)
    data.columns = columns
    data.insert(0, "name", [name_of_theme(names, theme) for theme in table.index])
    return make_figure(
        [heat],
        title,
        _(
            "Rows are themes, columns slices of time in order, with their first post's date or "
            "time ({zone}); a darker field has more posts. Reposts are left out."
        ).format(zone=zone),
        data,
        height=230 + 34 * len(labels),
        xaxis={
            "title": {"text": _("Slice of time (edition or step)"), "standoff": 12},
            "type": "category",
            "tickangle": 0,
            "automargin": True,
        },
        yaxis={"automargin": True, "autorange": "reversed", "type": "category"},
    )


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
