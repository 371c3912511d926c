"""Sentences on questions and answers."""

from __future__ import annotations

import pandas as pd

from chatlab.chat.hosts import own_lists
from chatlab.posts.select import own_posts
from chatlab.project.chat import Chat
from chatlab.report.say.memory_page import WAYS
from chatlab.report.say.most import listed, tied_first
from chatlab.report.say.quoted import asked_words
from chatlab.translation import _, format_number, format_share, plural

ENOUGH_OUTSIDE = 30
# So many people are named with the words for which they are left out.
TOLD = 10
QUOTED = 80


def questions(chat: Chat, board: pd.DataFrame, answers: pd.DataFrame, asked: pd.DataFrame) -> str:
    """Answer what was asked, answered, left open.

    Parameters
    ----------
    chat
        The chat.
    board
        From `question_board`, of what is looked at.
    answers
        From `match_answers`, of what is looked at.
    asked
        From `participants_questions`, of what is looked at.
    """
    if board.empty:
        parts = [no_board(chat)]
    else:
        parts = [
            _("{questions} by the host drew {answers} from {people}.").format(
                questions=plural("{n} numbered question", "{n} numbered questions", len(board)),
                answers=plural("{n} answer", "{n} answers", len(answers)),
                people=number_of_people(
                    chat.posts["author_id"].reindex(answers["post_id"]).nunique()
                ),
            )
        ]
        if board["people"].max():
            parts.append(most_drawing(board))
    sure = asked[asked["certainty"] == "sure"]
    left = int(sure["reason"].isin(["no reply", "only the asker"]).sum())
    if len(sure) and not chat.replies_known:
        told = _("Participants asked {questions} of their own; the file does not say who replied.")
        parts.append(told.format(questions=plural("{n} question", "{n} questions", len(sure))))
    elif len(sure):
        parts.append(
            _(
                "Participants asked {questions} of their own; {open} got no reply from others."
            ).format(
                questions=plural("{n} question", "{n} questions", len(sure)),
                open=format_number(left),
            )
        )
    if doubtful := len(asked) - len(sure):
        parts.append(
            plural(
                "{n} more post may ask something: read it.",
                "{n} more posts may ask something: read them.",
                doubtful,
            )
        )
    if board.empty and len(asked):
        parts.append(_("These are the questions of all posts, as nobody moderates."))
    if asked.empty:
        parts.append(_("Participants asked nothing of their own."))
    return " ".join(parts)


def most_drawing(board: pd.DataFrame) -> str:
    """Name the question that drew most people, with its words; of several, their numbers."""
    first = tied_first(board, "people")
    numbers = listed(f"Q{number}" for number in first["number"])
    n = format_number(int(first["people"].iloc[0]))
    if len(first) > 1:
        return _("{questions} drew most people ({n} each).").format(questions=numbers, n=n)
    text = asked_words(first["text"].iloc[0], first["number"].iloc[0], QUOTED)
    return _("{question} drew most people ({n}): “{text}”").format(question=numbers, n=n, text=text)


def no_board(chat: Chat) -> str:
    """Say that nobody moderates by numbered questions."""
    if chat.settings.hosts:
        hosts = ", ".join(f"@{host}" for host in chat.settings.hosts)
        return _("No numbered question of {hosts} is in these posts.").format(hosts=hosts)
    return _(
        "Nobody moderates here with numbered questions (Q1, Q2...) that others answer, so there is "
        "no question board."
    )


def matching(chat: Chat, answers: pd.DataFrame, posts: pd.DataFrame) -> list[str]:
    """Say how the answers were matched to their questions, and what that leaves out.

    Parameters
    ----------
    chat
        The chat.
    answers
        From `match_answers`.
    posts
        The posts they were matched in.
    """
    names = posts.dropna(subset="author").drop_duplicates("author_id").set_index("author_id")
    own_lines = [
        _(
            "@{author} numbers questions too ({numbers}); nobody moderates by them, so they are "
            "not on the board."
        ).format(
            author=names["author"].get(author, "?"),
            numbers=", ".join(f"Q{number}" for number in numbers),
        )
        for author, numbers in own_lists(posts, chat.host_ids).items()
    ]
    if answers.empty:
        return own_lines and [no_board(chat), *own_lines]
    counts = answers["matched_by"].value_counts()
    ways = ", ".join(f"{format_number(int(n))} {_(WAYS[str(way)])}" for way, n in counts.items())
    lines = [_("How the answers were matched: {ways}.").format(ways=ways)]
    unlinked = answers["matched_by"].isin(["prefix", "time"])
    lines.append(
        _("{share} of the answers carry no link to their question.").format(
            share=format_share(float(unlinked.mean()))
        )
    )
    weak = answers["matched_by"] == "time"
    if weak.any():
        lines.append(
            plural(
                "{n} answer was matched only by when it came and its words: read it before you "
                "count on it.",
                "{n} answers were matched only by when they came and their words: read them "
                "before you count on them.",
                int(weak.sum()),
            )
        )
    own = own_posts(posts)
    rest = len(own) - answers["post_id"].nunique()
    lines.append(
        _("{n} other posts answer no numbered question, or do not show it.").format(
            n=format_number(max(rest, 0))
        )
    )
    return lines + own_lines


def number_of_people(n: int) -> str:
    """Write a number of people."""
    return plural("{n} person", "{n} people", n)
