"""Who hosts: the people whose numbered questions others answer."""

from __future__ import annotations

from collections.abc import Collection

import pandas as pd

from chatlab.chat.editions import find_editions
from chatlab.posts.select import own_posts
from chatlab.text.numbering import marked_parts, number_mark

# A host asks at least so many different numbers in an edition...
NUMBERS = 2
# ...and so many other people answer, by mark, reply or quote.
ANSWERERS = 2


def find_hosts(posts: pd.DataFrame, *, editions: pd.Series | None = None) -> list[str]:
    """Find the hosts of a numbered chat.

    A host of an edition asks at least two different numbers (`Q1`, `Q2`...) in it, and at least
    two other people answer them by a mark (`A1`), a reply or a quote. Of several, who asks most
    numbers hosts it, and with them who asks other numbers: hosts share them. Somebody whose own
    list of questions nobody answers is none.

    Parameters
    ----------
    posts
        A posts table.
    editions
        From `find_editions`; found where it is not given.

    Returns
    -------
    list of str
        Author ids; who hosts most editions comes first. Empty where nobody moderates.
    """
    if editions is None:
        editions = find_editions(posts)
    chat = own_posts(posts).dropna(subset="author_id")
    chat = chat.assign(edition=editions.reindex(chat.index)).dropna(subset="edition")
    hosted: dict[str, int] = {}
    for _edition, part in chat.groupby("edition"):
        for host in _hosts_of(part):
            hosted[host] = hosted.get(host, 0) + 1
    return sorted(hosted, key=lambda author: (-hosted[author], author))


def own_lists(posts: pd.DataFrame, hosts: Collection[str]) -> dict[str, list[int]]:
    """Find participants who number questions of their own.

    Parameters
    ----------
    posts
        A posts table.
    hosts
        Author ids of the hosts.

    Returns
    -------
    dict
        The numbers asked, two or more with a question mark, by author id. They are on no question
        board: a list that too few others answer moderates nobody.
    """
    chat = posts[posts["in_chat"] & ~posts["author_id"].isin(list(hosts))]
    own = chat[chat["kind"].isin(["post", "quote"])].dropna(subset="author_id")
    asked: dict[str, set[int]] = {}
    for author, text in own[["author_id", "text"]].itertuples(index=False, name=None):
        for part in marked_parts(text):
            if part.mark.asks and "?" in part.text:
                asked.setdefault(author, set()).add(part.mark.number)
    return {author: sorted(found) for author, found in asked.items() if len(found) >= NUMBERS}


def _hosts_of(part: pd.DataFrame) -> list[str]:
    """Name who asks most numbers that others answer, and who shares the numbers with them."""
    asked = _asked_numbers(part)
    hosts: list[str] = []
    theirs: set[int] = set()
    for author in sorted(asked, key=lambda author: (-len(asked[author]), author)):
        numbers = asked[author]
        if len(numbers) < NUMBERS or theirs & numbers:
            continue
        if _people_answering(part, author, numbers) >= ANSWERERS:
            hosts.append(author)
            theirs |= numbers
    return hosts


def _asked_numbers(part: pd.DataFrame) -> dict[str, set[int]]:
    """Collect the numbers that each author asks, whether with a question mark or without."""
    own = part[part["kind"].isin(["post", "quote"])]
    asked: dict[str, set[int]] = {}
    for author, text in own[["author_id", "text"]].itertuples(index=False, name=None):
        for marked in marked_parts(text):
            if marked.mark.asks and (marked.first or "?" in marked.text):
                asked.setdefault(author, set()).add(marked.mark.number)
    return asked


def _people_answering(part: pd.DataFrame, author: str, numbers: set[int]) -> int:
    theirs = part[part["author_id"] == author]
    asking = {key for key, text in theirs["text"].items() if (m := number_mark(text)) and m.asks}
    others = part[part["author_id"] != author]
    linked = others["reply_to"].isin(asking) | others["quote_of"].isin(asking)
    marks = [number_mark(text) for text in others["text"]]
    marked = pd.Series(
        [m is not None and not m.asks and m.number in numbers for m in marks], others.index
    )
    return int(others.loc[linked | marked, "author_id"].nunique())
