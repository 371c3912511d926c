"""Key figures as tiles."""

from __future__ import annotations

from html import escape

import pandas as pd

from chatlab.report.show.marks import bars
from chatlab.report.show.tables import Shown
from chatlab.translation import _, format_number, format_share, mark

NAMES = {
    "posts": mark("Posts"),
    "people": mark("People"),
    "newcomers": mark("Newcomers"),
    "questions": mark("Questions answered"),
    "reach": mark("Reach, at most"),
}
MEANINGS = {
    "posts": mark("All posts, reposts included."),
    "people": mark("Different people who wrote or reposted."),
    "newcomers": mark("In no edition before; hosts and panel are left out."),
    "questions": mark("Numbered questions of the host that drew an answer."),
    "reach": mark("Followers of everybody, added up: nobody knows who read, or how many overlap."),
}
SAME = 0.03


def tiles(table: pd.DataFrame, *, edition: int | None = None) -> Shown:
    """Show key figures as tiles: each with its change and, over the editions, a bar each.

    Parameters
    ----------
    table
        From `key_figures`.
    edition
        The edition to point out.
    """
    parts, texts = [], []
    for figure, this, out_of, usual, history in table.itertuples(name=None):
        name = _(NAMES[figure])
        value = format_number(this)
        of = "" if pd.isna(out_of) else f" / {format_number(out_of)}"
        change = _change(this, usual)
        drawn = ""
        if len(history) > 1:
            labels = [str(number) for number in range(1, len(history) + 1)]
            here = -1 if edition is None else edition - 1
            drawn = bars(history, labels, name, here=here, plain=True)
        told = f'<span class="change">{escape(change)}</span>' if change else ""
        parts.append(
            f'<div><dt>{escape(name)}</dt><dd class="value">{escape(value)}<i>{escape(of)}</i></dd>'
            f"<dd>{drawn}{told}</dd></div>"
        )
        texts.append(f"{name}: {value}{of} {change}".rstrip())
    legend = "".join(
        f"<dt>{escape(_(NAMES[one]))}</dt><dd>{escape(_(MEANINGS[one]))}</dd>"
        for one in table.index
    )
    usual_told = escape(_("The median of the other editions."))
    usual = escape(_("Usual"))
    legend += f"<dt>{usual}</dt><dd>{usual_told}</dd>"
    head = escape(_("What was counted"))
    method = f'<details><summary>{head}</summary><dl class="legend">{legend}</dl></details>'
    return Shown(f'<dl class="tiles">{"".join(parts)}</dl>', "\n".join(texts), method=method)


def _change(this: float, usual: float | None) -> str:
    if usual is None or pd.isna(usual) or not usual:
        return ""
    change, known = this / usual - 1, format_number(usual, 0 if float(usual).is_integer() else 1)
    if abs(change) < SAME:
        return _("as usual ({usual})").format(usual=known)
    sign = "▲" if change > 0 else "▼"
    share = format_share(abs(change))
    told = (
        _("{share} more than usual ({usual})")
        if change > 0
        else _("{share} fewer than usual ({usual})")
    )
    return f"{sign} {told.format(share=share, usual=known)}"
