from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import chatlab as cl
from chatlab.errors import PostsError, SettingsError, UnreadableFileError


def kinds(table, text: str, **row: object) -> dict[str, str]:
    found = cl.find_insights(table({"text": text, "author_id": "x:1", **row}))
    return dict(zip(found["kind"], found["certainty"], strict=True))


def reads(texts: Sequence[str]) -> np.ndarray:
    """Read by a word each: what a model of one's own may be."""
    words = ("broken", "switched", "pilot", "anyone")
    return np.array([[0.99 if word in text else 0.0 for word in words] for text in texts])


@pytest.mark.parametrize(
    ("lang", "text", "kind"),
    [
        ("en", "The upload is still broken and support never replied, so frustrating", "friction"),
        ("fr", "Toujours en panne depuis ce matin, aucune réponse du service client", "friction"),
        ("en", "We use Zotero for this and it works really well, try it", "solution"),
        ("fr", "Chez nous on utilise un tableau partagé, ça marche très bien", "solution"),
        ("en", "Last year our library moved to self checkout and loans doubled", "case"),
        ("fr", "L'an dernier ma classe a créé un podcast avec la bibliothèque", "case"),
        ("en", "Does anyone know a good template for this?", "request"),
        ("fr", "Quelqu'un connaît un bon outil pour ça ?", "request"),
    ],
)
def test_a_plain_post_is_read_as_what_it_does(table, lang: str, text: str, kind: str) -> None:
    assert kind in kinds(table, text, lang=lang)


@pytest.mark.parametrize(
    ("lang", "text"),
    [
        ("en", "Welcome everybody, see you tonight at eight"),
        ("fr", "Belle lumière sur le port ce soir"),
        ("de", "Der Upload ist kaputt und niemand antwortet"),
    ],
)
def test_small_talk_and_other_languages_are_not_marked(table, lang: str, text: str) -> None:
    assert not kinds(table, text, lang=lang)


def test_a_post_without_a_language_is_read_in_that_of_its_small_words(table) -> None:
    posts = table(
        {"text": "Does anyone know a good template for this?", "lang": None},
        {"text": "Quelqu'un connaît un bon outil pour ça ?", "lang": "und"},
        {"text": "Kennt jemand ein gutes Werkzeug für das?", "lang": None},
    )
    assert cl.themes.read_languages(posts).tolist()[:2] == ["en", "fr"]
    assert cl.themes.read_languages(posts).isna().tolist() == [False, False, True]


def test_reposts_and_numbered_questions_are_not_marked(table) -> None:
    text = "The upload is still broken and support never replied, so frustrating"
    assert not kinds(table, text, kind="repost", repost_of="x:9", lang="en")
    assert not kinds(table, "Q3 What is broken in your trade?", lang="en")


def test_the_words_that_speak_for_a_mark_and_the_product_are_told(table) -> None:
    posts = table(
        {
            "text": "Ruchely is still broken, so frustrating; Atelio works",
            "author_id": "x:1",
            "lang": "en",
        }
    )
    found = cl.find_insights(posts, brand="Ruchely", rivals=["Atelio"]).set_index("kind")
    assert set(found.loc["friction", "cue"]) & {"broken", "still broken", "frustrating"}
    assert found.loc["product", "what"] == ["Ruchely", "Atelio"]
    assert found.loc["friction", "what"] == []
    assert 0 < found.loc["friction", "score"] <= 1


def test_a_model_of_ones_own_takes_the_place(table) -> None:
    posts = table({"text": "kaputt, broken", "lang": "de"}, {"text": "pilot", "lang": "en"})
    found = cl.find_insights(posts, classifier=reads)
    assert found[["kind", "certainty", "score"]].to_numpy().tolist() == [
        ["friction", "sure", 0.99],
        ["case", "sure", 0.99],
    ]
    with pytest.raises(PostsError, match="one row per text"):
        cl.find_insights(posts, classifier=lambda texts: np.zeros((1, 4)))


def test_verdicts_teach_the_model(table) -> None:
    rows = [{"text": f"The ferret met the heron number {i}", "lang": "en"} for i in range(20)]
    posts = table(*rows)
    assert "friction" not in set(cl.find_insights(posts)["kind"])
    said = pd.DataFrame({"post_id": posts.index[:10], "kind": "friction", "accepted": True})
    found = cl.find_insights(posts, verdicts=said)
    # It learns from ten for the other ten.
    assert set(posts.index[10:]) <= set(found.loc[found["kind"] == "friction", "post_id"])


def test_cues_of_ones_own_mark_besides(table, tmp_path: Path) -> None:
    own = tmp_path / "cues.csv"
    own.write_text("kind,lang,cue,strength\nfriction,,honey*,sure\ncase,,/\\d+ hives/,sure\n")
    posts = table({"text": "12 hives in the honeymoon", "author_id": "x:1", "lang": "de"})
    found = cl.find_insights(posts, cues=own)
    assert found[["kind", "cue"]].to_numpy().tolist() == [
        ["friction", ["honeymoon"]],
        ["case", ["12 hives"]],
    ]


@pytest.mark.parametrize(
    ("text", "error", "told"),
    [
        ("kind,lang,cue\nfriction,en,x\n", SettingsError, "no column strength"),
        ("kind,lang,cue,strength\nsorrow,en,x,sure\n", SettingsError, "line 2: kind 'sorrow'"),
        ("kind,lang,cue,strength\nfriction,en,/(/,sure\n", SettingsError, "is no pattern"),
    ],
)
def test_a_bad_list_is_refused_with_its_line(
    tmp_path: Path, text: str, error: type[Exception], told: str
) -> None:
    path = tmp_path / "cues.csv"
    path.write_text(text)
    with pytest.raises(error, match=told):
        cl.themes.read_cues(path=path)
    with pytest.raises(UnreadableFileError):
        cl.themes.read_cues(path=tmp_path / "none.csv")


def test_insight_table_counts_people_and_open_frictions(table) -> None:
    posts = table(
        {"text": "The invoice is broken", "author_id": "x:a", "lang": "en"},
        {"text": "The invoice is broken again", "author_id": "x:a", "lang": "en"},
        {
            "text": "We switched to weekly invoices",
            "author_id": "x:b",
            "lang": "en",
            "reply_to": "x:1",
            "reply_to_author": "x:a",
            "kind": "reply",
        },
        {"text": "The fence is broken in the garden", "author_id": "x:c", "lang": "en"},
    )
    themes = pd.Series([0, 0, 0, 1], index=posts.index, dtype="Int64")
    found = cl.find_insights(posts, classifier=reads)
    told = cl.insight_table(posts, found, themes, names={0: "pay", 1: "garden"})
    assert told.loc[0, ["friction", "solution", "answered", "open"]].tolist() == [1, 1, 1, 1]
    assert told.loc[1, ["friction", "solution", "answered", "open"]].tolist() == [1, 0, 0, 1]
    assert told["name"].tolist() == ["pay", "garden"]
    quotes = cl.themes.insight_quotes(posts, found, "friction")
    assert quotes.index.is_unique
    assert cl.themes.kind_counts(found).loc["friction"].to_dict() == {
        "posts": 3,
        "people": 2,
        "to_check": 0,
    }
    assert cl.report.say.market(found, told).startswith("Too few marks are sure")
    third = found.assign(author_id=["x:a", "x:b", "x:b", "x:c"])
    assert cl.report.say.market(third, told).startswith(
        "Surely told: a friction by 3 people, a solution by 1 person, a case by 0 people."
    )


def test_brand_beside_rivals(table) -> None:
    posts = table(
        {"text": "Ruchely is still broken, so frustrating", "author_id": "x:a", "lang": "en"},
        {"text": "I love Ruchely, brilliant, great job", "author_id": "x:b", "lang": "en"},
        {"text": "Ruchely or Atelio", "author_id": "x:b", "lang": "en"},
    )
    found = cl.find_insights(posts, brand="Ruchely", rivals=["Atelio", "Poolbee"])
    told = cl.themes.brand_table(posts, found, "Ruchely", rivals=["Atelio", "Poolbee"])
    assert told.loc["Ruchely"].to_dict() == {
        "posts": 3,
        "people": 2,
        "praised": 1,
        "criticised": 1,
        "beside": ["Atelio"],
    }
    assert told.loc["Poolbee", "posts"] == 0
    assert cl.themes.brand_table(posts, found, None).empty
    praise = cl.themes.brand_quotes(posts, found, "Ruchely", "praise")
    assert praise["text"].tolist() == ["I love Ruchely, brilliant, great job"]
    assert len(cl.themes.brand_quotes(posts, found, "Ruchely", "friction")) == 1
    assert cl.themes.brand_quotes(posts, found, None, "praise").empty


def test_nothing_found_is_told(table) -> None:
    posts = table({"text": "hello"})
    found = cl.find_insights(posts)
    themes = cl.find_themes(posts)
    told = cl.insight_table(posts, found, themes, names={})
    assert cl.report.say.market(found, told).startswith("No friction, solution")
    assert cl.report.plot.insights(told).to_plotly_json()["layout"]["annotations"]


def test_names_that_several_people_use_are_products_to_check(table) -> None:
    rows = [
        {"author_id": f"x:{i % 4}", "author_name": "Ann McKay", "text": text}
        for i, text in enumerate(
            [
                "we use Tilda every day, and Paris is far",
                "now I switched to Tilda, in Paris",
                "ask McKay about tilda and MultiQC",
                "here McKay says Tilda helps with MultiQC",
                "so Tilda, McKay, MultiQC and @OpenRefine #OpenRefine from Paris",
                "twitter is slow today, MultiQC too, as in Paris",
            ]
        )
    ]
    found = cl.find_insights(table(*rows))
    products = found[found["kind"] == "product"]
    named = products["what"].explode().value_counts()
    # A small letter is no reason to miss it; nobody says that they use Paris or MultiQC.
    assert named.to_dict() == {"Tilda": 5}
    assert set(products["certainty"]) == {"to check"}
