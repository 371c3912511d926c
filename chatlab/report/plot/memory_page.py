"""The figure of what the host remembers."""

from __future__ import annotations

import pandas as pd
import plotly.graph_objects as go

from chatlab.palette import ORANGE, SKY
from chatlab.report.plot.figure import (
    BAR_HEIGHT,
    Figure,
    empty_figure,
    fill_pattern,
    make_figure,
    plain_label,
)
from chatlab.report.plot.questions_page import LABEL
from chatlab.text.patterns import shorten
from chatlab.translation import _, format_number, plural


def remembered(table: pd.DataFrame) -> Figure:
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
