from __future__ import annotations

import pandas as pd
import pytest

import chatlab as cl


@pytest.fixture
def talk(table) -> pd.DataFrame:
    """Ada replies to three, pam only broadcasts, rex reposts, ash asks."""
    rows = [
        {"post_id": f"x:{who}", "author_id": who, "author": who} for who in ("bob", "cy", "dee")
    ]
    rows += [
        {"author_id": "ada", "author": "ada", "reply_to": f"x:{who}", "reply_to_author": who}
        for who in ("bob", "cy", "dee")
    ]
    rows += [{"author_id": "pam", "author": "pam", "text": f"buy {i}"} for i in range(6)]
    rows += [
        {"author_id": "rex", "author": "rex", "repost_of": f"x:{who}"}
        for who in ("bob", "cy", "dee")
    ]
    rows += [{"author_id": "ash", "author": "ash", "text": "who pays? https://a.b/?c"}]
    rows += [{"author_id": "lin", "author": "lin", "text": "look https://a.b/?c"}]
    return table(*rows)


def roles_of(posts: pd.DataFrame, **options) -> dict[str, list[str]]:
    graph = cl.reply_graph(posts)
    found = cl.network.role_table(graph, posts, cl.find_communities(graph), **options)
    return dict(zip(found["author"], found["roles"], strict=True))


def test_each_rule_finds_its_person(talk) -> None:
    assert roles_of(talk) == {
        "ada": ["answerer"],
        "pam": ["broadcaster"],
        "rex": ["amplifier"],
        "ash": ["asker"],
    }


def test_thresholds_are_parameters(talk) -> None:
    strict = cl.network.RoleRules(people_answered=4, reposts=4, broadcasts=7)
    assert roles_of(talk, rules=strict) == {"ash": ["asker"]}


def test_answers_to_numbered_questions_are_no_broadcast(table) -> None:
    posts = table(
        *[{"author_id": "pam", "author": "pam", "text": f"A{i} yes"} for i in range(1, 9)],
        {"author_id": "b", "author": "b", "reply_to": "x:9", "reply_to_author": "c"},
    )
    assert roles_of(posts) == {}


def test_parts_and_editions_give_roles(table) -> None:
    days = pd.to_datetime(["2026-03-05", "2026-03-12", "2026-03-19"], utc=True)
    posts = table(
        *[{"author_id": "hal", "author": "hal", "created_at": day} for day in days],
        {"author_id": "new", "author": "new", "created_at": days[2]},
        {"author_id": "old", "author": "old", "created_at": days[0]},
    )
    editions = pd.Series([1, 2, 3, 3, 1], index=[f"x:{i}" for i in (1, 2, 3, 4, 5)], dtype="Int64")
    attendance = cl.chat.attendance_table(posts, editions.reindex(posts.index))
    found = roles_of(posts, parts={"hal": "host"}, attendance=attendance)
    assert found == {"hal": ["host", "regular"], "new": ["newcomer"]}


def test_counts_name_nobody_and_state_the_figures(talk) -> None:
    graph = cl.reply_graph(talk)
    rules = cl.network.RoleRules(broadcasts=6, broadcast_share=0.9)
    roles = cl.network.role_table(graph, talk, cl.find_communities(graph), rules=rules)
    counts = cl.network.role_counts(roles)
    assert counts.loc["broadcaster", "people"] == 1
    text = cl.report.show.role_counts(counts, rules=rules).text
    assert "at least 6 posts" in text
    assert "90%" in text
    assert not any(name in text for name in ("ada", "pam", "rex"))
    shown = cl.report.show.roles(roles, for_client=True)._repr_html_()
    assert "pam" not in shown
    assert "pam" in cl.report.show.roles(roles)._repr_html_()


def test_nobody_is_called_a_lurker(talk) -> None:
    graph = cl.reply_graph(talk)
    roles = cl.network.role_table(graph, talk, cl.find_communities(graph))
    shown = cl.report.show.role_counts(cl.network.role_counts(roles))
    assert "lurker" not in " ".join([*roles.columns, shown.text])


def test_roles_of_nothing() -> None:
    posts = cl.posts.empty_posts()
    graph = cl.reply_graph(posts)
    roles = cl.network.role_table(graph, posts, cl.find_communities(graph))
    assert roles.empty
    assert (cl.network.role_counts(roles)["people"] == 0).all()
    assert "Nobody" in cl.report.show.roles(roles).text
