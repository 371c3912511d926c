"""Who is neither thanked nor invited, and why."""

from __future__ import annotations

from collections.abc import Collection

import pandas as pd

from chatlab.people.tone import abuse_table
from chatlab.posts.schema import RELATIONS, true_for
from chatlab.posts.select import own_posts
from chatlab.project.chat import Chat
from chatlab.project.drafts import SELLING
from chatlab.text.patterns import plain_handles
from chatlab.text.phrases import phrase, plainly

QUOTED = 160


def skips(chat: Chat, table: pd.DataFrame) -> list[tuple[str, str]]:
    """Say why somebody is neither thanked nor invited, and by which words that shows.

    Both are empty for everybody else.
    """
    settings = chat.settings
    quiet = plain_handles(settings.do_not_quote)
    # Only what these people say counts; there may be many others.
    own = own_posts(chat.posts[chat.posts["author_id"].isin(table.index)])
    said = telling_words(own)
    bios = own.dropna(subset="author_bio").groupby("author_id")["author_bio"].last()
    strangers = _found_by_name(chat)
    reasons = []
    for key, author, name in table[["author", "author_name"]].itertuples(name=None):
        called = plainly(f"{author} {name} {bios.get(key, '')}")
        reason = words = ""
        if not chat.gathers:
            reason = "found by a search"
        elif key in chat.parts:
            reason = "team"
        elif str(author).casefold() in quiet:
            reason = "on your list"
        elif names_of(plainly(f"{author} {name}"), [settings.brand] if settings.brand else []):
            reason = "brand"
        elif names_of(called, settings.rivals):
            reason = "rival"
        elif key in said:
            reason, words = said[key]
        elif key in strangers:
            reason = "only in the name"
        reasons.append((reason, words))
    return reasons


def _found_by_name(chat: Chat) -> set[str]:
    """Find people whom a search met only because their handle has the chat's word.

    None of their posts bears a hashtag of the chat, or reacts to somebody.
    """
    tags = set(chat.settings.hashtags)
    own = chat.posts[chat.posts["in_chat"]].dropna(subset=["author_id", "author"])
    named = own[true_for(own["author"], lambda handle: any(t in handle.casefold() for t in tags))]
    tagged = true_for(named["hashtags"], lambda some: not tags.isdisjoint(some))
    reacts = named[[f"{name}_author" for name in RELATIONS]].notna().any(axis=1)
    return set(named["author_id"]) - set(named.loc[tagged | reacts, "author_id"])


def is_skipped(status: pd.Series) -> pd.Series:
    """Tell whom the analyst wants left out."""
    return status.str.strip().str.casefold().isin(["skip", "passer"])


def telling_words(own: pd.DataFrame) -> dict[str, tuple[str, str]]:
    """Find who insults, or mostly sells, each with the words that show it."""
    found: dict[str, tuple[str, str]] = {}
    insults = abuse_table(own).drop_duplicates("author_id").set_index("author_id")["cue"].to_dict()
    for author, texts in own.dropna(subset="author_id").groupby("author_id")["text"]:
        rude = insults.get(author)
        sold = [words for text in texts if (words := phrase(text, "promo"))]
        if rude:
            found[str(author)] = ("abuse", rude)
        elif len(sold) >= SELLING and 2 * len(sold) > len(texts):
            found[str(author)] = ("promotion", sold[0])
    return found


def names_of(called: str, names: Collection[str]) -> bool:
    """Tell whether a text names one of several."""
    return any(plainly(name) in called for name in names if name)
