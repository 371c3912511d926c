from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

import chatlab as cl
from chatlab.errors import SettingsError, UnreadableFileError


def kinds(table, text: str, **row: object) -> dict[str, str]:
    found = cl.find_insights(table({"text": text, "author_id": "x:1", **row}))
    return dict(zip(found["kind"], found["certainty"], strict=True))


@pytest.mark.parametrize(
    ("lang", "text", "kind", "certainty"),
    [
        ("en", "The upload is broken and support never replied", "friction", "sure"),
        ("fr", "L'appli est en panne, aucune réponse du support", "friction", "sure"),
        ("en", "We switched to weekly invoices", "solution", "sure"),
        ("fr", "Chez nous on utilise un modèle partagé", "solution", "sure"),
        ("en", "Our pilot project went from 31 to 9 returns", "case", "sure"),
        ("fr", "Retour d'expérience à la mairie de Lys", "case", "sure"),
        ("en", "Does anyone know a good template?", "request", "sure"),
        ("fr", "Il faudrait un guide commun", "request", "sure"),
        ("en", "Posted it on Mastodon and LinkedIn", "product", "sure"),
        ("en", "The platform keeps a scan of my passport", "friction", "to check"),
        # A cue of a way out, but asked and not told.
        ("en", "We use a shared sheet. Right?", "solution", "to check"),
    ],
)
def test_a_cue_marks_a_post(table, lang: str, text: str, kind: str, certainty: str) -> None:
    assert kinds(table, text, lang=lang)[kind] == certainty


@pytest.mark.parametrize(
    ("lang", "text"),
    [
        ("en", "No problem at all with the upload"),
        ("fr", "Aucun souci avec cet envoi"),
        ("en", "Lovely weather in Lisbon"),
        ("fr", "Belle lumière sur le port"),
    ],
)
def test_negated_or_plain_words_are_no_friction(table, lang: str, text: str) -> None:
    assert "friction" not in kinds(table, text, lang=lang)


def test_reposts_numbered_questions_and_quoted_words_are_not_marked(table) -> None:
    assert not kinds(table, "This is broken", kind="repost", repost_of="x:9")
    assert not kinds(table, "Q3 What is broken in your trade?", lang="en")
    quoted = {"kind": "reply", "reply_to": "x:9", "reply_to_author": "x:2", "lang": "fr"}
    assert "friction" not in kinds(table, "« en panne », voilà", **quoted)


def test_the_cue_and_the_product_are_told(table) -> None:
    posts = table(
        {"text": "Ruchely is broken, Atelio works for us", "author_id": "x:1", "lang": "en"}
    )
    found = cl.find_insights(posts, brand="Ruchely", rivals=["Atelio"]).set_index("kind")
    assert found.loc["friction", "cue"] == ["broken"]
    assert found.loc["product", "what"] == ["Ruchely", "Atelio"]
    assert found.loc["friction", "what"] == []


def test_a_list_of_ones_own_takes_the_place(table, tmp_path: Path) -> None:
    own = tmp_path / "cues.csv"
    own.write_text("kind,lang,cue,strength\nfriction,,honey*,sure\ncase,,/\\d+ hives/,sure\n")
    posts = table({"text": "No honeymoon with 12 hives", "author_id": "x:1"})
    found = cl.find_insights(posts, cues=own)
    assert found[["kind", "cue"]].to_numpy().tolist() == [["case", ["12 hives"]]]


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
        {"text": "I am stuck in the garden", "author_id": "x:c", "lang": "en"},
    )
    themes = pd.Series([0, 0, 0, 1], index=posts.index, dtype="Int64")
    found = cl.find_insights(posts)
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
    assert cl.report.say.market(found, told).startswith("2 people told a friction, 1 person a")


def test_brand_beside_rivals(table) -> None:
    posts = table(
        {"text": "Ruchely is broken", "author_id": "x:a", "lang": "en"},
        {"text": "We switched to Ruchely from Atelio", "author_id": "x:b", "lang": "en"},
    )
    found = cl.find_insights(posts, brand="Ruchely", rivals=["Atelio", "Poolbee"])
    told = cl.themes.brand_table(posts, found, "Ruchely", rivals=["Atelio", "Poolbee"])
    assert told.loc["Ruchely"].to_dict() == {
        "posts": 2,
        "people": 2,
        "praised": 1,
        "criticised": 1,
        "beside": ["Atelio"],
    }
    assert told.loc["Poolbee", "posts"] == 0
    assert cl.themes.brand_table(posts, found, None).empty


def test_nothing_found_is_told(table) -> None:
    posts = table({"text": "hello"})
    found = cl.find_insights(posts)
    themes = cl.find_themes(posts)
    told = cl.insight_table(posts, found, themes, names={})
    assert cl.report.say.market(found, told).startswith("No cue")
    assert cl.report.plot.insights(told).to_plotly_json()["layout"]["annotations"]


def test_names_with_a_capital_inside_are_products_to_check(table) -> None:
    rows = [
        {"author_id": f"x:{i % 4}", "author_name": "Ann McKay", "text": text}
        for i, text in enumerate(
            [
                "we read it with MultiQC every day",
                "MultiQC again, and GitHub",
                "ask McKay about multiqc",
                "McKay says MultiQC",
                "so MultiQC, McKay and @OpenRefine #OpenRefine",
                "twitter is slow today",
            ]
        )
    ]
    found = cl.find_insights(table(*rows))
    products = found[found["kind"] == "product"]
    named = products["what"].explode().value_counts()
    # A small letter is no reason to miss it; the network they write on is no product.
    assert named.to_dict() == {"MultiQC": 5, "github": 1}
    assert set(products.loc[products["what"].map(["MultiQC"].__eq__), "certainty"]) == {"to check"}
