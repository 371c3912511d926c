"""Figures on influence, fame, growth and ties between groups."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from chatlab.palette import BLUE, GREEN, GREY, ORANGE, SKY
from chatlab.report.glossary_columns import COLUMNS
from chatlab.report.plot.figure import (
    BAR_HEIGHT,
    Figure,
    empty_figure,
    fill_pattern,
    make_figure,
    narrow_label,
    plain_label,
)
from chatlab.report.plot.network_marks import names_apart
from chatlab.report.say.slices import slice_labels
from chatlab.translation import _, format_share, plural


def influence(table: pd.DataFrame, *, n: int = 15) -> Figure:
    """Draw by how many different people each of the most answered was answered.

    Parameters
    ----------
    table
        From `influence_table`.
    n
        How many people.
    """
    title = _("Who is answered by how many people")
    answered = table[(table["people_answering"] > 0) & table["in_file"]]
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


FEW = 100
NAMED_OUTLIERS = 12


def growth(table: pd.DataFrame, *, zone: str = "UTC") -> Figure:
    """Draw how the network grew: who came new, and how much of it hangs together.

    Parameters
    ----------
    table
        From `growth_table`.
    zone
        Time zone of the slices' dates.
    """
    title = _("How the network grew")
    if table.empty or not table["people_so_far"].iloc[-1]:
        return empty_figure(title, _("There are no replies between people in these posts."))
    called = slice_labels(table["start"], table.index, zone)
    shown = list(map(narrow_label, called))
    known = (table["people"] - table["new_people"]).astype(int)
    traces: list[Any] = [
        go.Bar(
            x=shown,
            y=[int(n) for n in values],
            name=words,
            marker={"color": colour, "pattern": fill_pattern(pattern)},
        )
        for values, words, colour, pattern in (
            (known, _("people tied before"), BLUE, ""),
            (table["new_people"], _("people tied for the first time"), GREEN, "/"),
        )
    ]
    traces.append(
        go.Scatter(
            x=shown,
            y=[int(n) for n in table["people_so_far"]],
            name=_("all people so far"),
            mode="lines+markers",
            line={"color": ORANGE, "width": 2},
            marker={"symbol": "diamond", "size": 8},
        )
    )
    last = table.iloc[-1]
    description = _(
        "In these slices {people} are tied in {pairs}; {share} of them hang together in one piece."
    ).format(
        people=plural("{n} person", "{n} people", int(last["people_so_far"])),
        pairs=plural("{n} pair", "{n} pairs", int(last["pairs_so_far"])),
        share=format_share(float(last["connected"])),
    )
    return make_figure(
        traces,
        title,
        description,
        table.reset_index().assign(slice=called).drop(columns="start"),
        barmode="stack",
        xaxis={"type": "category", "automargin": True, "tickangle": 0},
        yaxis={"title": {"text": _("People")}, "rangemode": "tozero"},
    )


def fame(table: pd.DataFrame) -> Figure:
    """Draw by how many people each is answered against how many follow them.

    Parameters
    ----------
    table
        From `influence_table`.
    """
    title = _("Heard, and followed")
    known = table[table["followers"].notna() & (table["people_answering"] > 0)]
    if known.empty:
        return empty_figure(title, _("Follower counts are not known for anybody who is answered."))
    known = known.sort_values(["people_answering", "pagerank"], ascending=False)
    followers = [max(int(n), 1) for n in known["followers"]]
    places = pd.DataFrame(
        {
            "x": pd.Series(np.log10(followers), known.index),
            "y": known["people_answering"].astype(float),
            "called": "@" + known["author"].astype(str),
        }
    )
    spans = places[["x", "y"]].max() - places[["x", "y"]].min()
    places[["x", "y"]] = (places[["x", "y"]] - places[["x", "y"]].min()) / spans.where(spans > 0, 1)
    labels = names_apart(places.head(NAMED_OUTLIERS), [])
    trace = go.Scatter(
        x=followers,
        y=[int(n) for n in known["people_answering"]],
        mode="markers+text",
        text=[labels.get(node, "") for node in known.index],
        textposition="top center",
        cliponaxis=False,
        hovertext=[
            f"@{plain_label(str(author))}<br>"
            + _("answered by {people}").format(people=plural("{n} person", "{n} people", int(n)))
            for author, n in zip(known["author"], known["people_answering"], strict=True)
        ],
        hoverinfo="text",
        marker={"color": BLUE, "size": 10, "line": {"width": 1, "color": "#ffffff"}},
        showlegend=False,
    )
    middle = float(np.median(followers))
    line = {
        "type": "line",
        "xref": "x",
        "yref": "paper",
        "x0": middle,
        "x1": middle,
        "y0": 0,
        "y1": 1,
        "line": {"color": GREY, "dash": "dot", "width": 1},
    }
    best = known[known["followers"] <= middle]
    description = _("High and left of the dotted line (the median): heard although few follow.")
    if len(best):
        description += " " + _("First of these: @{author}, answered by {people}.").format(
            author=best["author"].iloc[0],
            people=plural("{n} person", "{n} people", int(best["people_answering"].iloc[0])),
        )
    return make_figure(
        [trace],
        title,
        description,
        known[["author", "people_answering", "followers", "rank_beyond_fame"]],
        height=460,
        hovermode="closest",
        shapes=[line],
        xaxis={
            "type": "log",
            # Within two powers of ten there would be a line or none.
            "dtick": 1
            if known["followers"].max() > 100 * max(1, known["followers"].min())
            else "D2",
            "title": {"text": _("Followers (each power of ten as far as the next)")},
        },
        yaxis={"title": {"text": _("People answering")}, "rangemode": "tozero"},
    )
