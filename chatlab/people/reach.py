"""How far it may have reached: published formulas, each an upper bound."""

from __future__ import annotations

import pandas as pd
import pyarrow.compute as pc

from chatlab.posts.counting import Posts, count, frame
from chatlab.posts.counts import PEOPLE, SHOWN
from chatlab.posts.quoting import quotes
from chatlab.text.patterns import clean_text

MEASURES = (
    "unique_followers",
    "sum_of_followers",
    "posts_times_followers",
    "reposters_audience",
    "largest_audience",
    "impressions",
    "amplification",
    "posts_per_person",
    "repost_rate",
)


def reach_table(posts: Posts) -> pd.DataFrame:
    """Compute how many people and showings are possible at most, and how far posts were passed on.

    Follower counts say who could have seen a post, not who did: every figure made of them is "up
    to".

    Parameters
    ----------
    posts
        A posts table, or what `cl.scan_posts` gives; only posts in the chat count.

    Returns
    -------
    DataFrame
        Index the measure; `value` (missing where it cannot be computed, as without follower
        counts), `known` (share of the people, or posts, it could be computed for); the formulas in
        words: `show.reach`. Upper bounds: `unique_followers`, `sum_of_followers`,
        `posts_times_followers` ("potential impressions"), `reposters_audience`,
        `largest_audience`. Counted: `impressions` (by the platform), `amplification` (reposts
        per own post), `posts_per_person`, `repost_rate` (0 to 1); those of reposts are missing
        where no repost is in the file.
    """
    counted, showings = count(posts, PEOPLE, SHOWN)
    named = frame(counted.filter(pc.is_valid(counted["author_id"])))
    people = named["followers"]
    wrote = named[["post", "reply", "quote"]].sum(axis=1) > 0
    kinds = frame(showings).set_index("kind")
    own_posts = kinds.drop(index="repost", errors="ignore")
    n = int(kinds["posts"].sum())
    reposts = n - int(own_posts["posts"].sum())
    rows: dict[str, tuple[float | None, float]] = {
        name: (_total(values), float(values.notna().mean()) if len(values) else 0.0)
        for name, values in (
            ("unique_followers", people),
            ("sum_of_followers", people[wrote]),
            ("reposters_audience", people[~wrote]),
        )
    }
    for name, value, some in (
        ("posts_times_followers", "audience", kinds),
        ("impressions", "impressions", own_posts),
    ):
        of, known = (int(some[column].sum()) for column in ("posts", f"with_{value}"))
        rows[name] = (float(some[value].sum()) if known else None, known / of if of else 0.0)
    rows["largest_audience"] = (
        float(people.max()) if people.notna().any() else None,
        rows["unique_followers"][1],
    )
    own = n - reposts
    # A file without a repost is one of a search that leaves them out: that is no zero.
    rows["amplification"] = (reposts / own if own and reposts else None, 1.0)
    rows["posts_per_person"] = (n / len(people) if len(people) else None, 1.0)
    rows["repost_rate"] = (reposts / n if reposts else None, 1.0)
    return pd.DataFrame(
        {
            "value": pd.array([rows[name][0] for name in MEASURES], dtype="Float64"),
            "known": [rows[name][1] for name in MEASURES],
        },
        index=pd.Index(list(MEASURES), name="measure"),
    )


def _total(values: pd.Series) -> float | None:
    return float(values.sum()) if values.notna().any() else None


def compare_analytics(
    posts: pd.DataFrame, analytics: pd.DataFrame, *, account: str | None = None
) -> pd.DataFrame:
    """Set the platform's own figures of an account's posts beside what was possible.

    Posts are matched by id; where a spreadsheet destroyed the ids, by their text.

    Parameters
    ----------
    posts
        A posts table; only posts in the chat count.
    analytics
        From `read_analytics`, one row per post.
    account
        The author id; without it, who wrote most of the matched posts.

    Returns
    -------
    DataFrame
        One row per post of the account, index the post id (of the posts table where it is
        there), in order of time: `created_at`, `text`, `url`, `where` (`both`; `only here`: not
        in the export; `only in the export`), `impressions` and `engagements` (actual),
        `potential` (followers of the author and of each person who reposted it here, once each;
        missing without follower counts), `seen` (impressions / potential) and `engagement_rate`
        (engagements / impressions; missing where a part is).
    """
    chat = posts[posts["in_chat"]]
    own = chat[chat["kind"] != "repost"]
    wanted = ["created_at", "text", "url", "impressions", "engagements"]
    figures = analytics.reindex(columns=wanted)
    figures.index = pd.Index(_matched_ids(own, figures), dtype="str")
    figures = figures[~figures.index.duplicated()]
    if account is None:
        known = own.loc[own.index.isin(figures.index), "author_id"].dropna()
        account = str(known.value_counts().index[0]) if len(known) else ""
    own = own[own["author_id"] == account]
    own = own.assign(text=quotes(own))
    if len(own) and not own["text"].notna().any():
        figures["text"] = None
    names = ["created_at", "text", "url"]
    told = own[names].combine_first(figures[names].astype(own[names].dtypes.to_dict()))
    told["where"] = [
        "both"
        if key in own.index and key in figures.index
        else "only here"
        if key in own.index
        else "only in the export"
        for key in told.index
    ]
    told[["impressions", "engagements"]] = figures[["impressions", "engagements"]].reindex(
        told.index
    )
    told["potential"] = _potential(chat, account).reindex(told.index)
    told.loc[told["where"] == "only in the export", "potential"] = pd.NA
    told["seen"] = _ratio(told["impressions"], told["potential"])
    told["engagement_rate"] = _ratio(told["engagements"], told["impressions"])
    columns = [*names, "where", "impressions", "potential", "seen", "engagements"]
    table = told[[*columns, "engagement_rate"]].sort_values("created_at", kind="stable")
    return table.rename_axis(None)


def _matched_ids(own: pd.DataFrame, analytics: pd.DataFrame) -> list[str]:
    by_text = {clean_text(text): key for key, text in own["text"].items()}
    return [
        str(key)
        if key in own.index
        else str(by_text.get(clean_text(text), key) if isinstance(text, str) else key)
        for key, text in analytics["text"].items()
    ]


def _potential(chat: pd.DataFrame, account: str) -> pd.Series:
    """Add the author's followers and those of each person who reposted, for each own post."""
    followers = chat.groupby("author_id")["author_followers"].max()
    mine = chat[(chat["author_id"] == account) & (chat["kind"] != "repost")]
    reposts = chat.dropna(subset="repost_of").drop_duplicates(["repost_of", "author_id"])
    reposts = reposts[reposts["author_id"] != account]
    passed = reposts["author_id"].map(followers).groupby(reposts["repost_of"]).sum(min_count=1)
    base = mine["author_id"].map(followers).astype("Float64")
    return base + passed.reindex(mine.index).fillna(0).astype("Float64")


def _ratio(part: pd.Series, whole: pd.Series) -> pd.Series:
    number = whole.astype("Float64")
    return part.astype("Float64") / number.mask(number == 0)


def follower_growth(
    overview: pd.DataFrame, posts: pd.DataFrame, editions: pd.Series, *, zone: str = "UTC"
) -> pd.DataFrame:
    """Say how an account's followers changed around the editions.

    Parameters
    ----------
    overview
        From `read_analytics`, one row per day.
    posts
        A posts table.
    editions
        From `find_editions`.
    zone
        Time zone of the editions' days.

    Returns
    -------
    DataFrame
        One row per edition, index the edition: `day`, `new_follows` and `unfollows` on that day
        and the next, `net` (their difference), `usual` (median net of two days in a row without
        an edition) and `impressions` of the two days; missing where the export has no such day.
    """
    starts = posts["created_at"].groupby(editions).min().dt.tz_convert(zone)
    days = starts.dt.tz_localize(None).dt.normalize()
    names = ["new_follows", "unfollows", "impressions"]
    daily = overview.reindex(columns=names).astype("Float64")
    daily.index = pd.DatetimeIndex(daily.index)
    pairs = daily + daily.reindex(daily.index + pd.Timedelta(days=1)).to_numpy()
    taken = {day + pd.Timedelta(days=shift) for day in days for shift in (-1, 0, 1)}
    usual = pairs[~pairs.index.isin(list(taken))]
    table = pairs.reindex(pd.DatetimeIndex(days))
    table.index = pd.Index(days.index, name="edition")
    net = table["new_follows"] - table["unfollows"].fillna(0)
    rest = (usual["new_follows"] - usual["unfollows"].fillna(0)).median()
    return pd.DataFrame(
        {
            "day": days,
            "new_follows": table["new_follows"],
            "unfollows": table["unfollows"],
            "net": net,
            "usual": pd.Series(rest, index=table.index, dtype="Float64"),
            "impressions": table["impressions"],
        }
    )
