from __future__ import annotations

import pandas as pd
import pytest

import chatlab as cl
from chatlab.words import content_words, word_key


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
    assert cl.tokenize(text) == words


def test_keys_join_accents_and_plurals() -> None:
    assert word_key("rémunérations") == word_key("remuneration")
    assert word_key("journaux") == word_key("journal")
    assert word_key("policies") == word_key("policy")
    assert word_key("process") == "process"
    assert word_key("gas") == "gas"


def test_stop_words_follow_the_language() -> None:
    assert "the" in cl.stop_words("en")
    assert "car" in cl.stop_words("fr")
    assert "car" not in cl.stop_words("en-GB")
    assert cl.stop_words("de") == frozenset()
    # Without a language, the words around tell which list counts.
    assert content_words(cl.tokenize("the car is not in the garage")) == ["car", "garage"]
    assert content_words(cl.tokenize("car il est dans le garage")) == ["garage"]
    # A declared language that the words belie does not let the stop words of theirs through.
    assert content_words(cl.tokenize("the garden is in the shade"), "fr") == ["garden", "shade"]


def test_detect_language_leaves_out_handles_and_short_texts() -> None:
    texts = pd.Series(
        {
            "a": "Nous cherchons depuis longtemps une meilleure façon de payer les gens",
            "b": "@jean_dupont Does anybody know how long the payment usually takes?",
            "c": "Wir suchen seit Langem nach einer besseren Lösung für die Bezahlung",
            "d": "😅 :)",
            "e": None,
        }
    )
    found = cl.detect_language(texts)
    assert found.index.equals(texts.index)
    assert found.fillna("-").to_dict() == {"a": "fr", "b": "en", "c": "de", "d": "-", "e": "-"}
