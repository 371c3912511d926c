"""The figures of an edition that memories are set beside, and names as memories say them."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from chatlab.people.people import people_table
from chatlab.posts.schema import engagement
from chatlab.posts.select import own_posts
from chatlab.text.phrases import plainly
from chatlab.themes.find import ChatThemes, KeptThemes

QUESTION = re.compile(r"q(?:uestion)?\s?[.#]?\s?(\d{1,2})", re.IGNORECASE)
# So many posts are shown as proof.
SHOWN = 3


@dataclass
class Figures:
    """What can be set beside a memory."""

    posts: pd.DataFrame
    board: pd.DataFrame | None
    themes: KeptThemes | ChatThemes | None
    hosts: Collection[str]
    zone: str
    people: pd.DataFrame = field(init=False)
    theme_posts: pd.Series = field(init=False)

    def __post_init__(self) -> None:
        people = people_table(self.posts)
        order = ["answered_by", "posts"]
        people = people.sort_values(order, ascending=False, kind="stable")
        self.people = people[~people.index.isin(list(self.hosts))]
        if self.themes is None:
            self.theme_posts = pd.Series(dtype="int64")
        else:
            here = self.themes.themes.reindex(self.own.index)
            self.theme_posts = here.value_counts()

    @property
    def own(self) -> pd.DataFrame:
        """The posts that somebody wrote here, reposts left out."""
        return own_posts(self.posts)

    def theme_name(self, theme: int) -> str:
        """Return the name of a theme."""
        return self.themes.names.get(theme, str(theme)) if self.themes else str(theme)


def first_of(table: pd.DataFrame, column: str) -> pd.Series:
    """Return the row with the highest value, the first of equals."""
    return table.iloc[int(np.argmax(table[column]))]


def is_named(wanted: str, name: str) -> bool:
    """Tell whether a folded name stands, as whole words, in another text."""
    return (
        bool(wanted)
        and re.search(rf"(?<![^\W_]){re.escape(wanted)}(?![^\W_])", plainly(name)) is not None
    )


def posts_of(posts: pd.DataFrame, author: str) -> list[str]:
    """Return the person's posts that drew most."""
    own = own_posts(posts)
    drew = (
        engagement(own[own["author_id"] == author])
        .fillna(0)
        .sort_values(ascending=False, kind="stable")
    )
    return list(drew.index[:SHOWN])
