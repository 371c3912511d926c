"""What all formats of X share: languages, addresses, times that ids tell."""

from __future__ import annotations

import re

# X gives these codes to posts without a language of their own; the rest are old ISO codes.
LANGUAGES: dict[str | None, str | None] = {
    **dict.fromkeys(("und", "zxx", "art", "qam", "qct", "qht", "qme", "qst"), None),
    "in": "id",
    "iw": "he",
    "ji": "yi",
}
# A spreadsheet or R may destroy an id; a link to the post restores it.
STATUS_LINK = re.compile(r"/status(?:es)?/(\d+)")
# Since November 2010 an id of X holds the milliseconds at which it was given.
_FIRST_TIMED_ID = 10**16
_X_EPOCH = 1_288_834_974_657
_LONGEST_ID = 19


def milliseconds_of_id(number: str) -> int | None:
    """Read from an id of X when its post was written, in milliseconds since 1970.

    Missing for ids before November 2010, which only count.
    """
    if not (number.isascii() and number.isdigit() and len(number) <= _LONGEST_ID):
        return None
    given = int(number)
    return (given >> 22) + _X_EPOCH if given > _FIRST_TIMED_ID else None


def x_language(code: str | None) -> str | None:
    """Return the BCP 47 code for one of X's language codes, or missing."""
    return LANGUAGES.get(code, code) if code else None


def x_url(handle: str | None, number: str) -> str:
    """Return the permalink of a post on X."""
    return f"https://x.com/{handle or 'i'}/status/{number}"


# Of a video there is only a picture.
MEDIA_ADDRESSES = ("url", "preview_image_url")
