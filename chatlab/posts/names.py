"""Finding and replacing whoever is named: in texts, hashtags and links."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cached_property
from itertools import pairwise
from urllib.parse import unquote

from chatlab.posts.name_forms import Found, forms_of_name, together, within
from chatlab.posts.name_ways import (
    BEGINNING,
    MIN_BARE,
    MIN_GLUED,
    MIN_INSIDE,
    Way,
    Ways,
    unimportant_words,
)
from chatlab.text.addresses import addresses, has_mail, is_profile
from chatlab.text.folding import UNSPACED, Letters, Piece, squeezed
from chatlab.text.words import word_list

REMOVED = "[…]"
_MOST_PIECES = 8


class People(Ways):
    """Who is named how, found in texts and links, and replaced."""

    @cached_property
    def _inside(self) -> dict[str, list[tuple[int, int, str]]]:
        """Keep what was found in runs of letters."""
        return {}

    @cached_property
    def _tags(self) -> dict[str, str | None]:
        """Keep who was found in hashtags."""
        return {}

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
                cut = folded[end : end + 3].startswith(("…", "..."))
                told = whole(self._cut_short(handle) if cut else handle)
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

    def _cut_short(self, handle: str) -> str:
        """Return the handle of whom one that a cut text ends with begins: `@cam_dubr…`."""
        whole = [one for one in self._handles if one.startswith(handle)]
        return whole[0] if self._only is not None and len(handle) >= 5 and whole else handle

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
        for n in range(MIN_INSIDE, len(whole)):
            for word in (whole[:n], whole[-n:]):
                if word in self._alone:
                    return self._alone[word]
        if inside := self._unspaced_in(whole, {}):
            return inside[0][2]
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
        # A link within a link is written twice over.
        plain = Letters(unquote(unquote(unquote(link)))).folded
        if (strangers and is_profile(plain)) or has_mail(plain):
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
        letters = Letters(address)
        pieces = letters.pieces(0, len(letters.folded))
        for i, piece in enumerate(pieces):
            if piece.letters in self._alone and len(piece.letters) >= MIN_BARE:
                return True
            if self._name_at(pieces, i, letters.folded, {}, tag=True)[0] > 1:
                return True
        bare = squeezed(address)
        return bool(self._inside_of(bare) or self._unspaced_in(bare, {}))

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
            told = self._doubtful if piece.capital or piece.letters in self._rare else self._alone
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
            if n > 1 and not together(folded, pieces[i + n - 2], piece):
                break
            letters += piece.letters
            if len(letters) >= BEGINNING and letters[:BEGINNING] not in self._beginnings:
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
        small_word = len(piece.letters) < MIN_BARE and piece.letters in unimportant_words()
        meant = piece.capital and not small_word
        if piece.letters in near and (meant or piece.letters not in self._ordinary):
            return 1, near[piece.letters]
        around = folded[max(0, piece.start - 1) : piece.start] + folded[piece.end : piece.end + 1]
        apart = tag or not any(sign.isalpha() for sign in around)
        if apart and piece.letters in self._plain_names:
            return 1, self._alone[piece.letters]
        if piece.capital and apart:
            for form in forms_of_name(piece.letters):
                if form in self._alone:
                    return 1, self._alone[form]
                if form in near:
                    return 1, near[form]
        return 0, ""

    def _is_meant(self, way: Way, pieces: list[Piece], near: Mapping[str, str], tag: bool) -> bool:
        """Tell whether pieces that spell a name also read as one."""
        ends, at = set(), 0
        blanks = set()
        for before, piece in pairwise(pieces):
            at += len(before.letters)
            ends.add(at)
            if piece.blank_before:
                blanks.add(at)
        # A blank within a word of the name is no way to write it: `tom ate` is no Tomate.
        if not blanks <= way.cuts and not UNSPACED.search(pieces[0].letters):
            return False
        capital = all(piece.capital for piece in pieces)
        known = all(word in self._ordinary for word in way.words)
        if tag and known:
            return False
        if way.kind == "initial" or len("".join(way.words)) <= MIN_BARE:
            return capital and ends >= way.cuts
        if way.kind == "word":
            return (capital or way.person in near.values()) and not known
        if way.kind == "handle":
            # `chat` may be somebody's handle; only one that could be no plain word counts.
            distinct = len(way.words) > 1 or any(sign.isdigit() for sign in "".join(way.words))
            long = len("".join(way.words)) > 9
            rare = len(way.words[0]) >= MIN_INSIDE and way.words[0] in self._rare
            told = self._only is not None or distinct or long or pieces[0].capital or rare
            return told and (capital or rare or not known)
        return capital or not known

    def _inside_of(self, letters: str) -> list[tuple[int, int, str]]:
        """Find full names within letters without a break: where, and whose."""
        if len(letters) < MIN_GLUED or not self._lengths:
            return []
        if letters not in self._inside:
            self._inside[letters] = within(letters, self._glued, self._lengths)
        return self._inside[letters]

    def _unspaced_in(self, letters: str, near: Mapping[str, str]) -> list[tuple[int, int, str]]:
        """Find names within a run of a script without blanks; a single sign only when near."""
        if not UNSPACED.search(letters):
            return []
        whose = self._unspaced | {name: one for name, one in near.items() if UNSPACED.search(name)}
        return within(letters, whose, sorted({len(name) for name in whose}))
