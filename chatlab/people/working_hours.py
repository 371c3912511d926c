"""Time that passes while somebody is at work."""

from __future__ import annotations

import pandas as pd

# Monday to Friday, from nine to six, by the clock of the chat.
FROM, TO = 9, 18
WORKDAYS = 5


def working_minutes(
    start: pd.Timestamp,
    end: pd.Timestamp,
    *,
    zone: str = "UTC",
    hours: tuple[int, int] = (FROM, TO),
) -> float:
    """Count the minutes between two instants that lie in working hours.

    Parameters
    ----------
    start, end
        Two instants; public holidays are not known.
    zone
        Time zone of the working hours.
    hours
        First and last hour of a working day, Monday to Friday.

    Returns
    -------
    float
        Minutes; 0 where all of it lies at night or on a weekend.
    """
    begin, until = start.tz_convert(zone), end.tz_convert(zone)
    minutes = 0.0
    day = begin.normalize()
    while day <= until:
        if day.weekday() < WORKDAYS:
            opens = day + pd.DateOffset(hours=hours[0])
            closes = day + pd.DateOffset(hours=hours[1])
            spent = min(until, closes) - max(begin, opens)
            minutes += max(spent / pd.Timedelta(minutes=1), 0.0)
        day = (day + pd.DateOffset(days=1)).normalize()
    return minutes
