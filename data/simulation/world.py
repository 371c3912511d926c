"""The people, their sentences, and what has been said so far."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import numpy as np
import pandas as pd

from data.simulation.cast import NAMED, Person, make_cast
from data.simulation.plan import (
    ASKING,
    EMOJI,
    FIRST,
    GUEST_EDITION,
    HASHTAG,
    INSIGHTS,
    STORY,
)
from data.simulation.posts import SimulatedPost, finished_tables
from data.simulation.words import (
    continued,
    read_frames,
    read_questions,
    with_slip,
    without_accents,
)


def said_by(letter: str) -> dict[str, Any]:
    """Return the truth that the letter before a sentence tells."""
    return {"insight": INSIGHTS[letter], "asked": letter in ASKING}


@dataclass
class World:
    """The people, their sentences, and what has been said so far."""

    rng: np.random.Generator
    # Draws what hurried people do to marks and numbers, so that the story stays as it is.
    whims: np.random.Generator
    n_editions: int
    n_authors: int
    posts: list[SimulatedPost] = field(default_factory=list)
    said: set[str] = field(default_factory=set)
    bags: dict[tuple[str, str], list[tuple[str, str]]] = field(default_factory=dict)
    now: int = 0

    def __post_init__(self) -> None:
        self.frames = {lang: read_frames(lang) for lang in ("fr", "en")}
        self.questions = read_questions()
        self.people = make_cast(self.rng, self.n_authors)
        self.named = {person.handle: person for person in NAMED}
        self.host = NAMED[0]
        rest = [p for p in self.people if p not in NAMED]
        self.regulars = rest[: round(self.n_authors / 8)]
        self.returning = rest[len(self.regulars) : round(self.n_authors * 0.3)]
        once = rest[len(self.regulars) + len(self.returning) :]
        weights = np.array(
            [0.5 if self._story(e) == GUEST_EDITION else 1 for e in range(1, self.n_editions + 1)]
        )
        editions = self.rng.choice(self.n_editions, len(once), p=weights / weights.sum()) + 1
        self.once = {person: int(e) for person, e in zip(once, editions, strict=True)}
        self.lapsed = set(self.regulars[: round(len(self.regulars) * 8 / 25)])

    def _story(self, edition: int) -> int:
        """Place an edition in the story of six, however many editions there are."""
        if self.n_editions <= STORY:
            return edition
        return 1 + round((edition - 1) * (STORY - 1) / (self.n_editions - 1))

    def _pick(self, options: Sequence[Any]) -> Any:
        return options[int(self.rng.integers(len(options)))]

    def _whim(self, options: Sequence[Any]) -> Any:
        return options[int(self.whims.integers(len(options)))]

    def _fancies(self, probability: float) -> bool:
        return bool(self.whims.random() < probability)

    def _chance(self, probability: float) -> bool:
        return bool(self.rng.random() < probability)

    def _minutes(self, mean: float) -> timedelta:
        return timedelta(seconds=int(self.rng.exponential(mean * 60)) + 8)

    def _draw(self, section: str, lang: str) -> tuple[str, str]:
        """Draw a sentence; none comes twice before all have come once."""
        bag = self.bags.get((section, lang))
        if not bag:
            frames = self.frames[lang][section]
            bag = [frames[i] for i in self.rng.permutation(len(frames))]
            self.bags[section, lang] = bag
        return bag.pop()

    def _dressed(self, person: Person, sentence: str, *, plain: bool = False) -> str:
        """Give a sentence an opening, an aside, an emoji or a slip, as people do."""
        text = sentence
        if not plain and self._chance(0.3):
            text = f"{self._draw('opening', person.lang)[1]} {continued(text)}"
        if not plain and self._chance(0.25):
            text = f"{text} {self._draw('aside', person.lang)[1]}"
        if self._chance(0.125):
            text = f"{text} {self._pick(EMOJI)}"
        if not plain and self._chance(0.06):
            text = without_accents(text) if person.lang == "fr" else with_slip(text, self.rng)
        return text

    def say(
        self,
        person: Person,
        at: datetime,
        sentence: str,
        *,
        prefix: str = "",
        plain: bool = False,
        parent: SimulatedPost | None = None,
        quoted: SimulatedPost | None = None,
        edition: int | None = None,
        **truth: Any,
    ) -> SimulatedPost:
        """Let somebody post, in words that nobody has used before."""
        lead = f"@{parent.person.handle} " if parent and parent.person.platform == "x" else ""
        url = quoted.url if quoted and quoted.url else None
        for attempt in range(50):
            body = self._dressed(person, sentence, plain=plain and attempt < 2)
            text = " ".join(f"{lead}{prefix}{body} #{HASHTAG}".split())
            if text not in self.said:
                break
        self.said.add(text)
        facts = {"edition": edition, **truth}
        post = SimulatedPost(person, at, text, facts, parent=parent, quoted=quoted, url=url)
        self.posts.append(post)
        return post

    def _unsaid(self, section: str, lang: str) -> str:
        """Draw a sentence by whim; none comes twice before all have come once."""
        bag = self.bags.get((section, lang))
        if not bag:
            frames = self.frames[lang][section]
            bag = [frames[j] for j in self.whims.permutation(len(frames))]
            self.bags[section, lang] = bag
        return bag.pop()[1]

    def _first_time(self, number: int) -> bool:
        return self._story(number) != self._story(number - 1) if number > 1 else True

    def finished(self) -> tuple[pd.DataFrame, pd.DataFrame]:
        """Let everybody have said something, and make the two tables."""
        heard = {post.person for post in self.posts}
        for person in self.people:
            if person not in heard:
                at = FIRST + timedelta(
                    days=7 * self.now - 5, minutes=float(self.rng.uniform(0, 900))
                )
                self.say(person, at, self._draw("thanks", person.lang)[1])
        return finished_tables(self.posts, self.rng)
