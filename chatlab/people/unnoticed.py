"""What stands out in the figures of an edition and in nobody's memory."""

from __future__ import annotations

from collections.abc import Collection, Mapping

import pandas as pd

from chatlab.chat.open_questions import participants_questions
from chatlab.facts import Fact
from chatlab.people.remembered import (
    QUESTION,
    SHOWN,
    Figures,
    first_of,
    is_named,
    posts_of,
)
from chatlab.posts.schema import engagement
from chatlab.text.phrases import plainly
from chatlab.text.similarity import telling_words
from chatlab.themes.find import ChatThemes, KeptThemes

# So many people make a theme or a person worth naming to those who did not.
NOTABLE = 3


def unnoticed(
    memory: pd.DataFrame,
    posts: pd.DataFrame,
    *,
    board: pd.DataFrame | None = None,
    themes: KeptThemes | ChatThemes | None = None,
    parts: Mapping[str, str] | None = None,
    types: Mapping[int, str] | None = None,
    asked: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """List what stands out in the figures and in nobody's memory.

    Looked at are: who is answered by most people beyond the hosts; themes of three people or more
    that grow, are new, or that hardly anybody of host and panel speaks of, and the theme with
    most posts; the question that most people answered, and the one that waited longest; the post
    with most engagement; and questions of participants that stayed open. What a memory names
    (`about` or `note`) is left out.

    Parameters
    ----------
    memory
        From `read_memory`; it may be empty.
    posts
        The posts of the edition that is remembered.
    board, themes
        As for `compare_memory`.
    parts
        `host` or `panel` by author id.
    types
        The type of return by theme, from `theme_recurrence`.
    asked
        From `participants_questions`; found among `posts` where it is not given.

    Returns
    -------
    DataFrame
        `what`, `about`, `facts` (as in `compare_memory`), `posts` (list of ids).
    """
    known = parts or {}
    hosts = [author for author, part in known.items() if part == "host"]
    figures = Figures(posts, board, themes, hosts, "UTC")
    told = plainly(" ".join([*memory["about"], *memory["note"]])) if len(memory) else ""
    rows = [
        *_unnoticed_people(figures, told),
        *_unnoticed_themes(figures, told, known, types or {}),
        *_unnoticed_questions(figures, told),
        *_unnoticed_posts(figures, told, hosts, asked),
    ]
    return pd.DataFrame(rows, columns=["what", "about", "facts", "posts"])


_Row = tuple[str, str, list[Fact], list[str]]


def _unnoticed_people(figures: Figures, told: str) -> list[_Row]:
    people = figures.people[figures.people["answered_by"] >= NOTABLE]
    if people.empty:
        return []
    first = people.iloc[0]
    names = [str(first["author"]), *str(first["author_name"] or "").split()[:1]]
    if any(is_named(plainly(name), told) for name in names if name):
        return []
    told_of: Fact = {"fact": "answered by most", "author": first["author"]}
    shown = posts_of(figures.posts, str(first.name))
    return [
        (
            "most answered",
            f"@{first['author']}",
            [{**told_of, "people": first["answered_by"]}],
            shown,
        )
    ]


def _unnoticed_themes(
    figures: Figures, told: str, parts: Mapping[str, str], types: Mapping[int, str]
) -> list[_Row]:
    if figures.themes is None:
        return []
    here = figures.own
    labels = figures.themes.themes.reindex(here.index)
    rows: list[_Row] = []
    for place, theme in enumerate(figures.theme_posts.index):
        part = here[labels.eq(theme).fillna(False)]
        people = part["author_id"].nunique()
        name = figures.theme_name(int(theme))
        if people < NOTABLE or telling_words(name) & telling_words(told):
            continue
        leading = part["author_id"].isin(list(parts)).mean()
        kind = types.get(int(theme), "")
        reasons = []
        if place == 0:
            reasons.append("largest")
        if kind in ("growing", "new"):
            reasons.append(kind)
        if parts and leading < 0.05:
            reasons.append("not of the team")
        if place and not (kind in ("growing", "new") or (parts and leading == 0)):
            continue
        if not reasons:
            continue
        fact: Fact = {"fact": "theme", "posts": len(part), "people": people, "why": reasons}
        rows.append(("theme", name, [fact], list(part.index[:SHOWN])))
    return rows[:SHOWN]


def _unnoticed_questions(figures: Figures, told: str) -> list[_Row]:
    board = figures.board
    if board is None or board.empty:
        return []
    rows: list[_Row] = []
    most = first_of(board, "people")
    if most["people"] and not _tells_of(told, most["number"]):
        answered: Fact = {"fact": "most people answered it", "n": most["people"]}
        rows.append(("question", f"Q{most['number']}", [answered], [most["question_id"]]))
    waits = board.dropna(subset="minutes_to_first")
    if len(waits) > 1:
        slow = first_of(waits, "minutes_to_first")
        late = slow["minutes_to_first"] > 2 * waits["minutes_to_first"].median()
        if late and slow["number"] != most["number"] and not _tells_of(told, slow["number"]):
            waited: Fact = {"fact": "waited longest", "n": round(slow["minutes_to_first"])}
            rows.append(("question", f"Q{slow['number']}", [waited], [slow["question_id"]]))
    return rows


def _tells_of(told: str, number: object) -> bool:
    return any(int(found) == number for found in QUESTION.findall(told))


def _unnoticed_posts(
    figures: Figures, told: str, hosts: Collection[str], asked: pd.DataFrame | None
) -> list[_Row]:
    rows: list[_Row] = []
    own = figures.own
    own = own[own["quotable"]]
    drew = engagement(own[~own["author_id"].isin(list(hosts))]).dropna()
    if len(drew) and drew.max() > 0:
        post = own.loc[[str(drew.idxmax())]].iloc[0]
        author = str(post["author"])
        first_name = str(post["author_name"] or author).split()[0]
        if not is_named(plainly(author), told) and not is_named(plainly(first_name), told):
            liked: Fact = {"fact": "most engagement", "n": int(drew.max()), "text": post["text"]}
            rows.append(("post", f"@{author}", [liked], [str(post["post_id"])]))
    if asked is None:
        asked = participants_questions(figures.posts, hosts=list(hosts))
    sure = asked["certainty"].eq("sure") & asked["to"].isna()
    left = asked[asked["reason"].eq("no reply") & sure]
    if len(left):
        open_: Fact = {"fact": "questions left", "n": len(left)}
        rows.append(("open", "", [open_], list(left["post_id"][:SHOWN])))
    return rows
