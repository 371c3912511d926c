"""Figures on editions, on who comes back, and on hours."""

from __future__ import annotations

import pandas as pd
import plotly.graph_objects as go

from chatlab.palette import BLUE, GREEN, ORANGE, SKY
from chatlab.report.glossary_columns import COLUMNS
from chatlab.report.plot.figure import FEW, Figure, empty_figure, fill_pattern, make_figure
from chatlab.report.say.most import listed, tied_first
from chatlab.translation import _, format_date, format_number, format_share, plural


def editions(table: pd.DataFrame, *, zone: str = "UTC", edition: int | None = None) -> Figure:
    """Draw posts and people of each edition, the one looked at outlined.

    Parameters
    ----------
    table
        From `edition_table`.
    zone
        Time zone of the dates.
    edition
        The edition to outline.
    """
    title = _("The editions side by side")
    if table.empty:
        return empty_figure(title, _("No editions were found."))
    if len(table) == 1:
        return empty_figure(title, _("There is one edition: nothing to compare."))
    names = [f"{n} · {format_date(t, zone)}" for n, t in table["start"].items()]
    edges = [3 if number == edition else 0 for number in table.index]
    traces = [
        go.Bar(
            x=names,
            y=[int(n) for n in table[column]],
            name=_(COLUMNS[column][0]),
            marker={
                "color": colour,
                "pattern": fill_pattern(pattern),
                "line": {"width": edges, "color": ORANGE},
            },
        )
        for column, colour, pattern in (("posts", BLUE, ""), ("people", GREEN, "/"))
    ]
    description = _("Most posts came to edition {n} ({posts}).").format(
        n=listed(tied_first(table, "posts").index),
        posts=plural("{n} post", "{n} posts", int(table["posts"].max())),
    )
    if edition is not None:
        description += " " + _("The edition that this report looks at is outlined.")
    data = table.reset_index()[["edition", "posts", "people", "early", "late"]]
    return make_figure(
        traces,
        title,
        description,
        data,
        barmode="group",
        xaxis={"type": "category", "automargin": True},
        yaxis={"rangemode": "tozero"},
    )


def retention(
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


def hours(hours: pd.DataFrame, *, zone: str = "UTC") -> Figure:
    """Draw at which hours different people write between the editions, else inside them.

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
        for column, colour, pattern in (("people_between", GREEN, ""), ("people", SKY, "/"))
        if hours[column].any() and (column == "people_between" or not outside)
    ]
    description = _("Time zone: {zone}.").format(zone=zone)
    if outside:
        told = _(
            "By themselves most people write at {hour} h; called posts of editions are not drawn."
        )
        description += " " + told.format(hour=listed(tied_first(hours, "people_between").index))
    drawn = hours["people_between" if outside else "people"]
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
            "title": {"text": _("People")},
            "dtick": 1 if drawn.max() <= FEW else None,
        },
    )
