"""Posts as the words that can make a theme, with those they borrow from what they answer."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt
import pandas as pd
import scipy.sparse as sp

from chatlab.chat.parents import parents_of
from chatlab.errors import PostsError
from chatlab.text.asking import asks_something
from chatlab.text.numbering import number_mark
from chatlab.text.patterns import HASHTAG, find_hashtags
from chatlab.text.phrases import says
from chatlab.text.words import WORD_LISTS, base_language, content_words, tokenize, word_key
from chatlab.themes.bags import Bags, bags_of
from chatlab.themes.collocations import Phrases, shared_phrases
from chatlab.themes.persons import person_words

# A hashtag on so many of the posts names the conversation, and no theme in it.
OWN_HASHTAG = 0.15
# So many posts must there be, and in such a share of them a word, for it to tell nothing apart.
ENOUGH_POSTS = 20
EVERYWHERE = 0.5
SMALL_WORD = 0.05
SMALL = 5
# A tag at the end of posts counts as a word if people say it at least half as often in sentences.
SAID = 0.5
# A post that greets or thanks in so few words, and answers nothing, has no theme.
COURTESY = 6


# What may stand after the last sentence, besides hashtags.
_AFTER = re.compile(r"(?:[#\uFF03@]\w|https?://).*|(?:via|cc)\W?|\W{1,20}", re.DOTALL)
# The mark of a question or answer is no word of a theme.
NUMBERED = re.compile(r"^[aqr]\d{1,2}$")


@dataclass(frozen=True)
class Documents:
    """Posts read once for all that looks for themes in them.

    Attributes
    ----------
    index
        The posts' index.
    words
        For each post, the words of its own that can make a theme, as written.
    spoken
        For each post, the words of its sentences in order, and then those of hashtags at its end.
    ending
        For each post, how many words its hashtags at the end have.
    vocabulary
        The keys of words that at least two posts share, in order of the alphabet.
    counts
        One row per post, one column per key.
    parent
        The row of the post that each post answers, or -1.
    original
        The row of the post that each post repeats (a repost, a bridged copy), or -1.
    own
        True for posts in the chat that are no reposts.
    author
        The author of each post, as a number; one who is not known is nobody else.
    persons
        Words that name persons, folded.
    """

    index: pd.Index
    words: list[list[str]]
    spoken: list[list[str]]
    ending: list[int]
    vocabulary: tuple[str, ...]
    counts: sp.csr_matrix
    parent: npt.NDArray[np.int64]
    original: npt.NDArray[np.int64]
    own: npt.NDArray[np.bool_]
    author: npt.NDArray[np.int64]
    persons: frozenset[str]

    @cached_property
    def bags(self) -> Bags:
        """The posts' different texts, with what they borrow."""
        return bags_of(self.words, self.counts, self.parent, self.original, self.index)

    @cached_property
    def first(self) -> npt.NDArray[np.int64]:
        """For each different text, the place of the first post with it; of no repost if it can."""
        row = self.bags.row.to_numpy()
        order = np.lexsort((np.arange(len(row)), ~self.own))
        order = order[row[order] >= 0]
        rows, at = np.unique(row[order], return_index=True)
        first = np.empty(len(rows), dtype=np.int64)
        first[rows] = order[at]
        return first

    @cached_property
    def phrases(self) -> Phrases:
        """The phrases of the different texts."""
        texts, content = [], []
        unsaid = self._only_tags
        for post in self.first:
            texts.append(self.spoken[post])
            content.append(set(self.words[post]) - unsaid)
        _names, author = np.unique(self.author[self.first], return_inverse=True)
        return shared_phrases(texts, content, author)

    @cached_property
    def _only_tags(self) -> frozenset[str]:
        """Words of hashtags at the end of posts that people hardly say in sentences.

        Such a tag names an audience (`#edutwitter`): posts that share it need not share a subject.
        """
        said: Counter[str] = Counter()
        tagged: Counter[str] = Counter()
        for post in self.first:
            words = self.spoken[post]
            end = len(words) - self.ending[post]
            said.update(set(words[:end]))
            tagged.update(set(words[end:]))
        return frozenset(word for word, n in tagged.items() if said[word] < SAID * n)

    def of(self, posts: pd.DataFrame | pd.Series) -> Documents:
        """Return the same of a part of the posts, in the order in which they are given."""
        if posts.index.equals(self.index):
            return self
        rows = self.index.get_indexer(posts.index)
        if (rows < 0).any():
            raise PostsError(
                "`documents` do not hold all of `posts`. Read them from these posts, or from all "
                "of which these are a part: `read_documents(posts)`."
            )
        place = np.full(len(self.index) + 1, -1)
        place[rows] = np.arange(len(rows))
        return Documents(
            posts.index,
            [self.words[row] for row in rows],
            [self.spoken[row] for row in rows],
            [self.ending[row] for row in rows],
            self.vocabulary,
            self.counts[rows],
            place[self.parent[rows]],
            place[self.original[rows]],
            self.own[rows],
            self.author[rows],
            self.persons,
        )


def read_documents(
    posts: pd.DataFrame | pd.Series,
    *,
    questions: pd.DataFrame | None = None,
    answers: pd.DataFrame | None = None,
    vocabulary: Sequence[str] | None = None,
) -> Documents:
    """Read posts for their themes, once for all functions that take `documents`.

    The chat's hashtag, marks of questions and answers, stop words, and short posts that greet or
    thank give no words. A post borrows words from what it answers.

    Parameters
    ----------
    posts
        A posts table, or a Series of texts.
    questions, answers
        From `find_questions` and `match_answers`: most answers in a moderated chat are no replies.
        Where neither is given, they are looked for in these posts alone.
    vocabulary
        Keys of words to count; without it, those that at least two posts share.

    Returns
    -------
    Documents
        What `find_themes`, `theme_table` and others take; `of(posts)` is the same of a part.
    """
    words, spoken, ending = _spoken_and_own(posts)
    keys = vocabulary_of(words) if vocabulary is None else vocabulary
    parent = original = np.full(len(words), -1)
    own = np.ones(len(words), dtype=np.bool_)
    author = np.arange(len(words))
    texts = (posts if isinstance(posts, pd.Series) else posts["text"]).dropna().astype(str)
    account_names: Iterable[str] = ()
    if isinstance(posts, pd.DataFrame):
        parent = parents_of(posts, questions=questions, answers=answers)
        original = _originals(posts)
        own = (posts["in_chat"] & posts["kind"].ne("repost")).to_numpy(dtype=np.bool_)
        known = pd.factorize(posts["author_id"])[0]
        author = np.where(known >= 0, known, len(words) + author)
        account_names = posts["author_name"].dropna().unique()
    counts = count_words(words, keys)
    persons = person_words(texts, account_names)
    return Documents(
        posts.index,
        words,
        spoken,
        ending,
        tuple(keys),
        counts,
        parent,
        original,
        own,
        author,
        persons,
    )


def documents_of(posts: pd.DataFrame | pd.Series, documents: Documents | None) -> Documents:
    """Return what was read of these posts, or read them now."""
    return read_documents(posts) if documents is None else documents.of(posts)


def _originals(posts: pd.DataFrame) -> npt.NDArray[np.int64]:
    place = pd.Series(np.arange(len(posts)), index=posts.index)
    original = np.full(len(posts), -1)
    for name in ("copy_of", "repost_of"):
        found = place.reindex(posts[name]).to_numpy().astype(float)
        known = ~np.isnan(found)
        original[known] = found[known].astype(np.int64)
    return original


def own_words(posts: pd.DataFrame | pd.Series) -> list[list[str]]:
    """List what each post says itself, as written: no stop words, hashtag of the chat, courtesy."""
    return _spoken_and_own(posts)[0]


def _spoken_and_own(
    posts: pd.DataFrame | pd.Series,
) -> tuple[list[list[str]], list[list[str]], list[int]]:
    if isinstance(posts, pd.Series):
        texts = posts
        langs: list[str | None] = [None] * len(posts)
    else:
        texts = posts["text"]
        langs = [lang if isinstance(lang, str) else None for lang in posts["lang"]]
    plain = ["" if pd.isna(text) else str(text) for text in texts]
    tags = [find_hashtags(text) for text in plain]
    counts = Counter(tag for some in tags for tag in some)
    common = {tag for tag, n in counts.items() if n > max(2, OWN_HASHTAG * len(plain))}
    told, spoken, ending = [], [], []
    for text, some, lang in zip(plain, tags, langs, strict=True):
        if common.intersection(some):
            text = re.sub(r"[#\uFF03]\w+", lambda tag: _kept(tag[0], common), text)
        sentences, tags_at_the_end = _parted(text)
        spoken.append(tokenize(sentences) + tokenize(tags_at_the_end))
        ending.append(len(tokenize(tags_at_the_end)))
        words = content_words(spoken[-1], lang)
        told.append([w for w in words if w not in common and not NUMBERED.match(w)])
    if isinstance(posts, pd.DataFrame):
        linked = (posts["reply_to"].notna() | posts["quote_of"].notna()).tolist()
        told = [
            [] if not link and len(some) <= COURTESY and _is_courtesy(text) else some
            for link, some, text in zip(linked, told, plain, strict=True)
        ]
    return _without_common_words(told, langs), spoken, ending


def _parted(text: str) -> tuple[str, str]:
    """Part a text into its sentences and the hashtags after them."""
    words = text.split()
    end = len(words)
    while end and _AFTER.fullmatch(words[end - 1]):
        end -= 1
    tags = HASHTAG.findall(" ".join(words[end:]))
    return " ".join(words[:end]), " ".join(f"#{tag}" for tag in tags)


def _is_courtesy(text: str) -> bool:
    """Tell whether a text greets or thanks, and neither asks nor answers a question."""
    courteous = says(text, "greet") or says(text, "thanks")
    return courteous and number_mark(text) is None and not asks_something(text)


def _without_common_words(told: list[list[str]], langs: Sequence[str | None]) -> list[list[str]]:
    """Leave out words that tell nothing apart: a search's own word, and small words.

    A word in half of the posts is what the search asked for. In a language without a list of stop
    words, short words in a twentieth of its posts stand in for one.
    """
    everywhere = _frequent(told, EVERYWHERE)
    kept = [[word for word in words if word not in everywhere] for words in told]
    codes = [base_language(lang) for lang in langs]
    for code in sorted(set(codes) - {"", *WORD_LISTS}):
        rows = [i for i, one in enumerate(codes) if one == code]
        small = {w for w in _frequent([kept[i] for i in rows], SMALL_WORD) if len(w) <= SMALL}
        for i in rows:
            kept[i] = [word for word in kept[i] if word not in small]
    return kept


def _frequent(told: Sequence[Sequence[str]], share: float) -> set[str]:
    if len(told) < ENOUGH_POSTS:
        return set()
    counts = Counter(word for words in told for word in set(words))
    return {word for word, n in counts.items() if n > share * len(told)}


def _kept(tag: str, common: set[str]) -> str:
    return " " if tag[1:].casefold() in common else tag


def vocabulary_of(words: Sequence[Sequence[str]]) -> list[str]:
    """List the keys of words that at least two texts share, in order of the alphabet."""
    counts = Counter(key for some in words for key in {word_key(word) for word in some})
    return sorted(key for key, n in counts.items() if n > 1)


def count_words(words: Sequence[Sequence[str]], vocabulary: Sequence[str]) -> sp.csr_matrix:
    """Count words by text."""
    column = {key: i for i, key in enumerate(vocabulary)}
    columns: list[int] = []
    starts = [0]
    for some in words:
        columns += [column[key] for key in map(word_key, some) if key in column]
        starts.append(len(columns))
    shape = (len(words), len(vocabulary))
    counts = sp.csr_matrix((np.ones(len(columns)), columns, starts), shape=shape)
    counts.sum_duplicates()
    return counts
