"""How far it may have reached: published formulas, each an upper bound."""

from __future__ import annotations

import pandas as pd

from chatlab.messages import mark


def reach_table(posts: pd.DataFrame) -> pd.DataFrame:
    """Compute how many people and showings are possible at most.

    Follower counts say who could have seen a post, not who did: every figure is "up to".

    Parameters
    ----------
    posts
        A posts table; only posts in the chat count.

    Returns
    -------
    DataFrame
        Index the measure; `value` (whole number; missing where the file has no follower counts),
        `formula` (in words), `known` (share of the people, or posts, it could be computed for).
        Measures: `sum_of_followers` (each author's followers once), `posts_times_followers`
        (each post times its author's followers, "potential impressions"), `impressions` (actual,
        where the file has them).
    """
    chat = posts[posts["in_chat"]]
    people = chat.dropna(subset="author_id").groupby("author_id")["author_followers"].max()
    followers = chat["author_followers"]
    rows = [
        ("sum_of_followers", people, mark("followers of each author, counted once, added up")),
        (
            "posts_times_followers",
            followers,
            mark("followers of the author of each post, reposts included, added up"),
        ),
        (
            "impressions",
            chat.loc[chat["kind"] != "repost", "impressions"],
            mark("times shown, as the platform counted, added up over the posts that say it"),
        ),
    ]
    return pd.DataFrame(
        {
            "value": pd.array([values.sum(min_count=1) for _, values, _ in rows], dtype="Int64"),
            "formula": [formula for *_, formula in rows],
            "known": [
                float(values.notna().mean()) if len(values) else 0.0 for _, values, _ in rows
            ],
        },
        index=pd.Index([name for name, *_ in rows], name="measure"),
    )
