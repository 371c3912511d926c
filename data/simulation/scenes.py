"""Questions and answers: what an edition is made of."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import numpy as np

from data.simulation.cast import NAMED, Person
from data.simulation.plan import (
    GUEST_EDITION,
    LOVED_ANSWER,
    ODD_MARKS,
    OUTCOMES,
    QUESTION_MARKS,
    SLOW_QUESTION,
    STORY,
    THEMES,
    TWO_AT_ONCE,
    UNASKED,
)
from data.simulation.posts import SimulatedPost
from data.simulation.words import (
    telling_word,
    telling_words,
)
from data.simulation.world import World, said_by


class Scenes(World):
    """A world whose people ask and answer."""

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
                **said_by(letter),
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
                    **said_by(letter),
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
                **said_by(letter),
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
                    **said_by(letter),
                )
