"""The host's numbered questions, and the posts that answer them."""

from __future__ import annotations

from collections.abc import Collection

import pandas as pd

from chatlab.editions import find_editions
from chatlab.marks import number_mark
from chatlab.settings import probable_host

# An answer may come in so long after its question: a chat has a tail.
TAIL = pd.Timedelta(hours=24)
# How sure each way of matching is, from 0 to 1.
CONFIDENCE = {"reply": 0.95, "quote": 0.9, "prefix": 0.95, "continuation": 0.85}
SLIP = 0.7


def find_questions(posts: pd.DataFrame, *, hosts: Collection[str] | None = None) -> pd.DataFrame:
    """Find the numbered questions that the host asks in each edition.

    A question is a post of a host, inside an edition, that begins with a mark such as `Q1`,
    `Q.2` or `Question 3`. The first with its number counts; a repeat or a translation later in
    the same edition is none.

    Parameters
    ----------
    posts
        A posts table.
    hosts
        Author ids of the hosts; without them, who asks most different numbers, at least two.

    Returns
    -------
    DataFrame
        One row per question, in order of time: `edition`, `number`, `post_id`, `author_id`,
        `asked_at`, `text`. Empty where nobody moderates.
    """
    chat = posts[posts["in_chat"] & (posts["kind"] != "repost")]
    if hosts is None:
        found = probable_host(chat)
        hosts = set(chat.loc[chat["author"] == found, "author_id"]) if found else set()
    theirs = chat[chat["author_id"].isin(list(hosts))]
    marks = [number_mark(text) for text in theirs["text"]]
    asked = theirs.assign(
        number=pd.array([m.number if m and m.asks else None for m in marks], dtype="Int64"),
        edition=find_editions(posts).reindex(theirs.index),
        post_id=theirs.index,
    ).dropna(subset=["number", "edition"])
    first = asked.drop_duplicates(["edition", "number"])
    first = first.rename(columns={"created_at": "asked_at"}).reset_index(drop=True)
    return first[["edition", "number", "post_id", "author_id", "asked_at", "text"]]


def match_answers(posts: pd.DataFrame, questions: pd.DataFrame) -> pd.DataFrame:
    """Match posts to the numbered questions that they answer.

    A post answers a question by replying to it, by quoting it, or by a mark such as `A1` or `R2`
    up to a day after the latest question of that number. A participant's `Q3` that follows the
    host's is a slip for `A3`. What somebody replies to their own answer continues it.

    Parameters
    ----------
    posts
        A posts table.
    questions
        From `find_questions`.

    Returns
    -------
    DataFrame
        One row per answer, in order of time: `post_id`, `edition`, `number`, `question_id`,
        `matched_by` (`reply`, `quote`, `prefix`, `continuation`) and `confidence` (0 to 1).
    """
    chat = posts[posts["in_chat"] & (posts["kind"] != "repost")]
    chat = chat[~chat.index.isin(questions["post_id"])]
    chat = chat[~chat["author_id"].isin(questions["author_id"])]
    asked = {row.post_id: row for row in questions.itertuples()}
    by_number = dict(list(questions.groupby("number")))
    matched: dict[str, tuple[str, str, float]] = {}
    names = ["author_id", "text", "created_at", "reply_to", "reply_to_author", "quote_of"]
    for post, author, text, at, parent, parent_author, quoted in chat[names].itertuples(name=None):
        if parent in asked:
            matched[post] = (parent, "reply", CONFIDENCE["reply"])
        elif quoted in asked:
            matched[post] = (quoted, "quote", CONFIDENCE["quote"])
        elif parent in matched and parent_author == author:
            matched[post] = (matched[parent][0], "continuation", CONFIDENCE["continuation"])
        elif (mark := number_mark(text)) and mark.number in by_number:
            same = by_number[mark.number]
            before = same[(same["asked_at"] <= at) & (same["asked_at"] >= at - TAIL)]
            if len(before):
                sure = SLIP if mark.asks else CONFIDENCE["prefix"]
                matched[post] = (str(before["post_id"].iloc[-1]), "prefix", sure)
    rows = [
        (post, asked[question].edition, asked[question].number, question, way, sure)
        for post, (question, way, sure) in matched.items()
    ]
    columns = ["post_id", "edition", "number", "question_id", "matched_by", "confidence"]
    return pd.DataFrame(rows, columns=columns)
