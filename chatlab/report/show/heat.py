"""Counts as fields, the more the bluer: a phone can scroll them, a dark page keeps them dark."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from chatlab.translation import format_number

# A field has one of so many shades.
SHADES = 8


def heat_grid(
    heads: Sequence[str],
    rows: Sequence[tuple[str, Sequence[float], float, Sequence[str] | None]],
    about: str,
) -> str:
    """Write a table of shaded counts; zero stays empty.

    Parameters
    ----------
    heads
        What stands above the rows, and above each of their fields.
    rows
        Of each its head as HTML, its counts, the count that has the strongest shade, and what
        stands in the fields instead of the counts, if anything.
    about
        What is counted, for who cannot see it.
    """
    first = "".join(f'<th scope="col">{escape(head)}</th>' for head in heads)
    body = "".join(
        f'<tr><th scope="row">{head}</th>'
        f"{''.join(_field(n, most, told[i] if told else None) for i, n in enumerate(counts))}</tr>"
        for head, counts, most, told in rows
    )
    name = escape(about, quote=True)
    return (
        f'<div class="table heat" tabindex="0" role="group" aria-label="{name}">'
        f"<table><thead><tr>{first}</tr></thead><tbody>{body}</tbody></table></div>"
    )


def _field(n: float, most: float, told: str | None) -> str:
    text = escape(told) if told is not None else format_number(n) if n else ""
    # One is seen; the most has the last shade.
    shade = f' class="shade{max(1, round(SHADES * n / most))}"' if n else ""
    return f"<td{shade}>{text}</td>"
