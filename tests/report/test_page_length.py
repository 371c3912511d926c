"""How much a reader has to read: the words of the bundled chat's pages, folds closed."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from pathlib import Path

VOID = {"meta", "link", "br", "wbr", "img", "hr", "input"}
OF_A_PAGE, OF_ALL, OF_THE_BRIEF = 1_000, 6_000, 800


class Words(HTMLParser):
    """Counts the words of a page's text that are seen while its folds are closed."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.n = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in VOID:
            kind = dict(attrs).get("class") or ""
            # One person's dossier is seen at a time.
            self.open.append("details" if kind == "dossier" else tag)

    def handle_endtag(self, tag: str) -> None:
        tag = "details" if tag == "article" and "article" not in self.open else tag
        while tag in self.open and self.open.pop() != tag:
            pass

    def handle_data(self, data: str) -> None:
        seen = "main" in self.open and not {"script", "style"} & set(self.open)
        folded = self.open.count("details")
        if seen and (not folded or (folded == 1 and "summary" in self.open)):
            self.n += len(re.findall(r"\w[\w’'-]*", data))


def words_of(page: Path) -> int:
    counted = Words()
    counted.feed(page.read_text(encoding="utf-8"))
    return counted.n


def test_a_fold_counts_by_its_summary_only() -> None:
    counted = Words()
    counted.feed(
        "<main>One <b>two</b><details><summary>three</summary>four <details><summary>five"
        "</summary></details></details> six<script>seven</script></main>eight"
    )
    assert counted.n == 4


def test_a_report_is_short(built_reports: dict[str, Path]) -> None:
    pages = sorted(built_reports["en"].glob("[01]*.html"))
    counts = {page.stem: words_of(page) for page in pages}
    assert len(counts) == 11
    assert min(counts.values()) > 100
    assert counts["00-brief"] <= OF_THE_BRIEF, counts
    assert max(counts.values()) <= OF_A_PAGE, counts
    assert sum(counts.values()) <= OF_ALL, counts
