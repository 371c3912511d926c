from __future__ import annotations

import json

import networkx as nx
import pandas as pd
import pytest

import chatlab as cl
from chatlab.posts.quoting import quotes, with_unquotable
from chatlab.report.plot.figure import MIMETYPE, description_of

HOSTILE = '<img src=x onerror="alert(1)"><b>bold</b>'


def figures(posts: pd.DataFrame) -> dict[str, object]:
    editions = cl.find_editions(posts)
    table = cl.chat.edition_table(posts, editions)
    graph = cl.reply_graph(posts)
    words = posts["text"].where(posts["in_chat"], "").str.len() > 0
    themes = pd.Series(0, index=posts.index, dtype="Int64").where(words)
    found = cl.find_insights(posts)
    names = {0: HOSTILE}
    return {
        "map": cl.report.plot.theme_map(posts, themes, names=names),
        "terms": cl.report.plot.theme_terms(cl.themes.theme_terms(posts, themes), names=names),
        "insights": cl.report.plot.insights(cl.insight_table(posts, found, themes, names=names)),
        "activity": cl.report.plot.activity(cl.posts.activity_table(posts), editions=table),
        "editions": cl.report.plot.editions(table, edition=cl.chat.chosen_edition(editions)),
        "kinds": cl.report.plot.kinds(cl.posts.kind_table(posts)),
        "contributors": cl.report.plot.contributors(cl.people_table(posts)),
        "influence": cl.report.plot.influence(cl.influence_table(graph)),
        "network": cl.report.plot.network(graph),
        "growth": cl.report.plot.growth(
            cl.network.growth_table(posts, cl.themes.time_slices(posts, editions=editions))
        ),
        "fame": cl.report.plot.fame(cl.influence_table(graph)),
    }


@pytest.fixture
def hostile(table) -> pd.DataFrame:
    return table(
        *[
            {"post_id": f"x:h{i}", "author_id": "x:1", "author": HOSTILE, "lang": "en"}
            | {"text": f"{HOSTILE} broken {i}"}
            for i in range(9)
        ],
        {
            "author_id": "x:1",
            "author": HOSTILE,
            "author_name": HOSTILE,
            "text": HOSTILE,
            "author_followers": 3,
        },
        {"author_id": "x:2", "author": "b", "reply_to": "x:1", "reply_to_author": "x:1"},
    )


def test_each_figure_has_title_text_and_data(simulated) -> None:
    for name, figure in figures(simulated[0]).items():
        content = figure.to_plotly_json()
        assert content["data"], name
        assert content["layout"]["title"]["text"], name
        meta = content["layout"]["meta"]
        assert len(meta["description"]) > 20, name
        assert meta["rows"], name
        assert len(meta["columns"]) == len(meta["rows"][0]), name


def test_empty_tables_are_told_in_words() -> None:
    for name, figure in figures(cl.posts.empty_posts()).items():
        content = figure.to_plotly_json()
        assert not content["data"], name
        assert content["layout"]["annotations"][0]["text"], name


def test_markup_in_names_is_shown_not_obeyed(hostile) -> None:
    for name, figure in figures(hostile).items():
        content = figure.to_plotly_json()
        assert "<img" not in json.dumps(content["data"]), name
        assert "<b>bold" not in json.dumps(content["data"]), name


def test_same_seed_draws_the_same_map(simulated) -> None:
    graph = cl.reply_graph(simulated[0])
    shuffled = nx.DiGraph()
    shuffled.add_nodes_from(reversed(list(graph.nodes(data=True))))
    shuffled.add_edges_from(reversed(list(graph.edges(data=True))))
    assert cl.report.plot.network(graph).to_json() == cl.report.plot.network(shuffled).to_json()


def test_map_says_who_was_left_out(simulated) -> None:
    graph = cl.reply_graph(simulated[0])
    some = cl.network.network_layout(graph).head(20)
    figure = cl.report.plot.network(graph, places=some).to_plotly_json()
    assert f"{len(graph) - 20} people with fewer ties are left out" in description_of(figure)
    shown = sum(len(trace["x"]) for trace in figure["data"] if "text" in trace)
    assert shown == 20


def test_notebook_output_is_plotlys_data_and_a_table_for_whoever_has_no_plotly(simulated) -> None:
    bundle = cl.report.plot.kinds(cl.posts.kind_table(simulated[0]))._bundle()
    assert set(bundle) == {MIMETYPE, "text/html", "text/plain"}
    assert bundle["text/plain"].startswith("Kinds of post.")
    assert "<table>" in bundle["text/html"]
    assert "<script" not in bundle["text/html"]
    # The title stands in the caption above, where no legend is.
    assert "title" not in bundle[MIMETYPE]["layout"]
    assert bundle[MIMETYPE]["layout"]["meta"]["title"] == "Kinds of post"


def test_tables_escape_what_comes_from_posts(hostile) -> None:
    shown = [
        cl.report.show.posts(hostile[["author", "created_at", "text", "url"]]),
        cl.report.show.table(cl.people_table(hostile)),
        cl.report.show.influence(cl.influence_table(cl.reply_graph(hostile))),
        cl.report.show.answer(HOSTILE),
        cl.report.show.lines([HOSTILE]),
    ]
    for thing in shown:
        assert "<img" not in thing._repr_html_()
        assert "<b>" not in thing._repr_html_()


@pytest.mark.parametrize("link", ["javascript:alert(1)", "data:text/html,x", None])
def test_only_web_links_become_links(table, link) -> None:
    html = cl.report.show.table(table({"url": link})[["url", "text"]])._repr_html_()
    assert "<a" not in html


def test_people_not_to_quote_are_not_quoted(table) -> None:
    posts = table(
        {"author": "ada", "text": "secret words"}, {"author": "bob", "text": "open words"}
    )
    quiet = with_unquotable(posts, ["@ADA"])
    html = cl.report.show.posts(quiet.assign(text=quotes(quiet))[["author", "text"]])._repr_html_()
    assert "secret" not in html
    assert "open words" in html


def test_tables_speak_the_language(simulated) -> None:
    cl.set_language("fr")
    html = cl.report.show.reach(cl.reach_table(simulated[0]))._repr_html_()
    assert "jusqu&#x27;à" in html
    assert "Mode de calcul" in html
    assert "added up" not in html


def test_long_tables_say_what_they_leave_out() -> None:
    html = cl.report.show.table(pd.DataFrame({"posts": range(60)}), n=50)._repr_html_()
    assert "<summary>10 more rows</summary>" in html
    assert html.count("<tr>") == 60 + 2  # two heads
    longer = cl.report.show.table(pd.DataFrame({"posts": range(600)}), n=50)._repr_html_()
    assert "550 more rows (the first 200 of them here)" in longer
