"""Words of people on a page, or why they are not there."""

from __future__ import annotations

from chatlab.text.numbering import question_words
from chatlab.text.patterns import shorten
from chatlab.translation import _


def not_quoted() -> str:
    """Say why a text is not there."""
    return _("(not quoted, at their wish)")


def asked_words(text: object, number: int, width: int) -> str:
    """Return what a numbered question asks, cut to a width, or why it is not told."""
    return shorten(question_words(text, number), width) if isinstance(text, str) else not_quoted()
