"""How people came: by whom newcomers were brought, and who was there before an edition."""

from __future__ import annotations

from collections.abc import Collection

import pandas as pd

from chatlab.chat.attendance import attendance_table
from chatlab.posts.select import own_posts
from chatlab.text.phrases import plainly

# In this order the first post of somebody says by whom they came.
_LINKS = (
    ("repost_of_author", "reposted"),
    ("quote_of_author", "quoted"),
    ("reply_to_author", "replied"),
)


def arrival_table(posts: pd.DataFrame, *, editions: pd.Series | None = None) -> pd.DataFrame:
    """Say for everybody by whom they came into the conversation.

    Parameters
    ----------
    posts
        A posts table; only posts in the chat count.
    editions
        From `find_editions`, for the edition of a person's first post.

    Returns
    -------
    DataFrame
        Index the author id, in order of time: `author`, `first` (time of their first post here,
        reposts included), `edition` of that post (missing outside editions), `how` (`named`:
        somebody named, answered or quoted them before; else what their first post does:
        `reposted`, `quoted`, `replied`, `naming`; else `alone`), `by` (author id of that person,
        the first in time; missing for `alone`) and `by_author` (handle, where it is known). What
        brought them outside this file, such as a friend or a newsletter, is not seen.
    """
    chat = posts[posts["in_chat"]].dropna(subset=["author_id", "created_at"])
    chat = chat.sort_values("created_at", kind="stable")
    first = chat.drop_duplicates("author_id").set_index("author_id", drop=False)
    called = _first_call(chat)
    handles = chat.drop_duplicates("author_id", keep="last").set_index("author_id")["author"]
    rows = []
    for person, row in first.iterrows():
        how, by = "alone", None
        called_at, caller = called.get(str(person), (None, None))
        if caller is not None and called_at is not None and called_at < row["created_at"]:
            how, by = "named", caller
        else:
            how, by = _own_link(row)
        rows.append((row["author"], row["created_at"], how, by))
    table = pd.DataFrame(rows, index=first.index, columns=["author", "first", "how", "by"])
    table = table.astype({"how": "str", "by": "str", "first": chat["created_at"].dtype})
    where = pd.Series(pd.NA, index=first.index, dtype="Int64")
    if editions is not None:
        where = pd.Series(
            editions.reindex(first["post_id"]).to_numpy(), index=first.index, dtype="Int64"
        )
    table = table.assign(edition=where, by_author=table["by"].map(handles).astype("str"))
    return table[["author", "first", "edition", "how", "by", "by_author"]].rename_axis(None)


def _first_call(chat: pd.DataFrame) -> dict[str, tuple[pd.Timestamp, str]]:
    """Find for each person the first post of somebody else that is to them, or names them."""
    found: dict[str, tuple[pd.Timestamp, str]] = {}
    columns = ["author_id", "created_at", "mentions", "reply_to_author", "quote_of_author", "kind"]
    for author, at, named, reply, quote, kind in chat[columns].itertuples(index=False, name=None):
        if kind == "repost":
            continue
        for person in (*named, reply, quote):
            if isinstance(person, str) and person != author and person not in found:
                found[person] = (at, author)
    return found


def _own_link(row: pd.Series) -> tuple[str, str | None]:
    author = row["author_id"]
    for column, how in _LINKS:
        if isinstance(row[column], str) and row[column] != author:
            return how, row[column]
    named = [one for one in row["mentions"] if one != author]
    return ("naming", named[0]) if named else ("alone", None)


def brought_by(posts: pd.DataFrame) -> dict[str, int]:
    """Count the people whom each author brought, by author id.

    Parameters
    ----------
    posts
        A posts table.
    """
    table = arrival_table(posts)
    return {str(person): int(n) for person, n in table["by"].dropna().value_counts().items()}


def newcomers(
    posts: pd.DataFrame,
    editions: pd.Series,
    edition: int | None,
    *,
    without: Collection[str] = (),
) -> pd.DataFrame:
    """Say by whom the newcomers of an edition came.

    Parameters
    ----------
    posts
        A posts table.
    editions
        From `find_editions`.
    edition
        Its number; None takes everybody.
    without
        Author ids left out, such as host and panel.

    Returns
    -------
    DataFrame
        Rows of `arrival_table` of those whose first edition this is, even where they wrote
        between editions before.
    """
    table = arrival_table(posts, editions=editions)
    table = table[~table.index.isin(list(without))]
    if edition is None:
        return table
    begun = attendance_table(posts, editions)["first_edition"]
    return table[table.index.isin(begun.index[begun == edition])]


def already_there(
    posts: pd.DataFrame,
    editions: pd.Series,
    edition: int,
    *,
    subjects: Collection[str] = (),
    without: Collection[str] = (),
) -> pd.DataFrame:
    """List who used the tag, or the words of its subject, before an edition began.

    Parameters
    ----------
    posts
        A posts table; posts that only came along with the file count for the words.
    editions
        From `find_editions`.
    edition
        Its number.
    subjects
        Words or phrases of its subject, such as `theme_table(...)["phrases"]`.
    without
        Author ids left out, such as host and panel.

    Returns
    -------
    DataFrame
        Index the author id, those with most posts first: `author`, `posts` (of their own, before
        the edition), `last` (time of the latest), `used` (`tag`, or `subject` where none of these
        posts is in the chat), `visits` (earlier editions) and `came` (whether they wrote in this
        one). Empty where the file begins with the edition: it cannot tell.
    """
    inside = posts.index[editions.eq(edition).fillna(False)]
    start = posts["created_at"].reindex(inside).min()
    own = posts[(posts["kind"] != "repost") & (posts["created_at"] < start)]
    own = own.dropna(subset="author_id")
    own = own[~own["author_id"].isin(list(without))]
    about = own["in_chat"] | _speaks_of(own, subjects)
    own = own[about].assign(edition=editions.reindex(own.index[about]))
    groups = own.groupby("author_id")
    table = groups.agg(
        author=("author", "last"),
        posts=("post_id", "size"),
        last=("created_at", "max"),
        tagged=("in_chat", "any"),
        visits=("edition", "nunique"),
    )
    came = set(own_posts(posts.loc[inside])["author_id"].dropna())
    used = ["tag" if tagged else "subject" for tagged in table["tagged"]]
    table = table.assign(used=pd.array(used, dtype="str"), came=table.index.isin(list(came)))
    table = table.assign(key=table.index).sort_values(["posts", "key"], ascending=[False, True])
    kept: pd.DataFrame = table[["author", "posts", "last", "used", "visits", "came"]]
    return kept.rename_axis(None)


def _speaks_of(posts: pd.DataFrame, subjects: Collection[str]) -> pd.Series:
    words = [f" {plainly(one)} " for one in subjects if one.strip()]
    texts = [f" {plainly(text)} " for text in posts["text"]]
    return pd.Series(
        [any(word in text for word in words) for text in texts], posts.index, dtype=bool
    )
