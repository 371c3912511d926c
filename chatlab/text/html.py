"""HTML of a post as plain text, and its links; nothing of it runs."""

from __future__ import annotations

import html
import re

import nh3

_LINE_BREAK = re.compile(r"<br\s*/?>", re.IGNORECASE)
_PARAGRAPH = re.compile(r"</p>\s*(?=<)", re.IGNORECASE)
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
