"""What the brief shows: findings, sub-themes over the editions, what to do, questions, people."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

import pandas as pd

from chatlab.report.glossary import VALUES
from chatlab.report.say.brief_page import Finding, Known, Task
from chatlab.report.say.quoted import asked_words
from chatlab.report.say.themes_page import firm_first
from chatlab.report.show.marks import bars, length
from chatlab.report.show.quotes import quotable_post, quote_card, quoted_words
from chatlab.report.show.tables import Shown, nothing
from chatlab.report.show.theme_cards import kind_of_return
from chatlab.text.patterns import with_inner_marks
from chatlab.themes.insight_tables import insight_quotes
from chatlab.translation import _, format_number, mark, plural

KINDS = {
    "friction": (
        mark("person surely tells a friction"),
        mark("people surely tell a friction"),
        mark("people may tell a friction"),
    ),
    "solution": (
        mark("person surely tells a solution"),
        mark("people surely tell a solution"),
        mark("people may tell a solution"),
    ),
    "case": (
        mark("person surely tells a case"),
        mark("people surely tell a case"),
        mark("people may tell a case"),
    ),
}
SHORT = 120
# A quote of fewer words tells little.
FEW_WORDS = 8


def learned(findings: Sequence[Finding]) -> Shown:
    """Show findings, each with what it rests on.

    Parameters
    ----------
    findings
        From `say.learned`.
    """
    if not findings:
        return nothing(_("too few posts to say anything."))
    items = "".join(
        f"<li><span><b>{escape(one.claim)}</b> {escape(one.told)} {_link(one.page)}</span></li>"
        for one in findings
    )
    text = "\n".join(f"{one.claim} {one.told}" for one in findings)
    return Shown(f'<ol class="learned">{items}</ol>', text)


def _link(page: str) -> str:
    word = escape(_("see"))
    return f'<span class="seen"><a href="{escape(page, quote=True)}">{word}</a></span>'


def strips(
    counts: pd.DataFrame,
    table: pd.DataFrame,
    recurrence: pd.DataFrame,
    posts: pd.DataFrame,
    *,
    edition: int | None = None,
    n: int = 4,
) -> Shown:
    """Show how themes come back: a bar for each edition, how it returns, a quote.

    Parameters
    ----------
    counts
        From `theme_counts`.
    table
        From `theme_table`.
    recurrence
        From `theme_recurrence`.
    posts
        The posts table.
    edition
        The edition to point out.
    n
        How many themes: those of most people, firm ones first.
    """
    if counts.shape[1] < 3 or table.empty:
        return nothing(_("it takes three editions, and themes that people share."))
    order = firm_first(table)
    numbers = [int(number) for number in counts.columns]
    # Where steps of time are the slices, their numbers are no editions.
    marked = numbers if counts.columns.name == "edition" else []
    items, texts = [], []
    for theme in order.index[:n]:
        values = counts.loc[theme].tolist() if theme in counts.index else [0] * len(numbers)
        here = numbers.index(edition) if edition in marked else -1
        drawn = bars(values, list(map(str, numbers)), _("Posts"), here=here)
        kind = kind_of_return(recurrence, theme)
        people = plural("{n} person", "{n} people", int(table["people"][theme]))
        name = escape(str(table["name"][theme]))
        said = _telling_line(table["examples"][theme], posts)
        items.append(
            f'<li><p class="name">{name}</p>{drawn}<p><b>{escape(kind)}</b>, {escape(people)}</p>'
            f'<p class="say">{said}</p></li>'
        )
        texts.append(f"{table['name'][theme]}: {kind}, {people}")
    return Shown(f'<ul class="strips">{"".join(items)}</ul>', "\n".join(texts))


def _telling_line(examples: Sequence[object], posts: pd.DataFrame) -> str:
    """Choose the first example of a few words at least."""
    lines = [line for i in examples if (line := _line(i, posts))]
    return next((line for line in lines if len(line.split()) >= FEW_WORDS), (lines or [""])[0])


def _line(post: object, posts: pd.DataFrame) -> str:
    """Write a post in a line with its language's marks; nothing where it is not quotable."""
    row = quotable_post(post, posts)
    if row is None:
        return ""
    words = escape(with_inner_marks(quoted_words(row["text"], SHORT)))
    lang: str = "" if pd.isna(row["lang"]) else str(row["lang"])
    told: str = f"«\u00a0{words}\u00a0»" if lang.startswith("fr") else f"“{words}”"
    return f'<span lang="{escape(lang, quote=True)}">{told}</span>' if lang else told


def kinds(insights: pd.DataFrame, posts: pd.DataFrame, *, zone: str = "UTC") -> Shown:
    """Show how many people tell a friction, a solution, a case, and the surest quote of each.

    Parameters
    ----------
    insights
        From `find_insights`.
    posts
        The posts to quote from.
    zone
        Time zone for instants.
    """
    parts, texts = [], []
    for kind, words in KINDS.items():
        marked = insights[insights["kind"] == kind]
        people = marked["author_id"].nunique()
        best = insight_quotes(posts, insights, kind, n=1)
        if not people or best.empty:
            continue
        sure = int(marked.loc[marked["certainty"] == "sure", "author_id"].nunique())
        told = _(words[0]) if sure == 1 else _(words[1])
        rest = _("{n} more to check").format(n=format_number(people - sure))
        if not sure:
            told = f"{format_number(people)} {_(words[2])}"
            rest = _("none of them surely: read before you count")
        mark = _(VALUES[str(best["certainty"].iloc[0])])
        card = quote_card(str(best.index[0]), posts, zone=zone, mark=mark)
        # Only what is surely so is counted large.
        counted = f'<span class="n">{format_number(sure)}</span>' if sure else ""
        parts.append(
            f'<div><p class="name {kind}">{counted}<span class="sign"></span>'
            f"{escape(told)}, {escape(rest)}</p>{card}</div>"
        )
        texts.append(f"{format_number(sure) if sure else ''} {told}, {rest}".strip())
    if not parts:
        return nothing(_("no friction, solution or case was found."))
    return Shown(f'<div class="kinds">{"".join(parts)}</div>', "\n".join(texts))


def to_do(tasks: Sequence[Task]) -> Shown:
    """Show what to do next: what, who, why.

    Parameters
    ----------
    tasks
        From `say.to_do`.
    """
    if not tasks:
        return nothing(_("no figure of this report asks for anything."))
    items, texts = [], []
    for task in tasks:
        link = _link(task.page) if task.page else ""
        items.append(
            f'<li><p class="what">{escape(task.what)}</p><p class="why"><b>{escape(task.who)}</b> '
            f"{escape(task.why)} {link}</p></li>"
        )
        texts.append(f"- {task.what} ({task.who} {task.why})")
    return Shown(f'<ul class="todo">{"".join(items)}</ul>', "\n".join(texts))


def asked(board: pd.DataFrame, posts: pd.DataFrame) -> Shown:
    """Show the numbered questions in short: the best answer, and how many people answered.

    Parameters
    ----------
    board
        From `question_board`.
    posts
        The posts table.
    """
    if board.empty:
        return nothing(_("nobody asks numbered questions (Q1, Q2...) that others answer."))
    most = max(1, int(board["people"].max()))
    items, texts = [], []
    for row in board.to_dict("records"):
        people = plural("{n} person", "{n} people", int(row["people"]))
        told = asked_words(row["text"], row["number"], SHORT)
        said = _line(row["best_answer"], posts)
        best = f'<p>{said} <small class="seen">@{escape(str(row["best_author"]))}</small></p>'
        items.append(
            f'<li><span class="q">Q{row["number"]}</span><p class="ask">{escape(told)}</p>'
            f"{best if said else ''}"
            f'<p class="people">{length(row["people"] / most, people)}{escape(people)}</p></li>'
        )
        texts.append(f"Q{row['number']} {told}: {people}")
    return Shown(f'<ol class="asked">{"".join(items)}</ol>', "\n".join(texts))


def people(known: Sequence[Known]) -> Shown:
    """Show the people to know as cards: who, which part, and one reason.

    Parameters
    ----------
    known
        From `say.people_to_know`.
    """
    if not known:
        return nothing(_("nobody stands out by answers in this file."))
    cards, texts = [], []
    for one in known:
        signs = "".join(word[0] for word in one.name.split() if word[0].isalpha())[:2].upper()
        below = (
            "" if one.name == one.handle else f'<span class="handle">{escape(one.handle)}</span>'
        )
        cards.append(
            '<article class="who-card"><span class="disc" aria-hidden="true">'
            f'{escape(signs)}</span><p class="name">{escape(one.name)}</p>{below}'
            f'<p class="why"><b>{escape(one.part)}</b> {escape(one.why)}</p></article>'
        )
        texts.append(f"{one.name} {one.handle}: {one.part} {one.why}")
    return Shown(f'<div class="cards">{"".join(cards)}</div>', "\n".join(texts))


def cautions(lines: Sequence[str]) -> Shown:
    """Show what to be careful about, folded; a printed page shows it open.

    Parameters
    ----------
    lines
        From `say.cautions` and its like.
    """
    if not lines:
        return nothing(_("nothing was assumed and nothing is missing."))
    told = plural("{n} thing to keep in mind", "{n} things to keep in mind", len(lines))
    items = "".join(f"<li>{escape(line)}</li>" for line in lines)
    html = (
        f'<details class="care"><summary>{escape(told)}</summary><ul class="lines">{items}</ul>'
        "</details>"
    )
    return Shown(html, "\n".join(f"- {line}" for line in lines))
