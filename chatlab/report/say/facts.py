"""Facts, which analysis finds as a code with its figures, as sentences of the current language."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import pandas as pd

from chatlab.text.patterns import shorten
from chatlab.translation import _, format_number, format_time, mark, plural

# Parts of one sentence: joined, then ended.
PARTS = {
    "best answer liked most": mark(
        "its best answer, by @{author}, drew most engagement of all answers ({n})"
    ),
    "most people answered": mark("most people answered it ({n})"),
    "most people answered, with others": mark("most people answered it ({n}), as many as {others}"),
}
SENTENCES = {
    # What is set beside memories.
    "question rank": mark(
        "Q{number}: {people} answered, place {rank} of {all}; most answered Q{first} ({n})."
    ),
    "question against the median": mark(
        "Q{number}: {people} answered; half of the questions drew {median} or more."
    ),
    "nobody answered": mark("Q{number}: nobody answered it."),
    "question waited": mark(
        "Q{number}: {minutes} min to the first answer (median {median}), answered by {people}."
    ),
    "busiest minute": mark("The busiest minute was {time}, with {posts}."),
    "answered by most": mark(
        "@{author} was answered by {people}, most of all, the hosts left out."
    ),
    "wrote most": mark("@{author} wrote most, the hosts left out: {n}."),
    "answered by": mark("@{author} was answered by {people}; @{first} by {n}."),
    "posts with the word": mark("{n} of {all} posts have the word."),
    "largest theme": mark("“{theme}” is the theme with most posts ({n})."),
    "theme rank": mark(
        "“{theme}” is place {rank} of {all} themes ({n}); most posts are on “{first}” ({most})."
    ),
    "most on that theme": mark("Most of them are on that theme."),
    # What nobody remembers.
    "theme": mark("{posts} by {people}: {why}."),
    "most people answered it": mark("Most people answered it ({n})."),
    "waited longest": mark("It waited longest for its first answer: {n} min."),
    "most engagement": mark("Most engagement of all posts ({n}): “{text}”"),
    # What was assumed, and what was done about people.
    "hashtag assumed": mark("Hashtag: #{tag}, the most used."),
    "host assumed": mark("Host: probably {hosts}, who asks the numbered questions."),
    "hosts assumed": mark("Hosts: probably {hosts}, who ask the numbered questions."),
    "no host": mark("Host: not known; nobody asks numbered questions."),
    "UTC assumed": mark("Time zone: UTC."),
    "taken out": mark("People taken out at their request: {n}."),
    "pseudonyms": mark("People bear pseudonyms, the same for the same key."),
    "followers rounded": mark("Follower counts are rounded to 1, 2 or 5 times a power of ten."),
    "not read": mark("Memories, exports and people.csv name people, and are not read."),
    "for a client": mark("Made for a client: what single people do is left out."),
}
REASONS = {
    "largest": mark("most posts of all themes"),
    "growing": mark("growing over the editions"),
    "new": mark("new"),
    "not of the team": mark("hardly anybody of host and panel speaks of it"),
}


def facts(told: Iterable[Mapping[str, Any]], *, zone: str = "UTC") -> list[str]:
    """Return facts as sentences.

    Parameters
    ----------
    told
        Each has its code as `fact`, and figures by name: the columns `facts` of `compare_memory`
        and `unnoticed`, `Chat.assumed`, `Chat.protected`.
    zone
        Time zone for instants.
    """
    parts, sentences = [], []
    for one in told:
        code = str(one["fact"])
        figures = {name: _written(name, value, zone) for name, value in one.items()}
        if code in PARTS:
            parts.append(_(PARTS[code]).format(**figures))
        elif code in SENTENCES:
            sentences.append(_(SENTENCES[code]).format(**figures))
        else:
            sentences.append(_counted(code, int(one["n"])))
    if parts:
        joined = "; ".join(parts)
        sentences.insert(0, joined[:1].upper() + joined[1:] + ".")
    return sentences


def _written(name: str, value: Any, zone: str) -> str:
    if name == "people":
        return plural("{n} person", "{n} people", int(value))
    if name == "posts":
        return plural("{n} post", "{n} posts", int(value))
    if name == "why":
        return ", ".join(_(REASONS[reason]) for reason in value)
    if name == "text":
        return shorten(str(value), 90)
    if isinstance(value, pd.Timestamp):
        return format_time(value, zone)
    if isinstance(value, list | tuple):
        return ", ".join(map(str, value))
    if isinstance(value, str):
        return value
    return format_number(float(value), 0 if float(value).is_integer() else 1)


def _counted(code: str, n: int) -> str:
    if code == "questions left":
        return plural(
            "{n} question of a participant got no reply.",
            "{n} questions of participants got no reply.",
            n,
        )
    if code == "not quoted":
        return plural(
            "The words of {n} person are not shown, at their wish.",
            "The words of {n} people are not shown, at their wish.",
            n,
        )
    if code == "counted once":
        return plural(
            "{n} account is counted with another, as people.csv says.",
            "{n} accounts are counted with others, as people.csv says.",
            n,
        )
    return plural(
        "In {n} place a word stays that is also part of somebody's name; `chatlab check` lists "
        "such words, to be looked at.",
        "In {n} places words stay that are also parts of somebody's name; `chatlab check` "
        "lists such words, to be looked at.",
        n,
    )
