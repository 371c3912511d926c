"""What the host remembers: `memory.csv` beside the chat."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pandas as pd

from chatlab.errors import SettingsError, UnreadableFileError
from chatlab.people.memory import COLUMNS
from chatlab.project.chat import Chat
from chatlab.project.kept_tables import kept_file, read_beside
from chatlab.text.phrases import plainly

NAME = "memory.csv"
# What team and friends give back: each a file of the same shape.
FEEDBACK = "feedback*.csv"
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
    "went well": ("went well", "good", "bon", "bien", "bien passe", "reussi"),
    "most talked about": ("most talked about", "theme", "plus discute", "theme principal"),
    "liveliest": ("liveliest", "liveliest person", "plus active", "plus vive", "qui a porte"),
    "went badly": (
        "went badly",
        "bad",
        "worst",
        "mauvais",
        "mal",
        "mal passe",
        "rate",
        "a rater",
        "moins bien",
    ),
    "feeling": ("feeling", "free feeling", "ressenti", "impression", "ambiance"),
}


def read_memory(path: str | Path) -> pd.DataFrame:
    """Read what people remember.

    Parameters
    ----------
    path
        A CSV with the columns `who`, `what`, `about`, `note` (or `qui`, `quoi`, `sujet`, `note`);
        commas or semicolons. `what` is one of best question, best moment, most talked about,
        liveliest, went well (good), went badly (bad), feeling (or the French words for them);
        anything else is a feeling.
        `about` is a question (`Q3`), a theme, a person or a time (`9:40`), or empty.

    Returns
    -------
    DataFrame
        `who`, `what` (one of the seven kinds), `about`, `note`; empty texts where nothing is said.
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
    """Read the `memory.csv` beside a chat, and each `feedback*.csv` of its shape, as one.

    Memories name people: with pseudonyms they are not read, and those that may name somebody who
    was taken out (by name, or by any part of the handle, of three letters or more) stay out.
    """
    path = kept_file(chat.settings.files, NAME)
    files = [one for one in (path, *sorted(path.parent.glob(FEEDBACK))) if one.exists()]
    if not files or chat.settings.privacy.pseudonyms:
        return pd.DataFrame(columns=COLUMNS, dtype="str")
    memory = pd.concat([read_memory(one) for one in files], ignore_index=True)
    gone = {
        part
        for handle in chat.settings.privacy.without
        for part in re.findall(r"[^\W\d_]{3,}", plainly(handle))
    }
    rows = [" ".join(row) for row in memory.to_numpy()]
    silent = [
        chat.protection.text(row) == row and gone.isdisjoint(re.findall(r"[^\W_]+", plainly(row)))
        for row in rows
    ]
    return memory[np.array(silent, dtype=bool)]


def _kind(what: str) -> str:
    plain = plainly(what).strip(" .:")
    for kind, names in _KINDS.items():
        if plain in names:
            return kind
    return "feeling"
