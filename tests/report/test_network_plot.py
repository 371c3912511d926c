from __future__ import annotations

import base64
import io
import json

import networkx as nx
import numpy as np
import pandas as pd
import pytest
from PIL import Image
from sklearn.neighbors import NearestNeighbors

import chatlab as cl
from benchmarks.planted import planted_graph
from chatlab.report.plot.figure import description_of


def near_and_alike(places: pd.DataFrame, member: dict[str, int]) -> float:
    """Share of each person's ten nearest who are in the same planted community."""
    near = NearestNeighbors(n_neighbors=10).fit(places).kneighbors(return_distance=False)
    groups = np.array([member[node] for node in places.index])
    return float((groups[near] == groups[:, None]).mean())


@pytest.mark.parametrize("n_people", [120, 600])
def test_layout_keeps_communities_together(n_people) -> None:
    graph, member = planted_graph(5 * n_people, n_people=n_people, n_communities=6)
    places = cl.network.network_layout(graph)
    assert list(places.index) == list(graph)
    assert places.to_numpy().min() >= 0
    assert places.to_numpy().max() <= 1
    assert near_and_alike(places, member) > 0.6


@pytest.mark.parametrize("n_people", [60, 400])
def test_layout_is_the_same_whatever_the_order(n_people) -> None:
    graph, _member = planted_graph(4 * n_people, n_people=n_people)
    turned: nx.DiGraph[str] = nx.DiGraph()
    turned.add_nodes_from(reversed(list(graph)))
    turned.add_edges_from(reversed(list(graph.edges(data=True))))
    pd.testing.assert_frame_equal(
        cl.network.network_layout(graph), cl.network.network_layout(turned).loc[list(graph)]
    )
    other = cl.network.network_layout(graph, seed=7)
    assert not np.allclose(other, cl.network.network_layout(graph))


def test_layout_of_little() -> None:
    nothing: nx.DiGraph[str] = nx.DiGraph()
    assert cl.network.network_layout(nothing).empty
    nothing.add_node("a")
    assert len(cl.network.network_layout(nothing)) == 1
    pieces = nx.DiGraph([("a", "b"), ("c", "d"), ("d", "e")])
    assert not cl.network.network_layout(pieces).duplicated().any()


def pictures(figure: object) -> list[Image.Image]:
    images = figure.to_plotly_json()["layout"].get("images", [])
    return [
        Image.open(io.BytesIO(base64.b64decode(image["source"].split(",")[1]))) for image in images
    ]


def people_drawn(content: dict) -> int:
    return sum(len(trace["x"]) for trace in content["data"] if "text" in trace)


def test_a_small_map_shows_everybody() -> None:
    graph, _member = planted_graph(200, n_people=50)
    figure = cl.report.plot.network(graph)
    assert people_drawn(figure.to_plotly_json()) == len(graph)
    assert not pictures(figure)


def test_a_large_map_keeps_the_many_as_a_picture() -> None:
    graph, _member = planted_graph(4000, n_people=1000)
    figure = cl.report.plot.network(graph)
    content = figure.to_plotly_json()
    assert people_drawn(content) == 300
    [picture] = pictures(figure)
    ink = np.asarray(picture.convert("RGBA"))[..., 3]
    assert 0.05 < (ink > 0).mean() < 0.9
    assert f"{len(graph) - 300:,} others" in description_of(content)
    assert len(figure.to_json()) < 1_500_000
    assert not any(trace["type"] == "scattergl" for trace in content["data"])  # no WebGL


def test_the_map_says_who_is_left_out(monkeypatch) -> None:
    monkeypatch.setattr("chatlab.report.plot.network_page.PLACED", 100)
    graph, _member = planted_graph(800, n_people=200)
    figure = cl.report.plot.network(graph).to_plotly_json()
    assert f"{len(graph) - 100} people with fewer ties are left out" in description_of(figure)


def test_host_and_panel_are_in_front_and_named(monkeypatch) -> None:
    monkeypatch.setattr("chatlab.report.plot.network_page.IN_FRONT", 20)
    graph, _member = planted_graph(400, n_people=100)
    least = min(graph, key=lambda node: (graph.in_degree(node), node))
    figure = cl.report.plot.network(graph, parts={least: "host"}).to_plotly_json()
    labels = [text for trace in figure["data"] for text in trace.get("text", ())]
    assert any(label.endswith("(host)") for label in labels)


def test_a_mark_grows_with_the_chosen_measure() -> None:
    graph = nx.DiGraph([("a", "b"), ("c", "b"), ("b", "a")])
    size = pd.Series({"a": 9.0, "b": 1.0, "c": 0.0}, name="pagerank")
    figure = cl.report.plot.network(graph, size=size).to_plotly_json()
    sizes: dict[str, float] = {}
    for trace in figure["data"]:
        for text, value in zip(
            trace.get("text", ()), trace["marker"]["size"] if "text" in trace else (), strict=True
        ):
            sizes[text] = value
    assert sizes["@a"] > sizes["@b"] > sizes["@c"]


def test_whoever_wrote_nothing_here_is_hollow() -> None:
    graph = nx.DiGraph([("a", "b"), ("c", "b")])
    graph.nodes["b"]["in_file"] = False
    symbols = [
        symbol
        for trace in cl.report.plot.network(graph).to_plotly_json()["data"]
        if "text" in trace
        for symbol in trace["marker"]["symbol"]
    ]
    assert sum(symbol.endswith("-open") for symbol in symbols) == 1


def test_names_on_the_map_do_not_collide() -> None:
    graph, _member = planted_graph(600, n_people=120)
    places = cl.network.network_layout(graph)
    content = cl.report.plot.network(graph, places=places).to_plotly_json()
    boxes = [
        (x, y, 0.0046 * (len(text) + 2))
        for trace in content["data"]
        if "text" in trace
        for x, y, text in zip(trace["x"], trace["y"], trace["text"], strict=True)
        if text
    ]
    assert len(boxes) > 5
    for i, (x, y, half) in enumerate(boxes):
        for a, b, h in boxes[:i]:
            assert abs(x - a) > half + h or abs(y - b) > 0.04


def test_growth_by_hand(table) -> None:
    def reply(one: str, other: str) -> dict[str, object]:
        return {"author_id": one, "reply_to": f"x:{other}", "reply_to_author": other}

    posts = table(
        reply("a", "b"), reply("b", "a"), reply("c", "d"), reply("a", "d"), reply("a", "a")
    )
    slices = pd.Series([1, 1, 1, 2, 2], index=posts.index)
    growth = cl.network.growth_table(posts, slices)
    first, second = growth.loc[1], growth.loc[2]
    assert (first["people"], first["new_people"], first["pairs"]) == (4, 4, 2)
    assert first["returned"] == pytest.approx(1 / 2)  # a and b both answered, c and d did not
    assert first["connected"] == pytest.approx(2 / 4)
    assert (second["people"], second["new_people"], second["new_pairs"]) == (2, 0, 1)
    assert second["replies_made"] == 1
    assert second["connected"] == 1
    assert growth["people_so_far"].tolist() == [4, 4]
    assert cl.network.growth_table(cl.posts.empty_posts(), pd.Series(dtype="Int64")).empty


def test_fame_names_the_one_few_follow() -> None:
    graph = nx.DiGraph([("b", "a"), ("c", "a"), ("d", "a"), ("a", "b")])
    for node, followers in {"a": 10, "b": 5000}.items():
        graph.nodes[node].update(author=node, followers=followers)
    figure = cl.report.plot.fame(cl.influence_table(graph)).to_plotly_json()
    assert "@a, answered by 3 people" in description_of(figure)
    assert json.dumps(figure["data"]).count("@b") == 2
