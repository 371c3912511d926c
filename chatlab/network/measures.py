"""A graph's ties as arrays, and the measures that compiled libraries compute on them.

Definitions: ties to oneself are left out; PageRank and HITS follow the direction and the weight
of a tie; betweenness follows the direction and ignores the weight; cores and communities ignore
the direction, communities add the weights of both directions. A weight that is absent is 1.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any, TypeAlias

import graspologic_native
import networkx as nx
import numpy as np
import rustworkx
from scipy.sparse import csr_array, diags_array, triu
from scipy.sparse.csgraph import connected_components
from scipy.sparse.linalg import svds

from chatlab.errors import GraphError

Floats: TypeAlias = "np.ndarray[Any, np.dtype[np.float64]]"
Numbers: TypeAlias = "np.ndarray[Any, np.dtype[np.int64]]"
DAMPING = 0.85
CONVERGED = 1e-13
MAX_STEPS = 1_000
# Betweenness is exact in connected parts of up to so many ties; beyond, it takes so many steps
# from tie to tie, spread over sampled people, and never fewer people than these.
EXACT_TIES = 25_000
SAMPLED_STEPS = 60_000_000
LEAST_SAMPLED = 200
BLOCK_CELLS = 2_000_000
# Leiden: the best of so many runs where that is quick.
QUICK_TIES = 60_000
TRIALS = 5
CYCLES = 3


@dataclass(frozen=True)
class Ties:
    """A graph as arrays: the sorted node keys, and source, target and weight of every tie."""

    nodes: list[Any]
    source: Numbers
    target: Numbers
    weight: Floats

    @classmethod
    def of(cls, graph: nx.Graph[Any]) -> Ties:
        """Read the ties of a graph.

        Raises
        ------
        GraphError
            When a weight is not a positive number.
        """
        nodes = sorted(graph, key=str)
        place = {node: i for i, node in enumerate(nodes)}
        edges = list(graph.edges(data="weight", default=1))
        source = np.fromiter((place[u] for u, _v, _w in edges), np.int64, len(edges))
        target = np.fromiter((place[v] for _u, v, _w in edges), np.int64, len(edges))
        try:
            weight = np.fromiter((float(w) for _u, _v, w in edges), np.float64, len(edges))
        except (TypeError, ValueError) as error:
            raise GraphError(f"`graph` has a tie whose weight is no number: {error}.") from error
        if not (np.isfinite(weight) & (weight > 0)).all():
            odd = weight[~(np.isfinite(weight) & (weight > 0))][0]
            raise GraphError(f"`graph` has a tie of weight {odd}; weights are positive numbers.")
        others = source != target
        # In the order of the keys, so that no result depends on the order of the graph.
        order = np.lexsort((target[others], source[others]))
        return cls(nodes, source[others][order], target[others][order], weight[others][order])

    def __len__(self) -> int:
        return len(self.nodes)

    @cached_property
    def weighted(self) -> csr_array:
        """The matrix of weights, from row to column."""
        return self._matrix(self.weight)

    @cached_property
    def plain(self) -> csr_array:
        """The matrix of ties: 1 where there is one."""
        return self._matrix(np.ones(len(self.source)))

    @cached_property
    def both_ways(self) -> csr_array:
        """The matrix of weights without direction: both directions added."""
        return csr_array(self.weighted + self.weighted.T)

    def _matrix(self, values: Floats) -> csr_array:
        shape = (len(self), len(self))
        return csr_array((values, (self.source, self.target)), shape=shape)


def pagerank(ties: Ties) -> Floats:
    """Compute PageRank by power iteration, to a total change below 1e-13."""
    n = len(ties)
    if not n:
        return np.zeros(0)
    given = ties.weighted.sum(axis=1)
    silent = given == 0
    share = np.divide(1.0, given, out=np.zeros(n), where=~silent)
    step = csr_array((diags_array(share) @ ties.weighted).T)
    rank = np.full(n, 1 / n)
    for _step in range(MAX_STEPS):
        moved = DAMPING * (step @ rank + rank[silent].sum() / n) + (1 - DAMPING) / n
        change = np.abs(moved - rank).sum()
        rank = moved
        if change < CONVERGED:
            break
    return np.asarray(rank / rank.sum())


def hubs_and_authorities(ties: Ties) -> tuple[Floats, Floats]:
    """Compute HITS: the leading singular vectors of the weights, each summing to 1."""
    n = len(ties)
    if not len(ties.source):
        return np.zeros(n), np.zeros(n)
    if n < 3:
        authority = np.linalg.svd(ties.weighted.toarray())[2][0]
    else:
        # A start from all alike makes the result the same every time.
        start = np.asarray(ties.weighted.T @ np.ones(n))
        _left, _value, right = svds(ties.weighted, k=1, v0=start, tol=0, maxiter=100 * n)
        authority = right[0]
    authority = np.abs(authority)
    hub = np.abs(ties.weighted @ authority)
    return hub / hub.sum(), authority / authority.sum()


def core_numbers(ties: Ties) -> Numbers:
    """Compute core numbers, without direction."""
    pairs = np.unique(np.sort(np.stack([ties.source, ties.target], axis=1), axis=1), axis=0)
    graph: Any = rustworkx.PyGraph(multigraph=False)
    graph.add_nodes_from(range(len(ties)))
    graph.add_edges_from_no_data(list(map(tuple, pairs.tolist())))
    cores: Any = rustworkx.core_number(graph)
    return np.fromiter((cores[i] for i in range(len(ties))), np.int64, len(ties))


def betweenness(ties: Ties, seed: int) -> tuple[Floats, Floats]:
    """Compute betweenness and its standard error, which is 0 where it is exact.

    Each connected part is computed by itself: exactly by Brandes' algorithm up to `EXACT_TIES`
    ties, from sampled people beyond.
    """
    n = len(ties)
    value, error = np.zeros(n), np.zeros(n)
    for members, part in _connected_parts(ties):
        if part.nnz <= EXACT_TIES:
            value[members] = _exact_paths(part)
        else:
            value[members], error[members] = _sampled_paths(part, seed)
    pairs = max((n - 1) * (n - 2), 1)
    return value / pairs, error / pairs


def places_by_label(labels: Any, n: int) -> list[Numbers]:
    """List, for each label from 0 to n - 1, the places where it stands, in order."""
    order = np.argsort(labels, kind="stable")
    bounds = np.searchsorted(labels[order], np.arange(n + 1))
    return [order[bounds[i] : bounds[i + 1]] for i in range(n)]


def _connected_parts(ties: Ties) -> Iterator[tuple[Numbers, csr_array]]:
    """Give each part with a path of two ties or more; nobody is between others elsewhere."""
    n_parts, part = connected_components(ties.plain, directed=False)
    local = np.empty(len(ties), dtype=np.int64)
    of_people, of_ties = places_by_label(part, n_parts), places_by_label(part[ties.source], n_parts)
    for members, own in zip(of_people, of_ties, strict=True):
        if len(members) < 3:
            continue
        local[members] = np.arange(len(members))
        places = (local[ties.source[own]], local[ties.target[own]])
        shape = (len(members), len(members))
        yield members, csr_array((np.ones(len(own)), places), shape=shape)


def _exact_paths(part: csr_array) -> Floats:
    source, target = part.nonzero()
    graph: Any = rustworkx.PyDiGraph(multigraph=False)
    graph.add_nodes_from(range(part.shape[0]))
    graph.add_edges_from_no_data(list(zip(source.tolist(), target.tolist(), strict=True)))
    n = part.shape[0]
    # Threads add sums in another order each time: on one, the last digits repeat too.
    found = rustworkx.digraph_betweenness_centrality(
        graph, normalized=False, parallel_threshold=n + 1
    )
    return np.fromiter((found[i] for i in range(n)), np.float64, n)


def _sampled_paths(part: csr_array, seed: int) -> tuple[Floats, Floats]:
    """Estimate the shortest paths through each person from a sample of their starts."""
    n = part.shape[0]
    # A path starts from somebody who answers; the others add nothing.
    starts = np.flatnonzero(np.diff(part.indptr))
    k = min(len(starts), max(LEAST_SAMPLED, SAMPLED_STEPS // part.nnz))
    chosen = np.sort(np.random.default_rng(seed).choice(starts, k, replace=False))
    total, squares = np.zeros(n), np.zeros(n)
    block = max(1, min(16, BLOCK_CELLS // n))
    reverse = csr_array(part.T)
    for i in range(0, k, block):
        through = _paths_from(part, reverse, chosen[i : i + block])
        total += through.sum(axis=1)
        squares += (through**2).sum(axis=1)
    mean = total / k
    spread = np.sqrt(np.maximum(squares / k - mean**2, 0) * k / max(k - 1, 1))
    unseen = 1 - k / len(starts)
    return mean * len(starts), spread * len(starts) * np.sqrt(unseen / k)


def _paths_from(part: csr_array, reverse: csr_array, starts: Numbers) -> Floats:
    """Count, for several starts at once, the share of shortest paths through each person.

    Brandes' two sweeps, a matrix product per step: outwards counts paths, back adds shares.
    """
    shape = (part.shape[0], len(starts))
    own = (starts, np.arange(len(starts)))
    paths = np.zeros(shape)
    paths[own] = 1
    reached = paths > 0
    steps = [paths]
    while True:
        further = reverse @ steps[-1]
        further[reached] = 0
        fresh = further > 0
        if not fresh.any():
            break
        reached |= fresh
        steps.append(further)
    through = np.zeros(shape)
    for nearer, farther in zip(steps[-2::-1], steps[:0:-1], strict=True):
        share = np.divide(1 + through, farther, out=np.zeros(shape), where=farther > 0)
        through += (part @ share) * nearer
    through[own] = 0
    return through


def leiden(ties: Ties, resolution: float, seed: int) -> Numbers:
    """Find communities by the Leiden algorithm; 0 is the largest, whoever is alone is alone."""
    once = triu(ties.both_ways, k=1, format="coo")
    names = list(map(str, range(len(ties))))
    edges = [
        (names[u], names[v], w)
        for u, v, w in zip(once.row.tolist(), once.col.tolist(), once.data.tolist(), strict=True)
    ]
    found = np.arange(len(ties))
    if edges:
        quick = len(edges) <= QUICK_TIES
        _quality, members = graspologic_native.leiden(
            edges,
            resolution=resolution,
            seed=seed,
            iterations=CYCLES,
            trials=TRIALS if quick else 1,
        )
        for name, community in members.items():
            # People without a tie keep a number of their own, above all others.
            found[int(name)] = community - len(ties)
    return _largest_first(found)


def _largest_first(labels: Numbers) -> Numbers:
    """Give groups numbers by size; of two equal ones, the first has the first member."""
    _values, first, inverse, sizes = np.unique(
        labels, return_index=True, return_inverse=True, return_counts=True
    )
    order = np.lexsort((first, -sizes))
    rank = np.empty(len(order), dtype=np.int64)
    rank[order] = np.arange(len(order))
    return np.asarray(rank[inverse])


def modularity(ties: Ties, community: Numbers, resolution: float = 1.0) -> float:
    """Compute the modularity of communities: ties inside beyond what chance would put there."""
    weights = ties.both_ways
    total = float(weights.sum())
    if not total:
        return 0.0
    degree = np.asarray(weights.sum(axis=1))
    source, target = weights.nonzero()
    inside = float(weights.data[community[source] == community[target]].sum())
    expected = float((np.bincount(community, weights=degree) ** 2).sum()) / total
    return (inside - resolution * expected) / total


def spectral_places(both_ways: csr_array, dimensions: int) -> Floats:
    """Place people so that those with the same neighbours stand together (unit rows)."""
    n = both_ways.shape[0]
    degree = np.maximum(np.asarray(both_ways.sum(axis=1)), 1e-12)
    scaled = diags_array(degree**-0.5)
    even = csr_array(scaled @ both_ways @ scaled)
    k = min(dimensions, n - 1)
    left, values, _right = svds(even, k=k, v0=np.ones(n))
    # The sign of a singular vector is free: fix it, so that the same graph gives the same places.
    signs = np.sign(left[np.abs(left).argmax(axis=0), np.arange(k)])
    places = left * signs * values
    return np.asarray(places / np.maximum(np.linalg.norm(places, axis=1, keepdims=True), 1e-12))
