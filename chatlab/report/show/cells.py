"""One value of a table: as the current language writes it, and safe."""

from __future__ import annotations

import re
from html import escape
from typing import Any

import numpy as np
import pandas as pd

from chatlab.report.glossary import CODED, VALUES
from chatlab.report.say.quoted import not_quoted
from chatlab.text.patterns import shorten
from chatlab.translation import _, format_number, format_share, format_time

# Columns of handles.
PEOPLE = ("author", "to", "by")

LEAST_SHARE = 0.005
SHARES = [
    "share",
    "known",
    "clarity",
    "coverage",
    "elsewhere",
    "people_share",
    "inside",
    "returned",
    "connected",
    "came_again",
    "seen",
]


def cell_html(column: str, value: Any, zone: str) -> str:
    """Write one value of a table as HTML: links that lead to the web, handles that break well."""
    if column == "url":
        return web_link(value)
    if column == "links":
        return " ".join(web_link(one, str(i)) for i, one in enumerate(value, 1))
    if column in PEOPLE:
        # A long handle breaks after its underscores and dots, not within a word.
        handle = escape(cell_text(column, value, zone))
        return re.sub(r"([_.])", r"\1<wbr>", handle)
    return escape(cell_text(column, value, zone))


def web_link(value: Any, word: str | None = None) -> str:
    """Write a link; only web links become links: `javascript:` and the like stay out."""
    if not isinstance(value, str) or not value.startswith(("https://", "http://")):
        return ""
    address, word = escape(value, quote=True), escape(word or _("open"))
    return f'<a href="{address}" rel="noopener noreferrer nofollow">{word}</a>'


def cell_text(column: str, value: Any, zone: str = "UTC") -> str:
    """Write one value of a table as the current language does."""
    if isinstance(value, list | tuple | np.ndarray):
        return ", ".join(map(str, value))
    if pd.isna(value):
        if column in ("text", "question_text"):
            return not_quoted()
        return _("cannot be computed") if column == "value" else "–"
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, pd.Timestamp):
        return format_time(value, zone)
    if column == "p_value":
        return format_number(float(value), 3)
    if column in ("over_seeds", "over_people", "dispersion", "participation"):
        return format_number(float(value), 2)
    if column == "share" and 0 < value < LEAST_SHARE:
        return f"< {format_share(0.01)}"
    if column == "engagement_rate":
        return format_share(float(value), decimals=1)
    if column in SHARES:
        return format_share(float(value))
    if column == "change":
        return f"{'+' if value >= 0 else '−'}{format_share(abs(float(value)))}"
    if isinstance(value, float) and not float(value).is_integer():
        return format_number(value, 1)
    if isinstance(value, (int, float)) or hasattr(value, "__index__"):
        return format_number(float(value))
    if column == "text":
        return shorten(str(value))
    if column in PEOPLE:
        return f"@{value}"
    if column in ("formula", "source"):
        return _(str(value))
    # Only codes are translated: a theme that people named "open" keeps its name.
    return _(VALUES[str(value)]) if column in CODED and str(value) in VALUES else str(value)
