"""Heavy-tailed graphs with planted communities, as conversations have them."""

from __future__ import annotations

import networkx as nx
import numpy as np


def planted_graph(
    n_ties: int, *, n_people: int | None = None, n_communities: int = 0, mixing: float = 0.2, seed=0
) -> tuple[nx.DiGraph, dict[str, int]]:
    """Draw ties between people whose activity has a heavy tail; some leave their community.

    `mixing` is the share of ties drawn over everybody. Returns the graph, with weights, and the
    community of each person.
    """
    rng = np.random.default_rng(seed)
    n = n_people or max(n_ties // 5, 20)
    k = n_communities or max(4, int(n**0.5 / 4))
    # Uneven, but none so large that it is most of the graph.
    sizes = np.minimum(rng.pareto(1.5, k) + 1, 4)
    member = rng.choice(k, n, p=sizes / sizes.sum())
    weight = np.minimum(rng.pareto(1.6, n) + 1, 2 * n**0.5)
    likely = weight / weight.sum()
    source = rng.choice(n, 2 * n_ties, p=likely)
    target = rng.choice(n, 2 * n_ties, p=likely)
    inside = rng.random(2 * n_ties) >= mixing
    for community in range(k):
        rows = np.flatnonzero(inside & (member[source] == community))
        people = np.flatnonzero(member == community)
        if len(rows):
            own = weight[people] / weight[people].sum()
            target[rows] = rng.choice(people, len(rows), p=own)
    pairs = np.unique(np.stack([source, target], axis=1)[source != target], axis=0)
    pairs = pairs[rng.permutation(len(pairs))[:n_ties]]
    graph: nx.DiGraph = nx.DiGraph()
    counts = rng.geometric(0.6, len(pairs)).tolist()
    names = [f"x:{i}" for i in range(n)]
    graph.add_edges_from(
        (names[u], names[v], {"weight": w})
        for (u, v), w in zip(pairs.tolist(), counts, strict=True)
    )
    return graph, {names[i]: int(member[i]) for i in range(n)}
