"""What a post does, read by a small model: tells a problem, a solution, a case, asks, praises.

A logistic regression for each kind and language, over the words of a post, pairs of words, the
pieces of words, the classes of the lexicon and the post's shape. Its weights are plain numbers in
`chatlab/text/model`; they were learnt from posts invented for it, in `data/invented`, by
`python -m benchmarks.teach`. No real post went into them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from math import sqrt
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pandas as pd
import scipy.sparse as sp

from chatlab.text.asking import asks_something
from chatlab.text.folding import folded
from chatlab.text.lexicon import lexicon
from chatlab.text.patterns import HANDLE, HASHTAG, URL
from chatlab.text.phrases import says
from chatlab.text.teaching import taught
from chatlab.text.words import stop_words

KINDS_READ = ("friction", "solution", "case", "request", "praise")
FOLDER = Path(__file__).parent / "model"
# What the groups of features weigh beside each other.
PIECES, CLASSES, SHAPE = 0.7, 0.6, 0.3
SHORTEST_PIECE, LONGEST_PIECE = 3, 4
MOST_OF_A_CLASS = 3
# How firmly the share of a kind leans on that learnt from, in posts.
LEANING, CORRECTIONS = 300, 50
UNCORRECTED = ("solution",)
_SCALE = {"": 1.0, "~": PIECES, "@": CLASSES, "#": CLASSES, "^": SHAPE, "=": 1.0}
CONSTANT = "="
_WORD = re.compile(r"[^\W_]+")
_EMOJI = re.compile("[\U0001f300-\U0001faff\u2600-\u27bf]")
_SIGNS = str.maketrans({"?": " zq ", "!": " zx ", "…": " zl "})
_MARKED = re.compile(r"\W{0,20}[AaRr]\d")
_QUOTED = re.compile(r"[\"«“]")
Features = dict[str, float]
Rows = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Weights:
    """The weights of a language.

    Attributes
    ----------
    place
        The row of each feature.
    table
        One row per feature, one column per kind.
    """

    place: dict[str, int]
    table: Rows


@cache
def weights(lang: str) -> Weights:
    """Return the weights of a language, `en` or `fr`."""
    table = pd.read_csv(
        FOLDER / f"weights_{lang}.csv", index_col="feature", keep_default_na=False, na_values=[]
    )
    names = map(str, table.index)
    return Weights({name: i for i, name in enumerate(names)}, table.to_numpy(dtype=np.float64))


def features_of(text: str, lang: str) -> Features:
    """List what the model sees in a post, each with its value before it is scaled.

    Words and pairs of words stand as they are, pieces of words behind `~`, classes of the lexicon
    behind `@` (there) and `#` (how often, up to three), the shape behind `^`; `=` is the constant.
    """
    bare = HASHTAG.sub(r" \1 ", HANDLE.sub(" zat ", URL.sub(" zurl ", text)))
    plain = _EMOJI.sub(" zemo ", re.sub(r"\d+", "0", folded(bare).casefold())).translate(_SIGNS)
    words = _WORD.findall(plain)
    found: Features = dict.fromkeys(words, 1.0)
    found.update((f"{one} {other}", 1.0) for one, other in pairwise(words))
    for word in set(words):
        padded = f"~ {word} "
        for size in range(SHORTEST_PIECE, LONGEST_PIECE + 1):
            for start in range(1, len(padded) - size + 1):
                found[f"~{padded[start : start + size]}"] = 1.0
    times: dict[str, int] = {}
    for kind, _entry in lexicon(lang).found(words):
        times[kind] = times.get(kind, 0) + 1
    for kind, n in times.items():
        found[f"@{kind}"] = 1.0
        found[f"#{kind}"] = min(n, MOST_OF_A_CLASS) / MOST_OF_A_CLASS
    found.update((f"^{name}", 1.0) for name in _shape(text, len(words)))
    return found


def _shape(text: str, n_words: int) -> Iterable[str]:
    signs = text.rstrip()
    told = {
        "asks": "?" in text,
        "ends asking": signs.endswith("?"),
        "calls": "!" in text,
        "links": "http" in text,
        "addresses": text.lstrip().startswith("@"),
        "answers": bool(_MARKED.match(HANDLE.sub("", text))),
        "very short": n_words < 6,
        "short": n_words < 12,
        "long": n_words > 25,
        "counts": any(sign.isdigit() for sign in text),
        "tags": text.count("#") > 2,
        "quotes": bool(_QUOTED.search(text)),
        "shouts": text.isupper(),
        "means to ask": asks_something(text),
        "asks others": says(text, "others"),
        "seeks": says(text, "seek"),
    }
    return [name for name, holds in told.items() if holds]


def scaled(found: Sequence[Features], known: dict[str, int]) -> sp.csr_matrix:
    """Return features as rows: words and pieces of length one, each group by what it weighs."""
    columns: list[int] = []
    values: list[float] = []
    starts = [0]
    for one in found:
        groups: dict[str, list[tuple[int, float]]] = {}
        for name, value in one.items():
            if name in known:
                sign = name[0] if name[0] in _SCALE else ""
                groups.setdefault(sign, []).append((known[name], value))
        for sign, some in groups.items():
            size = _SCALE[sign] / (sqrt(len(some)) if sign in ("", "~") else 1.0)
            columns += [column for column, _value in some]
            values += [value * size for _column, value in some]
        starts.append(len(columns))
    return sp.csr_matrix((values, columns, starts), shape=(len(found), len(known)))


class Reader:
    """Reads texts of one language; an analyst's verdicts can teach it."""

    def __init__(self, lang: str, table: Rows | None = None) -> None:
        self.lang = lang
        self.weights = weights(lang)
        self.table = self.weights.table if table is None else table

    def read(self, texts: Sequence[str]) -> Rows:
        """Say how likely each text is each kind, in the order of `KINDS_READ`: 0 to 1."""
        return np.asarray(1 / (1 + np.exp(-(self._rows(texts) @ self.table))))

    def taught(self, texts: Mapping[str, str], verdicts: pd.DataFrame) -> Reader:
        """Return a reader that has learnt from verdicts.

        Parameters
        ----------
        texts
            The texts by post id.
        verdicts
            `post_id`, `kind`, `accepted`; those on other posts and kinds are left aside.
        """
        table = self.table.copy()
        here = verdicts[verdicts["post_id"].isin(list(texts))]
        for column, kind in enumerate(KINDS_READ):
            part = here[here["kind"] == kind]
            if len(part):
                rows = self._rows([texts[i] for i in part["post_id"]])
                accepted = part["accepted"].to_numpy(dtype=np.bool_)
                table[:, column] = taught(table[:, column], rows, accepted)
        return Reader(self.lang, table)

    def _rows(self, texts: Sequence[str]) -> sp.csr_matrix:
        found = [features_of(text, self.lang) | {CONSTANT: 1.0} for text in texts]
        return scaled(found, self.weights.place)


def for_this_chat(likely: Rows, lang: str) -> Rows:
    """Correct how likely posts are a kind by how common it is in their conversation.

    Most posts to a service complain, and few of a chat do; the model learnt from something between.
    The share is estimated with the posts (Saerens et al. 2002), leaning on the share learnt from as
    if on three hundred posts. Solutions are left as they are: on real conversations, which were
    read, the correction made them worse.

    Saerens, Latinne, Decaestecker: Adjusting the outputs of a classifier to new a priori
    probabilities, 2002, https://doi.org/10.1162/089976602753284446.
    """
    corrected = likely.copy()
    for column, kind in enumerate(KINDS_READ):
        if kind not in UNCORRECTED:
            corrected[:, column] = _corrected(likely[:, column], learnt_shares()[lang, kind])
    return corrected


def _corrected(likely: Rows, learnt: float) -> Rows:
    share, corrected = learnt, likely
    for _round in range(CORRECTIONS):
        here = likely * share / learnt
        corrected = here / (here + (1 - likely) * (1 - share) / (1 - learnt))
        share = (corrected.sum() + LEANING * learnt) / (len(likely) + LEANING)
    return corrected


@cache
def learnt_shares() -> dict[tuple[str, str], float]:
    """Return the share of each kind in the posts that the model learnt from."""
    table = pd.read_csv(FOLDER / "shares.csv")
    return {(str(lang), str(kind)): float(share) for lang, kind, share in table.to_numpy()}


def told_by(text: str, lang: str, kind: str, n: int = 4) -> list[str]:
    """List the words of a text that speak most for a kind, the most telling first."""
    own = weights(lang)
    column = KINDS_READ.index(kind)
    words = _WORD.findall(folded(HANDLE.sub(" ", URL.sub(" ", text))).casefold())
    told: dict[str, float] = {}
    small = stop_words(lang)
    telling = [word for word in words if word not in small and len(word) > 1]
    pairs = (pair for pair in pairwise(words) if not small.issuperset(pair))
    for one in (*telling, *map(" ".join, pairs)):
        if one in own.place:
            told[one] = own.table[own.place[one], column]
    for name, entry in lexicon(lang).found(words):
        if f"@{name}" in own.place:
            told[entry] = told.get(entry, 0) + own.table[own.place[f"@{name}"], column]
    best = sorted((one for one in told if told[one] > 0), key=lambda one: (-told[one], one))
    chosen: list[str] = []
    for one in best:
        if not any(one in other or other in one for other in chosen):
            chosen.append(one)
        if len(chosen) == n:
            break
    return chosen
