"""Every format there is, and finding a file's from its content."""

from __future__ import annotations

import shlex

from chatlab.errors import NotPostsError, UnknownFormatError, UnreadableFileError
from chatlab.io.files import Member
from chatlab.io.formats.bluesky import BLUESKY, BLUESKY_ATPROTO, BLUESKY_NOT_POSTS
from chatlab.io.formats.bluesky_stream import BLUESKY_STREAM
from chatlab.io.formats.bluesky_tables import BLUESKY_TABLES
from chatlab.io.formats.fourcat import FOURCAT_TABLES
from chatlab.io.formats.mastodon import MASTODON, MASTODON_NOT_POSTS
from chatlab.io.formats.mastodon_outbox import MASTODON_OUTBOX
from chatlab.io.formats.own import OWN_JSON, OWN_TABLE
from chatlab.io.formats.x_archive import X_ARCHIVE, X_ARCHIVE_NOT_POSTS
from chatlab.io.formats.x_exports import EXPORT_TABLES
from chatlab.io.formats.x_scrapers import SCRAPER_TABLES
from chatlab.io.formats.x_tables import X_TABLES
from chatlab.io.formats.x_v1 import X_V1
from chatlab.io.formats.x_v2 import X_V2, X_V2_NOT_POSTS
from chatlab.io.formats.zeeschuimer import ZEESCHUIMER
from chatlab.io.json_records import JsonFormat, first_records, is_json
from chatlab.io.tables.format import TableFormat
from chatlab.io.tables.proposal import UnmappedTableError, propose_mapping
from chatlab.io.tables.rows import Table

# Asked in this order: what looks like a special case of another comes before it.
JSON_FORMATS: tuple[JsonFormat, ...] = (
    ZEESCHUIMER,
    X_V2,
    X_ARCHIVE,
    X_V1,
    MASTODON,
    MASTODON_OUTBOX,
    BLUESKY_STREAM,
    BLUESKY_ATPROTO,
    BLUESKY,
    OWN_JSON,
)
TABLE_FORMATS = (
    *X_TABLES,
    *SCRAPER_TABLES,
    *BLUESKY_TABLES,
    *FOURCAT_TABLES,
    *EXPORT_TABLES,
    OWN_TABLE,
)
NOT_POSTS = (*X_V2_NOT_POSTS, *MASTODON_NOT_POSTS, *BLUESKY_NOT_POSTS, *X_ARCHIVE_NOT_POSTS)
SOURCES: dict[str, JsonFormat | TableFormat] = {
    **{form.name: form for form in JSON_FORMATS},
    **{form.name: form for form in TABLE_FORMATS},
}
_ANALYTICS = " of your own account (`chatlab.read_analytics` reads it)"
_OLD, _PREMIUM, _DAYS = (
    f"{title}{_ANALYTICS}"
    for title in (
        "an X Analytics export",
        "an X Premium content export",
        "an X Premium overview, one row per day,",
    )
)
# Headers (casefolded) of tables that are well understood and hold no posts.
NOT_POST_HEADERS: tuple[tuple[str, frozenset[str]], ...] = (
    (_OLD, frozenset({"tweet id", "impressions"})),
    (_OLD, frozenset({"identifiant du tweet", "impressions"})),
    (_PREMIUM, frozenset({"post id", "post text"})),
    (_PREMIUM, frozenset({"identifiant du post", "texte du post"})),
    (_DAYS, frozenset({"date", "impressions", "new follows"})),
    (_DAYS, frozenset({"date", "impressions", "nouveaux abonnements"})),
    ("a list of ties between people", frozenset({"source", "target"})),
)
# How R's own files begin (.rda, .rds), once unpacked.
OF_R = (b"RDX2\n", b"RDX3\n", b"RDA2\n", b"RDA3\n", b"X\n\0\0\0", b"A\n2\n", b"A\n3\n")
PROSE = (".md", ".markdown", ".txt", ".rst")
# A stray NUL is damage; more than one byte in a hundred is something binary.
LOOK = 4096


def find_format(member: Member) -> JsonFormat | TableFormat:
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
    if head.startswith(OF_R):
        raise UnknownFormatError(
            f"{member.name} is R's own format. In R, write the table as CSV: "
            'write.csv(posts, "posts.csv"), with lists pasted together.'
        )
    packed = head.startswith((b"PK", b"PAR1"))
    if not packed and is_json(head):
        return _find_json_format(member)
    if not packed and head[:LOOK].count(0) * 100 > len(head[:LOOK]):
        raise UnknownFormatError(
            f"{member.name} is neither JSON nor a table (it is binary). "
            "Export it as JSON, CSV or xlsx."
        )
    return _find_table_format(member)


def _find_json_format(member: Member) -> JsonFormat | TableFormat:
    records = first_records(member)
    for keys in records:
        for form in JSON_FORMATS:
            if form.matches(keys):
                return form
    header = Table(member).header if records else []
    if flat := _matching_table(header):
        return flat
    for keys in records:
        for other in NOT_POSTS:
            if other.matches(keys):
                raise NotPostsError(
                    f"{member.name} holds {other.title}, not posts. Give the file with the posts."
                )
    if header:
        raise _unmapped(member, header, "JSON")
    raise UnknownFormatError(
        f"{member.name} is JSON without objects that could be posts. Give the file with the posts."
    )


def _unmapped(member: Member, header: list[str], what: str) -> UnmappedTableError:
    """Say what is in a table of no known format, and which column is probably which."""
    proposal = propose_mapping(member)
    shown = ", ".join(name[:60] for name in header[:12])
    told = f"{member.name} is {what} of no format that chatlab knows; its columns are: {shown}."
    if proposal is None:
        return UnmappedTableError(
            f"{told} None of them seems to hold the texts of posts. If one does, say which is "
            'which: columns={"text": ..., "created_at": ..., "author": ...}, in chat.toml under '
            "[columns], or with --columns FILE.toml.",
            None,
        )
    likely = ", ".join(f"{name} = {column!r}" for name, column in proposal.columns.items())
    likely += f" (platform {proposal.platform})" if proposal.platform else ""
    return UnmappedTableError(
        f"{told} Likely: {likely}. If that is right, write it down with `chatlab check "
        f"{shlex.quote(member.name)} --save-columns map.toml` and read the file with --columns "
        "map.toml; or give columns={...} yourself, or [columns] in chat.toml.",
        proposal,
    )


def _matching_table(header: list[str]) -> TableFormat | None:
    return next((form for form in TABLE_FORMATS if form.matches(header)), None)


def _find_table_format(member: Member) -> TableFormat:
    header = Table(member).header
    if form := _matching_table(header):
        return form
    for title, names in NOT_POST_HEADERS:
        if names <= {name.casefold() for name in header}:
            raise NotPostsError(f"{member.name} is {title}, not posts of a conversation.")
    if len(header) < 2 and member.path.suffix.lower() in PROSE:
        raise UnknownFormatError(
            f"{member.name} is a text and no table: posts are needed one by one, as JSON, CSV or "
            "xlsx, with their authors and dates."
        )
    raise _unmapped(member, header, "a table")
