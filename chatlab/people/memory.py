"""What people remember, beside the figures: both kinds of knowledge count."""

from __future__ import annotations

import re
from collections.abc import Collection

import pandas as pd

from chatlab.facts import Fact
from chatlab.people.remembered import (
    QUESTION,
    SHOWN,
    Figures,
    first_of,
    is_named,
    posts_of,
)
from chatlab.posts.schema import engagement, true_for
from chatlab.text.phrases import plainly
from chatlab.text.similarity import telling_words
from chatlab.themes.find import ChatThemes, KeptThemes

COLUMNS = ["who", "what", "about", "note"]
AGREES, DIFFERS, FELT = "agrees", "figures differ", "kept as felt"
_CLOCK = re.compile(r"(\d{1,2})\s?[:h]\s?(\d{2})")
# A moment remembered within so many minutes of the busiest one is the same.
NEAR = 5


def compare_memory(
    memory: pd.DataFrame,
    posts: pd.DataFrame,
    *,
    board: pd.DataFrame | None = None,
    themes: KeptThemes | ChatThemes | None = None,
    hosts: Collection[str] = (),
    zone: str = "UTC",
) -> pd.DataFrame:
    """Set each memory beside the figures.

    A best question agrees when it has most people answering, or the answer with most engagement;
    a best moment also when it is within five minutes of the busiest minute; a theme when it has
    most posts; the liveliest person when most people answered them, or they wrote most; what went
    badly when the question waited longest for an answer, or has fewest; what went well when at
    least as many people answered it as half of the questions drew. Hosts are left out of the
    ranking of people. What nothing can be counted for is kept as felt.

    Parameters
    ----------
    memory
        From `read_memory`.
    posts
        The posts of the edition that is remembered.
    board
        From `question_board`, of that edition.
    themes
        From `keep_themes`.
    hosts
        Author ids of the hosts.
    zone
        Time zone of the times that people remember.

    Returns
    -------
    DataFrame
        The rows of `memory`, with `verdict` (`agrees`, `figures differ`, `kept as felt`),
        `facts` (list of dicts: the code of each `fact`, and its figures by name; `say.facts` makes
        sentences of them) and `posts` (list of post ids that show it).
    """
    figures = Figures(posts, board, themes, hosts, zone)
    rows = [
        _beside(figures, what, about)
        for what, about in memory[["what", "about"]].itertuples(index=False, name=None)
    ]
    return memory.assign(
        verdict=pd.array([row[0] for row in rows], dtype="str"),
        facts=pd.Series([row[1] for row in rows], index=memory.index, dtype=object),
        posts=pd.Series([row[2] for row in rows], index=memory.index, dtype=object),
    )


_Beside = tuple[str, list[Fact], list[str]]


def _beside(figures: Figures, what: str, about: str) -> _Beside:
    nothing: _Beside = (FELT, [], [])
    if not about or what == "feeling":
        return nothing
    number = QUESTION.fullmatch(about.strip())
    if number and what == "went well":
        return _good_question(figures, int(number[1])) or nothing
    if number and what in ("best question", "best moment", "went badly"):
        asked = _best_question if what != "went badly" else _bad_question
        return asked(figures, int(number[1])) or nothing
    if what == "best moment" and (clock := _CLOCK.search(about)):
        return _moment(figures, int(clock[1]), int(clock[2])) or nothing
    if what == "liveliest":
        return _person(figures, about) or nothing
    if what == "most talked about":
        return _theme(figures, about)
    return nothing


def _question_row(board: pd.DataFrame | None, number: int) -> pd.Series | None:
    if board is None or board.empty or not board["number"].eq(number).any():
        return None
    return board[board["number"] == number].iloc[-1]


def _best_question(figures: Figures, number: int) -> _Beside | None:
    board, row = figures.board, _question_row(figures.board, number)
    if board is None or row is None:
        return None
    most = first_of(board, "people")
    liked = engagement(figures.posts).reindex(board["best_answer"]).fillna(0)
    # Of equals, each is the best.
    best = board.loc[(liked == liked.max()).to_numpy(), "number"]
    told: list[Fact] = []
    if number in set(best) and isinstance(row["best_answer"], str):
        drew = int(liked.max())
        told.append({"fact": "best answer liked most", "author": row["best_author"], "n": drew})
    equals = board.loc[board["people"] == most["people"], "number"].tolist()
    if number in equals and len(equals) > 1:
        others = [f"Q{one}" for one in equals if one != number]
        shared = {"fact": "most people answered, with others", "others": others}
        told.append({**shared, "n": row["people"]})
    elif number in equals:
        told.append({"fact": "most people answered", "n": row["people"]})
    posts = [post for post in (row["best_answer"], row["question_id"]) if isinstance(post, str)]
    if told:
        return AGREES, told, posts
    rank: Fact = {
        "fact": "question rank",
        "number": number,
        "people": row["people"],
        "rank": int((board["people"] > row["people"]).sum()) + 1,
        "all": len(board),
        "first": most["number"],
        "n": most["people"],
    }
    return DIFFERS, [rank], posts


def _good_question(figures: Figures, number: int) -> _Beside | None:
    board, row = figures.board, _question_row(figures.board, number)
    if board is None or row is None:
        return None
    told: Fact = {
        "fact": "question against the median",
        "number": number,
        "people": row["people"],
        "median": board["people"].median(),
    }
    good = row["people"] and row["people"] >= board["people"].median()
    return AGREES if good else DIFFERS, [told], [row["question_id"]]


def _bad_question(figures: Figures, number: int) -> _Beside | None:
    board, row = figures.board, _question_row(figures.board, number)
    if board is None or row is None:
        return None
    waits = board["minutes_to_first"]
    told: Fact = {"fact": "nobody answered", "number": number}
    if pd.notna(row["minutes_to_first"]):
        told = {
            "fact": "question waited",
            "number": number,
            "minutes": round(row["minutes_to_first"]),
            "median": waits.median(),
            "people": row["people"],
        }
    slow = pd.isna(row["minutes_to_first"]) or row["minutes_to_first"] == waits.max()
    few = row["people"] == board["people"].min()
    return AGREES if slow or few else DIFFERS, [told], [row["question_id"]]


def _moment(figures: Figures, hour: int, minute: int) -> _Beside | None:
    times = figures.posts.loc[figures.posts["in_chat"], "created_at"].dropna()
    if times.empty or hour > 23 or minute > 59:
        return None
    counts = times.dt.floor("min").value_counts()
    # Of equally busy minutes, the nearest to what is remembered counts.
    peaks = {
        one: _minutes_apart(one.tz_convert(figures.zone), hour, minute)
        for one in counts[counts == counts.max()].index.sort_values()
    }
    peak = min(peaks, key=lambda one: peaks[one])
    told: Fact = {"fact": "busiest minute", "time": peak, "posts": int(counts.max())}
    shown = list(times.index[times.dt.floor("min") == peak][:SHOWN])
    return AGREES if peaks[peak] <= NEAR else DIFFERS, [told], shown


def _minutes_apart(moment: pd.Timestamp, hour: int, minute: int) -> int:
    apart = abs((moment.hour * 60 + moment.minute) - (hour * 60 + minute))
    return min(apart, 1440 - apart)


def _person(figures: Figures, about: str) -> _Beside | None:
    people = figures.people
    wanted = plainly(about).strip().lstrip("@")
    names = people["author"].fillna("") + " " + people["author_name"].fillna("")
    found = [key for key, name in names.items() if is_named(wanted, str(name))]
    if not found:
        return None
    key = str(found[0])
    row, first = people.loc[[key]].iloc[0], people.iloc[0]
    shown = posts_of(figures.posts, str(key))
    answered: Fact = {"author": row["author"], "people": row["answered_by"]}
    if row["answered_by"] and row["answered_by"] == people["answered_by"].max():
        return AGREES, [{"fact": "answered by most", **answered}], shown
    if row["posts"] == people["posts"].max():
        return AGREES, [{"fact": "wrote most", "author": row["author"], "n": row["posts"]}], shown
    told = {"fact": "answered by", **answered, "first": first["author"], "n": first["answered_by"]}
    return DIFFERS, [told], [*shown[:1], *posts_of(figures.posts, str(people.index[0]))[:2]]


def _theme(figures: Figures, about: str) -> _Beside:
    """Compare a theme in the words of a memory with the themes found: by name, else by words."""
    theme, by_name, said = _theme_of(figures, about)
    counts = figures.theme_posts
    posts = list(said[:SHOWN])
    spoken: Fact = {"fact": "posts with the word", "n": len(said), "all": len(figures.own)}
    if theme is None or counts.empty:
        return (FELT, [], []) if said.empty else (DIFFERS, [spoken], posts)
    rank = int((counts > counts[theme]).sum()) + 1
    first = int(counts.index[0])
    about_theme: Fact = {"theme": figures.theme_name(theme), "n": int(counts[theme])}
    if rank == 1:
        return AGREES, [{"fact": "largest theme", **about_theme}], posts
    place: Fact = {
        "fact": "theme rank",
        **about_theme,
        "rank": rank,
        "all": len(counts),
        "first": figures.theme_name(first),
        "most": int(counts[first]),
    }
    also: list[Fact] = [] if by_name else [{"fact": "most on that theme"}]
    return DIFFERS, [place, spoken, *also], posts


def _theme_of(figures: Figures, about: str) -> tuple[int | None, bool, pd.Index]:
    """Find the theme with a memory's words in its name (True), else the one with most posts.

    The posts with one of the words come with it.
    """
    words = telling_words(about) or {plainly(about).strip()}
    here = figures.own
    said = here.index[true_for(here["text"], lambda text: words & telling_words(text))]
    if figures.themes is None:
        return None, False, said
    for theme in figures.theme_posts.index:
        if words & telling_words(figures.theme_name(int(theme))):
            return int(theme), True, said
    held = figures.themes.themes.reindex(said).dropna().value_counts()
    return (int(held.index[0]) if len(held) else None), False, said


def remembered_themes(
    memory: pd.DataFrame, posts: pd.DataFrame, themes: KeptThemes | ChatThemes
) -> pd.DataFrame:
    """Count the posts of each theme, and say which a memory names.

    Parameters
    ----------
    memory
        From `read_memory`.
    posts
        The posts of the edition that is remembered.
    themes
        From `keep_themes`.

    Returns
    -------
    DataFrame
        Index the theme; `name`, `posts` and `remembered` (a memory of what was most talked about
        has the words of its name, or of most of its posts); most posts first.
    """
    figures = Figures(posts, None, themes, (), "UTC")
    asked = memory.loc[memory["what"] == "most talked about", "about"]
    named = {_theme_of(figures, about)[0] for about in asked}
    counts = figures.theme_posts
    return pd.DataFrame(
        {
            "name": [figures.theme_name(int(theme)) for theme in counts.index],
            "posts": counts.to_numpy(dtype="int64"),
            "remembered": counts.index.isin([theme for theme in named if theme is not None]),
        },
        index=pd.Index(counts.index, name="theme"),
    )
