"""Quotes as pictures, to post again: what was said, by whom, where, under which tag."""

from __future__ import annotations

import io
import re
from pathlib import Path

from PIL import Image, ImageDraw

from chatlab.io.safe_files import write_safely
from chatlab.posts.activity import top_posts
from chatlab.project.chat import ChatAt
from chatlab.report.exports.moments import Quote, quotes_of
from chatlab.report.exports.pictures import INK, PAPER, SOFT, font
from chatlab.report.show.quotes import glued
from chatlab.text.patterns import shorten

SIDE, EDGE = 1080, 96
SIZES = (64, 56, 48, 42, 36, 32)
ROOM = 610
# Fonts that draw letters draw no emoji, but a box.
_EMOJI = re.compile("[\U0001f000-\U0001faff\u2600-\u27bf\ufe0f\u200d\u20e3]+")
_FROM_RIGHT = re.compile("[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]")


def write_cards(now: ChatAt, folder: str | Path, *, n: int = 8) -> list[Path]:
    """Write the posts that drew most as quote cards, one PNG each.

    Emoji are left out of a card, as few fonts that draw letters draw them. A text that is written
    from the right stands on the right. People not to be quoted have no card.

    Parameters
    ----------
    now
        From `chat.at(edition)`.
    folder
        Where to write `quote-1.png` and so on.
    n
        How many.

    Returns
    -------
    list
        The files written.
    """
    best = top_posts(now.posts, n=5 * n)
    files = []
    for number, quote in enumerate(quotes_of(now, best.index, n), 1):
        path = Path(folder) / f"quote-{number}.png"
        write_safely(path, card_picture(quote, now.chat.title))
        files.append(path)
    return files


def card_picture(quote: Quote, tag: str) -> bytes:
    """Draw one quote as a square picture, PNG."""
    picture = Image.new("RGB", (SIDE, SIDE), PAPER)
    pen = ImageDraw.Draw(picture)
    text = drawable(quote.text)
    right = bool(_FROM_RIGHT.search(text))
    for size in SIZES:
        lines = _lines(pen, text, size)
        if len(lines) * size * 1.35 <= ROOM:
            break
    while len(lines) * size * 1.35 > ROOM:
        lines = [*lines[:-2], lines[-2] + "…"]
    place = EDGE if not right else SIDE - EDGE
    anchor = "la" if not right else "ra"
    pen.rectangle([EDGE, EDGE, EDGE + 120, EDGE + 8], fill=INK)
    for number, line in enumerate(lines):
        at = (place, EDGE + 60 + number * size * 1.35)
        pen.text(at, line, font=font(size), fill=INK, anchor=anchor)
    below = SIDE - EDGE - 150
    name = _cut(pen, drawable(quote.name) or quote.handle, 38)
    pen.text((EDGE, below), name, font=font(38), fill=INK)
    handle = quote.handle if quote.handle != quote.name else ""
    told = " · ".join(filter(None, (handle, quote.where)))
    pen.text((EDGE, below + 54), _cut(pen, told, 28), font=font(28), fill=SOFT)
    pen.text((EDGE, below + 98), _cut(pen, tag, 28), font=font(28), fill=SOFT)
    buffer = io.BytesIO()
    picture.save(buffer, "PNG", optimize=True)
    return buffer.getvalue()


def drawable(text: str) -> str:
    """Return a text as a font can draw it: without emoji and control signs, on one line."""
    bare = "".join(sign for sign in _EMOJI.sub("", text) if sign.isprintable() or sign == " ")
    return glued(" ".join(bare.split()))


def _lines(pen: ImageDraw.ImageDraw, text: str, size: int) -> list[str]:
    lines = [""]
    for word in text.split(" "):
        # A word longer than a line is cut into pieces.
        for piece in _pieces(pen, word, size):
            longer = f"{lines[-1]} {piece}".strip()
            if lines[-1] and pen.textlength(longer, font=font(size)) > SIDE - 2 * EDGE:
                lines.append(piece)
            else:
                lines[-1] = longer
    return lines


def _pieces(pen: ImageDraw.ImageDraw, word: str, size: int) -> list[str]:
    pieces = [""]
    for sign in word:
        if pieces[-1] and pen.textlength(pieces[-1] + sign, font=font(size)) > SIDE - 2 * EDGE:
            pieces.append("")
        pieces[-1] += sign
    return pieces


def _cut(pen: ImageDraw.ImageDraw, text: str, size: int) -> str:
    width = len(text)
    while width > 1 and pen.textlength(shorten(text, width), font=font(size)) > SIDE - 2 * EDGE:
        width -= 1
    return shorten(text, width) if width else ""
