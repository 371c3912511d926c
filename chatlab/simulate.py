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
    telling_words,
    with_slip,
    without_accents,
)
from chatlab.errors import SettingsError

HASHTAG = "crowdwork"
ZONE = ZoneInfo("Europe/Paris")
FIRST = datetime(2026, 3, 5, 9, tzinfo=ZONE)
# What the letter before a sentence says: its insight; `q` asks something, `a` asks back.
INSIGHTS = {
    "f": "friction",
    "s": "solution",
    "c": "case study",
    "r": "request",
    "q": "request",
    "a": None,
    "o": None,
}
ASKING = ("q", "a")

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
# The answer that the host remembers: edition of the story and question.
LOVED_ANSWER = (6, 3)
# Edition of the story and question that the host asks together with the next one.
TWO_AT_ONCE = (3, 5)
QUESTION_MARKS = ("Q.{}", "Q{} :", "Question {} :", "Q {} :", "Q{})", "Q{}\ufe0f\u20e3", "❓Q{} -")
ODD_MARKS = {
    "fr": (
        "R{}) ",
        "R.{} : ",
        "Rép. {} : ",
        "Réponse n°{} : ",
        "R{}\ufe0f\u20e3 ",
        "Sur la Q{} : ",
    ),
    "en": ("A{}) ", "Answer {}: ", "A{} pt. 1 ", "re Q{}: ", "A{}\ufe0f\u20e3 ", "On Q{}: "),
}
# How often a question of a participant stays open, is replied to, is answered without a link,
# or only by its asker.
OUTCOMES = (0.4, 0.4, 0.12, 0.08)
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
    world = _World(
        np.random.default_rng(seed), np.random.default_rng([seed, 1]), n_editions, n_authors
    )
    for edition in range(1, n_editions + 1):
        world.edition(edition)
    return world.finished()


def _said_by(letter: str) -> dict[str, Any]:
    """Return the truth that the letter before a sentence tells."""
    return {"insight": INSIGHTS[letter], "asked": letter in ASKING}


@dataclass
class _World:
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
        question = None
        for i, (theme, french, english) in enumerate(asked, 1):
            at = start + timedelta(minutes=3.5 + step * (i - 1), seconds=int(self.rng.integers(40)))
            again = f" ({number})" if self.n_editions > STORY else ""
            both = (story, i) == TWO_AT_ONCE
            if question and question.truth.get("second_question") == i:
                at = question.at
            else:
                said = f"{self._question_mark(i)} {french} / EN below : {english}{again}"
                if both:
                    said = f"Q{i} {french} Q{i + 1} {asked[i][1]}{again}"
                elif apart := self._fancies(0.25):
                    said = f"{self._question_mark(i)} {french}{again}"
                question = self._host(
                    at,
                    said,
                    number,
                    question=i,
                    second_question=i + 1 if both else None,
                    is_question=True,
                    theme=theme,
                )
                if not both:
                    self._around(question, i, french, english if apart else None, number)
            if (story, i) == LOVED_ANSWER and self._first_time(number):
                answers.append(self._loved_answer(question, i, theme, number))
            slow = timedelta(minutes=11 if (story, i) == (STORY, SLOW_QUESTION) else 0)
            answers += self._answers(question, i, theme, number, present, slow)
        return answers

    def _loved_answer(
        self, question: SimulatedPost, i: int, theme: str, number: int
    ) -> SimulatedPost:
        return self.say(
            self.named["demo_tom_hargreave_ops"],
            question.at + timedelta(seconds=95),
            self.frames["en"]["loved"][0][1],
            prefix=f"A{i} ",
            plain=True,
            edition=number,
            question=i,
            answer_by="prefix",
            theme=theme,
            insight="case study",
            loved=True,
        )

    def _question_mark(self, i: int) -> str:
        self._chance(0.7)
        style = "Q{}" if self._fancies(0.5) else self._whim(QUESTION_MARKS)
        lead = f"{self._whim(self.frames['fr']['lead'])[1]} " if self._fancies(0.12) else ""
        return lead + str(style).format(i)

    def _around(
        self, question: SimulatedPost, i: int, french: str, english: str | None, number: int
    ) -> None:
        """Announce a question, translate it apart, say it again; and somebody copies it."""
        if english:
            at = question.at + timedelta(seconds=int(self.whims.integers(30, 80)))
            self._host(at, f"Q{i} EN {english} ({number})", number, question=i)
        if self._fancies(0.15):
            soon = self._whim(self.frames["fr"]["soon"])[1].format(i=i)
            self._host(question.at - timedelta(seconds=75), f"{soon} ({number})", number)
        if self._fancies(0.2):
            again = self._whim(self.frames["fr"]["again"])[1].format(i=i, text=french)
            self._host(question.at + timedelta(minutes=5), f"{again} ({number})", number)
        if self._fancies(0.15):
            fan = self._whim([p for p in self.regulars if p.platform == "x"])
            copy = f"“Q{i} {french}”"
            at = question.at + timedelta(seconds=int(self.whims.integers(40, 200)))
            self.say(fan, at, copy, plain=True, edition=number)

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
            written = i
            if way == "prefix" and self._fancies(0.015):
                # Mostly one ahead of the host; sometimes the last question's number.
                written, way = (i - 1 if i > 1 and self._fancies(0.3) else i + 1), "wrong number"
            prefix = ""
            if way in ("prefix", "wrong number"):
                prefix = self._answer_prefix(written, person.lang)
            if way == "reply" and self._chance(0.4):
                slipped = i + 1 if self._fancies(0.05) else i
                prefix = self._answer_prefix(slipped, person.lang)
            second = None
            if way == "prefix" and i > 1 and self._fancies(0.03):
                second = i - 1
                before = self.questions[self._story(number)][i - 2][0]
                more = self._whim(self.frames[person.lang][before])[1]
                mark = "R" if person.lang == "fr" else "A"
                sentence = f"{sentence} {mark}{second} {more}"
            if way == "prefix" and second is None and self._fancies(0.02):
                prefix, sentence = "", f"{sentence} ({'R' if person.lang == 'fr' else 'A'}{i})"
            answer = self.say(
                person,
                at,
                sentence,
                prefix=prefix,
                plain=sentence.endswith(f"{i})"),
                parent=question if way == "reply" else None,
                quoted=question if way == "quote" else None,
                edition=number,
                question=i,
                second_question=second,
                answer_by=way,
                theme=theme,
                **_said_by(letter),
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
        odd = self._fancies(0.2)
        styles = (
            ("R{} ", "R{} : ", "r{} ", "Réponse {} : ", "A{} ")
            if lang == "fr"
            else ("A{} ", "A{}: ", "a{} ", "A.{} ", "A{} - ")
        )
        style = self._pick(styles)
        return str(self._whim(ODD_MARKS[lang]) if odd else style).format(i)

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
                    **_said_by(letter),
                )
            )
        return posts

    def _own_questions(self, start: datetime, number: int, present: Sequence[Person]) -> None:
        """Let people ask questions of their own, some of them rhetorical."""
        people = [p for p in present if p.role == "participant" and p.platform == "x"]
        if len(people) < 2:
            return
        few = max(1, round(self.n_authors / 50))
        for _ in range(2 * few):
            asker = self._whim(people)
            near = [p for p in people if p.community == asker.community and p is not asker]
            if not near:
                continue
            other = self._whim(near)
            at = start + timedelta(seconds=int(self.whims.integers(400, 3000)))
            sentence = self._unsaid("asked", asker.lang)
            told = str(self.whims.choice(["open", "reply", "no link", "self"], p=OUTCOMES))
            asked = self.say(
                asker,
                at,
                sentence,
                plain=True,
                edition=number,
                asked=True,
                insight="request",
                no_link=told == "no link",
            )
            later = at + timedelta(seconds=int(self.whims.integers(60, 400)))
            if told == "reply":
                answer = self._unsaid("asked_reply", other.lang)
                self.say(other, later, answer, plain=True, parent=asked, edition=number)
            elif told == "self":
                back = self._unsaid("asked_self", asker.lang)
                self.say(asker, later, back, plain=True, parent=asked, edition=number)
            elif told == "no link":
                words = telling_words(sentence)
                aside = self._unsaid("asked_aside", asker.lang).format(*words)
                self.say(other, later, aside, plain=True, edition=number)
        for _ in range(few):
            person = self._whim(people)
            at = start + timedelta(seconds=int(self.whims.integers(300, 3300)))
            sentence = self._unsaid("rhetorical", person.lang)
            self.say(person, at, sentence, plain=True, edition=number)

    def _unsaid(self, section: str, lang: str) -> str:
        """Draw a sentence by whim; none comes twice before all have come once."""
        bag = self.bags.get((section, lang))
        if not bag:
            frames = self.frames[lang][section]
            bag = [frames[j] for j in self.whims.permutation(len(frames))]
            self.bags[section, lang] = bag
        return bag.pop()[1]

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
            letter, sentence = self._draw("reply", person.lang)
            at = min(parent.at + self._minutes(3), end)
            reply = self.say(
                person,
                at,
                sentence.format(word=telling_word(parent.text)),
                plain=True,
                parent=parent,
                edition=number,
                theme=parent.truth.get("theme"),
                **_said_by(letter),
            )
            if self._chance(0.25):
                letter, back = self._draw("reply", parent.person.lang)
                self.say(
                    parent.person,
                    min(at + self._minutes(2), end),
                    back.format(word=telling_word(reply.text)),
                    parent=reply,
                    edition=number,
                    theme=parent.truth.get("theme"),
                    **_said_by(letter),
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
                asked=True,
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
                asked=True,
                insight="request",
            )

    def _answered_aside(self, start: datetime, number: int) -> None:
        """One question answered without a reply link, one answered only by its asker."""
        lines = [sentence for _, sentence in self.frames["fr"]["answered_aside"]]
        one, other = [p for p in self.regulars if p.lang == "fr" and p.platform == "x"][:2]
        self.say(
            one,
            start + timedelta(minutes=15),
            lines[0],
            plain=True,
            edition=number,
            asked=True,
            insight="request",
            no_link=True,
            theme="pay",
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
            asked=True,
            insight="request",
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
                    **_said_by(letter),
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
                "asked": None,
                "second_question": None,
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
                    **_said_by(letter),
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
