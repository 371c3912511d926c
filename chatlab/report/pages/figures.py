"""Figures on a page: drawn by the page's own plotly, or a picture of them."""

from __future__ import annotations

import base64
import gzip
import hashlib
import json
import math
from collections.abc import Mapping
from functools import cache
from typing import Any

from chatlab.report.figure_text import figure_caption

MIMETYPE = "application/vnd.plotly.v1+json"
MOST_HEIGHT = 5_000
PICTURES = {"image/png": b"\x89PNG\r\n\x1a\n", "image/jpeg": b"\xff\xd8\xff"}


def picture_of(content: object, begin: bytes) -> str:
    """Return a picture in base64 again; empty where it is none, and might be markup."""
    try:
        raw = base64.b64decode("".join(str(content).split()), validate=True)
    except ValueError:
        return ""
    return base64.b64encode(raw).decode() if raw.startswith(begin) else ""


def is_figure(content: object) -> bool:
    """Tell whether the output of a cell is a figure of plotly."""
    return (
        isinstance(content, Mapping)
        and isinstance(content.get("data"), list)
        and isinstance(content.get("layout", {}), Mapping)
    )


def figure_html(figure: Mapping[str, Any], number: int, lang: str) -> str:
    """Write a figure as data, with its title and its text alternative."""
    layout = figure.get("layout", {})
    content = json.dumps(_finite({"data": figure["data"], "layout": layout}), separators=(",", ":"))
    safe = content.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")
    height = _height(layout.get("height"))
    return (
        f'<figure><figcaption id="about-{number}">{figure_caption(layout, lang)}</figcaption>'
        f'<div class="plot" id="plot-{number}" role="group" aria-labelledby="about-{number}" '
        f'style="height:{height}px"></div>'
        f'<script type="application/json" class="figure">{safe}</script>'
        "</figure>"
    )


def _height(asked: object) -> int:
    known = isinstance(asked, int | float) and math.isfinite(asked)
    return min(max(int(asked), 50), MOST_HEIGHT) if known else 400  # type: ignore[call-overload]


def _finite(value: Any) -> Any:
    """Put null for what JSON does not know: one NaN would keep all figures from being drawn."""
    if isinstance(value, Mapping):
        return {str(name): _finite(one) for name, one in value.items()}
    if isinstance(value, list | tuple):
        return [_finite(one) for one in value]
    return None if isinstance(value, float) and not math.isfinite(value) else value


@cache
def packed_plotly() -> tuple[str, str]:
    """Return plotly.js, gzipped in base64, and the hash that lets it run."""
    from plotly.offline import get_plotlyjs

    code = get_plotlyjs().encode()
    # No time stamp in the gzip header: the same input makes the same report.
    return base64.b64encode(gzip.compress(code, 9, mtime=0)).decode(), script_hash(code)


def script_hash(code: bytes) -> str:
    """Return the CSP source that allows exactly this script."""
    return f"'sha256-{base64.b64encode(hashlib.sha256(code).digest()).decode()}'"
