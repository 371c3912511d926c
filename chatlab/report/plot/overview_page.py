"""Figures on the conversation as a whole."""

from __future__ import annotations

from typing import Any

import pandas as pd
import plotly.graph_objects as go

from chatlab.chat.edition_tables import are_days
from chatlab.palette import BLUE, GREEN, ORANGE, PINK
from chatlab.posts.schema import KINDS
from chatlab.report.glossary import VALUES
from chatlab.report.plot.figure import (
    BAR_HEIGHT,
    READABLE,
    Figure,
    edition_shades,
    empty_figure,
    fill_pattern,
    make_figure,
    plain_label,
    step_text,
)
from chatlab.report.say.most import listed, tied_first
from chatlab.report.show.cells import cell_text
from chatlab.translation import _, format_number, format_time, plural

KIND_COLOURS = dict(zip(KINDS, (BLUE, ORANGE, GREEN, PINK), strict=True))
KIND_PATTERNS = dict(zip(KINDS, ("", "/", ".", "x"), strict=True))


def activity(
    table: pd.DataFrame,
    *,
    editions: pd.DataFrame | None = None,
    questions: pd.DataFrame | None = None,
) -> Figure:
    """Draw posts over time by kind, the editions shaded.

    Parameters
    ----------
    table
        From `activity_table`; its time zone is the axis's.
    editions
        From `edition_table`: shaded behind the bars, numbered.
    questions
        From `question_board`: marked by their numbers.
    """
    title = _("Posts over time")
    if table.empty:
        return empty_figure(title, _("No post has a date: nothing can be drawn over time."))
    zone = str(table.attrs.get("zone", "UTC"))
    step = pd.Timedelta(str(table.attrs.get("step", "1min")))
    # A bar stands in the middle of its stretch of time, so that it fills it from edge to edge.
    times = [(when + step / 2).isoformat() for when in table.index]
    # The index is the clock on the wall: no zone is applied twice.
    clock = [format_time(when.tz_localize("UTC")) for when in table.index]
    traces = [
        go.Bar(
            x=times,
            y=[int(n) for n in table[kind]],
            name=_(VALUES[kind]),
            hovertext=clock,
            hoverinfo="text+y+name",
            marker={"color": KIND_COLOURS[kind], "pattern": fill_pattern(KIND_PATTERNS[kind])},
        )
        for kind in KINDS
        if table[kind].any()
    ]
    total = table[list(KINDS)].sum(axis=1)
    busiest = int(total.to_numpy().argmax())
    description = _(
        "Bars of {step}; the fullest begins {when} with {posts}. Times are those of {zone}."
    ).format(
        step=step_text(str(table.attrs.get("step", ""))),
        when=clock[busiest],
        posts=plural("{n} post", "{n} posts", int(total.max())),
        zone=zone,
    )
    # Where days follow each other, all would be shaded.
    shown = None if editions is None or are_days(editions) else editions
    shapes, notes = edition_shades(shown, zone, step) if shown is not None else ([], [])
    if questions is not None:
        lines, numbers = _question_marks(questions, zone)
        shapes, notes = shapes + lines, notes + numbers
    data = pd.DataFrame({"created_at": clock})
    data = data.join(table[list(KINDS)].reset_index(drop=True))[total.to_numpy() > 0]
    return make_figure(
        traces,
        title,
        description,
        data,
        barmode="stack",
        bargap=0.05,
        legend_y=1.07,
        shapes=shapes,
        annotations=notes,
        xaxis={"title": {"text": _("Time ({zone})").format(zone=zone)}, "type": "date"},
        yaxis={"title": {"text": _("Posts")}, "rangemode": "tozero"},
    )


def _question_marks(
    board: pd.DataFrame, zone: str
) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Return a line and a number for each question, at the time when it was asked."""
    lines, numbers = [], []
    for asked_at, number in board[["asked_at", "number"]].itertuples(index=False, name=None):
        when = asked_at.tz_convert(zone).tz_localize(None).isoformat()
        same = {"xref": "x", "yref": "paper"}
        line = {"color": READABLE, "width": 1, "dash": "dot"}
        lines.append(
            {"type": "line", **same, "x0": when, "x1": when, "y0": 0, "y1": 1, "line": line}
        )
        place = {"x": when, "y": 1.0, "showarrow": False, "yanchor": "bottom", "xanchor": "center"}
        numbers.append({**same, **place, "text": f"Q{number}"})
    return lines, numbers


def kinds(table: pd.DataFrame) -> Figure:
    """Draw how many posts of each kind there are.

    Parameters
    ----------
    table
        From `kind_table`.
    """
    title = _("Kinds of post")
    if not table["posts"].sum():
        return empty_figure(title, _("There are no posts."))
    shown = table.iloc[::-1]
    trace = go.Bar(
        y=[_(VALUES[kind]) for kind in shown.index],
        x=[int(n) for n in shown["posts"]],
        orientation="h",
        text=[format_number(int(n)) for n in shown["posts"]],
        textposition="auto",
        marker={"color": [KIND_COLOURS[kind] for kind in shown.index]},
        showlegend=False,
    )
    kinds = listed(_(VALUES[str(kind)]) for kind in tied_first(table, "posts").index)
    description = _("The most common kind is “{kind}”: {posts}.").format(
        kind=kinds, posts=plural("{n} post", "{n} posts", int(table["posts"].max()))
    )
    return make_figure(
        [trace],
        title,
        description,
        table.reset_index(),
        height=260,
        xaxis={"title": {"text": _("Posts")}, "rangemode": "tozero"},
        yaxis={"automargin": True},
    )


def contributors(people: pd.DataFrame, *, n: int = 15) -> Figure:
    """Draw who wrote most, by kind.

    Parameters
    ----------
    people
        From `people_table`.
    n
        How many people.
    """
    title = _("Who wrote most")
    if people.empty:
        return empty_figure(title, _("The file names no authors."))
    top = people.head(n).iloc[::-1]
    names = [f"@{plain_label(str(author))}" for author in top["author"].fillna("?")]
    traces = [
        go.Bar(
            y=names,
            x=[int(count) for count in top[kind]],
            name=_(VALUES[kind]),
            orientation="h",
            marker={"color": KIND_COLOURS[kind], "pattern": fill_pattern(KIND_PATTERNS[kind])},
        )
        for kind in KINDS
        if top[kind].any()
    ]
    share = top["posts"].sum() / people["posts"].sum()
    told = _("{people} wrote {share} of the posts.")
    description = told.format(
        people=plural("{n} person", "{n} people", len(top)), share=cell_text("share", share)
    )
    data = people.head(n)[["author", "posts", *KINDS, "answered_by"]]
    return make_figure(
        traces,
        title,
        description,
        data,
        barmode="stack",
        height=160 + BAR_HEIGHT * len(top),
        xaxis={"title": {"text": _("Posts")}, "rangemode": "tozero"},
        yaxis={"automargin": True, "type": "category"},
    )
