"""Every format that people have: the same small talk, told by each, is the same posts."""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
import samples
from samples import ANSWER, FIRST, LONG, REPLY, TEXT

import chatlab as cl
from chatlab.io.formats.detect import SOURCES
from chatlab.io.load import load_posts

# What a format does not say: parents, follower counts, ids of authors.
NO_PARENT = {"4cat_import", "4cat_x", "ruby_t"}
NO_FOLLOWERS = {"4cat_import", "twitteR", "ruby_t"}
AUTHOR_IDS = {
    # twitteR numbers only those who are answered.
    "twitteR": ["x:7", "x:@bob"],
    "ruby_t": ["x:@ada", "x:@bob"],
    "nodexl": ["x:@ada", "x:@bob"],
}
NO_ANSWERED = {"ruby_t"}


@pytest.mark.parametrize("name", samples.X_FILES)
def test_x_formats_tell_the_same_talk(tmp_path: Path, name: str) -> None:
    source, content = samples.X_FILES[name]
    # The name of the file says nothing.
    path = tmp_path / "export.download"
    path.write_bytes(content)
    loaded = load_posts(path)
    posts = cl.check_posts(loaded.posts)
    posts = posts[posts["in_chat"]]
    assert loaded.files[0].source == SOURCES[source].title
    assert list(posts.index) == [f"x:{FIRST}", f"x:{ANSWER}"]
    first, answer = posts.iloc[0], posts.iloc[1]
    assert (first["text"], answer["text"]) == (TEXT, REPLY)
    assert [str(when) for when in posts["created_at"]] == [
        "2026-03-05 08:00:00+00:00",
        "2026-03-05 08:03:00+00:00",
    ]
    assert list(posts["author"].str.casefold()) == ["ada", "bob"]
    ids = AUTHOR_IDS.get(source, ["x:7", "x:8"])
    assert list(posts["author_id"]) == ids
    assert list(first["mentions"]) == [ids[1]]
    assert list(first["hashtags"]) == ["crowdwork"]
    assert list(first["urls"]) == ["https://a.example/x"]
    assert answer["kind"] == ("post" if source in NO_ANSWERED else "reply")
    if source not in NO_ANSWERED:
        assert answer["reply_to_author"] == ids[0]
    if source not in NO_PARENT:
        assert answer["reply_to"] == first["post_id"]
    if source not in NO_FOLLOWERS and name != "zeeschuimer_old.ndjson":
        assert list(posts["author_followers"]) == [10, 20]
    if source != "ruby_t":
        assert first["likes"] == 3


@pytest.mark.parametrize("name", samples.BLUESKY_FILES)
def test_bluesky_formats_tell_the_same_talk(tmp_path: Path, name: str) -> None:
    source, content = samples.BLUESKY_FILES[name]
    path = tmp_path / "export.download"
    path.write_bytes(content)
    loaded = load_posts(path)
    posts = cl.check_posts(loaded.posts)
    assert loaded.files[0].source == SOURCES[source].title
    assert list(posts.index) == [f"bluesky:{samples.URI}", f"bluesky:{samples.URI_ANSWER}"]
    first, answer = posts.iloc[0], posts.iloc[1]
    assert (first["text"], answer["text"]) == (TEXT, REPLY)
    assert list(posts["author_id"]) == ["bluesky:did:plc:ada", "bluesky:did:plc:bob"]
    if name != "tap.jsonl":
        assert list(posts["author"]) == ["ada.example", "bob.example"]
    assert answer["reply_to"] == first["post_id"]
    assert answer["reply_to_author"] == first["author_id"]
    assert list(first["hashtags"]) == ["crowdwork"]
    assert list(first["mentions"]) == ["bluesky:did:plc:bob"]
    assert list(first["urls"]) == ["https://a.example/x"]
    assert list(posts["lang"]) == ["en", "en"]
    assert answer["thread_id"] == first["post_id"]


def test_snscrape_tables_of_pandas_know_reposts_and_quotes(tmp_path: Path) -> None:
    """An object in one cell is what pandas makes of it: a link, or Python's own spelling."""
    base = {
        "": "0",
        "url": f"https://twitter.com/Ada/status/{FIRST}",
        "date": samples.AT,
        "rawContent": TEXT,
        "id": FIRST,
        "likeCount": "3",
        "conversationId": FIRST,
        "quotedTweet": "",
        "retweetedTweet": "",
        "inReplyToUser": "",
    }
    quote = {**base, "id": "2", "url": "", "quotedTweet": "https://twitter.com/Bob/status/77"}
    repost = {
        **base,
        "id": "3",
        "url": "",
        "rawContent": f"RT @Ada: {TEXT[:30]}…",
        "retweetedTweet": f"{{'id': {FIRST}, 'user': {{'username': 'Ada'}}}}",
    }
    reply = {**base, "id": "4", "url": "", "inReplyToUser": "https://twitter.com/Bob"}
    (tmp_path / "a.csv").write_bytes(samples.as_csv(base, quote, repost, reply))
    posts = cl.check_posts(cl.read_posts(tmp_path / "a.csv"))
    assert posts["kind"].to_dict() == {
        f"x:{FIRST}": "post",
        "x:2": "quote",
        "x:3": "repost",
        "x:4": "reply",
    }
    assert posts.loc["x:2", ["quote_of", "quote_of_author"]].tolist() == ["x:77", "x:@bob"]
    assert posts.loc["x:3", "repost_of"] == f"x:{FIRST}"
    assert posts.loc["x:3", "text"] == TEXT
    assert pd.isna(posts.loc["x:3", "likes"])


def test_a_repost_in_minet_has_nothing_of_the_originals_author(tmp_path: Path) -> None:
    row = samples.minet_bluesky(answer=False)
    repost = {
        **row,
        "repost_by_user_did": samples.DID_BOB,
        "repost_by_user_handle": "bob.example",
        "repost_timestamp_utc": samples.SECONDS_LATER,
    }
    (tmp_path / "a.csv").write_bytes(samples.as_csv(row, repost))
    last = cl.read_posts(tmp_path / "a.csv").iloc[1]
    assert (last["kind"], last["author"]) == ("repost", "bob.example")
    assert (last["repost_of"], last["text"]) == (f"bluesky:{samples.URI}", TEXT)
    assert pd.isna(last["author_name"])
    assert pd.isna(last["url"])


def test_a_reply_may_quote_too_in_the_first_twarc(tmp_path: Path) -> None:
    first, answer = samples.TWARC_V1_ROWS
    both = {**answer, "retweet_or_quote_id": "77", "retweet_or_quote_user_id": "9"}
    (tmp_path / "a.csv").write_bytes(samples.as_csv(first, both))
    reply = cl.read_posts(tmp_path / "a.csv").loc[f"x:{ANSWER}"]
    assert (reply["kind"], reply["quote_of"], reply["quote_of_author"]) == ("reply", "x:77", "x:9")


def test_advertisements_are_dropped_and_counted(tmp_path: Path) -> None:
    path = tmp_path / "capture.ndjson"
    path.write_bytes(samples.ZEESCHUIMER)
    loaded = load_posts(path)
    assert "an advertisement (1)" in loaded.files[0].reasons
    assert (loaded.files[0].read, loaded.files[0].refused) == (4, 2)
    assert [refusal.where for _file, refusal in loaded.refusals] == ["line 3", "line 4"]
    assert "Buy!" in loaded.refusals[0][1].record


def test_deletions_of_a_stream_are_replayed(tmp_path: Path) -> None:
    path = tmp_path / "stream.jsonl"
    path.write_bytes(samples.JETSTREAM)
    loaded = load_posts(path)
    assert "taken back" not in set(loaded.posts["text"])
    assert loaded.files[0].reasons == "deleted by its author (1)"


def put_archive(folder: Path, *names: str) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    for name in names or samples.ARCHIVE:
        (folder / name).write_bytes(samples.ARCHIVE[name])
    return folder


@pytest.mark.parametrize("depth", ["", "data"])
def test_archive_knows_its_owner_and_long_posts(tmp_path: Path, depth: str) -> None:
    put_archive(tmp_path / depth)
    loaded = load_posts(tmp_path)
    posts = cl.check_posts(loaded.posts)
    assert [file.file for file in loaded.files] == ["tweets.js"]
    assert set(posts["author_id"]) == {"x:7"}
    assert set(posts["author"]) == {"Ada"}
    assert set(posts["author_bio"]) == {"engines"}
    quote = posts.loc["x:1262000000000000003"]
    assert quote["text"] == LONG
    assert (quote["kind"], quote["quote_of"]) == ("quote", f"x:{ANSWER}")
    repost = posts.loc["x:1262000000000000004"]
    assert (repost["kind"], repost["repost_of_author"]) == ("repost", "x:8")
    assert repost["text"] == "Same here, on day 45"
    assert posts.loc[f"x:{FIRST}", "likes"] == 3


def test_a_bad_post_of_a_stream_is_refused_with_its_line(tmp_path: Path) -> None:
    bad = samples.as_lines(samples.committed("did:plc:x", "3x", {"text": 5}))
    path = tmp_path / "stream.jsonl"
    path.write_bytes(samples.JETSTREAM + bad.replace(b"5", b'5, "x": "\xc3("'))
    loaded = load_posts(path)
    assert [one.where for _file, one in loaded.refusals if one.where] == ["line 8"]
    assert loaded.files[0].kept == 2


def test_archive_reads_from_its_zip(tmp_path: Path) -> None:
    import zipfile

    with zipfile.ZipFile(tmp_path / "archive.zip", "w") as archive:
        for name, content in samples.ARCHIVE.items():
            archive.writestr(f"data/{name}", content)
    posts = cl.read_posts(tmp_path / "archive.zip")
    assert set(posts["author"]) == {"Ada"}
    assert posts.loc["x:1262000000000000003", "text"] == LONG


def test_archive_without_owner_says_so(tmp_path: Path) -> None:
    loaded = load_posts(put_archive(tmp_path, "tweets.js"))
    assert "account.js" in loaded.files[0].notes
    assert loaded.posts["author_id"].isna().all()


def test_owner_of_an_archive_is_who_answers_themselves(tmp_path: Path) -> None:
    answer = {
        **samples.ARCHIVED[0]["tweet"],
        "id_str": ANSWER,
        "in_reply_to_status_id_str": FIRST,
        "in_reply_to_user_id_str": "7",
        "in_reply_to_screen_name": "Ada",
    }
    content = samples.script("tweets", [*samples.ARCHIVED, {"tweet": answer}])
    (tmp_path / "tweets.js").write_bytes(content)
    posts = cl.read_posts(tmp_path)
    assert set(posts["author_id"]) == {"x:7"}
    assert set(posts["author"]) == {"Ada"}


def test_direct_messages_are_never_opened(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    put_archive(tmp_path)
    opened: list[str] = []
    plain = Path.open

    def watched(self: Path, *args: Any, **kwargs: Any) -> Any:
        opened.append(self.name)
        return plain(self, *args, **kwargs)

    monkeypatch.setattr(Path, "open", watched)
    cl.read_posts(tmp_path)
    assert "tweets.js" in opened
    assert "direct-messages.js" not in opened
    with pytest.raises(cl.errors.NotPostsError, match="private"):
        cl.read_posts(tmp_path / "direct-messages.js")
    assert "direct-messages.js" not in opened


def test_other_parts_of_an_archive_are_named(tmp_path: Path) -> None:
    with pytest.raises(cl.errors.NotPostsError, match=r"tweets\.js"):
        cl.read_posts(put_archive(tmp_path, "like.js") / "like.js")


def test_grailbird_month_is_read(tmp_path: Path) -> None:
    (tmp_path / "2026_03.js").write_bytes(samples.GRAILBIRD)
    posts = cl.read_posts(tmp_path)
    assert list(posts["text"]) == [TEXT]
    assert list(posts["author"]) == ["Ada"]
    assert str(posts["created_at"].iloc[0]) == "2026-03-05 08:00:00+00:00"


def test_outbox_keeps_what_is_public(tmp_path: Path) -> None:
    (tmp_path / "outbox.json").write_text(json.dumps(samples.OUTBOX), encoding="utf-8")
    (tmp_path / "actor.json").write_text(json.dumps(samples.ACTOR_FILE), encoding="utf-8")
    loaded = load_posts(tmp_path / "outbox.json")
    posts = cl.check_posts(loaded.posts)
    assert loaded.files[0].reasons == "not public (1)"
    assert list(posts["urls"].iloc[0]) == ["https://a.example/x"]
    assert posts["quote_of"].iloc[0] == "mastodon:https://ville.example/users/cleo/statuses/4"
    assert list(posts["kind"]) == ["reply", "repost"]
    post, boost = posts.iloc[0], posts.iloc[1]
    assert post["text"] == "Paid late again #CrowdWork"
    assert (post["author_id"], post["author_name"]) == ("mastodon:ada@town.example", "Ada L.")
    assert post["reply_to"] == "mastodon:https://ville.example/users/bob/statuses/9"
    assert post["reply_to_author"] == "mastodon:bob@ville.example"
    assert list(post["mentions"]) == ["mastodon:bob@ville.example"]
    assert (post["lang"], list(post["hashtags"])) == ("en", ["crowdwork"])
    assert boost["repost_of_author"] == "mastodon:bob@ville.example"


def test_nested_posts_of_a_scraper_come_along(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text(json.dumps(samples.SCRAPED), encoding="utf-8")
    posts = cl.read_posts(tmp_path / "a.json")
    quoted = posts.loc["x:1261000000000000009"]
    assert not quoted["in_chat"]
    assert quoted["author"] == "cleo"
    assert posts.loc[f"x:{ANSWER}", "quote_of"] == "x:1261000000000000009"


def test_one_post_of_several_nodexl_rows_is_one_post(tmp_path: Path) -> None:
    (tmp_path / "a.xlsx").write_bytes(samples.nodexl())
    loaded = load_posts(tmp_path / "a.xlsx")
    assert (loaded.files[0].read, loaded.files[0].kept, loaded.files[0].duplicates) == (3, 2, 1)
    assert list(loaded.posts["author_name"]) == ["Ada L.", "Bob"]


def test_least_upload_of_4cat_is_read(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_bytes(samples.FOURCAT_UPLOAD)
    posts = cl.read_posts(tmp_path / "a.csv")
    assert list(posts.index) == ["other:1", "other:2"]
    assert set(posts["thread_id"]) == {"other:1"}


def test_home_made_bluesky_table_knows_authors_by_address(tmp_path: Path) -> None:
    row = {"uri": samples.URI, "created_at": samples.AT, "text": TEXT, "like_count": "3"}
    other = {**row, "uri": "https://town.example/1"}
    (tmp_path / "a.csv").write_bytes(samples.as_csv(row, other))
    loaded = load_posts(tmp_path / "a.csv")
    assert list(loaded.posts["author_id"]) == ["bluesky:did:plc:ada"]
    assert loaded.files[0].refused == 1


def test_mapping_reads_json_too(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_bytes(samples.as_lines({"msg": {"body": "hello"}, "when": "2026-03-05 08:00"}))
    posts = cl.read_posts(path, columns={"text": "msg.body", "created_at": "when"})
    assert list(posts["text"]) == ["hello"]


# Several files ---------------------------------------------------------------------------------


def test_folders_in_folders_and_globs_are_one_chat(tmp_path: Path) -> None:
    samples.write_samples(tmp_path / "week" / "x")
    loaded = load_posts(tmp_path)
    posts = cl.check_posts(loaded.posts)
    table = loaded.table()
    assert (table["read"] == table["kept"] + table["duplicates"] + table["refused"]).all()
    assert table["kept"].sum() == (posts["in_chat"] | posts["copy_of"].notna()).sum()
    assert set(posts["platform"]) == {"x", "mastodon", "bluesky", "other"}
    globbed = cl.read_posts(str(tmp_path / "week" / "x" / "*.csv"))
    assert set(globbed.index) <= set(posts.index)


def status(number: str, uri: str, server: str, **more: Any) -> dict[str, Any]:
    return {
        "id": number,
        "uri": uri,
        "url": uri,
        "created_at": "2026-03-05T08:00:00Z",
        "content": "<p>Late payment is the rule here</p>",
        "account": {"id": "1", "acct": "ada", "url": f"https://{server}/@ada", "username": "ada"},
        "mentions": [],
        "tags": [],
        "replies_count": 1,
        **more,
    }


def test_one_mastodon_post_seen_from_two_servers_is_one(tmp_path: Path) -> None:
    uri = "https://town.example/users/ada/statuses/1"
    seen_there = {"id": "77", "acct": "ada@town.example", "url": "https://town.example/@ada"}
    here = status("1", uri, "town.example", favourites_count=3, replies_count=0)
    there = status("900", uri, "town.example", account=seen_there, favourites_count=1)
    answer = status(
        "901",
        "https://ville.example/users/bob/statuses/901",
        "ville.example",
        account={"id": "2", "acct": "bob", "url": "https://ville.example/@bob"},
        in_reply_to_id="900",
        in_reply_to_account_id="77",
    )
    (tmp_path / "town.json").write_text(json.dumps([here]), encoding="utf-8")
    (tmp_path / "ville.json").write_text(json.dumps([there, answer]), encoding="utf-8")
    posts = cl.read_posts(tmp_path)
    assert len(posts) == 2
    # The post's own server knows more of its likes than another one.
    assert posts.loc[f"mastodon:{uri}", "likes"] == 3
    reply = posts[posts["kind"] == "reply"].iloc[0]
    assert reply["reply_to"] == f"mastodon:{uri}"
    assert reply["reply_to_author"] == "mastodon:ada@town.example"


def test_links_of_a_mastodon_post_are_those_of_its_text(tmp_path: Path) -> None:
    content = (
        '<p class="quote-inline">RE: <a href="https://town.example/@bob/9">post</a></p>'
        '<p><a class="u-url mention" href="https://town.example/@bob">@bob</a> '
        '<a href="https://a.example/x?a=1&amp;b=2" rel="nofollow">here</a> '
        '<a href="https://town.example/tags/pay">#pay</a></p>'
    )
    tags = [{"name": "pay", "url": "https://town.example/tags/pay"}]
    one = status("1", "https://town.example/1", "town.example", content=content, tags=tags)
    (tmp_path / "a.json").write_text(json.dumps([one]), encoding="utf-8")
    post = cl.read_posts(tmp_path / "a.json").iloc[0]
    assert list(post["urls"]) == ["https://a.example/x?a=1&b=2"]
    assert post["text"] == "@bob here #pay"


def test_mastodon_ids_may_be_numbers(tmp_path: Path) -> None:
    first = status("1", "https://town.example/users/ada/statuses/1", "town.example")
    numbered = {**first, "id": 1, "account": {**first["account"], "id": 5}}
    answer = status(
        "2", "https://town.example/users/ada/statuses/2", "town.example", in_reply_to_id=1
    )
    path = tmp_path / "a.jsonl"
    path.write_bytes(samples.as_lines(numbered, {**answer, "in_reply_to_account_id": 5}))
    reply = cl.read_posts(path).iloc[1]
    assert reply["reply_to"] == f"mastodon:{first['uri']}"
    assert reply["reply_to_author"] == "mastodon:ada@town.example"


def test_answers_far_from_their_post_in_a_long_file_find_it(tmp_path: Path) -> None:
    """Lines are read in blocks; a reply may stand megabytes before what it answers."""
    uri = "https://ville.example/users/cleo/statuses/5"
    away = {"id": "5", "acct": "cleo@ville.example", "url": "https://ville.example/@cleo"}
    answer = status(
        "9",
        "https://town.example/users/ada/statuses/9",
        "town.example",
        in_reply_to_id="8",
        in_reply_to_account_id="5",
    )
    filler = [
        status(
            str(n), f"https://town.example/users/ada/statuses/{n}", "town.example", note="x" * 900
        )
        for n in range(100, 1800)
    ]
    asked = status("8", uri, "town.example", account=away)
    path = tmp_path / "long.jsonl"
    path.write_bytes(samples.as_lines(answer, *filler, asked))
    assert path.stat().st_size > 2**20
    posts = cl.read_posts(path)
    reply = posts[posts["kind"] == "reply"].iloc[0]
    assert reply["reply_to"] == f"mastodon:{uri}"
    assert reply["reply_to_author"] == "mastodon:cleo@ville.example"


def test_bridged_posts_are_copies(tmp_path: Path) -> None:
    original = status("1", "https://town.example/users/ada/statuses/1", "town.example")
    record = {
        **samples.RECORD,
        "text": "Late payment is the rule here",
        "bridgyOriginalUrl": original["url"],
    }
    copy = samples.view("at://did:plc:br/app.bsky.feed.post/1", "did:plc:br", "b.example", record)
    (tmp_path / "m.json").write_text(json.dumps([original]), encoding="utf-8")
    (tmp_path / "b.json").write_text(json.dumps({"posts": [copy]}), encoding="utf-8")
    posts = cl.check_posts(cl.read_posts(tmp_path))
    bridged = posts.loc["bluesky:at://did:plc:br/app.bsky.feed.post/1"]
    assert bridged["copy_of"] == f"mastodon:{original['uri']}"
    assert not bridged["in_chat"]
    assert cl.posts.coverage_table(posts)["value"]["copies"] == 1
    # Without the original the copy is the only voice there is.
    alone = cl.read_posts(tmp_path / "b.json")
    assert alone["in_chat"].all()


def cross_posted(table: Any, **other: Any) -> pd.DataFrame:
    text = "Paid after ninety days, a new record"
    first = {
        "post_id": "x:1",
        "author_id": "x:7",
        "author": "ada",
        "text": f"{text} https://t.co/a",
    }
    second = {
        "post_id": "mastodon:2",
        "platform": "mastodon",
        "author_id": "mastodon:ada@town.example",
        "author": "ada@town.example",
        "text": text,
    }
    return table(first, {**second, **other})


def test_same_text_by_the_linked_account_within_minutes_is_a_copy(table: Any) -> None:
    posts = cross_posted(table)
    assert posts.loc["mastodon:2", "copy_of"] == "x:1"
    assert list(posts["in_chat"]) == [True, False]


@pytest.mark.parametrize(
    "other",
    [
        {"author": "zoe@town.example", "author_id": "mastodon:zoe@town.example"},
        {"text": "Paid after ninety days, no record"},
        {"created_at": pd.Timestamp("2026-03-05 08:30", tz="UTC")},
        {"platform": "x", "post_id": "x:2", "author_id": "x:9"},
    ],
    ids=["somebody else", "another text", "half an hour later", "same network"],
)
def test_what_is_no_copy_stays(table: Any, other: dict[str, Any]) -> None:
    posts = cross_posted(table, **other)
    assert posts["copy_of"].isna().all()
    assert posts["in_chat"].all()


def test_a_profile_that_names_the_other_account_links_them(table: Any) -> None:
    posts = cross_posted(table, author="zoe@town.example", author_bio="on X as @AdaLovelace")
    assert posts["copy_of"].isna().all()
    posts = cross_posted(
        table, author="zoe@town.example", author_name="Zoé", author_bio="on X as @ada, since 2011"
    )
    assert posts["copy_of"].isna().all(), "handles of three letters are words"


# Repair and refusal ----------------------------------------------------------------------------

TAGS = {
    "id_str": "1",
    "from_user": "Ada",
    "text": "a",
    "created_at": samples.X_AT,
    "status_url": "",
}


def test_rounded_ids_are_told_by_the_whole_column(tmp_path: Path) -> None:
    rows = [{**TAGS, "id_str": f"12620000000{n:04}0000", "text": f"text {n}"} for n in range(1, 9)]
    path = tmp_path / "a.csv"
    path.write_bytes(samples.as_csv(*rows))
    loaded = load_posts(path)
    assert loaded.posts["post_id"].str.startswith("x:a.csv#").all()
    assert "8 ids were destroyed by a spreadsheet" in loaded.files[0].notes
    answering = [{**row, "in_reply_to_status_id_str": "1262000000000000"} for row in rows]
    path.write_bytes(samples.as_csv(*answering))
    assert cl.read_posts(path)["reply_to"].isna().all()
    linked = [{**row, "status_url": f"http://x.com/Ada/status/{n}7"} for n, row in enumerate(rows)]
    path.write_bytes(samples.as_csv(*linked))
    assert "x:07" in load_posts(path).posts.index
    assert load_posts(path).files[0].notes == ""


def test_day_and_month_are_told_by_the_whole_column(tmp_path: Path) -> None:
    """The first ten thousand rows read both ways; a later one decides for all."""
    dates = ["03/04/2026 08:00"] * 10_001 + ["31/03/2026 08:00"]
    rows = [{"text": f"t{n}", "when": date} for n, date in enumerate(dates)]
    path = tmp_path / "a.csv"
    path.write_bytes(samples.as_csv(*rows))
    posts = cl.read_posts(path, columns={"text": "text", "created_at": "when"})
    assert len(posts) == len(dates)
    assert set(posts["created_at"].dt.date.astype(str)) == {"2026-04-03", "2026-03-31"}


ROWS = samples.as_csv(
    {**TAGS, "text": "Payé en retard, à nouveau"}, {**TAGS, "id_str": "2", "text": "été"}
)
FRENCH = ["Payé en retard, à nouveau", "été"]


@pytest.mark.parametrize(
    "content",
    [
        b"\xef\xbb\xbf" + ROWS,
        ROWS.decode().encode("utf-16"),
        ROWS.decode().encode("utf-16-le"),
        ROWS.replace(b"\r\n", b"\n"),
        ROWS.replace(b",", b";").replace(b"retard;", b"retard,"),
        ROWS.replace(b",", b"\t").replace(b"retard\t", b"retard,"),
        ROWS.decode().encode("cp1252"),
    ],
    ids=["BOM", "UTF-16", "UTF-16 without a mark", "LF", "semicolons", "tabs", "Windows-1252"],
)
def test_tables_are_read_however_they_were_saved(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "a.csv").write_bytes(content)
    assert list(cl.read_posts(tmp_path / "a.csv")["text"]) == FRENCH


def test_what_was_decoded_wrongly_is_reported_and_left(tmp_path: Path) -> None:
    wrong = "Payé".encode().decode("cp1252")
    (tmp_path / "a.csv").write_bytes(samples.as_csv({**TAGS, "text": wrong}))
    loaded = load_posts(tmp_path / "a.csv")
    assert list(loaded.posts["text"]) == ["PayÃ©"]
    assert "1 text looks wrongly decoded" in loaded.files[0].notes


def test_json_is_read_however_it_was_saved(tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    lines = samples.as_lines(*samples.BLUESKY_VIEWS)
    for content in (
        lines.decode().encode("utf-16"),
        b"\xef\xbb\xbf" + lines,
        lines.replace(b"\n", b"\r\n"),
        b"[\n" + lines.strip().replace(b"\n", b",\n") + b"\n]",
        json.dumps({"posts": samples.BLUESKY_VIEWS}, indent=2).encode(),
        gzip.compress(lines),
    ):
        path.write_bytes(content)
        assert len(cl.read_posts(path)) == 2


def test_a_stray_nul_costs_nothing_else(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_bytes(ROWS.replace(b"nouveau", b"nouv\x00eau"))
    assert len(cl.read_posts(tmp_path / "a.csv")) == 2


def test_half_emoji_and_bad_bytes_cost_a_character(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    first, answer = (json.dumps(view).encode() for view in samples.BLUESKY_VIEWS)
    path.write_bytes(
        first.replace(b"Paid", b"Paid \\ud83d")
        + b"\n"
        + answer.replace(b"Same", b"Same \xc3")
        + b"\n"
    )
    loaded = load_posts(path)
    assert loaded.files[0].refused == 0
    assert loaded.posts["text"].str.contains("\ufffd").all()
    assert "2 texts have characters that could not be decoded" in loaded.files[0].notes


def test_impossible_dates_are_taken_out_and_told(tmp_path: Path) -> None:
    views = [
        {**view, "record": {**view["record"], "createdAt": date}}
        for view, date in zip(
            samples.BLUESKY_VIEWS, ("0001-01-01T00:00:00Z", samples.AT), strict=True
        )
    ]
    (tmp_path / "a.jsonl").write_bytes(samples.as_lines(*views))
    (tmp_path / "b.csv").write_bytes(samples.FOURCAT_X)
    loaded = load_posts(tmp_path)
    assert loaded.files[0].notes == "1 impossible date was taken out"
    assert loaded.posts["created_at"].isna().sum() == 1


def test_huge_numbers_are_missing_not_fatal(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    view = {**samples.BLUESKY_VIEWS[0], "likeCount": 10**30}
    path.write_text(json.dumps(view), encoding="utf-8")
    assert cl.read_posts(path)["likes"].isna().all()


@pytest.mark.parametrize(
    ("header", "told"),
    [
        ("Tweet id,Tweet permalink,Tweet text,time,impressions,engagements", "read_analytics"),
        ("Post id,Date,Post text,Post Link,Impressions,Likes", "read_analytics"),
        ("Identifiant du Tweet,Permalien du Tweet,heure,impressions", "read_analytics"),
        ("Date,Impressions,Likes,Engagements,Bookmarks,Shares,New follows", "one row per day"),
    ],
)
def test_analytics_are_refused_by_name(tmp_path: Path, header: str, told: str) -> None:
    path = tmp_path / "a.csv"
    path.write_text(f"{header}\n{',1' * header.count(',')}\n", encoding="utf-8")
    with pytest.raises(cl.errors.NotPostsError, match=told):
        cl.read_posts(path)


def test_what_no_reader_foresaw_is_an_error_with_advice(tmp_path: Path, monkeypatch: Any) -> None:
    def broken(*_: Any) -> Any:
        raise ZeroDivisionError("by zero")

    monkeypatch.setattr("chatlab.io.loading.read_records", broken)
    (tmp_path / "a.jsonl").write_bytes(samples.as_lines(*samples.BLUESKY_VIEWS))
    with pytest.raises(cl.errors.UnreadableFileError, match="report it"):
        cl.read_posts(tmp_path / "a.jsonl")


def test_zip_bombs_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl.gz"
    path.write_bytes(gzip.compress(b"a" * 300 * 2**20))
    with pytest.raises(cl.errors.UnreadableFileError, match="expands"):
        cl.read_posts(path)


def test_paths_upwards_in_a_zip_write_nothing(tmp_path: Path) -> None:
    import zipfile

    inside = tmp_path / "inside"
    inside.mkdir()
    with zipfile.ZipFile(inside / "a.zip", "w") as archive:
        archive.writestr("../../evil.jsonl", samples.as_lines(*samples.BLUESKY_VIEWS))
    assert len(cl.read_posts(inside / "a.zip")) == 2
    assert sorted(path.name for path in tmp_path.rglob("*")) == ["a.zip", "inside"]
