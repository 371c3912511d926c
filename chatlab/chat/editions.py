"""Editions: the busy stretches of a conversation, one hour of a chat or one day of an event."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import pandas as pd

from chatlab.chat.dense_hours import Session, find_sessions
from chatlab.chat.opening_and_close import with_opening_and_sign_off
from chatlab.chat.weekly import Weekly, parse_weekly
from chatlab.text.numbering import number_mark

BIN = pd.Timedelta(minutes=15)
QUIET = pd.Timedelta(hours=6)
AROUND = pd.Timedelta(hours=12)
DAY = pd.Timedelta(days=1)
WEEK = pd.Timedelta(days=7)
# A quarter of an hour is busy from this share of the busiest ones on, and from this many posts.
BUSY_SHARE = 0.1
BUSY_POSTS = 3
MIN_POSTS = 8
MIN_PEOPLE = 3
# Whoever greets just before the busy quarter belongs to it: pauses up to this are none.
PAUSE = pd.Timedelta(minutes=2)
# At its end, so many stragglers do not, after a pause longer than that and than five usual ones.
USUAL_GAPS = 5
STRAGGLERS = 2
# Of the largest edition's posts, an edition has this share at least.
FAIR = 0.1
# Longer stretches are an event, and cut into days.
LONGEST = pd.Timedelta(hours=20)
# Over so long a time, busy days that are more than this share of all days are no exception.
LONG = pd.Timedelta(days=28)
EVERYDAY = 0.25
# Where busy quarters hold less than this share of the posts, days are looked at.
HELD = 0.2
# With an announced hour, an edition is looked for from this long before it to this long after.
# A chat lasts no longer than this; only then "on time" means something, within so many minutes.
CHAT_LENGTH = pd.Timedelta(hours=3)
TOLERANCE = 3.0
HINT_BEFORE, HINT_AFTER = pd.Timedelta(hours=1), pd.Timedelta(hours=3)


EditionSpan = tuple[pd.Timestamp, pd.Timestamp | None]


@dataclass(frozen=True)
class EditionSpans:
    """When editions were: beginning and end of each (None leaves it open), in order of time.

    An end no longer belongs to the edition. Stands for the numbers by post where posts are counted
    without being held in memory.
    """

    spans: tuple[EditionSpan, ...] = ()

    def of(self, posts: pd.DataFrame) -> pd.Series:
        """Give posts the numbers that `find_editions` gives, by the span they lie in."""
        editions = pd.Series(pd.NA, index=posts.index, dtype="Int64", name="edition")
        chat = posts.loc[posts["in_chat"]].dropna(subset="created_at")
        for number, (start, end) in enumerate(self.spans, 1):
            editions[chat.index[_within(chat, start, end)]] = number
        return editions


def find_editions(
    posts: pd.DataFrame, *, weekly: str | None = None, timezone: str = "UTC"
) -> pd.Series:
    """Find the editions of a conversation: sessions of a chat, days of an event, or busy days.

    Only what somebody wrote counts here: reposts do not make an edition, though those that fall
    into one belong to it.

    A session is a dense stretch of up to two and a half hours: five times as dense as the six
    hours on either side, as long as a quarter of its densest hour's rate holds, with eight posts
    by three people and a fifth of the largest session's. Posts before and after it with pauses of
    two minutes at most belong to it, and so do the opening and the sign-off of whoever numbers
    most questions in it. The conversation is a chat, and its sessions are the editions, where two
    numbered questions of a session are answered by two people (then only such sessions count, and
    others on the same weekday within an hour of theirs), or where sessions hold half of all posts.

    Else busy stretches are looked for, by quarters of an hour: a quarter is busy with three posts
    and a tenth of the busiest ones' (95th percentile of the quarters with posts); those less than
    six hours apart belong together, without one or two stragglers at the end. A stretch of more
    than twenty hours is an event: it is cut into days, at the hour of the day that is quietest in
    it. Where busy quarters hold less than a fifth of the posts, as with a tag that lives all week,
    busy days are looked for: twice the usual day's posts. An edition needs eight posts by three
    people, and a tenth of the largest one's posts. Where there would be more of them than one day
    in four, over four weeks or more, the tag is used every day and has no editions.

    Parameters
    ----------
    posts
        A posts table.
    weekly
        The announced hour, such as `"Thursday 09:00"`: where something happens at it, busy
        stretches at other times are no editions.
    timezone
        The time zone of `weekly`; it holds over changes of the clock.

    Returns
    -------
    Series
        Edition number from 1, in order of time, on the posts' index; missing outside the
        editions, for posts without a date, and for posts that only came along. Where nothing is
        busy, all posts are edition 1.

    Raises
    ------
    SettingsError
        When `weekly` is no weekday and hour.
    """
    return edition_spans(posts, weekly=weekly, timezone=timezone).of(posts)


def edition_spans(
    posts: pd.DataFrame, *, weekly: str | None = None, timezone: str = "UTC"
) -> EditionSpans:
    """Find when editions were, as `find_editions` numbers them.

    Returns
    -------
    EditionSpans
        Empty where no post of the chat has a date.
    """
    chat = posts.loc[posts["in_chat"]].dropna(subset="created_at")
    chat = chat.sort_values("created_at", kind="stable")
    if chat.empty:
        return EditionSpans()
    own = chat[chat["kind"] != "repost"]
    announced = _announced(chat, parse_weekly(weekly), timezone) if weekly else []
    spans = _editions_of(own, announced) or (_editions_of(own, []) if announced else [])
    return EditionSpans(tuple(spans) or ((chat["created_at"].min(), None),))


def _editions_of(own: pd.DataFrame, announced: Collection[_Span]) -> list[_Span]:
    """Find editions, within the announced spans where there are some."""
    if announced:
        own = own[np.logical_or.reduce([_within(own, *span) for span in announced])]
    sessions = _chat_sessions(own)
    if sessions:
        return [
            with_opening_and_sign_off(own, *_unhurried(own["created_at"], session))
            for session in sessions
        ]
    spans = _stretches(own)
    inside = sum(_count(own, span) for span in spans)
    if not announced and inside < HELD * len(own):
        spans = _busy_days(own) or spans
    return [] if _is_everyday(own, spans) else _fair(own, spans)


def _is_everyday(own: pd.DataFrame, spans: Sequence[_Span]) -> bool:
    """Tell a tag that is used every day: busy days are no editions where they are no exception."""
    if own.empty:
        return False
    lasted = own["created_at"].iloc[-1] - own["created_at"].iloc[0]
    return bool(lasted >= LONG and len(spans) > EVERYDAY * (lasted / DAY))


def _chat_sessions(own: pd.DataFrame) -> list[Session]:
    """Return the sessions of a chat; none where the conversation is something else."""
    sessions = find_sessions(own)
    numbered = [session for session in sessions if _is_numbered(own[_within(own, *session)])]
    if numbered:
        return [one for one in sessions if any(_same_hour(one, other) for other in numbered)]
    held = sum(_count(own, session) for session in sessions)
    return sessions if 2 * held >= len(own) else []


def _is_numbered(part: pd.DataFrame) -> bool:
    """Tell whether two numbered questions were asked, and two people answered by number."""
    marks = part["text"].map(number_mark)
    asked = {mark.number for mark in marks if mark is not None and mark.asks}
    answering = [mark is not None and not mark.asks for mark in marks]
    return len(asked) > 1 and len(set(part.loc[answering, "author_id"].dropna())) > 1


def _same_hour(one: Session, other: Session) -> bool:
    """Tell whether two sessions begin at about one hour of the week, over changes of the clock."""
    apart = abs(one.start - other.start) % WEEK
    return bool(min(apart, WEEK - apart) <= HINT_BEFORE + BIN)


def _unhurried(times: pd.Series, session: Session) -> _Span:
    """Let whoever greets before a session and whoever goes on after it belong to it."""
    start = _first_of(times, session.start)
    after = times[(times >= session.end - BIN) & (times < session.end + BIN)].tolist()
    end = session.end
    last = max((time for time in after if time < session.end), default=session.end)
    for time in (time for time in after if time >= session.end):
        if time - last > PAUSE:
            break
        last = time
        end = time + pd.Timedelta(microseconds=1)
    return start, end


def _fair(own: pd.DataFrame, spans: Sequence[_Span]) -> list[_Span]:
    """Leave out remnants: a few posts beside whole days of hundreds."""
    sizes = [_count(own, span) for span in spans]
    return [span for span, n in zip(spans, sizes, strict=True) if n >= FAIR * max(sizes)]


_Span = tuple[pd.Timestamp, pd.Timestamp]


def _within(chat: pd.DataFrame, start: pd.Timestamp, end: pd.Timestamp | None) -> pd.Series:
    times = chat["created_at"]
    return (times >= start) & (times < end) if end is not None else times >= start


def _count(chat: pd.DataFrame, span: _Span) -> int:
    return int(_within(chat, *span).sum())


def _lively(chat: pd.DataFrame, spans: Iterable[_Span]) -> list[_Span]:
    """Keep the spans with enough posts by enough people; nobody holds a conversation alone."""
    kept = []
    for span in spans:
        part = chat[_within(chat, *span)]
        people = part["author_id"].nunique()
        if len(part) >= MIN_POSTS and (people >= MIN_PEOPLE or not part["author_id"].count()):
            kept.append(span)
    return kept


def _announced(chat: pd.DataFrame, weekly: Weekly, zone: str) -> list[_Span]:
    """List the spans around the announced hour, in the weeks of the posts."""
    times = chat["created_at"].dt.tz_convert(zone)
    days = pd.date_range(
        times.iloc[0].tz_localize(None).normalize() - DAY,
        times.iloc[-1].tz_localize(None).normalize() + DAY,
    )
    hours = [
        (day + pd.Timedelta(hours=weekly.hour, minutes=weekly.minute)).tz_localize(
            zone, nonexistent="shift_forward", ambiguous=True
        )
        for day in days
        if day.weekday() == weekly.weekday
    ]
    return [(hour - HINT_BEFORE, hour + HINT_AFTER) for hour in hours]


def _stretches(chat: pd.DataFrame) -> list[_Span]:
    """Find busy stretches."""
    if chat.empty:
        return []
    times = chat["created_at"]
    counts = times.dt.floor(BIN).value_counts().sort_index()
    threshold = max(BUSY_POSTS, BUSY_SHARE * float(np.percentile(counts, 95)))
    busy = counts.index[counts >= threshold]
    if busy.empty:
        return []
    stretches = np.cumsum(np.r_[False, np.diff(busy) >= QUIET])
    bounds = pd.Series(busy).groupby(stretches).agg(["min", "max"])
    spans: list[_Span] = []
    for start, last in bounds.itertuples(index=False, name=None):
        start, end = _first_of(times, start), _last_of(times, start, last + BIN)
        spans += _days(times, start, end) if end - start > LONGEST else [(start, end)]
    return _lively(chat, spans)


def _first_of(times: pd.Series, start: pd.Timestamp) -> pd.Timestamp:
    """Move a start back over posts that follow each other without a pause."""
    before = times[(times < start) & (times >= start - BIN)]
    first: pd.Timestamp = times[times >= start].iloc[0]
    for time in reversed(before.tolist()):
        if first - time > PAUSE:
            break
        first = time
    return min(start, first)


def _last_of(times: pd.Series, start: pd.Timestamp, end: pd.Timestamp) -> pd.Timestamp:
    """Leave out one or two stragglers after a pause at the end of the last quarter."""
    inside = times[(times >= start) & (times < end)]
    gaps = inside.diff()
    usual = max(PAUSE, USUAL_GAPS * gaps.median())
    pauses = gaps[(inside >= end - BIN) & (gaps > usual)].iloc[-STRAGGLERS:]
    pauses = pauses[pauses.index.isin(inside.index[-STRAGGLERS:])]
    return pd.Timestamp(inside[pauses.index[0]]) if len(pauses) else end


def _days(times: pd.Series, start: pd.Timestamp, end: pd.Timestamp) -> list[_Span]:
    """Cut a long stretch at the hour of the day that is quietest in it, three hours together."""
    hour = _quiet_hour(times[(times >= start) & (times < end)])
    first = start.normalize() + pd.Timedelta(hours=hour)
    cuts = [first + DAY * i for i in range(-1, (end - start) // DAY + 2)]
    edges = [start, *(cut for cut in cuts if start < cut < end), end]
    return list(pairwise(edges))


def _quiet_hour(times: pd.Series) -> int:
    by_hour = np.bincount(times.dt.hour, minlength=24)
    around = by_hour + np.roll(by_hour, 1) + np.roll(by_hour, -1)
    return int(np.argmin(around))


def _busy_days(chat: pd.DataFrame) -> list[_Span]:
    """Find days with twice the posts of the usual day; a day begins at the quietest hour."""
    times = chat["created_at"]
    shift = pd.Timedelta(hours=_quiet_hour(times))
    counts = (times - shift).dt.normalize().value_counts().sort_index()
    every = counts.reindex(pd.date_range(counts.index[0], counts.index[-1]), fill_value=0)
    busy = counts.index[counts >= max(MIN_POSTS, 2 * float(every.median()))]
    return _lively(chat, [(day + shift, day + shift + DAY) for day in busy])
