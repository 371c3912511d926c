"""Small marks in HTML: bars over the editions, the length of a share, the sign of a kind."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

import pandas as pd

from chatlab.translation import format_number

STEPS = 20
# Of more bars, only the last ones are wide enough to be seen.
MOST_BARS = 24
MOST_NUMBERS = 12


def bars(
    values: Sequence[object],
    labels: Sequence[str],
    about: str,
    *,
    here: int = -1,
    plain: bool = False,
) -> str:
    """Write a bar for each value; missing ones leave a gap.

    Parameters
    ----------
    values, labels
        The numbers, and what stands under each.
    about
        What they are, for who cannot see them; the numbers are added.
    here
        The place of the one to point out.
    plain
        True leaves numbers and labels out.
    """
    known = [None if pd.isna(value) else float(value) for value in values]  # type: ignore[arg-type, call-overload]
    start = max(0, len(known) - MOST_BARS)
    most = max((value for value in known[start:] if value is not None), default=0) or 1
    parts = []
    # Beside many others, only the first, the largest and the one looked at have room for a number.
    places = range(start, len(known))
    numbered = labelled = set(places)
    if len(places) > MOST_NUMBERS:
        numbered = {max(places, key=lambda place: known[place] or 0), here}
        labelled = {start, len(known) - 1, here}
    for place in places:
        value = known[place]
        mark = " here" if place == here else ""
        step = 0 if value is None else round(STEPS * value / most)
        number, label = "", ""
        if not plain and place in numbered and value is not None:
            number = f"<span>{escape(_short(value))}</span>"
        if not plain:
            shown = escape(labels[place]) if place in labelled else "&nbsp;"
            label = f"<span>{shown}</span>"
        parts.append(f'<span class="bar{mark}">{number}<i class="h{step}"></i>{label}</span>')
    told = ", ".join("–" if value is None else format_number(value) for value in known[start:])
    kind = "bars plain" if plain else "bars"
    name = escape(f"{about}: {told}", quote=True)
    # What is read aloud is the name, not the parts.
    return f'<div class="{kind}" role="img" aria-label="{name}">{"".join(parts)}</div>'


def _short(value: float) -> str:
    return f"{format_number(value / 1000)}k" if value >= 10_000 else format_number(value)


def length(share: float, about: str) -> str:
    """Write a share, 0 to 1, as the length of a bar."""
    step = min(STEPS, max(0, round(STEPS * share)))
    name = escape(about, quote=True)
    return f'<span class="length" role="img" aria-label="{name}"><i class="w{step}"></i></span>'
