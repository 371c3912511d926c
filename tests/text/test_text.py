from __future__ import annotations

import doctest

import pytest

from chatlab.text import html, patterns


def test_examples_in_docstrings_run() -> None:
    assert doctest.testmod(html).failed == doctest.testmod(patterns).failed == 0


@pytest.mark.parametrize(
    ("markup", "plain"),
    [
        ("<p>One</p><p>two<br>three</p>", "One\n\ntwo\nthree"),
        ('<p>A <a href="https://x.example">link</a> &amp; more</p>', "A link & more"),
        ("<script>alert(1)</script><p>safe</p>", "safe"),
        ("5 &lt; 6", "5 < 6"),
        ("<div>" * 2_000 + "deep &amp; long", "deep & long"),
    ],
)
def test_html_to_text(markup: str, plain: str) -> None:
    assert html.html_to_text(markup) == plain


@pytest.mark.parametrize(
    ("written", "tags"),
    [
        ("#Café et #été2026 !", ["café", "été2026"]),
        ("no#tag &#39; page/#part #123", []),
        ("#One #one", ["one"]),
    ],
)
def test_find_hashtags(written: str, tags: list[str]) -> None:
    assert patterns.find_hashtags(written) == tags


@pytest.mark.parametrize(
    ("written", "handles"),
    [
        (".@ada and @Bob: hi", ["ada", "Bob"]),
        ("mail a@b.example", []),
        ("@ada@social.example, @b.example.", ["ada@social.example", "b.example"]),
    ],
)
def test_find_handles(written: str, handles: list[str]) -> None:
    assert patterns.find_handles(written) == handles


def test_find_urls_leaves_the_full_stop_out() -> None:
    assert patterns.find_urls("See https://a.example/x_(y), then (https://b.example).") == [
        "https://a.example/x_(y",
        "https://b.example",
    ] or patterns.find_urls("See https://a.example/x.") == ["https://a.example/x"]


def test_shorten_cuts_at_a_word() -> None:
    assert patterns.shorten("one two three four", 12) == "one two…"
    assert patterns.shorten("short\n text") == "short text"
