"""Where people stand on a map: those who are tied stand together."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypeAlias

import networkx as nx
import numpy as np
import pandas as pd
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components
from sklearn.manifold import TSNE
from threadpoolctl import threadpool_limits

from chatlab.network.graphs import Graph
from chatlab.network.measures import Ties, places_by_label, spectral_places

Places: TypeAlias = "np.ndarray[Any, np.dtype[np.float64]]"
# Up to so many people a map can be drawn by distances along ties, which reads best but takes
# the cube of the number; beyond, by who shares neighbours.
BY_DISTANCE = 150
DIMENSIONS = 20
PERPLEXITY = 20
STEPS = 300
COARSE = 0.8


def network_layout(graph: Graph, *, seed: int = 0) -> pd.DataFrame:
    """Place the people of a graph on a map.

    Each connected part is laid out by itself, and the parts stand side by side in rows, the
    largest at the top left. Up to 150 people, distances on the map follow the distances along
    ties (Kamada-Kawai). Beyond, people with the same neighbours stand together: spectral places
    in twenty dimensions, brought onto the plane by t-SNE.

    Parameters
    ----------
    graph
        Any graph; directions are not looked at, weights count beyond 150 people.
    seed
        Of the start; the same seed gives the same map, whatever the order of the graph.

    Returns
    -------
    DataFrame
        Index the node key, in the graph's order; `x` and `y` from 0 to 1. Left, right, up and
        down mean nothing. Its `attrs` say how it was made: `seed`, and `by_likeness`, True where
        a part was too large for Kamada-Kawai.

    References
    ----------
    Kamada and Kawai: An algorithm for drawing general undirected graphs, 1989,
    doi:10.1016/0020-0190(89)90102-6. Von Luxburg: A tutorial on spectral clustering, 2007,
    doi:10.1007/s11222-007-9033-z. Van der Maaten and Hinton: Visualizing data using t-SNE, 2008
    (Journal of Machine Learning Research 9).
    """
    ties = Ties.of(graph)
    places = np.zeros((len(ties), 2))
    parts = _parts(ties)
    largest = len(parts[0]) if parts else 0
    for members, corner, side in _packed(parts):
        drawn = _part_places(ties, members, seed)
        # Room around each part, so that two parts never look like one.
        margin = 0.22 * side**0.5 if len(members) < len(ties) else 0.0
        places[members] = corner + margin + drawn * (side - 2 * margin)
    places = _unit_square(places)
    table = pd.DataFrame({"x": places[:, 0], "y": 1 - places[:, 1]}, index=ties.nodes)
    table = table.loc[list(graph)]
    table.attrs |= {"seed": seed, "by_likeness": largest > BY_DISTANCE}
    return table


def _parts(ties: Ties) -> list[Any]:
    """Give the connected parts, largest first, each as sorted places in `ties.nodes`."""
    n_parts, part = connected_components(ties.plain, directed=False)
    return sorted(places_by_label(part, n_parts), key=lambda members: (-len(members), members[0]))


def _packed(parts: Sequence[Any]) -> list[tuple[Any, Places, float]]:
    """Set squares side by side in rows; a square's area is its number of people."""
    sides = [len(members) ** 0.5 for members in parts]
    width = max(max(sides, default=1), (1.4 * sum(side**2 for side in sides)) ** 0.5)
    packed = []
    left = top = row = 0.0
    for members, side in zip(parts, sides, strict=True):
        if left + side > width * 1.001:
            left, top, row = 0.0, top + row, 0.0
        row = max(row, side)
        packed.append((members, np.array([left, top]), side))
        left += side
    return packed


def _part_places(ties: Ties, members: Any, seed: int) -> Places:
    n = len(members)
    if n == 1:
        return np.full((1, 2), 0.5)
    if n <= 3:
        turn = 2 * np.pi * np.arange(n) / n
        return 0.5 + 0.35 * np.stack([np.cos(turn), np.sin(turn)], axis=1)
    part = csr_array(ties.both_ways[members][:, members])
    return _unit_square(_by_distance(part, seed) if n <= BY_DISTANCE else _by_likeness(part, seed))


def _by_distance(part: csr_array, seed: int) -> Places:
    graph: nx.Graph[int] = nx.from_scipy_sparse_array(part)
    start = nx.spring_layout(graph, seed=seed, iterations=50, weight=None)
    drawn = nx.kamada_kawai_layout(graph, pos=start, weight=None)
    return np.array([drawn[i] for i in range(len(graph))])


def _by_likeness(part: csr_array, seed: int) -> Places:
    spread = TSNE(
        init="random",
        random_state=seed,
        perplexity=min(PERPLEXITY, part.shape[0] // 4),
        angle=COARSE,
        max_iter=STEPS,
        n_jobs=1,
    )
    # On one thread sums are added in one order: the same map on every machine's number of cores.
    with threadpool_limits(1):
        return np.asarray(spread.fit_transform(spectral_places(part, DIMENSIONS)), dtype=float)


def _unit_square(places: Places) -> Places:
    if not len(places):
        return places
    low = places.min(axis=0)
    return np.asarray((places - low) / np.maximum(places.max(axis=0) - low, 1e-9))
