"""Themes on small talks whose subjects are plain to see, and on the simulated chat."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
import pytest
from sklearn.metrics import adjusted_rand_score

import chatlab as cl
from chatlab.chat.parents import parents_of
from chatlab.errors import PostsError
from chatlab.posts.quoting import with_unquotable
from chatlab.themes.documents import own_words
from chatlab.themes.recurrence import _bursting, _dispersion
from data.simulation.story import simulate_chat

COFFEE = ["espresso machine", "coffee beans", "espresso coffee", "milk foam", "roasted beans"]
TRAINS = ["night train", "railway station", "train ticket", "delayed railway", "station platform"]
GARDENS = ["garden soil", "tomato seeds", "garden compost", "seeds soil", "tomato compost"]


def talk(rng: np.random.Generator, subject: list[str], n: int) -> list[str]:
    """Two phrases of one subject each, so that every post shares words with some others."""
    return [
        " and ".join(rng.choice(subject, 2, replace=False)) + f" w{rng.integers(9)}x"
        for _post in range(n)
    ]


@pytest.fixture(scope="module")
def talks() -> tuple[pd.Series, np.ndarray]:
    rng = np.random.default_rng(1)
    texts = [*talk(rng, COFFEE, 60), *talk(rng, TRAINS, 45), *talk(rng, GARDENS, 30)]
    truth = np.repeat([0, 1, 2], [60, 45, 30])
    return pd.Series(texts, index=[f"t{i}" for i in range(len(texts))]), truth


def test_plain_subjects_are_found(talks) -> None:
    texts, truth = talks
    themes = cl.find_themes(texts, n_themes=3, place_all=True)
    assert themes.index.equals(texts.index)
    assert themes.dtype == "Int64"
    assert adjusted_rand_score(truth, themes.to_numpy(dtype=int)) > 0.95
    # 0 is the theme with most posts.
    assert themes.value_counts().index.tolist() == sorted(themes.unique())


def test_what_fits_no_subject_has_no_theme(talks) -> None:
    texts, truth = talks
    rng = np.random.default_rng(2)
    chatter = pd.Series(
        [f"well {rng.integers(10**6)}x and {rng.integers(10**6)}y" for _i in range(60)],
        index=[f"c{i}" for i in range(60)],
    )
    themes = cl.find_themes(pd.concat([texts, chatter]))
    assert themes[chatter.index].isna().all()
    placed = themes[texts.index].dropna()
    assert len(placed) > 0.4 * len(texts)
    shared = pd.crosstab(placed, pd.Series(truth, texts.index)[placed.index])
    assert shared.max(axis=1).sum() / shared.to_numpy().sum() > 0.95


def test_few_texts_or_people_have_phrases_and_no_themes(talks, table) -> None:
    texts, _truth = talks
    alone = table(*[{"text": text, "author_id": "x:1", "lang": "en"} for text in texts])
    assert cl.find_themes(alone).isna().all()
    assert cl.find_themes(alone, place_all=True).notna().any()
    several = table(
        *[{"text": text, "author_id": f"x:{i % 7}", "lang": "en"} for i, text in enumerate(texts)]
    )
    assert cl.find_themes(several).isna().all()
    phrases = cl.themes.common_phrases(several)
    assert len(phrases)
    assert phrases["people"].min() >= 3
    themes = cl.find_themes(several)
    told = cl.report.say.themes(cl.theme_table(several, themes), phrases)
    assert told.startswith("No firm themes")
    assert len(cl.themes.unplaced_posts(several, themes)) == len(several)


def test_order_of_rows_does_not_matter(talks) -> None:
    texts, _truth = talks
    shuffled = texts.sample(frac=1, random_state=3)
    again = cl.find_themes(shuffled).reindex(texts.index)
    pd.testing.assert_series_equal(cl.find_themes(texts), again)


def test_a_shuffled_posts_table_gives_the_same_themes(simulated) -> None:
    posts = simulated[0].head(400)
    shuffled = posts.sample(frac=1, random_state=3)
    themes = cl.find_themes(posts)
    pd.testing.assert_series_equal(themes, cl.find_themes(shuffled).reindex(posts.index))


def test_posts_without_words_have_no_theme_and_copies_share_one(table) -> None:
    rows = [
        {"text": f"{text} #tag", "hashtags": ["tag"], "lang": "en"}
        for text in ["late invoice", "invoice paid late", "garden soil", "soil and seeds"] * 3
    ]
    posts = table(
        *rows,
        {"text": "#tag 🎉 thanks!", "hashtags": ["tag"]},
        {"text": "late invoice #tag", "kind": "repost", "repost_of": "x:1"},
    )
    themes = cl.find_themes(posts, n_themes=2, place_all=True)
    assert pd.isna(themes["x:13"])
    assert themes["x:14"] == themes["x:1"]
    assert themes.drop("x:13").notna().all()


def test_greetings_and_thanks_have_no_theme_but_what_they_answer(table) -> None:
    rows = [{"text": f"{text} {i}x", "lang": "en"} for i, text in enumerate(COFFEE * 4)]
    courtesies = [
        {"text": "Good morning from the railway station", "lang": "en"},
        {"text": "Merci la table, belle heure", "lang": "fr"},
        # These say more: a question, an answer, a reply.
        {"text": "Hello, who repairs espresso machines?", "lang": "en"},
        {"text": "A1 thanks, roasted beans", "lang": "en"},
        {"text": "thanks, roasted beans", "lang": "en", "kind": "reply", "reply_to": "x:1"},
    ]
    themes = cl.find_themes(table(*rows, *courtesies), n_themes=2, place_all=True)
    assert themes.isna().to_numpy().nonzero()[0].tolist() == [20, 21]


@pytest.mark.parametrize("n", [0, 1, 5])
def test_tiny_tables_give_one_theme_or_none(table, n: int) -> None:
    posts = table(*[{"text": f"word{i} alone"} for i in range(n)])
    themes = cl.find_themes(posts)
    assert len(themes) == n
    assert len(themes.dropna().unique()) <= 1
    described = cl.theme_table(posts, themes)
    assert len(described) == themes.dropna().nunique()
    assert cl.report.say.themes(described, cl.theme_recurrence(posts, themes, themes))


def test_fewer_than_one_theme_is_refused(talks) -> None:
    with pytest.raises(PostsError, match="at least one theme"):
        cl.find_themes(talks[0], n_themes=0)


def test_short_replies_lean_on_what_they_answer(table) -> None:
    rows = []
    for i in range(20):
        subject = "invoice payment bank" if i % 2 else "garden tomato seeds"
        rows.append({"post_id": f"x:a{i}", "text": f"{subject} story{i % 3}", "lang": "en"})
    rows.append({"post_id": "x:r1", "text": "convincing", "reply_to": "x:a1", "kind": "reply"})
    rows.append({"post_id": "x:r2", "text": "convincing", "reply_to": "x:a2", "kind": "reply"})
    themes = cl.find_themes(table(*rows), n_themes=2, place_all=True)
    assert themes["x:r1"] == themes["x:a1"]
    assert themes["x:r2"] == themes["x:a2"]


def test_the_tree_cuts_coarser_and_finer_and_names_new_posts(talks) -> None:
    texts, _truth = talks
    tree = cl.themes.theme_tree(texts, n_themes=3)
    two, three = tree.cut(2), tree.cut()
    # Every theme of the finer cut lies within one of the coarser.
    assert (pd.crosstab(three, two) > 0).sum(axis=1).max() == 1
    assert len(tree.cut(1).unique()) == 1
    new = pd.Series(["compost for tomato seeds", "a night train at the station", "!!!"])
    named = tree.predict(new)
    gardens = three["t130"]
    assert named.tolist()[:2] == [gardens, three["t70"]]
    assert pd.isna(named[2])


def test_subjects_that_no_single_word_tells_are_found() -> None:
    """Every word stands in several subjects, only more often in some."""
    rng = np.random.default_rng(0)
    words = [f"z{first}oro{last}" for first in "abcdef" for last in "abcdefghijklmnopqrstuvwxy"]
    subjects = rng.dirichlet(np.full(len(words), 0.4), 6)
    planted = rng.integers(6, size=900)
    texts = [" ".join(rng.choice(words, 6, p=subjects[subject])) for subject in planted]
    themes = cl.find_themes(pd.Series(texts), n_themes=6, place_all=True)
    assert adjusted_rand_score(planted, themes.to_numpy(dtype=int)) > 0.78


def test_an_encoder_joins_texts_without_a_common_word() -> None:
    texts = pd.Series([f"one{i} two{i} three{i}" for i in range(20)])

    def encoder(some: Sequence[str]) -> np.ndarray:
        return np.array(
            [[1.0, 0.0] if int(t.split("one")[1].split()[0]) % 2 else [0.0, 1.0] for t in some]
        )

    themes = cl.find_themes(texts, n_themes=2, encoder=encoder, place_all=True)
    odd = pd.Series(range(20)) % 2
    assert adjusted_rand_score(odd, themes.to_numpy(dtype=int)) == 1


def test_an_encoder_joins_what_is_said_in_two_languages() -> None:
    posts, truth = simulate_chat(n_editions=3, n_authors=120, seed=0)
    posts = posts[posts["in_chat"]]
    planted = truth["theme"].reindex(posts.index)
    names = sorted(planted.dropna().unique())
    meant = dict(zip(posts["text"], planted, strict=True))
    rng = np.random.default_rng(0)
    centres = rng.normal(size=(len(names) + 1, 32))

    def encoder(some: Sequence[str]) -> np.ndarray:
        kinds = [names.index(meant[t]) if isinstance(meant[t], str) else -1 for t in some]
        return centres[kinds] + rng.normal(size=(len(some), 32))

    themes = cl.find_themes(posts, encoder=encoder, place_all=True)
    known = planted.notna() & themes.notna()
    assert adjusted_rand_score(planted[known], themes[known].astype(int)) > 0.9


def test_an_encoder_that_loses_a_text_is_refused() -> None:
    with pytest.raises(PostsError, match="one row per text"):
        cl.find_themes(
            pd.Series(["a red fox", "a red dog", "a blue cat"]),
            encoder=lambda texts: np.ones((len(texts) - 1, 4)),
        )


def test_planted_themes_are_found_at_three_thousand_posts() -> None:
    posts, truth = simulate_chat(n_editions=15, n_authors=220, seed=0)
    posts = posts[posts["in_chat"]]
    themes = cl.find_themes(posts, place_all=True)
    known = truth["theme"].reindex(posts.index).notna() & themes.notna()
    planted = truth["theme"].reindex(posts.index)[known]
    assert adjusted_rand_score(planted, themes[known].to_numpy(dtype=int)) > 0.8


def test_small_words_of_other_languages_and_the_word_searched_make_no_theme(table) -> None:
    rows = [
        {"text": f"Der kleine {i}x und die mit Apfelmus {word}", "lang": "de"}
        for i, word in enumerate(["Gartenzaun", "Hausmauer"] * 15)
    ]
    kept = {word for words in own_words(table(*rows)) for word in words}
    assert not kept & {"der", "und", "die", "mit", "apfelmus"}
    assert {"gartenzaun", "hausmauer"} <= kept


def described(table) -> tuple[pd.DataFrame, pd.Series]:
    rows = [
        {
            "author_id": f"x:{i % 5}",
            "author": f"p{i % 5}",
            "lang": "en",
            "likes": 1,
            "text": f"The late payment of this invoice took {word} weeks, again and again",
        }
        for i, word in enumerate(["eight", "nine", "ten", "eleven", "twelve", "twenty"])
    ]
    rows += [
        {
            "author_id": f"x:{i % 3}",
            "author": f"p{i % 3}",
            "lang": "fr",
            "text": f"Le jardin partagé manque de graines de tomates, dit {word} du quartier",
        }
        for i, word in enumerate(["Anna", "Bruno", "Chloé", "Denis"])
    ]
    posts = table(*rows)
    return posts, pd.Series([0] * 6 + [1] * 4, index=posts.index, dtype="Int64", name="theme")


def test_theme_table_counts_names_and_quotes(table) -> None:
    posts, themes = described(table)
    told = cl.theme_table(with_unquotable(posts, ["p0"]), themes)
    assert told["posts"].to_dict() == {0: 6, 1: 4}
    assert told["people"].to_dict() == {0: 5, 1: 3}
    assert told["share"].round(2).to_dict() == {0: 0.6, 1: 0.4}
    assert told["engagement"][0] == 6
    assert pd.isna(told["engagement"][1])
    assert told["languages"].to_dict() == {0: ["en"], 1: ["fr"]}
    assert "payment" in told["name"][0]
    assert "jardin" in told["name"][1]
    assert len(told["examples"][0]) == 3
    assert posts.loc[told["examples"][0], "author"].is_unique
    assert "p0" not in set(posts.loc[told["examples"][0], "author"])


def test_abuse_is_not_quoted_and_names_can_be_given(table) -> None:
    posts, themes = described(table)
    posts.loc[posts.index[:5], "text"] += " you idiot"
    told = cl.theme_table(posts, themes, names={0: "Pay"})
    assert told["name"][0] == "Pay"
    assert told["examples"][0] == [posts.index[5]]


def test_unstable_themes_are_marked(table) -> None:
    posts, themes = described(table)
    firm = pd.DataFrame({"stable": [True, False]}, index=[0, 1])
    told = cl.theme_table(posts, themes, stability=firm)
    assert told["stable"].tolist() == [True, False]
    assert not told["name"][0].endswith("(?)")
    assert told["name"][1].endswith("(?)")
    assert cl.report.say.theme_cautions(posts, told)[1].startswith("1 theme is marked")


def test_theme_terms_say_where_a_phrase_stands(table) -> None:
    posts, themes = described(table)
    terms = cl.themes.theme_terms(posts, themes).set_index(["theme", "phrase"])
    assert terms.loc[(0, "payment")].to_dict() == {
        "texts": 6,
        "coverage": 1.0,
        "elsewhere": 0.0,
    }


def spread(table, *counts: list[int]) -> tuple[pd.DataFrame, pd.Series, pd.Series]:
    """Posts by theme and slice: one list per theme, four different people throughout."""
    rows, themes, slices = [], [], []
    for theme, some in enumerate(counts):
        for number, n in enumerate(some, start=1):
            for i in range(n):
                rows.append({"author_id": f"x:{i % 4}", "text": "x"})
                themes.append(theme)
                slices.append(number)
    posts = table(*[{**row, "post_id": f"x:{i:05d}"} for i, row in enumerate(rows)])
    return (
        posts,
        pd.Series(themes, index=posts.index, dtype="Int64"),
        pd.Series(slices, index=posts.index, dtype="Int64"),
    )


@pytest.mark.parametrize(
    ("counts", "kind"),
    [
        ([6, 6, 6, 6, 6, 6], "steady"),
        ([6, 6, 0, 6, 0, 6], "recurring"),
        ([0, 9, 0, 0, 0, 0], "one burst"),
        ([0, 0, 0, 0, 6, 6], "new"),
        ([6, 6, 6, 0, 0, 0], "fading"),
        ([12, 9, 7, 5, 4, 3], "fading"),
        ([1, 2, 3, 5, 8, 12], "growing"),
    ],
)
def test_kinds_of_return(table, counts: list[int], kind: str) -> None:
    posts, themes, slices = spread(table, counts, [20] * 6)
    told = cl.theme_recurrence(posts, themes, slices)
    assert told.loc[0, "type"] == kind
    assert told.loc[0, "of"] == 6
    assert 0 < told.loc[0, "p_value"] <= 1


def test_few_slices_tell_nothing_and_one_voice_is_no_theme(table) -> None:
    posts, themes, slices = spread(table, [5, 0, 5], [9, 9, 9], [0, 9, 0])
    told = cl.theme_recurrence(posts, themes, slices)
    assert told["type"].tolist() == ["in several", "in each", "in one"]
    assert told["p_value"].isna().all()
    two = spread(table, [5, 5], [9, 9])
    assert set(cl.theme_recurrence(*two)["type"]) == {"too few to tell"}
    alone = posts.assign(author_id="x:1")
    assert set(cl.theme_recurrence(alone, themes, slices)["type"]) == {"one voice"}


def test_dispersion_and_bursts_by_hand() -> None:
    # All four posts in one of two equal slices: |1 - 1/2| + |0 - 1/2| = 1, halved.
    assert _dispersion(np.array([4, 0]), np.array([10, 10])) == 0.5
    assert _dispersion(np.array([5, 5]), np.array([10, 10])) == 0
    counts = np.array([1, 1, 30, 30, 1, 1])
    assert _bursting(counts, np.full(6, 50)).tolist() == [False, False, True, True, False, False]


def test_slices_are_editions_or_steps_of_time(table) -> None:
    posts = table(
        *[
            {"created_at": pd.Timestamp("2026-03-05 08:00", tz="UTC") + pd.Timedelta(minutes=7 * i)}
            for i in range(6)
        ]
    )
    one = pd.Series(1, index=posts.index, dtype="Int64")
    # Minutes 0, 7, 14, 21, 28, 35 in steps of ten.
    assert cl.themes.time_slices(posts, editions=one).tolist() == [1, 1, 2, 3, 3, 4]
    editions = pd.Series([1, 1, 2, 2, 3, 3], index=posts.index, dtype="Int64")
    assert cl.themes.time_slices(posts, editions=editions).tolist() == [1, 1, 2, 2, 3, 3]
    assert cl.themes.time_slices(posts.assign(created_at=pd.NaT), editions=one).isna().all()


def test_stability_is_high_where_subjects_are_plain(talks, table) -> None:
    texts, _truth = talks
    posts = table(
        *[{"text": text, "author_id": f"x:{i % 11}", "lang": "en"} for i, text in enumerate(texts)]
    )
    themes = cl.find_themes(posts, n_themes=3)
    firm = cl.themes.theme_stability(posts, themes, n_themes=3)
    assert firm.index.tolist() == sorted(themes.dropna().unique())
    assert firm["over_seeds"].min() > 0.9
    assert cl.themes.theme_stability(posts, themes.mask(themes.notna())).empty


def test_sentences_about_themes_in_both_languages(table) -> None:
    posts, themes, slices = spread(table, [6, 6, 0, 6, 0, 6], [0, 9, 0, 0, 0, 0])
    posts["text"] = [
        f"payment invoice bank{i % 3}" if t == 0 else f"garden seeds soil{i % 3}"
        for i, t in enumerate(themes)
    ]
    told = cl.theme_table(posts, themes, names={0: "pay", 1: "garden"})
    returns = cl.theme_recurrence(posts, themes, slices)
    assert cl.report.say.themes(told, returns) == (
        "2 themes. Coming back: “pay”. Only once: “garden”."
    )
    cl.set_language("fr")
    assert "Reviennent\u00a0: «\u00a0pay\u00a0»" in cl.report.say.themes(told, returns)


def test_a_post_without_a_known_word_has_no_theme(simulated) -> None:
    posts = simulated[0].head(400)
    tree = cl.themes.theme_tree(posts)
    texts = pd.Series(["xyzzy plugh", "late payment of the invoice", ""])
    told = tree.predict(texts)
    assert told.isna().tolist() == [True, False, True]
    fit = tree.fit(texts)
    assert fit[0] == 0
    assert 0 < fit[1] <= 1
    assert pd.isna(fit[2])


def test_the_engine_takes_the_questions_that_it_is_given(table) -> None:
    rows = [
        {"author_id": "h", "text": "Q1 What about invoices and banks?"},
        {"author_id": "x:1", "text": "A1 banks block everything abroad"},
        {"author_id": "g", "text": "Q1 Which seeds for your garden?"},
        {"author_id": "x:2", "text": "A1 tomatoes and beans"},
    ]
    posts = table(*rows)

    def parents(some: pd.DataFrame, questions: pd.DataFrame) -> list[int]:
        answers = cl.match_answers(posts, questions)
        return list(parents_of(some, questions=questions, answers=answers))

    mine = cl.find_questions(posts, hosts=["h"])
    assert parents(posts, mine) == [-1, 0, -1, 0]
    theirs = cl.find_questions(posts, hosts=["g"])
    assert parents(posts, theirs) == [-1, -1, -1, 2]
    # Of a part of the posts, a question outside it lends no words.
    assert parents(posts.iloc[1:], mine) == [-1, -1, -1]


def test_a_legend_is_of_its_own_table() -> None:
    account = pd.DataFrame({"amount": [1.0], "counted_from": [1], "rule": ["by hand"]})
    account.index = pd.Index(["own_posts"], name="measure")
    assert "how the figure is made" in cl.report.show.account(account)._repr_html_()
    assert "who has the role" not in cl.report.show.account(account)._repr_html_()
