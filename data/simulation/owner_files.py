"""The files that only the simulated host has: what was remembered, and X's own figures."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from chatlab.io.safe_files import write_safely
from data.simulation.posts import PERMALINKS

MEMORY = """\
who;what;about;note
Camille;best;Q3;"la réponse de Tom sur les relecteurs"
Camille;most talked about;IA;"on n'a parlé que de l'IA"
Camille;liveliest;Idris;"il a porté la discussion"
Idris;went badly;Q5;"j'ai répondu trop tard"
Camille;feeling;;"ambiance plus chaleureuse que la semaine dernière"
"""
# X gave the old form until this day, then only the forms of Premium.
CHANGE = pd.Timestamp("2026-03-22", tz="UTC")
ELSEWHERE = (
    ("2026-03-10 15:20", "On recrute à Ruchely : deux postes, à Lyon ou à distance."),
    ("2026-03-31 08:05", "Panne ce matin chez Ruchely, rétablie à 9 h 40. Pardon pour l'attente."),
)


def write_owner_files(posts: pd.DataFrame, host: str, folder: Path) -> None:
    """Write memory.csv and, in `analytics/`, the host's exports: old form, content, overview."""
    write_safely(folder / "memory.csv", MEMORY.encode())
    figures = _figures(posts, host)
    old, new = figures[figures["at"] < CHANGE], figures[figures["at"] >= CHANGE]
    place = folder / "analytics"
    write_safely(place / "tweet_activity_metrics.csv", _plain_csv(_old_form(old)))
    write_safely(place / "account_analytics_content.csv", _plain_csv(_content(new)))
    write_safely(place / "account_overview_analytics.csv", _plain_csv(_overview(figures, posts)))


def _figures(posts: pd.DataFrame, host: str) -> pd.DataFrame:
    """Collect the host's own posts, two of them outside the chat, with X's figures."""
    own = posts[(posts["author"] == host) & (posts["kind"] != "repost")]
    rng = np.random.default_rng(7)
    rows: list[dict[str, Any]] = [
        {
            "id": str(row["post_id"]).removeprefix("x:"),
            "at": row["created_at"],
            "text": row["text"],
            "impressions": int(row["impressions"]),
            "likes": int(row["likes"]),
            "reposts": int(row["reposts"]) + int(row["quotes"]),
            "replies": int(row["replies"]),
        }
        for row in own.to_dict("records")
    ]
    for i, (moment, text) in enumerate(ELSEWHERE):
        at = pd.Timestamp(moment, tz="UTC")
        number = (int(at.timestamp() * 1000) - 1288834974657) << 22 | i
        rows.append(
            {"id": str(number), "at": at, "text": text, "impressions": 420 + 90 * i}
            | {"likes": 3 + i, "reposts": i, "replies": 1}
        )
    table = pd.DataFrame(rows).sort_values("at", ignore_index=True)
    # The last one came after the export.
    table = table.iloc[:-1]
    table["profile"] = rng.poisson(table["impressions"] / 150)
    table["clicks"] = rng.poisson(table["impressions"] / 200)
    table["engagements"] = table[["likes", "reposts", "replies", "profile", "clicks"]].sum(axis=1)
    table["link"] = [f"{PERMALINKS}/{host}/status/{number}" for number in table["id"]]
    return table


def _old_form(table: pd.DataFrame) -> pd.DataFrame:
    columns: Mapping[str, Any] = {
        "Tweet id": table["id"],
        "Tweet permalink": table["link"],
        "Tweet text": table["text"],
        "time": table["at"].dt.strftime("%Y-%m-%d %H:%M +0000"),
        "impressions": table["impressions"].map("{}.0".format),
        "engagements": table["engagements"].map("{}.0".format),
        "engagement rate": table["engagements"] / table["impressions"],
        "retweets": table["reposts"].map("{}.0".format),
        "replies": table["replies"].map("{}.0".format),
        "likes": table["likes"].map("{}.0".format),
        "user profile clicks": table["profile"].map("{}.0".format),
        "url clicks": "0.0",
        "hashtag clicks": table["clicks"].map("{}.0".format),
    }
    return pd.DataFrame(columns)


def _content(table: pd.DataFrame) -> pd.DataFrame:
    columns: Mapping[str, Any] = {
        "Post id": table["id"],
        "Date": _days(table["at"]),
        "Post text": table["text"],
        "Post Link": table["link"],
        "Impressions": table["impressions"],
        "Likes": table["likes"],
        "Engagements": table["engagements"],
        "Bookmarks": 0,
        "Shares": 0,
        "New follows": table["profile"] // 4,
        "Replies": table["replies"],
        "Reposts": table["reposts"],
        "Profile visits": table["profile"],
        "Hashtag Clicks": table["clicks"],
    }
    return pd.DataFrame(columns)


def _overview(table: pd.DataFrame, posts: pd.DataFrame) -> pd.DataFrame:
    """Add the figures up by day; more people follow around the editions."""
    rng = np.random.default_rng(8)
    first, last = posts["created_at"].min().normalize(), posts["created_at"].max().normalize()
    days = pd.date_range(first, last)
    sums = table.groupby(table["at"].dt.normalize())[
        ["impressions", "likes", "engagements", "replies", "reposts", "profile"]
    ].sum()
    sums = sums.reindex(days, fill_value=0)
    busy = days.day_of_week.isin([3, 4])
    columns: Mapping[str, Any] = {
        "Date": _days(pd.Series(days)),
        "Impressions": sums["impressions"].to_numpy() + rng.poisson(60, len(days)),
        "Likes": sums["likes"].to_numpy(),
        "Engagements": sums["engagements"].to_numpy(),
        "Bookmarks": 0,
        "Shares": 0,
        "New follows": rng.poisson(np.where(busy, 6, 1.5)),
        "Unfollows": rng.poisson(0.7, len(days)),
        "Replies": sums["replies"].to_numpy(),
        "Reposts": sums["reposts"].to_numpy(),
        "Profile visits": sums["profile"].to_numpy(),
        "Create Post": table.groupby(table["at"].dt.normalize()).size().reindex(days).fillna(0),
        "Video views": 0,
        "Media views": 0,
    }
    frame = pd.DataFrame({name: np.asarray(value) for name, value in columns.items()}, index=days)
    return frame.astype({"Create Post": "int64"})


def _days(times: pd.Series) -> list[str]:
    return [f"{time:%a, %b} {time.day}, {time:%Y}" for time in times]


def _plain_csv(table: pd.DataFrame) -> bytes:
    """Write a table as X does, without a thought for spreadsheets."""
    return table.to_csv(index=False, lineterminator="\n").encode()
