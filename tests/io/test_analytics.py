"""X's own figures, from each export that an owner can download."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest
from samples import as_csv

import chatlab as cl

ID = "1262000000000000001"
LINK = f"https://x.com/ada/status/{ID}"
# The id's own clock: (1262000000000000001 >> 22) + 1288834974657 milliseconds.
MOMENT = "2020-05-17 12:40:21.483000+00:00"


def put(path: Path, *rows: dict[str, str]) -> Path:
    path.write_bytes(as_csv(*rows))
    return path


OLD = {
    "Tweet id": "1.262E+18",
    "Tweet permalink": LINK,
    "Tweet text": "Paid late again",
    "time": "2020-05-17 12:51 +0000",
    "impressions": "1203.0",
    "engagements": "12.0",
    "engagement rate": "0.01",
    "retweets": "2.0",
    "replies": "1.0",
    "likes": "3.0",
    "user profile clicks": "4.0",
    "promoted impressions": "-",
}


def test_old_export_repairs_ids_from_the_link(tmp_path: Path) -> None:
    figures = cl.io.read_analytics(put(tmp_path / "a.csv", OLD))
    assert list(figures.index) == [f"x:{ID}"]
    row = figures.iloc[0]
    assert (row["impressions"], row["engagements"], row["profile_visits"]) == (1203, 12, 4)
    assert (row["reposts"], row["replies"], row["likes"]) == (2, 1, 3)
    assert pd.isna(row["bookmarks"])
    assert str(row["created_at"]) == "2020-05-17 12:51:00+00:00"


def test_french_headers_are_the_same_figures(tmp_path: Path) -> None:
    french = {
        "Identifiant du Tweet": ID,
        "Permalien du Tweet": LINK,
        "Texte du Tweet": "Payé en retard",
        "heure": "2020-05-17 12:51 +0000",
        "impressions": "1203.0",
        "engagements": "12.0",
        "Retweets": "2",
        "réponses": "1",
        "J’aime": "3",
        "clics sur le profil de l'utilisateur": "4",
    }
    figures = cl.io.read_analytics(put(tmp_path / "a.csv", french))
    english = cl.io.read_analytics(put(tmp_path / "b.csv", OLD))
    pd.testing.assert_frame_equal(figures.drop(columns="text"), english.drop(columns="text"))


def test_premium_takes_the_hour_from_the_id(tmp_path: Path) -> None:
    premium = {
        "Post id": ID,
        "Date": "Sun, May 17, 2020",
        "Post text": "Paid late again",
        "Post Link": LINK,
        "Impressions": "1203",
        "Likes": "3",
        "New follows": "1",
        "Profile visits": "4",
    }
    row = cl.io.read_analytics(put(tmp_path / "a.csv", premium)).iloc[0]
    assert str(row["created_at"]) == MOMENT
    assert (row["new_follows"], row["profile_visits"]) == (1, 4)


def test_overview_is_one_row_per_day(tmp_path: Path) -> None:
    days = [
        {"Date": f"Sun, May {n}, 2020", "Impressions": str(n), "New follows": "1", "Unfollows": "0"}
        for n in (17, 10)
    ]
    figures = cl.io.read_analytics(put(tmp_path / "a.csv", *days))
    assert figures.index.name == "day"
    assert figures["impressions"].tolist() == [10, 17]
    with pytest.raises(cl.errors.NotPostsError, match="apart"):
        cl.io.read_analytics([tmp_path / "a.csv", put(tmp_path / "b.csv", OLD)])


def test_several_months_are_one_table(tmp_path: Path) -> None:
    put(tmp_path / "march.csv", OLD)
    put(tmp_path / "april.csv", {**OLD, "Tweet permalink": LINK.replace(ID, "1263000000000000001")})
    assert len(cl.io.read_analytics(tmp_path)) == 2


def test_what_is_no_export_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(cl.errors.UnknownFormatError, match="colour"):
        cl.io.read_analytics(put(tmp_path / "a.csv", {"colour": "red", "size": "2"}))


def test_rows_without_an_id_keep_their_figures(tmp_path: Path) -> None:
    figures = cl.io.read_analytics(put(tmp_path / "b.csv", {**OLD, "Tweet permalink": ""}))
    assert figures["impressions"].to_dict() == {"x:b.csv#1": 1203}


def test_real_export_is_read_whole(real: Path) -> None:
    figures = cl.io.read_analytics(real / "x_analytics" / "mantej_tweet_activity_metrics.csv")
    assert len(figures) == 103
    assert figures[["impressions", "likes", "created_at"]].notna().all(axis=None)


def test_headers_that_r_wrote_are_known(tmp_path) -> None:
    (tmp_path / "r.csv").write_text(
        "Tweet.id,Tweet.permalink,Tweet.text,time,impressions,engagements\n"
        "1234567890123456789,https://x.com/a/status/1234567890123456789,one,2020-02-10 18:00,5,1\n"
        "1234567890123456790,https://x.com/a/status/1234567890123456790,two,2020-02-10 19:00,7,1\n"
    )
    figures = cl.io.read_analytics(tmp_path / "r.csv")
    assert figures["impressions"].tolist() == [5, 7]
    assert figures.index.name is None
