"""The picture of the network."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import networkx as nx
import numpy as np
import pandas as pd

from chatlab.network.communities import find_communities
from chatlab.network.community_tables import OTHERS, community_table
from chatlab.network.layout import network_layout
from chatlab.palette import COLOURS
from chatlab.report.glossary import VALUES
from chatlab.report.glossary_columns import COLUMNS
from chatlab.report.plot.figure import Figure, empty_figure, make_figure
from chatlab.report.plot.influence_page import FEW
from chatlab.report.plot.network_marks import (
    card_of,
    group_style,
    names_apart,
    people_trace,
    picture_behind,
    tie_traces,
)
from chatlab.translation import _, format_number, plural

# People who can be pointed at; the rest of up to 5,000 is a picture behind them.
IN_FRONT = 300
PLACED = 5_000
TIES_IN_FRONT = 700
MANY_TIES = 300
# Where of so many people no four hang together, there are pairs and no network.
MANY, SMALLEST = 20, 4
DARK, LIGHT = 0.45, 0.22


def network(
    graph: nx.DiGraph[Any],
    *,
    communities: pd.Series | None = None,
    names: Mapping[Any, str] | None = None,
    places: pd.DataFrame | None = None,
    size: pd.Series | None = None,
    parts: Mapping[str, str] | None = None,
) -> Figure:
    """Draw a map of who answers whom.

    The 300 most important people can be pointed at; the others, up to 5,000, are small dots
    behind them, with their ties. What is left out is counted in the description.

    Parameters
    ----------
    graph
        From `reply_graph` or `interaction_graph`.
    communities
        Group of each node, for colour and shape; found when not given.
    names
        The groups' names, such as `community_table(...)["community_name"]`; made when not given.
    places
        From `network_layout`, for another seed or to keep a map; made when not given.
    size
        The measure that makes a mark larger, by node, under its column's name, such as
        `influence_table(graph)["pagerank"]`; the number of people answering when not given.
    parts
        `host` or `panel` by node key; it stands beside the name.
    """
    title = _("Map of who answers whom")
    if not graph.number_of_edges():
        return empty_figure(title, _("There are no replies between people in these posts."))
    largest = max(map(len, nx.weakly_connected_components(graph)))
    if largest < SMALLEST and len(graph) > MANY:
        told = _("No network: nobody's replies tie more than {n} people together.")
        return empty_figure(title, told.format(n=largest))
    measure = pd.Series(dict(graph.in_degree()), name="people_answering") if size is None else size
    if communities is None:
        communities = find_communities(graph)
    if names is None:
        names = dict(community_table(graph, communities)["community_name"].to_dict())
    people = _people(graph, communities, measure)
    if places is not None:
        people = people[people.index.isin(places.index)]
    people = people.head(PLACED)
    drawn = graph.subgraph(people.index)
    places = network_layout(drawn) if places is None else places
    people = people.join(places[["x", "y"]])
    place = dict(zip(people.index, zip(people["x"], people["y"], strict=True), strict=True))
    special = people.index.isin(list(parts or {}))
    # A stable sort: host and panel are always in front.
    front = people.iloc[np.argsort(~special, kind="stable")[:IN_FRONT]]
    front = _with_cards(people[people.index.isin(front.index)], graph, names, parts or {})
    lines, faint = _split_ties(drawn, set(front.index))
    back = people[~people.index.isin(front.index)]
    coloured: dict[int, str] = {g: name for g, name in names.items() if int(g) < len(COLOURS)}
    shown = front["community"].where(front["community"].isin(list(coloured)), OTHERS)
    traces = tie_traces(lines, place, LIGHT if len(lines) > MANY_TIES else DARK)
    traces += [
        people_trace(
            front[shown == group], coloured.get(group, _("other groups")), group_style(group)
        )
        for group in [*coloured, OTHERS]
        if (shown == group).any()
    ]
    images = []
    if len(back) or faint:
        dots = [(node, group_style(group)[0]) for node, group in back["community"].items()]
        images = [picture_behind(faint, dots, place)]
    # Room at the sides for names, which plotly would cut.
    return make_figure(
        traces,
        title,
        f"{_map_description(graph, people, front, len(faint), str(measure.name))} "
        f"{_layout_description(places)}",
        front[["author", "measure"]].rename(columns={"measure": str(measure.name)}),
        height=720,
        hovermode="closest",
        images=images,
        margin={"l": 10, "r": 10, "t": 110, "b": 10},
        xaxis={"visible": False, "range": [-0.14, 1.14]},
        yaxis={"visible": False, "range": [-0.03, 1.06]},
        dragmode="pan",
    )


def _people(graph: nx.DiGraph[Any], communities: pd.Series, measure: pd.Series) -> pd.DataFrame:
    """Line up the people of a graph, most important first."""
    people = pd.DataFrame(
        {
            "measure": measure.reindex(list(graph)).fillna(0).astype(float),
            "ties": [degree for _node, degree in graph.degree()],
            "key": list(map(str, graph)),
            "community": communities.reindex(list(graph)).fillna(OTHERS).astype(int).array,
            "in_file": [bool(about.get("in_file", True)) for _n, about in graph.nodes(data=True)],
        },
        index=list(graph),
    )
    return people.sort_values(["measure", "ties", "key"], ascending=[False, False, True])


def _split_ties(
    drawn: nx.DiGraph[Any], front: set[Any]
) -> tuple[list[tuple[Any, Any, Any]], list[tuple[Any, Any]]]:
    """Choose the strongest ties between those in front; all others are faint."""
    ties = sorted(
        drawn.edges(data="weight", default=1), key=lambda tie: (-tie[2], str(tie[0]), str(tie[1]))
    )
    lines = [tie for tie in ties if tie[0] in front and tie[1] in front][:TIES_IN_FRONT]
    in_front = {(u, v) for u, v, _weight in lines}
    return lines, [(u, v) for u, v, _weight in ties if (u, v) not in in_front]


def _with_cards(
    front: pd.DataFrame, graph: nx.DiGraph[Any], names: Mapping[Any, str], parts: Mapping[str, str]
) -> pd.DataFrame:
    """Add what a mark shows: its size, its name where there is room, and its card."""
    about = graph.nodes
    authors = [str(about[node].get("author", node)) for node in front.index]
    called = [
        f"@{author}" + (f" ({_(VALUES[parts[node]])})" if node in parts else "")
        for node, author in zip(front.index, authors, strict=True)
    ]
    front = front.assign(author=authors, called=called)
    largest = 26 if len(front) <= FEW else 18
    front["size"] = 8 + largest * (front["measure"] / (front["measure"].max() or 1)) ** 0.5
    labels = names_apart(front, [node for node in front.index if node in parts])
    front["label"] = [labels.get(node, "") for node in front.index]
    front["card"] = [
        card_of(
            about[node], author, names.get(group, ""), graph.in_degree(node), graph.out_degree(node)
        )
        for node, author, group in front[["author", "community"]].itertuples(name=None)
    ]
    return front


def _map_description(
    graph: nx.DiGraph[Any], people: pd.DataFrame, front: pd.DataFrame, faint: int, measure: str
) -> str:
    by = _(COLUMNS[measure][0]) if measure in COLUMNS else measure
    told = [
        _(
            "A line is one or more replies, thicker for more. A larger mark has more of: "
            "{measure}. Colour and shape are the group. Hollow: wrote nothing here."
        ).format(measure=by)
    ]
    if faint:
        told.append(
            _("In front the first {n}; {behind} others and {ties} ties are faint behind.").format(
                n=format_number(len(front)),
                behind=format_number(len(people) - len(front)),
                ties=format_number(faint),
            )
        )
    left_out = len(graph) - len(people)
    if left_out:
        told.append(
            plural(
                "{n} person with fewer ties is left out.",
                "{n} people with fewer ties are left out.",
                left_out,
            )
        )
    return " ".join(told)


def _layout_description(places: pd.DataFrame) -> str:
    how = _("People who are tied stand together (Kamada-Kawai layout, seed {seed});")
    if places.attrs.get("by_likeness"):
        how = _("People with the same neighbours stand together (spectral, t-SNE, seed {seed});")
    return (
        how.format(seed=places.attrs.get("seed", 0))
        + " "
        + _("left, right, up and down mean nothing.")
    )
