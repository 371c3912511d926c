from __future__ import annotations

import pytest

import chatlab as cl
from chatlab.text.words import content_words, word_key


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("L'outil qu'on veut, aujourd'hui !", ["outil", "on", "veut", "aujourd'hui"]),
        ("Anna’s don't 12 % COVID19", ["anna", "don't", "covid19"]),
        ("#MarketResearch #RetourAuBureau", ["market", "research", "retour", "au", "bureau"]),
        ("@bob see https://t.co/x mot-clé", ["see", "mot-clé"]),
        ("東京都", ["東京", "京都"]),
        ("🎉 ... 2026", []),
    ],
)
def test_tokenize_gives_words(text: str, words: list[str]) -> None:
    assert cl.text.tokenize(text) == words


def test_keys_join_accents_and_plurals() -> None:
    assert word_key("rémunérations") == word_key("remuneration")
    assert word_key("journaux") == word_key("journal")
    assert word_key("policies") == word_key("policy")
    assert word_key("process") == "process"
    assert word_key("gas") == "gas"


def test_stop_words_follow_the_language() -> None:
    assert "the" in cl.text.stop_words("en")
    assert "car" in cl.text.stop_words("fr")
    assert "car" not in cl.text.stop_words("en-GB")
    assert "nicht" in cl.text.stop_words("de")
    assert cl.text.stop_words("sv") == frozenset()
    # Without a language, the words around tell which list counts.
    assert content_words(cl.text.tokenize("the car is not in the garage")) == ["car", "garage"]
    assert content_words(cl.text.tokenize("car il est dans le garage")) == ["garage"]
    # A declared language that the words belie does not let the stop words of theirs through.
    assert content_words(cl.text.tokenize("the garden is in the shade"), "fr") == [
        "garden",
        "shade",
    ]
