"""A notebook as sections: what is shown first, and how it was made folded at the end of each."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from html import escape
from itertools import groupby

from nbformat import NotebookNode
from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexers import PythonLexer

from chatlab.progress import ABSENT, ANSWER, METHOD
from chatlab.report.pages.html import kind_of
from chatlab.translation import mark, translate

CODE = mark("The code")
FOLD = mark("Method")
LEFT_OUT = mark("Left out: {why}")
NOTHING = mark("there is nothing to show.")
# A fold within a fold would ask for two clicks.
_FOLD = re.compile(r"<details[^>]*>\s*<summary>(.*?)</summary>", re.DOTALL)
_HEAD = re.compile(r"<h([12])>(.*?)</h\1>", re.DOTALL)
_NAME = re.compile(r"[^\W_]+")


@dataclass(frozen=True)
class Section:
    """A section that a page shows: where it is, and what it is called."""

    id: str
    name: str


@dataclass
class Layout:
    """What a page has.

    Attributes
    ----------
    sections
        Those to be seen.
    left_out
        The name of each section that had nothing to show, and why.
    chat
        What the chat is called; empty where no cell says it.
    """

    sections: list[Section] = field(default_factory=list)
    left_out: list[dict[str, str]] = field(default_factory=list)
    chat: str = ""


def lay_out(notebook: NotebookNode, lang: str) -> Layout:
    """Part a notebook that was made safe into sections, in place: one opens at every `##`.

    The code of a section, its legends and the figures behind its charts stand in one fold at its
    end. A section with code of which nothing is to be seen is left out, and its reason kept; its
    code goes to the next one's.
    """
    layout = Layout()
    kept: list[NotebookNode] = []
    waiting: list[str] = []
    for number, cells in enumerate(_sections(notebook.cells)):
        code = [*waiting, *(c.source for c in cells if c.cell_type == "code" and c.source.strip())]
        method, reasons = _take_aside(cells)
        shown = any(cell.get("outputs") for cell in cells)
        is_empty = number > 0 and any(c.cell_type == "code" for c in cells) and not shown
        name = _name(cells[0], number)
        if is_empty:
            why = reasons[0] if reasons else translate(NOTHING, lang)
            told = translate(LEFT_OUT, lang).format(why=why)
            layout.left_out.append({"name": name, "why": told})
            waiting = code
            continue
        waiting = []
        if number == 0:
            layout.chat = _masthead(cells)
        section = Section(_id(cells[0], number), name)
        if number:
            layout.sections.append(section)
        opened = f'<section class="part" id="{section.id}">'
        if not number:
            opened = '<section class="part first">'
        cells[0].metadata["chatlab_before"] = opened
        cells[-1].metadata["chatlab_after"] = f"{_fold(method, code, lang)}</section>"
        kept += cells
    notebook.cells = kept
    return layout


def _sections(cells: Sequence[NotebookNode]) -> Iterator[list[NotebookNode]]:
    part: list[NotebookNode] = []
    for cell in cells:
        cell.metadata.setdefault("chatlab_before", "")
        cell.metadata.setdefault("chatlab_after", "")
        if cell.cell_type == "markdown" and cell.source.startswith("## ") and part:
            yield part
            part = []
        part.append(cell)
    if part:
        yield part


def _take_aside(cells: Sequence[NotebookNode]) -> tuple[list[str], list[str]]:
    """Take how things were made, and why some are not there, out of the outputs."""
    method, reasons = [], []
    for cell in cells:
        if METHOD in cell.metadata.get("tags", ()):
            method.append(cell.metadata.get("chatlab_html", ""))
            cell.metadata["chatlab_html"] = ""
        rest = []
        for output in cell.get("outputs", []):
            kind = kind_of(output)
            if kind == METHOD:
                method.append(_unfolded(output["data"]["text/html"]))
            elif kind == ABSENT:
                reasons.append(str(output["data"]["text/plain"]))
            else:
                rest.append(output)
        if cell.cell_type == "code":
            cell.outputs = rest
    return method, reasons


def _unfolded(markup: str) -> str:
    return _FOLD.sub(r'<p class="head">\1</p>', markup).replace("</details>", "")


def _fold(method: Sequence[str], code: Sequence[str], lang: str) -> str:
    parts = list(dict.fromkeys(method))
    if code:
        pages_code = highlight("\n\n".join(code), PythonLexer(), HtmlFormatter())
        head = escape(translate(CODE, lang))
        # A region that can be scrolled must be reached by the keyboard.
        pages_code = pages_code.replace("<pre>", '<pre tabindex="0">', 1)
        parts.append(f'<p class="head">{head}</p>{pages_code}')
    if not parts:
        return ""
    summary = escape(translate(FOLD, lang))
    return f'<details class="method"><summary>{summary}</summary>{"".join(parts)}</details>'


def _name(cell: NotebookNode, number: int) -> str:
    """Return what a section is called on its page: its heading, in the page's language."""
    found = _HEAD.search(cell.metadata.get("chatlab_html", ""))
    return re.sub(r"<[^<>]{0,500}>", "", found[2]) if found else str(number)


def _id(cell: NotebookNode, number: int) -> str:
    """Name a section in links by its heading as it was written, the same in every language."""
    head = cell.source.splitlines()[0] if cell.source else ""
    return "-".join(_NAME.findall(head.casefold())) or f"part-{number}"


def _masthead(cells: Sequence[NotebookNode]) -> str:
    """Put the answer under the title, and return what the chat is called."""
    title = cells[0]
    for cell in cells:
        for output in cell.get("outputs", []):
            if kind_of(output) != ANSWER:
                continue
            cell.outputs.remove(output)
            markup = title.metadata.get("chatlab_html", "")
            head = _HEAD.search(markup)
            first, rest = (head[0], markup.replace(head[0], "", 1)) if head else ("", markup)
            answer = output["data"]["text/html"]
            html = f'<header class="mast">{first}{answer}</header>{rest}'
            title.metadata["chatlab_html"] = html
            return str(output["metadata"].get("chat", ""))
    return ""


def grouped(pages: Sequence[dict[str, object]]) -> list[dict[str, object]]:
    """Group the pages of a report for its menu: one group for each label in turn."""
    return [
        {"label": label, "pages": list(some)}
        for label, some in groupby(pages, key=lambda page: page.get("group", ""))
    ]
