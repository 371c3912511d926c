"""A simulated question-and-answer chat, French and English; everybody in it is invented."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd

from chatlab._simulated_cast import NAMED, Person, make_cast
from chatlab._simulated_posts import SimulatedPost, finished_tables
from chatlab._simulated_words import (
    continued,
    read_frames,
    read_questions,
    telling_word,
    with_slip,
    without_accents,
)
from chatlab.errors import SettingsError

HASHTAG = "crowdwork"
ZONE = ZoneInfo("Europe/Paris")
FIRST = datetime(2026, 3, 5, 9, tzinfo=ZONE)
INSIGHTS = {"f": "friction", "s": "solution", "c": "case study", "r": "request", "o": None}

# Editions, of the six in the world's story, in which a theme lives, and how much it is talked of.
THEMES: dict[str, tuple[tuple[int, ...], float]] = {
    "pay": ((1, 2, 3, 4, 5, 6), 1.7),
    "brief": ((1, 2, 4, 6), 1.15),
    "quality": ((1, 2, 3, 5, 6), 1.2),
    "privacy": ((2, 4, 5), 0.9),
    "onboarding": ((1, 3, 6), 0.8),
    "recognition": ((3, 4, 5, 6), 0.0),
    "ai": ((5, 6), 1.3),
    "contests": ((2,), 1.5),
    "tools": ((1, 2, 3, 4, 5, 6), 0.35),
    "translation": ((1, 2, 3), 0.9),
}
# Nobody asks about it: posts of that theme come by themselves, more each time.
UNASKED = {3: 5, 4: 6, 5: 11, 6: 15}
STORY = 6
GUEST_EDITION = 4
LATE_END = timedelta(minutes=7)
SLOW_QUESTION = 5
EMOJI = ("🙂", "😅", "👏", "☕", "🙌", "😬", "🌧️", "💡", "🤷", "✍️", "📎", "🎉")


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
        answered), `is_question`, `answer_by` (`prefix`, `reply`, `quote`, `continuation`,
        `time`), `theme`, `insight`, `community`, `role`; missing where there is none.

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
    world = _World(np.random.default_rng(seed), n_editions, n_authors)
    for edition in range(1, n_editions + 1):
        world.edition(edition)
    return world.finished()


@dataclass
class _World:
    """The people, their sentences, and what has been said so far."""

    rng: np.random.Generator
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
        self._incidents(start, number, story)
        self._replies(answers, present, number, start)
        self._close(start, number, story, present)
        self._reposts(answers, present, number, start)
        self._between(start, number, story)

    def _host(self, at: datetime, text: str, edition: int | None, **truth: Any) -> SimulatedPost:
        return self.say(self.host, at, text, plain=True, edition=edition, **truth)

    def _announce(self, start: datetime, number: int) -> None:
        for days, clock in ((2, 11), (1, 17)):
            at = (start - timedelta(days=days)).replace(hour=clock, minute=5 + number % 50)
            text = self._draw("announce", "fr")[1]
            self._host(at, f"#{number} · {text}", None)

    def _present(self, number: int, story: int) -> list[Person]:
        half = 0.5 if story == GUEST_EDITION else 1.0
        named = [p for p in NAMED[1:] if p.role not in ("promoter", "annoyed", "customer")]
        chosen = [p for p in named if p.role == "panel" or self._chance(0.8 * half)]
        for person in self.regulars:
            gone = person in self.lapsed and story > STORY / 2
            if not gone and self._chance(0.8 * half):
                chosen.append(person)
        chosen += [p for p in self.returning if self._chance(0.4 * half)]
        chosen += [p for p, edition in self.once.items() if edition == number]
        return chosen

    def _ask_all(
        self, start: datetime, number: int, story: int, present: Sequence[Person]
    ) -> list[SimulatedPost]:
        answers = []
        asked = self.questions[story]
        step = 55 / len(asked)
        for i, (theme, french, english) in enumerate(asked, 1):
            at = start + timedelta(minutes=3.5 + step * (i - 1), seconds=int(self.rng.integers(40)))
            mark = ("Q{}", "Q.{}", "Q{} :", "Question {} :")[
                0 if self._chance(0.7) else int(self.rng.integers(1, 4))
            ]
            again = f" ({number})" if self.n_editions > STORY else ""
            question = self._host(
                at,
                f"{mark.format(i)} {french} / EN below : {english}{again}",
                number,
                question=i,
                is_question=True,
                theme=theme,
            )
            slow = timedelta(minutes=11 if (story, i) == (STORY, SLOW_QUESTION) else 0)
            answers += self._answers(question, i, theme, number, present, slow)
        return answers

    def _answers(
        self,
        question: SimulatedPost,
        i: int,
        theme: str,
        number: int,
        present: Sequence[Person],
        slow: timedelta,
    ) -> list[SimulatedPost]:
        answers = []
        weight = THEMES[theme][1]
        for person in present:
            likely = {"panel": 0.55, "participant": 0.17}.get(person.role, 0.2)
            if theme == "translation":
                likely *= 3.5 if person.community == "bridge" else 0.7
            if not self._chance(min(likely * weight, 0.95)):
                continue
            letter, sentence = self._draw(theme, person.lang)
            at = question.at + slow + self._minutes(3.2)
            way = self._way(person)
            prefix = self._answer_prefix(i, person.lang) if way == "prefix" else ""
            if way == "reply" and self._chance(0.4):
                prefix = self._answer_prefix(i, person.lang)
            answer = self.say(
                person,
                at,
                sentence,
                prefix=prefix,
                parent=question if way == "reply" else None,
                quoted=question if way == "quote" else None,
                edition=number,
                question=i,
                answer_by=way,
                theme=theme,
                insight=INSIGHTS[letter],
            )
            answers.append(answer)
            if self._chance(0.07):
                more = self._draw("continuation", person.lang)[1]
                self.say(
                    person,
                    at + self._minutes(0.7),
                    more,
                    parent=answer,
                    edition=number,
                    question=i,
                    answer_by="continuation",
                    theme=theme,
                )
        return answers

    def _way(self, person: Person) -> str:
        if person.platform != "x":
            return "prefix" if self._chance(0.8) else "time"
        return str(self.rng.choice(["prefix", "reply", "quote", "time"], p=[0.7, 0.17, 0.05, 0.08]))

    def _answer_prefix(self, i: int, lang: str) -> str:
        if self._chance(0.03):
            return f"Q{i} "  # people slip, and answer a question with its own mark
        styles = (
            ("R{} ", "R{} : ", "r{} ", "Réponse {} : ", "A{} ")
            if lang == "fr"
            else ("A{} ", "A{}: ", "a{} ", "A.{} ", "A{} - ")
        )
        return str(self._pick(styles)).format(i)

    def _unasked(
        self, start: datetime, number: int, story: int, present: Sequence[Person]
    ) -> list[SimulatedPost]:
        quiet = [p for p in present if p.role == "participant"]
        posts = []
        for _ in range(round(UNASKED[story] * self.n_authors / 200)):
            person = self._pick(quiet or [self.host])
            letter, sentence = self._draw("recognition", person.lang)
            at = start + timedelta(seconds=int(self.rng.integers(300, 3300)))
            posts.append(
                self.say(
                    person,
                    at,
                    sentence,
                    edition=number,
                    theme="recognition",
                    insight=INSIGHTS[letter],
                )
            )
        return posts

    def _replies(
        self,
        answers: Sequence[SimulatedPost],
        present: Sequence[Person],
        number: int,
        start: datetime,
    ) -> None:
        end = start + timedelta(minutes=59)
        for _ in range(min(6, len(answers))):
            thanked = self._pick(answers)
            if thanked.person.platform == "x" and thanked.person is not self.host:
                word = telling_word(thanked.text)
                sentence = self._draw("reply", thanked.person.lang)[1].format(word=word)
                self.say(
                    self.host,
                    min(thanked.at + self._minutes(2), end),
                    sentence,
                    plain=True,
                    parent=thanked,
                    edition=number,
                    theme=thanked.truth.get("theme"),
                )
        weights = np.array([post.person.answered for post in answers])
        if not len(weights) or len(present) < 2:
            return
        for _ in range(round(0.55 * len(answers))):
            parent = answers[int(self.rng.choice(len(answers), p=weights / weights.sum()))]
            same = [
                p
                for p in present
                if p is not parent.person
                and p.platform == parent.person.platform
                and (
                    p.community in (parent.person.community, "bridge")
                    or parent.person.community == "bridge"
                    or self._chance(0.07)
                )
            ]
            if not same:
                continue
            person = self._pick(same)
            sentence = self._draw("reply", person.lang)[1].format(word=telling_word(parent.text))
            at = min(parent.at + self._minutes(3), end)
            reply = self.say(
                person,
                at,
                sentence,
                plain=True,
                parent=parent,
                edition=number,
                theme=parent.truth.get("theme"),
            )
            if self._chance(0.25):
                back = self._draw("reply", parent.person.lang)[1]
                self.say(
                    parent.person,
                    min(at + self._minutes(2), end),
                    back.format(word=telling_word(reply.text)),
                    parent=reply,
                    edition=number,
                    theme=parent.truth.get("theme"),
                )

    def _incidents(self, start: datetime, number: int, story: int) -> None:
        """Play what the story tells once: promotion, a complaint, questions nobody answers."""
        solene = self.named["demo_solene_marquet_ludo"]
        if story == 3 and self._first_time(number):
            promoter = self.named["demo_PromoTaches24_fictif"]
            for i in range(40):
                at = start - timedelta(hours=4.4) + timedelta(minutes=6.3 * i)
                self.say(promoter, at, f"{self._draw('promo', 'fr')[1]} [{i + 1}/40]", plain=True)
            annoyed = self.named["demo_gael_prigent_lecteur"]
            self.say(
                annoyed,
                start + timedelta(minutes=1),
                self._draw("annoyed", "fr")[1],
                plain=True,
                edition=number,
            )
            complaint = self.say(
                solene,
                start + timedelta(minutes=24),
                self._draw("complaint", "fr")[1],
                plain=True,
                edition=number,
                theme="pay",
                insight="friction",
            )
            self.say(
                self.host,
                start + timedelta(minutes=31),
                self._draw("complaint_answer", "fr")[1],
                plain=True,
                parent=complaint,
                edition=number,
                theme="pay",
            )
        if story == 4 and self._first_time(number):
            self.say(
                solene,
                start + timedelta(minutes=12),
                self._draw("complaint_thanks", "fr")[1],
                plain=True,
                edition=number,
                theme="pay",
            )
            self._answered_aside(start, number)
        unanswered = {2: ("fr", 0), 4: ("fr", 1), 5: ("en", 0), 6: ("en", 1)}
        if story in unanswered and self._first_time(number):
            lang, i = unanswered[story]
            someone = next(p for p in self.returning if p.lang == lang and p.platform == "x")
            self.say(
                someone,
                start + timedelta(minutes=33),
                self.frames[lang]["open"][i][1],
                plain=True,
                edition=number,
            )

    def _answered_aside(self, start: datetime, number: int) -> None:
        """One question answered without a reply link, one answered only by its asker."""
        lines = [sentence for _, sentence in self.frames["fr"]["answered_aside"]]
        one, other = [p for p in self.regulars if p.lang == "fr" and p.platform == "x"][:2]
        self.say(
            one, start + timedelta(minutes=15), lines[0], plain=True, edition=number, theme="pay"
        )
        self.say(
            other,
            start + timedelta(minutes=18),
            lines[1],
            plain=True,
            edition=number,
            theme="pay",
            insight="solution",
        )
        asked = self.say(
            other,
            start + timedelta(minutes=38),
            lines[2],
            plain=True,
            edition=number,
            theme="privacy",
        )
        self.say(
            other,
            start + timedelta(minutes=46),
            lines[3],
            plain=True,
            parent=asked,
            edition=number,
            theme="privacy",
        )

    def _first_time(self, number: int) -> bool:
        return self._story(number) != self._story(number - 1) if number > 1 else True

    def _close(self, start: datetime, number: int, story: int, present: Sequence[Person]) -> None:
        late = LATE_END if story == STORY else timedelta(0)
        end = start + timedelta(minutes=59) + late
        closing = self._draw("close", "fr")[1]
        self._host(end - timedelta(minutes=2), f"{closing} [{number}]", number)
        for person in present:
            if self._chance(0.16):
                at = end - timedelta(seconds=int(self.rng.integers(0, 110)))
                thanks = self._draw("thanks", person.lang)[1]
                self.say(person, at, thanks, plain=True, edition=number)
        for person in present:
            if self._chance(0.04):
                at = start + timedelta(seconds=int(self.rng.integers(60, 3400)))
                self.say(person, at, self._draw("joke", person.lang)[1], edition=number)
            if self._chance(0.05):
                lang = person.lang
                theme = self._pick(self.questions[story])[0]
                letter, sentence = self._draw(theme, lang)
                self.say(
                    person,
                    end + self._minutes(400),
                    sentence,
                    theme=theme,
                    insight=INSIGHTS[letter],
                )

    def _reposts(
        self,
        answers: Sequence[SimulatedPost],
        present: Sequence[Person],
        number: int,
        start: datetime,
    ) -> None:
        here = [post for post in self.posts if post.truth.get("edition") == number]
        wanted = {"panel": 4.0, "host": 3.0, "journalist": 2.0}
        loved = [post for post in here if post.parent is None and not post.original]
        weights = np.array(
            [
                wanted.get(p.person.role, 1.0)
                * (3 if p.truth.get("insight") == "case study" else 1)
                for p in loved
            ]
        )
        seen = set()
        for _ in range(round(0.45 * len(answers))):
            original = loved[int(self.rng.choice(len(loved), p=weights / weights.sum()))]
            if original.person.platform != "x":
                continue
            fans = [p for p in present if p.platform == "x" and p is not original.person]
            fan = self._pick(fans)
            if (fan.handle, id(original)) in seen:
                continue
            seen.add((fan.handle, id(original)))
            at = original.at + self._minutes(5)
            inside = at < start + timedelta(minutes=60)
            truth = {
                **original.truth,
                "edition": number if inside else None,
                "question": None,
                "is_question": None,
                "answer_by": None,
            }
            self.posts.append(SimulatedPost(fan, at, original.text, truth, original=original))

    def _between(self, start: datetime, number: int, story: int) -> None:
        """Fill the quiet days: a few posts, and an article that people quote."""
        living = [theme for theme, (editions, _) in THEMES.items() if story in editions]
        for _ in range(int(self.rng.integers(7, 13))):
            person = self._pick(self.regulars)
            theme = self._pick(living)
            letter, sentence = self._draw(theme, person.lang)
            at = start + timedelta(days=1) + timedelta(hours=float(self.rng.uniform(2, 100)))
            self.say(person, at, sentence, theme=theme, insight=INSIGHTS[letter])
        if story == 5 and self._first_time(number):
            paper = Person(
                "demo_gazette_du_travail",
                "La Gazette du travail (fictive)",
                "fr",
                "outside",
                "fr",
                15200,
                "Journal inventé. Fictional newspaper.",
            )
            article = SimulatedPost(
                paper,
                start - timedelta(hours=20),
                "Enquête : dans les ateliers d'annotation, la machine et la main.",
                {"role": "outside"},
                in_chat=False,
            )
            self.posts.append(article)
            readers = [p for p in self.regulars if p.platform == "x"][:3]
            for i, reader in enumerate(readers):
                letter, sentence = self._draw("ai", reader.lang)
                at = article.at + timedelta(hours=3 + 2 * i)
                self.say(
                    reader,
                    at,
                    sentence,
                    theme="ai",
                    insight=INSIGHTS[letter],
                    parent=article if i == 2 else None,
                    quoted=None if i == 2 else article,
                )

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
