"""Themes as cards: how each comes back, what was told in it, and how it reads."""

from __future__ import annotations

from html import escape

import pandas as pd

from chatlab.report.glossary import VALUES
from chatlab.report.show.marks import bars
from chatlab.report.show.quotes import quote_card, quoted_words
from chatlab.report.show.tables import Shown, nothing
from chatlab.translation import _, mark, plural

QUOTES = 2
# So many themes are seen at once.
SEEN = 5
COUNTED = {
    "friction": mark("Frictions"),
    "solution": mark("Solutions"),
    "case": mark("Cases"),
}


def theme_cards(
    table: pd.DataFrame,
    posts: pd.DataFrame,
    *,
    counts: pd.DataFrame,
    recurrence: pd.DataFrame,
    insights: pd.DataFrame,
    zone: str = "UTC",
) -> Shown:
    """Show themes as cards, those of most people first; the others unfold.

    Parameters
    ----------
    table
        From `theme_table`, with `stable`.
    posts
        The posts table.
    counts
        From `theme_counts`.
    recurrence
        From `theme_recurrence`.
    insights
        From `insight_table`: people who told a friction, solution or case in each theme.
    zone
        Time zone for instants.
    """
    if table.empty:
        return nothing(_("too few posts speak of one subject."))
    order = table.sort_values(["people", "posts"], ascending=False, kind="stable").index
    cards, texts = [], []
    for theme in map(int, order):
        row = table.loc[[theme]].iloc[0]
        size = _("{posts} by {people}").format(
            posts=plural("{n} post", "{n} posts", int(row["posts"])),
            people=plural("{n} person", "{n} people", int(row["people"])),
        )
        returns = kind_of_return(recurrence, theme)
        figures = "".join(
            f"<div><dt>{escape(name)}</dt><dd>{escape(value)}</dd></div>"
            for name, value in _figures(row, insights, theme)
        )
        cards.append(
            f'<article class="theme" id="theme-{theme}"><div>'
            f'<p class="name">{escape(str(row["name"]))}</p>'
            f'<p class="note">{escape(", ".join(map(str, row["phrases"][:6])))}</p>'
            f'<p>{escape(size)}. <b>{escape(returns)}</b></p><dl class="figures">{figures}</dl>'
            f"</div>{_strip(counts, theme)}{_examples(row['examples'], posts, zone)}</article>"
        )
        texts.append(f"{row['name']}: {size}, {returns}")
    html = "".join(cards[:SEEN])
    if more := cards[SEEN:]:
        summary = escape(plural("{n} smaller theme", "{n} smaller themes", len(more)))
        html += f"<details><summary>{summary}</summary>{''.join(more)}</details>"
    return Shown(html, "\n".join(texts))


def kind_of_return(recurrence: pd.DataFrame, theme: object) -> str:
    """Say how a theme comes back; nothing where that was not looked at."""
    kinds = recurrence["type"].to_dict()
    return _(VALUES[str(kinds[theme])]) if theme in kinds else ""


def _figures(row: pd.Series, insights: pd.DataFrame, theme: int) -> list[tuple[str, str]]:
    found = []
    if theme in insights.index:
        for kind, word in COUNTED.items():
            n = int(insights[kind][theme])
            if n:
                found.append((_(word), plural("{n} person", "{n} people", n)))
    if "stable" in row.index and pd.notna(row["stable"]):
        found.append((_("Firmness"), _("firm") if row["stable"] else _("not firm (?)")))
    return found


def _strip(counts: pd.DataFrame, theme: int) -> str:
    if theme not in counts.index or counts.shape[1] < 2:
        return ""
    labels = [str(number) for number in counts.columns]
    drawn = bars(counts.loc[[theme]].iloc[0].tolist(), labels, _("Posts"))
    return f"<div>{drawn}</div>"


def _examples(ids: list[str], posts: pd.DataFrame, zone: str) -> str:
    words = {i: quoted_words(posts["text"].get(i, "")) for i in ids}
    # The same words by two people are one quote.
    different = {said: i for i, said in reversed(words.items())}.values()
    cards = [card for i in ids if i in different and (card := quote_card(i, posts, zone=zone))]
    return f'<div class="quotes">{"".join(cards[:QUOTES])}</div>' if cards else ""
