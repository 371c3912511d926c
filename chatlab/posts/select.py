"""Several tables as one, the part of a table that is wanted, and what a table covers."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, TypeVar, cast

import numpy as np
import pandas as pd
import pyarrow.compute as pc

from chatlab.errors import PostsError, SettingsError
from chatlab.posts.counting import Posts, arrow_columns, count, frame
from chatlab.posts.counts import LANGUAGES, PARENTS, PEOPLE, STANDING, found, moments
from chatlab.posts.grouping import one_piece
from chatlab.posts.merge import settle
from chatlab.posts.schema import NAMES, pandas_posts, posts_to_arrow
from chatlab.posts.selection import selection


def combine_posts(*frames: pd.DataFrame) -> pd.DataFrame:
    """Join posts tables into one.

    A post that stands in several keeps its newest counts (by `collected_at`; where that does not
    tell, the larger counts, then the order given); `x:@handle` and `x:123` of one person become
    one.
    """
    if not frames:
        raise SettingsError("`combine_posts` needs at least one posts table.")
    if not all(
        isinstance(frame, pd.DataFrame) and {*NAMES} <= {*frame.columns} for frame in frames
    ):
        raise PostsError(
            "`combine_posts` takes posts tables, one after the other: a, b, not [a, b]."
        )
    return pandas_posts(settle([posts_to_arrow(frame) for frame in frames]))


def own_posts(posts: pd.DataFrame) -> pd.DataFrame:
    """Return the posts of the chat that somebody wrote here: no reposts, nothing that came along.

    Parameters
    ----------
    posts
        A posts table.

    Returns
    -------
    DataFrame
        Those of its rows, in their order.
    """
    return posts[posts["in_chat"] & (posts["kind"] != "repost")]


SomePosts = TypeVar("SomePosts", bound=Posts)


def select_posts(
    posts: SomePosts,
    *,
    hashtags: str | Iterable[str] | None = None,
    since: str | pd.Timestamp | None = None,
    until: str | pd.Timestamp | None = None,
    langs: str | Iterable[str] | None = None,
    authors: str | Iterable[str] | None = None,
    text: str | None = None,
    kinds: str | Iterable[str] | None = None,
    platforms: str | Iterable[str] | None = None,
    share_of_people: float | None = None,
    seed: int = 0,
) -> SomePosts:
    """Choose posts; every condition given must hold. One text stands for a list of one.

    Parameters
    ----------
    posts
        A posts table, or what `cl.scan_posts` gives.
    hashtags
        With or without `#`, any of them.
    since, until
        From the first instant on, and before the second, written as 2026-03-05 or
        2026-03-05 09:00; UTC where no zone is given.
    langs
        Language codes; `en` stands for `en-GB` too.
    authors
        Handles (with or without `@`) or author ids.
    text
        Words that the text holds as they stand, whatever the case.
    kinds
        `post`, `reply`, `quote`, `repost`.
    platforms
        `x`, `mastodon`, `bluesky`, `other`.
    share_of_people, seed
        A sample: all posts of about this share (0 to 1) of the people, by a hash of their ids; the
        same seed chooses the same people, in any file.

    Returns
    -------
    DataFrame or PostsScan
        The rows chosen, in the same order; of a dataset a scan of these, nothing being read yet.

    Raises
    ------
    SettingsError
        A date cannot be read, or a kind or platform is unknown.
    """
    wanted = selection(
        hashtags=hashtags,
        since=since,
        until=until,
        langs=langs,
        authors=authors,
        text=text,
        kinds=kinds,
        platforms=platforms,
        share_of_people=share_of_people,
        seed=seed,
    )
    if not isinstance(posts, pd.DataFrame):
        return cast(SomePosts, posts.where(wanted))
    keep = wanted.of(arrow_columns(posts, wanted.columns or ["post_id"]))
    return cast(SomePosts, posts[np.asarray(keep)])


def coverage_table(posts: Posts) -> pd.DataFrame:
    """Tell what a posts table holds and what it lacks.

    Parameters
    ----------
    posts
        A posts table, or what `cl.scan_posts` gives.

    Returns
    -------
    DataFrame
        Index the fact; `value` (a number, a share between 0 and 1, a text or an instant; missing
        where it cannot be told) and `unit` (`posts`, `people`, `share`, `text`, `instant`,
        `hours`). Rows: posts in the chat, posts that only came along, copies of posts on another
        network, people, replies, replies whose parent is not in the file, people with follower
        counts, posts with a language, the five most used languages with their posts, first and
        last post, longest gap between two posts that fall into different minutes.
    """
    standing, counted, languages, parents, minutes = count(
        posts, STANDING, PEOPLE, LANGUAGES, PARENTS, moments()
    )
    [there] = count(posts, found(one_piece(pc.drop_null(parents["post_id"]))))
    stand = {(row["in_chat"], row["copy"]): row["posts"] for row in standing.to_pylist()}
    n = sum(many for (in_chat, _copy), many in stand.items() if in_chat)
    table = frame(counted)
    people = table[table["author_id"].notna()]
    answered = parents.filter(pc.is_in(parents["post_id"], one_piece(there["post_id"])))
    replies = int(table["reply"].sum())
    orphans = replies - int(pc.sum(answered["replies"]).as_py() or 0)
    spoken = frame(languages.filter(pc.is_valid(languages["lang"])))
    most = spoken.sort_values(["posts", "lang"], ascending=[False, True]).head(5)
    times = frame(minutes).groupby("moment").agg({"first": "min", "last": "max"})
    gap = (times["first"] - times["last"].shift()).max()
    rows: list[tuple[str, Any, str]] = [
        ("posts", n, "posts"),
        ("context_posts", stand.get((False, False), 0), "posts"),
        ("copies", stand.get((False, True), 0), "posts"),
        ("people", len(people), "people"),
        ("replies", replies, "posts"),
        ("replies_without_parent", orphans, "posts"),
        ("people_with_followers", _share(people["followers"].notna()), "share"),
        ("posts_with_language", int(spoken["posts"].sum()) / n if n else None, "share"),
        ("languages", ", ".join(f"{a} {b}" for a, b in most.to_numpy()) or None, "text"),
        ("first_post", times["first"].min() if len(times) else None, "instant"),
        ("last_post", times["last"].max() if len(times) else None, "instant"),
        ("longest_gap", gap / pd.Timedelta(hours=1) if pd.notna(gap) else None, "hours"),
    ]
    facts = pd.DataFrame(rows, columns=["fact", "value", "unit"])
    return facts.astype({"value": object}).set_index("fact")


def _share(flags: pd.Series) -> float | None:
    return float(flags.mean()) if len(flags) else None
