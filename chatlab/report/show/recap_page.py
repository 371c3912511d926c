"""The recap: under each question its answers, best first, and what people shared."""

from __future__ import annotations

from html import escape

import pandas as pd

from chatlab.report.say.quoted import asked_words
from chatlab.report.show.cells import web_link
from chatlab.report.show.questions_page import surest_first
from chatlab.report.show.quotes import person_name, quotable_post, quote_card, quoted_words
from chatlab.report.show.tables import Shown, nothing
from chatlab.translation import _, format_number, plural

QUESTION = 160
# Answers seen at once: one large, and another; the others can be unfolded, up to so many.
SEEN, UNFOLDED = 2, 60


def recap(
    answers: pd.DataFrame, board: pd.DataFrame, posts: pd.DataFrame, *, zone: str = "UTC"
) -> Shown:
    """Show each question with its answers, the best first.

    Parameters
    ----------
    answers
        From `answers_by_question`.
    board
        From `question_board`.
    posts
        The posts table.
    zone
        Time zone for instants.
    """
    if board.empty:
        return nothing(_("nobody asks numbered questions (Q1, Q2...) that others answer."))
    several = len(set(board["edition"])) > 1
    parts, texts = [], []
    for row in board.to_dict("records"):
        mine = answers[answers["edition"].eq(row["edition"]) & answers["number"].eq(row["number"])]
        told = asked_words(row["text"], row["number"], QUESTION)
        label = _("Question {n}").format(n=row["number"])
        if several:
            label = _("Edition {edition}, question {n}").format(
                edition=row["edition"], n=row["number"]
            )
        went = plural("{n} person answered", "{n} people answered", int(row["people"]))
        if pd.notna(row["minutes_to_first"]):
            went += ", " + _("the first after {minutes} min").format(
                minutes=format_number(row["minutes_to_first"], 1)
            )
        themes = (
            _("Sub-themes: {names}.").format(names="; ".join(row["themes"]))
            if row["themes"]
            else ""
        )
        ids = [str(i) for i in mine["post_id"]]
        cards = [card for i in ids if (card := quote_card(i, posts, zone=zone, lead=i == ids[0]))]
        rest = ids[SEEN : SEEN + UNFOLDED]
        seen = "".join(cards[:1]) + f'<div class="quotes">{"".join(cards[1:SEEN])}</div>'
        parts.append(
            f'<article class="question" id="question-{row["edition"]}_{row["number"]}">'
            f'<p class="label">{escape(label)}</p><p class="ask">{escape(told)}</p>'
            f'<p class="note">{escape(went)}. {escape(themes)}</p>{seen}{_others(rest, posts)}'
            "</article>"
        )
        texts.append(f"{label}: {told} ({went})")
    return Shown("".join(parts), "\n".join(texts))


def _others(ids: list[str], posts: pd.DataFrame) -> str:
    items = []
    for post in ids:
        row = quotable_post(post, posts)
        if row is None:
            continue
        by = f'<span class="seen">{escape(person_name(row))} {web_link(row["url"])}</span>'
        items.append(f"<li>{escape(quoted_words(row['text']))} {by}</li>")
    if not items:
        return ""
    summary = escape(plural("{n} more answer", "{n} more answers", len(items)))
    listed = "".join(items)
    return f'<details class="more"><summary>{summary}</summary><ul>{listed}</ul></details>'


def open_list(table: pd.DataFrame, posts: pd.DataFrame, *, n: int = 5) -> Shown:
    """Show what participants asked and nobody answered, in a line each; the rest unfold.

    Parameters
    ----------
    table
        From `participants_questions`, those without an answer.
    posts
        The posts table.
    n
        How many are seen at once.
    """
    if table.empty:
        return nothing(_("no open question of a participant is known here."))
    lines, texts = [], []
    for row in surest_first(table).to_dict("records"):
        if not isinstance(row["text"], str):
            continue
        words = quoted_words(row["text"])
        doubt = _("to check") if row["certainty"] != "sure" else ""
        to = _("to @{who}").format(who=row["to"]) if isinstance(row["to"], str) else ""
        person = (
            person_name(posts.loc[[row["post_id"]]].iloc[0])
            if row["post_id"] in posts.index
            else ""
        )
        told = ", ".join(one for one in (person, to, doubt) if one)
        lines.append(
            f'<li>{escape(words)} <span class="seen">{escape(told)} '
            f"{web_link(row['url'])}</span></li>"
        )
        texts.append(f"- {words} ({told})")
    html = f'<ul class="open-ones">{"".join(lines[:n])}</ul>'
    if more := lines[n:]:
        summary = escape(plural("{n} more", "{n} more", len(more)))
        listed = "".join(more)
        html += f'<details class="more"><summary>{summary}</summary><ul>{listed}</ul></details>'
    return Shown(html, "\n".join(texts))


def links(table: pd.DataFrame, *, n: int = 8) -> Shown:
    """Show the links that people shared.

    Parameters
    ----------
    table
        From `link_table`.
    n
        How many.
    """
    if table.empty:
        return nothing(_("nobody shared a link."))
    items, texts = [], []
    for row in table.head(n).to_dict("records"):
        people = plural("{n} person", "{n} people", int(row["people"]))
        items.append(
            f"<li>{web_link(row['link'], row['shown']) or escape(row['shown'])} "
            f'<span class="seen">{escape(people)}</span></li>'
        )
        texts.append(f"{row['link']} ({people})")
    return Shown(f'<ul class="open-ones">{"".join(items)}</ul>', "\n".join(texts))
