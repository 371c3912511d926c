"""What people remember, beside the figures: both kinds of knowledge count."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pandas as pd

from chatlab._beside import kept_file, read_beside
from chatlab._wording import telling_words
from chatlab.errors import SettingsError, UnreadableFileError
from chatlab.kept import KeptThemes
from chatlab.messages import _, format_number, format_time, plural
from chatlab.open_questions import unanswered_questions
from chatlab.people import people_table
from chatlab.phrases import plainly
from chatlab.schema import engagement
from chatlab.settings import Chat
from chatlab.text import shorten

NAME = "memory.csv"
COLUMNS = ["who", "what", "about", "note"]
_HEADS = {
    "who": ("who", "qui"),
    "what": ("what", "quoi"),
    "about": ("about", "sujet", "a propos", "sur quoi"),
    "note": ("note", "notes", "remarque"),
}
# What a memory can be of, and the words for it in a file.
_KINDS = {
    "best question": ("best question", "meilleure question"),
    "best moment": ("best moment", "best", "meilleur moment", "meilleur", "temps fort"),
    "most talked about": ("most talked about", "theme", "plus discute", "theme principal"),
    "liveliest": ("liveliest", "liveliest person", "plus active", "plus vive", "qui a porte"),
    "went badly": ("went badly", "worst", "mal passe", "rate", "a rater", "moins bien"),
    "feeling": ("feeling", "free feeling", "ressenti", "impression", "ambiance"),
}
AGREES, DIFFERS, FELT = "agrees", "figures differ", "kept as felt"
_QUESTION = re.compile(r"q(?:uestion)?\s?[.#]?\s?(\d{1,2})", re.IGNORECASE)
_CLOCK = re.compile(r"(\d{1,2})\s?[:h]\s?(\d{2})")
# A moment remembered within so many minutes of the busiest one is the same.
NEAR = 5
# So many people make a theme or a person worth naming to those who did not.
NOTABLE = 3
SHOWN = 3


def read_memory(path: str | Path) -> pd.DataFrame:
    """Read what people remember.

    Parameters
    ----------
    path
        A CSV with the columns `who`, `what`, `about`, `note` (or `qui`, `quoi`, `sujet`, `note`);
        commas or semicolons. `what` is one of best question, best moment, most talked about,
        liveliest, went badly, feeling (or the French words for them); anything else is a feeling.
        `about` is a question (`Q3`), a theme, a person or a time (`9:40`), or empty.

    Returns
    -------
    DataFrame
        `who`, `what` (one of the six kinds), `about`, `note`; empty texts where nothing is said.
        Rows that say nothing are left out.

    Raises
    ------
    UnreadableFileError
        There is no such file, or it cannot be read.
    SettingsError
        It has no column for who and what.
    """
    file = Path(path)
    if not file.exists():
        raise UnreadableFileError(
            f"{file} does not exist. Write one memory a line: who;what;about;note."
        )
    table = read_beside(file, [])
    heads = {plainly(str(name)).strip(): name for name in table.columns}
    found = {
        column: next((heads[alias] for alias in aliases if alias in heads), None)
        for column, aliases in _HEADS.items()
    }
    if found["who"] is None or found["what"] is None:
        raise SettingsError(
            f"{file} has the columns {', '.join(map(str, table.columns))}; "
            "wanted are who, what, about, note (qui, quoi, sujet, note)."
        )
    memory = pd.DataFrame(
        {name: table[head].str.strip() if head else "" for name, head in found.items()},
        index=table.index,
        dtype="str",
    )
    memory = memory[(memory[["what", "about", "note"]] != "").any(axis=1)]
    memory["what"] = [_kind(what) for what in memory["what"]]
    return memory.reset_index(drop=True)


def chat_memory(chat: Chat) -> pd.DataFrame:
    """Read the `memory.csv` beside a chat; empty where there is none.

    Memories name people: with pseudonyms they are not read, and those that may name somebody who
    was taken out (any part of the handle, of three letters or more) stay out.
    """
    path = kept_file(chat, NAME)
    if not path.exists() or chat.settings.privacy.pseudonyms:
        return pd.DataFrame(columns=COLUMNS, dtype="str")
    memory = read_memory(path)
    gone = {
        part
        for handle in chat.settings.privacy.without
        for part in re.findall(r"[^\W\d_]{3,}", plainly(handle))
    }
    told = [set(re.findall(r"[^\W_]+", plainly(" ".join(row)))) for row in memory.to_numpy()]
    return memory[np.array([not gone & words for words in told], dtype=bool)]


def _kind(what: str) -> str:
    plain = plainly(what).strip(" .:")
    for kind, names in _KINDS.items():
        if plain in names:
            return kind
    return "feeling"


@dataclass
class _Figures:
    """What can be set beside a memory."""

    posts: pd.DataFrame
    board: pd.DataFrame | None
    themes: KeptThemes | None
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
        return self.posts[self.posts["in_chat"] & (self.posts["kind"] != "repost")]

    def theme_name(self, theme: int) -> str:
        return self.themes.names.get(theme, str(theme)) if self.themes else str(theme)


def compare_memory(
    memory: pd.DataFrame,
    posts: pd.DataFrame,
    *,
    board: pd.DataFrame | None = None,
    themes: KeptThemes | None = None,
    hosts: Collection[str] = (),
    zone: str = "UTC",
) -> pd.DataFrame:
    """Set each memory beside the figures.

    A best question agrees when it has most people answering, or the answer with most engagement;
    a best moment also when it is within five minutes of the busiest minute; a theme when it has
    most posts; the liveliest person when most people answered them, or they wrote most; what went
    badly when the question waited longest for an answer, or has fewest. Hosts are left out of the
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
        `figures` (a sentence in the current language, empty where nothing is counted) and `posts`
        (list of post ids that show it).
    """
    figures = _Figures(posts, board, themes, hosts, zone)
    rows = [
        _beside(figures, what, about)
        for what, about in memory[["what", "about"]].itertuples(index=False, name=None)
    ]
    return memory.assign(
        verdict=pd.array([row[0] for row in rows], dtype="str"),
        figures=pd.array([row[1] for row in rows], dtype="str"),
        posts=pd.Series([row[2] for row in rows], index=memory.index, dtype=object),
    )


_Beside = tuple[str, str, list[str]]


def _beside(figures: _Figures, what: str, about: str) -> _Beside:
    nothing: _Beside = (FELT, "", [])
    if not about or what == "feeling":
        return nothing
    number = _QUESTION.fullmatch(about.strip())
    if number and what in ("best question", "best moment", "went badly"):
        asked = _best_question if what != "went badly" else _bad_question
        return asked(figures, int(number[1])) or nothing
    if what == "best moment" and (clock := _CLOCK.search(about)):
        return _moment(figures, int(clock[1]), int(clock[2])) or nothing
    if what == "liveliest":
        return _person(figures, about) or nothing
    if what == "most talked about":
        return _theme(figures, about) or nothing
    return nothing


def _first(table: pd.DataFrame, column: str) -> pd.Series:
    """Return the row with the highest value, the first of equals."""
    return table.iloc[int(np.argmax(table[column]))]


def _question_row(board: pd.DataFrame | None, number: int) -> pd.Series | None:
    if board is None or board.empty or not board["number"].eq(number).any():
        return None
    return board[board["number"] == number].iloc[-1]


def _best_question(figures: _Figures, number: int) -> _Beside | None:
    board, row = figures.board, _question_row(figures.board, number)
    if board is None or row is None:
        return None
    most = _first(board, "people")
    liked = engagement(figures.posts).reindex(board["best_answer"]).fillna(0)
    best = board.iloc[int(np.argmax(liked))]
    told = []
    if best["number"] == number and isinstance(row["best_answer"], str):
        told.append(
            _("its best answer, by @{author}, drew most engagement of all answers ({n})").format(
                author=row["best_author"], n=format_number(int(liked.max()))
            )
        )
    if most["number"] == number:
        told.append(_("most people answered it ({n})").format(n=format_number(row["people"])))
    posts = [post for post in (row["best_answer"], row["question_id"]) if isinstance(post, str)]
    if told:
        return AGREES, _joined(told), posts
    rank = int((board["people"] > row["people"]).sum()) + 1
    sentence = _(
        "Q{number}: {people} answered, place {rank} of {all}; most answered Q{first} ({n})."
    ).format(
        number=number,
        people=_people(row["people"]),
        rank=rank,
        all=len(board),
        first=most["number"],
        n=format_number(most["people"]),
    )
    return DIFFERS, sentence, posts


def _bad_question(figures: _Figures, number: int) -> _Beside | None:
    board, row = figures.board, _question_row(figures.board, number)
    if board is None or row is None:
        return None
    waits = board["minutes_to_first"]
    sentence = _("Q{number}: nobody answered it.").format(number=number)
    if pd.notna(row["minutes_to_first"]):
        sentence = _(
            "Q{number}: {minutes} min to the first answer (median {median}), answered by {people}."
        ).format(
            number=number,
            minutes=format_number(row["minutes_to_first"], 0),
            median=format_number(waits.median(), 1),
            people=_people(row["people"]),
        )
    slow = pd.isna(row["minutes_to_first"]) or row["minutes_to_first"] == waits.max()
    few = row["people"] == board["people"].min()
    return AGREES if slow or few else DIFFERS, sentence, [row["question_id"]]


def _moment(figures: _Figures, hour: int, minute: int) -> _Beside | None:
    times = figures.posts.loc[figures.posts["in_chat"], "created_at"].dropna()
    if times.empty or hour > 23 or minute > 59:
        return None
    counts = times.dt.floor("min").value_counts()
    peak = counts[counts == counts.max()].index.min()
    local = peak.tz_convert(figures.zone)
    apart = abs((local.hour * 60 + local.minute) - (hour * 60 + minute))
    sentence = _("The busiest minute was {time}, with {posts}.").format(
        time=format_time(peak, figures.zone),
        posts=plural("{n} post", "{n} posts", int(counts.max())),
    )
    shown = list(times.index[times.dt.floor("min") == peak][:SHOWN])
    return AGREES if min(apart, 1440 - apart) <= NEAR else DIFFERS, sentence, shown


def _person(figures: _Figures, about: str) -> _Beside | None:
    people = figures.people
    wanted = plainly(about).strip().lstrip("@")
    names = people["author"].fillna("") + " " + people["author_name"].fillna("")
    found = [key for key, name in names.items() if _named(wanted, str(name))]
    if not found:
        return None
    key = str(found[0])
    row, first = people.loc[[key]].iloc[0], people.iloc[0]
    most_posts = str(people["posts"].idxmax())
    shown = _their_posts(figures.posts, str(key))
    if key in (people.index[0], most_posts):
        why = _("@{author} was answered by {people}, most of all, the hosts left out.")
        if key != people.index[0]:
            why = _("@{author} wrote most, the hosts left out: {n}.")
        sentence = why.format(
            author=row["author"],
            people=_people(row["answered_by"]),
            n=plural("{n} post", "{n} posts", int(row["posts"])),
        )
        return AGREES, sentence, shown
    sentence = _("@{author} was answered by {people}; @{first} by {n}.").format(
        author=row["author"],
        people=_people(row["answered_by"]),
        first=first["author"],
        n=format_number(int(first["answered_by"])),
    )
    return DIFFERS, sentence, [*shown[:1], *_their_posts(figures.posts, str(people.index[0]))[:2]]


def _named(wanted: str, name: str) -> bool:
    return (
        bool(wanted)
        and re.search(rf"(?<![^\W_]){re.escape(wanted)}(?![^\W_])", plainly(name)) is not None
    )


def _their_posts(posts: pd.DataFrame, author: str) -> list[str]:
    """Return the person's posts that drew most."""
    own = posts[posts["in_chat"] & (posts["kind"] != "repost") & (posts["author_id"] == author)]
    drew = engagement(own).fillna(0).sort_values(ascending=False, kind="stable")
    return list(drew.index[:SHOWN])


def _theme(figures: _Figures, about: str) -> _Beside | None:
    """Compare a theme in the words of a memory with the themes found: by name, else by words."""
    words = telling_words(about) or {plainly(about).strip()}
    here = figures.own
    said = here[here["text"].map(lambda text: bool(words & telling_words(text))).astype(bool)]
    counts = figures.theme_posts
    theme, by_name = _theme_of(figures, words, said.index)
    spoken = _("{n} of {all} posts have the word.").format(
        n=format_number(len(said)), all=format_number(len(here))
    )
    if theme is None or counts.empty:
        return (FELT, "", []) if said.empty else (DIFFERS, spoken, list(said.index[:SHOWN]))
    rank = int((counts > counts[theme]).sum()) + 1
    first = int(counts.index[0])
    posts = list(said.index[:SHOWN])
    if theme == first:
        sentence = _("“{theme}” is the theme with most posts ({n}).").format(
            theme=figures.theme_name(theme), n=format_number(int(counts[theme]))
        )
        return AGREES, sentence, posts
    sentence = _(
        "“{theme}” is place {rank} of {all} themes ({n}); most posts are on “{first}” ({most})."
    ).format(
        theme=figures.theme_name(theme),
        rank=rank,
        all=len(counts),
        n=plural("{n} post", "{n} posts", int(counts[theme])),
        first=figures.theme_name(first),
        most=format_number(int(counts[first])),
    )
    if not by_name:
        spoken += " " + _("Most of them are on that theme.")
    return DIFFERS, sentence + " " + spoken, posts


def _theme_of(figures: _Figures, words: set[str], said: pd.Index) -> tuple[int | None, bool]:
    """Find the theme with the words in its name (True), else the one with most of the posts."""
    if figures.themes is None:
        return None, False
    for theme in figures.theme_posts.index:
        if words & telling_words(figures.theme_name(int(theme))):
            return int(theme), True
    held = figures.themes.themes.reindex(said).dropna().value_counts()
    return (int(held.index[0]) if len(held) else None), False


def _people(n: object) -> str:
    return plural("{n} person", "{n} people", int(str(n)))


def _joined(parts: Sequence[str]) -> str:
    sentence = "; ".join(parts)
    return sentence[:1].upper() + sentence[1:] + "."


def remembered_themes(
    memory: pd.DataFrame, posts: pd.DataFrame, themes: KeptThemes
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
    figures = _Figures(posts, None, themes, (), "UTC")
    here = figures.own
    named = set()
    for about in memory.loc[memory["what"] == "most talked about", "about"]:
        words = telling_words(about) or {plainly(about).strip()}
        said = here["text"].map(lambda text, w=words: bool(w & telling_words(text))).astype(bool)
        named.add(_theme_of(figures, words, here.index[said])[0])
    counts = figures.theme_posts
    return pd.DataFrame(
        {
            "name": [figures.theme_name(int(theme)) for theme in counts.index],
            "posts": counts.to_numpy(dtype="int64"),
            "remembered": counts.index.isin([theme for theme in named if theme is not None]),
        },
        index=pd.Index(counts.index, name="theme"),
    )


def unnoticed(
    memory: pd.DataFrame,
    posts: pd.DataFrame,
    *,
    board: pd.DataFrame | None = None,
    themes: KeptThemes | None = None,
    parts: Mapping[str, str] | None = None,
    types: Mapping[int, str] | None = None,
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

    Returns
    -------
    DataFrame
        `what`, `about`, `figures` (a sentence in the current language), `posts` (list of ids).
    """
    known = parts or {}
    hosts = [author for author, part in known.items() if part == "host"]
    figures = _Figures(posts, board, themes, hosts, "UTC")
    told = plainly(" ".join([*memory["about"], *memory["note"]])) if len(memory) else ""
    rows = [
        *_unnoticed_people(figures, told),
        *_unnoticed_themes(figures, told, known, types or {}),
        *_unnoticed_questions(figures, told),
        *_unnoticed_posts(figures, told, hosts),
    ]
    return pd.DataFrame(rows, columns=["what", "about", "figures", "posts"])


_Row = tuple[str, str, str, list[str]]


def _unnoticed_people(figures: _Figures, told: str) -> list[_Row]:
    people = figures.people[figures.people["answered_by"] >= NOTABLE]
    if people.empty:
        return []
    first = people.iloc[0]
    names = [str(first["author"]), *str(first["author_name"] or "").split()[:1]]
    if any(_named(plainly(name), told) for name in names if name):
        return []
    sentence = _("@{author} was answered by {people}, most of all, the hosts left out.").format(
        author=first["author"], people=_people(first["answered_by"])
    )
    shown = _their_posts(figures.posts, str(first.name))
    return [("most answered", f"@{first['author']}", sentence, shown)]


def _unnoticed_themes(
    figures: _Figures, told: str, parts: Mapping[str, str], types: Mapping[int, str]
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
            reasons.append(_("most posts of all themes"))
        if kind in ("growing", "new"):
            reasons.append(_("growing over the editions") if kind == "growing" else _("new"))
        if parts and leading < 0.05:
            reasons.append(_("hardly anybody of host and panel speaks of it"))
        if place and not (kind in ("growing", "new") or (parts and leading == 0)):
            continue
        if not reasons:
            continue
        sentence = _("{posts} by {people}: {why}.").format(
            posts=plural("{n} post", "{n} posts", len(part)),
            people=_people(people),
            why=", ".join(reasons),
        )
        rows.append(("theme", name, sentence, list(part.index[:SHOWN])))
    return rows[:SHOWN]


def _unnoticed_questions(figures: _Figures, told: str) -> list[_Row]:
    board = figures.board
    if board is None or board.empty:
        return []
    rows: list[_Row] = []
    most = _first(board, "people")
    if most["people"] and not _tells_of(told, most["number"]):
        sentence = _("Most people answered it ({n}).").format(n=format_number(most["people"]))
        rows.append(("question", f"Q{most['number']}", sentence, [most["question_id"]]))
    waits = board.dropna(subset="minutes_to_first")
    if len(waits) > 1:
        slow = _first(waits, "minutes_to_first")
        late = slow["minutes_to_first"] > 2 * waits["minutes_to_first"].median()
        if late and slow["number"] != most["number"] and not _tells_of(told, slow["number"]):
            sentence = _("It waited longest for its first answer: {n} min.").format(
                n=format_number(slow["minutes_to_first"], 0)
            )
            rows.append(("question", f"Q{slow['number']}", sentence, [slow["question_id"]]))
    return rows


def _tells_of(told: str, number: object) -> bool:
    return any(int(found) == number for found in _QUESTION.findall(told))


def _unnoticed_posts(figures: _Figures, told: str, hosts: Collection[str]) -> list[_Row]:
    rows: list[_Row] = []
    own = figures.own
    drew = engagement(own[~own["author_id"].isin(list(hosts))]).dropna()
    if len(drew) and drew.max() > 0:
        post = own.loc[[str(drew.idxmax())]].iloc[0]
        author = str(post["author"])
        first_name = str(post["author_name"] or author).split()[0]
        if not _named(plainly(author), told) and not _named(plainly(first_name), told):
            sentence = _("Most engagement of all posts ({n}): “{text}”").format(
                n=format_number(int(drew.max())), text=shorten(str(post["text"]), 90)
            )
            rows.append(("post", f"@{author}", sentence, [str(post["post_id"])]))
    left = unanswered_questions(figures.posts, hosts=list(hosts))
    left = left[left["reason"] == "no reply"]
    if len(left):
        sentence = plural(
            "{n} question of a participant got no reply.",
            "{n} questions of participants got no reply.",
            len(left),
        )
        rows.append(("open", "", sentence, list(left["post_id"][:SHOWN])))
    return rows
