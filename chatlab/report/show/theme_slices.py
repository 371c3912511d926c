"""When each theme is talked about: themes by slices of time."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape

import pandas as pd

from chatlab.report.say.slices import slice_labels
from chatlab.report.show.heat import heat_grid
from chatlab.report.show.tables import Shown, nothing
from chatlab.text.patterns import shorten
from chatlab.themes.recurrence import theme_counts
from chatlab.translation import _

# So many characters of a name.
NAMED = 40
# So many themes are seen at once.
SEEN = 5


def theme_slices(
    posts: pd.DataFrame,
    themes: pd.Series,
    slices: pd.Series,
    *,
    names: Mapping[int, str],
    zone: str = "UTC",
) -> Shown:
    """Show how many posts each theme has in each slice of time, the more the darker.

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
    counts = theme_counts(posts, themes, slices)
    if counts.empty:
        return nothing(_("no post has both a theme and a place in time."))
    if counts.shape[1] == 1:
        return nothing(_("all of it lies in one slice of time: nothing to compare."))
    first = posts["created_at"].groupby(slices.reindex(posts.index)).min()
    labels = slice_labels(first, [int(number) for number in counts.columns], zone)
    most = counts.to_numpy().max()
    rows = [
        (_linked(names.get(int(theme), str(theme)), int(theme)), fields, most, None)
        for theme, fields in zip(counts.index, counts.to_numpy().tolist(), strict=True)
    ]
    heads, about = [_("Theme"), *labels], _("Posts of each theme in each slice of time")
    told = _("The stronger the blue, the more posts; reposts are left out. Times: {zone}.")
    html = f'<p class="note">{escape(told.format(zone=zone))}</p>'
    html += heat_grid(heads, rows[:SEEN], about)
    if more := rows[SEEN:]:
        summary = escape(_("The other themes"))
        html += f"<details><summary>{summary}</summary>{heat_grid(heads, more, about)}</details>"
    return Shown(html, counts.to_string())


def _linked(name: str, theme: int) -> str:
    return f'<a href="#theme-{theme}">{escape(shorten(name, NAMED))}</a>'
