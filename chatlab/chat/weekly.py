"""The hour that a chat announces: `"Thursday 18:00"`."""

from __future__ import annotations

import re
from typing import NamedTuple

from chatlab.errors import SettingsError

WEEKDAYS = (
    ("monday", "lundi"),
    ("tuesday", "mardi"),
    ("wednesday", "mercredi"),
    ("thursday", "jeudi"),
    ("friday", "vendredi"),
    ("saturday", "samedi"),
    ("sunday", "dimanche"),
)
_WEEKLY = re.compile(r"(?<![a-z])(?P<day>[a-z]+)\s+(?P<hour>\d{1,2})\s*[:h.]\s*(?P<minute>\d{2})?")


class Weekly(NamedTuple):
    """The hour at which a chat is announced: weekday from Monday (0), hour and minute."""

    weekday: int
    hour: int
    minute: int


def parse_weekly(told: str) -> Weekly:
    """Read an announced hour such as `"Thursday 09:00"` or `"jeudi 9h"`.

    Raises
    ------
    SettingsError
        When it is no weekday and hour.
    """
    found = _WEEKLY.fullmatch(told.strip().casefold())
    for number, names in enumerate(WEEKDAYS):
        if found and found["day"] in names and int(found["hour"]) < 24:
            return Weekly(number, int(found["hour"]), int(found["minute"] or 0))
    raise SettingsError(
        f'weekly is {told!r}; write the weekday and the hour as "Thursday 09:00" or "jeudi 9h".'
    )
