"""When the next edition comes, and what to post before and after it."""

from __future__ import annotations

from datetime import datetime, timedelta

import pandas as pd

from chatlab.chat.editions import CHAT_LENGTH
from chatlab.chat.weekly import parse_weekly
from chatlab.errors import SettingsError
from chatlab.project.chat import Chat

# What to post when: before the edition, or after its end.
PLAN = (
    ("announce", timedelta(days=-7)),
    ("questions", timedelta(days=-2)),
    ("remind", timedelta(hours=-1)),
    ("recap", timedelta(days=1)),
)
SHORT = timedelta(minutes=15)
WEEK = 7
# From so many days between two, a chat is a monthly one.
MONTH = 26


def next_edition(chat: Chat) -> tuple[datetime, timedelta]:
    """Tell when the next edition begins, and how long it takes.

    It comes at the announced hour, or at that of the last edition, as many whole weeks (else days)
    after it as usually lie between two; of a monthly chat on the same weekday of the month (the
    first Friday, the third Tuesday).

    Parameters
    ----------
    chat
        From `read_chat`.

    Returns
    -------
    tuple
        The beginning, in the chat's time zone, and the median length of an edition.

    Raises
    ------
    SettingsError
        When there are fewer than two editions (none, where `weekly` is announced), or they are
        days of an event: then nothing says when the next one is.
    """
    table = chat.edition_table
    lengths = table["end"] - table["start"]
    announced = chat.settings.weekly
    if len(table) < (1 if announced else 2) or lengths.max() > CHAT_LENGTH:
        needed = "an edition" if announced else "two editions"
        say = "" if announced else 'Say weekly = "Thursday 09:00" in chat.toml, or give'
        raise SettingsError(
            f"A calendar needs {needed} of at most three hours; {len(table)} found here, of "
            f"{lengths.max() / pd.Timedelta(hours=1) if len(table) else 0:.1f} hours at most. "
            f"{say or 'Give'} more of the chat."
        )
    starts = table["start"].dt.tz_convert(chat.zone)
    days = (starts.dt.normalize().diff().dropna() / pd.Timedelta(days=1)).round()
    between = max(1, int(days.median())) if len(days) else WEEK
    between = max(WEEK, WEEK * round(between / WEEK)) if between >= WEEK - 1 else between
    last = starts.iloc[-1]
    day = (last.tz_localize(None).normalize() + pd.Timedelta(days=between)).to_pydatetime()
    if between >= MONTH:
        day = _same_weekday_of_month(starts, day)
    hour, minute = last.round("15min").hour, last.round("15min").minute
    if announced:
        told = parse_weekly(announced)
        hour, minute = told.hour, told.minute
        day += timedelta(days=(told.weekday - day.weekday()) % WEEK)
    begins = pd.Timestamp(day + timedelta(hours=hour, minutes=minute))
    local = begins.tz_localize(chat.zone, nonexistent="shift_forward", ambiguous=True)
    length = pd.Timedelta(lengths.median()).round("15min").to_pytimedelta()
    return local.to_pydatetime(), max(length, SHORT)


def _same_weekday_of_month(starts: pd.Series, near: datetime) -> datetime:
    """Return the day near another that is the nth such weekday of a month, as most editions are."""
    nth = ((starts.dt.day - 1) // WEEK).mode().iloc[0]
    weekday = int(starts.dt.day_of_week.mode().iloc[0])
    days = [near + timedelta(days=n) for n in range(-2 * WEEK, 2 * WEEK + 1)]
    fitting = [one for one in days if one.weekday() == weekday and (one.day - 1) // WEEK == nth]
    return min(fitting, key=lambda one: abs(one - near)) if fitting else near


def teaser_plan(chat: Chat) -> pd.DataFrame:
    """Plan what to post before and after the next edition.

    Parameters
    ----------
    chat
        From `read_chat`.

    Returns
    -------
    DataFrame
        In order of time: `task` (`announce`, `questions`, `remind`, `edition`, `recap`) and `when`
        (in the chat's time zone). Empty where nothing says when the next edition is.
    """
    try:
        begins, length = next_edition(chat)
    except SettingsError:
        return pd.DataFrame({"task": [], "when": pd.to_datetime([], utc=True)})
    rows = [("edition", begins)]
    rows += [
        (task, begins + after + (length if after > timedelta(0) else timedelta(0)))
        for task, after in PLAN
    ]
    table = pd.DataFrame(rows, columns=["task", "when"]).sort_values("when", ignore_index=True)
    return table.assign(when=pd.to_datetime(table["when"], utc=True))
