"""What a notebook shows: answers, lists, tables with their legend; every text escaped."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from typing import Any

import numpy as np
import pandas as pd

from chatlab.legend import CODED, COLUMNS, VALUES
from chatlab.messages import _, format_number, format_share, format_time, plural
from chatlab.quoting import not_quoted, quotes
from chatlab.reach import BOUNDS
from chatlab.schema import ENGAGEMENT_NAMES, NAMES
from chatlab.text import shorten

LEAST_SHARE = 0.005
# So many rows more can be unfolded.
FOLDED = 200
# Columns of handles.
PEOPLE = ("author", "to", "by")
SHARES = [
    "share",
    "known",
    "clarity",
    "coverage",
    "elsewhere",
    "people_share",
    "inside",
    "returned",
    "connected",
    "came_again",
    "seen",
]
# Columns of sentences: they need room, and read from the left.
WORDS = (
    *("text", "formula", "reasons", "notes", "phrases", "name", "cue", "rule", "question_text"),
    *("best_text", "about", "note", "figures", "why", "thank_you", "invitation"),
)


@dataclass(frozen=True)
class Shown:
    """Something to look at: HTML for a page, plain text for a terminal."""

    html: str
    text: str

    def _repr_html_(self) -> str:
        # JupyterLab would make a formula of "from $5 to $10" in a post.
        return f'<div class="mathjax_ignore tex2jax_ignore">{self.html}</div>'

    def __repr__(self) -> str:
        return self.text


def show_answer(sentence: str, *, about: str = "") -> Shown:
    """Show the answer of a notebook, large.

    Parameters
    ----------
    sentence
        The answer.
    about
        Which posts it is about, from `describe_scope`; shown above it.
    """
    scope = f'<p class="scope">{escape(about)}</p>' if about else ""
    whole = f"{about}\n{sentence}" if about else sentence
    return Shown(f'{scope}<p class="answer">{escape(sentence)}</p>', whole)


def show_list(lines: Iterable[str], *, empty: str = "") -> Shown:
    """Show sentences as a list; `empty` stands in when there is none."""
    told = list(lines)
    if not told:
        return Shown(f"<p>{escape(empty)}</p>", empty)
    items = "".join(f"<li>{escape(line)}</li>" for line in told)
    return Shown(f'<ul class="lines">{items}</ul>', "\n".join(f"- {line}" for line in told))


def show_table(
    table: pd.DataFrame,
    *,
    zone: str = "UTC",
    n: int = 50,
    name: str | None = None,
    of: str = "",
) -> Shown:
    """Show a table of the library with translated heads and, folded, how each column was made.

    Parameters
    ----------
    table
        A table of this library; a named index is shown as the first column.
    zone
        Time zone for instants.
    n
        Rows to be seen at once; up to 200 more can be unfolded.
    name
        The accessible name of the table.
    of
        What the table is of, where columns mean something else there than elsewhere: `account`,
        `groups`.
    """
    whole = table.reset_index() if table.index.name else table
    names = [str(column) for column in whole.columns]
    if whole.empty:
        return show_list([], empty=_("Nothing to show here."))
    heads = "".join(
        f'<th scope="col"{_side(whole[column])}>{escape(_head(column, of))}</th>'
        for column in names
    )
    rows = _rows_html(whole.head(n + FOLDED), zone)
    label = escape(name or _("Table"))
    html = _grid(heads, rows[:n], label)
    if more := len(whole) - n:
        html += _folded(heads, rows[n:], more, label) if more > 0 else ""
    html += _legend(names, of)
    return Shown(html, whole.head(n).to_string(index=False))


def _rows_html(table: pd.DataFrame, zone: str) -> list[str]:
    sides = {name: _side(table[name]) for name in table.columns}
    rows = []
    for _key, row in table.iterrows():
        cells = (f"<td{sides[c]}>{_cell_html(str(c), row[c], zone)}</td>" for c in table.columns)
        rows.append(f"<tr>{''.join(cells)}</tr>")
    return rows


def _grid(heads: str, rows: Iterable[str], label: str) -> str:
    return (
        f'<div class="table" tabindex="0" role="group" aria-label="{label}">'
        f"<table><thead><tr>{heads}</tr></thead><tbody>{''.join(rows)}</tbody></table></div>"
    )


def _folded(heads: str, rows: Sequence[str], more: int, label: str) -> str:
    """Fold away the rows that few want; of very many, say how many there are."""
    told = plural("{n} more row", "{n} more rows", more)
    if more > len(rows):
        told += " " + _("(the first {n} of them here)").format(n=format_number(len(rows)))
    summary = f"<summary>{escape(told)}</summary>"
    return f"<details>{summary}{_grid(heads, rows, label)}</details>"


def _entry(column: str, of: str) -> tuple[str, str] | None:
    """Give head and meaning of a column: those of this table, else those of all tables."""
    found = COLUMNS.get(f"{of}.{column}") or COLUMNS.get(column)
    return (_(found[0]), _(found[1])) if found else None


def _head(column: str, of: str) -> str:
    entry = _entry(column, of)
    return entry[0] if entry else column


def _legend(names: Collection[str], of: str) -> str:
    known = [entry for name in names if (entry := _entry(name, of))]
    items = "".join(f"<dt>{escape(head)}</dt><dd>{escape(told)}</dd>" for head, told in known)
    title = escape(_("How to read this table"))
    return f'<details class="legend"><summary>{title}</summary><dl>{items}</dl></details>'


def _side(column: pd.Series) -> str:
    kind = column.dtype
    # JupyterLab sets every cell to the right; a page has its own style.
    left = ' style="text-align:left"'
    if column.name in PEOPLE:
        return f' class="who"{left}'
    if column.name in WORDS:
        return f' class="words"{left}'
    if pd.api.types.is_datetime64_any_dtype(kind):
        return f' class="when"{left}'
    numeric = pd.api.types.is_numeric_dtype(kind) and not pd.api.types.is_bool_dtype(kind)
    return ' class="number"' if numeric else left


def _cell_html(column: str, value: Any, zone: str) -> str:
    if column == "url":
        return web_link(value)
    if column == "links":
        return " ".join(web_link(one, str(i)) for i, one in enumerate(value, 1))
    if column in PEOPLE:
        # A long handle breaks after its underscores and dots, not within a word.
        handle = escape(cell_text(column, value, zone))
        return re.sub(r"([_.])", r"\1<wbr>", handle)
    return escape(cell_text(column, value, zone))


def web_link(value: Any, word: str | None = None) -> str:
    """Write a link; only web links become links: `javascript:` and the like stay out."""
    if not isinstance(value, str) or not value.startswith(("https://", "http://")):
        return ""
    address, word = escape(value, quote=True), escape(word or _("open"))
    return f'<a href="{address}" rel="noopener noreferrer nofollow">{word}</a>'


def cell_text(column: str, value: Any, zone: str = "UTC") -> str:
    """Write one value of a table as the current language does."""
    if isinstance(value, list | tuple | np.ndarray):
        return ", ".join(map(str, value))
    if pd.isna(value):
        if column in ("text", "question_text"):
            return not_quoted()
        return _("cannot be computed") if column == "value" else "–"
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, pd.Timestamp):
        return format_time(value, zone)
    if column == "p_value":
        return format_number(float(value), 3)
    if column in ("over_seeds", "over_people", "dispersion", "participation"):
        return format_number(float(value), 2)
    if column == "share" and 0 < value < LEAST_SHARE:
        return f"< {format_share(0.01)}"
    if column == "engagement_rate":
        return format_share(float(value), decimals=1)
    if column in SHARES:
        return format_share(float(value))
    if column == "change":
        return f"{'+' if value >= 0 else '−'}{format_share(abs(float(value)))}"
    if isinstance(value, float) and not float(value).is_integer():
        return format_number(value, 1)
    if isinstance(value, (int, float)) or hasattr(value, "__index__"):
        return format_number(float(value))
    if column == "text":
        return shorten(str(value))
    if column in PEOPLE:
        return f"@{value}"
    if column in ("formula", "source"):
        return _(str(value))
    # Only codes are translated: a theme that people named "open" keeps its name.
    return _(VALUES[str(value)]) if column in CODED and str(value) in VALUES else str(value)


def show_posts(table: pd.DataFrame, *, zone: str = "UTC") -> Shown:
    """Show a table of posts; where a text is missing, its author asked not to be quoted.

    Parameters
    ----------
    table
        From `top_posts`, `discussed_posts` or `shared_posts`.
    zone
        Time zone for instants.
    """
    if {*NAMES} <= {*table.columns}:
        # A whole posts table: of its ids and lists a reader has no use.
        table = table[["author", "created_at", "text", "kind", *ENGAGEMENT_NAMES, "url"]]
    shown = table.assign(text=table["text"].fillna(not_quoted()))
    first = [name for name in ("author", "created_at", "text", "engagement") if name in shown]
    shown = shown[[*first, *(name for name in shown.columns if name not in first)]]
    # A count that is missing or 0 for all says nothing, and makes the table wide.
    told = [
        name for name in shown.columns if shown[name].notna().any() and (shown[name] != 0).any()
    ]
    return show_table(shown[told], zone=zone, name=_("Posts"))


def show_themes(
    table: pd.DataFrame, *, recurrence: pd.DataFrame | None = None, zone: str = "UTC"
) -> Shown:
    """Show themes, with how they come back where that is given; examples are shown by themselves.

    Parameters
    ----------
    table
        From `theme_table`.
    recurrence
        From `theme_recurrence`.
    zone
        Time zone for instants.
    """
    names = ["name", "phrases", "posts", "people", "share", "languages", "clarity"]
    if recurrence is not None:
        table = table.join(recurrence[["slices", "of", "spells", "bursts", "p_value", "type"]])
        names = ["name", "posts", "people", "slices", "of", "spells", "bursts", "p_value", "type"]
    shown = table[names].reset_index(drop=True)
    return show_table(shown, zone=zone, name=_("Themes"), of="themes")


def show_brand(table: pd.DataFrame) -> Shown:
    """Show the brand beside its rivals, or say that no brand is known.

    Parameters
    ----------
    table
        From `brand_table`.
    """
    if table.empty:
        told = _("No brand is set. Write brand and rivals into the chat.toml beside the data.")
        return show_list([], empty=told)
    return show_table(table, name=_("Brand and rivals"))


def show_examples(posts: pd.DataFrame, table: pd.DataFrame, *, zone: str = "UTC") -> Shown:
    """Show the posts that say best what each theme is about, with their links.

    Parameters
    ----------
    posts
        The posts table.
    table
        From `theme_table`, which leaves out people not to quote.
    zone
        Time zone for instants.
    """
    ids = [(name, i) for name, some in table[["name", "examples"]].to_numpy() for i in some]
    rows = posts.assign(text=quotes(posts))
    rows = rows.loc[[i for _name, i in ids], ["author", "created_at", "text", "url"]]
    rows.insert(0, "name", [name for name, _i in ids])
    return show_table(rows.reset_index(drop=True), zone=zone, name=_("Typical posts"))


def show_loading(loading: pd.DataFrame) -> Shown:
    """Show what was read, file by file."""
    silent = [name for name in ("reasons", "notes") if not loading[name].astype(bool).any()]
    return show_table(loading.drop(columns=silent), name=_("What was loaded"))


def show_reach(reach: pd.DataFrame) -> Shown:
    """Show reach: every figure is an upper bound, and says how it was made."""
    values = [_reach_text(str(measure), value) for measure, value in reach["value"].items()]
    return show_table(reach.assign(value=values), name=_("Reach"))


def _reach_text(measure: str, value: Any) -> str:
    if pd.isna(value):
        followers = measure in BOUNDS
        return (
            _("cannot be computed, no follower counts") if followers else cell_text("value", value)
        )
    if measure in BOUNDS:
        return _("up to {n}").format(n=format_number(int(value)))
    if measure == "repost_rate":
        return format_share(float(value))
    return format_number(float(value), 0 if float(value).is_integer() else 2)


def show_coverage(coverage: pd.DataFrame, *, zone: str = "UTC") -> Shown:
    """Show what the posts hold and lack: each value as its unit asks, times in a zone."""
    values = [
        cell_text("share" if unit == "share" and pd.notna(value) else "value", value, zone)
        for value, unit in coverage.itertuples(index=False, name=None)
    ]
    shown = pd.DataFrame({"value": values}, index=coverage.index)
    return show_table(shown, name=_("What is missing"))


def show_influence(table: pd.DataFrame, *, n: int = 15) -> Shown:
    """Show who is answered by most people: plain counts, and two ranks; no four decimals."""
    ranked = _ranked(table, ("pagerank", "betweenness"))
    names = ["author", "people_answering", "replies_received", "people_answered"]
    names += ["pagerank_rank", "betweenness_rank", "followers", "rank_beyond_fame"]
    if not ranked["in_file"].head(n).all():
        names.append("in_file")
    return show_table(ranked[names].head(n), name=_("Who is answered"), n=n)


def show_ranks(table: pd.DataFrame, *, n: int = 15) -> Shown:
    """Show the rank of those most answered by every measure.

    Parameters
    ----------
    table
        From `influence_table`.
    n
        How many people.
    """
    measures = ("pagerank", "authority", "hub", "betweenness")
    ranked = _ranked(table, measures)
    names = ["author", "people_answering", *(f"{name}_rank" for name in measures), "core_number"]
    return show_table(ranked[names].head(n), name=_("Ranks"), n=n)


def _ranked(table: pd.DataFrame, measures: Iterable[str]) -> pd.DataFrame:
    ranks = {
        # Equal to twelve digits is equal: whoever is answered alike shares a rank.
        f"{name}_rank": table[name].round(12).rank(ascending=False, method="min").astype(int)
        for name in measures
    }
    return table.assign(**ranks).sort_values(["people_answering", "pagerank"], ascending=False)


def show_groups(table: pd.DataFrame, *, n: int = 12) -> Shown:
    """Show the groups; columns that say nothing stay out.

    Parameters
    ----------
    table
        From `community_table`.
    n
        How many groups.
    """
    if table.empty:
        return show_list([], empty=_("There are no groups of at least three people."))
    handles = table["most_answered"].map(lambda some: [f"@{handle}" for handle in some])
    shown = table.assign(most_answered=handles).reset_index(drop=True)
    silent = [name for name in ("hashtags", "languages", "themes") if name in shown]
    silent = [name for name in silent if not shown[name].map(len).any()]
    # The name says already whether a group is firm.
    return show_table(
        shown.drop(columns=[*silent, "stable"], errors="ignore"), n=n, name=_("Groups"), of="groups"
    )


def show_bridges(table: pd.DataFrame, *, names: Mapping[int, str], n: int = 10) -> Shown:
    """Show who links groups.

    Parameters
    ----------
    table
        From `bridge_table`.
    names
        The groups' names, such as `community_table(...)["community_name"]`.
    n
        How many people.
    """
    linked = [
        [str(names.get(group, group + 1)) for group in groups] for groups in table["groups_linked"]
    ]
    shown = table.assign(
        groups_linked=pd.Series(linked, index=table.index, dtype=object),
        community_name=table["community"].map(names),
    )
    columns = ["author", "community_name", "people_outside", "groups_linked", "participation"]
    if table.empty:
        return show_list([], empty=_("Nobody is tied to another group."))
    return show_table(shown[columns], n=n, name=_("Who links groups"))


def show_carriers(table: pd.DataFrame, *, names: Mapping[int, str]) -> Shown:
    """Show who carries each theme.

    Parameters
    ----------
    table
        From `theme_carriers`.
    names
        The themes' names.
    """
    if table.empty:
        return show_list([], empty=_("No post with a theme was answered by two people."))
    shown = table.assign(name=table["theme"].map(names))
    columns = ["name", "author", "people_answering", "posts_on_theme"]
    return show_table(shown[columns], name=_("Who carries which theme"))


def show_roles(table: pd.DataFrame, *, for_client: bool = False, n: int = 20) -> Shown:
    """Show who has which roles; nobody's roles are named in a report for a client.

    Parameters
    ----------
    table
        From `role_table`.
    for_client
        Leave the names out.
    n
        How many people.
    """
    if for_client:
        told = _("Roles of single people are left out of a report for a client.")
        return show_list([], empty=told)
    if table.empty:
        return show_list([], empty=_("Nobody fits the rule of a role."))
    roles = table["roles"].map(lambda some: [_(VALUES[role]) for role in some])
    return show_table(table[["author", "posts"]].assign(roles=roles), n=n, name=_("Roles"))
