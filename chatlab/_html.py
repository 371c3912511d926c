"""From a run notebook to safe HTML: sanitised texts, figures as data, nothing from outside."""

from __future__ import annotations

import ast
import base64
import gzip
import hashlib
import json
import math
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import mistune
import nh3
from nbformat import NotebookNode

from chatlab._figure_text import figure_caption, figure_table
from chatlab._progress import MARK
from chatlab.messages import SOURCE_LANGUAGE, languages, translate

MIMETYPE = "application/vnd.plotly.v1+json"
TEMPLATES = Path(__file__).parent / "templates"

MOST_HEIGHT = 5_000
_PICTURES = {"image/png": b"\x89PNG\r\n\x1a\n", "image/jpeg": b"\xff\xd8\xff"}

# No maths plug-in: "$5 to $10" in a sentence would become a formula.
_markdown = mistune.create_markdown(escape=True, plugins=["table"])

_TAGS = {
    *nh3.ALLOWED_TAGS,
    "details",
    "summary",
    "section",
    "figure",
    "figcaption",
    "dl",
    "dt",
    "dd",
}
_ATTRIBUTES = {
    # No id: an output with `id="plotly"` would stand in for the page's own element.
    "*": {"class", "lang", "role", "aria-label", "tabindex"},
    "a": {"href"},
    "th": {"scope", "colspan", "rowspan"},
    "td": {"colspan", "rowspan"},
}


def sanitised(markup: str) -> str:
    """Keep the formatting of a piece of HTML and nothing that runs, loads or leads astray."""
    return nh3.clean(
        markup,
        tags=_TAGS - {"img", "map", "area"},
        attributes={name: set(values) for name, values in _ATTRIBUTES.items()},
        url_schemes={"http", "https", "mailto"},
        link_rel="noopener noreferrer nofollow",
    )


def translated(text: str, lang: str) -> str:
    """Translate Markdown block by block: what stands between blank lines is one message."""
    if lang == SOURCE_LANGUAGE:
        return text
    return "\n\n".join(translate(block, lang) for block in markdown_blocks(text))


def markdown_blocks(text: str) -> list[str]:
    """Split a Markdown cell into the blocks that the catalogue holds."""
    return [block.strip() for block in text.split("\n\n") if block.strip()]


def parameter_values(notebook: NotebookNode) -> dict[str, Any]:
    """Read the parameters that a notebook was run with: plain assignments in its tagged cells."""
    values: dict[str, Any] = {}
    for tag in ("parameters", "injected-parameters"):
        for cell in notebook.cells:
            if tag in cell.metadata.get("tags", ()):
                values |= _assignments(cell.source)
    return values


def _assignments(source: str) -> dict[str, Any]:
    try:
        lines = ast.parse(source).body
    except SyntaxError:
        return {}
    found = {}
    for line in lines:
        if isinstance(line, ast.Assign) and isinstance(line.targets[0], ast.Name):
            try:
                found[line.targets[0].id] = ast.literal_eval(line.value)
            except ValueError:
                continue
    return found


def notebook_language(notebook: NotebookNode) -> str:
    """Return the language that a notebook was run in."""
    lang = parameter_values(notebook).get("lang", SOURCE_LANGUAGE)
    return lang if lang in languages() else SOURCE_LANGUAGE


def fold_quiet_cells(notebook: NotebookNode) -> None:
    """Put the code of cells that show nothing before that of the next cell that does."""
    for cell in notebook.cells:
        outputs = cell.get("outputs", [])
        # A caption comes with its figure, and a bar was for whoever waited.
        outputs[:] = [one for one in outputs if MARK not in one.get("metadata", {})]
    has_injected = any(
        "injected-parameters" in cell.metadata.get("tags", ()) for cell in notebook.cells
    )
    kept: list[NotebookNode] = []
    waiting: list[str] = []
    for cell in notebook.cells:
        if cell.cell_type == "code":
            replaced = has_injected and "parameters" in cell.metadata.get("tags", ())
            waiting += [] if replaced else [cell.source]
            if not cell.get("outputs"):
                continue
            cell.source = "\n\n".join(waiting)
            waiting = []
        kept.append(cell)
    notebook.cells = kept


def make_safe(notebook: NotebookNode, lang: str) -> int:
    """Translate, sanitise and turn figures into data, in place; return the number of figures."""
    figures = 0
    fold_quiet_cells(notebook)
    for cell in notebook.cells:
        if cell.cell_type == "markdown":
            markup = sanitised(str(_markdown(translated(cell.source, lang))))
            cell.metadata["chatlab_html"] = markup
        for output in cell.get("outputs", []):
            data = output.get("data")
            if data is None:
                continue
            # The last value of a cell and what it displays look the same on a page.
            output["output_type"] = "display_data"
            if _is_figure(data.get(MIMETYPE)):
                output["data"] = {"text/html": figure_html(data[MIMETYPE], figures, lang)}
                figures += 1
                continue
            data.pop(MIMETYPE, None)
            if "text/html" in data:
                data["text/html"] = sanitised(str(data["text/html"]))
            for kind, begin in _PICTURES.items():
                if kind in data and (picture := _picture(data.pop(kind), begin)):
                    data[kind] = picture
    return figures


def _picture(content: object, begin: bytes) -> str:
    """Return a picture in base64 again; empty where it is none, and might be markup."""
    try:
        raw = base64.b64decode("".join(str(content).split()), validate=True)
    except ValueError:
        return ""
    return base64.b64encode(raw).decode() if raw.startswith(begin) else ""


def _is_figure(content: object) -> bool:
    return (
        isinstance(content, Mapping)
        and isinstance(content.get("data"), list)
        and isinstance(content.get("layout", {}), Mapping)
    )


def figure_html(figure: Mapping[str, Any], number: int, lang: str) -> str:
    """Write a figure as data, with its title, its text alternative and its figures in a table."""
    layout = figure.get("layout", {})
    content = json.dumps(_finite({"data": figure["data"], "layout": layout}), separators=(",", ":"))
    safe = content.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")
    height = _height(layout.get("height"))
    return (
        f'<figure><figcaption id="about-{number}">{figure_caption(layout, lang)}</figcaption>'
        f'<div class="plot" id="plot-{number}" role="group" aria-labelledby="about-{number}" '
        f'style="height:{height}px"></div>'
        f'<script type="application/json" class="figure">{safe}</script>'
        f"{figure_table(layout, lang)}</figure>"
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


def template_text(name: str) -> str:
    """Return one of the page's own files: its style or its script."""
    return (TEMPLATES / name).read_text(encoding="utf-8")


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


def content_policy(hashes: list[str]) -> str:
    """Write the content security policy: our scripts by hash, and nothing from anywhere."""
    return (
        f"default-src 'none'; script-src {' '.join(hashes)}; style-src 'unsafe-inline'; "
        "img-src data: blob:; font-src data:; base-uri 'none'; form-action 'none'; "
        "object-src 'none'; frame-src 'none'"
    )
