"""What participants asked, and what of it stayed open."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd

from chatlab.chat.after_party import late_posts
from chatlab.chat.choose_edition import chosen_edition
from chatlab.chat.hosts import find_hosts
from chatlab.posts.quoting import quotes
from chatlab.posts.schema import links_replies, tells_replies, true_for
from chatlab.posts.select import own_posts
from chatlab.text.asking import asks_something
from chatlab.text.numbering import number_mark
from chatlab.text.patterns import find_handles
from chatlab.text.reading import KINDS_READ, Reader
from chatlab.text.similarity import telling_words
from chatlab.text.words import LANGUAGES, likely_language

# An answer without a link comes in so long after the question...
ASIDE = pd.Timedelta(hours=1)
# ...and shares at least so many words with it that hardly anybody else uses.
SHARED = 2
RARE_SHARE = 0.01
RARE_POSTS = (4, 20)
# How likely a post asks something for it to be taken for a question: where its signs say so too,
# by the words alone, and surely: four of five are right. Chosen on labelled posts of real chats.
WITH_SIGNS, BY_WORDS, SURELY = 0.1, 0.35, 0.9
# Who posts the same question so often sells something.
SLOGAN = 3
REASONS = ("no reply", "only the asker", "no reply link")
COLUMNS = ["post_id", "author_id", "author", "asked_at", "text", "certainty", "to", "reason"]
COLUMNS += ["by", "url"]


def participants_questions(
    posts: pd.DataFrame, *, hosts: Collection[str] | None = None
) -> pd.DataFrame:
    """Find what participants asked, answered or not.

    A question is a post, reposts left out, that sincerely asks something, as a small model reads it
    in English and French (`chatlab.text.reading`); in other languages, one with a question mark
    that is not rhetorical (`chatlab.text.asking`). The hosts' posts, copies of their questions (a
    mark such as `Q1`), answers to them (a mark such as `A1`) and a question that one person posts
    three times or more are none.

    Parameters
    ----------
    posts
        A posts table.
    hosts
        Author ids of the hosts; without them, who asks numbered questions that others answer.

    Returns
    -------
    DataFrame
        One row per question, in order of time: `post_id`, `author_id`, `author`, `asked_at`,
        `text`, `certainty` (`sure`, or `to check` where it may be none), `to` (handle of the
        participant it replies to; missing for a question to all or to the hosts), `reason`
        (`answered`: somebody else replied or quoted; `no reply`; `not known`: the file does not
        tell what is a reply to what; `only the asker`; `no reply link`: a post within the hour
        names the asker or shares two rare words with the question, and is no reply to it), `by`
        (the handle of who answered without a link, else missing), `url`.
    """
    if hosts is None:
        hosts = find_hosts(posts)
    chat = own_posts(posts).dropna(subset="author_id")
    guests = chat[~chat["author_id"].isin(list(hosts))]
    marks = [number_mark(text) for text in guests["text"]]
    # What is marked as an answer is no question, whatever it asks back.
    unmarked = guests[np.array([mark is None for mark in marks], dtype=bool)]
    likely = _asking(unmarked)
    asks = likely >= np.where(true_for(unmarked["text"], asks_something), WITH_SIGNS, BY_WORDS)
    asked = unmarked[asks].assign(sure=likely[asks] >= SURELY)
    asked = asked[~_slogans(asked)]
    links = _Links(chat)
    told = tells_replies(posts) and links_replies(posts)
    outcomes = [
        links.outcome(post, author, at, text) if told else _Outcome("not known")
        for post, author, at, text in asked[["author_id", "created_at", "text"]].itertuples(
            name=None
        )
    ]
    table = asked.assign(
        post_id=asked.index,
        text=quotes(asked),
        certainty=pd.array(np.where(asked["sure"], "sure", "to check"), dtype="str"),
        to=_put_to(asked, guests, hosts),
        asked_at=asked["created_at"],
        reason=pd.array([outcome.reason for outcome in outcomes], dtype="str"),
        by=pd.array([outcome.by for outcome in outcomes], dtype="str"),
    )
    return table[COLUMNS].reset_index(drop=True)


def questions_around(
    asked: pd.DataFrame, posts: pd.DataFrame, editions: pd.Series, edition: int | str = "last"
) -> pd.DataFrame:
    """Keep the questions of one edition, those asked in the twelve hours after it too.

    What became of them was looked for in all posts, so that a late answer counts.

    Parameters
    ----------
    asked
        From `participants_questions` of all posts.
    posts
        A posts table.
    editions
        From `find_editions`.
    edition
        As for `select_edition`.

    Returns
    -------
    DataFrame
        Rows of `asked`; all of them for `"all"`.
    """
    number = chosen_edition(editions, edition)
    if number is None:
        return asked
    late = late_posts(posts, editions)
    around = {*editions.index[editions.eq(number).fillna(False)]}
    around.update(late.index[late["edition"] == number])
    return asked[asked["post_id"].isin(around)].reset_index(drop=True)


def unanswered_questions(
    posts: pd.DataFrame, *, hosts: Collection[str] | None = None
) -> pd.DataFrame:
    """List what participants asked and nobody answered by a reply or quote in this file.

    Parameters
    ----------
    posts
        A posts table.
    hosts
        Author ids of the hosts; without them, who asks numbered questions that others answer.

    Returns
    -------
    DataFrame
        The rows of `participants_questions` whose `reason` is `no reply`, `only the asker` or
        `no reply link` (then `by` says who seems to have answered). Replies that are not in the
        file are not seen.
    """
    asked = participants_questions(posts, hosts=hosts)
    return asked[asked["reason"].isin(REASONS)].reset_index(drop=True)


def _asking(posts: pd.DataFrame) -> npt.NDArray[np.float64]:
    """Say how likely each post asks something sincerely."""
    langs = np.array(
        [
            likely_language(lang, text)
            for lang, text in zip(posts["lang"], posts["text"], strict=True)
        ],
        dtype=object,
    )
    texts = posts["text"].astype(str).to_numpy()
    likely = np.array([asks_something(text) for text in texts], dtype=np.float64)
    for lang in LANGUAGES:
        here = langs == lang
        if here.any():
            likely[here] = Reader(lang).read(texts[here])[:, KINDS_READ.index("request")]
    return likely


def _put_to(asked: pd.DataFrame, guests: pd.DataFrame, hosts: Collection[str]) -> pd.Series:
    """Name the one participant each question replies to, as known here or as the text says."""
    last = guests.dropna(subset="author").drop_duplicates("author_id", keep="last")
    handles = last.set_index("author_id")["author"].to_dict()
    team = set(hosts)
    found = []
    for author, to, text in asked[["author_id", "reply_to_author", "text"]].itertuples(
        index=False, name=None
    ):
        single = isinstance(to, str) and to != author and to not in team
        named = [handles.get(to), *find_handles(text)] if single else []
        found.append(next((handle for handle in named if handle), None))
    return pd.Series(found, index=asked.index, dtype="str")


def _slogans(asked: pd.DataFrame) -> pd.Series:
    """Mark questions that one person posts again and again, but for numbers."""
    folded = asked["text"].str.replace(r"\d+", "", regex=True)
    times = folded.groupby([asked["author_id"], folded]).transform("size")
    return times >= SLOGAN


class _Outcome(NamedTuple):
    reason: str
    by: str | None = None


class _Links:
    """Who replied to what, and the words of those who did not use the reply button."""

    def __init__(self, chat: pd.DataFrame) -> None:
        self.repliers: dict[str, set[str]] = {}
        for relation in ("reply_to", "quote_of"):
            linked = chat.dropna(subset=relation)
            for target, author in linked[[relation, "author_id"]].itertuples(
                index=False, name=None
            ):
                self.repliers.setdefault(target, set()).add(author)
        self.chat = chat.dropna(subset="created_at")
        few, many = RARE_POSTS
        self.most = max(few, min(many, RARE_SHARE * len(chat)))
        # Where each word stands, and who is named where: places in order of time.
        self.places: dict[str, list[int]] = {}
        self.naming: dict[str, list[int]] = {}
        names = ["text", "mentions", "kind"]
        for place, (text, mentions, kind) in enumerate(
            self.chat[names].itertuples(index=False, name=None)
        ):
            for word in telling_words(text):
                self.places.setdefault(word, []).append(place)
            for author in set(mentions) if kind == "post" else ():
                self.naming.setdefault(author, []).append(place)

    def outcome(self, post: str, author: str, at: pd.Timestamp, text: str) -> _Outcome:
        """Say what became of a question."""
        repliers = self.repliers.get(post, set())
        if repliers - {author}:
            return _Outcome("answered")
        if pd.notna(at) and (by := self._answered_aside(author, at, text)):
            return _Outcome("no reply link", by)
        return _Outcome("only the asker" if repliers else "no reply")

    def _answered_aside(self, asker: str, at: pd.Timestamp, text: str) -> str | None:
        times = self.chat["created_at"]
        first, last = (int(times.searchsorted(to, "right")) for to in (at, at + ASIDE))
        rare = (self.places.get(word, []) for word in telling_words(text))
        shared = Counter(
            place
            for places in rare
            if len(places) <= self.most
            for place in places
            if first <= place < last
        )
        named = {place for place in self.naming.get(asker, []) if first <= place < last}
        columns = ["author_id", "author", "text", "reply_to"]
        for place in sorted({*named, *(one for one, n in shared.items() if n >= SHARED)}):
            author, handle, said, parent = self.chat.iloc[place][columns]
            linked = isinstance(parent, str) and place not in named
            if author != asker and "?" not in said and not linked:
                return str(handle)
        return None
