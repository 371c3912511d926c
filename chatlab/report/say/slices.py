"""What a slice of time is called."""

from __future__ import annotations

from collections.abc import Iterable

import pandas as pd

from chatlab.translation import format_clock, format_date

# Beside more slices, a date each is too much to read.
DATED = 16


def slice_labels(first: pd.Series, numbers: Iterable[int], zone: str) -> list[str]:
    """Write each slice's number and when it begins: the day, or the minute within one day.

    Parameters
    ----------
    first
        Instant of the first post, by slice.
    numbers
        The slices to write.
    zone
        Time zone of the dates.
    """
    shown = list(numbers)
    days = first.dt.tz_convert(zone).dt.date
    labels, before, on_one_day = [], None, len(set(days)) == 1
    for number in shown:
        told = []
        if number in first.index and pd.notna(first[number]) and len(shown) <= DATED:
            when, day = first[number], days[number]
            # The hour tells slices of one day apart; the day is said where it begins.
            if not on_one_day and day != before:
                told.append(format_date(when, zone))
            if len(set(days)) < len(days):
                told.append(format_clock(when, zone))
            before = day
        labels.append(" · ".join([str(number), *told]))
    return labels
