"""A Mastodon archive's `outbox.json`: one account's posts, in the words of ActivityPub."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from chatlab.io.dates import dated_columns
from chatlab.io.files import Member
from chatlab.io.formats.mastodon import author_id
from chatlab.io.json_records import Batch, Blocks, JsonFormat, Keys, Refusal, Struct, decoded_beside
from chatlab.io.media import media_columns, media_of
from chatlab.posts.copies import copied_from
from chatlab.text.html import html_links, html_to_text
from chatlab.translation import _, mark

PUBLIC = {"https://www.w3.org/ns/activitystreams#Public", "as:Public", "Public"}
_POST_ADDRESS = re.compile(r"https?://([^/]+)/(?:users/|@)([\w.-]+)(?:/statuses)?/\d+")
_ACTOR_ADDRESS = re.compile(r"https?://([^/]+)/(?:users/|@)([\w.-]+)/?")


class Tag(Struct):
    type: str | None = None
    name: str | None = None
    href: str | None = None


class Note(Struct):
    id: str
    content: str | None = None
    summary: str | None = None
    published: str | None = None
    url: str | None = None
    inReplyTo: str | None = None  # noqa: N815
    contentMap: dict[str, str] | None = None  # noqa: N815
    tag: list[Tag] = []
    attachment: Any = None
    attributedTo: str | None = None  # noqa: N815
    # Servers name the quoted post in one of these.
    quote: str | None = None
    quoteUri: str | None = None  # noqa: N815
    quoteUrl: str | None = None  # noqa: N815


class Activity(Struct):
    id: str
    type: str
    actor: str
    published: str
    # What was made (Create), or the address of what was reposted (Announce).
    object: Note | str
    to: list[str] | str = []
    cc: list[str] | str = []


class Outbox(Struct):
    orderedItems: list[Activity] = []  # noqa: N815


class Actor(Struct):
    """`actor.json` beside the outbox: whose archive it is."""

    id: str
    preferredUsername: str | None = None  # noqa: N815
    name: str | None = None
    summary: str | None = None


def _batches(blocks: Blocks, member: Member) -> Iterator[Batch]:
    owner = _owner(member)
    for pages in blocks:
        rows: list[dict[str, Any]] = []
        refused: list[Refusal] = []
        for number, activity in enumerate((one for page in pages for one in page.orderedItems), 1):
            if activity.type not in ("Create", "Announce"):
                continue
            if not PUBLIC.intersection(_several(activity.to) + _several(activity.cc)):
                # Letters to one person or to followers are not part of a public conversation.
                refused.append(Refusal(f"item {number}", _("not public"), activity.id))
                continue
            rows.append(_row(activity, owner))
        yield Batch(dated_columns(rows), refused=refused)


def _several(value: list[str] | str) -> list[str]:
    return [value] if isinstance(value, str) else value


def _owner(member: Member) -> Mapping[str, Any]:
    actor: Actor | None = next(decoded_beside(member, "actor.json", Actor), None)
    if actor is None:
        return {}
    return {
        "author_name": actor.name or actor.preferredUsername,
        "author_bio": html_to_text(actor.summary) if actor.summary else None,
    }


def _handle(address: str | None, pattern: re.Pattern[str]) -> str | None:
    found = pattern.match(address or "")
    return f"{found[2]}@{found[1]}" if found else None


def _person(address: str | None, pattern: re.Pattern[str]) -> str | None:
    handle = _handle(address, pattern)
    return author_id(handle) if handle else None


def _row(activity: Activity, owner: Mapping[str, Any]) -> dict[str, Any]:
    handle = _handle(activity.actor, _ACTOR_ADDRESS)
    made = {
        **owner,
        "platform": "mastodon",
        "created_at": activity.published,
        "author_id": author_id(handle) if handle else f"mastodon:{activity.actor}",
        "author": handle,
        "in_chat": True,
    }
    if isinstance(activity.object, str):
        return made | {
            "post_id": f"mastodon:{activity.id}",
            "text": "",
            **{name: [] for name in ("hashtags", "mentions", "urls")},
            "repost_of": f"mastodon:{activity.object}",
            "repost_of_author": _person(activity.object, _POST_ADDRESS),
        }
    return made | _of_note(activity.object)


def _of_note(note: Note) -> dict[str, Any]:
    text = html_to_text(note.content or "")
    quoted = note.quote or note.quoteUri or note.quoteUrl
    if note.summary:
        text = f"{note.summary}\n\n{text}".strip()
    return {
        "post_id": f"mastodon:{note.id}",
        "url": note.url or note.id,
        "text": text,
        "lang": next(iter(note.contentMap), None) if note.contentMap else None,
        "hashtags": [_tag_name(tag) for tag in _tags(note.tag, "Hashtag")],
        "mentions": [
            person
            for tag in _tags(note.tag, "Mention")
            if (person := _person(tag.href, _ACTOR_ADDRESS))
        ],
        "urls": _links(note),
        **media_columns(media_of(note.attachment, ("url",), "name")),
        "reply_to": f"mastodon:{note.inReplyTo}" if note.inReplyTo else None,
        "reply_to_author": _person(note.inReplyTo, _POST_ADDRESS),
        "quote_of": f"mastodon:{quoted}" if quoted else None,
        "quote_of_author": _person(quoted, _POST_ADDRESS),
        "copy_of": copied_from(note.id),
    }


def _links(note: Note) -> list[str]:
    own = {tag.href for tag in note.tag}
    return [link for link in html_links(note.content or "") if link not in own]


def _tags(tags: Sequence[Tag], kind: str) -> list[Tag]:
    return [tag for tag in tags if tag.type == kind and tag.name]


def _tag_name(tag: Tag) -> str:
    return (tag.name or "").lstrip("#").casefold()


def _is_outbox(keys: Keys) -> bool:
    return "orderedItems" in keys and b'"actor"' in bytes(keys["orderedItems"])


MASTODON_OUTBOX = JsonFormat(
    "mastodon_outbox",
    mark("Mastodon archive"),
    _is_outbox,
    Outbox,
    _batches,
    ("orderedItems",),
)
