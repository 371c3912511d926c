"""What all figures share: sizes, colours, texts, an empty one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from textwrap import wrap
from typing import Any

import pandas as pd
import plotly.graph_objects as go

from chatlab.palette import SKY
from chatlab.progress import ABSENT, CAPTION, MARK
from chatlab.report.figure_text import figure_about, figure_caption, figure_table, figure_title
from chatlab.report.glossary_columns import COLUMNS
from chatlab.report.show.cells import cell_text
from chatlab.translation import _, current_language, plural

MIMETYPE = "application/vnd.plotly.v1+json"
MAX_ROWS = 200
# Up to so many, an axis shows whole numbers only.
FEW = 10
BAR_HEIGHT = 26
ROOM_FOR_LEGEND = 56
# Grey that can be read on white (4.5 to 1) and on JupyterLab's dark pages.
READABLE = "#767676"
FAINT = "rgba(128, 128, 128, 0.3)"


class Figure(go.Figure):  # type: ignore[misc]
    """A plotly figure whose notebook output is a caption and plotly's own data.

    The stock renderers add a copy of plotly.js, or a link to one, to every figure. Where plotly is
    not known (stock nbconvert), the figures behind the chart stand in as a table.
    """

    def _ipython_display_(self) -> None:
        from IPython.display import display

        bundle = self._bundle()
        about = bundle["text/plain"]
        if not self.data:
            why = figure_about(bundle[MIMETYPE]["layout"])
            note = {"text/html": f"<p>{escape(why)}</p>", "text/plain": why}
            display(note, raw=True, metadata={MARK: ABSENT})  # type: ignore[no-untyped-call]
            return
        told = figure_caption(bundle[MIMETYPE]["layout"], current_language())
        # JupyterLab would make a formula of "from $5 to $10" in a name.
        caption = f'<p class="mathjax_ignore">{told.replace("</strong>", "</strong><br>")}</p>'
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
    figure.update_xaxes(gridcolor=FAINT, zerolinecolor=FAINT)
    figure.update_yaxes(gridcolor=FAINT, zerolinecolor=FAINT)
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


def step_text(step: str) -> str:
    """Write the width of a bin in words."""
    width = pd.Timedelta(step) if step else pd.Timedelta(0)
    days, hours = width // pd.Timedelta(days=1), width // pd.Timedelta(hours=1)
    if days:
        return plural("{n} day", "{n} days", days)
    if hours:
        return plural("{n} hour", "{n} hours", hours)
    return plural("{n} minute", "{n} minutes", width // pd.Timedelta(minutes=1))


def narrow_label(label: str) -> str:
    """Write a label on several short lines."""
    return "<br>".join(line for part in label.split(" · ") for line in wrap(part, 9))


def edition_shades(
    editions: pd.DataFrame, zone: str, step: pd.Timedelta
) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Return a shade and a name for each edition, where there is room."""
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
