"""What every public function checks before it begins: a wrong argument is one sentence."""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable
from pathlib import Path
from typing import Any

from chatlab.errors import GraphError, PostsError, SettingsError


def guarded(function: Callable[..., Any]) -> Callable[..., Any]:
    """Return a public function that refuses what cannot be posts, a graph or a path.

    The arguments `posts`, `graph` and `path` are looked at, wherever a function has them.
    """
    checks = [(name, _CHECKS[name]) for name in _parameters(function) if name in _CHECKS]
    if not checks:
        return function
    signature = inspect.signature(function)

    @functools.wraps(function)
    def checked(*arguments: Any, **options: Any) -> Any:
        # A call that does not fit the signature is Python's to refuse.
        bound = signature.bind(*arguments, **options).arguments
        for name, check in checks:
            if name in bound and bound[name] is not signature.parameters[name].default:
                check(name, bound[name], function.__name__)
        return function(*arguments, **options)

    return checked


def _parameters(function: Callable[..., Any]) -> list[str]:
    return list(inspect.signature(function).parameters) if inspect.isfunction(function) else []


def _check_posts(name: str, given: Any, function: str) -> None:
    import pandas as pd

    from chatlab.schema import NAMES

    texts = isinstance(given, pd.Series) and function in _TAKE_TEXTS
    if texts:
        return
    if not isinstance(given, pd.DataFrame):
        raise PostsError(
            f"`{name}` is {_shown(given)}, not a posts table. Read a file with `read_posts`."
        )
    absent = [column for column in NAMES if column not in given.columns]
    if absent:
        raise PostsError(
            f"`{name}` is not a posts table: columns {', '.join(absent[:8])} are not there. "
            "Read a file with `read_posts`, or map your own columns with `columns=`."
        )


def _check_graph(name: str, given: Any, _function: str) -> None:
    import networkx as nx

    if not isinstance(given, nx.Graph):
        raise GraphError(
            f"`{name}` is {_shown(given)}, not a networkx graph. Make one: `reply_graph(posts)`."
        )


def _check_path(name: str, given: Any, function: str) -> None:
    import pandas as pd

    if isinstance(given, pd.DataFrame) and function in _TAKE_TABLES:
        return
    some = list(given) if isinstance(given, list | tuple) else [given]
    wrong = [one for one in some if not isinstance(one, str | Path) or not str(one).strip()]
    if wrong or not some:
        raise SettingsError(
            f"`{name}` is {_shown(wrong[0] if wrong else given)}; give the path of a file or a "
            "folder, a pattern such as data/*.jsonl, or a list of these."
        )


def _shown(given: Any) -> str:
    if given is None or isinstance(given, str | int | float | bool | list | tuple | dict):
        text = repr(given)
        return text if len(text) < 60 else f"{text[:57]}..."
    return f"a {type(given).__name__}"


_TAKE_TABLES = frozenset({"read_posts"})
_TAKE_TEXTS = frozenset({"find_themes", "theme_tree"})
_CHECKS: dict[str, Callable[[str, Any, str], None]] = {
    "posts": _check_posts,
    "graph": _check_graph,
    "path": _check_path,
}
