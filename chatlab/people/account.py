"""The host's own account: what it sends, whom it answers, and how fast."""

from __future__ import annotations

from typing import Any

import pandas as pd

from chatlab.people.working_hours import working_minutes
from chatlab.posts.schema import true_for
from chatlab.text.numbering import number_mark
from chatlab.text.phrases import says

# An answer to a mention counts when it comes within this time.
DAY = pd.Timedelta(hours=24)


def account_table(posts: pd.DataFrame, account: str, *, zone: str = "UTC") -> pd.DataFrame:
    """Describe how one account takes part: broadcast or conversation, answers and their speed.

    Parameters
    ----------
    posts
        A posts table; only posts in the chat count. What the account did elsewhere is not seen.
    account
        Its author id.
    zone
        Time zone of its working hours (Monday to Friday, nine to six; holidays are not known).

    Returns
    -------
    DataFrame
        Index the measure: `own_posts`, `promotion`, `broadcast`, `conversation`,
        `numbered_questions`, `reposts_given`, `mentions`, `mentions_answered`,
        `minutes_to_answer`, `minutes_at_work` (of these, the ones in working
        hours), `started_by_others`, `started_by_account`, `taken_to_private`;
        `amount` (a number, or a share between 0 and 1; missing where there is nothing to count
        from: no posts of the account, or neither thread ids nor replies in the file) and
        `counted_from` (how many a share is of, else missing). In words: `show.account`.
    """
    chat = posts[posts["in_chat"]].dropna(subset="author_id")
    mine = chat[chat["author_id"] == account]
    own = mine[mine["kind"] != "repost"]
    others = chat[(chat["author_id"] != account) & (chat["kind"] != "repost")]
    marks = [number_mark(text) for text in own["text"]]
    asking = pd.Series([found is not None and found.asks for found in marks], own.index, dtype=bool)
    addressed = _addresses(own, account)
    to_it = others[
        (others["reply_to_author"] == account)
        | (others["quote_of_author"] == account)
        | true_for(others["mentions"], lambda ids: account in ids)
    ]
    board = set(own.index[asking])
    to_it = to_it[~to_it["reply_to"].isin(board) & ~to_it["quote_of"].isin(board)]
    waits, at_work = _waits(own, to_it, zone)
    opened = _conversations(chat)
    told = opened.notna().any()
    threads = {str(post): chat["author_id"].get(post) for post in opened.dropna().unique()}
    threads = {post: author for post, author in threads.items() if author is not None}
    joined = set(opened.reindex(own.index).dropna())
    answered = set(opened.reindex(others.index[others["kind"] == "reply"]).dropna())
    begun = {thread for thread in joined if threads.get(thread) == account}
    replies = own.loc[own["kind"] == "reply", "text"]
    talk = sum(says(text, "private") for text in replies)
    n = len(own)
    amounts: dict[str, tuple[float | None, int | None]] = {
        "own_posts": (n, None),
        "promotion": (_share([says(text, "promo") for text in own["text"]]), n),
        "broadcast": (_share(~addressed & ~asking), n),
        "conversation": (_share(addressed), n),
        "numbered_questions": (_share(asking & ~addressed), n),
        "reposts_given": (len(mine) - n, None),
        "mentions": (len(to_it), None),
        # Who wrote nothing here is not seen to answer: that is no share of 0.
        "mentions_answered": (len(waits) / len(to_it) if len(to_it) and n else None, len(to_it)),
        "minutes_to_answer": (waits.median() if len(waits) else None, len(waits)),
        "minutes_at_work": (at_work.median() if len(at_work) else None, len(at_work)),
        "started_by_others": (len({t for t in joined - begun if t in threads}), None)
        if told
        else (None, None),
        "started_by_account": (len(begun & answered), None) if told else (None, None),
        "taken_to_private": (talk, None),
    }
    return pd.DataFrame(
        {
            "amount": pd.array([amount for amount, _of in amounts.values()], dtype="Float64"),
            "counted_from": pd.array([of for _amount, of in amounts.values()], dtype="Int64"),
        },
        index=pd.Index(list(amounts), name="measure"),
    )


def _share(flags: Any) -> float | None:
    values = pd.Series(flags, dtype=bool)
    return float(values.mean()) if len(values) else None


def _addresses(own: pd.DataFrame, account: str) -> pd.Series:
    """Tell which posts reply to, quote or name somebody else."""
    # A reply to somebody whom the file does not name is one all the same.
    to = own["kind"].eq("reply") & own["reply_to_author"].ne(account).fillna(True)
    quoted = own["quote_of_author"].notna() & (own["quote_of_author"] != account)
    named = true_for(own["mentions"], lambda ids: any(one != account for one in ids))
    return to | quoted | named


def _waits(own: pd.DataFrame, to_it: pd.DataFrame, zone: str) -> tuple[pd.Series, pd.Series]:
    """Return the minutes from each post to the account's first answer, where it came in a day.

    The second are those that lie in working hours.
    """
    links = pd.concat(
        [
            own[[name, "created_at"]].rename(columns={name: "target"})
            for name in ("reply_to", "quote_of")
        ]
    )
    first = links.dropna().groupby("target")["created_at"].min()
    waited = first.reindex(to_it.index) - to_it["created_at"]
    waited = waited[(waited >= pd.Timedelta(0)) & (waited <= DAY)]
    asked = to_it["created_at"].reindex(waited.index)
    at_work = pd.Series(
        [working_minutes(at, at + wait, zone=zone) for at, wait in zip(asked, waited, strict=True)],
        index=waited.index,
        dtype="float64",
    )
    return waited.dt.total_seconds() / 60, at_work


def _conversations(chat: pd.DataFrame) -> pd.Series:
    """Return the post that opened each post's conversation: by thread, else up the replies."""
    if chat["thread_id"].notna().any():
        return chat["thread_id"]
    parents = chat["reply_to"].dropna().to_dict()
    if not parents:
        return pd.Series(index=chat.index, dtype="str")

    def root(post: str) -> str:
        seen = {post}
        while (parent := parents.get(post)) is not None and parent not in seen:
            seen.add(parent)
            post = parent
        return post

    return pd.Series([root(post) for post in chat.index], index=chat.index, dtype="str")
