"""Each format: a raw payload, and the rows it must give."""

from __future__ import annotations

import gzip
import io
import json
import zipfile
from contextlib import suppress
from pathlib import Path
from typing import Any

import openpyxl
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

import chatlab as cl
from chatlab.io.load import load_posts

USER = {
    "id": "7",
    "username": "Ada",
    "name": "Ada L.",
    "description": "engines",
    "public_metrics": {"followers_count": 10, "following_count": 2},
}
TWEET: dict[str, Any] = {
    "id": "100",
    "text": "A &amp; B #Tag",
    "author_id": "7",
    "created_at": "2026-03-05T08:00:00.000Z",
    "conversation_id": "100",
    "lang": "en",
    "source": "Web",
    "public_metrics": {"like_count": 3, "retweet_count": 1, "reply_count": 0, "quote_count": 0},
    "entities": {
        "hashtags": [{"tag": "Tag"}],
        "mentions": [{"username": "bob", "id": "8"}],
        "urls": [{"url": "https://t.co/a", "expanded_url": "https://a.example"}],
    },
}
RETWEET = {
    "id": "101",
    "text": "RT @Ada: A &amp; B …",
    "author_id": "8",
    "created_at": "2026-03-05T08:01:00.000Z",
    "referenced_tweets": [{"type": "retweeted", "id": "100"}],
    "public_metrics": {"like_count": 0, "retweet_count": 1},
}
PAGE = {
    "data": [RETWEET],
    "includes": {"users": [USER], "tweets": [TWEET]},
    "__twarc": {"retrieved_at": "2026-03-06T00:00:00+00:00"},
}


def put(path: Path, *records: Any) -> Path:
    path.write_text("".join(json.dumps(record) + "\n" for record in records), encoding="utf-8")
    return path


def test_x_v2_page_gives_typed_rows(tmp_path: Path) -> None:
    posts = cl.check_posts(cl.read_posts(put(tmp_path / "page.jsonl", PAGE)))
    original, repost = posts.loc["x:100"], posts.loc["x:101"]
    assert not original["in_chat"]
    assert repost["in_chat"]
    assert original["text"] == "A & B #Tag"
    assert original["author"] == "Ada"
    assert original["author_followers"] == 10
    assert list(original["hashtags"]) == ["tag"]
    assert list(original["mentions"]) == ["x:8"]
    assert list(original["urls"]) == ["https://a.example"]
    assert original["likes"] == 3
    assert original["url"] == "https://x.com/Ada/status/100"
    assert original["collected_at"] == pd.Timestamp("2026-03-06", tz="UTC")


def test_repost_has_its_originals_text_and_no_counts(tmp_path: Path) -> None:
    repost = cl.read_posts(put(tmp_path / "page.jsonl", PAGE)).loc["x:101"]
    assert repost["kind"] == "repost"
    assert repost["text"] == "A & B #Tag"
    assert list(repost["hashtags"]) == ["tag"]
    assert repost["repost_of_author"] == "x:7"
    assert repost[["likes", "reposts", "replies", "quotes", "impressions"]].isna().all()


def test_x_v2_flattened_page_and_stream_give_the_same_post(tmp_path: Path) -> None:
    flat = {**TWEET, "author": USER}
    stream = {"data": TWEET, "includes": {"users": [USER]}, "matching_rules": [{"id": "1"}]}
    raw = {"data": [TWEET], "includes": {"users": [USER]}}
    tables = [
        cl.read_posts(put(tmp_path / f"{i}.jsonl", record))
        for i, record in enumerate((flat, stream, raw))
    ]
    pd.testing.assert_frame_equal(tables[0], tables[1])
    pd.testing.assert_frame_equal(tables[0], tables[2])


def test_folder_of_tweets_and_users_is_joined(tmp_path: Path) -> None:
    (tmp_path / "data_1.json").write_text(json.dumps([TWEET]))
    (tmp_path / "users_1.json").write_text(json.dumps({"users": [USER], "tweets": []}))
    (tmp_path / "query").write_text("#tag")
    post = cl.read_posts(tmp_path).loc["x:100"]
    assert post["author_name"] == "Ada L."
    assert post["url"] == "https://x.com/Ada/status/100"


def test_an_impossible_count_of_followers_is_missing(tmp_path: Path) -> None:
    counts = {"public_metrics": {"followers_count": 2**63}}
    (tmp_path / "tweets_1.json").write_text(json.dumps([TWEET]))
    (tmp_path / "users_1.json").write_text(json.dumps({"users": [USER | counts], "tweets": []}))
    posts = cl.check_posts(cl.read_posts(tmp_path))
    assert posts["author_followers"].isna().all()


def test_users_file_alone_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "users_1.json"
    path.write_text(json.dumps({"users": [USER], "tweets": [TWEET]}))
    with pytest.raises(cl.errors.NotPostsError, match="no posts of the chat"):
        cl.read_posts(path)


def test_one_bad_post_costs_one_row_and_is_reported(tmp_path: Path) -> None:
    page = {"data": [TWEET, {**TWEET, "id": 5}, {**TWEET, "id": "102"}]}
    path = put(tmp_path / "page.jsonl", page)
    with path.open("a") as file:
        file.write('{"data": [{"id": "10')
    loaded = load_posts(path)
    assert list(loaded.posts.index) == ["x:100", "x:102"]
    row = loaded.table().iloc[0]
    assert (row["read"], row["kept"], row["duplicates"], row["refused"]) == (4, 2, 0, 2)
    assert [refusal.where for _, refusal in loaded.refusals] == ["line 1", "line 2"]
    assert "Expected `str`, got `int`" in row["reasons"]


def test_rejects_holds_each_refused_record(tmp_path: Path) -> None:
    path = put(tmp_path / "a.jsonl", TWEET, {**TWEET, "id": 5})
    cl.read_posts(path, rejects=tmp_path / "rejects.jsonl")
    (line,) = (tmp_path / "rejects.jsonl").read_text().splitlines()
    assert json.loads(line)["where"] == "line 2"
    assert json.loads(json.loads(line)["record"])["id"] == 5


def test_same_post_twice_keeps_the_newest_counts(tmp_path: Path) -> None:
    def page(day: int, likes: int) -> dict[str, Any]:
        metrics = {"like_count": likes}
        return {
            "data": [{**TWEET, "public_metrics": metrics}],
            "__twarc": {"retrieved_at": f"2026-03-{day:02d}T00:00:00+00:00"},
        }

    put(tmp_path / "new.jsonl", page(9, 50))
    put(tmp_path / "old.jsonl", page(6, 4))
    loaded = load_posts(tmp_path)
    assert loaded.posts.loc["x:100", "likes"] == 50
    assert loaded.table()["duplicates"].tolist() == [0, 1]


def test_compressed_files_read_like_plain_ones(tmp_path: Path) -> None:
    plain = put(tmp_path / "a.jsonl", PAGE)
    (tmp_path / "b.jsonl.gz").write_bytes(gzip.compress(plain.read_bytes()))
    with zipfile.ZipFile(tmp_path / "c.zip", "w") as archive:
        archive.write(plain, "inside/a.jsonl")
    expected = cl.read_posts(plain)
    for name in ("b.jsonl.gz", "c.zip"):
        pd.testing.assert_frame_equal(cl.read_posts(tmp_path / name), expected)


def test_truncated_gzip_is_an_error_with_advice(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl.gz"
    path.write_bytes(gzip.compress(json.dumps(PAGE).encode() * 50)[:-20])
    with pytest.raises(cl.errors.UnreadableFileError, match="again"):
        cl.read_posts(path)


STATUS: dict[str, Any] = {
    "created_at": "Thu Mar 05 08:00:00 +0000 2026",
    "id": 200,
    "id_str": "200",
    "text": "@bob hello #Tag &lt;3",
    "in_reply_to_status_id_str": "199",
    "in_reply_to_user_id_str": "8",
    "in_reply_to_screen_name": "bob",
    "user": {"id_str": "7", "screen_name": "Ada", "followers_count": 10, "friends_count": 2},
    "entities": {
        "hashtags": [{"text": "Tag"}],
        "user_mentions": [{"screen_name": "bob", "id_str": "8"}],
        "urls": [],
    },
    "source": '<a href="https://x.example">Phone</a>',
    "lang": "und",
    "favorite_count": 3,
    "retweet_count": 1,
}


def test_x_v1_status_gives_a_reply(tmp_path: Path) -> None:
    post = cl.check_posts(cl.read_posts(put(tmp_path / "a.jsonl", STATUS))).loc["x:200"]
    assert post["kind"] == "reply"
    assert post["reply_to"] == "x:199"
    assert post["reply_to_author"] == "x:8"
    assert post["text"] == "@bob hello #Tag <3"
    assert post["client"] == "Phone"
    assert pd.isna(post["lang"])


@pytest.mark.parametrize("layout", ["lines", "list", "search"])
def test_x_v1_layouts_are_the_same(tmp_path: Path, layout: str) -> None:
    long = {
        **STATUS,
        "id_str": "201",
        "text": "cut…",
        "extended_tweet": {"full_text": "not cut at all"},
    }
    content = {
        "lines": "\n".join(map(json.dumps, [STATUS, long])),
        "list": json.dumps([STATUS, long], indent=2),
        "search": json.dumps({"statuses": [STATUS, long], "search_metadata": {"count": 2}}),
    }[layout]
    path = tmp_path / "posts.bin"
    path.write_text(content)
    posts = cl.read_posts(path)
    assert list(posts.index) == ["x:200", "x:201"]
    assert posts.loc["x:201", "text"] == "not cut at all"


def test_x_v1_retweet_brings_its_original_as_context(tmp_path: Path) -> None:
    original = {
        **STATUS,
        "id_str": "150",
        "text": "the whole text",
        "in_reply_to_user_id_str": None,
        "in_reply_to_status_id_str": None,
        "in_reply_to_screen_name": None,
    }
    retweet = {
        **original,
        "id_str": "151",
        "text": "RT @Ada: the who…",
        "retweeted_status": original,
        "user": {"id_str": "9", "screen_name": "cy"},
    }
    posts = cl.read_posts(put(tmp_path / "a.jsonl", retweet))
    assert posts["in_chat"].to_dict() == {"x:150": False, "x:151": True}
    assert posts.loc["x:151", "text"] == "the whole text"
    assert posts.loc["x:150", "likes"] == 3
    assert pd.isna(posts.loc["x:151", "likes"])


TAGS_HEADER = (
    "id_str,from_user,text,created_at,time,geo_coordinates,user_lang,in_reply_to_user_id_str,"
    "in_reply_to_screen_name,from_user_id_str,in_reply_to_status_id_str,source,profile_image_url,"
    "user_followers_count,user_friends_count,user_location,status_url,entities_str"
)


def tags_row(number: str, user: str, user_id: str, text: str, url: str = "") -> str:
    cells = [
        number,
        user,
        text,
        "Thu Mar 05 08:00:00 +0000 2026",
        "05/03/2026 09:00:00",
        "",
        "en",
        "",
        "",
        user_id,
        "",
        "web",
        "",
        "12",
        "3",
        "",
        url,
        "{}",
    ]
    return ",".join('"' + cell.replace('"', '""') + '"' for cell in cells)


def test_tags_repairs_ids_that_a_spreadsheet_destroyed(tmp_path: Path) -> None:
    rows = [
        TAGS_HEADER,
        tags_row(
            "1.26E+18",
            "Ada",
            "7",
            'First, with "quotes"\nand a line',
            "http://twitter.com/Ada/statuses/1262000000000000001",
        ),
        tags_row("1.26E+18", "cy", "9", "lost"),
        tags_row(
            "1262000000000000003",
            "cy",
            "9",
            'RT @Ada: First, with "quotes"\nand a line',
            "http://twitter.com/cy/statuses/1262000000000000003",
        ),
    ]
    path = tmp_path / "archive.csv"
    path.write_text("\n".join(rows), encoding="utf-8-sig")
    loaded = load_posts(path)
    posts = cl.check_posts(loaded.posts)
    assert list(posts.index) == [
        "x:1262000000000000001",
        "x:1262000000000000003",
        "x:archive.csv#4",
    ]
    assert "1 id was destroyed by a spreadsheet" in loaded.table()["notes"].iloc[0]
    repost = posts.loc["x:1262000000000000003"]
    # The sheet names only @Ada: her id and her post come from the other row.
    assert repost["repost_of_author"] == "x:7"
    assert repost["repost_of"] == "x:1262000000000000001"


def test_tags_workbook_reads_the_archive_sheet(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active.title = "Readme"
    sheet = book.create_sheet("Archive")
    sheet.append(TAGS_HEADER.split(","))
    sheet.append(
        [
            1.26e18,
            "Ada",
            "hello",
            "Thu Mar 05 08:00:00 +0000 2026",
            None,
            None,
            None,
            None,
            None,
            7,
            None,
            "web",
            None,
            12,
            3,
            None,
            "http://twitter.com/Ada/statuses/1260000000000000009",
            "{}",
        ]
    )
    book.save(tmp_path / "tags.xlsx")
    posts = cl.read_posts(tmp_path / "tags.xlsx")
    assert list(posts.index) == ["x:1260000000000000009"]
    assert posts["author_followers"].tolist() == [12]


def test_rtweet_takes_the_whole_text_of_a_retweet(tmp_path: Path) -> None:
    path = tmp_path / "r.csv"
    path.write_text(
        "status_id,created_at,user_id,screen_name,text,reply_to_status_id,reply_to_user_id,"
        "is_retweet,retweet_status_id,retweet_text,hashtags,mentions_user_id,favorite_count\n"
        "1,2026-03-05T08:00:00Z,7,ada,RT @bob: cut…,,,TRUE,0,not cut #Tag,Tag,8,4\n"
        "2,2026-03-05 08:01:00,8,bob,@ada thanks,1,7,FALSE,,,,7,2\n"
    )
    posts = cl.check_posts(cl.read_posts(path))
    assert posts.loc["x:1", ["kind", "text"]].tolist() == ["repost", "not cut #Tag"]
    assert posts.loc["x:1", "repost_of_author"] == "x:8"
    assert pd.isna(posts.loc["x:1", "likes"])
    assert posts.loc["x:2", ["kind", "reply_to", "likes"]].tolist() == ["reply", "x:1", 2]


TOOT: dict[str, Any] = {
    "id": "11",
    "uri": "https://home.example/users/ada/statuses/11",
    "url": "https://home.example/@ada/11",
    "created_at": "2026-03-05T08:00:00.000Z",
    "content": '<p>Hi <a href="https://home.example/tags/tag">#Tag</a></p>',
    "language": "fr",
    "account": {
        "id": "1",
        "acct": "Ada",
        "username": "Ada",
        "url": "https://home.example/@Ada",
        "display_name": "Ada",
        "note": "<p>bio</p>",
        "followers_count": 5,
        "following_count": -1,
    },
    "tags": [{"name": "Tag", "url": "https://home.example/tags/tag"}],
    "mentions": [{"id": "2", "acct": "bob@far.example", "url": "https://far.example/@bob"}],
    "in_reply_to_id": None,
    "in_reply_to_account_id": None,
    "reblog": None,
    "favourites_count": 1,
    "reblogs_count": 0,
    "replies_count": 1,
}


def test_mastodon_ids_are_uris_and_handles_have_servers(tmp_path: Path) -> None:
    answer = {
        **TOOT,
        "id": "12",
        "uri": "https://far.example/users/bob/statuses/3",
        "created_at": "2026-03-05T08:02:00.000Z",
        "in_reply_to_id": "11",
        "in_reply_to_account_id": "1",
        "account": {**TOOT["account"], "id": "2", "acct": "bob@far.example"},
    }
    lost = {
        **answer,
        "id": "13",
        "uri": "https://far.example/users/bob/statuses/4",
        "in_reply_to_id": "5",
    }
    path = tmp_path / "a.json"
    path.write_text(json.dumps([TOOT, answer, lost]))
    posts = cl.check_posts(cl.read_posts(path))
    first = posts.loc["mastodon:https://home.example/users/ada/statuses/11"]
    assert first["author_id"] == "mastodon:ada@home.example"
    assert first["author"] == "Ada@home.example"
    assert first["text"] == "Hi #Tag"
    assert list(first["mentions"]) == ["mastodon:bob@far.example"]
    assert pd.isna(first["author_following"])
    second = posts.loc["mastodon:https://far.example/users/bob/statuses/3"]
    assert second["reply_to"] == first.name
    assert second["reply_to_author"] == "mastodon:ada@home.example"
    third = posts.loc["mastodon:https://far.example/users/bob/statuses/4"]
    assert third["reply_to"] == "mastodon:https://home.example/statuses/5"


@pytest.mark.parametrize(
    "document",
    [
        {"ancestors": [], "descendants": [TOOT]},
        {"accounts": [], "statuses": [TOOT], "hashtags": []},
        TOOT,
    ],
)
def test_mastodon_layouts_are_the_same(tmp_path: Path, document: Any) -> None:
    path = tmp_path / "a.json"
    path.write_text(json.dumps(document, indent=1))
    assert list(cl.read_posts(path)["lang"]) == ["fr"]


def test_mastodon_boost_is_a_repost(tmp_path: Path) -> None:
    boost = {
        **TOOT,
        "id": "20",
        "uri": "https://home.example/users/cy/statuses/20/activity",
        "account": {**TOOT["account"], "id": "3", "acct": "cy"},
        "reblog": TOOT,
    }
    posts = cl.read_posts(put(tmp_path / "a.jsonl", boost))
    row = posts[posts["kind"] == "repost"].iloc[0]
    assert row["repost_of_author"] == "mastodon:ada@home.example"
    assert pd.isna(row["likes"])


def post_view(key: str, text: str = "été 🎉 #tag", **record: Any) -> dict[str, Any]:
    return {
        "uri": f"at://did:plc:a/app.bsky.feed.post/{key}",
        "author": {"did": "did:plc:a", "handle": "ada.example", "displayName": "Ada"},
        "record": {
            "$type": "app.bsky.feed.post",
            "text": text,
            "createdAt": "2026-03-05T08:00:00.123Z",
            "langs": ["fr-CA"],
            **record,
        },
        "likeCount": 2,
        "indexedAt": "2026-03-05T08:00:01Z",
    }


FACETS = [
    {"features": [{"$type": "app.bsky.richtext.facet#tag", "tag": "Tag"}]},
    {"features": [{"$type": "app.bsky.richtext.facet#mention", "did": "did:plc:b"}]},
    {"features": [{"$type": "app.bsky.richtext.facet#link", "uri": "https://a.example"}]},
]


def test_bluesky_search_page_gives_typed_rows(tmp_path: Path) -> None:
    reply = {
        "parent": {"uri": "at://did:plc:z/app.bsky.feed.post/p"},
        "root": {"uri": "at://did:plc:z/app.bsky.feed.post/r"},
    }
    path = tmp_path / "a.json"
    path.write_text(json.dumps({"posts": [post_view("1", facets=FACETS, reply=reply)]}))
    post = cl.check_posts(cl.read_posts(path)).iloc[0]
    assert post["reply_to_author"] == "bluesky:did:plc:z"
    assert post["thread_id"] == "bluesky:at://did:plc:z/app.bsky.feed.post/r"
    assert list(post["hashtags"]) == ["tag"]
    assert list(post["mentions"]) == ["bluesky:did:plc:b"]
    assert list(post["urls"]) == ["https://a.example"]
    assert post["url"] == "https://bsky.app/profile/ada.example/post/1"
    assert pd.isna(post["author_followers"])


def test_bluesky_feed_repost_and_parent(tmp_path: Path) -> None:
    by = {"did": "did:plc:c", "handle": "cy.example"}
    page = {
        "feed": [
            {"post": post_view("1"), "reason": {"by": by, "indexedAt": "2026-03-05T09:00:00Z"}},
            {
                "post": post_view("2"),
                "reply": {
                    "parent": post_view("3"),
                    "root": {
                        "$type": "app.bsky.feed.defs#notFoundPost",
                        "uri": "at://x",
                        "notFound": True,
                    },
                },
            },
        ]
    }
    path = tmp_path / "a.json"
    path.write_text(json.dumps(page))
    posts = cl.read_posts(path)
    assert posts["in_chat"].sum() == 2
    repost = posts[posts["kind"] == "repost"].iloc[0]
    assert repost["author"] == "cy.example"
    assert repost["repost_of"] == "bluesky:at://did:plc:a/app.bsky.feed.post/1"


def test_bluesky_thread_is_walked_whole(tmp_path: Path) -> None:
    thread = {
        "thread": {
            "$type": "app.bsky.feed.defs#threadViewPost",
            "post": post_view("2"),
            "parent": {"post": post_view("1")},
            "replies": [
                {"post": post_view("3"), "replies": [{"post": post_view("4")}]},
                {"$type": "app.bsky.feed.defs#blockedPost", "uri": "at://b", "blocked": True},
            ],
        }
    }
    path = tmp_path / "a.json"
    path.write_text(json.dumps(thread))
    assert sorted(cl.read_posts(path).index.str[-1]) == ["1", "2", "3", "4"]


def test_lines_are_split_at_newlines_alone(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    view = post_view("1", text="one\u2028two\u0085three")
    path.write_text(json.dumps(view, ensure_ascii=False) + "\r\n", encoding="utf-8")
    assert cl.read_posts(path)["text"].tolist() == ["one\u2028two\u0085three"]


@pytest.mark.parametrize(
    ("record", "told"),
    [
        ({"data": [{"start": "a", "end": "b", "tweet_count": 3}]}, "tweet counts"),
        ({"data": [{"id": "1", "username": "a", "name": "A"}]}, "users"),
        ({"data": [{"id": "1", "name": "l", "owner_id": "2"}]}, "lists"),
        ({"id": "1", "action": "delete", "reason": "protected"}, "compliance"),
        ({"acct": "a", "username": "a"}, "Mastodon accounts"),
    ],
)
def test_files_without_posts_are_named(tmp_path: Path, record: Any, told: str) -> None:
    with pytest.raises(cl.errors.NotPostsError, match=told):
        cl.read_posts(put(tmp_path / "a.jsonl", record))


def test_mapping_reads_any_table(tmp_path: Path) -> None:
    frame = pd.DataFrame(
        {
            "Message": ["Bonjour @Ada #Tag https://a.example/x", "=cmd"],
            "Date": ["2026-03-05 08:00:00", "2026-03-05 09:00:00"],
            "Qui": ["bob", "ada"],
            "J'aime": ["3", ""],
        }
    )
    columns = {"text": "Message", "created_at": "Date", "author": "Qui", "likes": "J'aime"}
    frame.to_csv(tmp_path / "a.csv", index=False, sep=";")
    frame.to_excel(tmp_path / "a.xlsx", index=False)
    frame.to_parquet(tmp_path / "a.parquet")
    tables = [
        cl.check_posts(cl.read_posts(tmp_path / name, columns=columns, platform="x"))
        for name in ("a.csv", "a.xlsx", "a.parquet")
    ]
    for posts in tables:
        assert posts["author_id"].tolist() == ["x:@bob", "x:@ada"]
        assert list(posts["mentions"].iloc[0]) == ["x:@ada"]
        assert list(posts["hashtags"].iloc[0]) == ["tag"]
        assert posts["likes"].tolist() == [3, pd.NA]


def test_mapping_with_text_alone_is_enough(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text('text;lang\n"one\ntwo";en\nthree;fr\n')
    posts = cl.check_posts(cl.read_posts(path, columns={"text": "text", "lang": "lang"}))
    assert posts["text"].tolist() == ["one\ntwo", "three"]
    assert posts["created_at"].isna().all()
    assert posts["post_id"].is_unique


def test_row_with_a_wrong_number_of_cells_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("text,when\ngood,2026-03-05\nbad,2026-03-05,extra\nworse,yesterday\n")
    loaded = load_posts(path, columns={"text": "text", "created_at": "when"})
    assert loaded.posts["text"].tolist() == ["good"]
    assert [refusal.where for _, refusal in loaded.refusals] == ["line 3", "line 4"]


@pytest.mark.parametrize(
    ("columns", "platform", "told"),
    [
        ({"text": "Nope"}, None, "names Nope"),
        ({"txt": "text"}, None, "txt"),
        ({"author": "who"}, None, "does not say which column holds the text"),
        ({"text": "text"}, "myspace", "myspace"),
    ],
)
def test_impossible_mapping_is_an_error(tmp_path: Path, columns, platform, told: str) -> None:
    path = tmp_path / "a.csv"
    path.write_text("text,who\nhello,ada\n")
    with pytest.raises(cl.errors.SettingsError, match=told):
        cl.read_posts(path, columns=columns, platform=platform)


def test_unknown_table_says_what_to_do(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("Betreff;Inhalt\na;b\n")
    with pytest.raises(cl.errors.UnknownFormatError, match=r"Betreff, Inhalt.*columns="):
        cl.read_posts(path)


@pytest.mark.parametrize("content", [b"", b"\n \n", b"\x00\x01\x02" * 50, b"{", b"[1, 2]", b"[{]"])
def test_rubbish_is_a_chatlab_error(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "a.json"
    path.write_bytes(content)
    with pytest.raises(cl.ChatlabError):
        cl.read_posts(path)


@given(st.binary(max_size=300), st.integers(0, 600))
def test_damaged_pages_never_crash(tmp_path_factory, junk: bytes, at: int) -> None:
    good = (json.dumps(PAGE) + "\n" + json.dumps(TWEET) + "\n").encode()
    path = tmp_path_factory.mktemp("fuzz") / "a.jsonl"
    path.write_bytes(good[:at] + junk + good[at:])
    with suppress(cl.ChatlabError):
        cl.check_posts(cl.read_posts(path))


def test_folder_passes_over_what_is_not_posts(tmp_path: Path) -> None:
    put(tmp_path / "posts.jsonl", TWEET)
    put(tmp_path / "counts.jsonl", {"data": [{"tweet_count": 3}]})
    (tmp_path / "chat.toml").write_text("")
    table = load_posts(tmp_path).table()
    assert table["source"].to_dict() == {"counts.jsonl": "not posts", "posts.jsonl": "X API v2"}
    assert "tweet counts" in table.loc["counts.jsonl", "reasons"]


def test_handles_and_ids_of_one_person_become_one(table) -> None:
    by_id = table({"post_id": "x:1", "author_id": "x:7", "author": "Ada"})
    by_handle = table(
        {
            "post_id": "x:2",
            "author_id": "x:@ada",
            "author": "ada",
            "mentions": ["x:@ada", "x:@bob"],
            "reply_to_author": "x:@ada",
        }
    )
    posts = cl.combine_posts(by_id, by_handle)
    assert posts["author_id"].tolist() == ["x:7", "x:7"]
    assert list(posts["mentions"].iloc[1]) == ["x:7", "x:@bob"]
    assert posts["reply_to_author"].iloc[1] == "x:7"


@pytest.mark.parametrize("ending", [".parquet", ".jsonl", ".csv"])
def test_write_posts_is_whole_and_safe(table, tmp_path: Path, ending: str) -> None:
    posts = table({"text": "=HYPERLINK(1)", "author": "-ada"})
    path = tmp_path / f"out{ending}"
    cl.write_posts(posts, path)
    assert path.stat().st_size > 0
    assert [p.name for p in tmp_path.iterdir()] == [path.name]
    if ending == ".csv":
        row = pd.read_csv(io.BytesIO(path.read_bytes())).iloc[0]
        assert row["text"] == "'=HYPERLINK(1)"
        assert row["author"] == "'-ada"


@pytest.mark.parametrize("ending", [".parquet", ".jsonl", ".csv"])
def test_written_posts_are_read_back_the_same(simulated, table, tmp_path: Path, ending) -> None:
    odd = table({"text": "=1+1", "author": "'-x", "url": "https://a.example"}, {"likes": 3})
    for i, posts in enumerate((simulated[0], odd)):
        path = tmp_path / f"{i}{ending}"
        cl.write_posts(posts, path)
        pd.testing.assert_frame_equal(cl.read_posts(path), posts)


def test_write_posts_refuses_other_endings(table, tmp_path: Path) -> None:
    with pytest.raises(cl.errors.SettingsError, match=r"\.pickle"):
        cl.write_posts(table({}), tmp_path / "a.pickle")


def test_select_posts_needs_every_condition(table) -> None:
    posts = table(
        {"hashtags": ["a"], "lang": "en", "author": "Ada", "author_id": "x:7"},
        {"hashtags": ["a", "b"], "lang": "fr", "author": "bob", "author_id": "x:8"},
        {"hashtags": ["b"], "lang": "fr", "author": "Ada", "author_id": "x:7"},
    )
    assert list(cl.select_posts(posts, hashtags=["#B"]).index) == ["x:2", "x:3"]
    assert list(cl.select_posts(posts, authors=["@ada"], langs=["fr"]).index) == ["x:3"]
    assert list(cl.select_posts(posts, authors=["x:8"]).index) == ["x:2"]
    assert list(
        cl.select_posts(posts, since="2026-03-05 08:01", until="2026-03-05 08:02").index
    ) == ["x:2"]


def test_coverage_counts_what_is_missing(table) -> None:
    posts = table(
        {"author_id": "x:1", "author_followers": 5, "lang": "en"},
        {"author_id": "x:2", "reply_to": "x:1"},
        {"author_id": "x:2", "reply_to": "x:99", "created_at": pd.Timestamp("2026-03-05 11:00Z")},
        {"author_id": "x:3", "in_chat": False},
    )
    value = cl.posts.coverage_table(posts)["value"]
    assert value["posts"] == 3
    assert value["context_posts"] == 1
    assert value["replies"] == 2
    assert value["replies_without_parent"] == 1  # x:99
    assert value["people_with_followers"] == 0.5  # x:1 of x:1 and x:2
    assert value["posts_with_language"] == pytest.approx(1 / 3)
    assert value["longest_gap"] == pytest.approx(2 + 59 / 60)  # 08:01 to 11:00


def test_ids_that_a_missing_value_made_floats_still_link(tmp_path) -> None:
    (tmp_path / "support.csv").write_text(
        "tweet_id,author,text,in_response_to\n"
        "1001,ada,help,\n1002,shop,how?,1001.0\n1003.0,ada,so,1002.0\n"
    )
    columns = {"post_id": "tweet_id", "author": "author", "text": "text",
               "reply_to": "in_response_to"}  # fmt: skip
    posts = cl.read_posts(tmp_path / "support.csv", columns=columns, platform="x")
    assert sorted(posts.index) == ["x:1001", "x:1002", "x:1003"]
    assert posts["reply_to"].dropna().tolist() == ["x:1001", "x:1002"]


def test_a_column_that_stands_twice_is_no_list(tmp_path) -> None:
    (tmp_path / "twice.csv").write_text("id,who,text,who\n1,ada,hello,ada\n2,bob,hi,bob\n")
    columns = {"post_id": "id", "author": "who", "text": "text"}
    assert cl.read_posts(tmp_path / "twice.csv", columns=columns)["author"].tolist() == [
        "ada", "bob",
    ]  # fmt: skip


def test_reposts_that_are_only_text_find_their_original_in_a_mapped_table(tmp_path: Path) -> None:
    path = tmp_path / "export.csv"
    path.write_text(
        "Who,What\n"
        "ada,Seven sheets lie in the corner of the office http://t.co/aaa and nobody reads them\n"
        "bob,RT @Ada: Seven sheets lie in the corner of the office http://t.co/b and nobody read…\n"
        "cy,RT @ada Seven sheets lie  in the corner of the office http://t.co/c and nobody reads…\n"
        "cy,RT @dan: Something that is not in this file\n",
        encoding="utf-8",
    )
    posts = cl.read_posts(path, columns={"text": "What", "author": "Who"}, platform="x")
    unsaid = cl.read_posts(path, columns={"text": "What", "author": "Who"})
    for read in (posts, unsaid):
        assert list(read["kind"]) == ["post", "repost", "repost", "repost"]
        original = read.index[0]
        assert list(read["repost_of"].fillna("")) == ["", original, original, ""]
        assert read["text"].iloc[3] == "Something that is not in this file"
