"""The map of the themes."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd
import plotly.graph_objects as go

from chatlab.palette import COLOURS, SHAPES
from chatlab.posts.quoting import quotes
from chatlab.posts.select import own_posts
from chatlab.report.plot.figure import Figure, empty_figure, make_figure, plain_label
from chatlab.report.say.quoted import not_quoted
from chatlab.text.patterns import shorten
from chatlab.themes.documents import Documents, documents_of
from chatlab.themes.map import FEWEST_MAPPED, MAPPED, theme_places
from chatlab.translation import _, plural

NAMED = 12


def theme_map(
    posts: pd.DataFrame,
    themes: pd.Series,
    *,
    names: Mapping[int, str] | None = None,
    seed: int = 0,
    documents: Documents | None = None,
) -> Figure:
    """Draw the posts in two dimensions: near ones share words.

    Parameters
    ----------
    posts
        A posts table; reposts are left out, and of more than 1,200 posts a sample is drawn.
    themes
        Theme numbers on the posts' index.
    names
        The themes' names, by number.
    seed
        Seed of the sample and the layout (t-SNE).
    documents
        As in `theme_table`.
    """
    title = _("Map of the themes")
    here = own_posts(posts)
    here = here[themes.reindex(here.index).notna()]
    left_out = max(0, len(here) - MAPPED)
    if left_out:
        here = here.sample(MAPPED, random_state=seed).sort_index()
    if len(here) < FEWEST_MAPPED:
        return empty_figure(title, _("There are too few posts with a theme for a map."))
    place = theme_places(documents_of(here, documents), seed)
    own = themes.reindex(here.index)
    cards = [
        plain_label(_wrapped(f"@{author}: {text}") if isinstance(text, str) else not_quoted())
        for author, text in zip(here["author"], quotes(here), strict=True)
    ]
    traces = []
    for i, theme in enumerate(sorted(own.unique())):
        inside = (own == theme).to_numpy(dtype=bool)
        traces.append(
            go.Scatter(
                x=place[inside, 0],
                y=place[inside, 1],
                mode="markers",
                name=theme_label(names, theme, 32),
                marker={
                    "color": COLOURS[i % len(COLOURS)],
                    "symbol": SHAPES[(i + i // len(COLOURS)) % len(SHAPES)],
                    "size": 7,
                    "opacity": 0.75,
                },
                hovertext=[card for card, mine in zip(cards, inside, strict=True) if mine],
                hoverinfo="text",
                customdata=[f"#theme-{int(theme)}"] * int(inside.sum()),
            )
        )
    description = _(
        "Each mark is a post; posts that use the same words stand near each other (t-SNE from "
        "seed {seed}); reposts are left out. Groups far apart differ; how far, and left or right, "
        "means nothing."
    ).format(seed=seed)
    if left_out:
        description += " " + plural(
            "{n} post was left out of the drawing by chance.",
            "{n} posts were left out of the drawing by chance.",
            left_out,
        )
    sizes = own.value_counts().sort_index()
    data = pd.DataFrame(
        {"name": [name_of_theme(names, theme) for theme in sizes.index], "posts": sizes.to_numpy()}
    )
    # The legend of many themes needs room of its own, below the map.
    rows = -(-len(traces) // 3)
    return make_figure(
        traces,
        title,
        description,
        data,
        height=560 + 26 * rows,
        hovermode="closest",
        xaxis={"visible": False},
        yaxis={"visible": False},
        legend_y=-0.02,
        legend_yanchor="top",
    )


def name_of_theme(names: Mapping[int, str] | None, theme: int) -> str:
    """Return the name of a theme, or its number."""
    return (names or {}).get(int(theme)) or _("theme {n}").format(n=int(theme) + 1)


def theme_label(names: Mapping[int, str] | None, theme: int, width: int) -> str:
    """Shorten a theme's name, but keep the mark of one that is not firm."""
    name = name_of_theme(names, theme)
    bare = name.removesuffix(" (?)")
    return plain_label(shorten(bare, width) + (" (?)" if bare != name else ""))


def _wrapped(text: str, width: int = 60) -> str:
    words = shorten(text, 240).split(" ")
    lines = [""]
    for word in words:
        if len(lines[-1]) + len(word) >= width:
            lines.append("")
        lines[-1] += f"{word} "
    return "\n".join(line.strip() for line in lines)
