"""What a post answers: the post above it, or the question whose number it bears."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pandas as pd

from chatlab.chat.answers import match_answers
from chatlab.chat.questions import find_questions


def parents_of(
    posts: pd.DataFrame,
    *,
    questions: pd.DataFrame | None = None,
    answers: pd.DataFrame | None = None,
) -> npt.NDArray[np.int64]:
    """Return the row number of the post that each post replies to, quotes or answers, or -1.

    Parameters
    ----------
    posts
        A posts table.
    questions, answers
        From `find_questions` and `match_answers`: repeats of a question, and answers to it, belong
        to it where no reply or quote says otherwise. Of a part of the posts, only the questions in
        it count. Where neither is given, they are looked for in these posts alone, with the hosts
        that these tell; two empty tables say that there are none.
    """
    if questions is None and answers is None:
        # Rows in order of time, so that the posts' order does not matter.
        in_order = posts.sort_index().sort_values("created_at", kind="stable")
        questions = find_questions(in_order)
        answers = match_answers(in_order, questions)
    place = pd.Series(np.arange(len(posts)), index=posts.index)
    parent = np.full(len(posts), -1)
    for name in ("quote_of", "reply_to"):
        found = place.reindex(posts[name]).to_numpy()
        parent = np.where(np.isnan(found.astype(float)), parent, found)
    parent = parent.astype(np.int64)
    pairs: list[tuple[str, str]] = []
    if questions is not None:
        for asked, repeats in zip(questions["post_id"], questions["repeats"], strict=True):
            pairs += [(again, asked) for again in repeats]
    if answers is not None:
        first = answers.drop_duplicates("post_id")
        pairs += list(zip(first["post_id"], first["question_id"], strict=True))
    row = place.to_dict()
    for post, asked in pairs:
        if post in row and asked in row and parent[row[post]] < 0:
            parent[row[post]] = row[asked]
    return parent
