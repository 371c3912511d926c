"""An analyst's own folder: notebooks in their language, settings to fill in, environment."""

from __future__ import annotations

import re
from importlib.metadata import distribution
from pathlib import Path

import msgspec
import nbformat

from chatlab import __version__
from chatlab.io.safe_files import write_safely
from chatlab.posts.schema import COLUMNS
from chatlab.report.pages.html import translated
from chatlab.report.pages.run import read_notebook
from chatlab.translation import mark, translate

_SETTINGS = """\
# {intro}
# title = "#crowdwork"
# hashtag = "crowdwork"
# host = "handle"
# panel = ["handle", "handle"]
# brand = "Ruchely"
# rivals = ["Atelio"]
# timezone = "Europe/Paris"
# weekly = "Thursday 09:00"
language = "{lang}"
# do_not_quote = ["handle"]

# {columns}
# platform = "x"
# [columns]
# text = "Message"
# created_at = "Date"
# author = "Account"

# {privacy}
# [privacy]
# pseudonyms = "../../keys/key.txt"
# without = ["handle"]
"""
_INTRO = mark("What no file knows about the chat. Take the # away where you know it.")
_COLUMNS = mark("Only for a table of your own: which column is which.")
_PRIVACY = mark(
    "Acts before anything else: pseudonyms (chatlab key FILE makes the key), and people taken out."
)


_README = """\
# {title}

{files}

| | |
|---|---|
| `data/` | {data} |
| `data/chat.toml` | {settings} |
| `data/memory.csv` | {memory} |
| `data/feedback-*.csv` | {feedback} |
| `notebooks/` | {notebooks} |
| `data-dictionary.md` | {columns} |

```console
chatlab check data
chatlab report
chatlab export data
chatlab lab .
```

{kept}
"""
_WORDS = {
    "files": mark("A working folder of chatlab. Put the files of your chat into `data`."),
    "data": mark("the files as they came; chatlab never changes them"),
    "settings": mark("what no file knows: hashtag, host, panel, brand, time zone"),
    "memory": mark(
        "what the team remembers, one line each, written down before the report: copy "
        "`memory.example.csv` and write your own"
    ),
    "feedback": mark(
        "what team and friends give back, in the same shape: give each a copy of "
        "`feedback.example.csv`, and put it here under another name"
    ),
    "notebooks": mark("the pages of the report, to run and to change"),
    "columns": mark("what each column of the posts table means, and when it is missing"),
    "kept": mark(
        "Beside the data, chatlab keeps themes.csv, insights.csv and people.csv: what you write "
        "there stays."
    ),
}
# One form for each of the team and of friends; put back into data/, it is read with the memories.
_FEEDBACK = """\
who;what;about;note
{who};good;;
{who};bad;;
{who};best;;
{who};most talked about;;
{who};liveliest;;
{who};feeling;;
"""
_HEADS = (mark("Column"), mark("Meaning"), mark("Missing when"))
_IGNORED = """\
# Posts are people's: they stay out of git, and so does what is made of them.
data/*
!data/chat.toml
reports/
exports/
*.bak
.ipynb_checkpoints/
"""


def make_workspace(folder: Path, kit: Path, lang: str) -> None:
    """Fill a new folder: notebooks, settings, an example of memories, what explains them."""
    for source in sorted((kit / "notebooks").glob("*.ipynb")):
        notebook = read_notebook(source)
        for cell in notebook.cells:
            if cell.cell_type == "markdown":
                cell.source = translated(cell.source, lang)
            elif "parameters" in cell.metadata.get("tags", ()):
                own = re.sub(r"^chat = .*$", 'chat = "data"', cell.source, flags=re.M)
                cell.source = re.sub(r"^lang = .*$", f'lang = "{lang}"', own, flags=re.M)
        content = nbformat.writes(notebook)  # type: ignore[no-untyped-call]
        write_safely(folder / "notebooks" / source.name, content.encode() + b"\n")
    settings = _SETTINGS.format(
        intro=translate(_INTRO, lang),
        columns=translate(_COLUMNS, lang),
        privacy=translate(_PRIVACY, lang),
        lang=lang,
    )
    write_safely(folder / "data" / "chat.toml", settings.encode())
    write_safely(folder / "memory.example.csv", _memory(kit))
    words = {name: translate(text, lang) for name, text in _WORDS.items()}
    write_safely(folder / "README.md", _README.format(title=folder.name, **words).encode())
    write_safely(folder / "feedback.example.csv", _FEEDBACK.format(**_form(lang)).encode())
    write_safely(folder / "data-dictionary.md", _dictionary(lang).encode())
    write_safely(folder / ".gitignore", _IGNORED.encode())
    write_safely(folder / "environment.yml", _environment(kit).encode())


def _dictionary(lang: str) -> str:
    """Write what each column of the posts table means."""
    heads = (translate(word, lang) for word in _HEADS)
    lines = [f"| {' | '.join(heads)} |", "|---|---|---|"]
    for column in COLUMNS:
        told = translate(column.meaning, lang), translate(column.missing, lang)
        lines.append(f"| `{column.name}` | {' | '.join(told)} |")
    return "\n".join([*lines, ""])


def _form(lang: str) -> dict[str, str]:
    return {"who": translate(mark("your name"), lang)}


def _memory(kit: Path) -> bytes:
    """Return the bundled chat's memories as an example; under another name it is not read."""
    return (kit / "data" / "crowdwork" / "memory.csv").read_bytes()


def _environment(kit: Path) -> str:
    """Write the kit's environment so that it installs this chatlab, not the folder it lies in."""
    own = f"-e {kit}" if (kit / "pyproject.toml").exists() else _installed()
    return (kit / "environment.yml").read_text(encoding="utf-8").replace("-e .", own)


def _installed() -> str:
    """Name this chatlab as pip finds it again: by where it came from, else by its version."""
    told = distribution("chatlab-kit").read_text("direct_url.json")
    url = msgspec.json.decode(told).get("url") if told else None
    return f"chatlab-kit @ {url}" if url else f"chatlab-kit=={__version__}"
