"""One notebook as one page, for nbconvert and JupyterLab."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from nbconvert.exporters import HTMLExporter
from nbformat import NotebookNode
from pygments.formatters import HtmlFormatter
from traitlets import default

from chatlab import __version__
from chatlab.io.safe_files import write_safely
from chatlab.report.pages.figures import MIMETYPE, packed_plotly, script_hash
from chatlab.report.pages.html import (
    TEMPLATES,
    content_policy,
    make_safe,
    notebook_language,
    template_text,
)
from chatlab.report.pages.layout import Layout, grouped, lay_out
from chatlab.report.pages.run import notebook_title
from chatlab.report.show.style import ASKING, BLOCKS
from chatlab.translation import mark, translate

# By this a page tells that it may be written over; it stands near the page's beginning.
MADE_BY = (b'name="generator"', b'content="chatlab ')
HEAD = 20_000
_WORDS = {
    "skip": mark("Skip to the content"),
    "pages": mark("Pages of this report"),
    "menu": mark("Menu"),
    "find": mark("Find a word"),
    "picture": mark("Picture"),
    "footer": mark(
        "Made with chatlab {version}. This page works offline and asks nothing of the network. "
        "Posts are quoted from the file that was read; counts are those of the day it was "
        "collected."
    ),
}


class ChatlabExporter(HTMLExporter):
    """nbconvert exporter `chatlab`: one HTML file that opens offline and runs no post."""

    export_from_notebook = "chatlab report (HTML)"
    template_name = "chatlab"

    @default("extra_template_basedirs")
    def _own_templates(self) -> list[str]:
        return [str(TEMPLATES)]

    @property
    def default_config(self) -> Any:
        """Rank the kinds of output that a page can show."""
        config = super().default_config
        # nbconvert drops a mimetype that is not in this list without a word.
        priority = [MIMETYPE, "text/html", "image/png", "image/jpeg", "text/plain"]
        config.merge({"NbConvertBase": {"display_data_priority": priority}})
        return config

    def _preprocess(self, nb: NotebookNode, resources: Any) -> tuple[NotebookNode, dict[str, Any]]:
        # After all other preprocessors, so that `nbconvert --execute` has run the cells by now.
        safe, resources = super()._preprocess(nb, resources)  # type: ignore[no-untyped-call]
        lang = notebook_language(safe)
        title = notebook_title(safe, lang)
        figures = make_safe(safe, lang)
        layout = lay_out(safe, lang)
        resources["page"] = {
            **_page(title, lang, figures),
            **_menu(layout, resources.get("chatlab_nav", [])),
        }
        return safe, resources


def _menu(layout: Layout, nav: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    here = [str(page["name"]) for page in nav if page["here"]]
    return {
        "menu": grouped([dict(page) for page in nav]),
        "here": ": ".join([*([layout.chat] if layout.chat else []), *here]),
        "chat": layout.chat or "chatlab",
        "sections": layout.sections,
        "left_out": layout.left_out,
    }


def _page(title: str, lang: str, figures: int) -> dict[str, Any]:
    boot = ASKING + template_text("boot.js")
    hashes = [script_hash(boot.encode())]
    plotly = ""
    if figures:
        plotly, allowed = packed_plotly()
        hashes.append(allowed)
    # The one style of pygments that keeps its contrast on light and on dark paper.
    code_style = str(HtmlFormatter(style="bw").get_style_defs(".highlight"))  # type: ignore[no-untyped-call]
    return {
        "lang": lang,
        "title": title,
        "csp": content_policy(hashes),
        "style": template_text("style.css") + BLOCKS + code_style,
        "boot": boot,
        "plotly": plotly,
        "version": __version__,
        "words": {
            name: translate(text, lang).replace("{version}", __version__)
            for name, text in _WORDS.items()
        },
    }


def export_html(notebook: NotebookNode, path: str | Path) -> None:
    """Write a run notebook as one HTML file that opens offline.

    Parameters
    ----------
    notebook
        From `run_notebook`.
    path
        Where to write; the file is written whole or not at all.
    """
    write_safely(path, page_html(notebook).encode())


def page_html(notebook: NotebookNode, nav: Sequence[Mapping[str, Any]] = ()) -> str:
    """Return the page of a run notebook, with the way to other pages."""
    body, _resources = ChatlabExporter().from_notebook_node(  # type: ignore[no-untyped-call]
        notebook, resources={"chatlab_nav": list(nav)}
    )
    return str(body)


def notebook_answer(notebook: NotebookNode) -> str:
    """Return the answer that a run notebook gives: the text of its cell tagged `answer`."""
    for cell in notebook.cells:
        if "answer" in cell.metadata.get("tags", ()):
            for output in cell.get("outputs", []):
                if text := output.get("data", {}).get("text/plain", ""):
                    return str(text)
    return ""
