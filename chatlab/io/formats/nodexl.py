"""Tables of NodeXL."""

from __future__ import annotations

from typing import Any

from chatlab.io.files import Member
from chatlab.io.tables.format import Row, TableFormat
from chatlab.io.tables.rows import open_workbook, sheet_rows
from chatlab.translation import mark


def _nodexl_answered(row: Row) -> str | None:
    relation = row.get("Relationship", "").casefold()
    return row.get("Vertex 2") or None if relation.startswith("repl") else None


def _nodexl_reposted(row: Row) -> str | None:
    relation = row.get("Relationship", "").casefold()
    return row.get("Vertex 2") or None if relation.startswith("retweet") else None


def _nodexl_people(member: Member) -> list[dict[str, Any]]:
    """Read profiles from the sheet of vertices."""
    book = open_workbook(member)
    if "Vertices" not in book.sheetnames:
        return []
    rows = sheet_rows(member, book, "Vertices")
    next(rows, None)
    header = next(rows, (0, []))[1]
    people = []
    for _number, cells in rows:
        row = dict(zip(header, cells, strict=False))
        if row.get("Vertex"):
            followers, following = (row.get(name, "") for name in ("Followers", "Followed"))
            people.append(
                {
                    "author_id": f"x:@{row['Vertex'].casefold()}",
                    "author_name": row.get("Name") or None,
                    "author_bio": row.get("Description") or None,
                    "author_followers": int(followers) if followers.isdigit() else None,
                    "author_following": int(following) if following.isdigit() else None,
                }
            )
    return people


NODEXL = TableFormat(
    "nodexl",
    mark("NodeXL workbook"),
    "x",
    {
        "post_id": ("Imported ID", "Unified Twitter ID"),
        "url": "Twitter Page for Tweet",
        "created_at": ("Tweet Date (UTC)", "Relationship Date (UTC)"),
        "author": "Vertex 1",
        "text": "Tweet",
        "lang": "Language",
        "hashtags": "Hashtags in Tweet",
        "urls": "URLs in Tweet",
        "media": "Media in Tweet",
        "reply_to": "In-Reply-To Tweet ID",
        "quote_of": "Quoted Status ID",
        "repost_of": "Retweet ID",
        "likes": "Favorite Count",
        "reposts": "Retweet Count",
        "client": "Source",
    },
    [frozenset({"Vertex 1", "Vertex 2", "Relationship", "Tweet"})],
    {"reply_to_author": _nodexl_answered, "repost_of_author": _nodexl_reposted},
    # Who follows whom stands in the same sheet.
    is_post=lambda row: bool(row.get("Tweet") or row.get("Imported ID")),
    people=_nodexl_people,
)
