"""Drafts of posts that thank or invite somebody, as short as the network allows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from chatlab.project.chat import Chat
from chatlab.text.patterns import URL, shorten, with_inner_marks

# Who sells in so many posts, and in most of them, is left out of thanks.
SELLING = 3
# The longest post of each network, and what is left free for the fields that somebody fills in.
LIMITS = {"x": 280, "bluesky": 300, "mastodon": 500}
TO_FILL = 15
LINK = 23
_NARROW = 0x10FF
# A quoted text is cut shorter and shorter until it fits.
SHORTER = (160, 100, 60)
# Neutral in gender, and vous in French. Fields in braces that are not filled here are for whoever
# sends: {signature}, {next_date}, {next_topic}.
DRAFTS: Mapping[str, Mapping[str, str]] = {
    "fr": {
        "thanks": "Bonjour {name}, merci d'avoir pris part à {chat}.",
        "quote": "Merci pour votre message «\u00a0{quote}\u00a0» ({url}).",
        "post": "Merci pour votre message ({url}).",
        "open": (
            "Votre question «\u00a0{question}\u00a0» n'a pas reçu de réponse\u00a0: nous "
            "aimerions y revenir."
        ),
        "invite": "Bonjour {name}, la prochaine édition de {chat} a lieu le {{next_date}}.",
        "newcomer": "Merci pour votre première participation.",
        "regular": "Merci de votre fidélité.",
        "away": "Ce serait un plaisir de vous relire.",
        "press": "Si le sujet intéresse votre lectorat, les chiffres sont à votre disposition.",
        "topic": "Nous y parlerons de {{next_topic}}.",
        "end": "{{signature}}",
    },
    "en": {
        "thanks": "Hello {name}, thank you for taking part in {chat}.",
        "quote": "Thank you for your post “{quote}” ({url}).",
        "post": "Thank you for your post ({url}).",
        "open": "Your question “{question}” got no reply: we would like to come back to it.",
        "invite": "Hello {name}, the next edition of {chat} is on {{next_date}}.",
        "newcomer": "Thank you for taking part for the first time.",
        "regular": "Thank you for coming back.",
        "away": "We would be glad to read you again.",
        "press": "Should your readers be interested, the figures are at your disposal.",
        "topic": "We will talk about {{next_topic}}.",
        "end": "{{signature}}",
    },
}


def thank_you(chat: Chat, row: Mapping[str, object], quote: str) -> str:
    """Draft a post that thanks somebody."""
    words = DRAFTS[str(row["lang"])]
    url = str(row["best_post_url"])
    told = [words["thanks"].format(name=_name(row), chat=chat.title)]
    quotes, opens = [], []
    if url:
        quotes = [words["post"].format(url=url)]
    if quote and url:
        quotes = [words["quote"].format(quote=one, url=url) for one in _shorter(quote)] + quotes
    if row["question"] and row["question_answered"] == "no":
        opens = [words["open"].format(question=one) for one in _shorter(str(row["question"]))]
    return _within_limit(row, told, [quotes, opens])


def invitation(chat: Chat, row: Mapping[str, object]) -> str:
    """Draft a post that invites somebody."""
    words = DRAFTS[str(row["lang"])]
    state = {"not seen lately": "away", "newcomer": "newcomer", "regular": "regular"}
    told = [words["invite"].format(name=_name(row), chat=chat.title), words["topic"].format()]
    more = []
    if row["attendance"] in state:
        more.append([words[state[str(row["attendance"])]]])
    if row["press"]:
        more.append([words["press"].format()])
    return _within_limit(row, told, more)


def _shorter(text: str) -> list[str]:
    """Give a text as a draft may quote it, from whole to short."""
    inner = with_inner_marks(text)
    return list(dict.fromkeys(shorten(inner, length) for length in SHORTER))


def _within_limit(
    row: Mapping[str, object], needed: Sequence[str], more: Sequence[Sequence[str]]
) -> str:
    """Address somebody, and say as much as a post of the network holds.

    Of each sentence that is not needed, the first form that fits is taken, or none.
    """
    words = DRAFTS[str(row["lang"])]
    platform = str(row["author_id"]).partition(":")[0]
    limit = LIMITS.get(platform, max(LIMITS.values())) - TO_FILL
    parts = [f"@{row['author']}", *needed]
    for forms in more:
        fits = (one for one in forms if _length([*parts, one, words["end"].format()]) <= limit)
        parts += [one for one in [next(fits, None)] if one]
    return " ".join([*parts, words["end"].format()])


def _length(parts: Sequence[str]) -> int:
    """Count signs as the strictest network does: a link 23, a wide sign two."""
    text = URL.sub("x" * LINK, " ".join(parts))
    return len(text) + sum(ord(sign) > _NARROW for sign in text)


def _name(row: Mapping[str, object]) -> str:
    name = str(row["author_name"] or "").strip()
    return name if any(sign.isalpha() for sign in name) else f"@{row['author']}"
