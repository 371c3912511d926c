"""The command that writes what a team works with."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from chatlab.cli.commands import edition_of, read_chat_of, say_line
from chatlab.errors import SettingsError
from chatlab.translation import _, set_language

# What can be chosen, and what the help says of it.
EXPORTS = {
    "xlsx": "workbook of posts, insights, questions, themes, people, editions",
    "docx": "the brief as a Word document",
    "pptx": "the best moments as slides",
    "markdown": "the recap for a blog",
    "cards": "quote cards, PNG",
    "ics": "the next edition with its teasers, for a calendar",
    "group": "a summary and a list of people, for a group elsewhere",
    "corpus": "a corpus of ConvoKit",
    "graph": "the reply graph for networkx, igraph and Gephi (GraphML)",
}


def run_export(options: argparse.Namespace) -> None:
    """Write what a team works with; without a choice, all of it."""
    from chatlab.io.safe_files import no_more_readable_than
    from chatlab.report.say.overview_page import name_editions

    set_language(options.lang or "en")
    chat = read_chat_of(options)
    name_editions(chat)
    now = chat.at(edition_of(options.edition))
    chosen = [name for name in EXPORTS if getattr(options, name)] or list(EXPORTS)
    home = Path(options.out)
    with no_more_readable_than(chat.settings.files):
        for name in chosen:
            try:
                for path in _exported(name, chat, now, home):
                    say_line(str(path))
            except SettingsError as error:
                # A calendar needs editions; the others do without.
                if getattr(options, name) or len(chosen) == 1:
                    raise
                say_line(_("{name}: left out. {why}").format(name=name, why=error))


def _exported(name: str, chat: Any, now: Any, home: Path) -> list[Path]:
    from chatlab.network.graphs import reply_graph
    from chatlab.network.write import write_graph
    from chatlab.report import exports

    ways: dict[str, tuple[str, Any]] = {
        "xlsx": ("chat.xlsx", lambda path: exports.write_workbook(chat, path)),
        "docx": ("brief.docx", lambda path: exports.write_document(now, path)),
        "pptx": ("slides.pptx", lambda path: exports.write_slides(now, path)),
        "markdown": ("recap.md", lambda path: exports.write_recap(now, path)),
        "cards": ("cards", lambda path: exports.write_cards(now, path)),
        "ics": ("next.ics", lambda path: exports.write_calendar(chat, path)),
        "group": ("group", lambda path: exports.write_group(now, path)),
        "corpus": ("corpus", lambda path: exports.write_corpus(chat, path)),
        "graph": ("replies.graphml", lambda path: write_graph(reply_graph(chat.posts), path)),
    }
    file, write = ways[name]
    written = write(home / file)
    return written if isinstance(written, list) else [home / file]
