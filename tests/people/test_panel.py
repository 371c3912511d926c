"""Host and panel at work, and what happens after the sign-off."""

from __future__ import annotations

import pandas as pd
import pytest

import chatlab as cl


def test_each_panellist_has_a_row_for_each_question(table) -> None:
    start = pd.Timestamp("2026-03-05 09:00", tz="UTC")
    minute = pd.Timedelta(minutes=1)

    def row(author: str, after: float, text: str, **more: object) -> dict[str, object]:
        when = start + after * minute
        return {
            "author_id": f"x:{author}",
            "author": author,
            "created_at": when,
            "text": text,
            **more,
        }

    posts = table(
        row("host", 0, "Q1 Who pays?"),
        row("tom", 4, "A1 the client pays"),
        row("ann", 5, "A1 nobody pays"),
        row("bea", 6, "yes", kind="reply", reply_to="x:2", reply_to_author="x:tom"),
        row("bea", 7, "and again", kind="reply", reply_to="x:2", reply_to_author="x:tom"),
        row("host", 20, "Q2 Who reads?"),
        row("ann", 21, "A2 I do"),
    )
    questions = cl.chat.find_questions(
        posts, hosts=["x:host"], editions=pd.Series(1, posts.index, dtype="Int64")
    )
    answers = cl.chat.match_answers(posts, questions)
    parts = {"x:host": "host", "x:tom": "panel", "x:idle": "panel"}
    work = cl.people.panel_table(posts, questions, answers, parts)
    assert work[["number", "author", "answers", "back"]].to_numpy().tolist() == [
        [1, "tom", 1, 1],
        [2, "tom", 0, 0],
    ]
    assert work["minutes"].tolist()[0] == 4
    assert pd.isna(work["minutes"][1])
    team = cl.people.team_table(posts, work, parts)
    assert team.index.tolist() == ["x:host", "x:tom"]
    tom = team.loc["x:tom"]
    assert (tom["questions"], tom["given"], tom["minutes"], tom["answered_by"]) == (2, 1, 4, 1)
    assert tom["share"] == pytest.approx(1 / 7)
    # Bea's first post answers Tom: he brought her.
    assert tom["brought"] == 1
    nobody = cl.people.panel_table(posts, questions.iloc[:0], answers.iloc[:0], parts)
    assert nobody.empty


@pytest.fixture
def evening(table) -> tuple[pd.DataFrame, pd.Series]:
    start = pd.Timestamp("2026-03-05 09:00", tz="UTC")

    def row(author: str, after: int, text: str = "words", **more: object) -> dict[str, object]:
        when = start + pd.Timedelta(minutes=after)
        return {
            "author_id": f"x:{author}",
            "author": author,
            "created_at": when,
            "text": text,
        } | more

    posts = table(
        row("host", 0, "Welcome"),
        *[row(f"p{i}", 5 + i) for i in range(10)],
        row("host", 58, "Thank you all, see you next week!"),
        row("p1", 61, "Does anybody insure this?"),
        row("p2", 63, kind="reply", reply_to="x:13", reply_to_author="x:p1"),
        row("late", 90),
        row("p3", 95, kind="repost", repost_of="x:1", repost_of_author="x:host"),
        row("next", 60 * 24),
    )
    inside = posts["created_at"] <= start + pd.Timedelta(minutes=63)
    return posts, pd.Series(1, posts.index, dtype="Int64").where(inside)


def test_the_after_party_begins_at_the_sign_off(evening) -> None:
    posts, editions = evening
    late = cl.chat.late_posts(posts, editions, hosts=["x:host"])
    assert late["author"].tolist() == ["p1", "p2", "late"]  # neither reposts nor the next day
    assert late["minutes_after"].tolist() == [3, 5, 32]
    without = cl.chat.late_posts(posts, editions)
    assert without["author"].tolist() == ["late"]
    asked = pd.DataFrame(
        {"post_id": ["x:13", "x:15"], "certainty": ["sure", "to check"], "reason": "answered"}
    )
    party = cl.chat.after_party_table(posts, editions, hosts=["x:host"], asked=asked).loc[1]
    assert party["signed_off"]
    assert (party["posts"], party["people"], party["stayed"]) == (3, 3, 2)
    assert (party["asked"], party["answered"], party["half_after"]) == (1, 1, 5)
    assert cl.chat.after_party_table(posts, editions)["asked"].isna().all()


def test_the_bundled_host_signs_off_every_time(bundled) -> None:
    party = cl.chat.after_party_table(bundled.posts, bundled.editions, hosts=bundled.host_ids)
    assert party["signed_off"].all()
    own = bundled.posts[bundled.posts["in_chat"] & bundled.posts["kind"].ne("repost")]
    for _number, row in party.iterrows():
        after = own["created_at"] - row["over_at"]
        wait = pd.Timedelta(hours=12)
        assert row["posts"] == ((after > pd.Timedelta(0)) & (after <= wait)).sum()
