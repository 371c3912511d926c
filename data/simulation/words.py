"""The sentences of the simulated chat, and what hurried thumbs do to them."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np

FRAMES = Path(__file__).parent / "frames"


def read_frames(lang: str) -> dict[str, list[tuple[str, str]]]:
    """Read the sentences of a language: section to (letter, sentence)."""
    sections: dict[str, list[tuple[str, str]]] = {}
    for line in (FRAMES / f"{lang}.txt").read_text(encoding="utf-8").splitlines():
        if line.startswith("["):
            sections[line.strip("[]")] = current = []
        elif line and not line.startswith("#"):
            current.append((line[0], line[2:]))
    return sections


def read_questions() -> dict[int, list[tuple[str, str, str]]]:
    """Read the host's questions: edition of the story to (theme, French, English)."""
    found: dict[int, list[tuple[str, str, str]]] = {}
    for line in (FRAMES / "questions.txt").read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            edition, theme, french, english = line.split("|")
            found.setdefault(int(edition), []).append((theme, french, english))
    return found


def without_accents(text: str) -> str:
    """Take the accents off, as a hurried thumb does."""
    pairs = str.maketrans("àâäéèêëîïôöùûüçÉÈÀ", "aaaeeeeiioouuucEEA")
    return text.translate(pairs)


def with_slip(text: str, rng: np.random.Generator) -> str:
    """Swap two letters of one word."""
    words = text.split(" ")
    i = int(rng.integers(len(words)))
    word = words[i]
    if len(word) > 4 and word.isalpha():
        words[i] = word[:2] + word[3] + word[2] + word[4:]
    return " ".join(words)


def continued(sentence: str) -> str:
    """Let a sentence follow an opening; names and figures keep their capitals."""
    first = sentence.split(" ", 1)[0]
    small = {
        "On",
        "Le",
        "La",
        "Les",
        "Un",
        "Une",
        "Il",
        "The",
        "We",
        "A",
        "My",
        "Two",
        "They",
        "Deux",
        "Je",
        "Personne",
        "Nobody",
        "Payer",
        "No",
        "Chaque",
        "Each",
        "Every",
        "Mon",
    }
    return sentence[0].lower() + sentence[1:] if first in small else sentence


_STOP = frozenset(
    [
        "crowdwork",
        "faudrait",
        "franchement",
        "honnêtement",
        "honestly",
        "frankly",
        "convaincu",
        "exactement",
        "premières",
        "instead",
        "together",
        "merci",
        "avoir",
        "toujours",
        "jamais",
        "quand",
        "comme",
        "pour",
        "dans",
        "avec",
        "cette",
        "cela",
        "même",
        "plus",
        "that",
        "this",
        "with",
        "from",
        "have",
        "they",
        "their",
        "there",
        "never",
        "always",
        "which",
        "where",
        "would",
        "your",
        "about",
        "rien",
        "tout",
        "tous",
        "toute",
        "toutes",
        "chez",
        "sans",
        "nous",
        "vous",
        "elle",
        "ceux",
        "celui",
        "être",
        "faire",
    ]
)


def telling_word(text: str) -> str:
    """Choose a word of a post that an answer can quote: the longest that says something."""
    words = _telling(text)
    return max(words, key=len).casefold() if words else "?"


def telling_words(text: str) -> list[str]:
    """Choose two words of a post, the longest."""
    words = sorted(_telling(text), key=len, reverse=True)
    return [word.casefold() for word in [*words, "?", "?"][:2]]


def _telling(text: str) -> list[str]:
    body = re.sub(r"[@#]\S+", " ", text)
    return [w for w in re.findall(r"[^\W\d_]{4,}", body) if w.casefold() not in _STOP]
