"""Real files, where a person has them: counts only; no text, handle or id of them stands here."""

from __future__ import annotations

import csv
import re
from pathlib import Path

import pandas as pd
import pytest

import chatlab as cl
from chatlab.io.load import load_posts

# Tables that only a mapping reads: no header, or one of nobody's but their maker's.
BY_MAPPING = re.compile(
    r"twitwi_normalization\.json|samer_input|keegan_p(04|09|10)|plain_csv|joris_twitter-test_decoded"
)
HOLDS_NO_POSTS = re.compile(r"counts|lists|compliance|twarccsv_users|/users_|/query|x_analytics")
NOT_CHATS = ("labelled_texts", "graphs")


def index_rows(real: Path) -> dict[str, int]:
    """Read the index of the real files: path to the number of rows that it states."""
    rows: dict[str, int] = {}
    folder = ""
    for line in (real / "README.md").read_text(encoding="utf-8").splitlines():
        if line.startswith("## "):
            folder = line.removeprefix("## ").strip()
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if len(cells) > 5 and cells[1].isdigit():
            rows[f"{folder}/{cells[0]}"] = int(cells[1])
    return rows


# Why another number is right, where it is.
OTHER = {
    # 50 feed items; the index counts 23 of their parents and roots too.
    "bluesky/bskyr_f_autfeed.json": 50,
    # 123 views and feed items; the index missed three that a feed item holds.
    "bluesky/twitwi_bluesky-posts.json": 123,
    # The index says so in its head: 14 created posts, 157 normalised ones, one captured item.
    "bluesky/twitwi_bluesky-tap-posts.json": 14,
    "bluesky/twitwi_bluesky-normalized-posts.json": 157,
    "zeeschuimer/joris_example_item_twitter.json": 1,
}
# One date in the year 0, in the same post of both files; two rows whose quotes never close.
REFUSED = {
    "bluesky/twitwi_bluesky-posts-export.csv": 1,
    "bluesky/twitwi_bluesky-normalized-posts.json": 1,
    "tags/alfcrisci_edchat.derived.csv": 2,
}


def test_every_file_gives_the_posts_that_the_index_states(real: Path) -> None:
    wrong = {}
    seen = 0
    for name, stated in index_rows(real).items():
        if name.startswith(NOT_CHATS) or BY_MAPPING.search(name) or HOLDS_NO_POSTS.search(name):
            continue
        loaded = load_posts(real / name)
        cl.check_posts(loaded.posts)
        row = loaded.table().iloc[0]
        assert row["read"] == row["kept"] + row["duplicates"] + row["refused"]
        seen += 1
        if (row["read"], row["refused"]) != (OTHER.get(name, stated), REFUSED.get(name, 0)):
            wrong[name] = (stated, int(row["read"]), int(row["refused"]))
    assert wrong == {}
    assert seen > 100


def test_tables_of_nobodys_format_say_what_they_have(real: Path) -> None:
    for name in index_rows(real):
        if BY_MAPPING.search(name):
            with pytest.raises(cl.errors.UnknownFormatError, match="columns"):
                cl.read_posts(real / name)


def test_zeeschuimer_csv_and_capture_are_the_same_posts(real: Path) -> None:
    folder = real / "zeeschuimer"
    capture = cl.read_posts(folder / "joris_zeeschuimer_twitter-test.part1.ndjson")
    decoded = cl.read_posts(
        folder / "joris_twitter-test_decoded.part1.csv",
        columns={"post_id": "id", "text": "tweet", "author": "author", "likes": "heart_count"},
        platform="x",
    )
    assert set(capture.index[capture["in_chat"]]) == set(decoded.index)


def test_bluesky_table_and_views_are_the_same_posts(real: Path) -> None:
    views = cl.read_posts(real / "bluesky" / "twitwi_bluesky-posts.json")
    table = cl.read_posts(real / "bluesky" / "twitwi_bluesky-posts-export.csv")
    both = views.index.intersection(table.index)
    assert len(both) > 100
    for name in ("text", "author_id", "author", "reply_to", "reply_to_author", "likes"):
        left, right = views.loc[both, name], table.loc[both, name]
        assert (left.eq(right) | left.isna() & right.isna()).mean() > 0.9, name
    assert views.loc[both, "created_at"].dt.floor("s").eq(table.loc[both, "created_at"]).all()


def test_files_without_posts_are_refused_by_name(real: Path) -> None:
    for name in index_rows(real):
        if HOLDS_NO_POSTS.search(name) and "query" not in name:
            with pytest.raises(cl.errors.NotPostsError):
                cl.read_posts(real / name)


def test_folders_join_tweets_and_users(real: Path) -> None:
    for folder, rows in (
        ("academictwitteR_hk", 1628),
        ("academictwitteR_hk2", 3498),
        ("academictwitteR_commtwitter", 5),
    ):
        posts = cl.read_posts(real / "x_v2" / folder)
        assert posts["in_chat"].sum() == rows
        assert posts.loc[posts["in_chat"], "author"].notna().all()


def test_flat_and_raw_pages_are_the_same_posts(real: Path) -> None:
    flat, raw = (
        cl.read_posts(real / "x_v2" / f"twarccsv_{name}.jsonl") for name in ("flat", "noflat")
    )
    assert flat.index.equals(raw.index)
    assert flat["in_chat"].sum() == 100
    pd.testing.assert_frame_equal(flat, raw)


@pytest.mark.parametrize(
    ("name", "replies", "weight"), [("abacbs17", 165, 146), ("bosc17", 253, 122)]
)
def test_reply_graphs_weigh_what_the_collectors_counted(real, name, replies, weight) -> None:
    posts = cl.read_posts(real / "rtweet_csv" / f"neilfws_{name}.derived.csv")
    assert (posts["kind"] == "reply").sum() == replies
    assert cl.reply_graph(posts).size("weight") == weight


@pytest.mark.parametrize(
    ("name", "columns", "platform", "rows"),
    [
        (
            "plain_csv/guillaumelf_worldcup2018_tweets_en.csv",
            {"text": "text", "lang": "lang"},
            "x",
            4274,
        ),
        (
            "plain_csv/rerb_tweets_fr.csv",
            {
                "post_id": "id",
                "text": "text",
                "created_at": "created_at",
                "likes": "favorite_count",
            },
            "x",
            4618,
        ),
        (
            "customer_support/twcs_sample.csv",
            {
                "post_id": "tweet_id",
                "text": "text",
                "created_at": "created_at",
                "author": "author_id",
                "reply_to": "in_response_to_tweet_id",
            },
            "x",
            93,
        ),
        (
            "tags/rockivist_radtech-2014-04-03.csv",
            {"post_id": "ID", "created_at": "Posted at", "author": "Screen name", "text": "Text"},
            "x",
            655,
        ),
        (
            "bluesky/keegan_p06_corpus.parquet",
            {"post_id": "uri", "author": "author", "created_at": "created_at", "text": "text"},
            "bluesky",
            498,
        ),
    ],
)
def test_mappings_read_tables_of_courses_and_tools(real, name, columns, platform, rows) -> None:
    loaded = load_posts(real / name, columns=columns, platform=platform)
    cl.check_posts(loaded.posts)
    row = loaded.table().iloc[0]
    assert row["read"] == rows
    # Four rows of that file hold a bare `;` inside a text.
    assert row["refused"] == (4 if "guillaumelf" in name else 0)


def test_editions_of_a_real_chat(real: Path) -> None:
    """A chat of an hour; the meeting day a week before is no session of it."""
    posts = cl.read_posts(real / "x_v1" / "mashcat_2016-01-13_to_20.jsonl")
    table = cl.chat.edition_table(posts, cl.find_editions(posts))
    assert table["start"].dt.round("15min").dt.strftime("%d %H").tolist() == ["20 02"]


@pytest.mark.parametrize(
    ("week", "begins"),
    [
        ("mar312015", "04-01 01:00"),
        ("apr072015", "04-08 01:00"),
        ("may022015", "04-29 01:00"),
        ("may192015", "05-20 01:00"),
        ("june112015", "06-10 01:00"),
    ],
)
def test_a_weekly_capture_has_the_session(real: Path, week: str, begins: str) -> None:
    """The default edition is the chat, from its hour, whatever was said in the week around it."""
    posts = cl.read_posts(real.parent / "conversations" / f"histlib_critlib-{week}.csv")
    table = cl.chat.edition_table(posts, cl.find_editions(posts))
    last = table.iloc[-1]
    assert last["start"].round("15min").strftime("%m-%d %H:%M") == begins
    assert (table["end"] - table["start"]).max() < pd.Timedelta(hours=1.6)
    assert len(table) == (2 if week == "apr072015" else 1)  # it holds the week before too


def test_pseudonyms_leave_no_handle_in_a_real_chat(real: Path) -> None:
    posts = cl.read_posts(real / "x_v1" / "mashcat_2016-01-13_to_20.jsonl")
    hidden = cl.check_posts(cl.pseudonymize(posts, key="a key for tests only"))
    words = set(re.findall(r"\w+", " ".join(hidden["text"]).casefold()))
    handles = {h.casefold() for h in posts["author"].dropna()}
    left = {h for h in handles & words if "_" in h or any(c.isdigit() for c in h) or len(h) > 9}
    assert len(left) == 0
    assert not hidden["text"].str.contains(r"@(?!person-)\w", regex=True).any()


def test_a_real_moderated_chat(real: Path) -> None:
    """The host and the four questions exactly; a participant's own list is no moderation."""
    posts = cl.read_posts(real / "x_v1" / "mashcat_2016-01-13_to_20.jsonl")
    hosts = cl.chat.find_hosts(posts)
    assert len(hosts) == 1
    questions = cl.find_questions(posts)
    assert questions[["edition", "number"]].apply(tuple, axis=1).tolist() == [
        (1, 1),
        (1, 2),
        (1, 3),
        (1, 4),
    ]
    assert questions["asked_at"].dt.strftime("%H:%M").tolist() == [
        "02:05",
        "02:16",
        "02:33",
        "02:49",
    ]
    answers = cl.match_answers(posts, questions)
    assert answers["number"].value_counts().sort_index().min() >= 8
    assert set(answers["matched_by"]) >= {"prefix", "continuation", "quote"}


@pytest.mark.parametrize(
    ("name", "days"),
    # BOSC lasted two days, ISMB five, useR! four.
    [("abacbs17", 5), ("bosc17", 2), ("ismbeccb2017", 5), ("user2018", 4), ("vizbi17", 4)],
)
def test_event_days_are_editions_without_a_question_board(real: Path, name: str, days: int) -> None:
    posts = cl.read_posts(real / "rtweet_csv" / f"neilfws_{name}.derived.csv")
    editions = cl.find_editions(posts)
    assert editions.max() == days
    table = cl.chat.edition_table(posts, editions)
    assert ((table["end"] - table["start"]) <= pd.Timedelta(hours=24)).all()
    own = posts["in_chat"] & (posts["kind"] != "repost")
    assert editions[own].notna().sum() > 0.8 * own.sum()
    assert cl.chat.find_hosts(posts, editions=editions) == []
    assert cl.find_questions(posts, editions=editions).empty


def test_every_row_of_a_real_export_is_read(real: Path) -> None:
    path = real / "x_analytics" / "mantej_tweet_activity_metrics.csv"
    figures = cl.io.read_analytics(path)
    with path.open(encoding="cp1252", newline="") as file:
        rows = sum(1 for _ in csv.DictReader(file))
    assert len(figures) == rows
    assert figures["impressions"].notna().all()
