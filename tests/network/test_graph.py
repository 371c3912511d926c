from __future__ import annotations

from pathlib import Path

import networkx as nx
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

import chatlab as cl


@pytest.fixture
def talk(table) -> pd.DataFrame:
    return table(
        {
            "author_id": "x:1",
            "author": "ada",
            "author_followers": 5,
            "text": "hi @bob",
            "mentions": ["x:2"],
        },
        {
            "author_id": "x:2",
            "author": "bob",
            "text": "@ada @cy yes, and @dee too",
            "mentions": ["x:1", "x:3", "x:4"],
            "reply_to": "x:1",
            "reply_to_author": "x:1",
        },
        {
            "author_id": "x:2",
            "author": "bob",
            "text": "@ada again",
            "mentions": ["x:1"],
            "reply_to": "x:1",
            "reply_to_author": "x:1",
        },
        {
            "author_id": "x:1",
            "author": "ada",
            "text": "to myself",
            "reply_to": "x:1",
            "reply_to_author": "x:1",
        },
        {
            "author_id": "x:1",
            "author": "ada",
            "text": "@out hello",
            "mentions": ["x:9"],
            "reply_to": "x:90",
            "reply_to_author": "x:9",
        },
        {"author_id": "x:3", "author": "cy", "text": "", "repost_of": "x:1", "mentions": ["x:2"]},
        {"author_id": "x:4", "author": "dee", "text": "look", "quote_of": "x:2"},
        {
            "author_id": "x:5",
            "author": "eve",
            "text": "context",
            "reply_to": "x:1",
            "reply_to_author": "x:1",
            "in_chat": False,
        },
    )


def test_reply_graph_counts_replies_between_people(talk) -> None:
    graph = cl.reply_graph(talk)
    assert dict(graph.edges) == {
        ("x:2", "x:1"): {
            "weight": 2,
            "first": "2026-03-05T08:01:00+00:00",
            "last": "2026-03-05T08:02:00+00:00",
        },
        ("x:1", "x:9"): {
            "weight": 1,
            "first": "2026-03-05T08:04:00+00:00",
            "last": "2026-03-05T08:04:00+00:00",
        },
    }
    assert graph.nodes["x:1"] == {
        "author": "ada",
        "author_name": "ada",
        "followers": 5,
        "posts": 3,
        "in_file": True,
    }
    assert graph.nodes["x:9"]["in_file"] is False


def test_interaction_graph_has_one_definition_per_relation(talk) -> None:
    graph = cl.interaction_graph(talk)
    counts = {
        pair: {name: about[name] for name in ("reply", "mention", "quote", "repost")}
        for pair, about in dict(graph.edges).items()
    }
    nothing = {"reply": 0, "mention": 0, "quote": 0, "repost": 0}
    assert counts == {
        ("x:1", "x:2"): nothing | {"mention": 1},
        ("x:2", "x:1"): nothing | {"reply": 2},
        # the handles at the head of a reply are no mentions; @dee inside it is one
        ("x:2", "x:4"): nothing | {"mention": 1},
        ("x:1", "x:9"): nothing | {"reply": 1},
        # a repost gives a repost tie only, no mention of bob
        ("x:3", "x:1"): nothing | {"repost": 1},
        ("x:4", "x:2"): nothing | {"quote": 1},
    }
    assert all(a["weight"] == sum(counts[p].values()) for p, a in dict(graph.edges).items())
    assert "x:5" not in graph


def test_interaction_graph_takes_some_relations(talk) -> None:
    graph = cl.interaction_graph(talk, relations=("quote",))
    assert list(graph.edges) == [("x:4", "x:2")]
    assert set(graph) == {"x:1", "x:2", "x:3", "x:4"}
    with pytest.raises(cl.errors.SettingsError, match="wave"):
        cl.interaction_graph(talk, relations=("wave",))


def test_thread_graph_marks_missing_parents_and_has_no_cycle(table) -> None:
    posts = table(
        {"post_id": "x:1", "reply_to": "x:3"},
        {"post_id": "x:2", "reply_to": "x:1"},
        {"post_id": "x:3", "reply_to": "x:2"},
        {"post_id": "x:4", "reply_to": "x:4"},
        {"post_id": "x:5", "reply_to": "x:77"},
    )
    graph = cl.thread_graph(posts)
    assert nx.is_directed_acyclic_graph(graph)
    assert graph.number_of_edges() == 3  # 2 to 1, 1 to 3, 5 to 77; 3 to 2 would close a circle
    assert graph.nodes["x:77"] == {"in_file": False}


def test_hashtag_graph_counts_pairs_once_per_post(table) -> None:
    posts = table(
        {"hashtags": ["a", "b", "a"]},
        {"hashtags": ["b", "a"]},
        {"hashtags": ["a", "c"], "repost_of": "x:1"},
    )
    graph = cl.hashtag_graph(posts)
    assert dict(graph.edges) == {("a", "b"): {"weight": 2}}
    assert graph.nodes["a"]["posts"] == 2


@pytest.mark.parametrize("ending", ["gexf", "graphml", "csv"])
@pytest.mark.parametrize(
    "build", [cl.reply_graph, cl.interaction_graph, cl.thread_graph, cl.hashtag_graph]
)
def test_written_graph_is_read_back_without_loss(simulated, tmp_path: Path, ending, build) -> None:
    graph = build(simulated[0])
    cl.write_graph(graph, tmp_path / f"g.{ending}")
    again = cl.read_graph(tmp_path / f"g.{ending}")
    assert again.is_directed() == graph.is_directed()
    assert dict(again.nodes(data=True)) == dict(graph.nodes(data=True))
    assert {
        frozenset(e) if not graph.is_directed() else e: d
        for *e, d in ((u, v, d) for u, v, d in again.edges(data=True))
        for e in [tuple(e)]
    } == {
        frozenset((u, v)) if not graph.is_directed() else (u, v): d
        for u, v, d in graph.edges(data=True)
    }


@given(name=st.text(max_size=20))
@pytest.mark.parametrize("ending", ["gexf", "graphml", "csv"])
def test_any_name_survives_writing(tmp_path_factory, name: str, ending: str) -> None:
    from chatlab.network.graphs import xml_text

    graph: nx.DiGraph[str] = nx.DiGraph()
    shown = xml_text(" ".join(name.split())) or "x"
    graph.add_node("x:1", author=shown, name=shown, posts=1, in_file=True)
    path = tmp_path_factory.mktemp("g") / f"g.{ending}"
    cl.write_graph(graph, path)
    assert dict(cl.read_graph(path).nodes(data=True)) == dict(graph.nodes(data=True))


def test_graph_files_have_no_formula_cell(table, tmp_path: Path) -> None:
    posts = table(
        {"author_id": "x:1", "author": "=cmd"},
        {"author_id": "x:2", "author": "b", "reply_to": "x:1", "reply_to_author": "x:1"},
    )
    cl.write_graph(cl.reply_graph(posts), tmp_path / "g.csv")
    assert "'=cmd" in (tmp_path / "g.nodes.csv").read_text()
    assert ",=cmd" not in (tmp_path / "g.nodes.csv").read_text()


def test_unknown_ending_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(cl.errors.SettingsError, match=r"\.png"):
        cl.write_graph(nx.DiGraph(), tmp_path / "g.png")
    with pytest.raises(cl.errors.GraphError):
        cl.read_graph(tmp_path / "g.gexf")


def test_graph_tables_are_tidy(talk) -> None:
    nodes, edges = cl.network.graph_tables(cl.reply_graph(talk))
    assert nodes.loc["x:1", "author"] == "ada"
    assert list(edges.columns[:2]) == ["source", "target"]
    assert edges["weight"].sum() == 3
