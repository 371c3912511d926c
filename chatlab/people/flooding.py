"""How much host and panel fill the timelines of their followers, and who complains of it."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from chatlab.posts.quoting import quotes
from chatlab.posts.select import own_posts
from chatlab.text.phrases import phrase

# More than one post in three minutes for an hour is a timeline of one's own. A convention of this
# kit, not a measured bound: say your own.
MOST_AN_HOUR = 20
HOUR = pd.Timedelta(hours=1)


def flooding_table(
    posts: pd.DataFrame,
    editions: pd.Series,
    parts: Mapping[str, str],
    *,
    most: int = MOST_AN_HOUR,
) -> pd.DataFrame:
    """Count what host and panel put into their followers' timelines, hour by hour.

    A reply is seen in the timelines of those who follow both; posts, quotes and reposts by all
    followers, and only these count.

    Parameters
    ----------
    posts
        A posts table.
    editions
        From `find_editions`.
    parts
        `host` or `panel` by author id.
    most
        More in any sixty minutes is marked.

    Returns
    -------
    DataFrame
        One row per edition and person of the team who wrote in it: `edition`, `author_id`,
        `author`, `part`, `posts` (that all followers see), `replies` (that few see), `in_an_hour`
        (most within any sixty minutes) and `floods` (more than `most`).
    """
    chat = posts[posts["in_chat"] & posts["author_id"].isin(list(parts))]
    chat = chat.assign(edition=editions.reindex(chat.index)).dropna(subset=["edition"])
    rows = []
    for (edition, person), part in chat.groupby(["edition", "author_id"]):
        seen = part[part["kind"] != "reply"]
        busiest = most_within_an_hour(seen["created_at"])
        rows.append(
            {
                "edition": edition,
                "author_id": person,
                "author": part["author"].iloc[-1],
                "part": parts[str(person)],
                "posts": len(seen),
                "replies": len(part) - len(seen),
                "in_an_hour": busiest,
                "floods": busiest > most,
            }
        )
    names = ["edition", "author_id", "author", "part", "posts", "replies", "in_an_hour", "floods"]
    table = pd.DataFrame(rows, columns=names).astype({"edition": "Int64"})
    order = ["edition", "in_an_hour"]
    return table.sort_values(order, ascending=[True, False], kind="stable", ignore_index=True)


def most_within_an_hour(times: pd.Series) -> int:
    """Count the most of these instants that lie within any sixty minutes."""
    ordered = times.dropna().sort_values()
    if ordered.empty:
        return 0
    ends = ordered.searchsorted(ordered + HOUR, side="left")
    return int((ends - range(len(ordered))).max())


def flood_complaints(posts: pd.DataFrame, parts: Mapping[str, str]) -> pd.DataFrame:
    """List posts that complain of too many posts.

    Parameters
    ----------
    posts
        A posts table.
    parts
        `host` or `panel` by author id; what they write is left out.

    Returns
    -------
    DataFrame
        Index the post id, in order of time: `author`, `created_at`, `text`, `cue` (the words by
        which it was found), `url`.
    """
    own = own_posts(posts)
    own = own[~own["author_id"].isin(list(parts))]
    cues = pd.Series([phrase(text, "flood") for text in own["text"]], own.index, dtype="str")
    found = own[cues.notna()]
    found = found.assign(text=quotes(found), cue=cues[found.index])
    return found.sort_values("created_at", kind="stable")[
        ["author", "created_at", "text", "cue", "url"]
    ]
