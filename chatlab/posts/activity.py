"""What happened: posts over time and by kind, and the posts that drew most."""

from __future__ import annotations

import pandas as pd

from chatlab.errors import SettingsError
from chatlab.posts.counting import Posts, count, frame
from chatlab.posts.counts import NETWORKS, PEOPLE, moments
from chatlab.posts.quoting import quotes
from chatlab.posts.schema import ENGAGEMENT_NAMES, KINDS, engagement
from chatlab.posts.select import own_posts

RANKINGS = ("engagement", *ENGAGEMENT_NAMES)
# Bins that a reader can name, from a minute to a month.
STEPS = ("1min", "5min", "10min", "30min", "1h", "3h", "6h", "12h", "1D", "7D", "28D")
MAX_BARS = 120


def activity_table(posts: Posts, *, step: str | None = None, zone: str = "UTC") -> pd.DataFrame:
    """Count posts over time by kind.

    Parameters
    ----------
    posts
        A posts table, or what `cl.scan_posts` gives; only posts in the chat count.
    step
        Width of a bin, such as `"10min"` or `"1D"`. Chosen when not given: the finest of a
        minute to four weeks that makes at most 120 bins.
    zone
        Time zone of the clock on the wall: days begin at its midnight.

    Returns
    -------
    DataFrame
        Index the start of each bin as that clock shows it (no time zone), without gaps; columns
        `post`, `reply`, `quote`, `repost`: numbers of posts. `table.attrs` has `step` and `zone`.
    """
    [counted] = count(posts, moments(step))
    dated = frame(counted)
    width = step or fitting_step(pd.concat([dated["first"], dated["last"]]))
    if dated.empty:
        table = pd.DataFrame(0, index=pd.DatetimeIndex([]), columns=list(KINDS))
    else:
        clock = dated["moment"].dt.tz_convert(zone).dt.tz_localize(None)
        bins = clock.dt.floor(width)
        sums = pd.crosstab(bins, dated["kind"], dated["posts"], aggfunc="sum").fillna(0)
        whole = pd.date_range(bins.min(), bins.max(), freq=width)
        table = sums.reindex(index=whole, columns=list(KINDS), fill_value=0).astype("int64")
    table.columns.name = None
    table.attrs |= {"step": width, "zone": zone}
    return table


def fitting_step(times: pd.Series) -> str:
    """Choose the finest step that cuts a span of time into at most 120 bins."""
    span = times.max() - times.min() if len(times) else pd.Timedelta(0)
    for step in STEPS:
        if span <= pd.Timedelta(step) * MAX_BARS:
            return step
    return STEPS[-1]


def kind_table(posts: Posts) -> pd.DataFrame:
    """Count the kinds of post.

    Parameters
    ----------
    posts
        A posts table, or what `cl.scan_posts` gives.

    Returns
    -------
    DataFrame
        Index the kind (`post`, `reply`, `quote`, `repost`); `posts`, `people` and `share` of all
        posts in the chat, between 0 and 1.
    """
    [people] = count(posts, PEOPLE)
    counted = frame(people).set_index("author_id")[list(KINDS)]
    named = counted[counted.index.notna()]
    table = pd.DataFrame({"posts": counted.sum(), "people": (named > 0).sum()}).astype("int64")
    table.index.name = "kind"
    return table.assign(share=table["posts"] / max(int(table["posts"].sum()), 1))


def first_and_last(posts: Posts) -> tuple[pd.Timestamp, pd.Timestamp] | None:
    """Return when the first and the last post of the chat were written; None without a date.

    Parameters
    ----------
    posts
        A posts table, or what `cl.scan_posts` gives.
    """
    [counted] = count(posts, moments())
    dated = frame(counted)
    return None if dated.empty else (dated["first"].min(), dated["last"].max())


def posts_by_network(posts: Posts) -> dict[str, int]:
    """Count the posts of the chat by platform, most first.

    Parameters
    ----------
    posts
        A posts table, or what `cl.scan_posts` gives.
    """
    [counted] = count(posts, NETWORKS)
    table = frame(counted).sort_values(["posts", "platform"], ascending=[False, True])
    return {str(name): int(n) for name, n in table.itertuples(index=False, name=None)}


def posts_and_people(posts: Posts) -> tuple[int, int]:
    """Count the posts of the chat, and the people who wrote them.

    Parameters
    ----------
    posts
        A posts table, or what `cl.scan_posts` gives.

    Returns
    -------
    tuple
        Posts, reposts included; different authors.
    """
    [people] = count(posts, PEOPLE)
    table = frame(people)
    written = int(table[list(KINDS)].to_numpy(dtype="int64").sum())
    return written, int(table["author_id"].notna().sum())


def top_posts(posts: pd.DataFrame, *, by: str = "engagement", n: int = 10) -> pd.DataFrame:
    """Choose the posts with the highest counts at the time of collection.

    Parameters
    ----------
    posts
        A posts table; only posts in the chat, reposts left out.
    by
        `engagement` (likes + reposts + replies + quotes, missing counts left out), `likes`,
        `reposts`, `replies` or `quotes`.
    n
        How many.

    Returns
    -------
    DataFrame
        Index the post id; `author`, `created_at`, `text`, `url`, the four counts and
        `engagement`; highest first, then earliest. Posts with no such count, or none above 0, are
        left out.
    """
    if by not in RANKINGS:
        raise SettingsError(f"`by` is {by!r}; it is one of {', '.join(RANKINGS)}.")
    own = own_posts(posts)
    own = own.assign(engagement=engagement(own))
    own = own[own[by].fillna(0) > 0]
    best = own.sort_values([by, "created_at", "post_id"], ascending=[False, True, True]).head(n)
    names = ["author", "created_at", "text", "url", *ENGAGEMENT_NAMES, "engagement"]
    return best.assign(text=quotes(best))[names]


def discussed_posts(posts: pd.DataFrame, *, n: int = 10) -> pd.DataFrame:
    """Choose the posts that were answered most in this file.

    Returns
    -------
    DataFrame
        Index the post id; `author`, `created_at`, `text`, `url`, `answers` (replies in the file,
        not those by the post's own author), `people` who gave them; most people first.
    """
    replies = posts[posts["in_chat"] & (posts["kind"] == "reply")]
    return _drawing(posts, replies, "reply_to", "answers", n)


def shared_posts(posts: pd.DataFrame, *, n: int = 10) -> pd.DataFrame:
    """Choose the posts that were reposted most in this file.

    Returns
    -------
    DataFrame
        As `discussed_posts`, with `shares` in place of `answers`.
    """
    reposts = posts[posts["in_chat"] & (posts["kind"] == "repost")]
    return _drawing(posts, reposts, "repost_of", "shares", n)


def _drawing(
    posts: pd.DataFrame, ties: pd.DataFrame, relation: str, count: str, n: int
) -> pd.DataFrame:
    targets = ties[["author_id", relation]].dropna(subset=relation)
    own = posts["author_id"].reindex(targets[relation]).to_numpy()
    targets = targets[(targets["author_id"] != own) & targets[relation].isin(posts.index)]
    counts = targets.groupby(relation)["author_id"].agg(["size", "nunique"])
    counts.columns = pd.Index([count, "people"])
    found = posts.loc[counts.index]
    found = found.assign(text=quotes(found))[["author", "created_at", "text", "url"]].join(counts)
    order = ["people", count, "created_at"]
    best = found.sort_values(order, ascending=[False, False, True], kind="stable").head(n)
    best.index.name = None
    return best
