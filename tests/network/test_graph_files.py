from __future__ import annotations

from pathlib import Path
from xml.etree import ElementTree

import networkx as nx
import openpyxl
import pandas as pd
import pytest

import chatlab as cl
from tests.network.test_graph import talk  # noqa: F401

GEXF = "{http://www.gexf.net/1.2draft}"
VIZ = "{http://www.gexf.net/1.2draft/viz}"


def same(one: nx.Graph, other: nx.Graph) -> bool:
    return dict(one.nodes(data=True)) == dict(other.nodes(data=True)) and {
        (u, v): about for u, v, about in one.edges(data=True)
    } == {(u, v): about for u, v, about in other.edges(data=True)}


@pytest.mark.parametrize("ending", ["gexf", "graphml", "csv", "xlsx"])
def test_groups_are_written_and_read_back(talk, tmp_path: Path, ending) -> None:  # noqa: F811
    graph = cl.reply_graph(talk)
    groups = cl.find_communities(graph)
    cl.write_graph(graph, tmp_path / f"g.{ending}", communities=groups)
    assert "community" not in graph.nodes["x:1"]
    again = cl.read_graph(tmp_path / f"g.{ending}")
    assert {node: again.nodes[node].pop("community") for node in again} == groups.to_dict()
    assert same(again, graph)


def test_gexf_has_sizes_colours_places_and_times(talk, tmp_path: Path) -> None:  # noqa: F811
    path = tmp_path / "g.gexf"
    cl.write_graph(cl.reply_graph(talk), path)
    root = ElementTree.parse(path).getroot()
    drawn = root.find(f"{GEXF}graph")
    assert drawn.get("timeformat") == "date"
    assert drawn.get("mode") == "dynamic"
    nodes = {node.get("label"): node for node in root.iter(f"{GEXF}node")}
    assert set(nodes) == {"ada", "bob", "out"}
    for node in nodes.values():
        assert float(node.find(f"{VIZ}size").get("value")) >= 8
        assert node.find(f"{VIZ}position").get("x")
        assert 0 <= int(node.find(f"{VIZ}color").get("r")) <= 255
    sizes = {name: float(node.find(f"{VIZ}size").get("value")) for name, node in nodes.items()}
    assert sizes["ada"] > sizes["bob"]  # answered by one person, by none
    tie = min(root.iter(f"{GEXF}edge"), key=lambda edge: edge.get("start"))
    assert tie.get("start") == "2026-03-05T08:01:00+00:00"
    assert tie.get("end") == "2026-03-05T08:02:00+00:00"


def test_a_workbook_runs_no_formula(table, tmp_path: Path) -> None:
    posts = table(
        {"author_id": "x:1", "author": "=1+1"},
        {"author_id": "x:2", "author": "b", "reply_to": "x:1", "reply_to_author": "x:1"},
    )
    cl.write_graph(cl.reply_graph(posts), tmp_path / "g.xlsx")
    book = openpyxl.load_workbook(tmp_path / "g.xlsx")
    kinds = {cell.data_type for sheet in book for row in sheet.iter_rows() for cell in row}
    assert "f" not in kinds
    assert cl.read_graph(tmp_path / "g.xlsx").nodes["x:1"]["author"] == "=1+1"


def test_names_of_attributes_run_no_formula_either(tmp_path: Path) -> None:
    graph: nx.DiGraph[str] = nx.DiGraph()
    graph.add_edge("a", "b")
    graph.nodes["a"]["=1+1"] = "x"
    cl.write_graph(graph, tmp_path / "g.xlsx")
    book = openpyxl.load_workbook(tmp_path / "g.xlsx")
    assert book["Vertices"]["B1"].value == "=1+1"
    assert book["Vertices"]["B1"].data_type == "s"


def nodexl(path: Path) -> None:
    """Write what NodeXL's Twitter importer writes: a title row, then the header."""
    book = openpyxl.Workbook()
    edges = book.active
    edges.title = "Edges"
    edges.append(["", "", "Visual Properties"])
    edges.append(
        ["Vertex 1", "Vertex 2", "Color", "Relationship", "Relationship Date (UTC)", "Imported ID"]
    )
    for row in (
        ["Ada", "bob", None, "Replies to", "2026-03-05 08:00:00", "1"],
        ["ada", "cy", None, "Mentions", "2026-03-05 08:00:00", "1"],
        ["ada", "bob", None, "Replies to", "2026-03-05 08:09:00", "2"],
        ["bob", "bob", None, "Tweet", "2026-03-05 08:03:00", "3"],
        ["cy", "ada", None, "Retweet", "2026-03-05 08:04:00", "4"],
        ["cy", "bob", None, "MentionsInRetweet", "2026-03-05 08:04:00", "4"],
    ):
        edges.append(row)
    people = book.create_sheet("Vertices")
    people.append(["", ""])
    people.append(["Vertex", "Name", "Followers"])
    for row in (["ada", "Ada L.", 7], ["bob", "Bob", None], ["cy", None, 3]):
        people.append(row)
    book.save(path)


def test_a_nodexl_workbook_gives_the_interaction_graph(tmp_path: Path) -> None:
    nodexl(tmp_path / "n.xlsx")
    graph = cl.read_graph(tmp_path / "n.xlsx")
    counts = {
        (u, v): {
            name: about[name] for name in ("reply", "mention", "quote", "repost") if about[name]
        }
        for u, v, about in graph.edges(data=True)
    }
    assert counts == {
        ("x:@ada", "x:@bob"): {"reply": 2},
        ("x:@ada", "x:@cy"): {"mention": 1},
        ("x:@cy", "x:@ada"): {"repost": 1},
    }
    assert graph.edges["x:@ada", "x:@bob"]["first"] == "2026-03-05T08:00:00+00:00"
    assert graph.edges["x:@ada", "x:@bob"]["last"] == "2026-03-05T08:09:00+00:00"
    assert graph.nodes["x:@ada"]["followers"] == 7
    assert {node: graph.nodes[node]["posts"] for node in graph} == {
        "x:@ada": 2,
        "x:@bob": 1,
        "x:@cy": 1,
    }
    # The same ties as from the posts that the workbook holds.
    posts = cl.read_posts(tmp_path / "n.xlsx", source="nodexl")
    from_posts = cl.reply_graph(posts)
    assert set(from_posts.edges) == {("x:@ada", "x:@bob")}


def test_several_ties_of_another_tool_become_one(tmp_path: Path) -> None:
    many: nx.MultiDiGraph[str] = nx.MultiDiGraph()
    many.add_node("n0", name="ada")
    many.add_node("n1", label="bob")
    many.add_edge("n0", "n1")
    many.add_edge("n0", "n1", weight=2)
    nx.write_graphml(many, tmp_path / "m.graphml")
    graph = cl.read_graph(tmp_path / "m.graphml")
    assert graph.edges["n0", "n1"]["weight"] == 3
    assert [graph.nodes[node]["author"] for node in ("n0", "n1")] == ["ada", "bob"]
    assert cl.influence_table(graph).loc["n1", "replies_received"] == 3


@pytest.mark.parametrize("ending", ["gexf", "graphml", "csv", "xlsx"])
def test_a_damaged_file_is_told(tmp_path: Path, ending) -> None:
    (tmp_path / f"g.{ending}").write_text("no graph at all")
    with pytest.raises(cl.errors.GraphError, match="cannot be read as a graph"):
        cl.read_graph(tmp_path / f"g.{ending}")


def test_a_workbook_without_ties_says_what_it_has(tmp_path: Path) -> None:
    openpyxl.Workbook().save(tmp_path / "g.xlsx")
    with pytest.raises(cl.errors.GraphError, match="no sheet Edges; it has Sheet"):
        cl.read_graph(tmp_path / "g.xlsx")


def test_two_mode_graphs_tell_people_from_things(table, tmp_path: Path) -> None:
    posts = table(
        {"author_id": "x:1", "author": "ada", "hashtags": ["chat", "pay"]},
        {"author_id": "x:1", "author": "ada", "hashtags": ["pay", "pay"]},
        {"author_id": "x:2", "author": "bob", "hashtags": ["pay"], "repost_of": "x:1"},
    )
    tags = cl.network.author_hashtag_graph(posts, leave_out=["#Chat"])
    assert dict(tags.edges) == {("x:1", "#pay"): {"weight": 2}}
    assert tags.nodes["#pay"] == {"mode": "hashtag", "name": "#pay", "posts": 2}
    assert tags.nodes["x:1"]["mode"] == "person"
    themes = pd.Series([0, pd.NA, 0], index=posts.index, dtype="Int64")
    about = cl.network.author_theme_graph(posts, themes, names={0: "money"})
    assert dict(about.edges) == {("x:1", "theme:0"): {"weight": 1}}
    assert about.nodes["theme:0"]["name"] == "money"
    cl.write_graph(about, tmp_path / "two.graphml")
    assert same(cl.read_graph(tmp_path / "two.graphml"), about)
    assert len(cl.network.author_hashtag_graph(cl.posts.empty_posts())) == 0


def handles(graph: nx.Graph) -> dict[object, str]:
    return {node: str(graph.nodes[node].get("author", node)).casefold() for node in graph}


@pytest.mark.parametrize("name", ["abacbs2017", "bosc17", "vizbi", "lorne", "sbrs", "user2018"])
def test_ties_are_those_of_the_collectors_own_graphs(real: Path, name) -> None:
    """Against the collector's graphs: differences are later snapshots, and ties to oneself."""
    path = next((real / "rtweet_csv").glob(f"*{name.removesuffix('2017')}*"), None)
    if path is None:
        pytest.skip(f"no table beside the graph of {name}")
    theirs = cl.read_graph(real / "graphs" / f"neilfws_{name}_replies.graphml")
    names = handles(theirs)
    known = {(names[u], names[v]) for u, v in theirs.edges if names[u] != names[v]}
    graph = cl.reply_graph(cl.read_posts(path))
    names = handles(graph)
    ours = {(names[u], names[v]) for u, v in graph.edges}
    assert len(known & ours) >= 0.9 * max(len(known), 1)


@pytest.mark.parametrize("ending", ["gexf", "graphml"])
def test_ids_with_control_signs_make_well_formed_files(tmp_path, ending: str) -> None:
    graph = nx.DiGraph()
    graph.add_edge("other:a\x01", "other:a\x02", weight=1, note="x\x00y")
    graph.add_node("other:a\x1b[31m", author="bad\x07")
    path = tmp_path / f"threads.{ending}"
    cl.write_graph(graph, path)
    assert not [sign for sign in path.read_text() if ord(sign) < 32 and sign not in "\n\t"]
    again = cl.read_graph(path)
    assert (len(again), again.number_of_edges()) == (3, 1)
    assert next(iter(graph)) == "other:a\x01"  # the caller's graph stays as it is


def test_a_workbook_that_unpacks_to_too_much_is_no_graph(tmp_path) -> None:
    from tests.io.test_bounds import workbook_of_zeros

    workbook_of_zeros(tmp_path / "bomb.xlsx")
    with pytest.raises(cl.errors.GraphError, match="expands to over"):
        cl.read_graph(tmp_path / "bomb.xlsx")
