"""The archive that X gives to an account's owner: `tweets.js` and the files beside it."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from chatlab.io.dates import dated_columns
from chatlab.io.files import Member
from chatlab.io.formats.x_common import x_url
from chatlab.io.formats.x_v1 import X_V1, Status, status_row
from chatlab.io.json_records import (
    Batch,
    Blocks,
    JsonFormat,
    Keys,
    NotPosts,
    Struct,
    decoded_beside,
)
from chatlab.posts.merge import Aside
from chatlab.text.html import unescape_text
from chatlab.text.patterns import REPOST_PREFIX, find_hashtags
from chatlab.translation import mark


class Item(Status, kw_only=True):
    """A post, wrapped in `tweet` or, in the oldest archives, bare."""

    created_at: str | None = None  # type: ignore[assignment]
    tweet: Status | None = None


class Account(Struct):
    username: str
    accountId: str  # noqa: N815
    accountDisplayName: str | None = None  # noqa: N815


class Description(Struct):
    bio: str | None = None


class Profile(Struct):
    description: Description | None = None


class NoteCore(Struct):
    text: str


class Note(Struct):
    createdAt: str  # noqa: N815
    core: NoteCore


class Wrapped(Struct):
    """One item of the files beside `tweets.js`."""

    account: Account | None = None
    profile: Profile | None = None
    noteTweet: Note | None = None  # noqa: N815


_STATUS_LINK = re.compile(r"https?://(?:www\.|mobile\.)?(?:twitter|x)\.com/(\w+)/status/(\d+)")
_OPENING = 60


def _batches(blocks: Blocks, member: Member) -> Iterator[Batch]:
    named = _owner(member)
    long_texts = _long_texts(member)
    for items in blocks:
        posts = [item.tweet or item for item in items]
        owner = named or _answering_themselves(posts)
        rows = [_row(post, owner, long_texts) for post in posts if post.created_at]
        columns = dated_columns(rows)
        notes = {} if owner else {"no_owner": len(rows)}
        yield Batch(columns, Aside(aliases=_numbers_of_handles(posts)), notes=notes)


def _beside(member: Member, pattern: str, name: str) -> Iterator[Any]:
    for items in decoded_beside(member, pattern, list[Wrapped]):
        yield from filter(None, (getattr(item, name) for item in items))


def _owner(member: Member) -> dict[str, Any]:
    account: Account | None = next(_beside(member, "account.js", "account"), None)
    if account is None:
        return {}
    profile: Profile | None = next(_beside(member, "profile.js", "profile"), None)
    return {
        "author_id": f"x:{account.accountId}",
        "author": account.username,
        "author_name": account.accountDisplayName,
        "author_bio": profile.description.bio if profile and profile.description else None,
    }


def _numbers_of_handles(posts: Sequence[Status]) -> dict[str, str]:
    """Tell the ids of people whom links and `RT @name` know by handle only."""
    return {
        f"x:@{mention.screen_name.casefold()}": f"x:{mention.id_str}"
        for post in posts
        for mention in (post.entities.user_mentions if post.entities else ())
        if mention.id_str
    }


def _answering_themselves(posts: Sequence[Status]) -> dict[str, Any]:
    """Know the owner by replies to posts of the archive, which are all the owner's."""
    own = {post.id_str for post in posts}
    for post in posts:
        number, handle = post.in_reply_to_user_id_str, post.in_reply_to_screen_name
        if post.in_reply_to_status_id_str in own and number and handle:
            return {"author_id": f"x:{number}", "author": handle}
    return {}


def _long_texts(member: Member) -> Mapping[int, Sequence[str]]:
    """Give the full texts of long posts by second: they carry no id of their post."""
    texts: dict[int, list[str]] = defaultdict(list)
    for note in _beside(member, "note-tweet*.js", "noteTweet"):
        second = _second(note.createdAt)
        if second is not None:
            texts[second].append(unescape_text(note.core.text))
    return texts


def _second(text: str) -> int | None:
    for read in (datetime.fromisoformat, _x_time):
        try:
            when = read(text)
        except ValueError:
            continue
        return round((when if when.tzinfo else when.replace(tzinfo=UTC)).timestamp())
    return None


def _x_time(text: str) -> datetime:
    return datetime.strptime(text, "%a %b %d %H:%M:%S %z %Y")


def _row(
    post: Status, owner: dict[str, Any], long_texts: Mapping[int, Sequence[str]]
) -> dict[str, Any]:
    row = status_row(post, in_chat=True) | owner
    if owner and row["post_id"]:
        number = row["post_id"].removeprefix("x:")
        row["url"] = x_url(owner["author"], number)
    if prefix := REPOST_PREFIX.match(row["text"]):
        # The archive does not hold the original, only the beginning of its text.
        row["repost_of_author"] = f"x:@{prefix[1].casefold()}"
        row["text"] = row["text"][prefix.end() :]
        return row
    row["text"] = _whole_text(row["text"], post.created_at, long_texts)
    row["hashtags"] = list(dict.fromkeys([*row["hashtags"], *find_hashtags(row["text"])]))
    links = [link for url in row["urls"] if (link := _STATUS_LINK.fullmatch(url.split("?")[0]))]
    if links and row["quote_of"] is None:
        # A quoted post is the last link; nothing else tells of it.
        row["quote_of_author"] = f"x:@{links[-1][1].casefold()}"
        row["quote_of"] = f"x:{links[-1][2]}"
    return row


def _whole_text(text: str, created_at: str, long_texts: Mapping[int, Sequence[str]]) -> str:
    second = _second(created_at) if long_texts else None
    if second is None:
        return text
    opening = text.partition("…")[0][:_OPENING]
    near = (one for s in (second, second - 1, second + 1) for one in long_texts.get(s, ()))
    return next((one for one in near if one.startswith(opening) and len(one) > len(text)), text)


def _is_archived(keys: Keys) -> bool:
    if "tweet" in keys:
        return b'"id_str"' in bytes(keys["tweet"])
    return X_V1.matches(keys) and not {"user", "statuses"} & keys.keys()


X_ARCHIVE = JsonFormat("x_archive", mark("X archive"), _is_archived, Item, _batches)
X_ARCHIVE_NOT_POSTS = (
    NotPosts(
        "another part of an X archive (posts are in tweets.js)",
        lambda keys: len(keys) == 1 and not {"tweet", "data"} & keys.keys(),
    ),
)
