"""Tables on themes and on what is said of the brand."""

from __future__ import annotations

from dataclasses import replace
from html import escape

import pandas as pd

from chatlab.posts.quoting import quotes
from chatlab.report.glossary import VALUES
from chatlab.report.show.overview_page import posts as show_posts
from chatlab.report.show.quotes import quotes as quotes_of
from chatlab.report.show.tables import Shown, aside, lines, nothing, one_after_the_other
from chatlab.report.show.tables import table as show_table
from chatlab.themes.insight_tables import brand_quotes
from chatlab.translation import _


def themes(
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


def phrases(table: pd.DataFrame, *, themes: pd.DataFrame) -> Shown:
    """Show the commonest phrases, where a conversation has no theme to show instead.

    Parameters
    ----------
    table
        From `common_phrases`.
    themes
        From `theme_table`.
    """
    if len(themes):
        return nothing(_("the themes say it better."))
    return show_table(table, name=_("Common phrases"))


def insights(table: pd.DataFrame, posts: pd.DataFrame, *, zone: str = "UTC", n: int = 3) -> Shown:
    """Show posts with a mark as cards: how sure it is, and the words that speak for it.

    Parameters
    ----------
    table
        From `insight_quotes`.
    posts
        The posts table.
    zone
        Time zone for instants.
    n
        How many are seen; all stand in the table that unfolds.
    """
    if table.empty:
        return nothing(_("no such post was found."))
    marks = [_(VALUES[str(certainty)]) for certainty in table["certainty"]]
    cards = quotes_of(table.index, posts, zone=zone, n=n, marks=marks)
    return replace(cards, method=aside(show_posts(table, zone=zone)).method)


def brand(table: pd.DataFrame) -> Shown:
    """Show the brand beside its rivals, or say that no brand is known.

    Parameters
    ----------
    table
        From `brand_table`.
    """
    if table.empty:
        told = _("No brand is set. Write brand and rivals into the chat.toml beside the data.")
        return lines([], empty=told)
    return show_table(table, name=_("Brand and rivals"))


def brand_posts(
    posts: pd.DataFrame, insights: pd.DataFrame, brand: str | None, *, zone: str = "UTC"
) -> Shown:
    """Show posts that praise the brand, and posts that criticise it.

    Parameters
    ----------
    posts, insights
        A posts table, and what `find_insights` found in it.
    brand
        Its name, or None.
    zone
        Time zone for instants.
    """
    if brand is None:
        return lines([])
    parts = []
    for kind, head in (("praise", _("Praise of the brand")), ("friction", _("Criticism of it"))):
        quoted = brand_quotes(posts, insights, brand, kind)
        told = quotes_of(quoted.index, posts, zone=zone, n=2)
        if told.html:
            html = f"<h3>{escape(head)}</h3>{told.html}"
            every = aside(show_posts(quoted, zone=zone))
            parts.append(Shown(html, f"{head}\n{told.text}", method=every.method))
    return one_after_the_other(parts)


def unplaced(table: pd.DataFrame, *, zone: str = "UTC", n: int = 10) -> Shown:
    """Show posts that speak of no theme.

    Parameters
    ----------
    table
        From `unplaced_posts`.
    zone
        Time zone for instants.
    n
        How many are seen at once.
    """
    if table.empty:
        return lines([], empty=_("Every post speaks of a theme."))
    rows = table.assign(text=quotes(table))[["author", "created_at", "text", "url"]]
    return show_table(
        rows.reset_index(drop=True), zone=zone, n=n, name=_("Posts that speak of no theme")
    )
