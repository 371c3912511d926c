"""Tables about editions: when, how many, who hosted, what came late."""

from __future__ import annotations

from collections.abc import Collection

import pandas as pd

from chatlab.chat.edition_counts import (
    Editions,
    around_editions,
    minutes_by_edition,
    people_by_edition,
)
from chatlab.chat.editions import AROUND, BIN, CHAT_LENGTH, HINT_BEFORE, TOLERANCE
from chatlab.chat.weekly import WEEKDAYS, parse_weekly
from chatlab.posts.activity import first_and_last
from chatlab.posts.counting import Posts, Scan
from chatlab.posts.schema import empty_posts
from chatlab.posts.select import select_posts
from chatlab.text.phrases import says


def edition_table(
    posts: Posts,
    editions: Editions,
    *,
    hosts: Collection[str] = (),
    weekly: str | None = None,
    timezone: str = "UTC",
) -> pd.DataFrame:
    """Describe each edition.

    Parameters
    ----------
    posts
        A posts table, or what `cl.scan_posts` gives.
    editions
        From `find_editions`; of a dataset from `edition_spans`.
    hosts
        Author ids of the hosts: what they wrote says when an edition was closed, whether the next
        one was announced, and whether people were thanked.
    weekly, timezone
        The announced hour and its time zone, as for `find_editions`.

    Returns
    -------
    DataFrame
        Index the edition; `start` and `end` (first and last post), `peak` (start of the busiest
        minute), `posts`, `people`, `early` and `late`: posts in the twelve hours before and
        after that belong to no edition. Then, missing where no host wrote: `closed` (the hosts'
        last post in it that thanks or takes leave, else missing), `minutes_over` (from the
        planned end to `closed`, or to `end` where it is missing), `on_time` (at most three
        minutes over), `next_announced` and `thanked` (by the hosts, in the edition or within
        twelve hours). The planned end is the announced hour, or else the start to the nearest
        quarter, plus the median time from start to `closed` over the editions that have one, to
        the nearest quarter; editions longer than three hours have none.
    """
    table = _sizes(posts, editions)
    own = posts if isinstance(posts, pd.DataFrame) else _of_hosts(posts, hosts)
    kept = _kept_by_hosts(own, table, hosts)
    return table.join(kept).join(_punctual(table, kept, weekly, timezone))


def _sizes(posts: Posts, editions: Editions) -> pd.DataFrame:
    """Count what lies in each edition, and in the twelve hours around it."""
    groups = people_by_edition(posts, editions).groupby("edition")
    table = pd.DataFrame({"start": groups["first"].min(), "end": groups["last"].max()})
    minutes = minutes_by_edition(posts, editions)
    most = minutes.groupby("edition")["posts"].transform("max")
    busiest = minutes[minutes["posts"] == most].groupby("edition")["minute"].min()
    table = table.assign(
        peak=busiest, posts=groups["posts"].sum(), people=groups["author_id"].nunique()
    )
    beside = around_editions(posts, editions, table["start"], table["end"], AROUND)
    near = [beside.get(place, (0, 0)) for place in range(1, len(table) + 1)]
    table = table.assign(early=[one for one, _ in near], late=[other for _, other in near])
    table.index = table.index.astype("int64")
    return table.astype(dict.fromkeys(["posts", "people", "early", "late"], "int64"))


def _of_hosts(scan: Scan, hosts: Collection[str]) -> pd.DataFrame:
    """Read what the hosts wrote: their words tell how an edition ended."""
    if not hosts:
        return empty_posts()
    return select_posts(scan, authors=list(hosts)).read()


def _kept_by_hosts(
    posts: pd.DataFrame, table: pd.DataFrame, hosts: Collection[str]
) -> pd.DataFrame:
    """Say what the hosts did at the end of each edition: closed, announced, thanked."""
    own = posts[posts["in_chat"] & posts["author_id"].isin(list(hosts))]
    own = own[~own["kind"].isin(["repost", "reply"])].dropna(subset="created_at")
    said = pd.DataFrame(
        {
            "at": own["created_at"],
            "leave": [says(text, "leave") for text in own["text"]],
            "next": [says(text, "next") for text in own["text"]],
            "thanks": [says(text, "thanks") for text in own["text"]],
        }
    )
    rows = []
    for number, start, end in table[["start", "end"]].itertuples(name=None):
        half = start + (end - start) / 2
        inside = said[(said["at"] >= start) & (said["at"] <= end)]
        later = said[(said["at"] >= half) & (said["at"] <= end + AROUND)]
        closing = inside[(inside["at"] >= half) & (inside["leave"] | inside["thanks"])]
        heard = len(inside) > 0
        rows.append(
            {
                "edition": number,
                "closed": closing["at"].max() if len(closing) else pd.NaT,
                "next_announced": bool(later["next"].any()) if heard else pd.NA,
                "thanked": bool(later["thanks"].any()) if heard else pd.NA,
            }
        )
    kept = pd.DataFrame(rows, columns=["edition", "closed", "next_announced", "thanked"])
    kept = kept.set_index("edition")
    kept["closed"] = pd.to_datetime(kept["closed"], utc=True).astype(posts["created_at"].dtype)
    return kept.astype({"next_announced": "boolean", "thanked": "boolean"})


def _punctual(
    table: pd.DataFrame, kept: pd.DataFrame, weekly: str | None, zone: str
) -> pd.DataFrame:
    lengths = (table["end"] - table["start"]).where(lambda t: t <= CHAT_LENGTH)
    # A burst that nobody closed says nothing of how long a chat was meant to be.
    closed = (kept["closed"] - table["start"]).where(lengths.notna())
    length = pd.Timedelta(closed.median()).round(BIN) if closed.notna().any() else pd.NaT
    begins = table["start"].dt.round(BIN)
    if weekly:
        hour = parse_weekly(weekly)
        local = table["start"].dt.tz_convert(zone).dt.normalize().dt.tz_localize(None)
        told = local + pd.Timedelta(hours=hour.hour, minutes=hour.minute)
        told = told.dt.tz_localize(zone, nonexistent="shift_forward", ambiguous="NaT")
        told = told.dt.tz_convert("UTC")
        begins = begins.mask((told - table["start"]).abs() <= HINT_BEFORE, told)
    planned = (begins + length).where(lengths.notna() & kept["thanked"].notna())
    over = (kept["closed"].fillna(table["end"]) - planned).dt.total_seconds() / 60
    on_time = (over <= TOLERANCE).astype("boolean").mask(over.isna())
    return pd.DataFrame({"minutes_over": over, "on_time": on_time})


def are_days(table: pd.DataFrame) -> bool:
    """Tell the days of an event from the sessions of a chat: they last longer than three hours.

    Parameters
    ----------
    table
        From `edition_table`.
    """
    lengths = table["end"] - table["start"]
    return bool(len(table)) and pd.Timedelta(lengths.median()) > CHAT_LENGTH


def is_cut_off(posts: Posts, table: pd.DataFrame, edition: int | None) -> bool:
    """Tell whether the file ends in the middle of a day of an event: its figures are not whole.

    Parameters
    ----------
    posts
        A posts table, or what `cl.scan_posts` gives.
    table
        From `edition_table`.
    edition
        The number of the day; None is never cut off.
    """
    if edition is None or len(table) < 2 or not are_days(table) or edition != table.index[-1]:
        return False
    ends = first_and_last(posts)
    lengths = table["end"] - table["start"]
    usual = lengths.iloc[:-1].median()
    return bool(ends and table["end"].iloc[-1] == ends[1] and 2 * lengths.iloc[-1] < usual)


def usual_hour(table: pd.DataFrame, *, zone: str = "UTC") -> str | None:
    """Tell the weekday and hour at which most editions of a chat begin, as `weekly` takes it.

    Parameters
    ----------
    table
        From `edition_table`.
    zone
        The time zone of the hour.

    Returns
    -------
    str or None
        Such as `"Thursday 09:00"`, to the nearest quarter of an hour; None where fewer than two
        editions, or fewer than half of them, begin within an hour of it, or one lasts longer than
        three hours.
    """
    if len(table) < 2 or (table["end"] - table["start"]).max() > CHAT_LENGTH:
        return None
    begins = [start.tz_convert(zone).tz_localize(None).round(BIN) for start in table["start"]]
    minutes = [1440 * time.weekday() + 60 * time.hour + time.minute for time in begins]
    usual = max(sorted(set(minutes)), key=minutes.count)
    weekday, hour, minute = usual // 1440, usual % 1440 // 60, usual % 60
    near = sum(min((one - usual) % 10_080, (usual - one) % 10_080) <= 60 for one in minutes)
    if near < 2 or 2 * near < len(table):
        return None
    return f"{WEEKDAYS[weekday][0].title()} {hour:02}:{minute:02}"


def edition_comparison(table: pd.DataFrame, edition: int | None) -> pd.DataFrame:
    """Set one edition beside the others.

    Parameters
    ----------
    table
        From `edition_table`.
    edition
        The edition to look at; None gives an empty table.

    Returns
    -------
    DataFrame
        Index the figure (`posts`, `people`, `posts_per_person`, `minutes`, `late`); `this`,
        `others` (the median of all other editions, missing where there is none) and `change`
        (`this` / `others` - 1; missing where `others` is missing or 0).
    """
    if edition is None:
        return pd.DataFrame({"this": [], "others": [], "change": []}, dtype="float64")
    figures = pd.DataFrame(
        {
            "posts": table["posts"],
            "people": table["people"],
            "posts_per_person": table["posts"] / table["people"].clip(lower=1),
            "minutes": (table["end"] - table["start"]).dt.total_seconds() / 60,
            "late": table["late"],
        }
    ).astype("float64")
    this = figures.loc[edition]
    others = figures.drop(index=edition).median()
    change = this / others.where(others != 0) - 1
    compared = pd.DataFrame({"this": this, "others": others, "change": change})
    return compared.rename_axis("figure")
