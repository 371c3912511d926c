"""Reading texts: HTML to plain text, and the hashtags, handles and links inside."""

from __future__ import annotations

import html
import re
import unicodedata
from collections.abc import Iterable

import nh3

HASHTAG = re.compile(r"(?<![\w&/])[#\uFF03](\w*[^\W\d_]\w*)")
HANDLE = re.compile(r"(?<![\w@/])@([A-Za-z0-9_]+(?:@[\w-]+(?:\.[\w-]+)+|(?:[.-][\w-]+)+)?)")
URL = re.compile(r"https?://[^\s<>\"]+[^\s<>\".,;:!?'’)\]»…]")
# By hand some leave the colon out.
REPOST_PREFIX = re.compile(r"^RT @(\w+)(?::\s*|\s+)")

_LINE_BREAK = re.compile(r"<br\s*/?>", re.IGNORECASE)
_PARAGRAPH = re.compile(r"</p>\s*(?=<)", re.IGNORECASE)
_SPACES = re.compile(r"[^\S\n]+")


# All lengths are bounded: markup that never closes must not be searched to its end, and again.
_QUOTE_LINE = re.compile(
    r"<(p|span)[^<>]{0,200}class=\"[^\"<>]{0,200}quote-inline[^<>]{0,200}>.{0,500}?</\1>", re.DOTALL
)
_ANCHOR = re.compile(r"<a\s([^<>]{0,4000})>", re.IGNORECASE)
_ANY_TAG = re.compile(r"<[^<>]*>")
# Parsing costs the square of the depth of nested markup, and of the length of a text; beyond
# these, tags are simply taken out.
_MOST_TAGS = 500
_LONGEST_MARKUP = 20_000
_ATTRIBUTE = re.compile(r"(?<![\w-])([\w-]+)\s*=\s*(?:\"([^\"]*)\"|'([^']*)')")


def html_links(markup: str) -> list[str]:
    """List the links of a Mastodon post; those of mentions and hashtags are none."""
    links = []
    for anchor in _ANCHOR.findall(_QUOTE_LINE.sub("", markup)):
        found = {name.casefold(): one or other for name, one, other in _ATTRIBUTE.findall(anchor)}
        kinds = {*found.get("class", "").split(), *found.get("rel", "").split()}
        link = html.unescape(found.get("href", ""))
        if link.startswith(("http://", "https://")) and not kinds & {"mention", "hashtag", "tag"}:
            links.append(link)
    return list(dict.fromkeys(links))


def html_to_text(markup: str) -> str:
    """Turn the HTML of a Mastodon post or profile into the text a reader sees.

    Paragraphs become blank lines, line breaks stay, entities are unescaped, and the content of
    scripts and styles is dropped; so is the line that only says which post is quoted.
    """
    told = _QUOTE_LINE.sub("", markup)
    broken = _PARAGRAPH.sub("</p>\n\n", _LINE_BREAK.sub("\n", told))
    if broken.count("<") > _MOST_TAGS or len(broken) > _LONGEST_MARKUP:
        broken = _ANY_TAG.sub("", broken)
    if "<" in broken and broken.count("<") <= _MOST_TAGS and len(broken) <= _LONGEST_MARKUP:
        broken = nh3.clean(broken, tags=set())
    return html.unescape(broken).strip()


def unescape_text(text: str) -> str:
    """Unescape the entities that X writes into a text (`&amp;`, `&lt;`)."""
    return html.unescape(text) if "&" in text else text


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


def plain_handles(handles: Iterable[str]) -> set[str]:
    """Return handles as they are compared: casefolded, without `@`."""
    return {handle.removeprefix("@").casefold() for handle in handles}


def find_urls(text: str) -> list[str]:
    """List the links of a text, each once, in order."""
    return list(dict.fromkeys(URL.findall(text)))


def shorten(text: str, width: int = 140) -> str:
    """Fold a text to one line of at most `width` characters, cut at a word with an ellipsis."""
    line = " ".join(text.split())
    if len(line) <= width:
        return line
    return line[: width - 1].rsplit(" ", 1)[0].rstrip(" ,;:") + "…"
