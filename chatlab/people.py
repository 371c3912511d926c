"""One row per person: what they wrote, and what it drew."""

from __future__ import annotations

from collections.abc import Collection

import pandas as pd

from chatlab.schema import KINDS, engagement


def people_table(posts: pd.DataFrame) -> pd.DataFrame:
    """Describe the people who wrote.

    Parameters
    ----------
    posts
        A posts table; only posts in the chat count.

    Returns
    -------
    DataFrame
        One row per author, index the author id: `author`, `author_name`, `posts` (all kinds),
        one column per kind (`post`, `reply`, `quote`, `repost`), `answered_by` (different people
        who replied to them, not themselves), `engagement` (missing where no count is known),
        `followers` (highest seen, missing if none), `first` and `last` post. Sorted by `posts`,
        then id.
    """
    chat = posts[posts["in_chat"]].dropna(subset="author_id")
    chat = chat.assign(engagement=engagement(chat))
    groups = chat.groupby("author_id")
    table = groups.agg(
        author=("author", "last"),
        author_name=("author_name", "last"),
        posts=("post_id", "size"),
        engagement=("engagement", lambda values: values.sum(min_count=1)),
        followers=("author_followers", "max"),
        first=("created_at", "min"),
        last=("created_at", "max"),
    )
    kinds = pd.crosstab(chat["author_id"], chat["kind"]).reindex(columns=list(KINDS), fill_value=0)
    replies = chat[(chat["kind"] == "reply") & (chat["reply_to_author"] != chat["author_id"])]
    answered = replies.groupby("reply_to_author")["author_id"].nunique()
    table = table.join(kinds).assign(answered_by=answered.reindex(table.index, fill_value=0))
    names = ["author", "author_name", "posts", *KINDS, "answered_by", "engagement", "followers"]
    table = table[[*names, "first", "last"]]
    table.index = pd.Index(table.index.array)
    keyed = table.assign(key=table.index).sort_values(["posts", "key"], ascending=[False, True])
    return table.loc[keyed.index]


def key_people(
    people: pd.DataFrame, *, host: Collection[str] = (), panel: Collection[str] = (), n: int = 10
) -> pd.DataFrame:
    """Choose the people who were answered by most, host and panel named as such.

    Parameters
    ----------
    people
        From `people_table`.
    host, panel
        Author ids.
    n
        How many.

    Returns
    -------
    DataFrame
        The rows of `people` with the most `answered_by`, then `posts`; at least one person must
        have answered them. `part` says `host`, `panel` or `participant`.
    """
    parts = [
        "host" if i in host else "panel" if i in panel else "participant" for i in people.index
    ]
    answered = people.assign(part=parts, key=people.index)
    answered = answered[answered["answered_by"] > 0]
    best = answered.sort_values(["answered_by", "posts", "key"], ascending=[False, False, True])
    names = ["author", "part", "answered_by", "posts", "reply", "engagement", "followers"]
    return best.head(n)[names]
