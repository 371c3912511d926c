"""Several tables as one, the part of a table that is wanted, and what a table covers."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

import pandas as pd

from chatlab.errors import PostsError, SettingsError
from chatlab.posts.merge import settle
from chatlab.posts.schema import KINDS, NAMES, PLATFORMS, pandas_posts, posts_to_arrow, true_for
from chatlab.text.patterns import plain_handles


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


def select_posts(
    posts: pd.DataFrame,
    *,
    hashtags: str | Iterable[str] | None = None,
    since: str | pd.Timestamp | None = None,
    until: str | pd.Timestamp | None = None,
    langs: str | Iterable[str] | None = None,
    authors: str | Iterable[str] | None = None,
    text: str | None = None,
    kinds: str | Iterable[str] | None = None,
    platforms: str | Iterable[str] | None = None,
) -> pd.DataFrame:
    """Choose posts; every condition given must hold. One text stands for a list of one.

    Parameters
    ----------
    posts
        A posts table.
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

    Returns
    -------
    DataFrame
        The rows chosen, in the same order.

    Raises
    ------
    SettingsError
        A date cannot be read, or a kind or platform is unknown.
    """
    hashtags, langs, authors = map(_several, (hashtags, langs, authors))
    keep = pd.Series(True, index=posts.index)
    if hashtags is not None:
        wanted = {tag.lstrip("#").casefold() for tag in hashtags}
        keep &= true_for(posts["hashtags"], lambda tags: not wanted.isdisjoint(tags))
    if since is not None:
        keep &= posts["created_at"] >= _instant(since)
    if until is not None:
        keep &= posts["created_at"] < _instant(until)
    if langs is not None:
        keep &= posts["lang"].isin(langs) | posts["lang"].str.split("-").str[0].isin(langs)
    if authors is not None:
        names = plain_handles(authors)
        by_handle = posts["author"].str.casefold().isin(names)
        keep &= by_handle | posts["author_id"].isin(names | set(authors))
    if text is not None:
        keep &= posts["text"].str.contains(text, case=False, regex=False)
    for name, given, known in (("kind", kinds, KINDS), ("platform", platforms, PLATFORMS)):
        some = _several(given)
        if some is None:
            continue
        if strange := sorted(set(some) - set(known)):
            raise SettingsError(
                f"`{name}s` holds {', '.join(map(repr, strange))}; there are {', '.join(known)}."
            )
        keep &= posts[name].isin(some)
    return posts[keep]


def _several(given: str | Iterable[str] | None) -> list[str] | None:
    return [given] if isinstance(given, str) else None if given is None else list(given)


def _instant(when: str | pd.Timestamp) -> pd.Timestamp:
    # Only what reads one way: 03/04 is March to some and April to others.
    written = isinstance(when, str)
    try:
        if written and not re.match(r"\d{4}-\d\d-\d\d", str(when).strip()):
            raise ValueError
        stamp = pd.Timestamp(when)
    except (ValueError, TypeError) as error:
        raise SettingsError(
            f"{when!r} is no date that reads one way only; write it as 2026-03-05 or "
            "2026-03-05 09:00."
        ) from error
    return stamp.tz_localize("UTC") if stamp.tzinfo is None else stamp


def coverage_table(posts: pd.DataFrame) -> pd.DataFrame:
    """Tell what a posts table holds and what it lacks.

    Returns
    -------
    DataFrame
        Index the fact; `value` (a number, a share between 0 and 1, a text or an instant; missing
        where it cannot be told) and `unit` (`posts`, `people`, `share`, `text`, `instant`,
        `hours`). Rows: posts in the chat, posts that only came along, copies of posts on another
        network, people, replies, replies whose parent is not in the file, people with follower
        counts, posts with a language, the five most used languages with their posts, first and
        last post, longest gap between two posts.
    """
    chat = posts[posts["in_chat"]]
    copies = int((posts["copy_of"].notna() & ~posts["in_chat"]).sum())
    replies = chat[chat["kind"] == "reply"]
    orphans = ~replies["reply_to"].isin(posts.index)
    people = chat.dropna(subset="author_id").drop_duplicates("author_id", keep="last")
    times = chat["created_at"].dropna()
    gaps = times.diff().max()
    rows: list[tuple[str, Any, str]] = [
        ("posts", len(chat), "posts"),
        ("context_posts", len(posts) - len(chat) - copies, "posts"),
        ("copies", copies, "posts"),
        ("people", len(people), "people"),
        ("replies", len(replies), "posts"),
        ("replies_without_parent", int(orphans.sum()), "posts"),
        ("people_with_followers", _share(people["author_followers"].notna()), "share"),
        ("posts_with_language", _share(chat["lang"].notna()), "share"),
        ("languages", _most_common(chat["lang"]), "text"),
        ("first_post", times.min() if len(times) else None, "instant"),
        ("last_post", times.max() if len(times) else None, "instant"),
        ("longest_gap", gaps / pd.Timedelta(hours=1) if pd.notna(gaps) else None, "hours"),
    ]
    table = pd.DataFrame(rows, columns=["fact", "value", "unit"])
    return table.astype({"value": object}).set_index("fact")


def _most_common(values: pd.Series) -> str | None:
    counts = values.value_counts().head(5)
    return ", ".join(f"{value} {n}" for value, n in counts.items()) or None


def _share(flags: pd.Series) -> float | None:
    return float(flags.mean()) if len(flags) else None
