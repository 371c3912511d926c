"""Heat maps: their numbers, their shades, their empty cases."""

from __future__ import annotations

import re

import pandas as pd
import pytest

from chatlab.report import show


@pytest.fixture
def posts(table) -> pd.DataFrame:
    return table(
        *[
            {"text": f"post {i}", "created_at": pd.Timestamp(2026, 3, 1 + i // 2, tz="UTC")}
            for i in range(8)
        ]
    )


def test_every_field_is_counted_and_the_largest_is_darkest(posts: pd.DataFrame) -> None:
    themes = pd.Series([0, 0, 0, 1, None, 1, 1, 1], index=posts.index, dtype="Int64")
    slices = pd.Series([1, 1, 1, 1, 2, 2, 2, 2], index=posts.index)
    shown = show.theme_slices(posts, themes, slices, names={0: "<b>$", 1: "labels"})
    fields = re.findall(r'<td(?: class="shade(\d)")?>(\d*)</td>', shown.html)
    assert fields == [("8", "3"), ("", ""), ("3", "1"), ("8", "3")]
    assert "<b>$" not in shown.html
    assert 'href="#theme-1"' in shown.html


def test_one_slice_is_nothing_to_compare(posts: pd.DataFrame) -> None:
    themes = pd.Series(0, index=posts.index)
    shown = show.theme_slices(posts, themes, pd.Series(1, index=posts.index), names={0: "x"})
    assert not shown.html
    assert "one slice" in shown.absent


@pytest.mark.parametrize(
    ("starts", "labels"),
    [
        (["2026-03-01 09:00", "2026-03-01 09:20"], ["1 · 09:00", "2 · 09:20"]),
        (
            ["2026-03-01 09:00", "2026-03-01 21:00", "2026-03-02 09:00"],
            ["1 · 2026-03-01 · 09:00", "2 · 21:00", "3 · 2026-03-02 · 09:00"],
        ),
        (["2026-03-01 09:00", "2026-04-01 09:00"], ["1 · 2026-03-01", "2 · 2026-04-01"]),
    ],
)
def test_slices_of_several_days_say_the_day(starts: list[str], labels: list[str]) -> None:
    from chatlab.report.say.slices import slice_labels
    from chatlab.translation import format_date

    first = pd.Series(pd.to_datetime(starts, utc=True), index=range(1, len(starts) + 1))
    written = slice_labels(first, first.index, "UTC")
    wanted = [
        re.sub(r"\d{4}-\d\d-\d\d", lambda m: format_date(pd.Timestamp(m[0], tz="UTC"), "UTC"), one)
        for one in labels
    ]
    assert written == wanted


def test_ties_between_groups_are_shaded_by_row() -> None:
    matrix = pd.DataFrame([[8, 2], [0, 1]], index=[0, 1], columns=[0, 1])
    shown = show.community_ties(matrix, names={0: "1 · <i>", 1: "2 · b"})
    fields = re.findall(r'<td(?: class="shade(\d)")?>(\d*)</td>', shown.html)
    assert fields == [("6", "8"), ("2", "2"), ("", ""), ("8", "1")]
    assert "82%" in shown.html
    assert "<i>" not in shown.html


def test_groups_without_ties_say_so() -> None:
    assert "no ties" in show.community_ties(pd.DataFrame([[0]])).absent
