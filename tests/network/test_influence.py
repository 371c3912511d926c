from __future__ import annotations

from pathlib import Path

import networkx as nx
import numpy as np
import pandas as pd
import pytest

import chatlab as cl
from benchmarks.planted import planted_graph
from chatlab.network import measures
from chatlab.network.measures import Ties
from data.simulation.story import simulate_chat


def chain() -> nx.DiGraph[str]:
    """Three answer b, b answers d, d answers e."""
    return nx.DiGraph([("a", "b"), ("c", "b"), ("f", "b"), ("b", "d"), ("d", "e")])


def test_influence_counts_for_the_answered() -> None:
    graph: nx.DiGraph[str] = nx.DiGraph()
    graph.add_edge("a", "b", weight=3)
    graph.add_edge("c", "b", weight=1)
    graph.add_edge("b", "a", weight=1)
    graph.add_edge("c", "c", weight=9)
    table = cl.influence_table(graph)
    assert table.index[0] == "b"
    assert table.loc["b", ["replies_received", "people_answering"]].tolist() == [4, 2]
    assert table.loc["a", ["replies_given", "people_answered"]].tolist() == [3, 1]
    assert table.loc["c", "replies_given"] == 1
    assert table["pagerank"].sum() == pytest.approx(1)


def test_pagerank_solves_its_equation() -> None:
    graph = nx.gnp_random_graph(60, 0.1, seed=1, directed=True)
    rank = cl.influence_table(graph)["pagerank"]
    # Directly: x = (1 - d) / n + d * (sum over who points here of x / out, dangling spread evenly)
    n = len(graph)
    step = np.zeros((n, n))
    for u in graph:
        out = list(graph.successors(u))
        step[:, u] = 1 / n if not out else 0
        for v in out:
            step[v, u] = 1 / len(out)
    exact = np.linalg.solve(np.eye(n) - 0.85 * step, np.full(n, 0.15 / n))
    assert np.abs(rank.loc[list(range(n))].to_numpy() / exact - 1).max() < 1e-6


def test_betweenness_and_cores_by_hand() -> None:
    table = cl.influence_table(chain())
    # Paths through b: 3 starts times 2 ends (d, e) = 6; through d: 4 starts times e = 4; of 5 * 4.
    assert table.loc["b", "betweenness"] == pytest.approx(6 / 20)
    assert table.loc["d", "betweenness"] == pytest.approx(4 / 20)
    assert (table["betweenness_error"] == 0).all()
    assert (table["core_number"] == 1).all()
    triangle = nx.DiGraph([("a", "b"), ("b", "c"), ("c", "a"), ("d", "a")])
    assert cl.influence_table(triangle)["core_number"].to_dict() == {"a": 2, "b": 2, "c": 2, "d": 1}


def test_hits_by_hand() -> None:
    # One authority answered by three: all authority is b's, the three share the hub.
    table = cl.influence_table(nx.DiGraph([("a", "b"), ("c", "b"), ("d", "b")]))
    assert table.loc["b", "authority"] == pytest.approx(1)
    assert table.loc["a", "hub"] == pytest.approx(1 / 3)


@pytest.mark.parametrize("seed", range(3))
def test_measures_agree_with_networkx(seed) -> None:
    graph, _member = planted_graph(600, seed=seed)
    table = cl.influence_table(graph, seed=seed)
    hubs, authorities = nx.hits(graph, tol=1e-12, max_iter=1000)
    for column, peer in {
        "pagerank": nx.pagerank(graph, tol=1e-15, max_iter=1000),
        "hub": hubs,
        "authority": authorities,
        "core_number": nx.core_number(graph.to_undirected()),
        "betweenness": nx.betweenness_centrality(graph),
    }.items():
        assert max(abs(table.loc[node, column] - value) for node, value in peer.items()) < 1e-6


def test_sampled_betweenness_is_exact_when_everybody_is_sampled(monkeypatch) -> None:
    graph, _member = planted_graph(900, seed=4)
    ties = Ties.of(graph)
    exact, error = measures.betweenness(ties, 0)
    assert not error.any()
    monkeypatch.setattr(measures, "EXACT_TIES", 10)
    whole, error = measures.betweenness(ties, 0)
    assert np.abs(whole - exact).max() < 1e-12
    assert error.max() < 1e-12


def test_sampled_betweenness_knows_its_error(monkeypatch) -> None:
    graph, _member = planted_graph(3000, seed=2)
    ties = Ties.of(graph)
    exact, _error = measures.betweenness(ties, 0)
    monkeypatch.setattr(measures, "EXACT_TIES", 10)
    monkeypatch.setattr(measures, "SAMPLED_STEPS", 1)
    monkeypatch.setattr(measures, "LEAST_SAMPLED", 150)
    off = []
    for seed in range(8):
        sampled, error = measures.betweenness(ties, seed)
        top = np.argsort(-exact)[:20]
        assert (error[top] > 0).all()
        off.append((sampled[top] - exact[top]) / error[top])
    # Within two standard errors in about 95 of 100 cases, and on neither side.
    assert (np.abs(np.array(off)) < 2).mean() > 0.85
    assert abs(np.array(off).mean()) < 0.5


def test_no_result_depends_on_the_order_of_the_graph() -> None:
    graph, _member = planted_graph(400, seed=5)
    turned: nx.DiGraph[str] = nx.DiGraph()
    turned.add_nodes_from(reversed(list(graph)))
    turned.add_edges_from(reversed(list(graph.edges(data=True))))
    pd.testing.assert_frame_equal(cl.influence_table(graph), cl.influence_table(turned))


def test_rank_beyond_fame_compares_two_ranks() -> None:
    graph = chain()
    for node, followers in {"a": 900, "b": 5, "c": 100, "d": 50}.items():
        graph.nodes[node]["followers"] = followers
    table = cl.influence_table(graph)
    # By PageRank among these four: d, b, then a and c alike; by followers: a, c, d, b.
    assert table["rank_beyond_fame"].dropna().to_dict() == {"d": 2, "b": 2, "a": -2, "c": -1}
    assert table.loc["e", "rank_beyond_fame"] is pd.NA


@pytest.mark.parametrize("weight", [0, -1, float("nan"), "three"])
def test_a_weight_that_is_no_positive_number_is_refused(weight) -> None:
    graph: nx.DiGraph[str] = nx.DiGraph()
    graph.add_edge("a", "b", weight=weight)
    with pytest.raises(cl.errors.GraphError, match="weight"):
        cl.influence_table(graph)


def test_influence_refuses_an_undirected_graph() -> None:
    with pytest.raises(cl.errors.GraphError, match="not directed"):
        cl.influence_table(nx.Graph())


def test_influence_of_little_is_little() -> None:
    assert cl.influence_table(nx.DiGraph()).empty
    alone: nx.DiGraph[str] = nx.DiGraph()
    alone.add_node("a")
    assert cl.influence_table(alone)["pagerank"].tolist() == [1.0]
    two = cl.influence_table(nx.DiGraph([("a", "b")]))
    assert two.index.tolist() == ["b", "a"]


def test_without_people_leaves_their_ties_out_too() -> None:
    rest = cl.network.without_people(chain(), ["b", "nobody"])
    assert set(rest) == {"d", "e"}  # a, c and f are left without a tie
    assert len(chain()) == 6


def test_theme_carriers_are_answered_by_two_people(table) -> None:
    posts = table(
        {"post_id": "x:1", "author_id": "x:ada", "author": "ada", "text": "pay"},
        {"post_id": "x:2", "author_id": "x:bob", "author": "bob", "text": "pay"},
        *[
            {"author_id": f"x:{who}", "author": who, "reply_to": "x:1", "reply_to_author": "x:ada"}
            for who in ("cy", "dee", "dee", "ada")
        ],
        {"author_id": "x:cy", "author": "cy", "reply_to": "x:2", "reply_to_author": "x:bob"},
    )
    themes = pd.Series(0, index=posts.index[:2])
    carriers = cl.network.theme_carriers(posts, themes)
    # ada by cy and dee, once each; her own reply does not count; bob by one person only
    assert carriers.values.tolist() == [[0, "x:ada", "ada", 1, 2]]
    assert cl.network.theme_carriers(posts, themes, without=["x:ada"]).empty


@pytest.mark.parametrize("seed", range(5))
def test_the_story_of_the_simulated_chat_comes_out(seed) -> None:
    posts, truth = simulate_chat(seed=seed)
    graph = cl.reply_graph(posts)
    host = set(posts.loc[truth["role"].eq("host").fillna(False), "author_id"])
    panel = posts.loc[truth["role"].eq("panel").fillna(False), ["author_id", "author"]]
    everyone = cl.influence_table(graph)
    participants = cl.influence_table(cl.network.without_people(graph, host))
    # The most answered of the panel has few followers, and leads all but the host.
    first = participants.iloc[0]
    assert first.name in set(panel["author_id"])
    assert (
        first["followers"]
        == participants.loc[participants.index.isin(panel["author_id"]), "followers"].min()
    )
    connector = everyone.index[everyone["author"].str.contains("oostveen")][0]
    order = everyone["betweenness"].rank(ascending=False)
    assert order[connector] <= 15
    broadcaster = posts.loc[truth["role"].eq("promoter").fillna(False), "author_id"].iloc[0]
    assert broadcaster not in set(participants.head(30).index)


def test_measures_agree_with_networkx_on_real_graphs(real: Path) -> None:
    folder = real / "graphs"
    congress = pd.read_csv(folder / "graphistry_twitter_congress_edges_weighted.csv.gz")
    higgs = pd.read_csv(
        folder / "higgs-reply_network.edgelist", sep=" ", names=["from", "to", "weight"]
    )
    for edges in (congress, higgs):
        edges = edges[edges["from"] != edges["to"]]
        graph: nx.DiGraph[object] = nx.DiGraph()
        graph.add_weighted_edges_from(edges.itertuples(index=False, name=None))
        table = cl.influence_table(graph)
        hubs, authorities = nx.hits(graph, tol=1e-12, max_iter=10_000)
        peers = {
            "pagerank": nx.pagerank(graph, tol=1e-15, max_iter=1000),
            "hub": hubs,
            "authority": authorities,
            "core_number": nx.core_number(graph.to_undirected()),
        }
        if len(graph) < 1000:  # networkx takes 20 minutes for the other one
            peers["betweenness"] = nx.betweenness_centrality(graph)
        for column, peer in peers.items():
            apart = table[column] - pd.Series(peer).reindex(table.index)
            assert apart.abs().max() < 1e-6, column
        both_ways = nx.Graph()
        for u, v, weight in graph.edges(data="weight"):
            known = both_ways.get_edge_data(u, v, {"weight": 0})["weight"]
            both_ways.add_edge(u, v, weight=known + weight)
        louvain = nx.community.louvain_communities(both_ways, seed=0)
        ours = cl.network.modularity(graph, table["community"])
        assert ours > nx.community.modularity(both_ways, louvain) - 0.001
