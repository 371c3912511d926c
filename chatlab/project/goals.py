"""What an edition was for, as `goal` in chat.toml says, and whether it was reached."""

from __future__ import annotations

import pandas as pd

from chatlab.chat.attendance import retention_table
from chatlab.people.reach import reach_table
from chatlab.project.chat import ChatAt

GOALS = ("reach", "people", "newcomers", "answers")


def goal_table(now: ChatAt) -> pd.DataFrame:
    """Set what an edition was for beside what came of it.

    Parameters
    ----------
    now
        The chat as the edition sees it, from `Chat.at`.

    Returns
    -------
    DataFrame
        Index the goal (`reach`: followers added up, an upper limit; `people`; `newcomers`: in no
        edition before, hosts and panel left out; `answers`: people who answered the numbered
        question of `goal`, or any), `wanted`, `reached` (missing where the file cannot tell) and
        `met`. Empty where chat.toml states no goal.
    """
    wanted = now.chat.settings.goal
    rows = {name: (getattr(wanted, name), _reached(now, name)) for name in GOALS}
    told = {name: pair for name, pair in rows.items() if pair[0] is not None}
    table = pd.DataFrame.from_dict(told, orient="index", columns=["wanted", "reached"])
    table = table.astype({"wanted": "Int64", "reached": "Int64"}).rename_axis("goal")
    return table.assign(met=(table["reached"] >= table["wanted"]).astype("boolean"))


def _reached(now: ChatAt, goal: str) -> int | None:
    chat, here = now.chat, now.posts[now.posts["in_chat"]]
    if goal == "reach":
        value = reach_table(now.posts)["value"]["unique_followers"]
        return None if pd.isna(value) else int(value)
    if goal == "people":
        return int(here["author_id"].nunique())
    if goal == "newcomers":
        present = retention_table(chat.posts, chat.editions, without=chat.parts)["newcomers"]
        # Of the first edition everybody would be new.
        new = {int(str(number)): int(n) for number, n in present.iloc[1:].items()}
        return None if now.number is None else new.get(now.number)
    question = chat.settings.goal.question
    answers = now.answers
    if now.questions.empty:
        return None
    if question is not None:
        answers = answers[answers["number"] == question]
    return int(chat.posts["author_id"].reindex(answers["post_id"]).nunique())
