"""A report: the notebooks run, and one HTML page for each."""

from __future__ import annotations

import ast
import shlex
import shutil
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from chatlab.errors import SettingsError
from chatlab.io.safe_files import no_more_readable_than, write_safely
from chatlab.project.kit import kit_folder
from chatlab.report.pages.exporter import HEAD, MADE_BY, notebook_answer, page_html
from chatlab.report.pages.html import notebook_language
from chatlab.report.pages.run import (
    Run,
    menu_words,
    notebook_title,
    read_notebook,
    run_notebook,
    running_kernel,
    with_parameters,
)

BRIEF = "00-brief"
INDEX = "index.html"
LOOK = "from chatlab.project.opening import first_look, remember_chats\nremember_chats()\n"


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
    titles, menu = {}, []
    for number, source in enumerate(sources):
        notebook = with_parameters(read_notebook(source), parameters or {})
        told = lang or notebook_language(notebook)
        titles[source.stem] = notebook_title(notebook, told)
        name, group = menu_words(notebook, told)
        href = f"{source.stem}.html" if number else INDEX
        menu.append({"stem": source.stem, "href": href, "name": name, "group": group})
    menu = sorted(menu, key=lambda page: _first_of(page["group"], menu))
    _keep_others(folder / name for name in (INDEX, *(f"{stem}.html" for stem in titles)))
    named = (parameters or {}).get("chat", ())
    chat = [named] if isinstance(named, str) else named
    with no_more_readable_than(chat), _restored_on_failure(folder) as put, ExitStack() as kernels:
        run = _runner(sources, parameters or {}, kernels)
        for number, source in enumerate(sources, 1):
            notebook = run(source, parameters or {})
            names = [f"{source.stem}.html"] + ([INDEX] if number == 1 else [])
            for name in names:
                nav = [{**page, "here": page["stem"] == source.stem} for page in menu]
                put(folder / name, page_html(notebook, nav if len(titles) > 1 else ()))
            if progress:
                title = titles[source.stem]
                done = PageDone(
                    number, len(sources), title, notebook_answer(notebook), folder / names[0]
                )
                progress(done)
    return folder / INDEX


def _first_of(group: str, menu: Sequence[Mapping[str, str]]) -> int:
    """Tell where a group of pages begins, so that its pages stand together."""
    return [page["group"] for page in menu].index(group)


def _runner(sources: Sequence[Path], parameters: Mapping[str, Any], kernels: ExitStack) -> Run:
    """Give chatlab's own notebooks one kernel, which reads the chat once; any others one each.

    A chat that cannot be read is refused before any notebook runs.
    """
    home = sources[0].resolve().parent
    look = ""
    if "chat" in parameters:
        look = f"first_look({parameters['chat']!r}, {parameters.get('edition', 'last')!r})"
    if all(_is_own(source) for source in sources):
        return kernels.enter_context(running_kernel(home, first=LOOK + look))
    if look:
        with running_kernel(home, first=LOOK + look):
            pass
    return lambda source, parameters: run_notebook(source, parameters=parameters)


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
