"""The few figures that a report opens with, each beside its usual value."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from chatlab.chat.attendance import retention_table
from chatlab.chat.edition_counts import people_by_edition
from chatlab.chat.edition_tables import is_cut_off
from chatlab.people.reach import reach_table
from chatlab.posts.activity import posts_and_people
from chatlab.posts.counting import Posts
from chatlab.project.chat import Chat


def key_figures(chat: Chat, edition: int | None) -> pd.DataFrame:
    """Count posts, people, newcomers, questions answered and reach, edition by edition.

    Parameters
    ----------
    chat
        From `read_chat`.
    edition
        The edition to look at; None for the whole conversation.

    Returns
    -------
    DataFrame
        Index the figure: `posts`; `people`; `newcomers` (in no edition before, hosts and panel
        left out; not told of the first edition); `questions` (numbered ones with an answer);
        `reach` (followers added up, an upper limit). `this`; `out_of` (people without hosts and
        panel for `newcomers`, questions asked for `questions`, else missing); `usual` (the median
        of the other editions; missing where there are fewer than two); `history` (list, one
        number for each edition, missing where it cannot be told). A figure that cannot be told
        has no row.
    """
    there = people_by_edition(chat.whole, chat.spans)
    by_edition = there.groupby("edition")
    numbers = [int(str(number)) for number in by_edition.groups]
    now = chat.at("all" if edition is None else edition)
    posts, people = posts_and_people(now.whole)
    rows = [
        _row("posts", posts, None, by_edition["posts"].sum()),
        _row("people", people, None, by_edition["author_id"].nunique()),
    ]
    present = retention_table(chat.whole, chat.spans, without=chat.parts)
    first = not chat.gathers or edition == min(numbers, default=None)
    if edition is not None and edition in present.index and not first:
        new = present["newcomers"].astype("Float64").reindex(numbers[1:]).reindex(numbers)
        rows.append(_row("newcomers", new[edition], present["people"][edition], new))
    asked = chat.questions
    if len(asked):
        answered = asked["post_id"].isin(chat.answers["question_id"])
        mine = asked["edition"].eq(edition) if edition is not None else asked["edition"].notna()
        by = answered.groupby(asked["edition"]).sum().reindex(numbers)
        rows.append(_row("questions", int(answered[mine].sum()), int(mine.sum()), by))
    reaches = by_edition["followers"].sum(min_count=1)
    rows.append(_row("reach", _reach(now.whole), None, reaches))
    table = pd.DataFrame(rows).set_index("figure")
    place = numbers.index(edition) if edition is not None else -1
    # A day that the file cuts off is not compared.
    whole_day = not is_cut_off(chat.whole, chat.edition_table, edition)
    place = place if whole_day else -1
    table["usual"] = [_usual(history, place) for history in table["history"]]
    return table.dropna(subset="this")[["this", "out_of", "usual", "history"]]


def _row(name: str, this: object, out_of: object, history: Sequence[object] | pd.Series) -> dict:  # type: ignore[type-arg]
    return {"figure": name, "this": this, "out_of": out_of, "history": list(history)}


def _reach(posts: Posts) -> float | None:
    value = reach_table(posts)["value"]["unique_followers"]
    return None if pd.isna(value) else float(value)


def _usual(history: Sequence[object], place: int) -> float | None:
    others = pd.Series([n for i, n in enumerate(history) if i != place], dtype="Float64").dropna()
    return float(others.median()) if place >= 0 and len(others) > 1 else None
