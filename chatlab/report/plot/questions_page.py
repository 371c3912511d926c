"""The figure of the questions."""

from __future__ import annotations

import pandas as pd
import plotly.graph_objects as go

from chatlab.palette import BLUE, SKY
from chatlab.report.glossary_columns import COLUMNS
from chatlab.report.plot.figure import (
    BAR_HEIGHT,
    FEW,
    Figure,
    empty_figure,
    fill_pattern,
    make_figure,
    plain_label,
)
from chatlab.report.say.most import listed, tied_first
from chatlab.report.say.quoted import asked_words
from chatlab.translation import _, plural

LABEL = 28
# So many questions fit on one figure.
MOST = 24


def questions(board: pd.DataFrame) -> Figure:
    """Draw how many answers and people each numbered question drew.

    Parameters
    ----------
    board
        From `question_board`; the last 24 questions are drawn.
    """
    title = _("The questions and their answers")
    if board.empty:
        return empty_figure(title, _("Nobody asks numbered questions in these posts."))
    shown = board.tail(MOST).iloc[::-1]
    several = len(set(board["edition"])) > 1
    names = [
        (f"{edition} · " if several else "")
        + f"Q{number} {plain_label(asked_words(text, number, LABEL))}"
        for edition, number, text in shown[["edition", "number", "text"]].itertuples(
            index=False, name=None
        )
    ]
    traces = [
        go.Bar(
            y=names,
            x=[int(n) for n in shown[column]],
            orientation="h",
            name=_(COLUMNS[head][0]),
            marker={"color": colour, "pattern": fill_pattern(pattern)},
        )
        for column, head, colour, pattern in (
            ("answers", "answers_to_it", SKY, "/"),
            ("people", "people_answering_it", BLUE, ""),
        )
    ]
    first = tied_first(board, "people")
    description = _("Drew most people: {questions}, {people}.").format(
        questions=listed(f"Q{number}" for number in first["number"]),
        people=plural("{n} person", "{n} people", int(first["people"].iloc[0])),
    )
    data = shown.iloc[::-1][["edition", "number", "answers", "people", "minutes_to_first"]]
    return make_figure(
        traces,
        title,
        description,
        data.rename(columns={"answers": "answers_to_it", "people": "people_answering_it"}),
        barmode="group",
        height=160 + 2 * BAR_HEIGHT * len(shown),
        legend_traceorder="reversed",
        xaxis={"rangemode": "tozero", "dtick": 1 if shown["answers"].max() <= FEW else None},
        yaxis={"automargin": True, "type": "category"},
    )
