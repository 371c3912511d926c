from __future__ import annotations

import networkx as nx
import pandas as pd
import pytest
from sklearn.metrics import adjusted_rand_score

import chatlab as cl
from benchmarks.planted import planted_graph
from data.simulation.story import simulate_chat


def two_circles() -> nx.DiGraph[str]:
    """Two triangles, tied by c and d; z stands alone."""
    graph: nx.DiGraph[str] = nx.DiGraph()
    for one, two, three in ("abc", "def"):
        graph.add_edges_from([(one, two), (two, three), (three, one)], weight=2)
    graph.add_edge("c", "d", weight=1)
    graph.add_node("z")
    for node in graph:
        graph.nodes[node]["author"] = node
    return graph


def test_communities_are_the_tied_circles() -> None:
    found = cl.find_communities(two_circles())
    # Equal in size: the one with the first member comes first.
    assert found.to_dict() == {"a": 0, "b": 0, "c": 0, "d": 1, "e": 1, "f": 1, "z": 2}
    assert list(found.index) == list(two_circles())


def test_modularity_by_hand() -> None:
    graph = two_circles()
    found = cl.find_communities(graph)
    # Ties weigh 13; 12 stay inside. Each circle has 13 of 26 ends: chance puts 2 * (1/2)^2 there.
    assert cl.network.modularity(graph, found) == pytest.approx(12 / 13 - 0.5)
    both_ways = graph.to_undirected()
    groups = [set(found.index[found == number]) for number in found.unique()]
    peer = nx.community.modularity(both_ways, groups)
    assert cl.network.modularity(graph, found) == pytest.approx(peer)
    assert cl.network.modularity(nx.DiGraph(), pd.Series(dtype="Int64")) == 0


def test_weights_of_both_directions_are_added() -> None:
    graph: nx.DiGraph[str] = nx.DiGraph()
    graph.add_edge("a", "b", weight=3)
    graph.add_edge("b", "a", weight=1)
    graph.add_edge("a", "c", weight=4)
    groups = pd.Series({"a": 0, "b": 0, "c": 1})
    # Of 8, 4 stay inside; ends: 8 + 4 in the first group, 4 in the second, of 16.
    assert cl.network.modularity(graph, groups) == pytest.approx(
        4 / 8 - ((12 / 16) ** 2 + (4 / 16) ** 2)
    )


def test_resolution_makes_more_and_smaller_groups() -> None:
    graph, _member = planted_graph(2000, n_communities=6, seed=1)
    numbers = [cl.find_communities(graph, resolution=r).nunique() for r in (0.2, 1.0, 6.0)]
    assert numbers == sorted(numbers)
    assert numbers[0] < numbers[2]


@pytest.mark.parametrize("seed", range(3))
def test_planted_communities_are_found(seed) -> None:
    graph, member = planted_graph(6000, n_people=600, n_communities=6, mixing=0.2, seed=seed)
    found = cl.find_communities(graph)
    assert adjusted_rand_score([member[node] for node in found.index], found) > 0.9


@pytest.mark.parametrize("seed", range(5))
def test_communities_of_the_simulated_chat_are_found_where_mixing_allows(seed) -> None:
    """One reply in sixteen crosses: who has fewer than four neighbours is not placed by ties."""
    posts, truth = simulate_chat(n_editions=40, seed=seed)
    planted = truth["community"].set_axis(posts["author_id"]).dropna()
    planted = planted[~planted.index.duplicated()]
    host = posts.loc[truth["role"].eq("host").fillna(False), "author_id"]
    graph = cl.network.without_people(cl.reply_graph(posts), set(host))
    together = max(nx.weakly_connected_components(graph), key=len)
    neighbours = dict(graph.to_undirected().degree(together))
    known = [node for node, n in neighbours.items() if n >= 4 and planted[node] in ("fr", "en")]
    assert len(known) > 50
    found = cl.find_communities(graph, resolution=0.5)
    assert adjusted_rand_score(planted[known], found[known]) >= 0.9


def test_stability_tells_firm_groups_from_chance() -> None:
    graph, _member = planted_graph(6000, n_people=600, n_communities=4, mixing=0.1, seed=2)
    found = cl.find_communities(graph)
    firm = cl.network.community_stability(graph, found)
    large = found.value_counts().index[found.value_counts() > 30]
    assert firm.loc[large, "stable"].all()
    chance = nx.gnp_random_graph(300, 0.012, seed=1, directed=True)
    loose = cl.network.community_stability(chance, cl.find_communities(chance))
    assert loose["over_people"].head(5).max() < 0.6
    assert not loose["stable"].head(5).any()


def test_community_table_by_hand(table) -> None:
    graph = two_circles()
    graph.add_edge("a", "c", weight=1)
    groups = cl.find_communities(graph)
    posts = table(
        *[
            {"author_id": who, "author": who, "hashtags": ["pay", "all"], "lang": "fr"}
            for who in "ab"
        ],
        *[{"author_id": who, "author": who, "hashtags": ["all"], "lang": "en"} for who in "cdef"],
    )
    themes = pd.Series(0, index=posts.index[:2])
    rows = cl.network.community_table(graph, groups, posts=posts, themes=themes, names={0: "money"})
    first = rows.loc[0]
    assert first["community_name"] == "1 · @c"  # answered by a and b
    assert first["people"] == 3
    assert first["people_share"] == pytest.approx(3 / 7)
    # Inside a-b 2, b-c 2, c-a 2, a-c 1; to the other circle c-d 1.
    assert first["weight"] == 8
    assert first["inside"] == pytest.approx(7 / 8)
    assert first["most_answered"] == ["c", "a", "b"]
    assert first["hashtags"] == ["#pay"]  # two of three use it, two of six in all; #all everybody
    assert first["languages"] == ["fr", "en"]
    assert first["themes"] == ["money"]
    assert rows.loc[1, "themes"] == []
    assert list(rows.index) == [0, 1]  # z alone is no group


def test_a_group_that_is_not_firm_is_marked() -> None:
    graph = two_circles()
    groups = cl.find_communities(graph)
    firm = pd.DataFrame({"stable": [True, False, True]})
    names = cl.network.community_table(graph, groups, stability=firm)["community_name"]
    assert [name.endswith("(?)") for name in names] == [False, True]


def test_community_ties_count_by_direction() -> None:
    graph = two_circles()
    matrix = cl.network.community_ties(graph, cl.find_communities(graph))
    assert matrix.loc[0].to_dict() == {0: 6, 1: 1, -1: 0}
    assert matrix.loc[1].to_dict() == {0: 0, 1: 6, -1: 0}


def test_bridges_are_tied_to_other_groups() -> None:
    graph = two_circles()
    bridges = cl.network.bridge_table(graph, cl.find_communities(graph))
    assert bridges["author"].tolist() == ["c", "d"]
    assert bridges.loc["c", "groups_linked"] == [1]
    # Of c's 5 replies, 4 go to its own circle: 1 - (4/5)^2 - (1/5)^2.
    assert bridges.loc["c", "participation"] == pytest.approx(1 - (4 / 5) ** 2 - (1 / 5) ** 2)


def test_tables_of_nothing_are_empty() -> None:
    nothing: nx.DiGraph[str] = nx.DiGraph()
    groups = cl.find_communities(nothing)
    assert groups.empty
    assert cl.network.community_table(nothing, groups).empty
    assert cl.network.bridge_table(nothing, groups).empty
    assert cl.network.community_ties(nothing, groups).empty
    assert cl.network.community_stability(nothing, groups).empty
    alone: nx.DiGraph[str] = nx.DiGraph()
    alone.add_node("a")
    assert cl.find_communities(alone).tolist() == [0]
    assert cl.network.community_table(alone, cl.find_communities(alone)).empty
