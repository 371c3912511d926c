"""A table format: one declared mapping from the posts table to the columns of a file."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from chatlab.errors import SettingsError
from chatlab.io.files import Member
from chatlab.posts.schema import NAMES, PLATFORMS
from chatlab.translation import mark

Row = Mapping[str, str]
# The format that a caller describes by naming columns.
MAPPED = "mapping"


@dataclass(frozen=True)
class TableFormat:
    """A table format: the header that identifies it, and where each posts column stands."""

    name: str
    title: str
    platform: str
    # Several names are tried in turn: the first that a row fills counts.
    columns: Mapping[str, str | tuple[str, ...]]
    # Any of these sets of column names identifies the format.
    headers: Sequence[frozenset[str]] = ()
    # What a plain column name cannot say: posts columns worked out from the whole row.
    derived: Mapping[str, Callable[[Row], Any]] = field(default_factory=dict)
    # Posts that a row holds whole, as the outer names of flat JSON.
    nested: Sequence[str] = ()
    # Other ids by which the file speaks of posts and people, and the ids of the table.
    aliases: Callable[[Row], dict[str, str]] | None = None
    # Tells posts from the other rows, where a table has both.
    is_post: Callable[[Row], bool] = lambda _row: True
    # Profiles that stand elsewhere in the file.
    people: Callable[[Member], list[dict[str, Any]]] | None = None

    def matches(self, header: Sequence[str]) -> bool:
        """Tell whether a header is this format's."""
        present = set(header)
        return any(names <= present for names in self.headers)

    def value(self, name: str, row: Row) -> str:
        """Give a posts column's text in a row; empty where the row does not say."""
        source = self.columns.get(name, ())
        if isinstance(source, str):
            return row.get(source, "").strip()
        for one in source:
            if text := row.get(one, "").strip():
                return text
        return ""

    @property
    def names(self) -> list[str]:
        """The columns of the file that are used by name."""
        return [name for name in self.columns.values() if isinstance(name, str)]

    @property
    def has_date(self) -> bool:
        """Tell whether the format says when a post was written."""
        return "created_at" in self.columns or "created_at" in self.derived


def mapped_format(columns: Mapping[str, str], platform: str | None) -> TableFormat:
    """Make a format of a mapping given by the caller: posts column to column in the file.

    Raises
    ------
    SettingsError
        When a column or the platform is unknown, or `text` is not given.
    """
    wrong = sorted(set(columns) - set(NAMES))
    if wrong:
        raise SettingsError(
            f"`columns` names {', '.join(wrong)}, which the posts table does not have. "
            f"It has: {', '.join(NAMES)}."
        )
    if "text" not in columns:
        raise SettingsError(
            "`columns` does not say which column holds the text; "
            'add it, for example columns={"text": "Message"}.'
        )
    if platform is not None and platform not in PLATFORMS:
        raise SettingsError(f"`platform` is {platform!r}; it is one of {', '.join(PLATFORMS)}.")
    return TableFormat(
        MAPPED, mark("table with a column mapping"), platform or "other", dict(columns)
    )
