"""Where a text may hold an address: links, mail, phone numbers, handles, ids, hashtags."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from chatlab.text.folding import Letters
from chatlab.text.patterns import HASHTAG

# In folded letters, with all lengths bounded, so that no post is searched again and again.
_LINK = re.compile(r"(?:https?://|www\.|at://)\S{1,4000}")
_BARE_LINK = re.compile(r"(?<![\w@./-])(?:[\w-]{1,63}\.){1,6}[a-z]{2,24}(?![\w-])(?:/\S{0,2000})?")
_TRAILING = ".,;:!?)]»”\"'’…"
_MAIL = re.compile(r"(?<![\w.+@-])[\w.+-]{1,64}@(?:[\w-]{1,63}\.){1,6}[a-z]{2,24}(?![\w-])")
_PHONE = re.compile(
    r"(?<![\w.,/#+-])(?:"
    # With the country; then as in France, in the United States, and others by their first digits.
    r"(?:\+|00)\d{1,3}(?:[ .()/-]{0,3}\d{1,4}){2,6}"
    r"|0\d(?:[ .-]?\d\d){4}"
    r"|\(?\d{3}\)?[ .-]\d{3}[ .-]\d{4}"
    r"|0\d{2,4}[ /-]\d{3,8}(?:[ -]\d{2,4}){0,3}"
    r"|[1-9]\d{2}[ -]\d{4}[ -]\d{4}|[6-9]\d{4}[ -]\d{5}|[6-9]\d\d \d{3} \d{3}"
    r"|0\d{9,10})(?![\w/-])"
)
# Numbers of four figures are telephones only beside a word that says so.
_SHORT_NUMBER = re.compile(
    r"(?:appel\w{0,4}|compose[rz]?|telephone\w{0,3}|joignable|call(?: us)?(?: on| at)?|dial|ring)"
    r"(?: (?:le|au|du))? (?:3\d{3}|10\d{2}|1\d{2})(?!\w)"
    r"|(?<!\w)(?:au|le) (?:3\d{3}|10\d{2})(?![\w€%])"
)
_HANDLE = re.compile(
    # Handles are ASCII, and in scripts without blanks they stand between letters.
    r"(?<![a-z0-9_@/])@ ?([a-z0-9][a-z0-9_]{0,63}(?:@[a-z0-9_-]{1,63}(?:\.[a-z0-9_-]{1,63}){1,6}"
    r"|(?:[.-][a-z0-9_-]{1,63}){1,6})?|_[a-z0-9_]{1,63})"
)
_ANY_HANDLE = re.compile(r"@\w{1,64}")
_DID = re.compile(r"did:(?:plc|web|key):[\w.:%-]{1,200}")
_LONG_NUMBER = re.compile(r"(?<![a-z0-9])\d{5,25}(?![a-z0-9])")
# X's short links hide where they lead, often to the very post.
_OPAQUE = re.compile(r"^(?:https?://)?t\.co/")
_PROFILE = re.compile(
    r"(?:^|[/.])(?:x\.com|twitter\.com)/(?!search|hashtag|home|explore|i/(?:topics|spaces))\w"
    r"|bsky\.app/profile/|/@[\w.]|/users/\w|instagram\.com/\w|facebook\.com/\w|linkedin\.com/in/"
    r"|(?:nitter|xcancel|fxtwitter|vxtwitter|fixupx)\.\w{2,4}/\w|\w\.bsky\.social|/user?/\w"
    r"|(?:^|[/.])(?:wa|t)\.me/\w"
)


class Stretch(NamedTuple):
    """A part of a text's folded letters that may be an address."""

    start: int
    end: int
    kind: str  # `link`, `bare link`, `mail`, `handle`, `phone`, `number`, `did`, `tag`


def addresses(letters: Letters) -> list[Stretch]:
    """List what may be an address, in order of place, the longest first."""
    return sorted(_stretches(letters.folded), key=lambda one: (one.start, -one.end))


def holds_contact(text: str) -> bool:
    """Tell whether a text names a telephone number or a mail address."""
    letters = Letters(text)
    if _SHORT_NUMBER.search(letters.folded):
        return True
    return any(one.kind in ("phone", "mail") for one in addresses(letters))


def is_profile(link: str) -> bool:
    """Tell whether a folded link leads to somebody's profile, or hides where it leads."""
    return bool(_OPAQUE.match(link) or _PROFILE.search(link))


def has_mail(link: str) -> bool:
    """Tell whether a folded link holds a mail address."""
    return "@" in link and bool(_MAIL.search(link))


def without_addresses(text: str) -> str:
    """Leave out links and handles."""
    return _ANY_HANDLE.sub(" ", _LINK.sub(" ", text))


def _stretches(folded: str) -> Iterator[Stretch]:
    """Find what may be an address, a number or a tag, of each kind by itself."""
    for found in _LINK.finditer(folded):
        yield _trimmed(found, _TRAILING, "link")
    if "." in folded:
        for found in _BARE_LINK.finditer(folded):
            yield _trimmed(found, _TRAILING, "bare link")
    if "@" in folded:
        for found in _MAIL.finditer(folded):
            yield Stretch(*found.span(), "mail")
        for found in _HANDLE.finditer(folded):
            yield _trimmed(found, ".-", "handle")
    for found in _PHONE.finditer(folded):
        yield Stretch(*found.span(), "phone")
    for found in _LONG_NUMBER.finditer(folded):
        yield Stretch(*found.span(), "number")
    if "did:" in folded:
        for found in _DID.finditer(folded):
            yield Stretch(*found.span(), "did")
    if "#" in folded:
        for found in HASHTAG.finditer(folded):
            yield Stretch(*found.span(), "tag")


def _trimmed(found: re.Match[str], trailing: str, kind: str) -> Stretch:
    """Leave out the punctuation of the sentence that an address stands in."""
    return Stretch(found.start(), found.start() + len(found[0].rstrip(trailing)), kind)
