"""The question board: each question with what it was answered."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from chatlab.chat.answers import CONFIDENCE
from chatlab.posts.schema import engagement

BOARD_COLUMNS = ["edition", "number", "question_id", "asked_at", "text", "answers", "people"]
BOARD_COLUMNS += ["minutes_to_first", "best_answer", "best_author", "themes"]
ANSWERS_COLUMNS = ["edition", "number", "question_text", "post_id", "author", "created_at", "text"]
ANSWERS_COLUMNS += ["matched_by", "engagement", "theme"]


def question_board(
    posts: pd.DataFrame,
    questions: pd.DataFrame,
    answers: pd.DataFrame,
    *,
    themes: pd.Series | None = None,
    names: Mapping[int, str] | None = None,
) -> pd.DataFrame:
    """Say how each numbered question went.

    Parameters
    ----------
    posts
        A posts table.
    questions, answers
        From `find_questions` and `match_answers`.
    themes, names
        Theme numbers on the posts' index, and their names.

    Returns
    -------
    DataFrame
        One row per question, in order of time: `edition`, `number`, `question_id`, `asked_at`,
        `text`, `answers` (posts), `people` (who wrote them), `minutes_to_first` (from the
        question to the first answer that a mark or a link tells; missing where there is none),
        `best_answer` (post id of the answer with most engagement that may be quoted, the earlier
        of equals; missing where none has any), `best_author` (handle), `themes` (list: names of
        the answers' themes, most posts first, three at most; empty without themes). `text` is
        missing where who asked is not to be quoted.
    """
    told = answers.merge(
        posts.assign(engagement=engagement(posts))[
            ["post_id", "author_id", "author", "created_at", "quotable", "engagement"]
        ].reset_index(drop=True),
        on="post_id",
    )
    if themes is not None:
        told["theme"] = themes.reindex(told["post_id"]).to_numpy()
    rows = []
    for question in questions.itertuples():
        same = (told["question_id"] == question.post_id) & (told["number"] == question.number)
        mine = told[same]
        first = mine.loc[mine["confidence"] > CONFIDENCE["time"], "created_at"].min()
        quotable = mine[mine["quotable"] & mine["engagement"].gt(0)]
        best = quotable.nlargest(1, "engagement")
        rows.append(
            (
                question.edition,
                question.number,
                question.post_id,
                question.asked_at,
                question.text,
                len(mine),
                mine["author_id"].nunique(),
                (first - question.asked_at).total_seconds() / 60 if pd.notna(first) else None,
                best["post_id"].iloc[0] if len(best) else None,
                best["author"].iloc[0] if len(best) else None,
                _main_themes(mine, names or {}) if themes is not None else [],
            )
        )
    table = pd.DataFrame(rows, columns=BOARD_COLUMNS)
    return table.astype({"minutes_to_first": "float64", "best_answer": "str", "best_author": "str"})


def answers_by_question(
    posts: pd.DataFrame,
    questions: pd.DataFrame,
    answers: pd.DataFrame,
    *,
    themes: pd.Series | None = None,
    names: Mapping[int, str] | None = None,
) -> pd.DataFrame:
    """List under each numbered question all its answers, the best first.

    Parameters
    ----------
    posts, questions, answers, themes, names
        As in `question_board`.

    Returns
    -------
    DataFrame
        One row per answer and question; questions in order of time, answers by engagement, then by
        how surely they were matched, then by time: `edition`, `number`, `question_text`, `post_id`,
        `author`, `created_at`, `text`, `matched_by`, `engagement`, `theme` (name, empty for none).
        People who are not to be quoted are left out, and so is `question_text` of such a host.
    """
    place = {
        key: i for i, key in enumerate(zip(questions["post_id"], questions["number"], strict=True))
    }
    asked = dict(zip(place, questions["text"], strict=True))
    own = posts.assign(engagement=engagement(posts).fillna(0))
    columns = ["post_id", "author", "created_at", "text", "quotable", "engagement"]
    told = answers.merge(own[columns].reset_index(drop=True), on="post_id")
    told = told[told["quotable"]]
    keys = list(zip(told["question_id"], told["number"], strict=True))
    told = told.assign(
        place=[place.get(key, -1) for key in keys],
        question_text=pd.array([asked.get(key) for key in keys], dtype="str"),
        theme="",
    )
    if themes is not None:
        numbers = themes.reindex(told["post_id"])
        told["theme"] = ["" if pd.isna(n) else (names or {}).get(int(n), str(n)) for n in numbers]
    told = told[told["place"] >= 0].sort_values(
        ["place", "engagement", "confidence", "created_at"],
        ascending=[True, False, False, True],
        kind="stable",
    )
    return told[ANSWERS_COLUMNS].reset_index(drop=True)


def _main_themes(answers: pd.DataFrame, names: Mapping[int, str]) -> list[str]:
    counts = answers["theme"].dropna().value_counts()
    ranked = sorted(counts.index, key=lambda theme: (-counts[theme], theme))
    return [names.get(int(theme), str(theme)) for theme in ranked[:3]]
