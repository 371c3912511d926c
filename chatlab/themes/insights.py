"""Market research in posts: frictions, solutions, case studies, requests and products, by cues."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import Path

import pandas as pd

from chatlab.posts.select import own_posts
from chatlab.text.asking import asks_something
from chatlab.text.folding import folded
from chatlab.text.numbering import number_mark, without_mark
from chatlab.text.patterns import HANDLE, HASHTAG, URL, shorten
from chatlab.text.phrases import phrase
from chatlab.text.words import LANGUAGES, base_language
from chatlab.themes.cues import KINDS, STRENGTHS, Cue, read_cues

COLUMNS = ["post_id", "author_id", "kind", "certainty", "cue", "what"]
ENOUGH = 1.0
DOUBTFUL = 0.66
SHORT_REPLY = 14
# Some 1,500 cues are tried on each post: on a long one, on its beginning.
READ = 5_000
# A word with a capital inside that so many people use in so many posts is somebody's product.
COINED_POSTS, COINED_PEOPLE = 4, 3
_COINED = re.compile(r"\b(?:[A-Z][a-z]{1,20}|[a-z]{1,3})(?:[A-Z][a-z]{0,20}){1,3}\b")
_NETWORKS = {"x": "twitter", "mastodon": "mastodon", "bluesky": "bluesky"}
_ASIDE = re.compile(r"\([^()]{0,200}\)")
_QUOTED = re.compile(r"«[^»]{0,200}»|“[^”]{0,200}”|\"[^\"\n]{0,200}\"")
_NEGATED = re.compile(
    r"(?:\b(?:no|not|never|without|zero|isn t|wasn t|aren t|don t|doesn t|pas de|pas d|pas un|"
    r"pas une|sans|aucun|aucune|jamais de|zero)\s+(?:\w+\s+){0,1})$"
)
# A word of praise beside a complaint, or a marker of irony, makes the complaint no praise.
_IRONY = re.compile(
    r"/s\b|🙃|\b(?:oh joy|how lovely|what a joy|j adore|quel bonheur|bravo|super|genial)\b.{0,60}"
    r"\b(?:encore|again|mot|mots|once more|bien sur|of course)\b"
)


def find_insights(
    posts: pd.DataFrame,
    *,
    cues: str | Path | None = None,
    brand: str | None = None,
    rivals: Sequence[str] = (),
) -> pd.DataFrame:
    """Mark what a market researcher looks for, each mark with the cue that caused it.

    Cues are words and patterns, English and French, in an editable list (`chatlab/cues.csv`); of
    posts in other languages, only products are found. One sure cue marks a post; a likely one, or
    two weak ones, mark it "to check". A negated word of friction (`no problem`, `sans souci`)
    counts for nothing. A sincere question that looks for others' knowledge is a request, unless a
    reply asks it back. In a question, what looks like a solution or a case is to check; a marker
    of irony makes a friction to check. Asides in parentheses are left out, and so are words that
    a reply quotes; a short reply around such words is not marked. Neither are reposts, posts that
    only came along, and the host's numbered questions. Of a post longer than 5,000 characters,
    the beginning is read.

    Parameters
    ----------
    posts
        A posts table.
    cues
        A list of your own, as CSV; see `read_cues`.
    brand, rivals
        Names of products to find besides the list's, and besides words with a capital inside that
        three people use in four posts.

    Returns
    -------
    DataFrame
        One row per mark, in the order of the posts: `post_id`, `author_id`, `kind` (`friction`,
        `solution`, `case`, `request`, `product`), `certainty` (`sure`, `to check`), `cue` (list
        of up to four that were found, sure ones first; for a pattern, the words that it met),
        `what` (list of the products named, empty for other kinds).

    Raises
    ------
    SettingsError
        When the list of cues has a line that cannot be used.
    """
    listed = read_cues(path=cues)
    said = own_posts(posts)
    products = {cue.text for cue in listed}
    coined = [name for name in _coined_names(said) if name.casefold() not in products]
    names = dict.fromkeys(coined, STRENGTHS["likely"])
    names |= dict.fromkeys([name for name in (brand, *rivals) if name], STRENGTHS["sure"])
    # The network on which people write is no product that they speak of.
    own = {_NETWORKS.get(platform) for platform in said["platform"].unique()}
    listed = tuple(cue for cue in listed if cue.text not in own)
    rows = []
    columns = ["post_id", "author_id", "text", "lang", "kind"]
    for post_id, author, text, lang, kind in said[columns].itertuples(index=False, name=None):
        mark = number_mark(text)
        if not isinstance(text, str) or (mark and mark.asks):
            continue
        known = base_language(lang) or None
        for found in _marks(text[:READ], known, kind == "reply", listed, names):
            rows.append((post_id, author, *found))
    return pd.DataFrame(rows, columns=COLUMNS).astype(dict.fromkeys(COLUMNS[:4], "str"))


def _coined_names(said: pd.DataFrame) -> list[str]:
    """Find words with a capital inside that several people use, as products are called.

    Handles, hashtags and links are none, and neither are words of people's own names.
    """
    own = {word for name in said["author_name"].dropna().unique() for word in name.split()}
    texts = [HASHTAG.sub(" ", HANDLE.sub(" ", URL.sub(" ", str(t)[:READ]))) for t in said["text"]]
    pairs = pd.DataFrame(
        [
            (word, author)
            for text, author in zip(texts, said["author_id"], strict=True)
            for word in set(_COINED.findall(text)) - own
        ],
        columns=["word", "author"],
    )
    counts = pairs.groupby("word")["author"].agg(["size", "nunique"])
    often = counts[(counts["size"] >= COINED_POSTS) & (counts["nunique"] >= COINED_PEOPLE)]
    return sorted(map(str, often.index))


def _marks(
    text: str, lang: str | None, is_reply: bool, cues: Sequence[Cue], names: Mapping[str, float]
) -> list[tuple[str, str, list[str], list[str]]]:
    plain = folded(URL.sub(" ", HANDLE.sub(" ", text)))
    plain = _ASIDE.sub(" ", HASHTAG.sub(r" \1", without_mark(plain))).strip()
    own = _QUOTED.sub(" ", plain) if is_reply else plain
    # A short reply that takes up somebody's words is talk about that post.
    if own != plain and len(own.split()) < SHORT_REPLY:
        return []
    lowered = own.casefold()
    asks = "?" in own
    found: dict[str, list[tuple[float, str]]] = {kind: [] for kind in KINDS}
    named: list[str] = []
    for cue in cues:
        if cue.lang and lang is not None and cue.lang != lang:
            continue
        if cue.literal not in lowered:
            continue
        match = cue.pattern.search(own if cue.text.startswith("/") else lowered)
        if match is None or (cue.kind == "friction" and _NEGATED.search(lowered[: match.start()])):
            continue
        words = cue.text if not cue.text.startswith("/") else match.group(0).strip(" .,:;!")
        found[cue.kind].append((cue.strength, shorten(words, 40)))
        if cue.kind == "product":
            named.append(words if cue.text.startswith("/") else cue.text)
    for name, strength in names.items():
        bare = folded(name)
        if bare.casefold() in lowered and re.search(
            rf"(?<!\w){re.escape(bare)}(?!\w)", own, re.IGNORECASE
        ):
            named.append(name)
            found["product"].append((strength, name))
    if not is_reply and (lang is None or lang in LANGUAGES) and asks_something(text):
        others, seeks = phrase(text, "others"), phrase(text, "seek")
        found["request"].append((STRENGTHS["sure" if others else "weak"], others or seeks or "?"))
    scores = {kind: sum(strength for strength, _found_by in some) for kind, some in found.items()}
    marks = []
    for kind in KINDS:
        # What somebody asks for is no solution told.
        sought = kind == "solution" and asks and scores["request"] >= ENOUGH
        if scores[kind] < DOUBTFUL or sought:
            continue
        doubtful = scores[kind] < ENOUGH
        doubtful |= asks and kind in ("solution", "case")
        doubtful |= kind == "friction" and bool(_IRONY.search(lowered))
        told = dict.fromkeys(cue for _strength, cue in sorted(found[kind], key=_surest_first))
        what = [*dict.fromkeys(named)] if kind == "product" else []
        marks.append((kind, "to check" if doubtful else "sure", [*told][:4], what))
    return marks


def _surest_first(cue: tuple[float, str]) -> tuple[float, str]:
    strength, words = cue
    return -strength, words
