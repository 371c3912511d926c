"""Notebooks as HTML in which nothing of a post runs."""

from __future__ import annotations

import ast
import re
from pathlib import Path
from typing import Any

import mistune
import nh3
from nbformat import NotebookNode
from nbformat.v4 import new_output

from chatlab.progress import CAPTION, LAB, MARK, METHOD, PROGRESS
from chatlab.report.figure_text import figure_table
from chatlab.report.pages.figures import MIMETYPE, PICTURES, figure_html, is_figure, picture_of
from chatlab.translation import SOURCE_LANGUAGE, languages, translate

TEMPLATES = Path(__file__).parent / "templates"
# What may be linked to within a page: a theme, a question, a person.
OWN_ID = re.compile(r"(?:theme|question|person)-\w{1,40}")
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
    "article",
    "footer",
}
_ATTRIBUTES = {
    # No id of one's own: `id="plotly"` would stand in for the page's own element.
    "*": {"class", "lang", "role", "aria-label", "tabindex", "id"},
    "a": {"href"},
    "th": {"scope", "colspan", "rowspan"},
    "td": {"colspan", "rowspan"},
}


def sanitised(markup: str) -> str:
    """Keep the formatting of a piece of HTML and nothing that runs, loads or leads astray."""
    return nh3.clean(
        markup,
        attribute_filter=_only_own_ids,
        tags=_TAGS - {"img", "map", "area"},
        attributes={name: set(values) for name, values in _ATTRIBUTES.items()},
        url_schemes={"http", "https", "mailto"},
        link_rel="noopener noreferrer nofollow",
    )


def _only_own_ids(_tag: str, name: str, value: str) -> str | None:
    return value if name != "id" or OWN_ID.fullmatch(value) else None


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


def leave_out_what_a_page_has(notebook: NotebookNode) -> None:
    """Leave out replaced parameters, bars and the captions that come with their figures anyway."""
    for cell in notebook.cells:
        outputs = cell.get("outputs", [])
        outputs[:] = [one for one in outputs if kind_of(one) not in (PROGRESS, CAPTION, LAB)]
    has_injected = any(
        "injected-parameters" in cell.metadata.get("tags", ()) for cell in notebook.cells
    )
    notebook.cells = [
        cell
        for cell in notebook.cells
        if not (has_injected and "parameters" in cell.metadata.get("tags", ()))
    ]


def kind_of(output: NotebookNode) -> str:
    """Tell what chatlab marked an output as; empty for any other."""
    return str(output.get("metadata", {}).get(MARK, ""))


def make_safe(notebook: NotebookNode, lang: str) -> int:
    """Translate, sanitise and turn figures into data, in place; return the number of figures."""
    figures = 0
    leave_out_what_a_page_has(notebook)
    for cell in notebook.cells:
        if cell.cell_type == "markdown":
            markup = sanitised(str(_markdown(translated(cell.source, lang))))
            cell.metadata["chatlab_html"] = markup
        for output in list(cell.get("outputs", [])):
            data = output.get("data")
            if data is None:
                continue
            # The last value of a cell and what it displays look the same on a page.
            output["output_type"] = "display_data"
            if is_figure(data.get(MIMETYPE)):
                figure = data[MIMETYPE]
                output["data"] = {"text/html": figure_html(figure, figures, lang)}
                if behind := figure_table(figure.get("layout", {}), lang):
                    cell.outputs.append(_output(behind, METHOD))
                figures += 1
                continue
            data.pop(MIMETYPE, None)
            if "text/html" in data:
                data["text/html"] = sanitised(str(data["text/html"]))
            for kind, begin in PICTURES.items():
                if kind in data and (picture := picture_of(data.pop(kind), begin)):
                    data[kind] = picture
    return figures


def _output(markup: str, kind: str) -> NotebookNode:
    output: NotebookNode = new_output(  # type: ignore[no-untyped-call]
        "display_data", data={"text/html": markup}, metadata={MARK: kind}
    )
    return output


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
