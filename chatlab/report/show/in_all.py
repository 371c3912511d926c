"""What is shown of all posts of a dataset, beside what is read in a sample."""

from __future__ import annotations

from dataclasses import replace
from html import escape

import pandas as pd

from chatlab.report.show.tables import Shown
from chatlab.report.show.tables import table as show_table
from chatlab.translation import _, format_share


def themes_in_all(table: pd.DataFrame) -> Shown:
    """Show the themes counted in all posts; nothing where all posts are in memory.

    Parameters
    ----------
    table
        From `cl.project.themes_in_all`.
    """
    if table.empty:
        return Shown("", "")
    told = _(
        "All posts, each placed by its words as those of the sample are. Of people who had not "
        "been read, {agreement} of the posts were placed as reading them places them, and {found} "
        "of those that have a theme."
    ).format(
        agreement=format_share(table.attrs["agreement"]), found=format_share(table.attrs["found"])
    )
    return _with_words(told, table.reset_index(drop=True), "themes")


def insights_in_all(table: pd.DataFrame) -> Shown:
    """Show the marks counted in all posts; nothing where all posts are in memory.

    Parameters
    ----------
    table
        From `cl.project.insights_in_all`.
    """
    if table.empty:
        return Shown("", "")
    told = _("All posts, each read by the same model as the sample.")
    return _with_words(told, table.reset_index(), "insights")


def _with_words(told: str, table: pd.DataFrame, of: str) -> Shown:
    shown = show_table(table, name=_("In all posts"), of=of)
    words = f'<p class="note">{escape(told)}</p>'
    return replace(shown, html=words + shown.html, text=f"{told}\n{shown.text}")
