"""One chat on several networks, side by side."""

from __future__ import annotations

import pandas as pd

from chatlab.posts.schema import engagement
from chatlab.posts.select import own_posts


def network_table(posts: pd.DataFrame) -> pd.DataFrame:
    """Set the networks of a chat side by side.

    Parameters
    ----------
    posts
        A posts table; only posts in the chat count.

    Returns
    -------
    DataFrame
        Index the platform, most posts first: `posts`, `people`, `own` (posts without reposts),
        `replies` (share of these that reply to somebody), `reposts`, `engagement` (median per own
        post whose counts the file gives, missing where it gives none), `known` (share of the own
        posts whose counts it gives), `first` and `last` post.
    """
    chat = posts[posts["in_chat"]]
    own = own_posts(posts)
    drawn = engagement(own)
    groups = chat.groupby("platform")
    wrote = own.groupby("platform")
    table = pd.DataFrame(
        {
            "posts": groups.size(),
            "people": groups["author_id"].nunique(),
            "own": wrote.size(),
            "replies": own["kind"].eq("reply").groupby(own["platform"]).mean(),
            "reposts": chat["kind"].eq("repost").groupby(chat["platform"]).sum(),
            "engagement": drawn.groupby(own["platform"]).median(),
            "known": drawn.notna().groupby(own["platform"]).mean(),
            "first": groups["created_at"].min(),
            "last": groups["created_at"].max(),
        }
    )
    table = table.fillna({"own": 0}).astype({"own": "int64"})
    return table.sort_values("posts", ascending=False, kind="stable")
