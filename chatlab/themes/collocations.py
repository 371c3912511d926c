"""Phrases of one to three words that several posts of a conversation share."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache, cached_property

import numpy as np
import numpy.typing as npt
import scipy.sparse as sp

from chatlab.text.words import LANGUAGES, word_key, word_list
from chatlab.themes.vectors import Labels, Rows

Key = tuple[str, ...]

LONGEST = 3
# Shorter words are initials and abbreviations, but for some.
SHORTEST = 3
_SHORT_SUBJECTS = frozenset({"ai", "ia", "tv", "hr", "rh", "vr", "eu", "uk", "us", "ue"})
# The tag of an event and its year names the event.
_EVENT = re.compile(r"^[^\W\d_]{2,40}(?:20)?\d\d$")
# `travail de nuit`, `cost of living`, `terms and conditions`: phrases with small words inside.
_JOINING = frozenset({"of", "and", "the", "de", "du", "des", "la", "le", "et", "à", "en", "in"})
_MOST_JOINING = 2
# A phrase of several words stands in so many texts of so many people, and so many times more
# often than its parts would meet by chance.
TEXTS, PEOPLE, BEYOND_CHANCE = 3, 2, 4.0
# A phrase that mostly stands inside a longer one says less than that one.
INSIDE = 0.6


@dataclass(frozen=True)
class Phrases:
    """The phrases of different texts.

    Attributes
    ----------
    keys
        Each phrase as the keys of its words, in order of the alphabet.
    names
        The phrases in the spelling that most texts have.
    held
        One row per text, one column per phrase: 1 where the text has it.
    author
        The author of each text, as a number from 0.
    """

    keys: tuple[Key, ...]
    names: tuple[str, ...]
    held: sp.csr_matrix
    author: Labels

    @cached_property
    def lengths(self) -> Labels:
        """How many words each phrase has."""
        return np.array([len(key) for key in self.keys], dtype=np.int64)

    @cached_property
    def texts(self) -> Rows:
        """In how many texts each phrase stands."""
        return np.asarray(self.held.sum(axis=0)).ravel()

    @cached_property
    def everyday(self) -> npt.NDArray[np.bool_]:
        """True for words of every conversation, which alone tell no subject."""
        return np.array([len(key) == 1 and _is_everyday(key[0]) for key in self.keys], dtype=bool)

    @cached_property
    def whole(self) -> npt.NDArray[np.bool_]:
        """False for a phrase that mostly stands inside a longer one."""
        column = {key: i for i, key in enumerate(self.keys)}
        inside = np.zeros(len(self.keys))
        for key, n in zip(self.keys, self.texts, strict=True):
            for part in _parts(key):
                if part in column:
                    inside[column[part]] = max(inside[column[part]], n)
        return inside < INSIDE * self.texts

    def sharing_a_word(self, column: int) -> npt.NDArray[np.bool_]:
        """Tell which phrases share a word with one of them."""
        own = set(self.keys[column])
        return np.array([not own.isdisjoint(key) for key in self.keys], dtype=np.bool_)

    def people(self, chosen: npt.NDArray[np.bool_]) -> Rows:
        """Count the people who use each phrase in the chosen texts."""
        rows = np.flatnonzero(chosen)
        names, place = np.unique(self.author[rows], return_inverse=True)
        shape = (len(names), len(rows))
        by_person = sp.csr_matrix((np.ones(len(rows)), (place, np.arange(len(rows)))), shape=shape)
        return np.asarray(((by_person @ self.held[rows]) > 0).sum(axis=0)).ravel()

    def of(self, texts: Labels) -> Phrases:
        """Return the phrases of some of the texts."""
        return replace(self, held=self.held[texts], author=self.author[texts])


def shared_phrases(
    texts: Sequence[Sequence[str]], content: Sequence[Collection[str]], author: Labels
) -> Phrases:
    """Find the words, and the phrases of two and three words, that texts share.

    Parameters
    ----------
    texts
        The words of each text in order, stop words too.
    content
        The words of each text that can make a theme.
    author
        The author of each text, as a number.
    """
    spellings: dict[Key, Counter[str]] = {}
    people: dict[Key, set[int]] = {}
    found: list[list[Key]] = []
    for words, own, who in zip(texts, content, author.tolist(), strict=True):
        told = dict(_phrases_in(words, set(own)))
        found.append([*told])
        for key, spelling in told.items():
            spellings.setdefault(key, Counter())[spelling] += 1
            people.setdefault(key, set()).add(who)
    times = {key: some.total() for key, some in spellings.items()}
    kept = sorted(
        key
        for key, n in times.items()
        if n > 1 and (len(key) == 1 or _is_phrase(key, times, len(people[key]), len(texts)))
    )
    column = {key: i for i, key in enumerate(kept)}
    columns = [[column[key] for key in some if key in column] for some in found]
    starts = np.cumsum([0, *map(len, columns)])
    flat = np.array([one for some in columns for one in some], dtype=np.int64)
    held = sp.csr_matrix((np.ones(len(flat)), flat, starts), shape=(len(texts), len(kept)))
    held.sort_indices()
    names = [min(spellings[key], key=lambda one: (-spellings[key][one], one)) for key in kept]
    return Phrases(tuple(kept), tuple(names), held, author)


def _phrases_in(words: Sequence[str], content: Collection[str]) -> Iterator[tuple[Key, str]]:
    """Yield the phrases of a text and their spelling; the first spelling of each comes last."""
    for start in reversed(range(len(words))):
        if words[start] not in content:
            continue
        key: Key = ()
        joining = 0
        for end in range(start, len(words)):
            if words[end] in content:
                key, joining = (*key, word_key(words[end])), 0
                if len(set(key)) < len(key):
                    break
                yield key, " ".join(words[start : end + 1])
                if len(key) == LONGEST:
                    break
            elif words[end] in _JOINING and joining < _MOST_JOINING:
                joining += 1
            else:
                break


def _is_phrase(key: Key, times: Mapping[Key, int], people: int, n_texts: int) -> bool:
    if times[key] < TEXTS or people < PEOPLE:
        return False
    splits = [(key[:cut], key[cut:]) for cut in range(1, len(key))]
    by_chance = min(times[left] * times.get(right, 0) for left, right in splits) / n_texts
    return times[key] >= BEYOND_CHANCE * by_chance


def _is_everyday(word: str) -> bool:
    short = len(word) < SHORTEST and word.isalpha() and word not in _SHORT_SUBJECTS
    return short or word in everyday_keys() or _EVENT.match(word) is not None


@cache
def everyday_keys() -> frozenset[str]:
    """Return the keys of words that stand in every conversation."""
    return frozenset(word_key(word) for one in LANGUAGES for word in word_list(f"everyday_{one}"))


def _parts(key: Key) -> list[Key]:
    sizes = range(1, len(key))
    return [key[i : i + size] for size in sizes for i in range(len(key) - size + 1)]
