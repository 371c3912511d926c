"""What happens when in the simulated chat: editions, themes, numbers, marks."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

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
