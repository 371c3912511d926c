"""What a post answers: the post above it, or the question whose number it bears."""

from __future__ import annotations

import re

import numpy as np
import numpy.typing as npt
import pandas as pd

from chatlab.chat.answers import match_answers
from chatlab.chat.questions import find_questions

NUMBERED = re.compile(r"^[aqr]\d{1,2}$")


def answered(posts: pd.DataFrame, questions: pd.DataFrame | None = None) -> npt.NDArray[np.int64]:
    """Return the row number of the post that each post replies to, quotes or answers, or -1."""
    place = pd.Series(np.arange(len(posts)), index=posts.index)
    parent = np.full(len(posts), -1)
    for name in ("quote_of", "reply_to"):
        found = place.reindex(posts[name]).to_numpy()
        parent = np.where(np.isnan(found.astype(float)), parent, found)
    parent = parent.astype(np.int64)
    for row, question in _numbered_answers(posts, place, questions):
        if parent[row] < 0:
            parent[row] = question
    return parent


def _numbered_answers(
    posts: pd.DataFrame, place: pd.Series, questions: pd.DataFrame | None
) -> list[tuple[int, int]]:
    """Pair the rows of answers, repeats and translations with those of the numbered questions."""
    # Rows in order of time, so that the posts' order does not matter.
    in_order = posts.sort_index().sort_values("created_at", kind="stable")
    if questions is None:
        questions = find_questions(in_order)
    # Of a part of the posts, only the questions in it count.
    questions = questions[questions["post_id"].isin(posts.index)]
    pairs = [
        (again, asked)
        for asked, repeats in questions[["post_id", "repeats"]].itertuples(index=False, name=None)
        for again in repeats
        if again in place.index
    ]
    answers = match_answers(in_order, questions).drop_duplicates("post_id")
    pairs += list(zip(answers["post_id"], answers["question_id"], strict=True))
    return [(int(place[post]), int(place[asked])) for post, asked in pairs]
