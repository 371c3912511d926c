"""Figures of themes and insights: where posts lie, when themes live, what sets them apart."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt
import pandas as pd
import plotly.graph_objects as go
from sklearn.manifold import TSNE
from threadpoolctl import threadpool_limits

from chatlab._bags import bags_of, own_words, vocabulary_of
from chatlab._groups import reduced, tfidf_rows
from chatlab.messages import (
    _,
    format_number,
    format_share,
    plural,
)
from chatlab.palette import BLUE, COLOURS, GREEN, GREY, ORANGE, SHAPES
from chatlab.plot import (
    BAR_HEIGHT,
    Figure,
    empty_figure,
    fill_pattern,
    make_figure,
    narrow_label,
    plain_label,
    slice_labels,
)
from chatlab.quoting import not_quoted, quotes
from chatlab.text import shorten

MAPPED = 1200
NAMED = 12
FEWEST_MAPPED = 8


def plot_theme_map(
    posts: pd.DataFrame,
    themes: pd.Series,
    *,
    names: Mapping[int, str] | None = None,
    seed: int = 0,
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
    """
    title = _("Map of the themes")
    here = posts[posts["in_chat"] & (posts["kind"] != "repost")]
    here = here[themes.reindex(here.index).notna()]
    left_out = max(0, len(here) - MAPPED)
    if left_out:
        here = here.sample(MAPPED, random_state=seed).sort_index()
    if len(here) < FEWEST_MAPPED:
        return empty_figure(title, _("There are too few posts with a theme for a map."))
    place = _places(here, seed)
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
                name=_label(names, theme, 32),
                marker={
                    "color": COLOURS[i % len(COLOURS)],
                    "symbol": SHAPES[(i + i // len(COLOURS)) % len(SHAPES)],
                    "size": 7,
                    "opacity": 0.75,
                },
                hovertext=[card for card, mine in zip(cards, inside, strict=True) if mine],
                hoverinfo="text",
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
        {"name": [_named(names, theme) for theme in sizes.index], "posts": sizes.to_numpy()}
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


def _places(here: pd.DataFrame, seed: int) -> npt.NDArray[np.float32]:
    words = own_words(here)
    bags = bags_of(here, words, vocabulary_of(words))
    row = np.maximum(bags.row.to_numpy(), 0)
    with threadpool_limits(1):
        if min(bags.borrowed.shape) < 4:
            return np.zeros((len(here), 2), dtype=np.float32)
        near = reduced(tfidf_rows(bags.borrowed), seed)[:, :50]
        perplexity = min(30.0, (len(near) - 1) / 4)
        flat = TSNE(perplexity=perplexity, init="pca", random_state=seed).fit_transform(near)
    # Copies stand on one spot; a little noise shows that there are several.
    noise = np.random.default_rng(seed).normal(scale=0.4, size=(len(here), 2))
    return np.asarray(flat[row] + noise, dtype=np.float32)


def _named(names: Mapping[int, str] | None, theme: int) -> str:
    return (names or {}).get(int(theme)) or _("theme {n}").format(n=int(theme) + 1)


def _label(names: Mapping[int, str] | None, theme: int, width: int) -> str:
    """Shorten a theme's name, but keep the mark of one that is not firm."""
    name = _named(names, theme)
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


def plot_theme_slices(
    posts: pd.DataFrame,
    themes: pd.Series,
    slices: pd.Series,
    *,
    names: Mapping[int, str] | None = None,
    zone: str = "UTC",
) -> Figure:
    """Draw a heat map: how many posts each theme has in each slice of time.

    Parameters
    ----------
    posts
        A posts table; reposts are left out.
    themes
        Theme numbers on the posts' index.
    slices
        From `time_slices`, or any number that grows with time.
    names
        The themes' names, by number.
    zone
        Time zone of the slices' dates.
    """
    title = _("When each theme is talked about")
    said = posts[posts["in_chat"] & (posts["kind"] != "repost")]
    about = pd.DataFrame(
        {"theme": themes.reindex(said.index), "slice": slices.reindex(said.index)}
    ).dropna()
    if about.empty:
        return empty_figure(title, _("No post has both a theme and a place in time."))
    if len(about["slice"].unique()) == 1:
        return empty_figure(title, _("All of it lies in one slice of time: nothing to compare."))
    table = pd.crosstab(about["theme"], about["slice"])
    numbers = range(int(table.columns.min()), int(table.columns.max()) + 1)
    table = table.reindex(columns=numbers, fill_value=0)
    labels = [_label(names, theme, 34) for theme in table.index]
    first = posts["created_at"].groupby(slices.reindex(posts.index)).min()
    columns = slice_labels(first, numbers, zone)
    counts = table.to_numpy(dtype=int)
    small = counts.shape[1] <= 24
    heat = go.Heatmap(
        z=counts.tolist(),
        x=list(map(narrow_label, columns)),
        y=labels,
        colorscale="Blues",
        text=[[format_number(n) if n else "" for n in row] for row in counts] if small else None,
        texttemplate="%{text}" if small else None,
        hovertemplate="%{y}<br>%{x}: %{z}<extra></extra>",
        colorbar={"title": {"text": _("Posts")}},
        xgap=2,
        ygap=2,
    )
    data = table.reset_index(drop=True)
    data.columns = columns
    data.insert(0, "name", [_named(names, theme) for theme in table.index])
    return make_figure(
        [heat],
        title,
        _(
            "Rows are themes, columns slices of time in order, with their first post's date or "
            "time ({zone}); a darker field has more posts. Reposts are left out."
        ).format(zone=zone),
        data,
        height=230 + 34 * len(labels),
        xaxis={
            "title": {"text": _("Slice of time (edition or step)"), "standoff": 12},
            "type": "category",
            "tickangle": 0,
            "automargin": True,
        },
        yaxis={"automargin": True, "autorange": "reversed", "type": "category"},
    )


def plot_theme_terms(
    terms: pd.DataFrame, *, names: Mapping[int, str] | None = None, n: int = 3
) -> Figure:
    """Draw the phrases that set the themes apart: how common inside, how common elsewhere.

    Parameters
    ----------
    terms
        From `theme_terms`.
    names
        The themes' names, by number.
    n
        Phrases per theme; the twelve largest themes are drawn.
    """
    title = _("The phrases that set each theme apart")
    best = terms[terms["theme"] < NAMED].groupby("theme").head(n)
    if best.empty:
        return empty_figure(title, _("No phrase stands in two posts of one theme."))
    labels = [
        f"{_label(names, theme, 26)} · {plain_label(shorten(phrase, 24))}"
        for theme, phrase in best[["theme", "phrase"]].itertuples(index=False, name=None)
    ]
    inside, outside = best["coverage"] * 100, best["elsewhere"] * 100
    traces = [
        go.Bar(
            x=inside.round(1).tolist(),
            y=labels,
            orientation="h",
            name=_("in the theme"),
            marker={"color": BLUE},
        ),
        go.Scatter(
            x=outside.round(1).tolist(),
            y=labels,
            mode="markers",
            name=_("in all other themes"),
            marker={"color": ORANGE, "symbol": "diamond", "size": 10},
        ),
    ]
    data = best.assign(name=[_named(names, theme) for theme in best["theme"]])
    return make_figure(
        traces,
        title,
        _(
            "A bar says in how many per cent of the theme's different texts the phrase stands, the "
            "diamond in how many of all others."
        ),
        data[["name", "phrase", "texts", "coverage", "elsewhere"]],
        height=150 + 24 * len(labels),
        xaxis={"title": {"text": _("Per cent of the texts")}, "rangemode": "tozero"},
        yaxis={"automargin": True, "autorange": "reversed", "type": "category"},
    )


def plot_insights(table: pd.DataFrame) -> Figure:
    """Draw frictions against solutions, theme by theme, in different people.

    Parameters
    ----------
    table
        From `insight_table` with names.
    """
    title = _("Where it hurts, and where a solution was told")
    shown = table[(table["friction"] + table["solution"]) > 0].head(NAMED)
    if shown.empty:
        return empty_figure(title, _("No friction and no solution was found."))
    labels = [plain_label(shorten(name, 34)) for name in shown["name"]]
    traces = [
        go.Bar(
            x=[int(n) for n in shown[column]],
            y=labels,
            orientation="h",
            name=name,
            marker={"color": colour, "pattern": fill_pattern(pattern)},
        )
        for column, name, colour, pattern in (
            ("friction", _("people with a friction"), ORANGE, ""),
            ("solution", _("people with a solution"), GREEN, "/"),
            ("case", _("people with a case"), GREY, "."),
        )
    ]
    worst = shown.iloc[0]
    description = _(
        "Bars count different people. Most people told a friction about “{name}”: {people}; "
        "{share} of these posts have a solution or a case of somebody else beside them."
    ).format(
        name=plain_label(str(worst["name"])),
        people=plural("{n} person", "{n} people", int(worst["friction"])),
        share=format_share(worst["answered"] / max(1, worst["answered"] + worst["open"])),
    )
    return make_figure(
        traces,
        title,
        description,
        shown[["name", "friction", "solution", "case", "answered", "open"]],
        barmode="group",
        height=150 + 3 * BAR_HEIGHT * len(labels),
        xaxis={"title": {"text": _("Different people")}, "rangemode": "tozero"},
        yaxis={"automargin": True, "autorange": "reversed", "type": "category"},
    )
