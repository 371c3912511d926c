"""The host's numbered questions: when each was asked, what answers it, how it went."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Collection, Mapping
from typing import NamedTuple

import pandas as pd

from chatlab._wording import (
    likeness_to,
    likeness_to_group,
    shared_words,
    stems,
    telling_words,
)
from chatlab.asking import asks_something, begins_with_question
from chatlab.editions import find_editions
from chatlab.hosts import find_hosts
from chatlab.marks import MarkedPart, marked_parts
from chatlab.phrases import says
from chatlab.quoting import quotes
from chatlab.schema import engagement, true_for
from chatlab.text import URL

# An answer may come in so long after its question: a chat has a tail.
TAIL = pd.Timedelta(hours=24)
# A host may be early: a question so long before its edition belongs to it.
EARLY = pd.Timedelta(hours=1)
# How sure each way of matching is, from 0 to 1.
CONFIDENCE = {"reply": 0.95, "quote": 0.9, "prefix": 0.95, "continuation": 0.85, "time": 0.6}
SLIP = 0.7
# A participant's post with so much of a question's words only repeats it.
REPEATS = 0.7
# By time and wording, an answer comes in so long after its question, in at least so many words
# that speak so much like the answers known, those to this question adding so much; a minute later
# asks for so much more.
SPELL = pd.Timedelta(minutes=15)
FEW_WORDS = 3
ALIKE = -1.0
ALIKE_TO_OWN = 0.5
ALIKE_PER_MINUTE = 0.25
# So many answers must be known for it.
ENOUGH = 20

QUESTION_COLUMNS = ["edition", "number", "post_id", "author_id", "asked_at", "text", "repeats"]
ANSWER_COLUMNS = ["post_id", "edition", "number", "question_id", "matched_by", "confidence"]


def find_questions(
    posts: pd.DataFrame,
    *,
    hosts: Collection[str] | None = None,
    editions: pd.Series | None = None,
) -> pd.DataFrame:
    """Find the numbered questions that the host asks in each edition.

    A question is a host's post, in an edition or up to an hour before it, with a mark such as
    `Q1`, `Q.2`, `Question 3 :` or a keycap digit, at its start or after a sentence; one post may
    ask several. The first post with a question mark counts; without one, the first that somebody
    answers before the number is asked again. Announcements (`Q1 to Q6 are coming`, `Q3 in two
    minutes`), reposts, and replies to others are none; what asks the same number again in the
    same edition, such as a translation, is a repeat.

    Parameters
    ----------
    posts
        A posts table.
    hosts
        Author ids of the hosts; without them, who asks numbered questions that others answer.
    editions
        From `find_editions`; found where it is not given.

    Returns
    -------
    DataFrame
        One row per question, in order of time: `edition`, `number`, `post_id`, `author_id`,
        `asked_at`, `text`, `repeats` (list of post ids). Empty where nobody moderates.
    """
    if editions is None:
        editions = find_editions(posts)
    if hosts is None:
        hosts = find_hosts(posts, editions=editions)
    asked = _asked(posts, hosts, editions)
    rows = []
    for _key, group in asked.groupby(["edition", "number"], sort=False):
        question = _question_of(posts, group)
        again = group.loc[group["post_id"] != question["post_id"], "post_id"].unique()
        rows.append({**question, "repeats": list(again)})
    table = pd.DataFrame(rows, columns=QUESTION_COLUMNS)
    table = table.assign(text=quotes(posts).reindex(table["post_id"]).to_numpy())
    table = table.astype({"edition": "Int64", "number": "Int64", "text": "str"})
    return table.sort_values(["asked_at", "number"], ignore_index=True)


def _asked(posts: pd.DataFrame, hosts: Collection[str], editions: pd.Series) -> pd.DataFrame:
    """List the hosts' marked posts in their editions, in order of time."""
    chat = posts[posts["in_chat"] & (posts["kind"] != "repost")].dropna(subset="created_at")
    own = chat[chat["author_id"].isin(list(hosts))]
    own = own[own["reply_to_author"].isna() | own["reply_to_author"].isin(list(hosts))]
    starts = posts.groupby(editions)["created_at"].min()
    rows = []
    for post, author, at, text in own[["author_id", "created_at", "text"]].itertuples(name=None):
        edition = editions.get(post)
        if pd.isna(edition):
            soon = starts[(starts > at) & (starts <= at + EARLY)]
            if soon.empty:
                continue
            edition = soon.index[0]
        for part in marked_parts(URL.sub(" ", text)):
            asks = "?" in part.text
            if part.mark.asks and (asks or not _announces(part)):
                rows.append((edition, part.mark.number, post, author, at, text, asks))
    return pd.DataFrame(rows, columns=[*QUESTION_COLUMNS[:6], "asks"])


def _announces(part: MarkedPart) -> bool:
    """Tell whether what follows a mark asks nothing yet: `Q3 coming up!`, `Q2 still open`."""
    enough = 2 if part.first else FEW_WORDS
    aside = any(says(part.text, kind) for kind in ("soon", "again", "thanks"))
    return aside or len(telling_words(part.text)) < enough


def _question_of(posts: pd.DataFrame, group: pd.DataFrame) -> dict[str, object]:
    """Choose among posts with one number the one that asks."""
    asking = group[group["asks"]]
    first = group.iloc[0]
    if len(asking) and not first["asks"]:
        between = posts[
            (posts["created_at"] > first["asked_at"])
            & (posts["created_at"] < asking["asked_at"].iloc[0])
            & (posts["author_id"] != first["author_id"])
        ]
        marked = (part.mark.number for text in between["text"] for part in marked_parts(text))
        if first["number"] not in marked:
            first = asking.iloc[0]
    return {str(name): value for name, value in first[QUESTION_COLUMNS[:6]].items()}


class _Question(NamedTuple):
    edition: int
    number: int
    post_id: str
    asked_at: pd.Timestamp
    text: str


class _Match(NamedTuple):
    question: _Question
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
    chat = posts[posts["in_chat"] & (posts["kind"] != "repost")].dropna(subset="created_at")
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
    waits: dict[str, tuple[_Question, float]] = {}
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
        self.asking: dict[object, list[_Question]] = {}
        self.all: list[_Question] = []
        self.by_number: dict[int, list[_Question]] = {}
        names = [*_Question._fields, "repeats"]
        for *about, repeats in questions[names].itertuples(index=False, name=None):
            question = _Question(*about)
            self.all.append(question)
            self.by_number.setdefault(question.number, []).append(question)
            for post in [question.post_id, *repeats]:
                self.asking.setdefault(post, []).append(question)

    def numbered(self, number: int, at: pd.Timestamp) -> _Question | None:
        """Find the latest question of a number, asked before a moment and not too long ago."""
        return _latest(self.by_number.get(number, []), at, TAIL)

    def last_before(self, at: pd.Timestamp) -> _Question | None:
        """Find the latest question, asked a short spell before a moment."""
        return _latest(self.all, at, SPELL)

    def by_mark_or_link(self, chat: pd.DataFrame, guests: pd.Index) -> dict[str, list[_Match]]:
        """Match posts by their marks, and by the questions they reply to or quote."""
        guest = set(guests)
        marked = {
            post: self._by_mark(text, at, host=post not in guest)
            for post, text, at in chat[["text", "created_at"]].itertuples(name=None)
        }
        said: dict[_Question, set[str]] = {}
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
    text: str, options: list[_Question], said: Mapping[_Question, set[str]]
) -> list[_Question]:
    """Sort the questions of one post by how many words only their answers share with a text."""
    if len(options) == 1:
        return options
    words = stems(text)
    others = {q: set().union(*(said.get(o, set()) for o in options if o != q)) for q in options}
    return sorted(options, key=lambda q: -len(words & said.get(q, set()) - others[q]))


def _latest(asked: list[_Question], at: pd.Timestamp, spell: pd.Timedelta) -> _Question | None:
    place = bisect_right(asked, at, key=lambda question: question.asked_at)
    return asked[place - 1] if place and asked[place - 1].asked_at >= at - spell else None


def _linked(marked: list[_Match], linked: list[_Question], way: str) -> list[_Match]:
    """Weigh what a reply or quote leads to against what its mark says: the link is surer."""
    same = [match for match in marked if match.question in linked]
    if same:
        return [_Match(match.question, way, CONFIDENCE[way]) for match in same]
    sure = SLIP if marked or len(linked) > 1 else CONFIDENCE[way]
    return [_Match(linked[0], way, sure)]


BOARD_COLUMNS = ["edition", "number", "question_id", "asked_at", "text", "answers", "people"]
BOARD_COLUMNS += ["minutes_to_first", "best_answer", "best_author", "themes"]


def question_board(
    posts: pd.DataFrame,
    questions: pd.DataFrame,
    answers: pd.DataFrame,
    *,
    themes: pd.Series | None = None,
    names: Mapping[int, str] | None = None,
) -> pd.DataFrame:
    """Say how each numbered question went.

    Parameters
    ----------
    posts
        A posts table.
    questions, answers
        From `find_questions` and `match_answers`.
    themes, names
        Theme numbers on the posts' index, and their names.

    Returns
    -------
    DataFrame
        One row per question, in order of time: `edition`, `number`, `question_id`, `asked_at`,
        `text`, `answers` (posts), `people` (who wrote them), `minutes_to_first` (from the
        question to the first answer that a mark or a link tells; missing where there is none),
        `best_answer` (post id of the answer with most engagement that may be quoted, the earlier
        of equals; missing where none has any), `best_author` (handle), `themes` (list: names of
        the answers' themes, most posts first, three at most; empty without themes). `text` is
        missing where who asked is not to be quoted.
    """
    told = answers.merge(
        posts.assign(engagement=engagement(posts))[
            ["post_id", "author_id", "author", "created_at", "quotable", "engagement"]
        ].reset_index(drop=True),
        on="post_id",
    )
    if themes is not None:
        told["theme"] = themes.reindex(told["post_id"]).to_numpy()
    rows = []
    for question in questions.itertuples():
        same = (told["question_id"] == question.post_id) & (told["number"] == question.number)
        mine = told[same]
        first = mine.loc[mine["confidence"] > CONFIDENCE["time"], "created_at"].min()
        quotable = mine[mine["quotable"] & mine["engagement"].gt(0)]
        best = quotable.nlargest(1, "engagement")
        rows.append(
            (
                question.edition,
                question.number,
                question.post_id,
                question.asked_at,
                question.text,
                len(mine),
                mine["author_id"].nunique(),
                (first - question.asked_at).total_seconds() / 60 if pd.notna(first) else None,
                best["post_id"].iloc[0] if len(best) else None,
                best["author"].iloc[0] if len(best) else None,
                _main_themes(mine, names or {}) if themes is not None else [],
            )
        )
    table = pd.DataFrame(rows, columns=BOARD_COLUMNS)
    return table.astype({"minutes_to_first": "float64", "best_answer": "str", "best_author": "str"})


def _main_themes(answers: pd.DataFrame, names: Mapping[int, str]) -> list[str]:
    counts = answers["theme"].dropna().value_counts()
    ranked = sorted(counts.index, key=lambda theme: (-counts[theme], theme))
    return [names.get(int(theme), str(theme)) for theme in ranked[:3]]
