"""Names of products and services that people really use."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import pandas as pd

from chatlab.text.folding import folded
from chatlab.text.patterns import HANDLE, HASHTAG, URL
from chatlab.text.words import LANGUAGES, stop_words, word_list
from chatlab.themes.persons import person_words

# So many posts of so many people must name it, and so many people must say that they use it.
POSTS, PEOPLE, USERS = 4, 3, 2
# Of the uses of its name so many are written with a capital.
CAPITAL = 0.8
_NETWORKS = {"x": "twitter", "mastodon": "mastodon", "bluesky": "bluesky"}
_DEGREES = frozenset({"PhD", "MSc", "BSc", "PhDs", "Dr", "Prof"})
_NAME = r"[A-Z][\w+-]{1,30}(?: [A-Z][\w+-]{1,30})?"
_USE = (
    r"(?:us(?:e|es|ed|ing)|try|tried|trying|install(?:ed|ing)?|buy|bought|subscrib\w{1,4} to"
    r"|switch(?:ed|ing)? (?:to|from)|mov(?:e|ed|ing) (?:to|from)|migrat\w{1,4} (?:to|from)"
    r"|recommend(?:ed)?|built (?:with|in|on)|made (?:with|in)|powered by|works? with"
    r"|log(?:ged)? in(?:to)?"
    r"|utilis\w{1,6}|essay\w{1,4}|install\w{1,5}|achet\w{1,4}|pass\w{1,3} (?:a|sur|chez)"
    r"|abonn\w{1,4} a|quitt\w{1,4}|recommand\w{1,4}|test\w{1,4}|fait (?:avec|sur)|connect\w{1,4} a)"
)
_ARTICLE = "(?: (?:the|a|my|our|le|la|les|un|une|mon|notre))?"
_USED = re.compile(rf"\b(?i:{_USE}{_ARTICLE}) ({_NAME})")
_CAPITAL_WORD = re.compile(rf"(?<![.!?:] )(?<!^)\b{_NAME}")
_COINED = re.compile(r"\b(?:[A-Z][a-z]{1,20}|[a-z]{1,3})(?:[A-Z][a-z]{0,20}){1,3}\b")


@dataclass
class _Uses:
    posts: set[int] = field(default_factory=set)
    people: set[object] = field(default_factory=set)
    users: set[object] = field(default_factory=set)


def product_names(said: pd.DataFrame) -> list[str]:
    """Find the names of products that several people use.

    A name is written with a capital, by three people in four posts, and two of them say that they
    use it (`we use X`, `switched to X`). Persons' names, handles,
    hashtags and links are none, and neither is the network that people write on.

    Parameters
    ----------
    said
        A posts table, reposts left out.
    """
    texts = [_bare(str(text)) for text in said["text"]]
    names = said["author_name"].dropna().unique()
    persons = person_words(said["text"].dropna().astype(str), names)
    own = {word for name in names for word in str(name).split()}
    stops = set().union(*(stop_words(lang) | word_list(f"everyday_{lang}") for lang in LANGUAGES))
    networks = {_NETWORKS.get(platform) for platform in said["platform"].unique()}
    uses: dict[str, _Uses] = {}
    for i, (text, author) in enumerate(zip(texts, said["author_id"], strict=True)):
        plain = folded(text)
        for match in _USED.finditer(plain):
            uses.setdefault(match[1], _Uses()).users.add(author)
        for name in {*_CAPITAL_WORD.findall(plain), *_COINED.findall(plain)} - own:
            use = uses.setdefault(name, _Uses())
            use.posts.add(i)
            use.people.add(author)
    found = [
        name
        for name, use in uses.items()
        if len(use.posts) >= POSTS
        and len(use.people) >= PEOPLE
        and len(use.users) >= USERS
        and name.casefold() not in networks
        and name not in _DEGREES
        and not any(word in stops or word in persons for word in name.casefold().split())
    ]
    small = Counter(word for text in texts for word in _small_words(text))
    return sorted(name for name in found if _is_capital(uses[name], small[name.casefold()]))


def _is_capital(use: _Uses, small: int) -> bool:
    return len(use.posts) >= CAPITAL * (len(use.posts) + small)


def _bare(text: str) -> str:
    return HASHTAG.sub(" ", HANDLE.sub(" ", URL.sub(" ", text)))


def _small_words(text: str) -> Iterable[str]:
    return {word for word in re.findall(r"\w+", folded(text)) if word.islower()}


def named_products(text: str, names: Sequence[str]) -> list[str]:
    """List those of some names that stand in a text."""
    plain = folded(_bare(text))
    lowered = plain.casefold()
    return [
        name
        for name in names
        if folded(name).casefold() in lowered
        and re.search(rf"(?<!\w){re.escape(folded(name))}(?!\w)", plain, re.IGNORECASE)
    ]
