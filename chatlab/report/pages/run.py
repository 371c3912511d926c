"""Runs a notebook with parameters."""

from __future__ import annotations

import asyncio
import copy
import logging
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_notebook

from chatlab import errors
from chatlab.errors import NotebookError, SettingsError
from chatlab.report.pages.html import markdown_blocks, parameter_values, translated

CELL_SECONDS = 1800
PARAMETER_TYPES = (str, int, float, bool, type(None))


def notebook_title(notebook: NotebookNode, lang: str) -> str:
    """Return a notebook's question: its first heading."""
    for cell in notebook.cells:
        if cell.cell_type == "markdown" and cell.source.startswith("# "):
            return translated(markdown_blocks(cell.source)[0], lang).removeprefix("# ")
    return "chatlab"


def menu_words(notebook: NotebookNode, lang: str) -> tuple[str, str]:
    """Return what a page is called in a report's menu, and under which label it stands there.

    They stand in the notebook's metadata: `"chatlab": {"menu": ..., "group": ...}`; a notebook
    without them is called by its title.
    """
    told = notebook.metadata.get("chatlab", {})
    name, group = str(told.get("menu", "")), str(told.get("group", ""))
    title = notebook_title(notebook, lang)
    return translated(name, lang) if name else title, translated(group, lang) if group else ""


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
        cell = new_code_cell("\n".join(lines))  # type: ignore[no-untyped-call]
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
    with running_kernel(Path(path).resolve().parent) as run:
        return run(Path(path), parameters or {})


Run = Callable[[Path, Mapping[str, Any]], NotebookNode]


@contextmanager
def running_kernel(folder: Path, *, first: str = "") -> Iterator[Run]:
    """Start a kernel in a folder, and give a way to run notebooks in it, one after the other.

    Parameters
    ----------
    folder
        Where the notebooks stand.
    first
        Code to run before them; what it raises of chatlab's errors is raised here, and what it
        logs is logged. Names are forgotten between two notebooks; what modules keep is not, so
        that only notebooks that are known to leave nothing behind may share a kernel.
    """
    if sys.platform == "win32":
        asyncio.set_event_loop_policy(asyncio.WindowsSelectorEventLoopPolicy())
    client = NotebookClient(
        new_notebook(),  # type: ignore[no-untyped-call]
        timeout=CELL_SECONDS,
        kernel_name="python3",
        # The kernel speaks to this machine only; its warning about that helps nobody here.
        extra_arguments=["--IPKernelApp.log_level=ERROR"],
        resources={"metadata": {"path": str(folder)}},
    )

    def execute(notebook: NotebookNode) -> None:
        client.nb = notebook
        client.reset_execution_trackers()
        for index, cell in enumerate(notebook.cells):
            client.execute_cell(cell, index)

    def run(source: Path, parameters: Mapping[str, Any]) -> NotebookNode:
        notebook = with_parameters(read_notebook(source), parameters)
        execute(_of_code("get_ipython().reset()"))
        try:
            execute(notebook)
        except (CellExecutionError, CellTimeoutError, DeadKernelError) as error:
            raise NotebookError(_told(source, notebook, error)) from error
        return notebook

    with client.setup_kernel():
        if first:
            begun = _of_code(first)
            try:
                execute(begun)
            except CellExecutionError as error:
                kind = getattr(errors, error.ename, NotebookError)
                raise kind(error.evalue) from None
            for output in begun.cells[0].outputs:
                if output.output_type == "stream" and output.name == "stderr":
                    for line in output.text.splitlines():
                        logging.getLogger("chatlab").warning("%s", line)
        yield run


def _of_code(code: str) -> NotebookNode:
    notebook: NotebookNode = new_notebook(cells=[new_code_cell(code)])  # type: ignore[no-untyped-call]
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
