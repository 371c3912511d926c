"""Keeps the translation catalogues in step with the code and the notebooks.

Run as `python -m chatlab.report.catalogue`: it adds new messages to every `locale/*.po`, drops what
nothing uses any more, and lists what waits for a translation.
"""

from __future__ import annotations

import io
import sys
from collections.abc import Iterator
from pathlib import Path

import nbformat
from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_file
from babel.messages.pofile import read_po, write_po

from chatlab.io.safe_files import write_safely
from chatlab.posts.schema import COLUMNS
from chatlab.project.kit import kit_folder
from chatlab.report.pages.html import markdown_blocks
from chatlab.translation import CATALOGUES

KEYWORDS = {"_": None, "mark": None, "plural": (1, 2), "translate": (1,)}


def wanted_messages() -> dict[str | tuple[str, str], str]:
    """Collect every message of the code and the notebooks, with the file it comes from."""
    found: dict[str | tuple[str, str], str] = {}
    for source, message in _messages():
        found.setdefault(message, source)
    return found


def _messages() -> Iterator[tuple[str, str | tuple[str, str]]]:
    package = Path(__file__).parents[1]
    for path in sorted(package.rglob("*.py")):
        for _line, message, *_rest in extract_from_file("python", path, keywords=KEYWORDS):
            yield (
                str(path.relative_to(package.parent)),
                message if isinstance(message, str) else (message[0], message[1]),
            )
    for column in COLUMNS:
        yield from (("chatlab/posts/schema.py", text) for text in (column.meaning, column.missing))
    for path in sorted((kit_folder() / "notebooks").glob("*.ipynb")):
        notebook = nbformat.read(path, as_version=4)  # type: ignore[no-untyped-call]
        for word in notebook.metadata.get("chatlab", {}).values():
            yield f"notebooks/{path.name}", word
        for cell in notebook.cells:
            if cell.cell_type == "markdown":
                for block in markdown_blocks(cell.source):
                    yield f"notebooks/{path.name}", block


def read_catalogue(path: Path) -> Catalog:
    """Read one catalogue."""
    with path.open("rb") as file:
        return read_po(file, locale=path.stem)


def missing_translations(path: Path) -> list[str]:
    """List the messages that a catalogue does not translate, or only doubtfully."""
    catalogue = read_catalogue(path)
    waiting = []
    for wanted in wanted_messages():
        entry = catalogue.get(wanted)
        texts = () if entry is None else entry.string
        texts = (texts,) if isinstance(texts, str) else texts
        if entry is None or not texts or not all(texts) or entry.fuzzy:
            waiting.append(wanted if isinstance(wanted, str) else wanted[0])
    return waiting


def unused_translations(path: Path) -> list[str]:
    """List the messages of a catalogue that neither code nor notebooks have."""
    wanted = {message if isinstance(message, str) else message[0] for message in wanted_messages()}
    ids = [entry.id for entry in read_catalogue(path) if entry.id]
    return [i for i in (e if isinstance(e, str) else e[0] for e in ids) if i not in wanted]


def update_catalogue(path: Path) -> None:
    """Add new messages, drop unused ones, keep the translations there are."""
    old = read_catalogue(path)
    new = Catalog(
        locale=path.stem,
        project="chatlab",
        charset="utf-8",
        fuzzy=False,
        header_comment=f"# chatlab in {old.locale_identifier or path.stem}.",
    )
    for message, source in wanted_messages().items():
        entry = old.get(message)
        string = entry.string if entry and not entry.fuzzy else None
        new.add(message, string, locations=[(source, 0)])
    buffer = io.BytesIO()
    write_po(buffer, new, width=96, include_lineno=False, omit_header=False, sort_output=False)
    lines = [
        line
        for line in buffer.getvalue().decode().splitlines()
        if not line.startswith(
            (
                '"POT-Creation-Date',
                '"PO-Revision-Date',
                '"Last-Translator',
                '"Language-Team',
                '"Report-Msgid-Bugs',
                '"Generated-By',
            )
        )
    ]
    write_safely(path, ("\n".join(lines).rstrip() + "\n").encode())


def main() -> int:
    """Update every catalogue and say what is missing."""
    waiting = 0
    for path in sorted(CATALOGUES.glob("*.po")):
        update_catalogue(path)
        for message in missing_translations(path):
            waiting += 1
            print(f"{path.name}: {message!r}")  # noqa: T201
    return 1 if waiting else 0


if __name__ == "__main__":
    sys.exit(main())
