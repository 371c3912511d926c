"""The marks of a numbered chat: `Q1`, `Question 2 :`, `A1`, `R.2`, `Réponse n°3`, keycaps."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import NamedTuple

# A spaced `A 3` is an answer only before a sign: `A 3-day rule` is none. `Q1Would` is a slip.
_MARK = re.compile(
    r"(?:(?P<asks>q(?:uestion)?)|a(?!\s)|a(?=\s\d{1,2}\s?(?:[:.)]\s|[–—]))|r|r[ée]p|answer"
    r"|r[ée]ponse)"
    r"\s?[.#]?\s?(?:n[°ºo]\.?\s?)?(?P<number>\d{1,2})(?![\d%€$])(?!\.\d|,\d)"
    r"(?:\ufe0f?\u20e3|\b|(?=[A-Z][a-z']))",
    re.IGNORECASE,
)
# After hashtags or handles, in brackets, behind a sign or an emoji.
_LEAD = re.compile(r"(?:[@#](?!\d)\S{1,60}\s{1,9}){0,20}+[^\w\s]*\s?[^\w\s]*\s?")
_REFERS = re.compile(
    r"(?:re|on|for|to|about|pour|sur|[àa]|concernant|regarding)\s+(?:l[ae]\s+|the\s+)?"
    r"q(?:uestion)?\s?[.#]?\s?(?P<number>\d{1,2})\b",
    re.IGNORECASE,
)
# Most texts hold nothing of the kind: one look spares the rest.
_ANY = re.compile(
    r"(?:\b(?:q(?:uestion)?|a|r|r[ée]p(?:onse)?|answer)\s?[.#]?\s?(?:n[°ºo]\.?\s?)?\d)|\u20e3",
    re.IGNORECASE,
)
_KEYCAP = re.compile(r"(?P<number>\d)\ufe0f?\u20e3")
_LAST = re.compile(
    r"\((?:[ar])\s?\.?(?P<number>\d{1,2})\)\W{0,20}(?:#\S{1,100}\s{0,9}){0,20}$", re.IGNORECASE
)
# Read backwards: hashtags at the end, each after a blank.
_TAGS_AFTER = re.compile(r"\A(?:\s*+\w++#(?=\s))*+")
_SENTENCE_END = re.compile(r"(?:[.!?:…;/|)»”\"\n]|[^\w\s,'’(-])\s+")
# Nothing but a sign may follow when it is a range, or a part of a larger name.
_RANGE = re.compile(
    r"\W{0,2}(?:[-–—/&]|to|[àa]|et|and|until|through|jusqu)\W{0,3}q?\s?\d", re.IGNORECASE
)
# Beyond this, a question mark belongs to something else.
LONGEST_QUESTION = 500
# One answer to two questions: `A1/A2`, `R1 et R2`, `A1 & 2`.
_PAIR = re.compile(r"\s?(?:[/&+]|and|et)\s?[ar]?\s?(?P<number>\d{1,2})\b", re.IGNORECASE)


class Mark(NamedTuple):
    """A mark of a question or of an answer, with its number."""

    asks: bool
    number: int


class MarkedPart(NamedTuple):
    """A mark, where the text stands that it marks, and whether the mark comes first."""

    mark: Mark
    text: str
    first: bool


def number_mark(text: object) -> Mark | None:
    """Read the mark at the start of a text; None where there is none."""
    return _first(text)[0] if isinstance(text, str) and _ANY.search(text) else None


def without_mark(text: str) -> str:
    """Return a text without its mark, and without what stood before it."""
    mark, end = _first(text)
    return text if mark is None else re.sub(r"^\W+", "", text[end:])


def question_words(text: str, number: int) -> str:
    """Return what a post asks under a number, without mark, lead and hashtags."""
    parts = [part.text for part in marked_parts(text) if part.mark.number == number]
    words = re.sub(r"^\W+", "", parts[0]) if parts else said_by(text)
    return _without_tags_after(words).strip()


def said_by(text: str) -> str:
    """Return what a post says: without mark, handles before it, and hashtags after it."""
    bare = re.sub(r"^(?:@\S+\s+)+", "", text.strip())
    return _without_tags_after(without_mark(bare)).strip()


def _without_tags_after(text: str) -> str:
    """Leave out the hashtags that a text ends with, unless it is nothing else."""
    found = _TAGS_AFTER.match(text[::-1])
    return text[: len(text) - found.end()] if found else text


def _first(text: str, start: int = 0) -> tuple[Mark | None, int]:
    """Read the mark at a place of a text; where it ends comes with it."""
    lead = _LEAD.match(text, start)
    behind = lead.end() if lead else start
    for begin in dict.fromkeys((behind, start)):
        if found := _MARK.match(text, begin):
            return Mark(bool(found["asks"]), int(found["number"])), found.end()
        if found := _REFERS.match(text, begin):
            return Mark(False, int(found["number"])), found.end()
        if found := _KEYCAP.match(text, begin):
            asks = "?" in text[found.end() : found.end() + LONGEST_QUESTION]
            return Mark(asks, int(found["number"])), found.end()
    return None, start


def marked_parts(text: str) -> list[MarkedPart]:
    """Cut a text at its marks: at the start, after the end of a sentence, or last in brackets.

    `Start your engines! Q1. How ...` has one part, `A1 yes. A2 no` has two; a range such as `Q1
    to Q6` and a mark in the middle of a sentence (`answers to Q1 are in`) have none.
    """
    if not _ANY.search(text):
        return []
    starts = [0, *(found.end() for found in _SENTENCE_END.finditer(text))]
    found: list[tuple[int, int, Mark]] = []
    for start in starts:
        if found and start < found[-1][1]:
            continue
        mark, end = _first(text, start)
        if mark is None:
            continue
        if (pair := _PAIR.match(text, end)) and not mark.asks:
            found += [(start, pair.end(), mark)]
            found += [(start, pair.end(), Mark(False, int(pair["number"])))]
        elif not _RANGE.match(text, end):
            found.append((start, end, mark))
    # The two marks of a pair share their text, up to the next mark elsewhere.
    begins = sorted({start for start, *_ in found})
    following = dict(pairwise([*begins, None]))
    nexts = [following[start] for start, *_ in found]
    parts = [
        MarkedPart(mark, text[end:following], start == 0)
        for (start, end, mark), following in zip(found, nexts, strict=True)
    ]
    if not parts and (last := _LAST.search(text)):
        return [MarkedPart(Mark(False, int(last["number"])), text[: last.start()], False)]
    return parts
