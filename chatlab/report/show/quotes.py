"""Posts as cards: what somebody said, who it was, when, and the way to it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from html import escape

import pandas as pd

from chatlab.posts.quoting import quotes as quotable
from chatlab.posts.schema import engagement
from chatlab.report.say.brief_page import PLATFORMS
from chatlab.report.show.cells import web_link
from chatlab.report.show.tables import Shown, nothing
from chatlab.text.numbering import said_by
from chatlab.text.patterns import URL, shorten
from chatlab.translation import _, format_time, plural

WIDTH = 150


def quotes(
    ids: Iterable[str],
    posts: pd.DataFrame,
    *,
    zone: str = "UTC",
    n: int = 6,
    marks: Sequence[str] = (),
    empty: str = "",
) -> Shown:
    """Show posts as cards; people who asked not to be quoted are passed over.

    Parameters
    ----------
    ids
        Which posts, the best first; a table's index does.
    posts
        The posts table.
    zone
        Time zone for instants.
    n
        How many.
    marks
        A word for each post, shown above it, such as how sure a mark is.
    empty
        What to say where there is none.
    """
    cards, texts = [], []
    told = list(marks)
    for place, post in enumerate(ids):
        mark = told[place] if place < len(told) else ""
        if card := quote_card(post, posts, zone=zone, mark=mark):
            cards.append(card)
            texts.append(f"{posts['author'][post]}: {quoted_words(posts['text'][post])}")
        if len(cards) == n:
            break
    if not cards:
        return nothing(empty or _("No post to quote."))
    return Shown(f'<div class="quotes">{"".join(cards)}</div>', "\n".join(texts))


def quote_card(
    post: str, posts: pd.DataFrame, *, zone: str = "UTC", mark: str = "", lead: bool = False
) -> str:
    """Write one post as a card; nothing where it is not there or not to be quoted."""
    row = quotable_post(post, posts)
    if row is None:
        return ""
    spoken = row["lang"]
    lang: str = "" if pd.isna(spoken) else f' lang="{escape(str(spoken), quote=True)}"'
    above = f'<span class="mark">{escape(mark)}</span>' if mark else ""
    words = escape(quoted_words(row["text"], 240 if lead else WIDTH))
    kind = "post lead" if lead else "post"
    return (
        f'<article class="{kind}">{above}<blockquote{lang}>{words}</blockquote>'
        f'<p class="by">{_who(row)}{_where(row, posts, zone)}</p></article>'
    )


def quotable_post(post: object, posts: pd.DataFrame) -> pd.Series | None:
    """Return the row of a post; None where it is not there or not to be quoted."""
    if not isinstance(post, str) or post not in posts.index:
        return None
    part = posts.loc[[post]]
    return None if pd.isna(quotable(part).iloc[0]) else part.iloc[0]


def quoted_words(text: object, width: int = WIDTH) -> str:
    """Return what a post says to a reader: without mark, handles before, tags and links after."""
    return glued(shorten(re.sub(r"\s+", " ", URL.sub("", said_by(str(text)))).strip(), width))


def glued(text: str) -> str:
    """Keep the blanks that are before French signs from ending a line; none is added."""
    return re.sub(r" (?=[?!;:»%€])|(?<=«) ", "\u00a0", text)


def person_name(row: pd.Series) -> str:
    """Return what a person is called: the name they show, or else their handle."""
    name = row.get("author_name")
    if isinstance(name, str) and name.strip():
        return shorten(name.strip(), 40)
    return f"@{row['author']}" if isinstance(row["author"], str) else _("somebody")


def _who(row: pd.Series) -> str:
    name = person_name(row)
    handle = f"@{row['author']}" if isinstance(row["author"], str) else ""
    below = f'<span class="handle">{escape(handle)}</span><br>' if handle not in ("", name) else ""
    return f"<b>{escape(name)}</b>{below}"


def _where(row: pd.Series, posts: pd.DataFrame, zone: str) -> str:
    parts = []
    if row["platform"] in PLATFORMS:
        parts.append(PLATFORMS[row["platform"]])
    if pd.notna(row["created_at"]):
        parts.append(escape(format_time(row["created_at"], zone)))
    drawn = engagement(posts.loc[[row.name]]).iloc[0]
    if pd.notna(drawn) and drawn:
        parts.append(escape(plural("{n} reaction", "{n} reactions", int(drawn))))
    if link := web_link(row["url"]):
        parts.append(link)
    return " · ".join(parts)
