"""Words that are persons' names in a conversation: they name no theme."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable

from chatlab.text.patterns import HANDLE, URL, without_accents
from chatlab.text.words import word_list

_WORD = re.compile(r"[^\W\d_]{2,}")
# A name is written with a capital in nearly all of its uses...
CAPITAL = 0.8
# ...and a family name mostly follows a first name.
AFTER_A_FIRST_NAME = 0.6
LONGEST_NAME = 4


def person_words(texts: Iterable[str], account_names: Iterable[str]) -> frozenset[str]:
    """Find the words of texts that name persons, folded.

    They are common first names, what mostly follows one, and the words of accounts that are called
    like persons; unless people write them without a capital. `Open Data Institute` is no person.

    Parameters
    ----------
    texts
        The posts' texts.
    account_names
        The names that accounts display.
    """
    first_names = word_list("first_names")
    called = set(first_names)
    for name in account_names:
        words = [_plain(word) for word in _WORD.findall(name)]
        if 2 <= len(words) <= LONGEST_NAME and words[0] in first_names:
            called.update(words)
    uses: Counter[str] = Counter()
    capital: Counter[str] = Counter()
    after: Counter[str] = Counter()
    for text in texts:
        before = ""
        for word in _WORD.findall(HANDLE.sub(" . ", URL.sub(" ", text))):
            plain = _plain(word)
            uses[plain] += 1
            if word[0].isupper():
                capital[plain] += 1
                after[plain] += before in first_names
                before = plain
            else:
                before = ""
    return frozenset(
        word
        for word, n in uses.items()
        if capital[word] >= CAPITAL * n
        and (word in called or after[word] >= AFTER_A_FIRST_NAME * n)
    )


def _plain(word: str) -> str:
    return without_accents(word).casefold()
