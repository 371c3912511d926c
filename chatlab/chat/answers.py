"""Which posts answer a numbered question, and how surely."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping
from typing import NamedTuple

import pandas as pd

from chatlab.chat.questions import FEW_WORDS, Question
from chatlab.posts.schema import true_for
from chatlab.posts.select import own_posts
from chatlab.text.asking import asks_something, begins_with_question
from chatlab.text.numbering import marked_parts
from chatlab.text.patterns import URL
from chatlab.text.phrases import says
from chatlab.text.similarity import (
    likeness_to,
    likeness_to_group,
    shared_words,
    stems,
    telling_words,
)

# An answer may come in so long after its question: a chat has a tail.
TAIL = pd.Timedelta(hours=24)
# How sure each way of matching is, from 0 to 1.
CONFIDENCE = {"reply": 0.95, "quote": 0.9, "prefix": 0.95, "continuation": 0.85, "time": 0.6}
SLIP = 0.7
# A participant's post with so much of a question's words only repeats it.
REPEATS = 0.7
# By time and wording, an answer comes in so long after its question, in at least so many words
# that speak so much like the answers known, those to this question adding so much; a minute later
# asks for so much more.
SPELL = pd.Timedelta(minutes=15)
ALIKE = -1.0
ALIKE_TO_OWN = 0.5
ALIKE_PER_MINUTE = 0.25
# So many answers must be known for it.
ENOUGH = 20
ANSWER_COLUMNS = ["post_id", "edition", "number", "question_id", "matched_by", "confidence"]


class _Match(NamedTuple):
    question: Question
    way: str
    confidence: float


def match_answers(posts: pd.DataFrame, questions: pd.DataFrame) -> pd.DataFrame:
    """Match posts to the numbered questions that they answer.

    In this order: a mark such as `A1`, `R2` or `re Q3` of a number asked before, up to a day
    after it (`A1 ... A2 ...` answers two); a reply to the question or a repeat of it; a quote of
    it; a reply to one's own answer continues it. A reply whose mark names another number
    answers what it replies to. A participant's `Q3` after the host's is a slip for `A3`, unless
    it repeats the question or asks something. What carries neither mark nor link is matched by
    time and wording: a post of an edition, up to a quarter of an hour after a question, no
    greeting, thanks or question, whose words are those of this question's answers rather than of
    other posts.

    Parameters
    ----------
    posts
        A posts table.
    questions
        From `find_questions`.

    Returns
    -------
    DataFrame
        One row per answer and question, in order of time: `post_id`, `edition`, `number`,
        `question_id`, `matched_by` (`prefix`, `reply`, `quote`, `continuation`, `time`) and
        `confidence` (0 to 1: a rough order of how sure, no probability).
    """
    if questions.empty:
        return pd.DataFrame(columns=ANSWER_COLUMNS)
    # What is not to be quoted is still read.
    texts = posts["text"].reindex(questions["post_id"]).fillna("").to_numpy()
    asked = _Asked(questions.assign(text=texts))
    chat = own_posts(posts).dropna(subset="created_at")
    chat = chat[~chat.index.isin(asked.asking)]
    guests = chat[~chat["author_id"].isin(questions["author_id"])]
    matched = asked.by_mark_or_link(chat, guests.index)
    matched |= _by_time(guests, asked, matched)
    _continue(guests, matched)
    rows = [
        (post, m.question.edition, m.question.number, m.question.post_id, m.way, m.confidence)
        for post in chat.index
        if post in matched
        for m in matched[post]
    ]
    return pd.DataFrame(rows, columns=ANSWER_COLUMNS)


def _continue(guests: pd.DataFrame, matched: dict[str, list[_Match]]) -> None:
    """Let whatever somebody replies to their own answer continue it."""
    names = ["author_id", "reply_to", "reply_to_author"]
    for post, author, parent, to in guests[names].itertuples(name=None):
        if post not in matched and parent in matched and to == author:
            sure = CONFIDENCE["continuation"]
            matched[post] = [_Match(m.question, "continuation", sure) for m in matched[parent]]


def _by_time(
    guests: pd.DataFrame, asked: _Asked, matched: Mapping[str, list[_Match]]
) -> dict[str, list[_Match]]:
    """Match posts without mark or link by when they came and by their words."""
    rest = guests[guests["kind"].eq("post") & ~guests.index.isin(matched)]
    rest = rest[~true_for(rest["text"], _chatter)]
    waits: dict[str, tuple[Question, float]] = {}
    for post, at, text in rest[["created_at", "text"]].itertuples(name=None):
        question = asked.last_before(at)
        if question is not None and not _repeats(text, question.text):
            waits[post] = (question, (at - question.asked_at).total_seconds() / 60)
    if len(matched) < ENOUGH or not waits:
        return {}
    # What people write by themselves is the contrast: replies speak of the answers' subjects.
    alone = guests.loc[guests["kind"].eq("post") | guests.index.isin(matched), "text"]
    known = {post: [match.question for match in some] for post, some in matched.items()}
    asking = pd.Series({post: question for post, (question, _minutes) in waits.items()})
    rated = likeness_to(alone, matched).add(
        ALIKE_TO_OWN * likeness_to_group(alone, known, asking), fill_value=0
    )
    return {
        post: [_Match(question, "time", CONFIDENCE["time"])]
        for post, (question, minutes) in waits.items()
        if rated[post] >= ALIKE + ALIKE_PER_MINUTE * minutes
    }


def _repeats(text: str, question: str) -> bool:
    """Tell whether a text says hardly more than the question does."""
    return len(telling_words(text)) >= FEW_WORDS and shared_words(text, question) >= REPEATS


def _chatter(text: str) -> bool:
    """Tell whether a text greets, thanks, asks, or says next to nothing."""
    bare = URL.sub(" ", text)
    few = len(telling_words(bare)) < FEW_WORDS
    asks = asks_something(bare) or begins_with_question(bare)
    return few or asks or says(bare, "greet") or says(bare, "thanks")


class _Asked:
    """The questions, to be looked up by number and time, or by a post that asks them."""

    def __init__(self, questions: pd.DataFrame) -> None:
        self.asking: dict[object, list[Question]] = {}
        self.all: list[Question] = []
        self.by_number: dict[int, list[Question]] = {}
        names = [*Question._fields, "repeats"]
        for *about, repeats in questions[names].itertuples(index=False, name=None):
            question = Question(*about)
            self.all.append(question)
            self.by_number.setdefault(question.number, []).append(question)
            for post in [question.post_id, *repeats]:
                self.asking.setdefault(post, []).append(question)

    def numbered(self, number: int, at: pd.Timestamp) -> Question | None:
        """Find the latest question of a number, asked before a moment and not too long ago."""
        return _latest(self.by_number.get(number, []), at, TAIL)

    def last_before(self, at: pd.Timestamp) -> Question | None:
        """Find the latest question, asked a short spell before a moment."""
        return _latest(self.all, at, SPELL)

    def by_mark_or_link(self, chat: pd.DataFrame, guests: pd.Index) -> dict[str, list[_Match]]:
        """Match posts by their marks, and by the questions they reply to or quote."""
        guest = set(guests)
        marked = {
            post: self._by_mark(text, at, host=post not in guest)
            for post, text, at in chat[["text", "created_at"]].itertuples(name=None)
        }
        said: dict[Question, set[str]] = {}
        for post, found in marked.items():
            for match in found:
                said.setdefault(match.question, set()).update(stems(chat["text"][post]))
        linked = chat.loc[guests, ["text", "reply_to", "quote_of"]]
        for post, text, parent, quoted in linked.itertuples(name=None):
            if options := self.asking.get(parent) or self.asking.get(quoted):
                way = "reply" if parent in self.asking else "quote"
                marked[post] = _linked(marked[post], _closest(text, options, said), way)
        return {post: found for post, found in marked.items() if found}

    def _by_mark(self, text: str, at: pd.Timestamp, *, host: bool) -> list[_Match]:
        """Match a text's marks; a host's question marks are no answers."""
        found = {}
        for part in marked_parts(text):
            question, sure = self.numbered(part.mark.number, at), CONFIDENCE["prefix"]
            if part.mark.asks:
                sure = SLIP
                asks = asks_something(part.text)
                repeats = question and _repeats(part.text, question.text)
                if host or not part.first or asks or repeats:
                    continue
            elif question is None:
                # One ahead of the host: the hand was quicker than the question.
                question, sure = self.last_before(at), CONFIDENCE["time"]
                if question is not None and question.number + 1 != part.mark.number:
                    continue
            if question is not None:
                found[question] = _Match(question, "prefix", sure)
        return list(found.values())


def _closest(
    text: str, options: list[Question], said: Mapping[Question, set[str]]
) -> list[Question]:
    """Sort the questions of one post by how many words only their answers share with a text."""
    if len(options) == 1:
        return options
    words = stems(text)
    others = {q: set().union(*(said.get(o, set()) for o in options if o != q)) for q in options}
    return sorted(options, key=lambda q: -len(words & said.get(q, set()) - others[q]))


def _latest(asked: list[Question], at: pd.Timestamp, spell: pd.Timedelta) -> Question | None:
    place = bisect_right(asked, at, key=lambda question: question.asked_at)
    return asked[place - 1] if place and asked[place - 1].asked_at >= at - spell else None


def _linked(marked: list[_Match], linked: list[Question], way: str) -> list[_Match]:
    """Weigh what a reply or quote leads to against what its mark says: the link is surer."""
    same = [match for match in marked if match.question in linked]
    if same:
        return [_Match(match.question, way, CONFIDENCE[way]) for match in same]
    sure = SLIP if marked or len(linked) > 1 else CONFIDENCE[way]
    return [_Match(linked[0], way, sure)]
