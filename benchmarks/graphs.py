"""How fast and how right are the graph measures? Beside networkx and the floors, in one run.

    python -m benchmarks.graphs                    speed at 10,000, 100,000 and 1,000,000 ties
    python -m benchmarks.graphs --posts            `reply_graph` beside filling a networkx graph
    python -m benchmarks.graphs --layout           5,000 people: CPU, and who stands near whom
    python -m benchmarks.graphs --chat             the simulated chat's story, five seeds
    python -m benchmarks.graphs --real FOLDER      against networkx on real graphs (20 minutes)
    python -m benchmarks.graphs --maps             maps of 50, 500, 5,000 people in Chromium

Graphs are heavy-tailed with planted communities (`planted.py`). Speed is CPU seconds of all
threads in a process of its own, imports left out; only ratios within one run mean anything.
"""

from __future__ import annotations

import argparse
import gc
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import networkx as nx
import numpy as np
import pandas as pd
from scipy.sparse import csc_matrix, identity
from scipy.sparse.linalg import spsolve
from sklearn.metrics import adjusted_rand_score
from sklearn.neighbors import NearestNeighbors

import chatlab as cl
from benchmarks.planted import planted_graph
from data.simulation.story import simulate_chat

ALONE = """
import resource, sys, time
sys.path.insert(0, {here!r})
import networkx as nx
import chatlab as cl
from chatlab.network import communities, influence, measures
from benchmarks.planted import planted_graph
graph, _member = planted_graph({ties}, n_people={people})
before = time.process_time()
{work}
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
print(time.process_time() - before, peak)
"""
OURS = "cl.influence_table(graph)"
PEER = """
nx.pagerank(graph, tol=1e-15, max_iter=1000)
nx.hits(graph, tol=1e-12, max_iter=10_000)
nx.core_number(graph.to_undirected())
nx.betweenness_centrality(graph)
nx.community.louvain_communities(graph, seed=0)
"""


def alone(ties: int, people: int, work: str) -> tuple[float, float]:
    code = ALONE.format(here=str(Path(__file__).parent), ties=ties, people=people, work=work)
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    cpu, peak = map(float, told.stdout.split()[-2:])
    return cpu, peak


def speed() -> None:
    print("whole influence_table with communities: CPU s (peak MB, the graph itself included)")
    for people in (2_000, 5_000, 10_000):
        (ours, _mb), (peer, _mb2) = (alone(10_000, people, work) for work in (OURS, PEER))
        print(
            f"    10,000 ties, {people:>6,} people   chatlab {ours:5.2f}   networkx {peer:6.1f}   "
            f"{peer / ours:.0f} times"
        )
    for ties in (100_000, 1_000_000):
        cpu, peak = alone(ties, ties // 5, OURS)
        print(f"{ties:>10,} ties, {ties // 5:>6,} people   chatlab {cpu:5.1f}   ({peak:,.0f} MB)")


def cpu_of(work: Callable[[], object]) -> float:
    gc.collect()
    before = time.process_time()
    work()
    return time.process_time() - before


def posts_to_graph() -> None:
    """Time the way from posts to graph beside filling a graph from ready lists."""
    posts = many_replies(200_000)
    graph = cl.reply_graph(posts)
    nodes, edges = list(graph.nodes(data=True)), list(graph.edges(data=True))

    def fill() -> None:
        bare: nx.DiGraph = nx.DiGraph()
        bare.add_nodes_from((node, dict(about)) for node, about in nodes)
        bare.add_edges_from((u, v, dict(about)) for u, v, about in edges)

    def fill_one_by_one() -> None:
        bare: nx.DiGraph = nx.DiGraph()
        for u, v in zip(sources, targets, strict=True):
            if bare.has_edge(u, v):
                bare[u][v]["weight"] += 1
            else:
                bare.add_edge(u, v, weight=1)

    sources, targets = posts["author_id"].tolist(), posts["reply_to_author"].tolist()
    print(f"{len(posts):,} posts, {len(nodes):,} people, {len(edges):,} ties")
    for _round in range(5):
        ours = cpu_of(lambda: cl.reply_graph(posts))
        bare, looped = cpu_of(fill), cpu_of(fill_one_by_one)
        print(
            f"  reply_graph {ours:.2f} s   bare fill from ready lists {bare:.2f} s "
            f"({ours / bare:.2f} times)   post by post, weights only {looped:.2f} s "
            f"({ours / looped:.2f} times)"
        )


def many_replies(n: int) -> pd.DataFrame:
    """Make a posts table of replies between heavy-tailed people."""
    graph, _member = planted_graph(n)
    ends = [(u, v) for u, v, about in graph.edges(data=True) for _reply in range(about["weight"])]
    order = np.random.default_rng(0).permutation(len(ends))[:n]
    source, target = zip(*(ends[i] for i in order), strict=True)
    base = simulate_chat(n_editions=1, n_authors=30)[0]
    row = base[base["kind"] == "reply"].iloc[[0]]
    posts = row.loc[row.index.repeat(n)]
    at = pd.Timestamp("2026-03-05", tz="UTC") + pd.to_timedelta(np.arange(n), unit="s")
    return posts.assign(
        post_id=[f"x:{i}" for i in range(n)],
        author_id=list(source),
        author=[f"person_{one[2:]}" for one in source],
        reply_to_author=list(target),
        created_at=at,
    ).set_index(pd.Index([f"x:{i}" for i in range(n)]))


def layout() -> None:
    for mixing in (0.2, 0.3, 0.4):
        graph, member = planted_graph(25_000, n_people=5_000, n_communities=20, mixing=mixing)
        before = time.process_time()
        places = cl.network.network_layout(graph)
        cpu = time.process_time() - before
        near = NearestNeighbors(n_neighbors=10).fit(places).kneighbors(return_distance=False)
        groups = np.array([member[node] for node in places.index])
        alike = float((groups[near] == groups[:, None]).mean())
        chance = float(((np.bincount(groups) / len(groups)) ** 2).sum())
        print(
            f"{len(graph):,} people, mixing {mixing}: {cpu:.1f} s CPU, "
            f"{alike:.2f} of the ten nearest in the same community (chance {chance:.2f})"
        )


def chat() -> None:
    for seed in range(5):
        posts, truth = simulate_chat(seed=seed)
        graph = cl.reply_graph(posts)
        host = set(posts.loc[truth["role"].eq("host").fillna(False), "author_id"])
        everyone = cl.influence_table(graph)
        participants = cl.influence_table(cl.network.without_people(graph, host))
        connector = everyone.index[everyone["author"].str.contains("oostveen")][0]
        between = int(everyone["betweenness"].rank(ascending=False)[connector])
        promoter = posts.loc[truth["role"].eq("promoter").fillna(False), "author_id"].iloc[0]
        order = list(participants.index)
        place = order.index(promoter) + 1 if promoter in order else None
        first = participants.iloc[0]
        print(
            f"seed {seed}: first of the participants @{first['author']} ({first['followers']} "
            f"followers); planted connector {between}. by betweenness; broadcaster "
            f"{f'{place}. of {len(order)}' if place else 'in no tie'}"
        )
        for editions, resolution in ((6, 1.0), (6, 0.5), (40, 0.5)):
            likeness, n, crossing = planted_ari(seed, editions, resolution)
            print(
                f"    {editions} editions, resolution {resolution}: ARI {likeness:.2f} over {n} "
                f"people with four neighbours or more; {crossing:.0%} of the replies cross"
            )


def planted_ari(seed: int, editions: int, resolution: float) -> tuple[float, int, float]:
    posts, truth = simulate_chat(n_editions=editions, seed=seed)
    planted = truth["community"].set_axis(posts["author_id"]).dropna()
    planted = planted[~planted.index.duplicated()]
    host = set(posts.loc[truth["role"].eq("host").fillna(False), "author_id"])
    graph = cl.network.without_people(cl.reply_graph(posts), host)
    ties = [
        (planted[u] == planted[v], about["weight"])
        for u, v, about in graph.edges(data=True)
        if {planted.get(u), planted.get(v)} <= {"fr", "en"}
    ]
    crossing = sum(w for same, w in ties if not same) / sum(w for _same, w in ties)
    together = max(nx.weakly_connected_components(graph), key=len)
    neighbours = dict(graph.to_undirected().degree(together))
    known = [node for node, n in neighbours.items() if n >= 4 and planted[node] in ("fr", "en")]
    found = cl.find_communities(graph, resolution=resolution)
    return adjusted_rand_score(planted[known], found[known]), len(known), crossing


def real(folder: Path) -> None:
    congress = pd.read_csv(folder / "graphs" / "graphistry_twitter_congress_edges_weighted.csv.gz")
    higgs = pd.read_csv(
        folder / "graphs" / "higgs-reply_network.edgelist",
        sep=" ",
        names=["from", "to", "weight"],
    )
    for name, edges in (("congress", congress), ("higgs", higgs)):
        graph: nx.DiGraph = nx.DiGraph()
        others = edges[edges["from"] != edges["to"]]
        graph.add_weighted_edges_from(others.itertuples(index=False, name=None))
        compare(name, graph)


def compare(name: str, graph: nx.DiGraph) -> None:
    """Print how far each measure is from networkx's, and what networkx took."""
    before = time.process_time()
    table = cl.influence_table(graph)
    print(
        f"{name}: {len(graph):,} people, {graph.number_of_edges():,} ties; "
        f"chatlab {time.process_time() - before:.1f} s CPU"
    )
    hubs, authorities = nx.hits(graph, tol=1e-12, max_iter=10_000)
    both = nx.Graph()
    for u, v, weight in graph.edges(data="weight"):
        both.add_edge(u, v, weight=weight + both.get_edge_data(u, v, {"weight": 0})["weight"])
    peers = {
        "pagerank": lambda: nx.pagerank(graph, tol=1e-15, max_iter=1000),
        "hub": lambda: hubs,
        "authority": lambda: authorities,
        "core_number": lambda: nx.core_number(both),
        "betweenness": lambda: nx.betweenness_centrality(graph),
    }
    for column, peer in peers.items():
        before = time.process_time()
        apart = (table[column] - pd.Series(peer()).reindex(table.index)).abs().max()
        print(f"  {column}: apart {apart:.1e} (networkx {time.process_time() - before:.1f} s)")
    exact = exact_pagerank(graph, table.index)
    error = ((table["pagerank"] - exact).abs() / exact)[table.index[:100]].max()
    print(f"  pagerank, first 100 against the exact solution: {error:.1e}")
    best = max(
        nx.community.modularity(both, nx.community.louvain_communities(both, seed=seed))
        for seed in range(5)
    )
    ours = cl.network.modularity(graph, table["community"])
    print(f"  modularity {ours:.5f}, networkx's Louvain, best of five, {best:.5f}")


def exact_pagerank(graph: nx.DiGraph, order: pd.Index) -> pd.Series:
    """Solve PageRank's equation directly; people who answer nobody answer everybody alike."""
    n = len(order)
    matrix = nx.to_scipy_sparse_array(graph, nodelist=list(order), weight="weight", format="csr")
    given = np.asarray(matrix.sum(axis=1))
    scaled = matrix.multiply(np.divide(1, given, out=np.zeros(n), where=given > 0)[:, None])
    system = csc_matrix(identity(n) - 0.85 * scaled.T)
    # Whatever the silent people add is the same for all: solve for one and scale the sum to 1.
    flat = spsolve(system, np.ones(n))
    return pd.Series(flat / flat.sum(), order)


MAP_PAGE = """<!doctype html><meta charset="utf-8"><body><div id="plot"></div>
<script>{plotly}</script><script>
const figure = {figure};
async function draw() {{
  const target = document.getElementById("plot"), t0 = performance.now();
  await Plotly.newPlot(target, figure.data, figure.layout);
  await new Promise(r => requestAnimationFrame(() => requestAnimationFrame(r)));
  const t1 = performance.now();
  for (let i = 0; i < 5; i++) {{
    await Plotly.relayout(target, {{"xaxis.range": [0.1 + i / 50, 0.8]}});
    await new Promise(r => requestAnimationFrame(() => requestAnimationFrame(r)));
  }}
  return [t1 - t0, (performance.now() - t1) / 5];
}}
</script>"""


def maps() -> None:
    """Draw each map and a bare scattergl of the same size in Chromium, alternating."""
    import shutil
    import tempfile

    import plotly.graph_objects as go
    from playwright.sync_api import sync_playwright
    from plotly.offline import get_plotlyjs

    with sync_playwright() as playwright, tempfile.TemporaryDirectory() as folder:
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--no-sandbox"]
        )
        for n in (50, 500, 5_000):
            graph, _member = planted_graph(5 * n, n_people=n, n_communities=max(4, n // 250))
            before = time.process_time()
            ours = cl.report.plot.network(graph).to_json()
            made = time.process_time() - before
            places = cl.network.network_layout(graph).astype("float32")
            ends = np.array([(u, v) for u, v in graph.edges])
            lines = np.full((len(ends), 3, 2), np.nan, dtype="float32")
            for side in (0, 1):
                lines[:, side] = places.loc[ends[:, side]].to_numpy()
            flat = lines.reshape(-1, 2)
            bare = go.Figure(
                [
                    go.Scattergl(x=flat[:, 0], y=flat[:, 1], mode="lines", line={"width": 0.5}),
                    go.Scattergl(x=places["x"], y=places["y"], mode="markers"),
                ],
                {"height": 720},
            ).to_json()
            timed: dict[str, list[list[float]]] = {"chatlab": [], "bare scattergl": []}
            for _round in range(3):
                for name, figure in (("chatlab", ours), ("bare scattergl", bare)):
                    page = browser.new_page(viewport={"width": 1000, "height": 800})
                    file = Path(folder) / "map.html"
                    file.write_text(
                        MAP_PAGE.format(plotly=get_plotlyjs(), figure=figure),
                        encoding="utf-8",
                    )
                    page.goto(file.as_uri())
                    timed[name].append(page.evaluate("draw()"))
                    page.close()
            print(f"{n:,} people, {len(ends):,} ties; figure made in {made:.1f} s CPU")
            for name, size in (("chatlab", len(ours)), ("bare scattergl", len(bare))):
                first, zoom = np.median(np.array(timed[name]), axis=0)
                print(
                    f"  {name:15} first {first:6.0f} ms   zoom {zoom:6.0f} ms   {size / 1e6:.2f} MB"
                )
        browser.close()


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    for name in ("posts", "layout", "chat", "maps"):
        parser.add_argument(f"--{name}", action="store_true")
    parser.add_argument("--real", type=Path, metavar="FOLDER")
    options = parser.parse_args()
    wanted = [
        work
        for name, work in (
            ("posts", posts_to_graph),
            ("layout", layout),
            ("chat", chat),
            ("maps", maps),
        )
        if getattr(options, name)
    ]
    for work in wanted:
        work()
    if options.real:
        real(options.real)
    if not wanted and not options.real:
        speed()


if __name__ == "__main__":
    main()
