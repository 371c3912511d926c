"""No post may stop a report: every pattern of the project is linear in what it reads."""

from __future__ import annotations

import ast
import importlib
import pkgutil
import re
import signal
import time
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

import chatlab
import chatlab as cl
from chatlab.text.phrases import LIST

SIZE = 2**14
# A megabyte in a second, and three times that on a busy machine; a pattern that is worse than
# linear takes fifty times as long.
SECONDS = 3 * SIZE / 2**20
RUNS = [
    *"?!.,:;-_#@&%$€'’\"«»“()[]<>/\\|*=+~^`0aAéд字ก👏\n\t ￼\u200d",
    "? ", "! ", ". ", ": ", ", ", "- ", "# ", "@ ", "& ", "a ", "A ", "1 ", "a.", "a-", "a'",
    "@a", "@a ", "#a", "#a ", "#_", "#1", "&amp;", "&#", "?.", "?!", "…?", "👏?", "\r\n", "1,",
    "1.", "1:", "Q1 ", "A1 ", "<a ", "<a>", "a@b.", "@a.", "@a@", "http://", "https://a ", "ab cd ",
    "RT @a: ", "(a", "«a", "a,b;", "Aa", "aA", "\u0301", "e\u0301",
]  # fmt: skip


def _inside(thing: Any) -> Iterator[re.Pattern[Any]]:
    if isinstance(thing, re.Pattern):
        yield thing
    elif isinstance(thing, dict):
        for one in thing.values():
            yield from _inside(one)
    elif isinstance(thing, list | tuple | set | frozenset):
        for one in thing:
            yield from _inside(one)


def _written(path: Path) -> Iterator[re.Pattern[Any]]:
    """Find patterns that stand as text in a call of `re`, or of pandas' `str`."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
            continue
        owner = node.func.value
        of_re = isinstance(owner, ast.Name) and owner.id == "re" and node.func.attr != "escape"
        of_pandas = isinstance(owner, ast.Attribute) and owner.attr == "str"
        first = node.args[0] if node.args else None
        plain = any(
            k.arg == "regex" and getattr(k.value, "value", 1) is False for k in node.keywords
        )
        value = first.value if isinstance(first, ast.Constant) else None
        if (of_re or of_pandas) and not plain and isinstance(value, str | bytes):
            yield re.compile(value)


@cache
def patterns() -> dict[str, list[re.Pattern[Any]]]:
    """Collect every pattern by where it stands."""
    found: dict[str, list[re.Pattern[Any]]] = {}
    for info in pkgutil.walk_packages(chatlab.__path__, "chatlab."):
        if info.name == "chatlab.__main__":
            continue
        module = importlib.import_module(info.name)
        here = [one for value in vars(module).values() for one in _inside(value)]
        here += _written(Path(str(module.__file__)))
        if here:
            found[info.name] = list(dict.fromkeys(here))
    table = pd.read_csv(LIST, dtype="str")
    found["phrases.csv"] = [
        importlib.import_module("chatlab.text.phrases")._pattern(kind) for kind in table["kind"]
    ]
    return found


def _provoking(pattern: re.Pattern[Any]) -> list[str]:
    """Repeat the pattern's own words, which make its beginning match again and again."""
    source = pattern.pattern
    source = source if isinstance(source, str) else source.decode("latin-1")
    words = [w for w in re.findall(r"(?<!\\)[^\W\d_]{2,}", source) if not w.startswith("\\")][:8]
    firsts = [f"{word} " for word in words[:4]] + [f"{word} 1 " for word in words[:2]]
    return [*firsts, " ".join(words) + " "] if words else []


class _TooSlowError(Exception):
    pass


def _stop(*_: object) -> None:
    raise _TooSlowError


def seconds_to_search(pattern: re.Pattern[Any], text: Any) -> float:
    """Return the CPU seconds of a search over a whole text, the best of three."""
    best = float("inf")
    for _attempt in range(3):
        begun = time.thread_time()
        signal.setitimer(signal.ITIMER_REAL, 20 * SECONDS)
        try:
            for _ in pattern.finditer(text):
                pass
        except _TooSlowError:
            continue
        finally:
            signal.setitimer(signal.ITIMER_REAL, 0)
        best = min(best, time.thread_time() - begun)
        if best < SECONDS:
            break
    return best


@pytest.mark.skipif(not hasattr(signal, "setitimer"), reason="Windows has no interval timer")
@pytest.mark.parametrize("where", patterns())
def test_patterns_read_a_megabyte_in_a_second(where) -> None:
    before = signal.signal(signal.SIGALRM, _stop)
    slow = []
    try:
        for pattern in patterns()[where]:
            for run in [*RUNS, *_provoking(pattern)]:
                text: Any = (run * (SIZE // len(run)))[: SIZE - 1] + "x"
                text = text if isinstance(pattern.pattern, str) else text.encode()
                if seconds_to_search(pattern, text) > SECONDS:
                    slow.append((pattern.pattern, run))
    finally:
        signal.signal(signal.SIGALRM, before)
    assert not slow


STOPPERS = [
    "Vous venez ? " + "👏" * 40 + " merci",
    "quoi ????" + "." * 40 + "? top",
    "ok? " + "-" * 60 + " x",
    "#" + "_" * 25_000,
    "&" * 2**20,
    "?" * 2**20 + "x",
    "Q1. " * 2**18 + "x",
    "@a #b " * 2**17,
]


@pytest.mark.parametrize("text", STOPPERS, ids=lambda text: text[:8])
def test_posts_that_once_stopped_everything_are_read(text, tmp_path) -> None:
    rows = [{"id": str(i), "text": f"{text} {i}", "author": "a"} for i in range(3)]
    pd.DataFrame(rows).to_json(tmp_path / "posts.jsonl", orient="records", lines=True)
    begun = time.thread_time()
    posts = cl.read_posts(tmp_path / "posts.jsonl", columns={"text": "text", "author": "author"})
    cl.find_insights(posts)
    cl.unanswered_questions(posts)
    cl.find_questions(posts)
    cl.pseudonymize(posts, key="a key for tests only")
    # Each is cut to 100,000 characters: six seconds for all would be a hundred for a megabyte.
    assert len(posts) == 3
    assert time.thread_time() - begun < 6


def test_a_text_longer_than_any_post_is_cut_and_told(tmp_path) -> None:
    (tmp_path / "long.csv").write_text("id,text,author\n1," + "word " * 30_000 + ",a\n")
    chat = cl.read_chat(tmp_path / "long.csv", columns={"text": "text", "author": "author"})
    assert chat.posts["text"].str.len().tolist() == [100_000]
    assert "1 text is longer than any post" in chat.loading["notes"].iloc[0]
