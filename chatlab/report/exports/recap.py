"""The recap as Markdown, for a blog or a newsletter."""

from __future__ import annotations

import re
from pathlib import Path

from chatlab.io.safe_files import write_safely
from chatlab.posts.links import link_table
from chatlab.project.chat import ChatAt
from chatlab.report.exports.moments import Quote, answer_of, asked_of, themes_of, title_of
from chatlab.report.say.brief_page import open_to_all
from chatlab.text.numbering import said_by
from chatlab.translation import _, plural

ANSWERS, LINKS, THEMES = 5, 10, 5
# What Markdown reads as formatting, and `<`, which begins HTML.
_SIGNS = re.compile(r"([\\`*_\[\]|~$])")
_AT_THE_START = re.compile(r"^(\d*)([.)#+=-])")


def plain_markdown(text: str) -> str:
    """Write a text of somebody so that Markdown shows it as it is, and runs nothing of it."""
    one_line = " ".join(text.split())
    safe = one_line.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    # Blogs read `{{` as a template.
    safe = _SIGNS.sub(r"\\\1", safe).replace("{", "&#123;")
    return _AT_THE_START.sub(r"\1\\\2", safe)


def recap_markdown(now: ChatAt) -> str:
    """Write the recap of an edition: each question, its answers, the links, what stayed open.

    Parameters
    ----------
    now
        From `chat.at(edition)`.
    """
    parts = [f"# {plain_markdown(title_of(now))}", plain_markdown(answer_of(now))]
    for asked in asked_of(now, ANSWERS):
        head = f"## {asked.label} {plain_markdown(asked.text)}"
        people = plural("{n} person answered", "{n} people answered", asked.people)
        parts += [head, f"*{plain_markdown(people)}*", *map(_quoted, asked.answers)]
    if now.board.empty:
        # Nobody asks by numbers: what was spoken of is the recap then.
        for theme in themes_of(now, THEMES):
            parts += [
                f"## {plain_markdown(theme.name)}",
                *map(_quoted, filter(None, [theme.quote])),
            ]
    shared = link_table(now.posts).head(LINKS)
    if len(shared):
        parts.append("## " + _("Links shared"))
        parts.append(
            "\n".join(
                f"- [{plain_markdown(shown)}](<{_address(link)}>)"
                for link, shown in shared[["link", "shown"]].itertuples(index=False, name=None)
            )
        )
    left = open_to_all(now)["text"].dropna()
    if len(left) and now.chat.replies_known:
        parts.append("## " + _("What stayed open"))
        parts.append("\n".join(f"- {plain_markdown(said_by(text))}" for text in left))
    return "\n\n".join(parts) + "\n"


def _quoted(quote: Quote) -> str:
    who = plain_markdown(quote.name)
    if quote.handle and quote.handle != quote.name:
        who += f" ({plain_markdown(quote.handle)})"
    word = _("open")
    link = f", [{word}](<{_address(quote.url)}>)" if quote.url else ""
    return f"> {plain_markdown(quote.text)}\n>\n> — {who}{link}"


def _address(url: str) -> str:
    return re.sub(r"[\s<>]", "", url)


def write_recap(now: ChatAt, path: str | Path) -> None:
    """Write the recap of an edition as Markdown.

    Parameters
    ----------
    now
        From `chat.at(edition)`.
    path
        Where to write; written whole or not at all.
    """
    write_safely(path, recap_markdown(now).encode())
