from __future__ import annotations

import pandas as pd
import pytest

from chatlab.errors import PostsError
from chatlab.posts.schema import COLUMNS, NAMES, check_posts, empty_posts, engagement
from tests.conftest import ROOT


def test_data_dictionary_says_what_the_schema_says() -> None:
    document = (ROOT / "data" / "README.md").read_text(encoding="utf-8")
    for column in COLUMNS:
        assert f"| `{column.name}` | {column.meaning} | {column.missing} |" in document


def test_empty_posts_is_a_posts_table() -> None:
    assert check_posts(empty_posts()).shape == (0, len(NAMES))


def test_check_posts_names_every_fault(table) -> None:
    posts = table({}, {"kind": None})
    broken = posts.assign(platform="myspace", likes="many").iloc[::-1]
    with pytest.raises(PostsError) as error:
        check_posts(broken)
    assert "myspace" in str(error.value)
    assert "likes is str" in str(error.value)


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (lambda p: p.drop(columns=["lang", "client"]), "lang, client"),
        (lambda p: p.set_index("author_id", drop=False), "not the column post_id"),
        (lambda p: p.iloc[::-1], "not sorted"),
        (
            lambda p: p.assign(kind="repost", likes=pd.array([3, 3], "Int64")),
            "belong to its origin",
        ),
        (lambda p: p.rename_axis("id"), "should be unnamed"),
    ],
)
def test_check_posts_refuses(table, change, told: str) -> None:
    with pytest.raises(PostsError, match=told):
        check_posts(change(table({"author_id": "x:11"}, {"author_id": "x:12"})))


def test_engagement_leaves_missing_counts_out(table) -> None:
    posts = table(
        {"likes": 3, "reposts": 2},  # 3 + 2
        {},  # nothing known
        {"likes": 0},  # known to be none
    )
    assert engagement(posts).tolist() == [5, pd.NA, 0]
