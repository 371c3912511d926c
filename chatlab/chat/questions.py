"""The host's numbered questions: when each was asked, what answers it, how it went."""

from __future__ import annotations

from collections.abc import Collection
from typing import NamedTuple

import pandas as pd

from chatlab.chat.editions import find_editions
from chatlab.chat.hosts import find_hosts
from chatlab.posts.quoting import quotes
from chatlab.posts.select import own_posts
from chatlab.text.numbering import MarkedPart, marked_parts
from chatlab.text.patterns import URL
from chatlab.text.phrases import says
from chatlab.text.similarity import (
    telling_words,
)

FEW_WORDS = 3

# A host may be early: a question so long before its edition belongs to it.
EARLY = pd.Timedelta(hours=1)
QUESTION_COLUMNS = ["edition", "number", "post_id", "author_id", "asked_at", "text", "repeats"]


def find_questions(
    posts: pd.DataFrame,
    *,
    hosts: Collection[str] | None = None,
    editions: pd.Series | None = None,
) -> pd.DataFrame:
    """Find the numbered questions that the host asks in each edition.

    A question is a host's post, in an edition or up to an hour before it, with a mark such as
    `Q1`, `Q.2`, `Question 3 :` or a keycap digit, at its start or after a sentence; one post may
    ask several. The first post with a question mark counts; without one, the first that somebody
    answers before the number is asked again. Announcements (`Q1 to Q6 are coming`, `Q3 in two
    minutes`), reposts, and replies to others are none; what asks the same number again in the
    same edition, such as a translation, is a repeat.

    Parameters
    ----------
    posts
        A posts table.
    hosts
        Author ids of the hosts; without them, who asks numbered questions that others answer.
    editions
        From `find_editions`; found where it is not given.

    Returns
    -------
    DataFrame
        One row per question, in order of time: `edition`, `number`, `post_id`, `author_id`,
        `asked_at`, `text`, `repeats` (list of post ids). Empty where nobody moderates.
    """
    if editions is None:
        editions = find_editions(posts)
    if hosts is None:
        hosts = find_hosts(posts, editions=editions)
    asked = _asked(posts, hosts, editions)
    rows = []
    for _key, group in asked.groupby(["edition", "number"], sort=False):
        question = _question_of(posts, group)
        again = group.loc[group["post_id"] != question["post_id"], "post_id"].unique()
        rows.append({**question, "repeats": list(again)})
    table = pd.DataFrame(rows, columns=QUESTION_COLUMNS)
    table = table.assign(text=quotes(posts).reindex(table["post_id"]).to_numpy())
    table = table.astype({"edition": "Int64", "number": "Int64", "text": "str"})
    return table.sort_values(["asked_at", "number"], ignore_index=True)


def _asked(posts: pd.DataFrame, hosts: Collection[str], editions: pd.Series) -> pd.DataFrame:
    """List the hosts' marked posts in their editions, in order of time."""
    chat = own_posts(posts).dropna(subset="created_at")
    own = chat[chat["author_id"].isin(list(hosts))]
    own = own[own["reply_to_author"].isna() | own["reply_to_author"].isin(list(hosts))]
    starts = posts.groupby(editions)["created_at"].min()
    rows = []
    for post, author, at, text in own[["author_id", "created_at", "text"]].itertuples(name=None):
        edition = editions.get(post)
        if pd.isna(edition):
            soon = starts[(starts > at) & (starts <= at + EARLY)]
            if soon.empty:
                continue
            edition = soon.index[0]
        for part in marked_parts(URL.sub(" ", text)):
            asks = "?" in part.text
            if part.mark.asks and (asks or not _announces(part)):
                rows.append((edition, part.mark.number, post, author, at, text, asks))
    return pd.DataFrame(rows, columns=[*QUESTION_COLUMNS[:6], "asks"])


def _announces(part: MarkedPart) -> bool:
    """Tell whether what follows a mark asks nothing yet: `Q3 coming up!`, `Q2 still open`."""
    enough = 2 if part.first else FEW_WORDS
    aside = any(says(part.text, kind) for kind in ("soon", "again", "thanks"))
    return aside or len(telling_words(part.text)) < enough


def _question_of(posts: pd.DataFrame, group: pd.DataFrame) -> dict[str, object]:
    """Choose among posts with one number the one that asks."""
    asking = group[group["asks"]]
    first = group.iloc[0]
    if len(asking) and not first["asks"]:
        between = posts[
            (posts["created_at"] > first["asked_at"])
            & (posts["created_at"] < asking["asked_at"].iloc[0])
            & (posts["author_id"] != first["author_id"])
        ]
        marked = (part.mark.number for text in between["text"] for part in marked_parts(text))
        if first["number"] not in marked:
            first = asking.iloc[0]
    return {str(name): value for name, value in first[QUESTION_COLUMNS[:6]].items()}


class Question(NamedTuple):
    """A question of the host, as answers are matched to it."""

    edition: int
    number: int
    post_id: str
    asked_at: pd.Timestamp
    text: str
