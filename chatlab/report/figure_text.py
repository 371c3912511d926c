"""What stands for a figure in words: its caption, and the figures behind it as a table."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape, unescape
from typing import Any

from chatlab.translation import translate


def figure_title(layout: Mapping[str, Any]) -> str:
    """Return a figure's title as text; plotly's may be escaped, or a text alone."""
    given = layout.get("title")
    given = given.get("text") if isinstance(given, Mapping) else given
    meta = layout.get("meta")
    # In a notebook the caption bears it: above a plot it would lie over the legend.
    given = given or (meta.get("title") if isinstance(meta, Mapping) else None)
    return unescape(str(given or ""))


def figure_about(layout: Mapping[str, Any]) -> str:
    """Return a figure's text alternative."""
    meta = layout.get("meta")
    return str(meta.get("description", "")) if isinstance(meta, Mapping) else ""


def figure_caption(layout: Mapping[str, Any], lang: str) -> str:
    """Write title and text alternative."""
    title = escape(figure_title(layout)) or escape(translate("Chart", lang))
    return f"<strong>{title}</strong>{escape(figure_about(layout))}"


def figure_table(layout: Mapping[str, Any], lang: str) -> str:
    """Write the figures behind a chart as a folded table; nothing where it brings none."""
    meta = layout.get("meta")
    meta = meta if isinstance(meta, Mapping) else {}
    columns, rows = meta.get("columns"), meta.get("rows")
    if not isinstance(columns, list) or not isinstance(rows, list) or not columns or not rows:
        return ""
    heads = "".join(f'<th scope="col">{escape(str(name))}</th>' for name in columns)
    body = "".join(
        "<tr>" + "".join(f"<td>{escape(str(cell))}</td>" for cell in row) + "</tr>"
        for row in rows
        if isinstance(row, list | tuple)
    )
    summary = escape(translate("The figures behind this chart", lang))
    return (
        f'<details><summary>{summary}</summary><div class="table" tabindex="0" role="group" '
        f'aria-label="{summary}"><table><thead><tr>{heads}</tr></thead><tbody>{body}</tbody>'
        "</table></div></details>"
    )
