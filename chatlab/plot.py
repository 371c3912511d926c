"""Tables to plotly figures: never shown, never saved; each carries its text and its data."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from html import escape
from textwrap import wrap
from typing import Any

import pandas as pd
import plotly.graph_objects as go

from chatlab._figure_text import figure_about, figure_caption, figure_table, figure_title
from chatlab._most import listed, tied_first
from chatlab._progress import CAPTION, MARK
from chatlab.legend import COLUMNS, VALUES
from chatlab.messages import (
    _,
    current_language,
    format_clock,
    format_date,
    format_number,
    format_time,
    plural,
)
from chatlab.palette import BLUE, GREEN, ORANGE, PINK, SKY
from chatlab.present import cell_text
from chatlab.schema import KINDS

KIND_COLOURS = dict(zip(KINDS, (BLUE, ORANGE, GREEN, PINK), strict=True))
KIND_PATTERNS = dict(zip(KINDS, ("", "/", ".", "x"), strict=True))
MIMETYPE = "application/vnd.plotly.v1+json"
MAX_ROWS = 200
DATED = 16
# Up to so many, an axis shows whole numbers only.
FEW = 10
BAR_HEIGHT = 26
ROOM_FOR_LEGEND = 56
# Grey that can be read on white (4.5 to 1) and on JupyterLab's dark pages.
READABLE = "#767676"


class Figure(go.Figure):  # type: ignore[misc]
    """A plotly figure whose notebook output is a caption and plotly's own data.

    The stock renderers add a copy of plotly.js, or a link to one, to every figure. Where plotly is
    not known (stock nbconvert), the figures behind the chart stand in as a table.
    """

    def _ipython_display_(self) -> None:
        from IPython.display import display

        bundle = self._bundle()
        told = figure_caption(bundle[MIMETYPE]["layout"], current_language())
        # JupyterLab would make a formula of "from $5 to $10" in a name.
        caption = f'<p class="mathjax_ignore">{told.replace("</strong>", "</strong><br>")}</p>'
        about = bundle["text/plain"]
        display(  # type: ignore[no-untyped-call]
            {"text/html": caption, "text/plain": about}, raw=True, metadata={MARK: CAPTION}
        )
        display(bundle, raw=True)  # type: ignore[no-untyped-call]

    def _bundle(self) -> dict[str, Any]:
        content = self.to_plotly_json()
        layout = dict(content["layout"])
        behind = figure_table(layout, current_language())
        table = f'<div class="mathjax_ignore">{behind}</div>'
        layout["meta"] = {**(layout.get("meta") or {}), "title": figure_title(layout)}
        layout.pop("title", None)
        layout["margin"] = {**layout.get("margin", {}), "t": ROOM_FOR_LEGEND}
        content = {**content, "layout": layout}
        return {MIMETYPE: content, "text/html": table, "text/plain": description_of(content)}


def plain_label(text: str) -> str:
    """Make a text from a post safe: plotly reads `<b>` and `<a>` as formatting, `$` as maths."""
    return escape(text, quote=False).replace("$", "&#36;")


def description_of(content: Mapping[str, Any]) -> str:
    """Return a figure's title and text alternative."""
    layout = content.get("layout", {})
    return f"{figure_title(layout)}. {figure_about(layout)}".strip(". ")


def make_figure(
    traces: Sequence[Any],
    title: str,
    description: str,
    table: pd.DataFrame,
    *,
    height: int = 380,
    **layout: Any,
) -> Figure:
    """Make a figure that carries its text alternative and its data, in chatlab's style."""
    rows = [
        [cell_text(str(name), value) for name, value in zip(table.columns, row, strict=True)]
        for row in table.head(MAX_ROWS).itertuples(index=False, name=None)
    ]
    heads = [_(COLUMNS[name][0]) if name in COLUMNS else name for name in map(str, table.columns)]
    meta = {"description": description, "columns": heads, "rows": rows}
    figure = Figure(data=list(traces))
    layout.setdefault("margin", {"l": 60, "r": 20, "t": 90, "b": 60})
    figure.update_layout(
        title={"text": plain_label(title), "x": 0, "xanchor": "left"},
        meta=meta,
        height=height,
        template="none",
        # On a light page and on a dark one; a report has its own colours.
        paper_bgcolor="rgba(0,0,0,0)",
        plot_bgcolor="rgba(0,0,0,0)",
        separators=_(".,"),
        font={"size": 14, "color": READABLE},
        legend={"orientation": "h", "y": 1.0, "yanchor": "bottom", "x": 0, "xanchor": "left"},
        **layout,
    )
    return figure


def fill_pattern(shape: str) -> dict[str, Any]:
    """Hatch a bar, as a second cue beside its colour."""
    return {
        "shape": shape,
        "fillmode": "overlay",
        "fgcolor": "#ffffff",
        "fgopacity": 0.7,
        "solidity": 0.25,
        "size": 7,
    }


def empty_figure(title: str, why: str) -> Figure:
    """Make a figure that says why there is nothing to draw."""
    note = {
        "text": plain_label(why),
        "showarrow": False,
        "x": 0.5,
        "y": 0.5,
        "xref": "paper",
        "yref": "paper",
        "font": {"size": 16},
    }
    return make_figure(
        [],
        title,
        why,
        pd.DataFrame(),
        height=220,
        annotations=[note],
        xaxis={"visible": False},
        yaxis={"visible": False},
    )


def plot_activity(table: pd.DataFrame, *, editions: pd.DataFrame | None = None) -> Figure:
    """Draw posts over time by kind, the editions shaded.

    Parameters
    ----------
    table
        From `activity_table`; its time zone is the axis's.
    editions
        From `edition_table`: shaded behind the bars, numbered.
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
    shapes, notes = _edition_shades(editions, zone, step) if editions is not None else ([], [])
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


def step_text(step: str) -> str:
    """Write the width of a bin in words."""
    width = pd.Timedelta(step) if step else pd.Timedelta(0)
    days, hours = width // pd.Timedelta(days=1), width // pd.Timedelta(hours=1)
    if days:
        return plural("{n} day", "{n} days", days)
    if hours:
        return plural("{n} hour", "{n} hours", hours)
    return plural("{n} minute", "{n} minutes", width // pd.Timedelta(minutes=1))


def slice_labels(first: pd.Series, numbers: Iterable[int], zone: str) -> list[str]:
    """Write each slice's number and when it begins: the day, or the minute within one day.

    Parameters
    ----------
    first
        Instant of the first post, by slice.
    numbers
        The slices to write.
    zone
        Time zone of the dates.
    """
    shown = list(numbers)
    days = first.dt.tz_convert(zone).dt.date
    one_day = len(set(days)) < len(days)
    labels = []
    for number in shown:
        told = ""
        if number in first.index and pd.notna(first[number]) and len(shown) <= DATED:
            when = first[number]
            told = format_clock(when, zone) if one_day else format_date(when, zone)
        labels.append(f"{number} · {told}" if told else str(number))
    return labels


def narrow_label(label: str) -> str:
    """Write a label on several short lines."""
    return "<br>".join(line for part in label.split(" · ") for line in wrap(part, 9))


def _edition_shades(
    editions: pd.DataFrame, zone: str, step: pd.Timedelta
) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    shapes, notes = [], []
    for number, start, end in editions[["start", "end"]].itertuples(name=None):
        # Whole bins: an hour in a chart of weeks would be too thin to see.
        clock = [when.tz_convert(zone).tz_localize(None) for when in (start, end)]
        x0, x1 = clock[0].floor(step).isoformat(), (clock[1].floor(step) + step).isoformat()
        shapes.append(
            {
                "type": "rect",
                "xref": "x",
                "yref": "paper",
                "x0": x0,
                "x1": x1,
                "y0": 0,
                "y1": 1,
                "fillcolor": SKY,
                "opacity": 0.4,
                "line": {"width": 0},
                "layer": "below",
            }
        )
        notes.append(
            {
                "x": x0,
                "y": 1.0,
                "xref": "x",
                "yref": "paper",
                "text": str(number),
                "showarrow": False,
                "yanchor": "bottom",
                "xanchor": "left",
            }
        )
    return shapes, notes


def plot_editions(table: pd.DataFrame, *, zone: str = "UTC", edition: int | None = None) -> Figure:
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


def plot_kinds(table: pd.DataFrame) -> Figure:
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
    description = _("Most are of the kind “{kind}”: {posts}.").format(
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


def plot_contributors(people: pd.DataFrame, *, n: int = 15) -> Figure:
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


def plot_influence(table: pd.DataFrame, *, n: int = 15) -> Figure:
    """Draw by how many different people each of the most answered was answered.

    Parameters
    ----------
    table
        From `influence_table`.
    n
        How many people.
    """
    title = _("Who is answered by how many people")
    answered = table[table["people_answering"] > 0]
    if answered.empty:
        return empty_figure(title, _("There are no replies between people in these posts."))
    top = answered.sort_values(["people_answering", "pagerank"], ascending=False).head(n)
    shown = top.iloc[::-1]
    names = [f"@{plain_label(str(author))}" for author in shown["author"]]
    traces = [
        go.Bar(
            y=names,
            x=[int(v) for v in shown[column]],
            orientation="h",
            name=_(COLUMNS[column][0]),
            marker={"color": colour, "pattern": fill_pattern(pattern)},
        )
        for column, colour, pattern in (
            ("replies_received", SKY, "/"),
            ("people_answering", BLUE, ""),
        )
    ]
    best = top.iloc[0]
    description = _("@{author} was answered by {people}.").format(
        author=best["author"],
        people=plural("{n} person", "{n} people", int(best["people_answering"])),
    )
    columns = ["author", "people_answering", "replies_received", "people_answered"]
    height = 160 + 2 * BAR_HEIGHT * len(top)
    return make_figure(
        traces,
        title,
        description,
        top[columns],
        barmode="group",
        height=height,
        legend_traceorder="reversed",
        xaxis={
            "title": {"text": _("People and replies")},
            "rangemode": "tozero",
            "dtick": 1 if top["replies_received"].max() <= FEW else None,
        },
        yaxis={"automargin": True, "type": "category"},
    )
