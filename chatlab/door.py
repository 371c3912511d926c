"""The door of every package: names are loaded when first used, and wrong arguments refused."""

from __future__ import annotations

import functools
import inspect
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import lazy_loader

from chatlab.errors import GraphError, PostsError, SettingsError


def attach(
    package: str, file: str
) -> tuple[Callable[[str], Any], Callable[[], list[str]], list[str]]:
    """Give a package the names of its `.pyi` file: each is loaded, and guarded, when first used.

    So `import chatlab` is cheap, and editors and mypy see the types of what is not loaded yet.
    """
    load, listing, names = lazy_loader.attach_stub(package, file)

    def opened(name: str) -> Any:
        # lazy_loader keeps what it loads in the package; what stands there has the guard before it.
        found = vars(sys.modules[package])[name] = guarded(load(name))
        return found

    return opened, listing, names


def guarded(function: Callable[..., Any]) -> Callable[..., Any]:
    """Return a public function that refuses what cannot be posts, a graph or a path.

    Arguments are looked at by their names, wherever a function has them. One handle or id where
    several may stand is a list of one.
    """
    names = _parameters(function)
    checks = [(name, _CHECKS[name]) for name in names if name in _CHECKS]
    if "posts" in names and _takes_scans(function):
        checks = [(name, _check_scan if name == "posts" else check) for name, check in checks]
    checks = [
        one for one in checks if one[1] is not _check_numbers or _is_numbers(function, one[0])
    ]
    several = [name for name in names if name in _SEVERAL]
    if not checks and not several:
        return function
    signature = inspect.signature(function)

    @functools.wraps(function)
    def checked(*arguments: Any, **options: Any) -> Any:
        # A call that does not fit the signature is Python's to refuse.
        call = signature.bind(*arguments, **options)
        bound = call.arguments
        for name, check in checks:
            if name in bound and bound[name] is not signature.parameters[name].default:
                check(name, bound[name], function.__name__)
        for name in several:
            if isinstance(bound.get(name), str):
                bound[name] = [bound[name]]
        return function(*call.args, **call.kwargs)

    return checked


def _parameters(function: Callable[..., Any]) -> list[str]:
    return list(inspect.signature(function).parameters) if inspect.isfunction(function) else []


def _is_numbers(function: Callable[..., Any], name: str) -> bool:
    """Tell numbers by post or person from tables, and from names, that bear the same name."""
    told = str(inspect.signature(function).parameters[name].annotation)
    return "Series" in told and "DataFrame" not in told and function.__name__ not in _TAKE_NAMES


def _takes_scans(function: Callable[..., Any]) -> bool:
    """Tell the functions that count posts wherever they lie."""
    told = str(inspect.signature(function).parameters["posts"].annotation)
    return told in ("Posts", "SomePosts")


def _check_scan(name: str, given: Any, function: str) -> None:
    if not _is_scan(given):
        _check_posts(name, given, function)


def _is_scan(given: Any) -> bool:
    return hasattr(given, "count") and hasattr(given, "where") and hasattr(given, "parts")


def _check_posts(name: str, given: Any, function: str) -> None:
    import pandas as pd

    from chatlab.posts.schema import NAMES

    texts = isinstance(given, pd.Series) and function in _TAKE_TEXTS
    if texts:
        return
    if _is_scan(given):
        raise PostsError(
            f"`{function}` needs posts in memory. Choose some of the dataset with `select_posts`, "
            "and read them: `scan.read()`."
        )
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


def _check_numbers(name: str, given: Any, _function: str) -> None:
    """Refuse what cannot be the numbers of themes, editions or groups."""
    import pandas as pd

    if given is None or hasattr(given, "spans"):
        return
    labels = getattr(given, "themes", given)
    if not isinstance(labels, pd.Series):
        raise PostsError(
            f"`{name}` is {_shown(given)}; it is a Series of whole numbers on the posts' index."
        )
    known = labels.dropna()
    numbers = pd.to_numeric(known, errors="coerce")
    if numbers.isna().any() or (numbers % 1 != 0).any():
        wrong = known[numbers.isna() | (numbers % 1 != 0)].iloc[0]
        raise PostsError(
            f"`{name}` holds {_shown(wrong)}; it takes whole numbers. Make them of names of your "
            "own: pd.Series(pd.factorize(names)[0], names.index)."
        )


def _check_chat(name: str, given: Any, _function: str) -> None:
    if not hasattr(given, "posts") or not hasattr(given, "settings"):
        raise SettingsError(
            f"`{name}` is {_shown(given)}, not a chat. Read one: `read_chat(path)`."
        )


def _check_count(name: str, given: Any, _function: str) -> None:
    if given is not None and (not isinstance(given, int) or isinstance(given, bool) or given < 0):
        raise SettingsError(f"`{name}` is {_shown(given)}; it is a whole number, 0 or more.")


def _check_zone(name: str, given: Any, _function: str) -> None:
    try:
        ZoneInfo(given)
    except (TypeError, ValueError, OSError, KeyError) as error:
        # A zone that is not there is a KeyError, the name of a folder an OSError.
        raise SettingsError(
            f"`{name}` is {_shown(given)}; it is a time zone such as Europe/Paris."
        ) from error


def _check_text(name: str, given: Any, _function: str) -> None:
    if given is not None and not isinstance(given, str | bytes):
        raise SettingsError(f"`{name}` is {_shown(given)}; it is a text.")


def _check_callable(name: str, given: Any, _function: str) -> None:
    if given is not None and not callable(given):
        raise SettingsError(
            f"`{name}` is {_shown(given)}; it is a function from texts to an array."
        )


def _shown(given: Any) -> str:
    if given is None or isinstance(given, str | int | float | bool | list | tuple | dict):
        text = repr(given)
        return text if len(text) < 60 else f"{text[:57]}..."
    return f"a {type(given).__name__}"


_TAKE_NAMES = frozenset({"people_table"})
_TAKE_TABLES = frozenset({"read_posts"})
_TAKE_TEXTS = frozenset({"find_themes", "theme_tree"})
_CHECKS: dict[str, Callable[[str, Any, str], None]] = {
    "posts": _check_posts,
    "graph": _check_graph,
    "path": _check_path,
    "chat": _check_chat,
    **dict.fromkeys(("themes", "editions", "communities"), _check_numbers),
    **dict.fromkeys(("n", "n_themes", "seed"), _check_count),
    **dict.fromkeys(("zone", "timezone"), _check_zone),
    **dict.fromkeys(("weekly", "key", "brand", "account", "lang"), _check_text),
    "encoder": _check_callable,
}
# Where several people or posts may stand.
_SEVERAL = frozenset({"hosts", "host", "panel", "without", "rivals", "cases", "complaints"})
