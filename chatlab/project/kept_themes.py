"""Themes as an analyst named them: `themes.csv` beside the chat."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pandas as pd
from scipy.optimize import linear_sum_assignment

from chatlab.errors import SettingsError
from chatlab.project.chat import Chat
from chatlab.project.kept_tables import kept_file, read_beside, write_beside
from chatlab.themes.keyphrases import theme_codes
from chatlab.themes.tables import theme_stability, theme_table
from chatlab.themes.tree import ChatThemes, KeptThemes, find_themes
from chatlab.themes.typical import fit_of

THEME_COLUMNS = ["theme", "name", "merge_into", "hide", "status", "note", "found", "phrases"]
THEME_COLUMNS += ["posts", "people", "new", "typical"]
OWN_THEME_COLUMNS = ["name", "merge_into", "hide", "status", "note"]
TYPICAL = 20
ALIKE = 0.25
YES = {"yes", "y", "true", "1", "x", "oui", "o", "vrai"}


def chat_themes(chat: Chat) -> ChatThemes:
    """Find the themes of a chat, keep them as `keep_themes` does, and look how firm they are.

    Parameters
    ----------
    chat
        From `read_chat`.

    Returns
    -------
    ChatThemes
        `themes` and `names` as an analyst left them in `themes.csv`, `(?)` behind the names of
        those that are not firm; `table` from `theme_table`; `stability` from `theme_stability`.
    """
    posts, questions = chat.posts, chat.questions
    kept = keep_themes(chat, find_themes(posts, questions=questions))
    stability = theme_stability(posts, kept.themes, questions=questions)
    table = theme_table(posts, kept.themes, names=kept.names, stability=stability)
    names = {int(str(theme)): str(name) for theme, name in table["name"].items()}
    return ChatThemes(kept.themes, names, table, stability)


def keep_themes(chat: Chat, themes: pd.Series) -> KeptThemes:
    """Write the themes beside the chat, and obey what an analyst changed there.

    `themes.csv` has one row per theme. The analyst's columns are `name` (a better name),
    `merge_into` (the id of the theme that takes it in), `hide` (`yes` leaves it out everywhere),
    `status` and `note`. On the next run, with more posts or fewer, each theme found is matched to
    the row that has most of its typical posts, or most of its phrases where the posts are others.
    Rows that were not found again stay; new ones are marked. What changes is kept as it was in
    `themes.csv.bak`; with pseudonyms the file is obeyed and not written.

    Parameters
    ----------
    chat
        From `read_chat`.
    themes
        Theme numbers on the posts' index, from `find_themes`.

    Returns
    -------
    KeptThemes
        Theme numbers, merged and numbered anew by size, hidden ones missing; and names by number.

    Raises
    ------
    SettingsError
        When `merge_into` names no theme of the file.
    """
    path = kept_file(chat, "themes.csv")
    before = read_beside(path, THEME_COLUMNS)
    before["typical"] = [
        " ".join(map(chat.protection.post_id, ids.split())) for ids in before["typical"]
    ]
    table = theme_table(chat.posts, themes)
    found = _described(chat.posts, themes, table)
    matched = _matched(before, found, chat.posts.index)
    ids = _ids(before, matched, len(found))
    rows = found.assign(theme=ids, new=["" if i in matched else "new" for i in range(len(found))])
    own = before.set_index("theme")[OWN_THEME_COLUMNS].reindex(ids).fillna("")
    rows[OWN_THEME_COLUMNS] = own.to_numpy()
    gone = before[~before["theme"].isin(ids)].assign(new="not found")
    whole = pd.concat([rows[THEME_COLUMNS], gone[THEME_COLUMNS]], ignore_index=True)
    _check_merges(path, whole)
    # Pseudonyms in the file would take the place of what its next reader looks for.
    if not chat.settings.privacy.pseudonyms:
        write_beside(chat, path, whole)
    shown = whole.assign(name=[chat.protection.text(name) for name in whole["name"]])
    return _obeyed(themes, table, shown, ids)


def _described(posts: pd.DataFrame, themes: pd.Series, table: pd.DataFrame) -> pd.DataFrame:
    """Describe the themes for the file, each with its most typical posts."""
    here = posts[posts["in_chat"]]
    _numbers, codes = theme_codes(themes, here.index)
    close = fit_of(here, codes, len(table)).closeness
    rated = pd.DataFrame({"theme": themes.reindex(here.index), "close": close, "key": here.index})
    rated = rated.dropna(subset="theme").sort_values(["close", "key"], ascending=[False, True])
    typical = rated.groupby("theme")["key"].apply(lambda keys: " ".join(keys.head(TYPICAL)))
    return pd.DataFrame(
        {
            "found": table["name"].to_numpy(),
            "phrases": ["; ".join(some) for some in table["phrases"]],
            "posts": table["posts"].astype(str).to_numpy(),
            "people": table["people"].astype(str).to_numpy(),
            "typical": typical.reindex(table.index).fillna("").to_numpy(),
        }
    )


def _matched(before: pd.DataFrame, found: pd.DataFrame, posts: pd.Index) -> dict[int, int]:
    """Match themes found to rows of the file: place among the found ones to row number."""
    if before.empty or found.empty:
        return {}
    known = set(posts)
    likeness = np.zeros((len(found), len(before)))
    for j, (ids, phrases) in enumerate(zip(before["typical"], before["phrases"], strict=True)):
        typical, words = set(ids.split()) & known, set(phrases.split("; "))
        for i, (other_ids, other_phrases) in enumerate(
            zip(found["typical"], found["phrases"], strict=True)
        ):
            other, others = set(other_ids.split()), set(other_phrases.split("; "))
            shared = len(words & others) / max(1, len(words | others))
            if typical:
                shared = max(shared, len(typical & other) / len(typical))
            likeness[i, j] = shared
    pairs = zip(*linear_sum_assignment(-likeness), strict=True)
    return {int(i): int(j) for i, j in pairs if likeness[i, j] >= ALIKE}


def _ids(before: pd.DataFrame, matched: Mapping[int, int], n_found: int) -> list[str]:
    used = [int(i[1:]) for i in before["theme"] if i[:1] == "t" and i[1:].isdigit()]
    following = max(used, default=0) + 1
    ids = []
    for i in range(n_found):
        if i in matched:
            ids.append(str(before["theme"].iloc[matched[i]]))
        else:
            ids.append(f"t{following}")
            following += 1
    return ids


def _check_merges(path: Path, whole: pd.DataFrame) -> None:
    known = set(whole["theme"])
    for theme, into in whole[["theme", "merge_into"]].itertuples(index=False, name=None):
        if into.strip() and into.strip() not in known:
            raise SettingsError(
                f"{path}: theme {theme} is to merge into {into!r}, which is no theme of the file. "
                f"There are {', '.join(sorted(known))}."
            )


def _obeyed(
    themes: pd.Series, table: pd.DataFrame, whole: pd.DataFrame, ids: list[str]
) -> KeptThemes:
    rows = whole.set_index("theme")
    into = rows["merge_into"].str.strip()
    last = {}
    for theme in map(str, rows.index):
        end, seen = theme, {theme}
        while into[end] and into[end] not in seen:
            end = into[end]
            seen.add(end)
        last[theme] = end
    hidden = {theme for theme in last if rows["hide"][theme].strip().casefold() in YES}
    home = dict(zip(table.index, ids, strict=True))
    owner = themes.map({number: last[i] for number, i in home.items()}, na_action="ignore")
    owner = owner.where(~owner.isin(hidden) & ~themes.map(home).isin(hidden))
    sizes = {str(theme): int(n) for theme, n in owner.value_counts().items()}
    order = sorted(sizes, key=lambda theme: (-sizes[theme], theme))
    number = {theme: i for i, theme in enumerate(order)}
    names = {number[theme]: rows["name"][theme].strip() or rows["found"][theme] for theme in order}
    obeyed = owner.map(number, na_action="ignore").astype("Int64").rename("theme")
    return KeptThemes(obeyed, names)
