"""A simulated question-and-answer chat, French and English; everybody in it is invented."""

from __future__ import annotations

from datetime import timedelta

import numpy as np
import pandas as pd

from chatlab.errors import SettingsError
from data.simulation.incidents import Incidents
from data.simulation.plan import (
    FIRST,
    UNASKED,
)


def simulate_chat(
    *, n_editions: int = 6, n_authors: int = 200, seed: int = 0
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Invent a chat: the posts, and the truth about them.

    With the defaults it is the bundled `#crowdwork` chat: six Thursdays, 9 to 10 in Paris, from
    5 March 2026. Other sizes stretch the same story: themes keep their place in it.

    Parameters
    ----------
    n_editions
        Number of weekly editions.
    n_authors
        Number of people, at least 20; twelve of them are written by hand.
    seed
        The same seed makes the same chat.

    Returns
    -------
    posts : DataFrame
        A posts table: X mostly, some Mastodon and Bluesky. No two posts but reposts are equal.
    truth : DataFrame
        On the same index: `edition` (missing between editions), `question` (number asked or
        answered), `second_question` (where a post asks or answers two), `is_question` (first
        asked; repeats and translations are not), `answer_by` (`prefix`, `reply`, `quote`,
        `continuation`, `time`, `wrong number`), `asked` (what a participant asked: `answered`,
        `no reply`, `only the asker`, `no reply link`), `theme`, `insight`, `community`, `role`;
        missing where there is none.

    Raises
    ------
    SettingsError
        When a size is too small.
    """
    if n_editions < 1 or n_authors < 20:
        raise SettingsError(
            f"`n_editions` is {n_editions} and `n_authors` {n_authors}; "
            "a chat needs at least 1 edition and 20 people."
        )
    world = Story(
        np.random.default_rng(seed), np.random.default_rng([seed, 1]), n_editions, n_authors
    )
    for edition in range(1, n_editions + 1):
        world.edition(edition)
    return world.finished()


class Story(Incidents):
    """The six editions, one after the other."""

    def edition(self, number: int) -> None:
        """Play one edition, from the announcement to the late posts."""
        self.now = number
        story = self._story(number)
        start = FIRST + timedelta(days=7 * (number - 1))
        self._announce(start, number)
        present = self._present(number, story)
        welcome = self._draw("welcome", "fr")[1]
        self._host(start - timedelta(seconds=30), f"{welcome} ({number})", number)
        for person in present:
            if person in self.once or self._chance(0.2):
                at = start + timedelta(seconds=int(self.rng.exponential(150)))
                hello = self._draw("hello", person.lang)[1]
                self.say(person, at, hello, plain=True, edition=number)
        answers = self._ask_all(start, number, story, present)
        if story in UNASKED:
            answers += self._unasked(start, number, story, present)
        self._own_questions(start, number, present)
        self._incidents(start, number, story)
        self._replies(answers, present, number, start)
        self._close(start, number, story, present)
        self._reposts(answers, present, number, start)
        self._between(start, number, story)
