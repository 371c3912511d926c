"""The map of a reply graph: where people stand, and how they and their ties are drawn."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

import networkx as nx
import plotly.graph_objects as go

from chatlab.messages import _, plural

# Okabe and Ito's palette: told apart with any colour vision; shapes, patterns: a second cue.
BLUE, ORANGE, GREEN, PINK, SKY = "#0072B2", "#E69F00", "#009E73", "#CC79A7", "#56B4E9"
GREY = "#7a7a7a"
PART_STYLES = {
    "host": (ORANGE, "diamond"),
    "panel": (GREEN, "square"),
    "participant": (BLUE, "circle"),
    "outside": (GREY, "circle-open"),
}
LABELLED = 25


def plain_label(text: str) -> str:
    """Make a text from a post safe: plotly reads `<b>`, `<br>` and `<a>` as formatting."""
    return escape(text, quote=False)


def part_of(graph: Any, node: str, host: Sequence[str], panel: Sequence[str]) -> str:
    """Tell a node's part: host, panel, participant, or outside the file."""
    if node in host:
        return "host"
    if node in panel:
        return "panel"
    return "participant" if graph.nodes[node].get("in_file", True) else "outside"


def most_answered(graph: Any, n: int) -> list[str]:
    """Choose whom to draw: the most answered, each with those who answered them, up to `n`."""
    rank = {node: (-graph.in_degree(node), -graph.out_degree(node), node) for node in graph.nodes}
    chosen: dict[str, None] = {}
    for node in sorted(graph, key=rank.__getitem__):
        group = [node, *sorted(graph.predecessors(node), key=rank.__getitem__)]
        new = [one for one in group if one not in chosen]
        if len(chosen) + len(new) <= n or not chosen:
            chosen.update(dict.fromkeys(new[: n - len(chosen)]))
    return sorted(chosen, key=rank.__getitem__)


def layout(graph: Any, seed: int) -> dict[str, tuple[float, float]]:
    """Lay each connected piece out by its ties, and set the pieces side by side in rows."""
    pieces = sorted(nx.weakly_connected_components(graph), key=lambda c: (-len(c), min(c)))
    sides = [len(piece) ** 0.5 for piece in pieces]
    width = max(max(sides, default=1), (1.4 * sum(side**2 for side in sides)) ** 0.5)
    place: dict[str, tuple[float, float]] = {}
    left = top = row = 0.0
    for piece, side in zip(pieces, sides, strict=True):
        if left + side > width * 1.001:
            left, top, row = 0.0, top + row, 0.0
        row = max(row, side)
        margin = 0.22 * side**0.5 if len(pieces) > 1 else 0.0
        for node, (x, y) in _piece_layout(graph, piece, seed).items():
            inner = side - 2 * margin
            place[node] = (left + margin + x * inner, top + margin + y * inner)
        left += side
    # The largest piece comes first, and belongs at the top.
    return {node: (x, 1 - y) for node, (x, y) in _unit_square(place).items()}


def _piece_layout(graph: Any, piece: set[str], seed: int) -> dict[str, tuple[float, float]]:
    # Node order decides the layout, and sets have none that lasts: sort.
    ordered: nx.Graph[str] = nx.Graph()
    ordered.add_nodes_from(sorted(piece))
    ordered.add_edges_from(sorted((u, v) for u, v in graph.edges if u in piece))
    start = nx.spring_layout(ordered, seed=seed, iterations=50)
    drawn = nx.kamada_kawai_layout(ordered, pos=start) if len(ordered) > 2 else start
    return _unit_square(drawn)


def _unit_square(drawn: Mapping[str, Any]) -> dict[str, tuple[float, float]]:
    xs, ys = zip(*drawn.values(), strict=True)
    wide, high = (max(max(v) - min(v), 1e-9) for v in (xs, ys))
    return {
        node: (float((x - min(xs)) / wide), float((y - min(ys)) / high))
        for node, (x, y) in drawn.items()
    }


def tie_traces(graph: Any, place: Mapping[str, tuple[float, float]]) -> list[Any]:
    """Draw the ties, one trace per width."""
    groups: dict[int, list[tuple[str, str]]] = {}
    for u, v, weight in sorted(graph.edges(data="weight", default=1)):
        groups.setdefault(min(int(weight), 4), []).append((u, v))
    traces = []
    for width, pairs in sorted(groups.items()):
        xs: list[float | None] = []
        ys: list[float | None] = []
        for u, v in pairs:
            xs += [place[u][0], place[v][0], None]
            ys += [place[u][1], place[v][1], None]
        traces.append(
            go.Scatter(
                x=xs,
                y=ys,
                mode="lines",
                hoverinfo="skip",
                showlegend=False,
                line={"color": "rgba(120,120,120,0.5)", "width": 0.4 + 0.7 * width},
            )
        )
    return traces


def people_traces(
    graph: Any,
    place: Mapping[str, tuple[float, float]],
    parts: Mapping[str, str],
    ranked: Sequence[str],
    weight: Mapping[str, tuple[int, int]],
) -> list[Any]:
    """Draw the people, one trace per part, with hover cards and names that do not collide."""
    most = max(received for received, _given in weight.values()) or 1
    first = [node for node in ranked if parts[node] in ("host", "panel")]
    labelled = set(_apart([*first, *ranked], place, graph, len(first)))
    names = {
        "host": _("host"),
        "panel": _("panel"),
        "participant": _("participant"),
        "outside": _("answered, wrote nothing here"),
    }
    traces = []
    for part, (colour, symbol) in PART_STYLES.items():
        nodes = [node for node in ranked if parts[node] == part]
        if not nodes:
            continue
        about = graph.nodes
        traces.append(
            go.Scatter(
                x=[place[node][0] for node in nodes],
                y=[place[node][1] for node in nodes],
                mode="markers+text",
                name=names[part],
                text=[
                    plain_label(f"@{about[n].get('author', n)}") if n in labelled else ""
                    for n in nodes
                ],
                textposition="top center",
                textfont={"size": 12},
                hovertext=[_card(about[node], node, weight[node]) for node in nodes],
                hoverinfo="text",
                marker={
                    "color": colour,
                    "symbol": symbol,
                    "size": [9 + 26 * (weight[node][0] / most) ** 0.5 for node in nodes],
                    "line": {"width": 1, "color": "#ffffff" if part != "outside" else colour},
                },
            )
        )
    return traces


def _apart(
    nodes: Sequence[str], place: Mapping[str, tuple[float, float]], graph: Any, sure: int
) -> list[str]:
    """Choose whose name to write: the first ones surely, the rest where names do not collide."""
    boxes: list[tuple[float, float, float]] = []
    chosen: list[str] = []
    for i, node in enumerate(nodes):
        x, y = place[node]
        half = 0.0046 * (len(str(graph.nodes[node].get("author", node))) + 2)
        free = all(abs(x - a) > half + h or abs(y - b) > 0.05 for a, b, h in boxes)
        if node not in chosen and (i < sure or free):
            boxes.append((x, y, half))
            chosen.append(node)
        if len(chosen) >= max(LABELLED, sure):
            break
    return chosen


def _card(about: Mapping[str, Any], node: str, weight: tuple[int, int]) -> str:
    lines = [
        f"<b>@{plain_label(str(about.get('author', node)))}</b>",
        plain_label(str(about.get("name", ""))),
        _("answered by {people}").format(people=plural("{n} person", "{n} people", weight[0])),
        _("answered {people}").format(people=plural("{n} person", "{n} people", weight[1])),
    ]
    if "followers" in about:
        lines.append(plural("{n} follower", "{n} followers", int(about["followers"])))
    return "<br>".join(line for line in lines if line)
