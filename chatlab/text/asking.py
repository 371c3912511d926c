"""Who really asks something: questions told from rhetorical ones, tags and slogans."""

from __future__ import annotations

import re

from chatlab.text.patterns import HANDLE, HASHTAG, URL
from chatlab.text.phrases import opens_with, says, whole_phrase

_SENTENCE = re.compile(r"[^.!?…\n]+(?:[.!?…]+|\n|$)[\s\"”»)’']*")
_WORDS = re.compile(r"[^\W_]+(?:['’-][^\W_]+)*")
# A question of so few words is one only when it looks for something: "Any ideas?"
SHORT = 3


def asks_something(text: str) -> bool:
    """Tell whether a post asks something that somebody could answer.

    It does when one of its sentences ends in a question mark and is not rhetorical, or begins
    like a question for others (`does anyone ...`, `y a-t-il ...`) and lost its mark. Rhetorical
    are: tags (`right?`, `vous aussi ?`), other questions of three words or fewer, suppositions
    (`what if ...`), and a question that the post answers itself: a statement follows that begins
    like an answer (`Nobody ...`), or any statement where the question does not look for others'
    knowledge.

    Parameters
    ----------
    text
        The text of a post.
    """
    sentences = _sentences(text)
    for i, sentence in enumerate(sentences):
        following = sentences[i + 1] if i + 1 < len(sentences) else None
        if "?" in sentence:
            if _is_meant(sentence, following):
                return True
        elif opens_with(sentence, "others"):
            return True
    return False


def begins_with_question(text: str) -> bool:
    """Tell whether a text begins with a question mark, meant or not; `Frankly? We ...` does not."""
    first, *rest = _sentences(text) or [""]
    return "?" in first and not (rest and whole_phrase(first, "tag"))


def _sentences(text: str) -> list[str]:
    bare = HASHTAG.sub(" ", HANDLE.sub(" ", URL.sub(" ", text)))
    return [one.strip() for one in _SENTENCE.findall(bare) if _WORDS.search(one)]


def _is_meant(sentence: str, following: str | None) -> bool:
    seeks = says(sentence, "seek") or says(sentence, "others")
    if whole_phrase(sentence, "tag") or opens_with(sentence, "supposing"):
        return False
    if len(_WORDS.findall(sentence)) <= SHORT and not seeks:
        return False
    if following is not None and "?" not in following:
        return seeks and not opens_with(following, "itself")
    return True
