"""Whom to thank and whom to invite."""

from __future__ import annotations

import pandas as pd

from chatlab.people.people import people_table
from chatlab.posts.select import own_posts
from chatlab.project.chat import Chat
from chatlab.project.kept_people import COLUMNS, NAME
from chatlab.project.kept_tables import kept_file, read_beside
from chatlab.project.skipped import is_skipped, skips


def whom_to_thank(
    chat: Chat, posts: pd.DataFrame, *, answers: pd.DataFrame | None = None, n: int = 10
) -> pd.DataFrame:
    """Choose whom to thank for an edition: those who answered others, and whom others answered.

    Parameters
    ----------
    chat
        From `read_chat`. A `people.csv` beside it says who has been thanked, or is to be skipped.
    posts
        The posts of the edition.
    answers
        From `match_answers`: answers to the host's questions count too, without a reply link.
    n
        How many.

    Returns
    -------
    DataFrame
        Index the author id: `author`, `answers_given` (posts that answer a question of the host,
        or reply to somebody), `answered_by` (different people), `posts`. Host, panel, brand and
        whoever else `keep_people` would skip are left out; most `answers_given` and `answered_by`
        together come first, then most posts.
    """
    people = people_table(posts)
    own = own_posts(posts)
    gives = own["kind"].eq("reply") & (own["reply_to_author"] != own["author_id"])
    if answers is not None:
        gives |= own.index.isin(answers["post_id"])
    given = own.loc[gives, "author_id"].value_counts()
    table = people.assign(answers_given=given.reindex(people.index, fill_value=0))
    reasons = skips(chat, table) if len(table) else []
    table = table[[not reason for reason, _words in reasons]]
    table = table[~table.index.isin(_settled_before(chat))]
    table = table.assign(both=table["answers_given"] + table["answered_by"])
    best = table[table["both"] > 0].sort_values(["both", "posts"], ascending=False, kind="stable")
    return best.head(n)[["author", "answers_given", "answered_by", "posts"]]


def _settled_before(chat: Chat) -> set[str]:
    """Return who was thanked, or is to be skipped, as an analyst wrote it down."""
    if chat.settings.privacy.pseudonyms:
        return set()
    kept = read_beside(kept_file(chat.settings.files, NAME), COLUMNS)
    done = (kept["thanked_on"] != "") | is_skipped(kept["status"])
    return {chat.counted_with.get(key, key) for key in kept.loc[done, "author_id"]}


def to_thank(kept: pd.DataFrame, thanked: pd.DataFrame) -> pd.DataFrame:
    """Give the drafts for those who are to be thanked.

    Parameters
    ----------
    kept
        From `keep_people`.
    thanked
        From `whom_to_thank`.

    Returns
    -------
    DataFrame
        The rows of `kept` of these people, in their order, with `answers_given` and `answered_by`
        of the edition.
    """
    rows = kept.set_index("author_id", drop=False)
    rows = rows.loc[[author for author in thanked.index if author in rows.index]]
    here = thanked.reindex(rows.index)
    rows = rows.assign(answers_given=here["answers_given"], answered_by=here["answered_by"])
    return rows.reset_index(drop=True)


def to_invite(kept: pd.DataFrame, *, n: int = 10) -> pd.DataFrame:
    """Choose whom to invite early: newcomers, people not seen lately, press, then those answered.

    Parameters
    ----------
    kept
        From `keep_people`.
    n
        How many.

    Returns
    -------
    DataFrame
        Rows of `kept` without a reason to skip and without `invited_on`: each group in turn, of
        those answered by most people first.
    """
    open_ = kept[(kept["skip"] == "") & (kept["invited_on"] == "")]
    ranked = open_.sort_values(["answered_by", "posts"], ascending=False, kind="stable")
    groups = [
        ranked[ranked["attendance"] == "not seen lately"],
        ranked[ranked["attendance"] == "newcomer"],
        ranked[ranked["press"] != ""],
        ranked[~ranked["attendance"].isin(["not seen lately", "newcomer"])],
    ]
    place = [(i, j, key) for i, group in enumerate(groups) for j, key in enumerate(group.index)]
    keys = dict.fromkeys(key for _i, _j, key in sorted(place, key=lambda one: (one[1], one[0])))
    return kept.loc[list(keys)[:n]]
