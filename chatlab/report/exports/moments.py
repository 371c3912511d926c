"""What every export tells: the best of one edition, gathered once."""

from __future__ import annotations

from typing import NamedTuple

import pandas as pd

from chatlab.project.chat import ChatAt
from chatlab.report.say.brief_page import PLATFORMS
from chatlab.report.say.overview_page import brief, scope
from chatlab.report.say.quoted import asked_words
from chatlab.report.say.themes_page import firm_first
from chatlab.report.show.quotes import person_name, quotable_post, quoted_words
from chatlab.themes.insight_tables import insight_quotes
from chatlab.translation import format_time

LONGEST = 300
KINDS = ("friction", "solution", "case")
QUOTED = 3


class Quote(NamedTuple):
    """One post to quote: what it says, who wrote it, where and when, and the link to it."""

    text: str
    name: str
    handle: str
    where: str
    url: str


class Asked(NamedTuple):
    """One numbered question: its number, its words, how many answered, the answers' quotes."""

    label: str
    text: str
    people: int
    answers: list[Quote]


class Theme(NamedTuple):
    """One sub-theme: name, people, posts in each slice of time, a quote."""

    name: str
    people: int
    posts: int
    quote: Quote | None


def title_of(now: ChatAt) -> str:
    """Return what the edition is called."""
    return scope(now.chat, now.edition)


def answer_of(now: ChatAt) -> str:
    """Return the brief's answer."""
    return brief(now.chat, now.edition)


def quote_of(now: ChatAt, post: object, width: int = LONGEST) -> Quote | None:
    """Return one post as a quote; None where it is not there or not to be quoted."""
    row = quotable_post(post, now.chat.posts)
    if row is None:
        return None
    platform = PLATFORMS.get(str(row["platform"]), "")
    when = format_time(row["created_at"], now.chat.zone) if pd.notna(row["created_at"]) else ""
    url = row["url"]
    web = isinstance(url, str) and url.startswith(("https://", "http://"))
    return Quote(
        quoted_words(row["text"], width),
        person_name(row),
        f"@{row['author']}" if isinstance(row["author"], str) else "",
        ", ".join(filter(None, (platform, when))),
        str(url) if web else "",
    )


def quotes_of(now: ChatAt, posts: object, n: int) -> list[Quote]:
    """Return the first posts that may be quoted."""
    found: list[Quote] = []
    for post in posts:  # type: ignore[attr-defined]
        if quote := quote_of(now, post):
            found.append(quote)
        if len(found) == n:
            break
    return found


def asked_of(now: ChatAt, n: int) -> list[Asked]:
    """List the numbered questions, each with its best answers."""
    told = []
    several = len(set(now.board["edition"])) > 1
    answers = now.answers_by_question
    for row in now.board.to_dict("records"):
        mine = answers[answers["edition"].eq(row["edition"]) & answers["number"].eq(row["number"])]
        label = f"Q{row['number']}"
        told.append(
            Asked(
                f"{row['edition']}, {label}" if several else label,
                asked_words(row["text"], row["number"], LONGEST),
                int(row["people"]),
                quotes_of(now, mine["post_id"], n),
            )
        )
    return told


def themes_of(now: ChatAt, n: int) -> list[Theme]:
    """List the sub-themes of most people, firm ones first, each with a quote."""
    table = now.chat.themes.table
    if table.empty:
        return []
    return [
        Theme(
            str(row["name"]),
            int(row["people"]),
            int(row["posts"]),
            next(iter(quotes_of(now, row["examples"], 1)), None),
        )
        for row in firm_first(table).head(n).to_dict("records")
    ]


def told_of(now: ChatAt, n: int = QUOTED) -> dict[str, list[Quote]]:
    """Give quotes of frictions, solutions and cases of the edition, the surest first."""
    marks = now.chat.insights
    here = marks[marks["post_id"].isin(now.posts.index)]
    return {
        kind: quotes_of(now, insight_quotes(now.posts, here, kind, n=n).index, n) for kind in KINDS
    }
