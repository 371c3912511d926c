"""Running notebooks, exporting them to pages that open offline, and building whole reports."""

from __future__ import annotations

import ast
import asyncio
import copy
import shlex
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError
from nbconvert.exporters import HTMLExporter
from nbformat import NotebookNode
from pygments.formatters import HtmlFormatter
from traitlets import default

from chatlab import __version__
from chatlab._html import (
    MIMETYPE,
    TEMPLATES,
    content_policy,
    make_safe,
    markdown_blocks,
    notebook_language,
    packed_plotly,
    parameter_values,
    script_hash,
    template_text,
    translated,
)
from chatlab._kit import kit_folder
from chatlab._run_cache import run_folder
from chatlab._write import no_more_readable_than, write_safely
from chatlab.errors import NotebookError, SettingsError
from chatlab.messages import mark, translate

BRIEF = "00-brief"
INDEX = "index.html"
# By this a page tells that it may be written over; it stands near the page's beginning.
MADE_BY = (b'name="generator"', b'content="chatlab ')
HEAD = 20_000
CELL_SECONDS = 1800
PARAMETER_TYPES = (str, int, float, bool, type(None))

_WORDS = {
    "skip": mark("Skip to the content"),
    "pages": mark("Pages of this report"),
    "code": mark("How this was computed"),
    "picture": mark("Picture"),
    "footer": mark(
        "Made with chatlab {version}. This page works offline and asks nothing of the network. "
        "Posts are quoted from the file that was read; counts are those of the day it was "
        "collected."
    ),
}


class ChatlabExporter(HTMLExporter):
    """nbconvert exporter `chatlab`: one HTML file that opens offline and runs no post."""

    export_from_notebook = "chatlab report (HTML)"
    template_name = "chatlab"

    @default("extra_template_basedirs")
    def _own_templates(self) -> list[str]:
        return [str(TEMPLATES)]

    @property
    def default_config(self) -> Any:
        """Rank the kinds of output that a page can show."""
        config = super().default_config
        # nbconvert drops a mimetype that is not in this list without a word.
        priority = [MIMETYPE, "text/html", "image/png", "image/jpeg", "text/plain"]
        config.merge({"NbConvertBase": {"display_data_priority": priority}})
        return config

    def _preprocess(self, nb: NotebookNode, resources: Any) -> tuple[NotebookNode, dict[str, Any]]:
        # After all other preprocessors, so that `nbconvert --execute` has run the cells by now.
        safe, resources = super()._preprocess(nb, resources)  # type: ignore[no-untyped-call]
        lang = notebook_language(safe)
        figures = make_safe(safe, lang)
        resources["page"] = _page(safe, lang, figures, resources.get("chatlab_nav", []))
        return safe, resources


def _page(
    notebook: NotebookNode, lang: str, figures: int, nav: Sequence[Mapping[str, Any]]
) -> dict[str, Any]:
    boot = template_text("boot.js")
    hashes = [script_hash(boot.encode())]
    plotly = ""
    if figures:
        plotly, allowed = packed_plotly()
        hashes.append(allowed)
    # The one style of pygments that keeps its contrast on light and on dark paper.
    code_style = str(HtmlFormatter(style="bw").get_style_defs(".highlight"))  # type: ignore[no-untyped-call]
    return {
        "lang": lang,
        "title": notebook_title(notebook, lang),
        "csp": content_policy(hashes),
        "style": template_text("style.css") + code_style,
        "boot": boot,
        "plotly": plotly,
        "version": __version__,
        "nav": nav,
        "words": {
            name: translate(text, lang).replace("{version}", __version__)
            for name, text in _WORDS.items()
        },
    }


def notebook_title(notebook: NotebookNode, lang: str) -> str:
    """Return a notebook's question: its first heading."""
    for cell in notebook.cells:
        if cell.cell_type == "markdown" and cell.source.startswith("# "):
            return translated(markdown_blocks(cell.source)[0], lang).removeprefix("# ")
    return "chatlab"


def find_notebooks(folder: str | Path | None = None) -> list[Path]:
    """List the notebooks to run: of a folder, else chatlab's own in `./notebooks` or as bundled.

    Raises
    ------
    SettingsError
        There are none; or `./notebooks` holds some that are not as chatlab made them: a notebook
        is a program, and whoever wants it run names its folder.
    """
    places = [Path(folder)] if folder else [Path("notebooks"), kit_folder() / "notebooks"]
    for place in places:
        found = sorted(p for p in place.glob("*.ipynb") if not p.name.startswith("."))
        strange = [path.name for path in found if not folder and not _is_own(path)]
        if strange:
            raise SettingsError(
                f"{place} holds notebooks that are not as chatlab made them "
                f"({', '.join(strange[:3])}). If you know them, run them with "
                f"--notebooks {place}; to run chatlab's: "
                f"--notebooks {shlex.quote(str(kit_folder() / 'notebooks'))}"
            )
        if found:
            return found
    raise SettingsError(f"There are no notebooks in {places[0]}. Give a folder that has some.")


def _is_own(path: Path) -> bool:
    """Tell whether a notebook runs what the bundled one of that name runs, parameters aside."""
    bundled = kit_folder() / "notebooks" / path.name
    return bundled.exists() and _code_of(path) == _code_of(bundled)


def _code_of(path: Path) -> list[str]:
    return [
        "" if "parameters" in cell.metadata.get("tags", ()) and _is_plain(cell.source) else source
        for cell in read_notebook(path).cells
        if cell.cell_type == "code" and (source := cell.source.strip())
    ]


def _is_plain(source: str) -> bool:
    """Tell whether a cell only names plain values."""
    try:
        lines = ast.parse(source).body
        return all(
            isinstance(line, ast.Assign) and ast.literal_eval(line.value) is not Ellipsis
            for line in lines
        )
    except (SyntaxError, ValueError):
        return False


def read_notebook(path: str | Path) -> NotebookNode:
    """Read a notebook file."""
    try:
        notebook: NotebookNode = nbformat.read(path, as_version=4)  # type: ignore[no-untyped-call]
    except (OSError, ValueError, nbformat.ValidationError) as error:
        raise SettingsError(f"{path} is not a notebook: {error}.") from error
    return notebook


def with_parameters(notebook: NotebookNode, parameters: Mapping[str, Any]) -> NotebookNode:
    """Return a copy of a notebook with other values for its parameters.

    Raises
    ------
    SettingsError
        When a parameter is unknown to the notebook, or no plain value.
    """
    known = parameter_values(notebook)
    lines = []
    for name, value in parameters.items():
        if name not in known:
            raise SettingsError(
                f"There is no parameter {name!r}; the notebook has {', '.join(known) or 'none'}."
            )
        values = value if isinstance(value, list) else [value]
        if not all(isinstance(one, PARAMETER_TYPES) for one in values):
            raise SettingsError(
                f"The parameter {name!r} is {value!r}; it takes text, numbers, true, false, "
                "None, or a list of these."
            )
        lines.append(f"{name} = {value!r}")
    changed = copy.deepcopy(notebook)
    if lines:
        place = next(
            i for i, c in enumerate(changed.cells) if "parameters" in c.metadata.get("tags", ())
        )
        cell = nbformat.v4.new_code_cell("\n".join(lines))  # type: ignore[no-untyped-call]
        cell.metadata["tags"] = ["injected-parameters"]
        changed.cells.insert(place + 1, cell)
    return changed


def run_notebook(path: str | Path, *, parameters: Mapping[str, Any] | None = None) -> NotebookNode:
    """Run a notebook from a clean kernel.

    Parameters
    ----------
    path
        The notebook file; it is not changed.
    parameters
        Values for names of its parameters cell: text, numbers, booleans, None, lists of these.

    Returns
    -------
    NotebookNode
        The notebook with its outputs.

    Raises
    ------
    NotebookError
        When a cell fails; the message names notebook, section and cell.
    SettingsError
        When a parameter is impossible.
    """
    source = Path(path)
    notebook = with_parameters(read_notebook(source), parameters or {})
    client = NotebookClient(
        notebook,
        timeout=CELL_SECONDS,
        kernel_name="python3",
        # The kernel speaks to this machine only; its warning about that helps nobody here.
        extra_arguments=["--IPKernelApp.log_level=ERROR"],
        resources={"metadata": {"path": str(source.resolve().parent)}},
    )
    if sys.platform == "win32":
        asyncio.set_event_loop_policy(asyncio.WindowsSelectorEventLoopPolicy())
    try:
        client.execute()
    except (CellExecutionError, CellTimeoutError, DeadKernelError) as error:
        raise NotebookError(_told(source, notebook, error)) from error
    return notebook


def _told(source: Path, notebook: NotebookNode, error: Exception) -> str:
    """Name the notebook, the section and the cell in one line."""
    section, number = "the start", 0
    for cell in notebook.cells:
        if cell.cell_type == "markdown":
            heads = [line for line in cell.source.splitlines() if line.startswith("#")]
            section = heads[-1].lstrip("# ") if heads else section
            continue
        number += "injected-parameters" not in cell.metadata.get("tags", ())
        failed = any(output.output_type == "error" for output in cell.get("outputs", []))
        if failed or cell.get("execution_count") is None:
            break
    what = f"{getattr(error, 'ename', type(error).__name__)}: {getattr(error, 'evalue', error)}"
    return f"{source.name}, section “{section}”, code cell {number}: {' '.join(what.split())}"


def export_html(notebook: NotebookNode, path: str | Path) -> None:
    """Write a run notebook as one HTML file that opens offline.

    Parameters
    ----------
    notebook
        From `run_notebook`.
    path
        Where to write; the file is written whole or not at all.
    """
    write_safely(path, page_html(notebook).encode())


def page_html(notebook: NotebookNode, nav: Sequence[Mapping[str, Any]] = ()) -> str:
    """Return the page of a run notebook, with the way to other pages."""
    body, _resources = ChatlabExporter().from_notebook_node(  # type: ignore[no-untyped-call]
        notebook, resources={"chatlab_nav": list(nav)}
    )
    return str(body)


@dataclass(frozen=True)
class PageDone:
    """One page of a report is ready."""

    number: int
    total: int
    title: str
    answer: str
    path: Path


def build_report(
    notebooks: Sequence[str | Path],
    out: str | Path,
    *,
    parameters: Mapping[str, Any] | None = None,
    progress: Callable[[PageDone], None] | None = None,
) -> Path:
    """Run notebooks and write one HTML file each, and `index.html`, which is the brief.

    The brief runs first and its page is there first. When a notebook fails, the folder is put
    back as it was.

    Parameters
    ----------
    notebooks
        Notebook files; `00-brief` leads if it is among them.
    out
        The folder to write to.
    parameters
        As for `run_notebook`, for all of them.
    progress
        Called when a page is ready.

    Returns
    -------
    Path
        The `index.html`.

    Raises
    ------
    NotebookError
        When a cell fails.
    SettingsError
        When the folder holds a page of that name that chatlab did not make.
    """
    given = [notebooks] if isinstance(notebooks, str | Path) else notebooks
    sources = sorted(map(Path, given), key=lambda path: (path.stem != BRIEF, path.name))
    folder = Path(out)
    lang = str((parameters or {}).get("lang", ""))
    titles = {}
    for source in sources:
        notebook = with_parameters(read_notebook(source), parameters or {})
        titles[source.stem] = notebook_title(notebook, lang or notebook_language(notebook))
    _keep_others(folder / name for name in (INDEX, *(f"{stem}.html" for stem in titles)))
    named = (parameters or {}).get("chat", ())
    chat = [named] if isinstance(named, str) else named
    with no_more_readable_than(chat), run_folder(), _restored_on_failure(folder) as put:
        for number, source in enumerate(sources, 1):
            notebook = run_notebook(source, parameters=parameters)
            names = [f"{source.stem}.html"] + ([INDEX] if number == 1 else [])
            for name in names:
                nav = [
                    {
                        "href": INDEX if i == 0 else f"{stem}.html",
                        "title": title,
                        "here": stem == source.stem,
                    }
                    for i, (stem, title) in enumerate(titles.items())
                ]
                put(folder / name, page_html(notebook, nav if len(titles) > 1 else ()))
            if progress:
                title = titles[source.stem]
                done = PageDone(
                    number, len(sources), title, notebook_answer(notebook), folder / names[0]
                )
                progress(done)
    return folder / INDEX


def _keep_others(pages: Iterable[Path]) -> None:
    """Refuse to write over a page that chatlab did not make."""
    for page in pages:
        if not page.exists():
            continue
        with page.open("rb") as file:
            head = file.read(HEAD)
        if not all(mark in head for mark in MADE_BY):
            raise SettingsError(
                f"{page} is there already and was not made by chatlab. Give another folder to "
                "write the report to."
            )


@contextmanager
def _restored_on_failure(folder: Path) -> Iterator[Callable[[Path, str], None]]:
    """Give a way to write pages; when anything fails, take back what was written."""
    existed = folder.exists()
    with tempfile.TemporaryDirectory() as kept:
        written: dict[Path, Path | None] = {}

        def put(path: Path, content: str) -> None:
            before = Path(kept) / path.name if path.exists() else None
            if before:
                shutil.copy2(path, before)
            written[path] = before
            write_safely(path, content.encode())

        try:
            yield put
        except BaseException:
            for path, before in written.items():
                path.unlink(missing_ok=True)
                if before:
                    shutil.copy2(before, path)
            if not existed and folder.exists() and not any(folder.iterdir()):
                folder.rmdir()
            raise


def notebook_answer(notebook: NotebookNode) -> str:
    """Return the answer that a run notebook gives: the text of its cell tagged `answer`."""
    for cell in notebook.cells:
        if "answer" in cell.metadata.get("tags", ()):
            for output in cell.get("outputs", []):
                if text := output.get("data", {}).get("text/plain"):
                    return str(text)
    return ""
