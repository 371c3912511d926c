"""What a notebook shows: answers, lists, tables with their legend; every text escaped."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from html import escape
from typing import Any

import pandas as pd

from chatlab.messages import _, format_number, format_share, format_time, mark
from chatlab.text import plain_handles, shorten

# One entry per column that a reader meets: its head, and how it was made.
COLUMNS: dict[str, tuple[str, str]] = {
    "edition": (mark("Edition"), mark("number of the busy stretch, in order of time")),
    "start": (mark("Start"), mark("first post of the edition")),
    "end": (mark("End"), mark("last post of the edition")),
    "peak": (mark("Busiest minute"), mark("the minute with most posts")),
    "posts": (mark("Posts"), mark("posts in the chat, reposts included")),
    "people": (mark("People"), mark("different authors")),
    "early": (mark("Before"), mark("posts in the twelve hours before that belong to no edition")),
    "late": (mark("After"), mark("posts in the twelve hours after that belong to no edition")),
    "figure": (mark("Figure"), mark("what was counted")),
    "this": (mark("This edition"), mark("the edition that this report looks at")),
    "others": (mark("The others"), mark("median of all other editions")),
    "change": (mark("Difference"), mark("this edition against the median of the others")),
    "author": (mark("Author"), mark("handle of the account")),
    "author_name": (mark("Name"), mark("display name of the account")),
    "part": (mark("Part"), mark("host or panel where the settings say so, else participant")),
    "answered_by": (mark("Answered by"), mark("different people who replied to them")),
    "post": (mark("Posts of their own"), mark("neither replies, quotes nor reposts")),
    "reply": (mark("Replies"), mark("posts that answer somebody by the reply button")),
    "quote": (mark("Quotes"), mark("posts that quote another post")),
    "repost": (mark("Reposts"), mark("posts of others passed on unchanged")),
    "engagement": (
        mark("Engagement"),
        mark(
            "likes + reposts + replies + quotes when the file was collected; missing counts are "
            "left out"
        ),
    ),
    "followers": (mark("Followers"), mark("of the account, when the file was collected")),
    "first": (mark("First post"), mark("their first post here")),
    "last": (mark("Last post"), mark("their last post here")),
    "kind": (mark("Kind"), mark("repost, else reply, else quote, else post: the first that is so")),
    "share": (mark("Share"), mark("part of all posts in the chat")),
    "created_at": (mark("When"), mark("in the time zone of the chat")),
    "text": (mark("Post"), mark("shortened; the link leads to the whole post")),
    "url": (mark("Link"), mark("to the post on its platform")),
    "likes": (mark("Likes"), mark("when the file was collected")),
    "reposts": (mark("Reposts (platform)"), mark("as the platform counted, at collection")),
    "replies": (mark("Replies (platform)"), mark("as the platform counted, at collection")),
    "quotes": (mark("Quotes (platform)"), mark("as the platform counted, at collection")),
    "answers": (mark("Replies here"), mark("replies in this file, the author's own left out")),
    "shares": (mark("Reposts here"), mark("reposts in this file")),
    "measure": (mark("Measure"), mark("name of the formula")),
    "value": (
        mark("Value"),
        mark("the figure itself; “cannot be computed” where data are missing"),
    ),
    "formula": (mark("How it is computed"), mark("the formula in words")),
    "known": (mark("Known for"), mark("part of the people or posts whose figure the file gives")),
    "count": (mark("Number"), mark("how many")),
    "fact": (mark("Fact"), mark("what was counted")),
    "file": (mark("File"), mark("name of the file read")),
    "source": (mark("Format"), mark("found from the content")),
    "read": (mark("Read"), mark("posts found = kept + duplicates + refused")),
    "kept": (mark("Kept"), mark("different posts that are in the table")),
    "duplicates": (mark("Duplicates"), mark("seen before; the newest counts were kept")),
    "refused": (mark("Refused"), mark("records that could not become a post")),
    "context": (mark("Came along"), mark("parents, quoted and original posts; never counted")),
    "reasons": (mark("Reasons"), mark("why records or the file were refused")),
    "notes": (mark("To know"), mark("what is odd in the file; nothing was changed")),
    "replies_received": (mark("Replies received"), mark("replies by others")),
    "people_answering": (mark("People answering"), mark("different people who replied to them")),
    "replies_given": (mark("Replies given"), mark("replies to others")),
    "people_answered": (mark("People answered"), mark("different people they replied to")),
    "pagerank_rank": (
        mark("PageRank, rank"),
        mark(
            "place in the ranking where an answer by somebody much answered counts for more "
            "(PageRank, damping 0.85, converged)"
        ),
    ),
    "in_file": (mark("Wrote here"), mark("no: was answered, but wrote nothing in this chat")),
    "name": (mark("Theme"), mark("in the words that set it apart, or as named in themes.csv")),
    "phrases": (mark("Phrases"), mark("most telling first: common in the theme, rare elsewhere")),
    "languages": (mark("Languages"), mark("of at least a tenth of the posts, most used first")),
    "clarity": (
        mark("Clarity"),
        mark("share of the posts whose theme a classifier tells from their words, unseen"),
    ),
    "stable": (
        mark("Firm"),
        mark("found again from other seeds, and without a fifth of the people"),
    ),
    "over_seeds": (
        mark("Other seeds"),
        mark("likeness (Jaccard) of its posts when found again from other seeds; 1 is the same"),
    ),
    "over_people": (
        mark("Without some people"),
        mark("likeness (Jaccard) of its posts when a fifth of the people is left out"),
    ),
    "slices": (
        mark("Active in"),
        mark("slices with two people or more, half of an even spread, a quarter of its best share"),
    ),
    "of": (mark("of"), mark("slices of time in all: editions, or steps of one edition")),
    "spells": (mark("Separate times"), mark("runs of active slices with a pause between them")),
    "bursts": (mark("Bursts"), mark("stretches with twice the usual rate (Kleinberg)")),
    "dispersion": (
        mark("Unevenness"),
        mark("Gries' DP: 0 spread like all posts, towards 1 all in one slice"),
    ),
    "threads": (mark("Threads"), mark("different conversations it comes up in")),
    "p_value": (
        mark("Chance"),
        mark("how often 999 shuffles of the posts are as uneven; 0.001 is the least"),
    ),
    "type": (mark("Kind of return"), mark("by the rules in the text above")),
    "insight": (mark("Insight"), mark("what kind of mark")),
    "to_check": (mark("To check"), mark("marks with weak or mixed cues; read them")),
    "friction": (mark("Friction"), mark("different people who told one")),
    "solution": (mark("Solution"), mark("different people who told one")),
    "case": (mark("Case"), mark("different people who told one")),
    "request": (mark("Request"), mark("different people who asked for something")),
    "answered": (
        mark("Frictions answered"),
        mark("posts with a solution or case of somebody else in reply, or under the same post"),
    ),
    "open": (
        mark("Frictions open"),
        mark("posts without one linked to them; an answer without a link is not seen"),
    ),
    "named": (mark("Products"), mark("named in these posts, by most people first")),
    "cue": (mark("Cue"), mark("the words that caused the mark")),
    "certainty": (mark("Certainty"), mark("sure, or to check")),
    "product": (mark("Product"), mark("the brand first, then its rivals")),
    "praised": (mark("Praised by"), mark("people who tell a solution or a case with it")),
    "criticised": (mark("Criticised by"), mark("people who tell a friction with it")),
    "beside": (mark("Beside"), mark("others named in the same posts")),
    "phrase": (mark("Phrase"), mark("one or two words as most people wrote them")),
    "texts": (mark("Texts"), mark("different texts of the theme that have it")),
    "coverage": (mark("In the theme"), mark("share of the theme's texts that have it")),
    "elsewhere": (mark("Elsewhere"), mark("share of all other themes' texts that have it")),
}

# Values that stand in tables under a plain name.
VALUES: dict[str, str] = {
    "posts": mark("posts"),
    "people": mark("people"),
    "posts_per_person": mark("posts per person"),
    "minutes": mark("minutes from first to last post"),
    "late": mark("posts in the twelve hours after"),
    "host": mark("host"),
    "panel": mark("panel"),
    "participant": mark("participant"),
    "post": mark("post"),
    "reply": mark("reply"),
    "quote": mark("quote"),
    "repost": mark("repost"),
    "sum_of_followers": mark("Sum of followers"),
    "posts_times_followers": mark("Posts times followers (potential impressions)"),
    "impressions": mark("Impressions that the platform counted"),
    "copies": mark("copies of posts on another network, counted once"),
    "context_posts": mark("posts that only came along (parents, quoted, originals)"),
    "replies": mark("replies"),
    "replies_without_parent": mark("replies whose parent is not in the file"),
    "people_with_followers": mark("people whose follower count is known"),
    "posts_with_language": mark("posts whose language is known"),
    "languages": mark("most used languages, and their posts"),
    "first_post": mark("first post"),
    "last_post": mark("last post"),
    "longest_gap": mark("longest pause between two posts, in hours"),
    "own": mark("posts written here (reposts left out)"),
    "to_oneself": mark("replies to oneself (threads)"),
    "to_outside": mark("replies to people who wrote nothing here"),
    "to_unknown": mark("replies where the file does not say to whom"),
    "ties": mark("replies that make a tie in the graph"),
    "marked_answers": mark("answers marked A1, R2... without a reply link: invisible to the graph"),
    "steady": mark("steady"),
    "recurring": mark("recurring"),
    "growing": mark("growing"),
    "fading": mark("fading"),
    "one burst": mark("one burst"),
    "new": mark("new"),
    "one voice": mark("one voice"),
    "too few to tell": mark("too few to tell"),
    "friction": mark("friction"),
    "solution": mark("solution"),
    "case": mark("case study"),
    "request": mark("request"),
    "product": mark("product named"),
    "sure": mark("sure"),
    "to check": mark("to check"),
}


LEAST_SHARE = 0.005


@dataclass(frozen=True)
class Shown:
    """Something to look at: HTML for a page, plain text for a terminal."""

    html: str
    text: str

    def _repr_html_(self) -> str:
        return self.html

    def __repr__(self) -> str:
        return self.text


def show_answer(sentence: str) -> Shown:
    """Show the answer of a notebook, large."""
    return Shown(f'<p class="answer">{escape(sentence)}</p>', sentence)


def show_list(lines: Iterable[str], *, empty: str = "") -> Shown:
    """Show sentences as a list; `empty` stands in when there is none."""
    told = list(lines)
    if not told:
        return Shown(f"<p>{escape(empty)}</p>", empty)
    items = "".join(f"<li>{escape(line)}</li>" for line in told)
    return Shown(f'<ul class="lines">{items}</ul>', "\n".join(f"- {line}" for line in told))


def show_table(
    table: pd.DataFrame, *, zone: str = "UTC", n: int = 50, name: str | None = None
) -> Shown:
    """Show a table of the library with translated heads and, folded, how each column was made.

    Parameters
    ----------
    table
        A table of this library; a named index is shown as the first column.
    zone
        Time zone for instants.
    n
        Rows at most; the rest is counted below the table.
    name
        The accessible name of the table.
    """
    whole = table.reset_index() if table.index.name else table
    names = [str(column) for column in whole.columns]
    if whole.empty:
        return show_list([], empty=_("Nothing to show here."))
    heads = "".join(
        f'<th scope="col"{_side(whole[column])}>{escape(_head(column))}</th>' for column in names
    )
    rows = []
    for _key, row in whole.head(n).iterrows():
        cells = (f"<td{_side(whole[c])}>{_cell_html(c, row[c], zone)}</td>" for c in names)
        rows.append(f"<tr>{''.join(cells)}</tr>")
    label = escape(name or _("Table"))
    more = len(whole) - n
    rest = _("{n} more rows.").format(n=format_number(more)) if more > 0 else ""
    html = (
        f'<div class="table" tabindex="0" role="group" aria-label="{label}">'
        f"<table><thead><tr>{heads}</tr></thead><tbody>{''.join(rows)}</tbody></table></div>"
        f"<p>{escape(rest)}</p>{_legend(names)}"
    )
    return Shown(html, whole.head(n).to_string(index=False))


def _head(column: str) -> str:
    return _(COLUMNS[column][0]) if column in COLUMNS else column


def _legend(names: Collection[str]) -> str:
    known = [name for name in names if name in COLUMNS]
    items = "".join(
        f"<dt>{escape(_(COLUMNS[name][0]))}</dt><dd>{escape(_(COLUMNS[name][1]))}</dd>"
        for name in known
    )
    title = escape(_("How to read this table"))
    return f'<details class="legend"><summary>{title}</summary><dl>{items}</dl></details>'


def _side(column: pd.Series) -> str:
    kind = column.dtype
    # JupyterLab sets every cell to the right; a page has its own style.
    left = ' style="text-align:left"'
    if column.name == "author":
        return f' class="who"{left}'
    if column.name in ("text", "formula", "reasons", "notes", "phrases", "name", "cue"):
        return f' class="words"{left}'
    if pd.api.types.is_datetime64_any_dtype(kind):
        return f' class="when"{left}'
    numeric = pd.api.types.is_numeric_dtype(kind) and not pd.api.types.is_bool_dtype(kind)
    return ' class="number"' if numeric else left


def _cell_html(column: str, value: Any, zone: str) -> str:
    if column == "url":
        return _link(value)
    return escape(cell_text(column, value, zone))


def _link(value: Any) -> str:
    # Only web links become links: `javascript:` and the like stay out of the page.
    if not isinstance(value, str) or not value.startswith(("https://", "http://")):
        return ""
    address, word = escape(value, quote=True), escape(_("open"))
    return f'<a href="{address}" rel="noopener noreferrer nofollow">{word}</a>'


def cell_text(column: str, value: Any, zone: str = "UTC") -> str:
    """Write one value of a table as the current language does."""
    if isinstance(value, list):
        return ", ".join(map(str, value))
    if pd.isna(value):
        return _("cannot be computed") if column == "value" else "–"
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, pd.Timestamp):
        return format_time(value, zone)
    if column == "p_value":
        return format_number(float(value), 3)
    if column in ("over_seeds", "over_people", "dispersion"):
        return format_number(float(value), 2)
    if column == "share" and 0 < value < LEAST_SHARE:
        return f"< {format_share(0.01)}"
    if column in ("share", "known", "clarity", "coverage", "elsewhere"):
        return format_share(float(value))
    if column == "change":
        return f"{'+' if value >= 0 else '−'}{format_share(abs(float(value)))}"
    if isinstance(value, float) and not float(value).is_integer():
        return format_number(value, 1)
    if isinstance(value, (int, float)) or hasattr(value, "__index__"):
        return format_number(float(value))
    if column == "text":
        return shorten(str(value))
    if column == "author":
        return f"@{value}"
    if column in ("formula", "source"):
        return _(str(value))
    return _(VALUES[str(value)]) if str(value) in VALUES else str(value)


def show_posts(table: pd.DataFrame, *, zone: str = "UTC", hide: Collection[str] = ()) -> Shown:
    """Show a table of posts; the words of people who are not to be quoted stay out.

    Parameters
    ----------
    table
        From `top_posts`, `discussed_posts` or `shared_posts`.
    zone
        Time zone for instants.
    hide
        Handles of people not to quote.
    """
    hidden = plain_handles(hide)
    quiet = table["author"].str.casefold().isin(hidden)
    shown = table.assign(text=table["text"].mask(quiet, _("(not quoted, at their wish)")))
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
    return show_table(table[names].reset_index(drop=True), zone=zone, name=_("Themes"))


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
    rows = posts.loc[[i for _name, i in ids], ["author", "created_at", "text", "url"]]
    rows.insert(0, "name", [name for name, _i in ids])
    return show_table(rows.reset_index(drop=True), zone=zone, name=_("Typical posts"))


def show_loading(loading: pd.DataFrame) -> Shown:
    """Show what was read, file by file."""
    silent = [name for name in ("reasons", "notes") if not loading[name].astype(bool).any()]
    return show_table(loading.drop(columns=silent), name=_("What was loaded"))


def show_reach(reach: pd.DataFrame) -> Shown:
    """Show reach: every figure is an upper bound, and says how it was made."""
    values = [
        _("up to {n}").format(n=format_number(int(value)))
        if pd.notna(value) and measure != "impressions"
        else cell_text("value", value)
        for measure, value in reach["value"].items()
    ]
    return show_table(reach.assign(value=values), name=_("Reach"))


def show_coverage(coverage: pd.DataFrame, *, zone: str = "UTC") -> Shown:
    """Show what the posts hold and lack: each value as its unit asks, times in a zone."""
    values = [
        cell_text("share" if unit == "share" and pd.notna(value) else "value", value, zone)
        for value, unit in coverage.itertuples(index=False, name=None)
    ]
    shown = pd.DataFrame({"value": values}, index=coverage.index)
    return show_table(shown, name=_("What is missing"))


def show_influence(table: pd.DataFrame, *, n: int = 15) -> Shown:
    """Show who is answered by most people: plain counts and a rank, no four decimals."""
    ranked = table.assign(pagerank_rank=table["pagerank"].rank(ascending=False, method="min"))
    names = [
        "author",
        "people_answering",
        "replies_received",
        "people_answered",
        "replies_given",
        "pagerank_rank",
        "followers",
        "in_file",
    ]
    ranked = ranked.sort_values(["people_answering", "pagerank"], ascending=False)
    return show_table(ranked[names].head(n), name=_("Who is answered"), n=n)
