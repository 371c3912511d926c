"""Which groups a conversation has, what each is about, and who links them."""

from __future__ import annotations

import numpy as np
import pandas as pd

from chatlab.network import measures
from chatlab.network.graphs import Graph
from chatlab.network.measures import Ties
from chatlab.stability import LEFT_OUT, found_again, stability_table

SMALLEST = 3
RERUNS = 5


def find_communities(graph: Graph, *, resolution: float = 1.0, seed: int = 0) -> pd.Series:
    """Find groups of people with more ties inside than chance would put there.

    The Leiden algorithm maximises modularity on the ties without direction, the weights of both
    directions added. Below 60,000 ties the best of five runs is taken.

    Parameters
    ----------
    graph
        Any graph with `weight` on its edges (1 where absent).
    resolution
        Above 1: more and smaller groups; below 1: fewer and larger ones.
    seed
        The same seed gives the same groups, whatever the order of the graph.

    Returns
    -------
    Series
        Number of the group, 0 the largest, on the graph's nodes. Who has no tie is alone.

    Raises
    ------
    GraphError
        When a weight is not a positive number.

    References
    ----------
    Traag, Waltman, van Eck: From Louvain to Leiden, 2019, doi:10.1038/s41598-019-41695-z.
    """
    ties = Ties.of(graph)
    found = pd.Series(
        measures.leiden(ties, resolution, seed), index=pd.Index(ties.nodes), name="community"
    )
    return found.reindex(list(graph)).astype("Int64")


def modularity(graph: Graph, communities: pd.Series, *, resolution: float = 1.0) -> float:
    """Measure how clear-cut groups are: 0 is chance, above 0.3 is usually called clear.

    Parameters
    ----------
    graph
        The graph.
    communities
        Group of each node; every node needs one.
    resolution
        As for `find_communities`.

    Returns
    -------
    float
        Share of the weight of ties inside groups, less what chance would put there, without
        direction; 0.0 without ties.

    References
    ----------
    Newman and Girvan: Finding and evaluating community structure in networks, 2004,
    doi:10.1103/PhysRevE.69.026113.
    """
    ties = Ties.of(graph)
    labels = pd.factorize(communities.reindex(ties.nodes))[0]
    return measures.modularity(ties, labels, resolution)


def community_stability(
    graph: Graph, communities: pd.Series, *, resolution: float = 1.0, seed: int = 0
) -> pd.DataFrame:
    """Tell how firm each group is: whether it comes again from other seeds, or without some people.

    The groups are found again five times from other seeds, and five times without a fifth of the
    people, drawn at random. Each group is compared with the most similar one found.

    Parameters
    ----------
    graph
        The graph.
    communities
        The groups to judge.
    resolution
        As they were found with.
    seed
        The other seeds follow this one.

    Returns
    -------
    DataFrame
        Index the group; `over_seeds` and `over_people`: mean Jaccard index of the group's people
        and those of the most similar group found again, 0 to 1; `stable`: both at least 0.6.

    References
    ----------
    Hennig: Cluster-wise assessment of cluster stability, 2007, doi:10.1016/j.csda.2006.11.025
    (below 0.6 a cluster should not be trusted).
    """
    rng = np.random.default_rng(seed)
    people = np.array(sorted(graph, key=str), dtype=object)
    seeds, resampled = [], []
    for again in range(seed + 1, seed + 1 + RERUNS):
        found = find_communities(graph, resolution=resolution, seed=again)
        seeds.append(found_again(communities, found))
        stay = rng.choice(people, size=len(people) - round(LEFT_OUT * len(people)), replace=False)
        rest = find_communities(graph.subgraph(stay.tolist()), resolution=resolution, seed=seed)
        resampled.append(found_again(communities, rest))
    return stability_table(seeds, resampled).rename_axis("community")
