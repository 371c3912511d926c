"""Pictures and videos with their descriptions, from every kind of source."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
import samples

import chatlab as cl

PICTURE, ALT = "https://img.example/cat.jpg", "A cat on a keyboard"


def v2(flat: bool) -> Any:
    media = {"media_key": "3_1", "type": "photo", "url": PICTURE, "alt_text": ALT}
    video = {"media_key": "7_1", "type": "video", "preview_image_url": "https://img.example/v.jpg"}
    post = {"id": "1", "text": "Look", "author_id": "7", "created_at": "2026-03-05T08:00:00Z"}
    if flat:
        author = {"id": "7", "username": "Ada"}
        return post | {"author": author, "attachments": {"media": [media, video]}}
    attached = post | {"attachments": {"media_keys": ["3_1", "7_1", "7_gone"]}}
    return {"data": [attached], "includes": {"media": [media, video]}}


def v1() -> Any:
    first = {"media_url_https": PICTURE, "ext_alt_text": ALT, "url": "https://t.co/a"}
    second = {"media_url_https": "https://img.example/v.jpg", "ext_alt_text": None}
    return {
        "id_str": "1", "created_at": samples.X_AT, "full_text": "Look",
        "user": {"id_str": "7", "screen_name": "Ada"},
        "entities": {"media": [first]}, "extended_entities": {"media": [first, second]},
    }  # fmt: skip


def mastodon() -> Any:
    return [
        {
            "id": "1", "uri": "https://m.example/users/ada/statuses/1",
            "created_at": samples.AT, "content": "<p>Look</p>",
            "account": {"id": "7", "acct": "ada", "url": "https://m.example/@ada"},
            "media_attachments": [
                {"type": "image", "url": PICTURE, "description": ALT},
                {"type": "video", "url": None, "remote_url": "https://img.example/v.jpg"},
            ],
        }
    ]  # fmt: skip


def outbox() -> Any:
    note = {
        "id": "https://m.example/users/ada/statuses/1", "content": "<p>Look</p>",
        "attachment": [
            {"type": "Document", "url": PICTURE, "name": ALT},
            {"type": "Document", "url": "https://img.example/v.jpg", "name": None},
        ],
    }  # fmt: skip
    return {
        "orderedItems": [
            {
                "id": note["id"] + "/activity", "type": "Create", "published": samples.AT,
                "actor": "https://m.example/users/ada", "object": note, "to": ["as:Public"],
            }
        ]
    }  # fmt: skip


def bluesky(view: bool) -> dict[str, Any]:
    record: dict[str, Any] = {"text": "Look", "createdAt": samples.AT}
    post: dict[str, Any] = {
        "uri": samples.URI, "author": {"did": samples.DID_ADA, "handle": "ada.example"},
        "record": record,
    }  # fmt: skip
    if view:
        images = [{"fullsize": PICTURE, "thumb": "https://img.example/s.jpg", "alt": ALT}]
        video = {"thumbnail": "https://img.example/v.jpg"}
        post["embed"] = {"images": images, "media": video}
    else:
        image = {"image": {"ref": {"$link": "bafy1"}}, "alt": ALT}
        record["embed"] = {"images": [image], "media": {"video": {"ref": {"$link": "bafy2"}}}}
    return post


@pytest.mark.parametrize(
    "document",
    [v2(False), v2(True), v1(), mastodon(), outbox(), {"posts": [bluesky(True)]}],
    ids=["v2 page", "v2 flat", "v1", "mastodon", "outbox", "bluesky"],
)
def test_addresses_and_descriptions(tmp_path: Path, document: Any) -> None:
    path = tmp_path / "posts.json"
    path.write_text(json.dumps(document), encoding="utf-8")
    posts = cl.check_posts(cl.read_posts(path))
    assert list(posts["media"].iloc[0]) == [PICTURE, "https://img.example/v.jpg"]
    assert list(posts["media_alt"].iloc[0]) == [ALT, ""]


def test_a_bluesky_record_names_what_it_holds(tmp_path: Path) -> None:
    path = tmp_path / "posts.json"
    path.write_text(json.dumps({"posts": [bluesky(False)]}), encoding="utf-8")
    row = cl.read_posts(path).iloc[0]
    assert [address.split("/")[-1] for address in row["media"]] == ["bafy1@jpeg", "thumbnail.jpg"]
    assert list(row["media_alt"]) == [ALT, ""]


def test_a_thread_laid_out_flat(tmp_path: Path) -> None:
    answer = bluesky(True) | {"uri": samples.URI_ANSWER}
    answer["record"] = answer["record"] | {
        "reply": {"parent": {"uri": samples.URI}, "root": {"uri": samples.URI}}
    }
    items = [
        {"uri": samples.URI, "depth": 0, "value": {"post": bluesky(True)}},
        {"uri": samples.URI_ANSWER, "depth": 1, "value": {"post": answer}},
        {"uri": "at://x/app.bsky.feed.post/1", "depth": 1, "value": {"$type": "notFound"}},
    ]
    path = tmp_path / "thread.json"
    path.write_text(json.dumps({"hasOtherReplies": False, "thread": items}), encoding="utf-8")
    posts = cl.check_posts(cl.read_posts(path))
    assert list(posts["kind"]) == ["post", "reply"]
    assert set(posts["thread_id"]) == {f"bluesky:{samples.URI}"}


@pytest.mark.parametrize("odd", ["x", 7, {}, [None, 3, "y"], [{"url": 4}], {"media": "z"}])
def test_odd_media_cost_no_post(tmp_path: Path, odd: Any) -> None:
    documents: list[Any] = [v2(True), v1(), mastodon(), outbox(), {"posts": [bluesky(True)]}]
    page = v2(False)
    page["data"][0]["attachments"] = {"media_keys": [["3_1"], odd]}
    page["includes"]["media"] = [{"media_key": odd}, odd]
    documents.append(page)
    documents[0]["attachments"] = odd
    documents[1]["extended_entities"] = documents[1]["entities"]["media"] = odd
    documents[2][0]["media_attachments"] = odd
    documents[3]["orderedItems"][0]["object"]["attachment"] = odd
    documents[4]["posts"][0]["embed"] = {"images": odd, "media": odd, "thumbnail": odd}
    documents[4]["posts"][0]["record"]["embed"] = {"images": odd, "video": odd, "media": odd}
    for number, document in enumerate(documents):
        path = tmp_path / f"{number}.json"
        path.write_text(json.dumps(document), encoding="utf-8")
        assert len(cl.check_posts(cl.read_posts(path))) == 1


def test_tables_name_them_too(tmp_path: Path) -> None:
    path = tmp_path / "minet.csv"
    path.write_text(
        "id,timestamp_utc,text,user_screen_name,user_id,media_urls,media_alt_texts\n"
        f"1,{samples.SECONDS},Look,Ada,7,{PICTURE}|https://img.example/b.jpg,|{ALT}\n"
        f"2,{samples.SECONDS},Look,Ada,7,{PICTURE},one|two\n",
        encoding="utf-8",
    )
    posts = cl.check_posts(cl.read_posts(path))
    assert list(posts["media_alt"].iloc[0]) == ["", ALT]
    # Which of them is meant cannot be told.
    assert list(posts["media_alt"].iloc[1]) == [""]


def test_pictures_lead_to_nobody_who_is_protected(table: Any) -> None:
    posts = table(
        {"author_id": "x:7", "author": "Ada_Byron", "author_name": "Ada Byron", "text": "Look",
         "media": [PICTURE], "media_alt": ["Portrait of Ada Byron"]},
        {"author_id": "x:8", "author": "bob", "text": "Ada Byron, look",
         "media": ["https://x.com/Ada_Byron/status/1/photo/1", PICTURE],
         "media_alt": ["", "Ada Byron again"]},
    )  # fmt: skip
    hidden = cl.pseudonymize(posts, key="9f2c1e7b4d8a6035")
    assert hidden["media"].map(len).sum() == hidden["media_alt"].map(len).sum() == 0
    rest = cl.remove_author(posts, "@Ada_Byron")
    assert list(rest["media"].iloc[0]) == [PICTURE]
    assert "Ada" not in rest["media_alt"].iloc[0][0]


def test_what_is_not_to_be_quoted_is_not_described(tmp_path: Path, table: Any) -> None:
    posts = table({"author_id": "x:7", "text": "Look", "media": [PICTURE], "media_alt": [ALT]})
    for ending in (".csv", ".jsonl", ".parquet"):
        cl.write_posts(posts.assign(quotable=False), tmp_path / f"posts{ending}")
        again = cl.read_posts(tmp_path / f"posts{ending}")
        assert list(again["media_alt"].iloc[0]) == [""]
        cl.write_posts(posts, tmp_path / f"whole{ending}")
        whole = cl.read_posts(tmp_path / f"whole{ending}")
        pd.testing.assert_series_equal(whole["media_alt"], posts["media_alt"])
