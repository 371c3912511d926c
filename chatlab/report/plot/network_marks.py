"""The parts of a map: who stands in front, the ties, the names, and all others as a picture."""

from __future__ import annotations

import base64
import io
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, TypeAlias

import pandas as pd
import plotly.graph_objects as go
from PIL import Image, ImageDraw

from chatlab.palette import COLOURS, GREY, SHAPES
from chatlab.report.plot.figure import plain_label
from chatlab.report.show.dossiers import person_id
from chatlab.translation import _, plural

Points: TypeAlias = "Mapping[Any, tuple[float, float]]"
Pair: TypeAlias = "tuple[Any, Any]"
LABELLED = 25
PICTURE = (1500, 1000)
FINER = 2
# Of the picture: inks are faint, so that what stands in front is read first.
TIE_INK = (128, 128, 128, 60)
DOT_ALPHA = 150
DOT = 3.2


def group_style(community: int) -> tuple[str, str]:
    """Give the colour and the shape of a group; small groups share one."""
    known = 0 <= community < len(COLOURS)
    return (COLOURS[community], SHAPES[community]) if known else (GREY, "circle")


def tie_traces(pairs: Iterable[tuple[Any, Any, Any]], place: Points, ink: float) -> list[Any]:
    """Draw ties as lines, one trace per width."""
    groups: dict[int, list[Pair]] = {}
    for u, v, weight in pairs:
        groups.setdefault(min(max(int(weight), 1), 4), []).append((u, v))
    traces = []
    for width, ends in sorted(groups.items()):
        xs: list[float | None] = []
        ys: list[float | None] = []
        for u, v in ends:
            xs += [place[u][0], place[v][0], None]
            ys += [place[u][1], place[v][1], None]
        traces.append(
            go.Scatter(
                x=xs,
                y=ys,
                mode="lines",
                hoverinfo="skip",
                showlegend=False,
                line={"color": f"rgba(120,120,120,{ink})", "width": 0.4 + 0.7 * width},
            )
        )
    return traces


def people_trace(people: pd.DataFrame, name: str, style: tuple[str, str]) -> Any:
    """Draw the people of one group; whoever wrote nothing here is hollow."""
    colour, shape = style
    return go.Scatter(
        x=people["x"].tolist(),
        y=people["y"].tolist(),
        mode="markers+text",
        name=plain_label(name),
        text=people["label"].tolist(),
        textposition="top center",
        textfont={"size": 12},
        cliponaxis=False,
        hovertext=people["card"].tolist(),
        hoverinfo="text",
        # A page opens what is known of whoever is clicked.
        customdata=[f"#{person_id(person)}" for person in people.index],
        marker={
            "color": colour,
            "symbol": [shape if here else f"{shape}-open" for here in people["in_file"]],
            "size": people["size"].tolist(),
            "line": {"width": 1, "color": ["#ffffff" if w else colour for w in people["in_file"]]},
        },
    )


def names_apart(people: pd.DataFrame, always: Sequence[Any]) -> dict[Any, str]:
    """Choose whose name to write: some always, the rest where names do not collide."""
    boxes: list[tuple[float, float, float]] = []
    chosen: dict[Any, str] = {}
    rows = people[["x", "y", "called"]]
    for node, x, y, called in [
        *rows.loc[list(always)].itertuples(name=None),
        *rows.itertuples(name=None),
    ]:
        half = 0.0046 * (len(called) + 2)
        free = all(abs(x - a) > half + h or abs(y - b) > 0.045 for a, b, h in boxes)
        if node not in chosen and (len(chosen) < len(always) or free):
            boxes.append((x, y, half))
            chosen[node] = plain_label(called)
        if len(chosen) >= max(LABELLED, len(always)):
            break
    return chosen


def card_of(
    about: Mapping[str, Any], author: str, group: str, answering: int, answered: int
) -> str:
    """Write the card that a pointer opens."""
    lines = [
        f"<b>@{plain_label(author)}</b>",
        plain_label(str(about.get("author_name", ""))),
        plain_label(group),
        _("answered by {people}").format(people=plural("{n} person", "{n} people", answering)),
        _("answered {people}").format(people=plural("{n} person", "{n} people", answered)),
    ]
    if "followers" in about:
        lines.append(plural("{n} follower", "{n} followers", int(about["followers"])))
    return "<br>".join(line for line in lines if line)


def picture_behind(
    ties: Iterable[Pair], people: Iterable[tuple[Any, str]], place: Points
) -> dict[str, Any]:
    """Draw the many as a picture behind the few: plotly stays quick, and needs no WebGL."""
    wide, high = (FINER * side for side in PICTURE)

    def at(node: Any) -> tuple[float, float]:
        x, y = place[node]
        return x * wide, (1 - y) * high

    picture = Image.new("RGBA", (wide, high), (255, 255, 255, 0))
    pen = ImageDraw.Draw(picture)
    for u, v in ties:
        pen.line([at(u), at(v)], fill=TIE_INK, width=FINER)
    for node, colour in people:
        x, y = at(node)
        ink = (*(int(colour[i : i + 2], 16) for i in (1, 3, 5)), DOT_ALPHA)
        radius = DOT * FINER
        pen.ellipse([x - radius, y - radius, x + radius, y + radius], fill=ink)
    small = picture.resize(PICTURE, Image.Resampling.BOX)
    buffer = io.BytesIO()
    # Few colours: a third of the bytes, and nobody sees the difference.
    small.quantize(64, method=Image.Quantize.FASTOCTREE).save(buffer, "PNG", optimize=True)
    return {
        "source": "data:image/png;base64," + base64.b64encode(buffer.getvalue()).decode(),
        "xref": "x",
        "yref": "y",
        "x": 0,
        "y": 1,
        "sizex": 1,
        "sizey": 1,
        "sizing": "stretch",
        "layer": "below",
    }
