"""Reading texts: HTML to plain text, and the hashtags, handles and links inside."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

from chatlab.text.html import unescape_text

HASHTAG = re.compile(r"(?<![\w&/])[#\uFF03](\w*[^\W\d_]\w*)")
HANDLE = re.compile(r"(?<![\w@/])@([A-Za-z0-9_]+(?:@[\w-]+(?:\.[\w-]+)+|(?:[.-][\w-]+)+)?)")
URL = re.compile(r"https?://[^\s<>\"]+[^\s<>\".,;:!?'’)\]»…]")
# By hand some leave the colon out.
REPOST_PREFIX = re.compile(r"^RT @(\w+)(?::\s*|\s+)")
_SPACES = re.compile(r"[^\S\n]+")


def clean_text(text: str) -> str:
    r"""Fold a text to one comparable line.

    Parameters
    ----------
    text
        Any text; HTML is not removed here.

    Returns
    -------
    str
        The text with entities unescaped, compatibility characters folded (NFKC), links taken
        out, and white space reduced to single blanks.

    Examples
    --------
    >>> clean_text("Late   payment\n&amp; no reply https://t.co/abc")
    'Late payment & no reply'
    """
    folded = unicodedata.normalize("NFKC", unescape_text(text))
    return _SPACES.sub(" ", URL.sub(" ", folded).replace("\n", " ")).strip()


def find_hashtags(text: str) -> list[str]:
    """List the hashtags of a text, casefolded, without `#`, each once, in order."""
    return list(dict.fromkeys(tag.casefold() for tag in HASHTAG.findall(text)))


def find_handles(text: str) -> list[str]:
    """List the handles of a text as written, without `@`, each once, in order."""
    return list(dict.fromkeys(HANDLE.findall(text)))


def printable(text: str) -> str:
    """Leave out what a terminal would obey: escape sequences, control and direction signs."""
    return "".join(
        sign if sign in "\n\t" or unicodedata.category(sign) not in ("Cc", "Cf") else "\ufffd"
        for sign in text
    )


def without_accents(text: str) -> str:
    """Return a text without accents, so that spellings meet."""
    if text.isascii():
        return text
    decomposed = unicodedata.normalize("NFD", text)
    return "".join(sign for sign in decomposed if not unicodedata.combining(sign))


def plain_handle(handle: str) -> str:
    """Return a handle as handles are compared: no @, small letters."""
    return handle.strip().removeprefix("@").casefold()


def plain_handles(handles: Iterable[str]) -> set[str]:
    """Return handles as they are compared: casefolded, without `@`."""
    return {plain_handle(handle) for handle in handles}


def find_urls(text: str) -> list[str]:
    """List the links of a text, each once, in order."""
    return list(dict.fromkeys(URL.findall(text)))


def with_inner_marks(text: str) -> str:
    """Give a text that will stand within quotation marks single ones of its own."""
    return re.sub(r"«\s*+|(?<!\s)\s*+»|[“”\"]", "'", text)


def shorten(text: str, width: int = 140) -> str:
    """Fold a text to one line of at most `width` characters, cut at a word with an ellipsis."""
    line = " ".join(text.split())
    if len(line) <= width:
        return line
    return line[: width - 1].rsplit(" ", 1)[0].rstrip(" ,;:") + "…"
