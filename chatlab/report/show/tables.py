"""Tables as HTML: heads, units, legends; nothing of a post runs."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from html import escape

import pandas as pd

from chatlab.progress import ABSENT, ANSWER, LAB, MARK, METHOD
from chatlab.report.glossary_columns import COLUMNS
from chatlab.report.show.cells import PEOPLE, cell_html
from chatlab.report.show.style import notebook_script, notebook_style
from chatlab.translation import (
    _,
    current_language,
    format_number,
    plural,
)

# So many rows more can be unfolded.
FOLDED = 200
# Columns of sentences: they need room, and read from the left.
WORDS = (
    *("text", "formula", "reasons", "notes", "phrases", "name", "cue", "rule", "question_text"),
    *(
        "best_text",
        "best_words",
        "author_bio",
        "about",
        "note",
        "figures",
        "why",
        "thank_you",
        "invitation",
    ),
)


@dataclass(frozen=True)
class Shown:
    """Something to look at: HTML for a page, plain text for a terminal.

    Attributes
    ----------
    html, text
        The two.
    method
        HTML that says how it was made or how to read it; a report folds it away.
    absent
        Why there is nothing, where there is nothing; a report leaves the block out.
    width
        How wide a report shows it: empty for all of the page, or `two-thirds`, `half`, `third`.
    """

    html: str
    text: str
    method: str = ""
    absent: str = ""
    width: str = ""

    def _repr_html_(self) -> str:
        if not self.html and self.absent:
            return _block(f'<p class="note">{escape(self.absent)}</p>')
        return _block(self.html + self.method, self.width)

    def _ipython_display_(self) -> None:
        if self.html:
            _display(_block(self.html, self.width), self.text)
        elif self.absent:
            _display(self._repr_html_(), self.absent, ABSENT)
        if self.method:
            _display(_block(self.method), "", METHOD)

    def __repr__(self) -> str:
        return self.text


@dataclass(frozen=True)
class Answer(Shown):
    """The answer of a notebook, and what its chat is called."""

    chat: str = ""

    def _ipython_display_(self) -> None:
        # It comes first: the style of all that follows comes with it, and what answers a click.
        find = escape(_("Find a word"))
        told = f'<div lang="{current_language()}" data-find="{find}"></div>'
        _display(notebook_style() + told + _block(self.html), self.text, ANSWER, chat=self.chat)
        _put({"application/javascript": notebook_script()}, "", {MARK: LAB})


def _block(html: str, width: str = "") -> str:
    # JupyterLab would make a formula of "from $5 to $10" in a post.
    return f'<div class="block {width} mathjax_ignore tex2jax_ignore">{html}</div>'


def _display(html: str, text: str, kind: str = "", **told: str) -> None:
    _put({"text/html": html}, text, {MARK: kind, **told} if kind else {})


def _put(bundle: Mapping[str, str], text: str, metadata: Mapping[str, str]) -> None:
    from IPython.display import display

    display({**bundle, "text/plain": text}, raw=True, metadata=metadata)  # type: ignore[no-untyped-call]


def answer(
    sentence: str,
    *,
    about: str = "",
    title: str = "",
    facts: Mapping[str, str] | None = None,
) -> Shown:
    """Show the answer of a notebook, large.

    Parameters
    ----------
    sentence
        The answer.
    about
        Which posts it is about, from `say.scope`; shown above it.
    title
        What the chat is called; a report's menu begins with it.
    facts
        What else to know at once, from `say.about`: each name with its value.
    """
    scope = f'<p class="scope">{escape(about)}</p>' if about else ""
    pairs = "".join(
        f"<div><dt>{escape(name)}</dt><dd>{escape(value)}</dd></div>"
        for name, value in (facts or {}).items()
    )
    known = f'<dl class="facts">{pairs}</dl>' if pairs else ""
    whole = f"{about}\n{sentence}" if about else sentence
    html = f'{scope}{known}<p class="answer">{escape(sentence)}</p>'
    return Answer(html, whole, chat=title)


def lines(lines: Iterable[str], *, empty: str = "") -> Shown:
    """Show sentences as a list; where there is none, `empty` says why."""
    told = list(lines)
    if not told:
        return Shown("", empty, absent=empty)
    text = "\n".join(f"- {line}" for line in told)
    if len(told) == 1:
        return Shown(f"<p>{escape(told[0])}</p>", text, width="two-thirds")
    items = "".join(f"<li>{escape(line)}</li>" for line in told)
    return Shown(f'<ul class="lines">{items}</ul>', text, width="two-thirds")


def one_after_the_other(parts: Sequence[Shown]) -> Shown:
    """Show several things as one."""
    html, text = "".join(part.html for part in parts), "\n\n".join(part.text for part in parts)
    return Shown(html, text, method="".join(dict.fromkeys(part.method for part in parts)))


def aside(shown: Shown) -> Shown:
    """Show something in the fold that says how a section was made: a table behind a chart.

    Parameters
    ----------
    shown
        From any function of `show`.
    """
    if not shown.html:
        why = f"<p>{escape(shown.absent)}</p>" if shown.absent else ""
        return Shown("", shown.text, method=why)
    title = escape(_("The figures behind it"))
    html = f"<details><summary>{title}</summary>{shown.html}</details>{shown.method}"
    return Shown("", shown.text, method=html)


def team_only(shown: Shown, *, for_client: bool) -> Shown:
    """Show what single people do to the team alone: a report for a client leaves it out.

    Parameters
    ----------
    shown
        From any function of `show`.
    for_client
        As chat.toml, or `--for-client`, says.
    """
    return nothing(_("what single people do stays with the team.")) if for_client else shown


def nothing(why: str) -> Shown:
    """Show that there is nothing, and say why."""
    return lines([], empty=why)


def table(
    table: pd.DataFrame,
    *,
    zone: str = "UTC",
    n: int = 50,
    name: str | None = None,
    of: str = "",
) -> Shown:
    """Show a table of the library with translated heads and, folded, how each column was made.

    Parameters
    ----------
    table
        A table of this library; a named index is shown as the first column.
    zone
        Time zone for instants.
    n
        Rows to be seen at once; up to 200 more can be unfolded.
    name
        The accessible name of the table.
    of
        What the table is of, where columns mean something else there than elsewhere: `account`,
        `groups`.
    """
    whole = table.reset_index() if table.index.name else table
    names = [str(column) for column in whole.columns]
    if whole.empty:
        return lines([], empty=_("Nothing to show here."))
    heads = "".join(
        f'<th scope="col"{_side(whole[column])}>{escape(_head(column, of))}</th>'
        for column in names
    )
    rows = _rows_html(whole.head(n + FOLDED), zone)
    label = escape(name or _("Table"))
    html = _grid(heads, rows[:n], label)
    if more := len(whole) - n:
        html += _folded(heads, rows[n:], more, label) if more > 0 else ""
    return Shown(html, whole.head(n).to_string(index=False), method=_legend(names, of))


def _rows_html(table: pd.DataFrame, zone: str) -> list[str]:
    sides = {name: _side(table[name]) for name in table.columns}
    rows = []
    for _key, row in table.iterrows():
        cells = (f"<td{sides[c]}>{cell_html(str(c), row[c], zone)}</td>" for c in table.columns)
        rows.append(f"<tr>{''.join(cells)}</tr>")
    return rows


def _grid(heads: str, rows: Iterable[str], label: str) -> str:
    return (
        f'<div class="table" tabindex="0" role="group" aria-label="{label}">'
        f"<table><thead><tr>{heads}</tr></thead><tbody>{''.join(rows)}</tbody></table></div>"
    )


def _folded(heads: str, rows: Sequence[str], more: int, label: str) -> str:
    """Fold away the rows that few want; of very many, say how many there are."""
    told = plural("{n} more row", "{n} more rows", more)
    if more > len(rows):
        told += " " + _("(the first {n} of them here)").format(n=format_number(len(rows)))
    summary = f"<summary>{escape(told)}</summary>"
    return f"<details>{summary}{_grid(heads, rows, label)}</details>"


def _entry(column: str, of: str) -> tuple[str, str] | None:
    """Give head and meaning of a column: those of this table, else those of all tables."""
    found = COLUMNS.get(f"{of}.{column}") or COLUMNS.get(column)
    return (_(found[0]), _(found[1])) if found else None


def _head(column: str, of: str) -> str:
    entry = _entry(column, of)
    return entry[0] if entry else column


def _legend(names: Collection[str], of: str) -> str:
    known = [entry for name in names if (entry := _entry(name, of))]
    items = "".join(f"<dt>{escape(head)}</dt><dd>{escape(told)}</dd>" for head, told in known)
    title = escape(_("How to read this table"))
    return f'<details><summary>{title}</summary><dl class="legend">{items}</dl></details>'


def _side(column: pd.Series) -> str:
    kind = column.dtype
    # JupyterLab sets every cell to the right; a page has its own style.
    left = ' style="text-align:left"'
    if column.name in PEOPLE:
        return f' class="who"{left}'
    if column.name in WORDS:
        return f' class="words"{left}'
    if pd.api.types.is_datetime64_any_dtype(kind):
        return f' class="when"{left}'
    numeric = pd.api.types.is_numeric_dtype(kind) and not pd.api.types.is_bool_dtype(kind)
    return ' class="number"' if numeric else left
