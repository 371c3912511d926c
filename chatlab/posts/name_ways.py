"""How people are written: handles, names and their parts, ids, and which of these are words too."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Collection, Iterable
from functools import cache
from itertools import pairwise
from typing import NamedTuple

import pandas as pd

from chatlab.posts.schema import PERSON_NAMES
from chatlab.progress import slow
from chatlab.text.addresses import without_addresses
from chatlab.text.folding import UNSPACED, Letters, Piece, squeezed
from chatlab.text.words import LANGUAGES, stop_words, word_list

# Shorter ones are too often ordinary words to be taken for a name without an `@`.
MIN_BARE = 4
# A name of several words this long is found inside other letters: `merciawandiaye`.
MIN_GLUED = 7
# A part of a name this long is found at either end of a small hashtag: `okonjoparadox`.
MIN_INSIDE = 6
_MOST_WORDS = 5
# Most words begin no name, and so many letters tell it.
BEGINNING = 4
# A word is a name alone when capitals within sentences outnumber small initials so many times.
_MORE_CAPITALS = 4
# What stands often with a capital, next to never where its bearer is addressed, and comes from a
# display name that reads as no person's, is a place or a subject (`Brisbane R Users`).
_OFTEN = 5
# What is written small so rarely may be somebody's handle, and is told for a person to check.
_RARE = 2
_RARELY_CALLED = 20
_BESIDE_NAME = re.compile(r"\([^()]{0,80}\)|\[[^\[\]]{0,80}\]|[|•·/@~].*|\s[-–—]\s.*")
# Chinese, Japanese and Korean signs; Arabic, which writes articles and prepositions onto words.
_SIGNS = re.compile("[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]+")
_ENDINGS = re.compile("[\u0600-\u06ff]")
_TWO_LETTERS = str.maketrans(
    {"ä": "ae", "ö": "oe", "ü": "ue", "ø": "oe", "å": "aa", "Ä": "Ae", "Ö": "Oe", "Ü": "Ue",
     "Ø": "Oe", "Å": "Aa"}
)  # fmt: skip
_OPENS = tuple("'’(«“\"[")
_JOINS = "_-@./#"


class Way(NamedTuple):
    """One way to write somebody: whose it is, where its words end, and how sure it is."""

    person: str
    cuts: frozenset[int]
    words: tuple[str, ...]
    kind: str  # `name`, `handle`, `initial`


class Ways:
    """How the people of a posts table are written, or some of them.

    Parameters
    ----------
    posts
        A posts table.
    only
        Author ids, where only these people are looked for.
    extra
        Handles of theirs, as whoever asks wrote them.
    """

    def __init__(
        self, posts: pd.DataFrame, *, only: set[str] | None = None, extra: Iterable[str] = ()
    ) -> None:
        known = posts[["author_id", "author", "author_name"]].dropna(subset="author_id")
        known = known.drop_duplicates()
        self._only = only
        self._handles: dict[str, str] = {}
        self._ways: dict[str, Way] = {}
        self._unspaced: dict[str, str] = {}
        self._parts: dict[str, dict[str, None]] = {}
        self._near: dict[str, set[str]] = {}
        self._shown: dict[str, list[str]] = {}
        self._ids: dict[str, str] = {}
        # Words of texts that look like a name and were left: for a person to check.
        self.left: Counter[str] = Counter()
        for author_id, handle, name in known.itertuples(index=False, name=None):
            if only is None or author_id in only:
                self._add(author_id, handle, name)
            elif isinstance(name, str):
                # Who else bears a name decides whether it can be told whose it is.
                self._shown[author_id] = _words(name)
                for word in self._shown[author_id]:
                    self._parts.setdefault(word, {})[author_id] = None
        if only is None:
            for author_id in _strangers(posts):
                self._add(author_id, author_id.partition(":@")[2], None)
        for author_id in only or ():
            self._add(author_id, author_id.partition(":")[2].removeprefix("@"), None)
        for handle in extra:
            self._add(next(iter(sorted(only or ())), handle), handle.strip().lstrip("@"), None)
        mine = posts["author_id"].isin(only) if only is not None else slice(None)
        for post_id in posts.loc[mine, "post_id"]:
            self._ids.setdefault(post_id.rpartition(":")[2].rpartition("/")[2].casefold(), "")
        self._beginnings = {way[:BEGINNING] for way in self._ways}
        self._beginnings |= {squeezed(handle)[:BEGINNING] for handle in self._handles}
        self._glued = {
            letters: way.person
            for letters, way in self._ways.items()
            if way.kind == "name" and len(way.words) > 1 and len(letters) >= MIN_GLUED
        }
        self._lengths = sorted({len(way) for way in self._glued})
        self._ordinary, self._alone = self._judged(posts)
        self._doubtful = {
            word
            for word, bearers in self._parts.items()
            if word not in unimportant_words() and (only is None or not only.isdisjoint(bearers))
        }
        self._topics = _topics(posts)

    def _add(self, author_id: str, handle: object, name: object) -> None:
        number = author_id.partition(":")[2]
        if len(number) >= 5 and not number.startswith("@"):
            self._ids[number.rpartition(":")[2].casefold()] = author_id
        if isinstance(handle, str) and handle:
            plain = Letters(handle).folded
            self._handles[plain] = author_id
            # On Mastodon before the server, on Bluesky before the domain.
            self._handles.setdefault(re.split(r"[@.]", plain)[0], author_id)
            for written in (handle, handle.partition("@")[0]):
                self._way(tuple(_runs(written)), author_id, "handle")
            for piece in Letters(handle).pieces(0, len(plain)):
                if len(piece.letters) > 2:
                    self._near.setdefault(author_id, set()).add(piece.letters)
        if isinstance(name, str):
            self._add_name(author_id, name)

    def _add_name(self, author_id: str, name: str) -> None:
        if UNSPACED.search(name):
            for run in _unspaced_parts(name):
                self._unspaced[run] = author_id
        words = self._shown[author_id] = _words(name)
        for spelled in (_with_e(name), _BESIDE_NAME.sub(" ", name)):
            # `Juergen` for Jürgen, and a name with its particles: `de la Rochetière`.
            if 1 < len(runs := _runs(spelled)) <= _MOST_WORDS and runs != words:
                self._way(tuple(runs), author_id, "name")
                self._way(tuple(runs[1:]), author_id, "name")
                for word in set(runs) - set(words) - word_list("titles"):
                    if len(word) > 2:
                        self._parts.setdefault(word, {})[author_id] = None
        for word in words:
            if len(word) > 2:
                self._parts.setdefault(word, {})[author_id] = None
            if len(word) > 1 or len(words) == 1:
                self._near.setdefault(author_id, set()).add(word)
        if len(words) == 1 and len(words[0]) >= MIN_BARE:
            self._way(tuple(words), author_id, "word")
        if len(words) < 2:
            return
        if len(words) > _MOST_WORDS or not unimportant_words().isdisjoint(words):
            # A sentence for a display name: its words together name somebody, two of them nobody.
            self._way(tuple(words), author_id, "name")
            return
        first, *rest = words
        ways = [tuple(words), (*rest, first), tuple(reversed(words))]
        ways += [(first, word) for word in rest] + [(word, first) for word in rest]
        ways += list(pairwise(rest))
        for way in ways:
            self._way(way, author_id, "name")
        for word in rest:
            if len(word) > 2:
                self._way((first[0], word), author_id, "initial")

    def _way(self, words: tuple[str, ...], author_id: str, kind: str) -> None:
        letters = "".join(words)
        if len(letters) < MIN_BARE and not (kind == "name" and len(letters) > 1):
            return
        ends, cuts = 0, set()
        for word in words[:-1]:
            ends += len(word)
            cuts.add(ends)
        before = self._ways.get(letters)
        # Nobody in particular, where two people are written the same way.
        whose = author_id if before is None or before.person == author_id else ""
        if before is None or before.kind != "name":
            self._ways[letters] = Way(whose, frozenset(cuts), words, kind)
        elif not whose and kind == "name":
            self._ways[letters] = before._replace(person="")

    def _judged(self, posts: pd.DataFrame) -> tuple[set[str], dict[str, str]]:
        """Tell which parts of names are ordinary words here, and which name somebody alone."""
        small: Counter[str] = Counter()
        big: Counter[str] = Counter()
        called: Counter[str] = Counter()
        big_anywhere: Counter[str] = Counter()
        small_called: Counter[str] = Counter()
        wanted = set(self._parts).union(*self._near.values())
        wanted |= {word for way in self._ways.values() for word in way.words}
        rows = posts[["text", "mentions", *PERSON_NAMES]].drop_duplicates("text")
        told = rows.itertuples(index=False, name=None)
        for text, mentions, *people in slow(told, len(rows), "who is named how"):
            if not isinstance(text, str):
                continue
            present = {*mentions, *people}
            letters = Letters(without_addresses(text))
            between = "."
            pieces = letters.pieces(0, len(letters.folded))
            spelled = self._spelled(pieces)
            for i, piece in enumerate(pieces):
                after = letters.folded[piece.end : piece.end + 1] or " "
                # A part of a handle or of a compound tells nothing of the word.
                before = letters.folded[max(0, piece.start - 1) : piece.start]
                apart = piece.blank_before or before in _OPENS
                apart = apart and after not in _JOINS and i not in spelled
                if piece.letters in wanted and apart:
                    bearers = self._parts.get(piece.letters, {})
                    addressed = not present.isdisjoint(bearers)
                    if not piece.capital:
                        small[piece.letters] += 1
                        small_called[piece.letters] += addressed
                    else:
                        big_anywhere[piece.letters] += 1
                    if piece.capital and between not in ".!?…\n":
                        big[piece.letters] += 1
                        called[piece.letters] += addressed
                between = after
        stops = unimportant_words()
        ordinary = {
            word
            for word in wanted
            if word in stops
            or len(word) == 1
            or (small[word] and small[word] * _MORE_CAPITALS > big[word])
        }
        # The parts of a name that reads as a person's need more to be taken for words: one
        # `merci camille` makes no word of Camille, least of all said to her.
        ordinary -= {
            word
            for word in self._parts
            if word not in stops
            and len(word) > 2
            and (small[word] < big_anywhere[word] or 2 * small_called[word] > small[word])
            and any(self._reads_as_person(one, stops) for one in self._parts[word])
        }
        ordinary |= {
            word
            for word in self._parts
            if big[word] >= _OFTEN
            and called[word] * _RARELY_CALLED < big[word]
            and not any(self._reads_as_person(one, ordinary) for one in self._parts[word])
        }
        alone = {
            word: next(iter(bearers)) if len(bearers) == 1 else ""
            for word, bearers in self._parts.items()
            if word not in ordinary
            and (self._only is None or set(bearers) <= self._only)
            # `Hope` as a whole display name, met only where sentences begin, may be any word.
            and (
                big[word]
                or called[word]
                or any(self._reads_as_person(one, ordinary) for one in bearers)
            )
        }
        self._rare = {word for word in wanted if small[word] <= _RARE}
        # Long enough to be no common word, and written small once or twice: `merci camille`.
        self._plain_names = {
            word
            for word, bearers in self._parts.items()
            if word in self._rare
            and (big_anywhere[word] or small_called[word])
            and len(word) >= MIN_INSIDE
            and word not in stops
            and (self._only is None or set(bearers) <= self._only)
            and any(self._reads_as_person(one, stops) for one in bearers)
        }
        for word in self._plain_names - set(alone):
            bearers = self._parts[word]
            alone[word] = next(iter(bearers)) if len(bearers) == 1 else ""
        return ordinary, alone

    def _reads_as_person(self, author_id: str, ordinary: Collection[str]) -> bool:
        words = self._shown.get(author_id, [])
        return 2 <= len(words) <= 5 and not any(word in ordinary for word in words)

    def _spelled(self, pieces: list[Piece]) -> set[int]:
        """Return the places of pieces that spell a full name: they are no ordinary words."""
        found: set[int] = set()
        for i, piece in enumerate(pieces):
            letters = piece.letters
            for n, following in enumerate(pieces[i + 1 : i + _MOST_WORDS], 2):
                letters += following.letters
                way = self._ways.get(letters)
                if way is not None and way.kind == "name":
                    found.update(range(i, i + n))
        return found


def _topics(posts: pd.DataFrame) -> set[str]:
    """Return the hashtags that a quarter of the posts carry."""
    counts = Counter(Letters(tag).folded for tags in posts["hashtags"] for tag in set(tags))
    return {tag for tag, n in counts.items() if n * 4 >= max(len(posts), 12)}


def _unspaced_parts(name: str) -> list[str]:
    """List how a name is written in scripts without blanks: whole, its parts, the given name."""
    runs = [run for run in _runs(name) if UNSPACED.search(run)]
    # Three signs are a family name and a given name of two; a sign of Korean has two or three
    # parts here, so signs are counted as written.
    given = [
        squeezed(run[1:])
        for run in re.findall(r"[^\W_]+", name)
        if len(run) == 3 and _SIGNS.fullmatch(run)
    ]
    least = 4 if _ENDINGS.search(name) else 2
    return [run for run in (*runs, "".join(runs), *given) if len(run) >= least]


def _with_e(name: str) -> str:
    """Spell umlauts and their like with two letters."""
    return unicodedata.normalize("NFC", name).translate(_TWO_LETTERS)


@cache
def unimportant_words() -> frozenset[str]:
    """Return the stop words of all languages, folded: none of them is a name by itself."""
    return frozenset(squeezed(word) for lang in LANGUAGES for word in stop_words(lang))


def _strangers(posts: pd.DataFrame) -> list[str]:
    """List people who are only addressed, known by nothing but a handle."""
    named = {one for some in posts["mentions"] for one in some}
    named.update(*(posts[name].dropna() for name in PERSON_NAMES))
    return sorted(one for one in named - set(posts["author_id"].dropna()) if ":@" in one)


def _runs(text: str) -> list[str]:
    return re.findall(r"[^\W_]+", Letters(text).folded)


def _words(name: str) -> list[str]:
    """List the words of a display name, without titles and what stands beside the name."""
    bare = _BESIDE_NAME.sub(" ", name)
    words = [word for word in _runs(bare) if word not in word_list("titles") and not word.isdigit()]
    return words or _runs(name)[:1]
