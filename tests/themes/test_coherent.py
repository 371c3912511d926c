"""Phrases, their names, and the groups of texts that make one subject."""

from __future__ import annotations

import numpy as np
import pandas as pd

import chatlab as cl
from chatlab.themes.coherent import coherent_groups, core_phrases
from chatlab.themes.collocations import shared_phrases
from chatlab.themes.documents import read_documents
from chatlab.themes.persons import person_words


def phrases_of(*texts: str, people: int = 4) -> cl.themes.collocations.Phrases:
    words = [text.split() for text in texts]
    small = {"of", "the", "is"}
    content = [[word for word in some if word not in small] for some in words]
    return shared_phrases(words, content, np.arange(len(texts)) % people)


def test_phrases_of_three_words_are_found_with_what_joins_them() -> None:
    texts = ["the cost of living rises", "cost of living is up", "rent and cost of living"] * 2
    others = [f"soil number{i} seeds" for i in range(80)]
    found = phrases_of(*texts, *others, "living room", "the cost", "a room", "up")
    assert "cost of living" in found.names
    whole = dict(zip(found.names, found.whole, strict=True))
    # `cost` mostly stands inside the longer phrase.
    assert whole["cost of living"]
    assert not whole["cost"]


def test_a_phrase_of_one_person_is_none_of_several() -> None:
    texts = ["red fox jumps"] * 3 + ["blue whale sings"] * 3
    found = shared_phrases(
        [text.split() for text in texts],
        [text.split() for text in texts],
        np.array([0, 0, 0, 1, 2, 3]),
    )
    inside = np.ones(6, dtype=bool)
    people = dict(zip(found.names, found.people(inside), strict=True))
    assert people["fox"] == 1
    assert people["whale"] == 3


def test_core_phrases_cover_what_others_do_not() -> None:
    group = ["panne box", "panne wifi", "panne orage", "coupure fibre", "coupure nuit"] * 3
    rest = ["jardin tomates", "jardin graines", "train gare", "train quai"] * 8
    found = phrases_of(*group, *rest, people=9)
    inside = np.arange(len(group) + len(rest)) < len(group)
    assert [found.names[column] for column in core_phrases(found, inside, 2)] == [
        "panne",
        "coupure",
    ]


def test_everyday_words_and_tags_of_events_tell_no_subject() -> None:
    found = phrases_of("people conf2019 protein", "people conf2019 protein", "people protein")
    everyday = dict(zip(found.names, found.everyday, strict=True))
    assert everyday["people"]
    assert everyday["conf2019"]
    assert not everyday["protein"]


def test_persons_are_known_by_first_names_and_capitals() -> None:
    texts = [
        "Great talk by Anna Kowalska on proteins",
        "Kowalska shows how Anna does it",
        "I agree with Anna Kowalska",
        "the mark of a good rose",
        "Open Data for all, says the institute",
    ]
    names = person_words(texts, ["Anna Kowalska", "Open Data Institute"])
    assert names == {"anna", "kowalska"}


def test_hashtags_at_the_end_count_where_people_say_them_too(table) -> None:
    posts = table(
        *[{"text": f"privacy matters {i}x #EduNet #privacy", "lang": "en"} for i in range(4)],
        *[{"text": f"gardens grow {i}x #EduNet", "lang": "en"} for i in range(30)],
    )
    found = set(read_documents(posts).phrases.names)
    assert "privacy" in found
    assert "edu" not in found


def test_few_texts_have_no_groups_and_the_same_seed_gives_the_same() -> None:
    rng = np.random.default_rng(0)
    subjects = [["fox", "hedge", "burrow"], ["choir", "tenor", "score"], ["dough", "oven", "crust"]]
    texts = [" ".join(rng.permutation(subjects[i % 3])[:2]) + f" word{i}" for i in range(90)]
    found = phrases_of(*texts, people=20)
    everybody = np.ones(90, dtype=bool)
    groups = coherent_groups(found, everybody, seed=0)
    assert (groups == coherent_groups(found, everybody, seed=0)).all()
    placed = groups >= 0
    assert placed.mean() > 0.5
    for group in range(groups.max() + 1):
        assert len(set(np.flatnonzero(groups == group) % 3)) == 1
    assert (coherent_groups(found.of(np.arange(40)), everybody[:40], seed=0) == -1).all()


def test_names_speak_the_language_of_the_page_and_name_no_person(table) -> None:
    french = ["panne de réseau chez Anna", "encore une panne de réseau", "panne réseau totale"]
    english = ["network outage again", "big network outage", "outage of the network, Anna"]
    rows = [
        {"text": f"{text} {i}x", "lang": lang, "author_id": f"x:{i % 11}"}
        for i in range(24)
        for lang, text in (("fr", french[i % 3]), ("en", english[i % 3]))
    ]
    other = [
        {"text": f"garden soil {i}x", "lang": "en", "author_id": f"x:{i % 11}"} for i in range(30)
    ]
    posts = table(*rows, *other)
    themes = pd.Series([0] * 48 + [1] * 30, index=posts.index, dtype="Int64")
    assert "outage" in cl.theme_table(posts, themes)["name"][0]
    cl.set_language("fr")
    name = cl.theme_table(posts, themes)["name"][0]
    assert "panne" in name
    assert "outage" not in name
    assert "anna" not in name
