"""Words of a text: tokens, stop words, and the language of posts that do not say theirs."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from pathlib import Path

from chatlab.text.patterns import HANDLE, HASHTAG, URL, clean_text, without_accents

_LISTS = Path(__file__).parent / "lists"
# The languages in which chatlab reads what people mean, and those whose small words it knows.
LANGUAGES = ("en", "fr")
WORD_LISTS = (*LANGUAGES, "de", "es", "it", "nl", "pt")
# What X writes where it knows no language.
_NO_LANGUAGE = {"und", "zxx", "qam", "qct", "qht", "qme", "qst", "art"}
# Letters, with an apostrophe or a hyphen inside; digits only beside letters (`web3`, `covid19`).
_WORD = re.compile(r"(?<![^\W_])(?=\d*+[^\W\d_])[^\W_]++(?:['’-](?=\d*+[^\W\d_])[^\W_]++)*+")
_ELISION = re.compile(r"^(?:[cdjlmnst]|qu|jusqu|lorsqu|puisqu|quoiqu)['’](?=\w)")
_POSSESSIVE = re.compile(r"['’]s?$")
_PSEUDONYM = re.compile(r"[@#]?\bperson-[0-9a-f]{10}\b")
_WHOLE = frozenset({"aujourd'hui"})
_HUMP = re.compile(r"(?<=[^\W\d_A-ZÀ-Þ])(?=[A-ZÀ-Þ])")
# What cutting a post short leaves of a link: `https://t…`, `htt…`.
_CUT_LINK = re.compile(r"(?<!\w)(?:https?|htt?)(?::/{0,2}[^\s…]{0,40})?…")
# Links that people or platforms write without their beginning: `pic.twitter.com/x`.
_BARE_LINK = re.compile(
    r"(?<![\w.@-])(?:[\w-]{1,40}\.){1,4}(?:com|org|net|edu|gov|io|co|ly|fr|uk|de|eu|be|ch|ca|me|be)"
    r"(?![\w-])(?:/[^\s…]{0,200})?"
)
# Chinese, Japanese kana, Thai, Lao, Khmer and Burmese put no blanks between words.
_UNSPACED = re.compile("[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff]+")


def tokenize(text: str) -> list[str]:
    """List the words of a text, casefolded, in order.

    Links, handles, pseudonyms, bare numbers and punctuation are left out; a hashtag gives its words
    (`#MarketResearch` gives two). French elisions lose their article (`l'outil` gives `outil`),
    English words their possessive. Scripts without blanks are cut into overlapping pairs of
    characters. Stop words stay: see `stop_words`.

    Parameters
    ----------
    text
        Any text.

    Returns
    -------
    list of str
        Words as written, but casefolded; accents stay.

    Examples
    --------
    >>> tokenize("L'IA aujourd'hui, c'est Anna's #MarketResearch @bob https://t.co/x")
    ['ia', "aujourd'hui", 'est', 'anna', 'market', 'research']
    """
    named = HANDLE.sub(
        " ", _PSEUDONYM.sub(" ", _BARE_LINK.sub(" ", _CUT_LINK.sub(" ", URL.sub(" ", text))))
    )
    bare = HASHTAG.sub(lambda tag: " " + _HUMP.sub(" ", tag[1]) + " ", named)
    words = []
    for word in _WORD.findall(clean_text(bare).replace("’", "'")):
        if _UNSPACED.search(word):
            words += _pairs(word)
            continue
        plain = word.casefold()
        words.append(plain if plain in _WHOLE else _POSSESSIVE.sub("", _ELISION.sub("", plain)))
    return [word for word in words if word]


def _pairs(word: str) -> list[str]:
    pieces = []
    for run in _UNSPACED.findall(word):
        pieces += [run[i : i + 2] for i in range(len(run) - 1)] or [run]
    return pieces + [word.casefold() for word in _UNSPACED.split(word) if word]


def base_language(lang: object) -> str:
    """Return the language of a tag, `en` for `en-GB`; empty where it is missing."""
    return lang.split("-")[0].casefold() if isinstance(lang, str) else ""


def stop_words(lang: str) -> frozenset[str]:
    """Return the words of a language that carry no theme; empty where there is no list.

    Function words, greetings, thanks, and the chatter of chats (`rt`, `tweet`). The lists are
    text files in `chatlab/words`.

    Parameters
    ----------
    lang
        `"en"`, `"fr"`, `"de"`, `"es"`, `"it"`, `"nl"` or `"pt"`; others have no list.
    """
    code = base_language(lang)
    return word_list(code) if code in WORD_LISTS else frozenset()


def likely_language(lang: object, text: object) -> str:
    """Return the language of a text: its tag's, or what most of its small words belong to.

    More of them than the tag's language has count against the tag. Empty where there is neither.
    Tags that say nothing (`und`, `qme`, `zxx`) count as missing.
    """
    told = base_language(lang)
    told = "" if told in _NO_LANGUAGE else told
    words = tokenize(text) if isinstance(text, str) else []
    hits = _on_lists(words)
    best = max(hits, key=lambda one: hits[one])
    # Platforms guess languages, and guess wrong.
    return best if hits[best] >= 2 and hits[best] > hits.get(told, 1) else told


def _on_lists(words: Sequence[str]) -> dict[str, int]:
    """Count the words of a text that stand on each language's list."""
    lists = {one: stop_words(one) for one in WORD_LISTS}
    return {one: sum(word in listed for word in words) for one, listed in lists.items()}


@cache
def word_list(name: str) -> frozenset[str]:
    """Return the words of a list in `chatlab/words`; lines that begin with `#` are comments."""
    lines = (_LISTS / f"{name}.txt").read_text(encoding="utf-8").splitlines()
    return frozenset(" ".join(line for line in lines if not line.startswith("#")).split())


@cache
def word_key(word: str) -> str:
    """Return what two spellings of one word share: no accents, no plural, no French feminine.

    Accents are often missing in posts. The plural rule is the weak one of Harman (1991), which
    also fits French: a final s or x goes, unless the word is short or ends in ss, us or is. A
    final ée is the feminine of é.
    """
    plain = without_accents(word)
    if plain.endswith("aux") and len(plain) > 5:
        return plain[:-3] + "al"
    if len(plain) > 3 and plain[-1] in "sx" and plain[-2] not in "sui":
        if plain.endswith("ies") and len(plain) > 4:
            return plain[:-3] + "y"
        plain = plain[:-1]
    return plain[:-1] if plain.endswith("ee") and len(plain) > 4 else plain


def content_words(words: Sequence[str], lang: str | None = None) -> list[str]:
    """Leave out a text's stop words and single letters.

    The list of the language counts, and that of another language if more of the words stand on
    it: platforms guess languages, and guess wrong. Without a language that has a list, the list
    with most of the words counts, so that `car` stays in English and goes in French; both count
    where neither stands out.
    """
    own = base_language(lang)
    hits = _on_lists(words)
    # Small words are alike in many languages: others must have more of them to count at all.
    read = max(hits[one] for one in LANGUAGES)
    rival = {one: n for one, n in hits.items() if one in LANGUAGES or n > read}
    best = max(rival.values())
    lists = [one for one in WORD_LISTS if one == own or rival.get(one) == best > hits.get(own, -1)]
    stops = frozenset().union(*(stop_words(one) for one in lists))
    return [word for word in words if word not in stops and len(word) > 1]
