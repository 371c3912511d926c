"""Tables on questions and answers."""

from __future__ import annotations

import pandas as pd

from chatlab.posts.quoting import quotes
from chatlab.report.say.quoted import asked_words
from chatlab.report.show.tables import Shown, lines
from chatlab.report.show.tables import table as show_table
from chatlab.text.numbering import said_by
from chatlab.text.patterns import shorten
from chatlab.translation import _

QUOTED = 110


def board(board: pd.DataFrame, posts: pd.DataFrame, *, zone: str = "UTC", n: int = 40) -> Shown:
    """Show the numbered questions, how each went, and its best answer.

    Parameters
    ----------
    board
        From `question_board`.
    posts
        The posts table.
    zone
        Time zone for instants.
    n
        How many questions, the last ones.
    """
    if board.empty:
        return lines([], empty=_("There is no question board."))
    shown = board.tail(n)
    best = quotes(posts).reindex(shown["best_answer"]).tolist()
    asked = zip(shown["text"], shown["number"], strict=True)
    table = pd.DataFrame(
        {
            "edition": shown["edition"],
            "number": [f"Q{number}" for number in shown["number"]],
            "question_text": [asked_words(text, n, QUOTED) for text, n in asked],
            "answers_to_it": shown["answers"],
            "people_answering_it": shown["people"],
            "minutes_to_first": shown["minutes_to_first"],
            "best_text": [
                f"@{author}: {shorten(said_by(text), QUOTED)}" if isinstance(text, str) else None
                for author, text in zip(shown["best_author"], best, strict=True)
            ],
            "themes": shown["themes"],
            "url": posts["url"].reindex(shown["best_answer"]).to_numpy(),
        }
    )
    silent = [] if table["themes"].map(len).any() else ["themes"]
    if len(set(table["edition"])) == 1:
        silent.append("edition")
    return show_table(table.drop(columns=silent), zone=zone, name=_("Question board"))


def open_questions(table: pd.DataFrame, *, zone: str = "UTC", n: int = 25) -> Shown:
    """Show what participants asked and nobody answered by a reply: surest first, to all first.

    Parameters
    ----------
    table
        From `unanswered_questions`.
    zone
        Time zone for instants.
    n
        How many.
    """
    if table.empty:
        return lines([], empty=_("No open question of a participant is known here."))
    ranked = surest_first(table)
    told = ranked["text"].map(said_by, na_action="ignore")
    shown = pd.DataFrame(
        {
            "author": ranked["author"],
            "asked_at": ranked["asked_at"],
            "text": told,
            "certainty": ranked["certainty"],
            "to": ranked["to"],
            "reason": ranked["reason"],
            "by": ranked["by"],
            "url": ranked["url"],
        }
    )
    silent = [name for name in ("to", "by") if shown[name].isna().all()]
    return show_table(shown.drop(columns=silent), zone=zone, n=n, name=_("Open questions"))


def surest_first(table: pd.DataFrame) -> pd.DataFrame:
    """Order questions of participants: sure ones, then those put to all, then the latest first."""
    told = table.assign(single=table["to"].notna(), doubtful=table["certainty"] != "sure")
    order = ["doubtful", "single", "asked_at"]
    return told.sort_values(order, ascending=[True, True, False], kind="stable")
