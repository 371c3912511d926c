"""The next edition as a calendar file, with the teasers before it and the recap after."""

from __future__ import annotations

import hashlib
from datetime import datetime, timedelta
from pathlib import Path

import pandas as pd
from icalendar import Calendar, Event

from chatlab.io.safe_files import write_safely
from chatlab.project.chat import Chat
from chatlab.project.plan import SHORT, next_edition, teaser_plan
from chatlab.report.show.team_page import TASKS
from chatlab.translation import _


def write_calendar(chat: Chat, path: str | Path) -> None:
    """Write the next edition and the plan around it as a calendar file.

    Parameters
    ----------
    chat
        From `read_chat`.
    path
        Ends in `.ics`; written whole or not at all.

    Raises
    ------
    SettingsError
        As `next_edition`.
    """
    begins, length = next_edition(chat)
    made = Calendar()
    made.add("prodid", "-//chatlab//EN")
    made.add("version", "2.0")
    made.add_component(_event(chat, chat.title, begins, length))
    for task, start in teaser_plan(chat)[["task", "when"]].itertuples(index=False, name=None):
        if task != "edition":
            words = _(TASKS[task]).format(title=chat.title)
            local = start.tz_convert(chat.zone).to_pydatetime()
            made.add_component(_event(chat, words, local, SHORT))
    made.add_missing_timezones()
    write_safely(path, made.to_ical())


def _event(chat: Chat, summary: str, begins: datetime, length: timedelta) -> Event:
    event = Event()
    # The same edition is the same event when it is written again.
    key = hashlib.sha256(f"{chat.title}|{summary}|{begins.isoformat()}".encode()).hexdigest()[:24]
    event.add("uid", f"{key}@chatlab")
    event.add("dtstamp", pd.Timestamp(chat.posts["created_at"].max()).to_pydatetime())
    event.add("dtstart", begins)
    event.add("dtend", begins + length)
    event.add("summary", summary)
    event.add("description", _("A plan made by chatlab from the editions so far: change it."))
    return event
