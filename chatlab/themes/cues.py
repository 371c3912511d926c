"""Cues of one's own, by which insights are found besides those of the model."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pandas as pd

from chatlab.errors import SettingsError, UnreadableFileError
from chatlab.text.folding import folded
from chatlab.text.patterns import HANDLE, HASHTAG, URL

KINDS = ("friction", "solution", "case", "request", "praise", "product")
ENOUGH, DOUBTFUL = 1.0, 0.66
STRENGTHS = {"sure": 1.0, "likely": 0.67, "weak": 0.34}


@dataclass(frozen=True)
class Cue:
    """One line of the list of cues."""

    kind: str
    lang: str
    text: str
    strength: float
    pattern: re.Pattern[str]
    # A word that the cue has in any case: looked for first, as that costs next to nothing.
    literal: str = ""


def read_cues(*, path: str | Path) -> tuple[Cue, ...]:
    r"""Read a list of cues: a CSV with the columns kind, lang, cue, strength.

    A cue is a word or phrase, without accents; `*` stands for the rest of a word; between
    slashes it is a regular expression on the text as written, accents removed. Apostrophes count
    as blanks. `lang` is `en`, `fr` or empty for both; `strength` is `sure` (enough by itself),
    `likely` (enough for a mark to check) or `weak` (several together make one). Give repetitions
    in patterns of your own a bound (`\w{1,40}`, not `\w+`), so that no post keeps them busy.

    Raises
    ------
    SettingsError
        When a line cannot be used; the message names it.
    UnreadableFileError
        When there is no such file.
    """
    return _read_cues(str(path))


@cache
def _read_cues(path: str) -> tuple[Cue, ...]:
    try:
        table = pd.read_csv(path, dtype="str", keep_default_na=False, encoding="utf-8-sig")
    except (OSError, ValueError) as error:
        raise UnreadableFileError(f"{path} cannot be read as a list of cues: {error}.") from error
    missing = {"kind", "lang", "cue", "strength"} - set(table.columns)
    if missing:
        raise SettingsError(
            f"{path} has no column {', '.join(sorted(missing))}; "
            "a list of cues needs kind, lang, cue and strength."
        )
    names = ["kind", "lang", "cue", "strength"]
    rows = table[names].itertuples(index=False, name=None)
    return tuple(_cue(path, line, *row) for line, row in enumerate(rows, start=2))


def _cue(path: str, line: int, kind: str, lang: str, text: str, strength: str) -> Cue:
    if kind not in KINDS or strength not in STRENGTHS or not text.strip():
        raise SettingsError(
            f"{path}, line {line}: kind {kind!r}, cue {text!r}, strength {strength!r}. The kind is "
            f"one of {', '.join(KINDS)}, the strength {' or '.join(STRENGTHS)}, and the cue has "
            "words."
        )
    literal = ""
    if len(text) > 2 and text.startswith("/") and text.endswith("/"):
        try:
            pattern = re.compile(text[1:-1])
        except re.error as error:
            raise SettingsError(f"{path}, line {line}: {text!r} is no pattern: {error}.") from error
    else:
        spelled = folded(text).casefold()
        literal = max(re.split(r"\W+", spelled), key=len)
        words = re.escape(spelled).replace(r"\*", r"\w*").replace(r"\ ", r"\W+")
        pattern = re.compile(rf"(?<!\w){words}(?!\w)", re.IGNORECASE)
    return Cue(kind, lang, text, STRENGTHS[strength], pattern, literal)


def met_cues(text: str, lang: str, cues: Sequence[Cue]) -> list[tuple[str, bool, list[str]]]:
    """List the kinds that cues mark a text as: the kind, whether surely, and the words met."""
    plain = folded(HASHTAG.sub(r" \1", HANDLE.sub(" ", URL.sub(" ", text))))
    lowered = plain.casefold()
    strength: dict[str, float] = {}
    words: dict[str, list[str]] = {}
    for cue in cues:
        if (cue.lang and lang and cue.lang != lang) or cue.literal not in lowered:
            continue
        match = cue.pattern.search(plain if cue.text.startswith("/") else lowered)
        if match is not None:
            strength[cue.kind] = strength.get(cue.kind, 0) + cue.strength
            words.setdefault(cue.kind, []).append(match[0].strip(" .,:;!"))
    return [
        (kind, strength[kind] >= ENOUGH, some[:4])
        for kind, some in words.items()
        if strength[kind] >= DOUBTFUL
    ]
