"""What happens beside questions and answers: noise, thanks, reposts, the days between."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

import numpy as np

from data.simulation.cast import Person
from data.simulation.plan import (
    INSIGHTS,
    LATE_END,
    STORY,
    THEMES,
)
from data.simulation.posts import SimulatedPost
from data.simulation.scenes import Scenes
from data.simulation.world import said_by


class Incidents(Scenes):
    """A world in which not everything goes by plan."""

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
                    **said_by(letter),
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
                    **said_by(letter),
                    parent=article if i == 2 else None,
                    quoted=None if i == 2 else article,
                )
