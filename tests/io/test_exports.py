"""Tables that browser extensions, sheets and notebooks write, and the damage they do."""

from __future__ import annotations

import json
from pathlib import Path

import pandas as pd
import pytest

import chatlab as cl
from chatlab.io.load import load_posts

# Given on 2026-03-05 at 09:00:00 UTC: (id >> 22) + 1288834974657 are its milliseconds.
FIRST = (1_772_701_200_000 - 1_288_834_974_657) << 22
SECOND = FIRST + (60_000 << 22)


def test_the_web_exporter_as_csv_and_json(tmp_path: Path) -> None:
    rows = [
        {"id": str(FIRST), "created_at": "2026-03-05 10:00:00 +01:00",
         "full_text": "Line one\\nline two &amp; #Crowd", "screen_name": "Ada", "name": "Ada L.",
         "user_id": "1", "in_reply_to": None, "retweeted_status": None, "quoted_status": None,
         "favorite_count": 3, "retweet_count": 1, "quote_count": 0, "reply_count": 1,
         "views_count": None, "url": f"https://twitter.com/Ada/status/{FIRST}"},
        {"id": str(SECOND), "created_at": "2026-03-05 10:01:00 +01:00", "full_text": "Yes, why?",
         "screen_name": "bob", "name": "Bob", "user_id": "2", "in_reply_to": str(FIRST),
         "retweeted_status": None, "quoted_status": None, "favorite_count": 0,
         "retweet_count": 0, "quote_count": 0, "reply_count": 0, "views_count": 12,
         "url": f"https://twitter.com/bob/status/{SECOND}"},
    ]  # fmt: skip
    as_json = tmp_path / "export.json"
    as_json.write_text(json.dumps(rows), encoding="utf-8")
    as_csv = tmp_path / "export.csv"
    pd.DataFrame(rows).astype(object).fillna("null").to_csv(as_csv, index=False)
    for path in (as_json, as_csv):
        posts = cl.check_posts(cl.read_posts(path))
        assert list(posts["text"]) == ["Line one\nline two & #Crowd", "Yes, why?"]
        assert list(posts["kind"]) == ["post", "reply"]
        assert posts["reply_to_author"].iloc[1] == "x:1"
        assert posts["created_at"].iloc[0] == pd.Timestamp("2026-03-05T09:00Z")
        assert posts["impressions"].iloc[1] == 12


def test_the_archiver_sheet_gives_its_times_by_the_ids(tmp_path: Path) -> None:
    path = tmp_path / "sheet.csv"
    path.write_text(
        ",Twitter Query: #Crowd lang:en,,,,,,,,\n"
        "Date,Screen Name,Full Name,Tweet Text,Tweet ID,Location,Retweets,Favorites,Location,Bio\n"
        f"3/5/2026 4:00:00,@Ada,Ada L.,Q1 Why? #Crowd,{FIRST},,2,5,Oslo,Tests things\n"
        f"3/5/2026 4:01:00,@bob,Bob,A1 Because,{SECOND},,0,0,,\n",
        encoding="utf-8",
    )
    posts = cl.check_posts(cl.read_posts(path))
    assert list(posts["author"]) == ["Ada", "bob"]
    assert posts["created_at"].iloc[0] == pd.Timestamp("2026-03-05T09:00Z")
    assert posts["likes"].iloc[0] == 5
    assert posts["author_bio"].iloc[0] == "Tests things"


def test_the_scraper_that_leaves_blanks(tmp_path: Path) -> None:
    path = tmp_path / "replies.jsonl"
    lines = [
        {"ID": str(FIRST), "usernameTweet": "ada", "user_id": "1", "is_reply": True,
         "datetime": "2026-03-05 11:00:00", "is_retweet": False, "nbr_reply": 1,
         "nbr_favorite": 2, "nbr_retweet": 0,
         "text": "@ Bob  see # Crowd http:// example.org/a"},
        {"ID": str(SECOND), "usernameTweet": "Bob", "user_id": "2", "is_reply": False,
         "datetime": "2026-03-05 11:01:00", "is_retweet": False, "nbr_reply": 0,
         "nbr_favorite": 0, "nbr_retweet": 0, "text": "@ Ada hello"},
    ]  # fmt: skip
    path.write_text("\n".join(map(json.dumps, lines)), encoding="utf-8")
    loaded = load_posts(path)
    posts = cl.check_posts(loaded.posts)
    assert list(posts["kind"]) == ["reply", "post"]
    assert posts["reply_to_author"].iloc[0] == "x:2"
    assert posts["hashtags"].iloc[0] == ["crowd"]
    assert posts["urls"].iloc[0] == ["http://example.org/a"]
    # Two hours ahead, as whoever scraped them sat in Paris in summer.
    assert posts["created_at"].iloc[0] == pd.Timestamp("2026-03-05T09:00Z")
    assert "another time zone" in loaded.table()["notes"].iloc[0]


@pytest.mark.parametrize(
    "referenced",
    [
        f"[{{'type': 'replied_to', 'id': '{FIRST}'}}]",
        f"[{{'id': '{FIRST}', 'type': 'replied_to'}}]",
        f"[<ReferencedTweet id={FIRST} type=replied_to]",
    ],
)
def test_posts_of_the_api_kept_by_pandas(tmp_path: Path, referenced: str) -> None:
    table = pd.DataFrame(
        {
            "id": [FIRST, SECOND],
            "text": ["Which tool? #Crowd", "@Ada this one"],
            "created_at": ["2026-03-05 09:00:00+00:00", "2026-03-05 09:01:00+00:00"],
            "author_id": ["1", "2"],
            "lang": ["en", "en"],
            "in_reply_to_user_id": [float("nan"), 1.0],
            "entities": [None, "{'mentions': [{'start': 0, 'username': 'Ada', 'id': '1'}]}"],
            "public_metrics": ["{'retweet_count': 2, 'like_count': 7, 'quote_count': 0}", None],
            "referenced_tweets": [None, referenced],
            "geo": [None, "{'place_id': 'x'}"],
        }
    )
    path = tmp_path / "tweets.csv"
    table.to_csv(path)
    posts = cl.check_posts(cl.read_posts(path))
    assert posts["reply_to"].iloc[1] == f"x:{FIRST}"
    assert posts["reply_to_author"].iloc[1] == "x:1"
    assert list(posts["mentions"].iloc[1]) == ["x:1"]
    assert list(posts["hashtags"].iloc[0]) == ["crowd"]
    assert list(posts["likes"].fillna(-1)) == [7, -1]


def test_what_python_wrote_runs_nothing(tmp_path: Path) -> None:
    bomb = "__import__('os').system('touch ran')"
    path = tmp_path / "tweets.csv"
    pd.DataFrame(
        {"id": ["12", "13"], "text": ["a", "b"], "author_id": ["1", "2"],
         "created_at": ["2026-03-05 09:00", "2026-03-05 09:01"],
         "public_metrics": ["{'like_count': " + bomb + "}", "[" * 5_000],
         "entities": [bomb, "{'hashtags': " + bomb + "}"]}
    ).to_csv(path, index=False)  # fmt: skip
    posts = cl.read_posts(path)
    assert posts["likes"].isna().all()
    assert not Path("ran").exists()


def test_texts_with_commas_and_no_quotes(tmp_path: Path) -> None:
    rows = [
        f"{i},a text number {i} without anything,FALSE,2026-03-05 09:{i:02}:00,{FIRST + i},ada,NA,0"
        for i in range(12)
    ]
    rows[3] = f"3,one, two, three,TRUE,2026-03-05 09:03:00,{FIRST + 3},ada,NA,4"
    rows[5] = "5,nothing, on, either, side, fits"
    path = tmp_path / "twitteR.csv"
    path.write_text(
        "\n".join([",text,favorited,created,id,screenName,replyToSN,favoriteCount", *rows]),
        encoding="utf-8",
    )
    columns = {"text": "text", "created_at": "created", "post_id": "id", "author": "screenName"}
    loaded = load_posts(path, columns=columns, platform="x")
    posts = loaded.posts
    assert "one, two, three" in list(posts["text"])
    assert len(posts) == 11
    table = loaded.table().iloc[0]
    assert table["refused"] == 1
    assert "1 text with commas stood without quotes" in table["notes"]


def test_ids_cut_by_a_spreadsheet_lose_no_post(tmp_path: Path) -> None:
    path = tmp_path / "cut.csv"
    path.write_text(
        "Number,Who,What\n"
        "172517,ada,The first thing that was said\n"
        "172517,bob,Something quite different\n"
        "172517,ada,The first thing that was said\n"
        "172518,cy,And a third\n",
        encoding="utf-8",
    )
    loaded = load_posts(
        path, columns={"post_id": "Number", "text": "What", "author": "Who"}, platform="x"
    )
    assert len(loaded.posts) == 3
    table = loaded.table().iloc[0]
    assert table["duplicates"] == 1
    assert "has the id of another one" in table["notes"]


def test_authors_without_a_number_are_those_who_were_answered_by_number(tmp_path: Path) -> None:
    """An older CSV of twarc: handles for authors, ids and handles for whoever was answered."""
    path = tmp_path / "twarc.csv"
    path.write_text(
        "id,tweet_url,created_at,user_screen_name,text,in_reply_to_screen_name,"
        "in_reply_to_status_id,in_reply_to_user_id\n"
        "11,https://twitter.com/Ada/status/11,2015-04-08 01:00:00,Ada,Q1 Why?,,,\n"
        "12,https://twitter.com/bob/status/12,2015-04-08 01:01:00,bob,@Ada so,Ada,11,700\n"
        "13,https://twitter.com/cy/status/13,2015-04-08 01:02:00,cy,@ada and so,ada,,700.0\n",
        encoding="utf-8",
    )
    posts = cl.check_posts(cl.read_posts(path))
    assert posts["author_id"].iloc[0] == "x:700"
    people = cl.people_table(posts).set_index("author")
    assert people.loc["Ada", "answered_by"] == 2
    assert cl.influence_table(cl.reply_graph(posts)).loc["x:700", "in_file"]


def test_a_file_that_cannot_tell_replies_says_so(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    rows = [f"{i},2014-04-03 19:2{i}:00,ada{i},@bob what of this {i}" for i in range(4)]
    path.write_text("\n".join(["ID,Posted at,Screen name,Text", *rows]), encoding="utf-8")
    chat = cl.read_chat(path)
    assert not chat.replies_known
    assert "cannot be told" in cl.report.say.brief(chat, "all")
    path.write_text(path.read_text() + "\n9,2014-04-03 19:40:00,cy,Does anyone know a tool?")
    asked = cl.chat.participants_questions(cl.read_posts(path), hosts=[])
    assert asked["reason"].unique().tolist() == ["not known"]
    path.write_text(path.read_text().replace("@bob", "bob"), encoding="utf-8")
    assert cl.read_chat(path).replies_known
