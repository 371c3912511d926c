from __future__ import annotations

import ast

import pandas as pd
import pytest

import chatlab as cl
from chatlab.report.catalogue import missing_translations, read_catalogue, unused_translations
from chatlab.translation import CATALOGUES, format_share, languages, plural, translate
from tests.conftest import ROOT

CATALOGUE_FILES = sorted(CATALOGUES.glob("*.po"))


@pytest.mark.parametrize("path", CATALOGUE_FILES, ids=lambda path: path.stem)
def test_catalogue_is_complete(path) -> None:
    assert missing_translations(path) == []
    assert unused_translations(path) == []


@pytest.mark.parametrize("path", CATALOGUE_FILES, ids=lambda path: path.stem)
def test_translations_have_the_same_gaps_to_fill(path) -> None:
    import re

    def gaps(text: str) -> set[str]:
        return set(re.findall(r"\{(\w+)\}", text))

    for entry in read_catalogue(path):
        if entry.id:
            ids = [entry.id] if isinstance(entry.id, str) else list(entry.id)
            texts = [entry.string] if isinstance(entry.string, str) else list(entry.string)
            for text in texts:
                assert gaps(text) == gaps(ids[-1]), text


def test_numbers_and_dates_follow_the_language() -> None:
    when = pd.Timestamp("2026-04-09 07:00", tz="UTC")
    assert cl.translation.format_number(1204) == "1,204"
    assert cl.translation.format_time(when, "Europe/Paris") == "9 Apr 2026, 09:00"
    assert plural("{n} post", "{n} posts", 1) == "1 post"
    cl.set_language("fr")
    assert cl.translation.format_number(1204) == "1\u202f204"
    assert format_share(0.23) == "23\xa0%"
    assert cl.translation.format_time(when, "Europe/Paris") == "9 avr. 2026 à 09:00"
    assert plural("{n} post", "{n} posts", 0) == "0 message"  # French: zero is singular
    assert plural("{n} post", "{n} posts", 1204) == "1\u202f204 messages"


def test_unknown_language_is_an_error() -> None:
    assert languages() == ["en", "fr"]
    with pytest.raises(cl.errors.SettingsError, match="en, fr"):
        cl.set_language("de")


def test_untranslated_message_stays_itself() -> None:
    assert translate("No such sentence.", "fr") == "No such sentence."


@pytest.mark.parametrize("path", sorted((ROOT / "chatlab").rglob("*.py")), ids=lambda p: p.stem)
def test_no_message_hides_in_an_f_string(path) -> None:
    """What collects messages does not look into f-strings: the catalogue would lack them."""
    for text in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(text, ast.JoinedStr):
            calls = [node for node in ast.walk(text) if isinstance(node, ast.Call)]
            hidden = [
                call.args[0].value
                for call in calls
                if getattr(call.func, "id", "") in ("_", "plural", "mark")
                and isinstance(call.args[0], ast.Constant)
            ]
            assert hidden == []
