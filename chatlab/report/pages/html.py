"""Notebooks as HTML in which nothing of a post runs."""

from __future__ import annotations

import ast
from pathlib import Path
from typing import Any

import mistune
import nh3
from nbformat import NotebookNode

from chatlab.progress import MARK
from chatlab.report.pages.figures import MIMETYPE, PICTURES, figure_html, is_figure, picture_of
from chatlab.translation import SOURCE_LANGUAGE, languages, translate

TEMPLATES = Path(__file__).parent / "templates"
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
            if is_figure(data.get(MIMETYPE)):
                output["data"] = {"text/html": figure_html(data[MIMETYPE], figures, lang)}
                figures += 1
                continue
            data.pop(MIMETYPE, None)
            if "text/html" in data:
                data["text/html"] = sanitised(str(data["text/html"]))
            for kind, begin in PICTURES.items():
                if kind in data and (picture := picture_of(data.pop(kind), begin)):
                    data[kind] = picture
    return figures


def template_text(name: str) -> str:
    """Return one of the page's own files: its style or its script."""
    return (TEMPLATES / name).read_text(encoding="utf-8")


def content_policy(hashes: list[str]) -> str:
    """Write the content security policy: our scripts by hash, and nothing from anywhere."""
    return (
        f"default-src 'none'; script-src {' '.join(hashes)}; style-src 'unsafe-inline'; "
        "img-src data: blob:; font-src data:; base-uri 'none'; form-action 'none'; "
        "object-src 'none'; frame-src 'none'"
    )
