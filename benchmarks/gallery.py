"""Pictures of the bundled chat's report for the documents.

    python -m benchmarks.gallery REPORTS     writes docs/gallery/*.png

REPORTS is the folder of a report of the bundled chat (`make report` writes `reports`). Needs
playwright and Chromium, as the browser tests do.
"""

from __future__ import annotations

import io
import shutil
import sys
from pathlib import Path

from PIL import Image

FOLDER = Path(__file__).parent.parent / "docs" / "gallery"
WIDE, PHONE = {"width": 1280, "height": 1600}, {"width": 390, "height": 800}
# Page, how the browser is, and the name of the picture.
PICTURES = (
    ("00-brief", {"viewport": WIDE}, "brief"),
    ("02-questions", {"viewport": WIDE}, "questions"),
    ("03-themes", {"viewport": WIDE}, "themes"),
    ("04-market-research", {"viewport": WIDE}, "market"),
    ("05-network", {"viewport": WIDE}, "network"),
    ("00-brief", {"viewport": WIDE, "color_scheme": "dark"}, "dark"),
    ("00-brief", {"viewport": PHONE}, "phone"),
)
COLOURS = 96


def main(reports: str) -> None:
    from playwright.sync_api import sync_playwright

    FOLDER.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as play:
        browser = play.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--no-sandbox"]
        )
        for page, options, name in PICTURES:
            context = browser.new_context(offline=True, **options)
            shown = context.new_page()
            shown.goto((Path(reports).resolve() / f"{page}.html").as_uri())
            if shown.locator("script.figure").count():
                shown.wait_for_selector("html[data-ready]", state="attached", timeout=60_000)
            shown.wait_for_timeout(300)
            picture = Image.open(io.BytesIO(shown.screenshot()))
            small = picture.convert("RGB").quantize(COLOURS)
            small.save(FOLDER / f"{name}.png", optimize=True)
            context.close()
            print(FOLDER / f"{name}.png")


if __name__ == "__main__":
    main(*sys.argv[1:])
