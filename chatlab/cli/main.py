"""The command line: `chatlab report`, `check`, `export`, `convert`, `graph`, `key`, `new`..."""

from __future__ import annotations

import logging
import sys
from collections.abc import Sequence

from chatlab.cli.commands import BAD_INPUT, BAD_NOTEBOOK, OK
from chatlab.cli.parser import command_parser
from chatlab.errors import ChatlabError, NotebookError
from chatlab.text.patterns import printable


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code."""
    options = command_parser().parse_args(arguments)
    handler = logging.StreamHandler()
    handler.setFormatter(_Printable("%(message)s"))
    logging.basicConfig(level=logging.WARNING, handlers=[handler])
    try:
        options.run(options)
    except NotebookError as error:
        return _failed(str(error), BAD_NOTEBOOK)
    except ChatlabError as error:
        return _failed(str(error), BAD_INPUT)
    except KeyboardInterrupt:
        return _failed("stopped", 130)
    except BrokenPipeError:
        return OK
    return OK


class _Printable(logging.Formatter):
    """Keep what files hold from steering the terminal."""

    def format(self, record: logging.LogRecord) -> str:
        """Write a record as text, without control signs."""
        return printable(super().format(record))


def _failed(message: str, code: int) -> int:
    print(printable(f"chatlab: {message}"), file=sys.stderr)
    return code
