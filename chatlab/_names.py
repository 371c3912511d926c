"""Who is named how: handles, names, addresses and ids, found in texts and links and replaced."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from functools import cache
from itertools import pairwise
from typing import NamedTuple
from urllib.parse import unquote

import pandas as pd

from chatlab._addresses import addresses, is_profile, without_addresses
from chatlab._folding import UNSPACED, Letters, Piece, squeezed
from chatlab._progress import slow
from chatlab.schema import PERSON_NAMES
from chatlab.words import LANGUAGES, stop_words, word_list

REMOVED = "[…]"

# Shorter ones are too often ordinary words to be taken for a name without an `@`.
_MIN_BARE = 4
# A name of several words this long is found inside other letters: `merciawandiaye`.
_MIN_GLUED = 7
_MOST_PIECES = 8
# Most words begin no name, and so many letters tell it.
_BEGINNING = 4
# A word is a name alone when capitals within sentences outnumber small initials so many times.
_MORE_CAPITALS = 4
# What stands often with a capital, next to never where its bearer is addressed, and comes from a
# display name that reads as no person's, is a place or a subject (`Brisbane R Users`).
_OFTEN = 5
_RARELY_CALLED = 20

_BESIDE_NAME = re.compile(r"\([^()]{0,80}\)|\[[^\[\]]{0,80}\]|[|•·/@~].*|\s[-–—]\s.*")
_JOINS = "_-@./#"


class _Name(NamedTuple):
    """One way to write somebody: whose it is, where its words end, and how sure it is."""

    person: str
    cuts: frozenset[int]
    words: tuple[str, ...]
    kind: str  # `name`, `handle`, `initial`


class Found(NamedTuple):
    """A stretch of a text that names somebody, and what is to stand there."""

    start: int
    end: int
    instead: str


class People:
    """Who is named how in a posts table, or how some of its people are.

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
        self._ways: dict[str, _Name] = {}
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
        for author_id in only or ():
            self._add(author_id, author_id.partition(":")[2].removeprefix("@"), None)
        for handle in extra:
            self._add(next(iter(sorted(only or ())), handle), handle.strip().lstrip("@"), None)
        mine = posts["author_id"].isin(only) if only is not None else slice(None)
        for post_id in posts.loc[mine, "post_id"]:
            self._ids.setdefault(post_id.rpartition(":")[2].rpartition("/")[2].casefold(), "")
        self._beginnings = {way[:_BEGINNING] for way in self._ways}
        self._beginnings |= {squeezed(handle)[:_BEGINNING] for handle in self._handles}
        self._glued = {
            letters: way.person
            for letters, way in self._ways.items()
            if way.kind == "name" and len(way.words) > 1 and len(letters) >= _MIN_GLUED
        }
        self._lengths = sorted({len(way) for way in self._glued})
        self._inside: dict[str, list[tuple[int, int, str]]] = {}
        self._tags: dict[str, str | None] = {}
        self._ordinary, self._alone = self._judged(posts)
        self._doubtful = {
            word
            for word, bearers in self._parts.items()
            if word not in _stop_words() and (only is None or not only.isdisjoint(bearers))
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
            for run in _runs(name):
                if len(run) > 1 and UNSPACED.search(run):
                    self._unspaced[run] = author_id
        words = self._shown[author_id] = _words(name)
        for word in words:
            if len(word) > 2:
                self._parts.setdefault(word, {})[author_id] = None
            if len(word) > 1 or len(words) == 1:
                self._near.setdefault(author_id, set()).add(word)
        if len(words) == 1 and len(words[0]) >= _MIN_BARE:
            self._way(tuple(words), author_id, "word")
        if len(words) < 2:
            return
        first, *rest = words
        ways = [tuple(words), (*rest, first), tuple(reversed(words))]
        ways += [(first, word) for word in rest] + [(word, first) for word in rest]
        for way in ways:
            self._way(way, author_id, "name")
        for word in rest:
            if len(word) > 2:
                self._way((first[0], word), author_id, "initial")

    def _way(self, words: tuple[str, ...], author_id: str, kind: str) -> None:
        letters = "".join(words)
        if len(letters) < _MIN_BARE and not (kind == "name" and len(letters) > 1):
            return
        ends, cuts = 0, set()
        for word in words[:-1]:
            ends += len(word)
            cuts.add(ends)
        before = self._ways.get(letters)
        # Nobody in particular, where two people are written the same way.
        whose = author_id if before is None or before.person == author_id else ""
        if before is None or before.kind != "name":
            self._ways[letters] = _Name(whose, frozenset(cuts), words, kind)
        elif not whose and kind == "name":
            self._ways[letters] = before._replace(person="")

    def _judged(self, posts: pd.DataFrame) -> tuple[set[str], dict[str, str]]:
        """Tell which parts of names are ordinary words here, and which name somebody alone."""
        small: Counter[str] = Counter()
        big: Counter[str] = Counter()
        called: Counter[str] = Counter()
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
                apart = piece.blank_before and after not in _JOINS and i not in spelled
                if piece.letters in wanted and apart:
                    if not piece.capital:
                        small[piece.letters] += 1
                    elif between not in ".!?…\n":
                        big[piece.letters] += 1
                        bearers = self._parts.get(piece.letters, {})
                        called[piece.letters] += not present.isdisjoint(bearers)
                between = after
        stops = _stop_words()
        ordinary = {
            word
            for word in wanted
            if word in stops
            or len(word) == 1
            or (small[word] and small[word] * _MORE_CAPITALS > big[word])
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
            if word not in ordinary and (self._only is None or set(bearers) <= self._only)
        }
        return ordinary, alone

    def _reads_as_person(self, author_id: str, ordinary: Collection[str]) -> bool:
        words = self._shown.get(author_id, [])
        return 2 <= len(words) <= 3 and not any(word in ordinary for word in words)

    def _spelled(self, pieces: list[Piece]) -> set[int]:
        """Return the places of pieces that spell a full name: they are no ordinary words."""
        return {
            place
            for i, (piece, following) in enumerate(pairwise(pieces))
            if (way := self._ways.get(piece.letters + following.letters)) and way.kind == "name"
            for place in (i, i + 1)
        }

    def near(self, addressed: Iterable[str]) -> dict[str, str]:
        """Return the names of those whom a post is by or addresses, each with its bearer."""
        return {
            word: one
            for one in sorted(addressed)
            if self._only is None or one in self._only
            for word in self._near.get(one, ())
        }

    def replace(
        self,
        text: str,
        platform: str,
        near: Mapping[str, str],
        named: Callable[[str], str],
        stranger: Callable[[str, str], str] | None,
    ) -> str:
        """Put pseudonyms (or nothing) where people are named.

        Parameters
        ----------
        text
            Any text.
        platform
            Where strangers' handles in it belong.
        near
            From `near`.
        named
            Author id to what stands for that person.
        stranger
            Handle and platform to what stands for somebody who is no author; None where only some
            people are replaced.
        """
        letters = Letters(text)
        found = list(self._addresses(letters, platform, named, stranger))
        taken = sorted((one.start, one.end) for one in found)
        begin = 0
        for start, end in [*taken, (len(letters.folded), len(letters.folded))]:
            found += self._names(letters, begin, start, near, named)
            begin = end
        found.sort()
        pieces, done = [], 0
        for one in found:
            start, end = letters.span(one.start, one.end)
            pieces += [text[done:start], one.instead]
            done = end
        return "".join([*pieces, text[done:]])

    def _addresses(
        self,
        letters: Letters,
        platform: str,
        named: Callable[[str], str],
        stranger: Callable[[str, str], str] | None,
    ) -> Iterator[Found]:
        """Find links, mail addresses, phone numbers, handles, ids and hashtags that name people."""
        folded = letters.folded
        taken = 0

        def whole(handle: str) -> str:
            known = self._handles.get(handle)
            if known is not None:
                return named(known)
            return stranger(handle, platform) if stranger else ""

        for start, end, kind in addresses(letters):
            if start < taken:
                continue
            written = folded[start:end]
            instead: str | None = None
            if kind == "link":
                instead = REMOVED if self.in_link(written, strangers=bool(stranger)) else written
            elif kind == "bare link":
                instead = REMOVED if self.in_link(written, strangers=bool(stranger)) else None
            elif kind == "mail":
                known = self._handles.get(written)
                instead = named(known) if known else REMOVED
            elif kind == "phone":
                instead = REMOVED
            elif kind == "handle":
                handle = self._known_start(written.lstrip("@ "))
                spaced = written.startswith("@ ") and handle not in self._handles
                told = whole(handle)
                end -= len(written.lstrip("@ ")) - len(handle)
                instead = None if spaced or not told else f"@{told}" if stranger else told
            elif kind == "did":
                known = self._ids.get(written.rpartition(":")[2])
                if known is not None or stranger:
                    instead = named(known) if known else REMOVED
            elif kind == "number":
                known = self._ids.get(written)
                instead = (named(known) if known else REMOVED) if written in self._ids else None
            elif kind == "tag":
                whose = self.in_tag(letters.text[slice(*letters.span(start, end))].lstrip("#＃"))
                instead = written
                if whose is not None:
                    instead = f"#{named(whose)}" if whose and stranger else REMOVED
            if instead is not None:
                taken = end
                same = instead == written
                original = letters.text[slice(*letters.span(start, end))]
                yield Found(start, end, original if same else instead)

    def _known_start(self, handle: str) -> str:
        """Return the part of a handle that somebody bears: of `ada.Thanks` it is `ada`."""
        ends = [len(handle), *(found.start() for found in re.finditer(r"[.@-]", handle))]
        known = [handle[:end] for end in ends if handle[:end] in self._handles]
        return max(known, key=len, default=handle)

    def in_tag(self, tag: str) -> str | None:
        """Return whom a hashtag names: an author id, empty for somebody, None for nobody."""
        if tag not in self._tags:
            self._tags[tag] = self._named_in(tag)
        return self._tags[tag]

    def _named_in(self, tag: str) -> str | None:
        letters = Letters(tag)
        whole = squeezed(tag)
        # What a quarter of the posts carry is the subject, whoever bears that word as a handle.
        if letters.folded in self._topics:
            return None
        if letters.folded in self._handles:
            return self._handles[letters.folded]
        pieces = letters.pieces(0, len(letters.folded))
        for i in range(len(pieces)):
            length, person = self._name_at(pieces, i, letters.folded, {}, tag=True)
            if length:
                return person
        if inside := self._inside_of(whole):
            return inside[0][2]
        # In `merciawa` nothing shows where the name begins, unless a greeting stands before it.
        for n in range(3, len(whole)):
            for word, rest in ((whole[-n:], whole[:-n]), (whole[:n], whole[n:])):
                if word in self._alone and rest in word_list("salutes"):
                    return self._alone[word]
        return self._alone.get(whole)

    def in_link(self, link: str, *, strangers: bool = False) -> bool:
        """Tell whether a link names a person or leads to a post of the table.

        Parameters
        ----------
        link
            A link, with or without `https://`.
        strangers
            True where links to anybody's profile count, and short links that hide where they go.
        """
        plain = Letters(unquote(link)).folded
        if strangers and is_profile(plain):
            return True
        address = plain.partition("://")[2] or plain
        parts = [part.lstrip("@") for part in re.split(r"[/?#=&:,;+]+", address) if part]
        labels = [label for part in parts for label in part.split(".")]
        if any(part in self._handles or part in self._ids for part in parts):
            return True
        for label in labels:
            bare = squeezed(label)
            way = self._ways.get(bare)
            if way is not None and len(bare) >= 5 and way.kind != "word":
                return True
            if label in self._handles and len(label) >= 5:
                return True
            if label in self._alone and len(label) >= _MIN_BARE:
                return True
        return bool(self._inside_of(squeezed(address)))

    def _names(
        self,
        letters: Letters,
        start: int,
        end: int,
        near: Mapping[str, str],
        named: Callable[[str], str],
    ) -> Iterator[Found]:
        pieces = letters.pieces(start, end) if start < end else []
        i = 0
        while i < len(pieces):
            piece = pieces[i]
            length, person = self._name_at(pieces, i, letters.folded, near)
            if length:
                last = pieces[i + length - 1]
                yield Found(piece.start, last.end, named(person) if person else REMOVED)
                i += length
                continue
            inside = self._inside_of(piece.letters) or self._unspaced_in(piece.letters, near)
            for begin, stop, person in inside:
                instead = named(person) if person else REMOVED
                yield Found(piece.start + begin, piece.start + stop, instead)
            told = self._doubtful if piece.capital else self._alone
            if not inside and piece.letters in told:
                self.left[piece.letters] += 1
            i += 1

    def _name_at(
        self,
        pieces: list[Piece],
        i: int,
        folded: str,
        near: Mapping[str, str],
        *,
        tag: bool = False,
    ) -> tuple[int, str]:
        """Find the name that starts at a piece: how many pieces, and whose."""
        best = (0, "")
        letters = ""
        for n in range(1, min(_MOST_PIECES, len(pieces) - i) + 1):
            piece = pieces[i + n - 1]
            if n > 1 and not _together(folded, pieces[i + n - 2], piece):
                break
            letters += piece.letters
            if len(letters) >= _BEGINNING and letters[:_BEGINNING] not in self._beginnings:
                break
            way = self._ways.get(letters)
            if way is not None and self._is_meant(way, pieces[i : i + n], near, tag):
                best = (n, way.person)
            written = folded[pieces[i].start : piece.end]
            if written in self._handles and not written.isalpha():
                best = (n, self._handles[written])
        if best[0]:
            return best
        piece = pieces[i]
        if piece.letters in near and (piece.capital or piece.letters not in self._ordinary):
            return 1, near[piece.letters]
        around = folded[max(0, piece.start - 1) : piece.start] + folded[piece.end : piece.end + 1]
        apart = tag or not any(sign.isalnum() for sign in around)
        if piece.capital and apart and piece.letters in self._alone:
            return 1, self._alone[piece.letters]
        return 0, ""

    def _is_meant(
        self, way: _Name, pieces: list[Piece], near: Mapping[str, str], tag: bool
    ) -> bool:
        """Tell whether pieces that spell a name also read as one."""
        ends, at = set(), 0
        blanks = set()
        for before, piece in pairwise(pieces):
            at += len(before.letters)
            ends.add(at)
            if piece.blank_before:
                blanks.add(at)
        # A blank within a word of the name is no way to write it: `tom ate` is no Tomate.
        if not blanks <= way.cuts:
            return False
        capital = all(piece.capital for piece in pieces)
        known = all(word in self._ordinary for word in way.words)
        if tag and known:
            return False
        if way.kind == "initial" or len("".join(way.words)) <= _MIN_BARE:
            return capital and ends >= way.cuts
        if way.kind == "word":
            return (capital or way.person in near.values()) and not known
        if way.kind == "handle":
            # `chat` may be somebody's handle; only one that could be no plain word counts.
            distinct = len(way.words) > 1 or any(sign.isdigit() for sign in "".join(way.words))
            long = len("".join(way.words)) > 9
            told = self._only is not None or distinct or long or pieces[0].capital
            return told and not (known and not capital)
        return capital or not known

    def _inside_of(self, letters: str) -> list[tuple[int, int, str]]:
        """Find full names within letters without a break: where, and whose."""
        if len(letters) < _MIN_GLUED or not self._lengths:
            return []
        if letters not in self._inside:
            self._inside[letters] = _within(letters, self._glued, self._lengths)
        return self._inside[letters]

    def _unspaced_in(self, letters: str, near: Mapping[str, str]) -> list[tuple[int, int, str]]:
        """Find names within a run of a script without blanks; a single sign only when near."""
        if not UNSPACED.search(letters):
            return []
        whose = self._unspaced | {name: one for name, one in near.items() if UNSPACED.search(name)}
        return _within(letters, whose, sorted({len(name) for name in whose}))


def _within(
    letters: str, whose: Mapping[str, str], lengths: list[int]
) -> list[tuple[int, int, str]]:
    """Find the longest names first come, first served."""
    found, i = [], 0
    while i < len(letters):
        n = next((n for n in reversed(lengths) if letters[i : i + n] in whose), 0)
        if n and i + n <= len(letters):
            found.append((i, i + n, whose[letters[i : i + n]]))
        i += n or 1
    return found


def _topics(posts: pd.DataFrame) -> set[str]:
    """Return the hashtags that a quarter of the posts carry."""
    counts = Counter(Letters(tag).folded for tags in posts["hashtags"] for tag in set(tags))
    return {tag for tag, n in counts.items() if n * 4 >= max(len(posts), 12)}


def _together(folded: str, before: Piece, piece: Piece) -> bool:
    """Tell whether two pieces may be parts of one name: little stands between, and no line end."""
    between = folded[before.end : piece.start]
    return len(between) <= 3 and "\n" not in between


@cache
def _stop_words() -> frozenset[str]:
    return frozenset().union(*(stop_words(lang) for lang in LANGUAGES))


def _runs(text: str) -> list[str]:
    return re.findall(r"[^\W_]+", Letters(text).folded)


def _words(name: str) -> list[str]:
    """List the words of a display name, without titles and what stands beside the name."""
    bare = _BESIDE_NAME.sub(" ", name)
    words = [word for word in _runs(bare) if word not in word_list("titles") and not word.isdigit()]
    return words or _runs(name)[:1]
