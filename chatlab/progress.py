"""A bar for whatever takes over two seconds: a line in a terminal, an element in a notebook."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterable, Iterator
from html import escape
from types import TracebackType
from typing import Any, TypeVar

from tqdm import tqdm

T = TypeVar("T")
DELAY = 2.0
# A notebook is told so often at most.
PAUSE = 0.5
# By this mark a report tells what an output is: a bar for whoever waited, the caption of a figure,
# how something was made, why there is nothing, the answer of a notebook, what is for JupyterLab.
MARK = "chatlab"
PROGRESS, CAPTION, METHOD = "progress", "caption", "method"
ABSENT, ANSWER, LAB = "absent", "answer", "lab"


class Bar:
    """Shows how far something is once two seconds have passed, and leaves nothing behind."""

    def __init__(self, total: int, what: str) -> None:
        """Begin to count; `what` is shown beside the bar."""
        self._total, self._what = total, what
        self._done, self._since, self._told = 0, time.monotonic(), 0.0
        self._handle: Any = None
        self._line = (
            None if _in_notebook() else tqdm(total=total, desc=what, delay=DELAY, leave=False)
        )

    def update(self) -> None:
        """Count one more."""
        self._done += 1
        if self._line is not None:
            self._line.update()
            return
        now = time.monotonic()
        if now - self._since < DELAY or now - self._told < PAUSE:
            return
        self._told = now
        self._show(
            f'<progress max="{self._total}" value="{self._done}"></progress> {escape(self._what)}'
        )

    def _show(self, markup: str) -> None:
        from IPython.display import display, update_display

        bundle = {"text/html": markup, "text/plain": ""}
        told: dict[str, Any] = {"raw": True, "metadata": {MARK: PROGRESS}}
        if self._handle is None:
            self._handle = display(bundle, display_id=True, **told)  # type: ignore[no-untyped-call]
        else:
            update_display(bundle, display_id=self._handle.display_id, **told)  # type: ignore[no-untyped-call]

    def __enter__(self) -> Bar:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._line is not None:
            self._line.close()
        elif self._handle is not None:
            self._show("")


def _in_notebook() -> bool:
    if "ipykernel" not in sys.modules:
        return False
    from IPython import get_ipython

    return type(get_ipython()).__name__ == "ZMQInteractiveShell"


def slow(items: Iterable[T], total: int, what: str) -> Iterator[T]:
    """Go through items, and show how far it is once two seconds have passed."""
    with Bar(total, what) as bar:
        for item in items:
            yield item
            bar.update()
