"""Every format there is, and finding a file's from its content."""

from __future__ import annotations

from typing import Any

from chatlab._bluesky import BLUESKY, BLUESKY_NOT_POSTS
from chatlab._files import Member
from chatlab._mastodon import MASTODON, MASTODON_NOT_POSTS
from chatlab._own import OWN_JSON, OWN_TABLE
from chatlab._records import JsonFormat, first_records, is_json
from chatlab._table_formats import NOT_POST_HEADERS, TABLE_FORMATS, TableFormat
from chatlab._tables import table_header
from chatlab._x_v1 import X_V1
from chatlab._x_v2 import X_V2, X_V2_NOT_POSTS
from chatlab.errors import NotPostsError, UnknownFormatError, UnreadableFileError

JSON_FORMATS: tuple[JsonFormat[Any], ...] = (X_V2, X_V1, MASTODON, BLUESKY, OWN_JSON)
NOT_POSTS = (*X_V2_NOT_POSTS, *MASTODON_NOT_POSTS, *BLUESKY_NOT_POSTS)
SOURCES: dict[str, JsonFormat[Any] | TableFormat] = {
    **{form.name: form for form in JSON_FORMATS},
    **{form.name: form for form in (*TABLE_FORMATS, OWN_TABLE)},
}


def find_format(member: Member) -> JsonFormat[Any] | TableFormat:
    """Find a file's format from its content.

    Raises
    ------
    NotPostsError
        It is something known that holds no posts.
    UnknownFormatError
        It is nothing known.
    """
    head = member.head()
    if not head.strip():
        raise UnreadableFileError(f"{member.name} is empty. Export it again.")
    return _find_json_format(member) if is_json(head) else _find_table_format(member, head)


def _find_json_format(member: Member) -> JsonFormat[Any]:
    records = first_records(member)[1]
    for keys in records:
        for form in JSON_FORMATS:
            if form.matches(keys):
                return form
    for keys in records:
        for other in NOT_POSTS:
            if other.matches(keys):
                raise NotPostsError(
                    f"{member.name} holds {other.title}, not posts. Give the file with the posts."
                )
    found = ", ".join(list(records[0])[:12]) if records else "no JSON object"
    raise UnknownFormatError(
        f"{member.name} is JSON of no format that chatlab knows; its first record has: {found}. "
        "Known are X API v2 and v1.1, Mastodon statuses and Bluesky posts; name one with "
        "`source=`, or turn the file into a table and use `columns=`."
    )


def _find_table_format(member: Member, head: bytes) -> TableFormat:
    if b"\x00" in head[:4096] and not head.startswith((b"PK", b"PAR1", b"\xff\xfe", b"\xfe\xff")):
        raise UnknownFormatError(
            f"{member.name} is neither JSON nor a table (it is binary). "
            "Export it as JSON, CSV or xlsx."
        )
    header = table_header(member)
    for form in (*TABLE_FORMATS, OWN_TABLE):
        if form.matches(header):
            return form
    for title, names in NOT_POST_HEADERS:
        if names <= set(header):
            raise NotPostsError(f"{member.name} is {title}, not posts of a conversation.")
    shown = ", ".join(header[:12])
    raise UnknownFormatError(
        f"{member.name} is a table of no format that chatlab knows; its columns are: {shown}. "
        'Say which column is which: columns={"text": ..., "created_at": ..., "author": ...}, in '
        "chat.toml under [columns], or with --columns FILE.toml."
    )
