"""Host and panel at work: which questions each of them answered, how fast, what came back."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from chatlab.people.arrivals import brought_by
from chatlab.posts.select import own_posts

PANEL_COLUMNS = ["edition", "number", "author_id", "author", "part", "answers", "minutes", "back"]


def panel_table(
    posts: pd.DataFrame,
    questions: pd.DataFrame,
    answers: pd.DataFrame,
    parts: Mapping[str, str],
) -> pd.DataFrame:
    """Say for each panellist and question whether they answered, how fast, and what came back.

    Parameters
    ----------
    posts
        A posts table.
    questions
        From `find_questions`.
    answers
        From `match_answers`.
    parts
        `host` or `panel` by author id.

    Returns
    -------
    DataFrame
        One row per question and person who did not ask it, in order of time: `edition`, `number`,
        `author_id`, `author`, `part`, `answers` (their posts that answer it; 0 where there is
        none), `minutes` (from the question to the first of them; missing without one) and `back`
        (different people who replied to these answers or quoted them).
    """
    own = own_posts(posts)
    handles = posts.dropna(subset="author_id").drop_duplicates("author_id", keep="last")
    handle = handles.set_index("author_id")["author"].to_dict()
    told = answers.assign(
        author_id=posts["author_id"].reindex(answers["post_id"]).to_numpy(),
        at=posts["created_at"].reindex(answers["post_id"]).array,
    )
    reactions = pd.concat(
        [
            own[[name, "author_id"]].set_axis(["to", "author_id"], axis=1)
            for name in ("reply_to", "quote_of")
        ]
    ).dropna()
    rows = []
    for question in questions.itertuples():
        same = (told["question_id"] == question.post_id) & (told["number"] == question.number)
        here = told[same]
        for person, part in parts.items():
            if person == question.author_id or person not in handle:
                continue
            mine = here[here["author_id"] == person]
            back = reactions[reactions["to"].isin(mine["post_id"])]
            waited = (mine["at"].min() - question.asked_at) if len(mine) else pd.NaT
            rows.append(
                {
                    "edition": question.edition,
                    "number": question.number,
                    "author_id": person,
                    "author": handle[person],
                    "part": part,
                    "answers": len(mine),
                    "minutes": waited / pd.Timedelta(minutes=1),
                    "back": int(back.loc[back["author_id"] != person, "author_id"].nunique()),
                }
            )
    table = pd.DataFrame(rows, columns=PANEL_COLUMNS)
    return table.astype({"edition": "Int64", "number": "Int64", "minutes": "float64"})


def team_table(posts: pd.DataFrame, panel: pd.DataFrame, parts: Mapping[str, str]) -> pd.DataFrame:
    """Sum up the part of host and panel: their share, their speed, whom they brought.

    Parameters
    ----------
    posts
        The posts of an edition, or of all.
    panel
        From `panel_table`, of the same posts.
    parts
        `host` or `panel` by author id.

    Returns
    -------
    DataFrame
        Index the author id, the hosts first, then most posts: `author`, `part`, `posts` (without
        reposts), `share` (of all such posts), `questions` (numbered ones put by others), `given`
        (of these, answered by them), `minutes` (median from a question to their first answer),
        `answered_by` (different people who replied to them), `brought` (people whose first post
        in the file reposts, quotes, answers or names them; 0 where the file does not tell). Only
        people of the team who wrote.
    """
    own = own_posts(posts).dropna(subset="author_id")
    brought = brought_by(posts)
    rows: dict[str, dict[str, object]] = {}
    for person, part in parts.items():
        mine = own[own["author_id"] == person]
        if mine.empty:
            continue
        asked = panel[panel["author_id"] == person]
        to_them = own[(own["reply_to_author"] == person) & (own["author_id"] != person)]
        rows[person] = {
            "author": mine["author"].iloc[-1],
            "part": part,
            "posts": len(mine),
            "share": len(mine) / len(own),
            "questions": len(asked),
            "given": int((asked["answers"] > 0).sum()),
            "minutes": asked["minutes"].median(),
            "answered_by": int(to_them["author_id"].nunique()),
            "brought": brought.get(person, 0),
        }
    names = ["author", "part", "posts", "share", "questions", "given", "minutes"]
    table = pd.DataFrame.from_dict(rows, orient="index")
    table = table.reindex(columns=[*names, "answered_by", "brought"])
    return table.sort_values(["part", "posts"], ascending=[True, False], kind="stable")
