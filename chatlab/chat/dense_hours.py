"""Sessions: the dense hour of a chat, told from chatter around it and from days of an event."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd

STEP = pd.Timedelta(minutes=5)
HOUR = 12  # steps
# Longer is an event, shorter a burst.
LONGEST = 30  # steps: two and a half hours
SHORTEST = pd.Timedelta(minutes=15)
# A session is so many times as dense as the six hours before and after it.
CONTRAST = 5.0
AROUND = 72  # steps
# It begins and ends where so small a share of its densest hour's rate is left.
EDGE = 0.25
# And it has this share of the largest one's posts.
SHARE = 0.2
MIN_POSTS = 8
MIN_PEOPLE = 3


class Session(NamedTuple):
    """The dense stretch of a chat: from its first five minutes to the end of its last."""

    start: pd.Timestamp
    end: pd.Timestamp


def find_sessions(own: pd.DataFrame) -> list[Session]:
    """Find the dense stretches of a conversation, none longer than two and a half hours.

    The densest hour comes first, and reaches as far as a quarter of its rate holds. It is a
    session where it is five times as dense as the six hours on either side, lasts a quarter of an
    hour, and has eight posts by three people and a fifth of the largest session's. What lies
    within an hour of a session belongs to it or to none.

    Parameters
    ----------
    own
        Posts that somebody wrote (no reposts), with `created_at` and `author_id`, in order of
        time, none without a date.

    Returns
    -------
    list of Session
        In order of time.
    """
    if own.empty:
        return []
    first = own["created_at"].iloc[0].floor(STEP)
    place = ((own["created_at"] - first) // STEP).to_numpy()
    counts = np.bincount(place, minlength=int(place[-1]) + 2).astype(float)
    hourly = np.convolve(counts, np.ones(HOUR))[HOUR - 1 :]
    free = np.ones(len(counts), dtype=bool)
    found: list[Session] = []
    largest = 0.0
    while True:
        peak = int(np.argmax(np.where(free, hourly, -1.0)))
        if not free[peak] or hourly[peak] < max(MIN_POSTS, SHARE * largest):
            break
        start, end = _reach(counts, peak)
        free[max(0, start - HOUR) : end + HOUR] = False
        free[peak] = False
        part = own[(place >= start) & (place < end)]
        if _is_session(counts, start, end) and _is_lively(part):
            largest = max(largest, float(hourly[peak]))
            found.append(Session(first + start * STEP, first + end * STEP))
    return sorted(found)


def _reach(counts: npt.NDArray[np.float64], peak: int) -> tuple[int, int]:
    """Follow the density of the densest hour to both sides."""
    start, end = peak, min(peak + HOUR, len(counts))
    enough = EDGE * counts[start:end].sum() / HOUR
    # Two steps together: one thin step is a pause for breath.
    while end < len(counts) and counts[end : end + 2].mean() >= enough:
        end += 1
    while start > 0 and counts[max(0, start - 2) : start].mean() >= enough:
        start -= 1
    while counts[start] < enough:
        start += 1
    while counts[end - 1] < enough:
        end -= 1
    return start, end


def _is_session(counts: npt.NDArray[np.float64], start: int, end: int) -> bool:
    if end - start > LONGEST:
        return False
    around = counts[max(0, start - AROUND) : start].sum() + counts[end : end + AROUND].sum()
    inside = counts[start:end].sum() / (end - start)
    return bool(inside >= CONTRAST * around / (2 * AROUND))


def _is_lively(part: pd.DataFrame) -> bool:
    """Tell whether enough people said enough; nobody holds a conversation alone."""
    lasted = part["created_at"].iloc[-1] - part["created_at"].iloc[0]
    people = part["author_id"].nunique()
    several = people >= MIN_PEOPLE or not part["author_id"].count()
    return bool(len(part) >= MIN_POSTS and several and lasted >= SHORTEST)
