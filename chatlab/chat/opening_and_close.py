"""What a chat's host says of its borders: the opening and the sign-off belong to it."""

from __future__ import annotations

from collections import Counter

import pandas as pd

from chatlab.text.numbering import number_mark
from chatlab.text.phrases import says

# A host opens so long before the first question, and takes leave so long after the last.
OPENING = pd.Timedelta(minutes=15)
CLOSING = pd.Timedelta(minutes=45)
# Thanks so soon after the last question are for an answer.
SETTLE = pd.Timedelta(minutes=5)
Span = tuple[pd.Timestamp, pd.Timestamp]


def with_opening_and_sign_off(own: pd.DataFrame, start: pd.Timestamp, end: pd.Timestamp) -> Span:
    """Let a session reach from its host's opening to the sign-off, where it is shorter.

    The host is who numbers most questions in it. The opening is the first of their posts in the
    quarter of an hour before the first question that greets or opens; the sign-off the last that
    thanks or takes leave, five to forty-five minutes after the last question.

    Parameters
    ----------
    own
        Posts that somebody wrote, in order of time.
    start, end
        From `find_sessions`.
    """
    inside = own[(own["created_at"] >= start) & (own["created_at"] < end)]
    marks = inside["text"].map(number_mark)
    asking = inside[[mark is not None and mark.asks for mark in marks]]
    authors = Counter(asking["author_id"].dropna())
    if not authors:
        return start, end
    host = authors.most_common(1)[0][0]
    times = asking.loc[asking["author_id"] == host, "created_at"]
    first, last = times.min(), times.max()
    theirs = own[(own["author_id"] == host) & own["reply_to_author"].isna()]
    opening = [at for at, text in _between(theirs, first - OPENING, first) if _opens(text)]
    closing = [at for at, text in _between(theirs, last + SETTLE, last + CLOSING) if _closes(text)]
    return min([start, *opening]), max([end, *(at + pd.Timedelta(1, "us") for at in closing)])


def _between(
    posts: pd.DataFrame, start: pd.Timestamp, end: pd.Timestamp
) -> list[tuple[pd.Timestamp, str]]:
    times = posts["created_at"]
    rows = posts.loc[(times >= start) & (times <= end), ["created_at", "text"]]
    return list(rows.itertuples(index=False, name=None))


def _opens(text: str) -> bool:
    return (says(text, "greet") or says(text, "open")) and not says(text, "soon")


def _closes(text: str) -> bool:
    return says(text, "leave") or says(text, "thanks")
