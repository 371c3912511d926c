"""What callers get wrong is one sentence of chatlab's, wherever they get it wrong."""

from __future__ import annotations

import inspect

import networkx as nx
import pandas as pd
import pytest

import chatlab as cl
from data.simulation.story import simulate_chat
from tests.conftest import PUBLIC


def first_argument(function) -> str | None:
    """Return the name of what a function works on."""
    some = [p for p in inspect.signature(function).parameters.values() if p.kind != p.KEYWORD_ONLY]
    return some[0].name if some else None


TAKES = {
    argument: sorted(
        name
        for name, function in PUBLIC.items()
        if inspect.isfunction(function) and first_argument(function) == argument
    )
    for argument in ("posts", "graph", "path")
}
WRONG = {
    "posts": [None, 42, "posts.csv", [], pd.DataFrame({"text": ["a"]}), nx.DiGraph()],
    "graph": [None, 42, "graph.gexf", pd.DataFrame()],
    "path": [42, "", " ", [], [None], 4.2, {"a": 1}],
}


def with_needed_arguments(function, given):
    """Call a function with something wrong first, and anything for what else it needs."""
    needed = [
        parameter
        for parameter in list(inspect.signature(function).parameters.values())[1:]
        if parameter.default is inspect.Parameter.empty
    ]
    others = [None for one in needed if one.kind is not inspect.Parameter.KEYWORD_ONLY]
    named = {one.name: None for one in needed if one.kind is inspect.Parameter.KEYWORD_ONLY}
    return function(given, *others, **named)


@pytest.mark.parametrize(
    ("argument", "name"), [(argument, name) for argument, names in TAKES.items() for name in names]
)
def test_a_wrong_first_argument_is_one_sentence(argument: str, name: str) -> None:
    for given in WRONG[argument]:
        with pytest.raises(cl.ChatlabError, match=f"`{argument}` is"):
            with_needed_arguments(PUBLIC[name], given)


def test_many_functions_are_looked_at() -> None:
    assert [len(names) > few for names, few in zip(TAKES.values(), (50, 10, 3), strict=True)] == [
        True, True, True,
    ]  # fmt: skip


def test_combining_a_list_says_how_to_do_it(table) -> None:
    posts = table({"text": "a"})
    with pytest.raises(cl.errors.PostsError, match="one after the other"):
        cl.combine_posts([posts, posts])


def test_a_notebook_shows_the_sentence_alone() -> None:
    error = cl.errors.SettingsError("Write it as 2026-03-05.")
    assert error._render_traceback_() == ["SettingsError: Write it as 2026-03-05."]


def test_any_posts_and_any_table_can_be_shown(table) -> None:
    posts = table(
        {"author": "ada", "text": "hello", "hashtags": ["a", "b"], "urls": ["https://x.example"]},
        {"author": "bob", "text": "hi", "likes": 3},
    )
    assert "hello" in cl.report.show.posts(posts.head()).html
    assert "a, b" in cl.report.show.table(posts.head()).html


def test_posts_are_chosen_by_one_text_as_by_a_list_of_one(table) -> None:
    posts = table(
        {"author": "ada", "text": "Late payment", "lang": "en-GB", "hashtags": ["x"]},
        {"author": "bob", "text": "tard", "lang": "fr", "reply_to": "x:1", "kind": "reply"},
    )
    assert cl.select_posts(posts, langs="en")["author"].tolist() == ["ada"]
    assert cl.select_posts(posts, hashtags="#X")["author"].tolist() == ["ada"]
    assert cl.select_posts(posts, authors="@bob")["author"].tolist() == ["bob"]
    assert cl.select_posts(posts, text="late PAY")["author"].tolist() == ["ada"]
    assert cl.select_posts(posts, kinds="reply")["author"].tolist() == ["bob"]
    assert len(cl.select_posts(posts, platforms=["x"])) == 2
    assert cl.select_posts(posts, since="2026-03-05 08:01")["author"].tolist() == ["bob"]
    for wrong in ("03/04/2026", "yesterday", ""):
        with pytest.raises(cl.errors.SettingsError, match="one way only"):
            cl.select_posts(posts, since=wrong)
    with pytest.raises(cl.errors.SettingsError, match="there are post"):
        cl.select_posts(posts, kinds="tweet")


def test_a_table_in_memory_is_read_as_a_file_would_be() -> None:
    table = pd.DataFrame({"Message": ["=1+1", "hi"], "Who": ["ada", "bob"], "n": [1, 2]})
    posts = cl.read_posts(table, columns={"text": "Message", "author": "Who"})
    assert posts["text"].tolist() == ["=1+1", "hi"]
    with pytest.raises(cl.ChatlabError):
        cl.read_posts(table)


def test_an_empty_file_among_others_is_a_row(tmp_path) -> None:
    (tmp_path / "a.jsonl").write_text("")
    (tmp_path / "b.csv").write_text("\n")
    cl.write_posts(simulate_chat(n_editions=1, n_authors=20)[0], tmp_path / "c.jsonl")
    chat = cl.read_chat(tmp_path)
    assert chat.loading["kept"].tolist()[:2] == [0, 0]
    assert len(chat.posts) > 10


WRONG_OPTIONS = {
    "chat": [None, 3, "data/crowdwork", pd.DataFrame()],
    "themes": [[1], "pay", pd.Series(["a"]), pd.Series([0.5])],
    "editions": [[1], "last", pd.Series(["a"])],
    "communities": [[1], pd.Series(["a"])],
    "n": ["a", -1, 2.5, True],
    "n_themes": ["a", -2],
    "seed": ["a", -1],
    "zone": ["Mars", 3, "", None],
    "timezone": ["Mars", 3],
    "weekly": [3],
    "key": [3],
    "encoder": [3, "model"],
}


@pytest.mark.parametrize("option", WRONG_OPTIONS)
def test_a_wrong_option_is_one_sentence(option: str, table) -> None:
    """Everything else that a function looks at is as it should be."""
    posts = table({"text": "a", "author_id": "x:1"})
    good = {"posts": posts, "graph": nx.DiGraph(), "path": "posts.csv", "chat": _Chat()}
    takers = [
        function
        for function in PUBLIC.values()
        if inspect.isfunction(function) and _is_looked_at(function, option)
    ]
    assert takers
    for function in takers:
        for given in WRONG_OPTIONS[option]:
            parameters = inspect.signature(function).parameters
            if given is None and parameters[option].default is None:
                continue
            needed = {
                name: good.get(name)
                for name, parameter in parameters.items()
                if parameter.default is parameter.empty
                and parameter.kind is not parameter.VAR_POSITIONAL
                and (name not in NUMBERS or not _is_looked_at(function, name))
            } | {
                name: pd.Series(dtype="Int64")
                for name in NUMBERS
                if name in parameters and _is_looked_at(function, name)
            }
            with pytest.raises(cl.ChatlabError, match=f"`{option}`"):
                function(**{**needed, option: given})


NUMBERS = ("themes", "editions", "communities")


def _is_looked_at(function, option: str) -> bool:
    parameter = inspect.signature(function).parameters.get(option)
    if parameter is None or option not in NUMBERS:
        return parameter is not None
    told = str(parameter.annotation)
    return "Series" in told and "DataFrame" not in told and function.__name__ != "people_table"


class _Chat:
    posts = settings = None


def test_one_host_is_a_list_of_one(table) -> None:
    posts = table({"author_id": "x:h", "text": "Q1 What hurts? Q2 What helps?"})
    one, several = (cl.find_questions(posts, hosts=hosts) for hosts in ("x:h", ["x:h"]))
    pd.testing.assert_frame_equal(one, several)
    assert len(one) == 2


@pytest.mark.parametrize(
    "encoder", [lambda texts: ["a"] * len(texts), lambda _: None, lambda _: [[1], [1, 2]]]
)
def test_an_encoder_that_gives_no_numbers_is_one_sentence(table, encoder) -> None:
    rows = [{"text": f"invoice late bank {i % 3} garden"} for i in range(12)]
    with pytest.raises(cl.errors.PostsError, match="must return a table of finite numbers"):
        cl.find_themes(table(*rows), encoder=encoder)
