"""Themes as an analyst named them: `themes.csv` beside the chat."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
import pandas as pd
from scipy.optimize import linear_sum_assignment

from chatlab.errors import SettingsError
from chatlab.project.kept_tables import kept_file, read_beside
from chatlab.project.protection import Protection
from chatlab.themes.documents import Documents, documents_of
from chatlab.themes.find import KeptThemes
from chatlab.themes.keyphrases import theme_codes
from chatlab.themes.tables import theme_table
from chatlab.themes.typical import closeness_of

NAME = "themes.csv"
THEME_COLUMNS = ["theme", "name", "merge_into", "hide", "status", "note", "found", "phrases"]
THEME_COLUMNS += ["posts", "people", "new", "typical"]
OWN_THEME_COLUMNS = ["name", "merge_into", "hide", "status", "note"]
TYPICAL = 20
ALIKE = 0.25
YES = {"yes", "y", "true", "1", "x", "oui", "o", "vrai"}


def obey_themes(
    posts: pd.DataFrame,
    themes: pd.Series,
    *,
    files: Sequence[str],
    protection: Protection,
    documents: Documents | None = None,
) -> tuple[KeptThemes, pd.DataFrame, pd.DataFrame]:
    """Read what an analyst changed in `themes.csv`, and obey it; nothing is written.

    Each theme found is matched to the row of the file that has most of its typical posts, or most
    of its phrases where the posts are others.

    Parameters
    ----------
    posts, themes, documents
        As in `theme_table`.
    files
        Those of the chat's settings: the file stands beside them.
    protection
        What was done about people.

    Returns
    -------
    KeptThemes
        Theme numbers, merged and numbered anew by size, hidden ones missing; and names by number.
    DataFrame
        From `theme_table`, of these.
    DataFrame
        What `themes.csv` would hold now.

    Raises
    ------
    SettingsError
        When `merge_into` names no theme of the file.
    """
    path = kept_file(files, NAME)
    before = read_beside(path, THEME_COLUMNS)
    before["typical"] = [
        " ".join(map(protection.post_id, ids.split())) for ids in before["typical"]
    ]
    read = documents_of(posts, documents)
    table = theme_table(posts, themes, documents=read)
    found = _described(posts, themes, table, read)
    matched = _matched(before, found, posts.index)
    ids = _ids(before, matched, len(found))
    rows = found.assign(theme=ids, new=["" if i in matched else "new" for i in range(len(found))])
    own = before.set_index("theme")[OWN_THEME_COLUMNS].reindex(ids).fillna("")
    rows[OWN_THEME_COLUMNS] = own.to_numpy()
    gone = before[~before["theme"].isin(ids)].assign(new="not found")
    whole = pd.concat([rows[THEME_COLUMNS], gone[THEME_COLUMNS]], ignore_index=True)
    _check_merges(path, whole)
    shown = whole.assign(name=[protection.text(name) for name in whole["name"]])
    obeyed, typed = _obeyed(themes, table, shown, ids)
    described = theme_table(posts, obeyed, names=typed, documents=read)
    names = {int(str(theme)): str(name) for theme, name in described["name"].items()}
    return KeptThemes(obeyed, names), described, whole


def _described(
    posts: pd.DataFrame, themes: pd.Series, table: pd.DataFrame, documents: Documents
) -> pd.DataFrame:
    """Describe the themes for the file, each with its most typical posts."""
    here = posts[posts["in_chat"]]
    _numbers, codes = theme_codes(themes, here.index)
    close = closeness_of(documents.of(here), codes, len(table))
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
) -> tuple[pd.Series, dict[int, str]]:
    """Merge and hide themes, number them anew, and return also the names that somebody typed."""
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
    typed = {theme: rows["name"][theme].strip() for theme in order}
    obeyed = owner.map(number, na_action="ignore").astype("Int64").rename("theme")
    return obeyed, {number[theme]: name for theme, name in typed.items() if name}
