"""Figures of networks: the map, who talks to whom between groups, growth, fame against rank."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import networkx as nx
import numpy as np
import pandas as pd
import plotly.graph_objects as go

from chatlab._network_map import (
    card_of,
    group_style,
    names_apart,
    people_trace,
    picture_behind,
    tie_traces,
)
from chatlab.communities import OTHERS, community_table, find_communities
from chatlab.layout import network_layout
from chatlab.legend import COLUMNS, VALUES
from chatlab.messages import _, format_number, format_share, plural
from chatlab.palette import BLUE, COLOURS, GREEN, GREY, ORANGE
from chatlab.plot import (
    Figure,
    empty_figure,
    fill_pattern,
    make_figure,
    narrow_label,
    plain_label,
    slice_labels,
)

# People who can be pointed at; the rest of up to 5,000 is a picture behind them.
IN_FRONT = 300
PLACED = 5_000
TIES_IN_FRONT = 700
MANY_TIES = 300
DARK, LIGHT = 0.45, 0.22
FEW = 100
NAMED_OUTLIERS = 12


def plot_network(
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


def plot_community_ties(matrix: pd.DataFrame, *, names: Mapping[Any, str] | None = None) -> Figure:
    """Draw who talks to whom between groups.

    Parameters
    ----------
    matrix
        From `community_ties`.
    names
        The groups' names, by number, such as `community_table(...)["community_name"]`.
    """
    title = _("Who talks to which group")
    counts = matrix.to_numpy(dtype=float)
    if not counts.sum():
        return empty_figure(title, _("There are no ties between groups to count."))
    called = [_group_name(int(group), names or {}) for group in matrix.index]
    received = counts.sum(axis=1, keepdims=True)
    shares = np.divide(counts, received, out=np.zeros_like(counts), where=received > 0)
    inside = float(np.trace(counts) / counts.sum())
    description = _(
        "Each row is a group that answers, each column a group that is answered; the numbers are "
        "ties by weight, the shade is the share of the row. {share} of all stays inside its group."
    ).format(share=format_share(inside))
    trace = go.Heatmap(
        z=shares.tolist(),
        x=[name.split(" · ")[0] for name in called],
        y=called,
        text=[[format_number(value) if value else "" for value in row] for row in counts],
        texttemplate="%{text}",
        hovertemplate="%{y} → %{x}: %{text}<extra></extra>",
        colorscale="Blues",
        xgap=2,
        ygap=2,
        zmin=0,
        zmax=1,
        showscale=False,
    )
    data = matrix.set_axis(called, axis=1).astype("int64").reset_index(drop=True)
    data.insert(0, "community_name", called)
    return make_figure(
        [trace],
        title,
        description,
        data,
        height=200 + 36 * len(called),
        xaxis={"side": "top", "type": "category"},
        yaxis={"automargin": True, "type": "category", "autorange": "reversed"},
    )


def _group_name(group: int, names: Mapping[Any, str]) -> str:
    if group == OTHERS:
        return _("other groups")
    return plain_label(str(names.get(group, group + 1)))


def plot_growth(table: pd.DataFrame, *, zone: str = "UTC") -> Figure:
    """Draw how the network grew: who came new, and how much of it hangs together.

    Parameters
    ----------
    table
        From `growth_table`.
    zone
        Time zone of the slices' dates.
    """
    title = _("How the network grew")
    if table.empty or not table["people_so_far"].iloc[-1]:
        return empty_figure(title, _("There are no replies between people in these posts."))
    called = slice_labels(table["start"], table.index, zone)
    shown = list(map(narrow_label, called))
    known = (table["people"] - table["new_people"]).astype(int)
    traces: list[Any] = [
        go.Bar(
            x=shown,
            y=[int(n) for n in values],
            name=words,
            marker={"color": colour, "pattern": fill_pattern(pattern)},
        )
        for values, words, colour, pattern in (
            (known, _("people tied before"), BLUE, ""),
            (table["new_people"], _("people tied for the first time"), GREEN, "/"),
        )
    ]
    traces.append(
        go.Scatter(
            x=shown,
            y=[int(n) for n in table["people_so_far"]],
            name=_("all people so far"),
            mode="lines+markers",
            line={"color": ORANGE, "width": 2},
            marker={"symbol": "diamond", "size": 8},
        )
    )
    last = table.iloc[-1]
    description = _(
        "In these slices {people} are tied in {pairs}; {share} of them hang together in one piece."
    ).format(
        people=plural("{n} person", "{n} people", int(last["people_so_far"])),
        pairs=plural("{n} pair", "{n} pairs", int(last["pairs_so_far"])),
        share=format_share(float(last["connected"])),
    )
    return make_figure(
        traces,
        title,
        description,
        table.reset_index().assign(slice=called).drop(columns="start"),
        barmode="stack",
        xaxis={"type": "category", "automargin": True, "tickangle": 0},
        yaxis={"title": {"text": _("People")}, "rangemode": "tozero"},
    )


def plot_fame(table: pd.DataFrame) -> Figure:
    """Draw by how many people each is answered against how many follow them.

    Parameters
    ----------
    table
        From `influence_table`.
    """
    title = _("Heard, and followed")
    known = table[table["followers"].notna() & (table["people_answering"] > 0)]
    if known.empty:
        return empty_figure(title, _("Follower counts are not known for anybody who is answered."))
    known = known.sort_values(["people_answering", "pagerank"], ascending=False)
    followers = [max(int(n), 1) for n in known["followers"]]
    places = pd.DataFrame(
        {
            "x": pd.Series(np.log10(followers), known.index),
            "y": known["people_answering"].astype(float),
            "called": "@" + known["author"].astype(str),
        }
    )
    spans = places[["x", "y"]].max() - places[["x", "y"]].min()
    places[["x", "y"]] = (places[["x", "y"]] - places[["x", "y"]].min()) / spans.where(spans > 0, 1)
    labels = names_apart(places.head(NAMED_OUTLIERS), [])
    trace = go.Scatter(
        x=followers,
        y=[int(n) for n in known["people_answering"]],
        mode="markers+text",
        text=[labels.get(node, "") for node in known.index],
        textposition="top center",
        cliponaxis=False,
        hovertext=[
            f"@{plain_label(str(author))}<br>"
            + _("answered by {people}").format(people=plural("{n} person", "{n} people", int(n)))
            for author, n in zip(known["author"], known["people_answering"], strict=True)
        ],
        hoverinfo="text",
        marker={"color": BLUE, "size": 10, "line": {"width": 1, "color": "#ffffff"}},
        showlegend=False,
    )
    middle = float(np.median(followers))
    line = {
        "type": "line",
        "xref": "x",
        "yref": "paper",
        "x0": middle,
        "x1": middle,
        "y0": 0,
        "y1": 1,
        "line": {"color": GREY, "dash": "dot", "width": 1},
    }
    best = known[known["followers"] <= middle]
    description = _("High and left of the dotted line (the median): heard although few follow.")
    if len(best):
        description += " " + _("First of these: @{author}, answered by {people}.").format(
            author=best["author"].iloc[0],
            people=plural("{n} person", "{n} people", int(best["people_answering"].iloc[0])),
        )
    return make_figure(
        [trace],
        title,
        description,
        known[["author", "people_answering", "followers", "rank_beyond_fame"]],
        height=460,
        hovermode="closest",
        shapes=[line],
        xaxis={
            "type": "log",
            # Within two powers of ten there would be a line or none.
            "dtick": 1
            if known["followers"].max() > 100 * max(1, known["followers"].min())
            else "D2",
            "title": {"text": _("Followers (each power of ten as far as the next)")},
        },
        yaxis={"title": {"text": _("People answering")}, "rangemode": "tozero"},
    )
