"""Pictures drawn with Pillow: bars over the editions, and the fonts that this machine has."""

from __future__ import annotations

import io
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any

from PIL import Image, ImageDraw, ImageFont

from chatlab.palette import BLUE, GREY
from chatlab.translation import format_number

INK, PAPER, SOFT = "#1c2024", "#fcfbf8", "#565d64"
# Where the three systems keep fonts that know many scripts; the first found is used.
FONTS = (
    *("NotoSans-Regular.ttf", "DejaVuSans.ttf", "segoeui.ttf", "Arial Unicode.ttf", "arial.ttf"),
    *("LiberationSans-Regular.ttf", "Helvetica.ttc"),
)
_FOLDERS = (
    *("/usr/share/fonts", "/usr/local/share/fonts", "~/.fonts", "~/.local/share/fonts"),
    *("/Library/Fonts", "/System/Library/Fonts", "~/Library/Fonts", "C:/Windows/Fonts"),
)
SIZE = (1500, 620)


@cache
def font_file() -> str:
    """Return the file of a font of this machine; empty where none is known."""
    for name in FONTS:
        for folder in map(Path, _FOLDERS):
            place = folder.expanduser()
            if place.is_dir() and (found := sorted(place.rglob(name))):
                return str(found[0])
    return ""


def font(size: int) -> Any:
    """Return a font of a size: this machine's, or the one that Pillow brings."""
    name = font_file()
    return ImageFont.truetype(name, size) if name else ImageFont.load_default(size)


def bars_picture(values: Sequence[float], title: str) -> bytes:
    """Draw a bar for each value, the last one pointed out, as PNG; nothing for fewer than two."""
    if len(values) < 2:
        return b""
    wide, high = SIZE
    picture = Image.new("RGB", SIZE, PAPER)
    pen = ImageDraw.Draw(picture)
    pen.text((40, 24), title, font=font(34), fill=INK)
    step, floor, most = (wide - 80) / len(values), high - 80, max(values) or 1
    for place, value in enumerate(values):
        left, right = 40 + place * step + step * 0.15, 40 + (place + 1) * step - step * 0.15
        top = floor - (floor - 160) * value / most
        last = place == len(values) - 1
        pen.rectangle([left, top, right, floor], fill=BLUE if last else GREY)
        middle = (left + right) / 2
        pen.text((middle, top - 8), format_number(value), font=font(28), fill=INK, anchor="mb")
        pen.text((middle, floor + 12), str(place + 1), font=font(28), fill=SOFT, anchor="mt")
    buffer = io.BytesIO()
    picture.save(buffer, "PNG", optimize=True)
    return buffer.getvalue()
