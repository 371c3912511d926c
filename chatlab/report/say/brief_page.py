"""What the brief says: what is known of the edition, what was learned, what to do, whom to know."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import pandas as pd

from chatlab.chat.attendance import retention_table
from chatlab.chat.next_edition import posts_to_share
from chatlab.people.people import key_people, people_table
from chatlab.posts.activity import first_and_last, posts_by_network
from chatlab.posts.quoting import quotes
from chatlab.project.chat import ChatAt
from chatlab.project.outreach import whom_to_thank
from chatlab.report.say.most import listed, tied_first
from chatlab.report.say.quoted import asked_words
from chatlab.report.say.themes_page import NAMES
from chatlab.text.numbering import said_by
from chatlab.text.patterns import shorten
from chatlab.themes.insights import read_languages
from chatlab.translation import (
    _,
    format_clock,
    format_date,
    format_number,
    format_share,
    mark,
    plural,
)

PLATFORMS = {"x": "X", "mastodon": "Mastodon", "bluesky": "Bluesky"}
SELDOM = 0.01
MOST_FINDINGS, MOST_TASKS, MOST_PEOPLE = 5, 5, 6
THANKED = 3
# With fewer people nothing is said to come first.
ENOUGH = 3
QUOTED = 110
PARTS = {"host": mark("Host."), "panel": mark("Panel."), "participant": mark("Participant.")}


class Finding(NamedTuple):
    """One thing that was learned: a claim, what it rests on, and the page that shows it."""

    claim: str
    told: str
    page: str


class Task(NamedTuple):
    """One thing to do: what, who does it, why, the page that shows it."""

    what: str
    who: str
    why: str
    page: str


class Known(NamedTuple):
    """One person to know: name, handle, part in the chat, and a reason."""

    name: str
    handle: str
    part: str
    why: str


def about(now: ChatAt) -> dict[str, str]:
    """Say when it was, who hosted, and which languages and networks were used.

    Parameters
    ----------
    now
        The chat as the edition sees it.
    """
    chat = now.chat
    facts: dict[str, str] = {}
    if ends := first_and_last(now.whole):
        first, last = (format_date(when, chat.zone) for when in ends)
        clock = [format_clock(when, chat.zone) for when in ends]
        told = _("{day}, {start} to {end}").format(day=first, start=clock[0], end=clock[1])
        facts[_("When")] = told if first == last else f"{first} – {last}"
    if chat.settings.hosts and not chat.settings.privacy.pseudonyms:
        facts[_("Host")] = listed(f"@{host}" for host in chat.settings.hosts)
    spoken = read_languages(now.posts).value_counts(normalize=True)
    if len(spoken):
        told = ", ".join(
            f"{_(NAMES[str(k)])} {format_share(v)}" for k, v in spoken.items() if v >= SELDOM
        )
        facts[_("Languages read")] = told
    if chat.scan is not None:
        facts[_("Read in words")] = _("{posts}, all of {share} of the people").format(
            posts=plural("{n} post", "{n} posts", int(now.posts["in_chat"].sum())),
            share=format_share(chat.share, decimals=1),
        )
    networks = posts_by_network(now.whole)
    if len(networks) > 1:
        told = ", ".join(
            f"{PLATFORMS.get(str(k), str(k))} {format_number(n)}" for k, n in networks.items()
        )
        facts[_("Networks")] = told
    return facts


def learned(now: ChatAt) -> list[Finding]:
    """List what was learned, one finding a subject, each true of the table that it links to.

    In turn: the question that drew most people, the theme that comes back with most people, what
    hurts, what people do about it, who is new, what stayed open.

    Parameters
    ----------
    now
        The chat as the edition sees it.
    """
    tried: tuple[Callable[[ChatAt], Finding | None], ...] = (
        _liveliest_question,
        _lasting_theme,
        _sharpest_friction,
        _told_solutions,
        _newcomers,
        _left_open,
    )
    found = [finding for one in tried if (finding := one(now))]
    return found[:MOST_FINDINGS]


def _liveliest_question(now: ChatAt) -> Finding | None:
    board = now.board
    if board.empty or board["people"].max() < ENOUGH:
        return None
    first = tied_first(board, "people")
    numbers = listed(f"Q{number}" for number in first["number"])
    n = int(first["people"].iloc[0])
    claim = _("{questions} drew most people ({n}).").format(questions=numbers, n=format_number(n))
    if len(first) > 1:
        return Finding(claim, "", "02-questions.html")
    told = _("“{text}”").format(
        text=asked_words(first["text"].iloc[0], first["number"].iloc[0], QUOTED)
    )
    best = first["best_answer"].iloc[0]
    said = quotes(now.chat.posts).get(best) if isinstance(best, str) else None
    if isinstance(said, str):
        told += " " + _("Most reactions to: “{text}” (@{author}).").format(
            text=shorten(said_by(said), QUOTED), author=first["best_author"].iloc[0]
        )
    return Finding(claim, told, "02-questions.html")


def _lasting_theme(now: ChatAt) -> Finding | None:
    table, types = now.chat.themes.table, now.chat.recurrence["type"]
    lasting = table[types.reindex(table.index).isin(["recurring", "steady", "growing", "in each"])]
    firm = lasting[~lasting["name"].str.contains("(?)", regex=False)] if len(lasting) else lasting
    if firm.empty or firm["people"].max() < ENOUGH:
        return None
    first = tied_first(firm, "people")
    slices = now.chat.recurrence.loc[first.index[0]]
    claim = _("{names} keeps coming back.") if len(first) == 1 else _("{names} keep coming back.")
    told = _("At its usual level in {n} of {of} slices of time, by {people}.").format(
        n=format_number(int(slices["slices"])),
        of=format_number(int(slices["of"])),
        people=plural("{n} person", "{n} people", int(first["people"].iloc[0])),
    )
    names = listed(_("“{name}”").format(name=name) for name in first["name"])
    return Finding(claim.format(names=names), told, "03-themes.html")


def _of_edition(now: ChatAt, kind: str) -> pd.DataFrame:
    marks = now.chat.insights
    own = marks["kind"].eq(kind) & marks["post_id"].isin(now.posts.index)
    return marks[own & marks["certainty"].eq("sure")]


def _sharpest_friction(now: ChatAt) -> Finding | None:
    marks = _of_edition(now, "friction")
    people = marks["author_id"].nunique()
    if people < ENOUGH:
        return None
    claim = plural(
        "{n} person surely tells a friction.", "{n} people surely tell a friction.", people
    )
    themes, names, *_rest = now.chat.themes
    where = themes.reindex(marks["post_id"]).dropna()
    by_theme = marks.assign(theme=themes.reindex(marks["post_id"]).to_numpy())
    counts = by_theme.dropna(subset="theme").groupby("theme")["author_id"].nunique()
    if len(where) and counts.max() >= ENOUGH:
        best = int(float(str(counts.idxmax())))
        told = _("Most of them on “{name}” ({people}).").format(
            name=names.get(best, ""),
            people=plural("{n} person", "{n} people", int(counts.max())),
        )
        return Finding(claim, told, "04-market-research.html")
    return Finding(claim, "", "04-market-research.html")


def _told_solutions(now: ChatAt) -> Finding | None:
    people = [_of_edition(now, kind)["author_id"].nunique() for kind in ("solution", "case")]
    if max(people) < ENOUGH:
        return None
    claim = _("There are answers from practice.")
    told = _("A solution by {solution}, a case by {case}, surely.").format(
        solution=plural("{n} person", "{n} people", people[0]),
        case=plural("{n} person", "{n} people", people[1]),
    )
    return Finding(claim, told, "04-market-research.html")


def _newcomers(now: ChatAt) -> Finding | None:
    chat, number = now.chat, now.number
    if number is None or number == 1:
        return None
    present = retention_table(chat.whole, chat.spans, without=chat.parts)
    came, new = (present[name].get(number, 0) for name in ("people", "newcomers"))
    if came < ENOUGH or not new:
        return None
    claim = _("{n} of {of} people are new.").format(n=format_number(new), of=format_number(came))
    told = _("Hosts and panel are left out; new is who was in no edition before.")
    return Finding(claim, told, "08-editions.html")


def _left_open(now: ChatAt) -> Finding | None:
    left = open_to_all(now)
    if left.empty or not now.chat.replies_known:
        return None
    claim = plural(
        "{n} question that a participant put to all got no reply.",
        "{n} questions that participants put to all got no reply.",
        len(left),
    )
    told = left["text"].dropna()
    latest = shorten(said_by(told.iloc[-1]), QUOTED) if len(told) else ""
    words = _("The latest: “{text}”").format(text=latest) if latest else ""
    return Finding(claim, words, "02-questions.html")


def open_to_all(now: ChatAt) -> pd.DataFrame:
    """Return the sure questions of participants to all that got no reply.

    Parameters
    ----------
    now
        The chat as the edition sees it.
    """
    asked = now.asked
    return asked[
        asked["reason"].eq("no reply") & asked["to"].isna() & asked["certainty"].eq("sure")
    ]


def to_do(now: ChatAt) -> list[Task]:
    """List what the figures ask for: what, who, why; nothing that cannot be acted on.

    Parameters
    ----------
    now
        The chat as the edition sees it.
    """
    chat, posts = now.chat, now.posts
    named = not chat.settings.for_client
    who = _("Host:") if chat.settings.hosts else _("You:")
    tasks = []
    left = open_to_all(now)
    if len(left) and chat.replies_known and named:
        last = left.iloc[-1]
        words = last["text"]
        if isinstance(words, str):
            what = _("Reply to @{author}: “{text}”").format(
                author=last["author"], text=shorten(said_by(words), 70)
            )
            tasks.append(Task(what, who, _("Put to all, no reply."), str(last["url"] or "")))
    first = whom_to_thank(chat, posts, answers=now.answers, n=THANKED)
    if len(first) and named:
        what = _("Thank {people}").format(people=listed(f"@{one}" for one in first["author"]))
        given = int(first["answers_given"].sum())
        why = plural(
            "Together they wrote {n} answer or reply.",
            "Together they wrote {n} answers and replies.",
            given,
        )
        tasks.append(Task(what, who, why, "10-next.html"))
    marks = chat.insights
    cases = marks.loc[marks["kind"].eq("case") & marks["certainty"].eq("sure"), "post_id"]
    shared = posts_to_share(posts, hosts=list(chat.parts), cases=list(cases), n=1)
    if len(shared):
        best = shared.iloc[0]
        what = _("Share again: “{text}”").format(text=shorten(said_by(best["text"]), 70))
        drew = plural("{n} reaction", "{n} reactions", int(best["engagement"]))
        why = _("{reactions}; the team has not passed it on.").format(reactions=drew)
        why = why if chat.parts else f"{drew}."
        tasks.append(Task(what, who, why, str(best["url"]) if isinstance(best["url"], str) else ""))
    return tasks[:MOST_TASKS]


def people_to_know(now: ChatAt) -> list[Known]:
    """Choose the people to know: those whom most people answered, each with the reason.

    Parameters
    ----------
    now
        The chat as the edition sees it; a chat for a client names nobody.
    """
    chat = now.chat
    if chat.settings.for_client:
        return []
    panel = chat.author_ids(chat.settings.panel)
    people = people_table(now.whole)
    best = key_people(people, host=chat.host_ids, panel=panel, n=MOST_PEOPLE + 1)
    best = best[best["part"] != "host"].head(MOST_PEOPLE)
    best = best.assign(author_name=people["author_name"].reindex(best.index))
    return [_known(row, row["author_name"]) for _key, row in best.iterrows()]


def _known(row: pd.Series, name: object) -> Known:
    handle = f"@{row['author']}"
    told = [
        _("Answered by {people}.").format(
            people=plural("{n} person", "{n} people", int(row["answered_by"]))
        )
    ]
    if pd.notna(row["followers"]):
        told.append(plural("{n} follower.", "{n} followers.", int(row["followers"])))
    shown = shorten(name.strip(), 40) if isinstance(name, str) and name.strip() else handle
    return Known(shown, handle, _(PARTS[str(row["part"])]), " ".join(told))
