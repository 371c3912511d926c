"""Mastodon JSON: statuses as lists and lines, contexts, and search pages."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from urllib.parse import urlsplit

from chatlab.io.dates import dated_columns
from chatlab.io.files import Member
from chatlab.io.json_records import Batch, Blocks, JsonFormat, Keys, NotPosts, Struct
from chatlab.io.media import media_columns, media_of
from chatlab.posts.copies import copied_from
from chatlab.posts.merge import Aside
from chatlab.text.html import html_links, html_to_text
from chatlab.translation import mark

# The client Mastodon.py writes ids as numbers.
Id = str | int


class Account(Struct):
    id: Id
    acct: str
    url: str | None = None
    username: str | None = None
    display_name: str | None = None
    note: str | None = None
    followers_count: int | None = None
    following_count: int | None = None


class Mention(Struct):
    id: Id
    acct: str
    url: str | None = None


class Tag(Struct):
    name: str
    url: str | None = None


class Application(Struct):
    name: str | None = None


class Card(Struct):
    url: str | None = None


class Quote(Struct):
    quoted_status: Status | None = None


class Status(Struct):
    id: Id
    uri: str
    created_at: str
    account: Account
    content: str
    url: str | None = None
    spoiler_text: str | None = None
    language: str | None = None
    mentions: list[Mention] = []
    tags: list[Tag] = []
    in_reply_to_id: Id | None = None
    in_reply_to_account_id: Id | None = None
    reblog: Status | None = None
    quote: Quote | None = None
    card: Card | None = None
    media_attachments: Any = None
    application: Application | None = None
    favourites_count: int | None = None
    reblogs_count: int | None = None
    replies_count: int | None = None
    quotes_count: int | None = None


class Page(Status, kw_only=True):
    """Any record: a status, a context, or a search page."""

    id: Id | None = None  # type: ignore[assignment]
    uri: str | None = None  # type: ignore[assignment]
    created_at: str | None = None  # type: ignore[assignment]
    account: Account | None = None  # type: ignore[assignment]
    content: str | None = None  # type: ignore[assignment]
    statuses: list[Status] = []
    ancestors: list[Status] = []
    descendants: list[Status] = []


# On the server that was asked, or on its author's.
_ADDRESSES = ("url", "remote_url", "preview_url")


def _batches(blocks: Blocks, _member: Member) -> Iterator[Batch]:
    server = None
    for pages in blocks:
        statuses: list[Status] = []
        for page in pages:
            if page.uri is not None and page.account is not None:
                statuses.append(page)
            statuses += [*page.statuses, *page.ancestors, *page.descendants]
        context = list(_context(statuses))
        server = server or _server([*statuses, *context])
        yield _batch(statuses, context, server or "unknown.server")


def _batch(statuses: list[Status], context: list[Status], server: str) -> Batch:
    people = _people([*statuses, *context], server)
    rows = [_row(status, people, server, in_chat=True) for status in statuses]
    rows += [_row(status, people, server, in_chat=False) for status in context]
    columns = dated_columns(rows)
    # Ids are those of the server that was asked, and replies name only these; `uri` is the same
    # everywhere.
    posts = {
        _asked(status.id, server): f"mastodon:{status.uri}" for status in [*statuses, *context]
    }
    accounts = {f"mastodon:{number}@{server}": person for number, person in people.items()}
    return Batch(columns, Aside(aliases=posts | accounts))


def _asked(number: Id, server: str) -> str:
    return f"mastodon:https://{server}/statuses/{number}"


def _context(statuses: Sequence[Status]) -> Iterator[Status]:
    for status in statuses:
        for other in (status.reblog, status.quote.quoted_status if status.quote else None):
            if other is not None:
                yield other
                yield from _context([other])


def _host(url: str | None) -> str | None:
    try:
        return urlsplit(url).hostname if url else None
    except ValueError:
        # Not an address at all, such as `https://[`.
        return None


def _server(statuses: Sequence[Status]) -> str | None:
    """Find the server that was asked: its own accounts have no domain in `acct`."""
    for status in statuses:
        if "@" not in status.account.acct and (host := _host(status.account.url)):
            return host
    for status in statuses:
        for tag in status.tags:
            if host := _host(tag.url):
                return host
    return None


def _handle(acct: str, url: str | None, server: str) -> str:
    return acct if "@" in acct else f"{acct}@{_host(url) or server}"


def author_id(handle: str) -> str:
    """Return the author id of a handle with its server."""
    return f"mastodon:{handle.casefold()}"


def _people(statuses: Sequence[Status], server: str) -> dict[Id, str]:
    """Map the asked server's account ids to author ids, from authors and from mentions."""
    people = {
        mention.id: author_id(_handle(mention.acct, mention.url, server))
        for status in statuses
        for mention in status.mentions
    }
    for status in statuses:
        account = status.account
        people[account.id] = author_id(_handle(account.acct, account.url, server))
    return people


def _row(
    status: Status,
    people: Mapping[Id, str],
    server: str,
    *,
    in_chat: bool,
) -> dict[str, Any]:
    account = status.account
    handle = _handle(account.acct, account.url, server)
    text = html_to_text(status.content or "")
    if status.spoiler_text:
        text = f"{status.spoiler_text}\n\n{text}".strip()
    original = status.reblog
    quoted = status.quote.quoted_status if status.quote else None
    parent = status.in_reply_to_id
    answered = status.in_reply_to_account_id
    return {
        "post_id": f"mastodon:{status.uri}",
        "platform": "mastodon",
        "url": status.url or status.uri,
        "created_at": status.created_at,
        "author_id": author_id(handle),
        "author": handle,
        "author_name": account.display_name or account.username,
        "author_bio": html_to_text(account.note) if account.note else None,
        "author_followers": _count(account.followers_count),
        "author_following": _count(account.following_count),
        "text": text,
        "lang": status.language,
        "hashtags": [tag.name.casefold() for tag in status.tags],
        "mentions": [people[mention.id] for mention in status.mentions],
        "urls": _links(status),
        **media_columns(media_of(status.media_attachments, _ADDRESSES, "description")),
        "reply_to": _asked(parent, server) if parent else None,
        "reply_to_author": people.get(answered, f"mastodon:{answered}@{server}")
        if answered
        else None,
        "copy_of": copied_from(status.uri),
        "quote_of": f"mastodon:{quoted.uri}" if quoted else None,
        "quote_of_author": people.get(quoted.account.id) if quoted else None,
        "repost_of": f"mastodon:{original.uri}" if original else None,
        "repost_of_author": people.get(original.account.id) if original else None,
        "likes": status.favourites_count,
        "reposts": status.reblogs_count,
        "replies": status.replies_count,
        "quotes": status.quotes_count,
        "client": status.application.name if status.application else None,
        "in_chat": in_chat,
    }


def _links(status: Status) -> list[str]:
    # Older servers mark links to hashtags and people by their address alone.
    own = {tag.url for tag in status.tags} | {mention.url for mention in status.mentions}
    card = [status.card.url] if status.card and status.card.url else []
    links = dict.fromkeys([*html_links(status.content or ""), *card])
    return [link for link in links if link not in own]


def _count(value: int | None) -> int | None:
    """Servers send -1 for a number that an account hides."""
    return value if value is not None and value >= 0 else None


def _is_status(keys: Keys) -> bool:
    if {"ancestors", "descendants"} <= keys.keys():
        return True
    if {"statuses", "accounts"} <= keys.keys():
        return True
    return {"id", "uri", "content", "account"} <= keys.keys()


MASTODON = JsonFormat(
    "mastodon",
    mark("Mastodon statuses"),
    _is_status,
    Page,
    _batches,
    ("statuses", "ancestors", "descendants"),
)
MASTODON_NOT_POSTS = (
    NotPosts(
        "a list of addresses from a Mastodon archive (likes, bookmarks)",
        lambda keys: "orderedItems" in keys,
    ),
    NotPosts("whose Mastodon archive it is", lambda keys: "preferredUsername" in keys),
    NotPosts("Mastodon accounts", lambda keys: {"acct", "username"} <= keys.keys()),
)
