"""Whom to thank and whom to invite: drafts to edit, kept in people.csv. Nothing is ever sent."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence

import pandas as pd

from chatlab._beside import kept_file, read_beside, write_beside
from chatlab._theme_words import abusive_word
from chatlab.marks import said_by
from chatlab.messages import current_language
from chatlab.people import people_table
from chatlab.phrases import phrase, plainly
from chatlab.schema import RELATIONS, true_for
from chatlab.settings import Chat
from chatlab.text import URL, plain_handles, shorten
from chatlab.words import LANGUAGES

NAME = "people.csv"
OWN_COLUMNS = ["note", "status", "thanked_on", "invited_on"]
COLUMNS = ["author_id", "author", "author_name", "skip", "skip_words", *OWN_COLUMNS, "new", "lang"]
COLUMNS += ["attendance", "visits", "posts", "answered_by", "roles", "themes", "press"]
COLUMNS += ["acknowledged", "best_post_url", "question", "question_answered"]
COLUMNS += ["thank_you", "invitation"]
QUOTED = 160
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


def keep_people(chat: Chat, people: pd.DataFrame) -> pd.DataFrame:
    """Write the people beside the chat with drafts, and keep what an analyst wrote there.

    `people.csv` has one row per person. The analyst's columns are `note`, `status`, `thanked_on`
    and `invited_on`, and any column added; a `status` of `skip` leaves a person out of the
    suggestions. People who are not in the posts any more stay; new rows are marked. A `people.csv`
    that chatlab did not make stays as it is, and chatlab's is `chatlab.people.csv`; what changes is
    kept as it was in `people.csv.bak`. With pseudonyms nothing is written and no draft is made;
    people taken out leave the file too.

    Parameters
    ----------
    chat
        From `read_chat`.
    people
        From `people_table`, with all that is known.

    Returns
    -------
    DataFrame
        `author_id`, `author`, `author_name`, `skip` (the reason, or empty: team, brand, rival,
        abuse, promotion, found only by the tag's word in their name, on the list of people not to
        quote, or as the analyst says),
        `skip_words` (for abuse and promotion, their words that show it), the
        analyst's columns, `new`, `lang` (of the drafts), `attendance`, `visits`, `posts`,
        `answered_by`, `roles`, `themes`, `press`, `acknowledged`, `best_post_url`, `question`,
        `question_answered`, `thank_you`, `invitation`: texts, empty where there is nothing.

    Raises
    ------
    UnreadableFileError
        When the file is there and cannot be read.
    """
    fresh = _described(chat, people)
    if chat.settings.privacy.pseudonyms:
        return fresh.assign(thank_you="", invitation="")
    path = kept_file(chat, NAME)
    before = read_beside(path, COLUMNS).drop_duplicates("author_id")
    added = [name for name in before.columns if name not in COLUMNS]
    own = before.set_index("author_id")[[*OWN_COLUMNS, *added]].reindex(fresh["author_id"])
    known = own.notna().any(axis=1).to_numpy()
    fresh[[*OWN_COLUMNS, *added]] = own.fillna("").to_numpy()
    fresh["new"] = ["" if old or before.empty else "new" for old in known]
    skipped = _is_skipped(fresh["status"])
    fresh["skip"] = fresh["skip"].mask(skipped & fresh["skip"].eq(""), "as you say")
    gone = before[~before["author_id"].isin(fresh["author_id"])].assign(new="not found")
    without = plain_handles(chat.settings.privacy.without)
    gone = gone[~gone["author"].str.casefold().isin(without)]
    gone = gone[~gone["author_id"].isin(chat.settings.privacy.without)]
    write_beside(chat, path, pd.concat([fresh, gone], ignore_index=True)[[*COLUMNS, *added]])
    return fresh


def _described(chat: Chat, people: pd.DataFrame) -> pd.DataFrame:
    posts = chat.posts
    table = people.assign(author_id=people.index)
    for name in ("roles", "themes"):
        if name in table:
            table[name] = [", ".join(some) for some in table[name]]
    asked = table["asked"] if "asked" in table else pd.Series(index=table.index, dtype="str")
    best = table["best_post"] if "best_post" in table else asked.mask(asked.notna())
    table["question"] = [_text(posts, post) for post in asked]
    table["best_post_url"] = [_cell(posts, post, "url") for post in best]
    answered = table["answered"] if "answered" in table else pd.Series(index=table.index)
    table["question_answered"] = answered.map({True: "yes", False: "no"}).fillna("")
    table["lang"] = _languages(chat, table.index)
    table["skip"], table["skip_words"] = (
        zip(*_skips(chat, table), strict=True) if len(table) else ([], [])
    )
    table = table.reindex(columns=COLUMNS)
    texts = [name for name in COLUMNS if name not in ("visits", "posts", "answered_by")]
    table[texts] = table[texts].astype(object).fillna("").astype("str")
    quoted = [_text(posts, post) for post in best]
    rows = [{str(name): value for name, value in row.items()} for row in table.to_dict("records")]
    table["thank_you"] = [
        "" if row["skip"] else _thank_you(chat, row, quote)
        for row, quote in zip(rows, quoted, strict=True)
    ]
    table["invitation"] = ["" if row["skip"] else _invitation(chat, row) for row in rows]
    return table.reset_index(drop=True)


def _cell(posts: pd.DataFrame, post: object, column: str) -> str:
    if not isinstance(post, str) or post not in posts.index:
        return ""
    value = posts[column].get(post)
    return value if isinstance(value, str) else ""


def _text(posts: pd.DataFrame, post: object) -> str:
    may = isinstance(post, str) and bool(posts["quotable"].get(post, False))
    return shorten(said_by(_cell(posts, post, "text")), QUOTED) if may else ""


def _languages(chat: Chat, people: pd.Index) -> list[str]:
    """Return the language to write to each person in: what they write, else the page's."""
    usual = current_language()
    own = chat.posts[chat.posts["in_chat"]].dropna(subset=["author_id", "lang"])
    short = own["lang"].str.split("-").str[0]
    known = own[short.isin(LANGUAGES)]
    most = short[known.index].groupby(known["author_id"]).agg(lambda some: some.mode().iloc[0])
    return [str(most.get(key, usual)) for key in people]


def _skips(chat: Chat, table: pd.DataFrame) -> list[tuple[str, str]]:
    """Say why somebody is neither thanked nor invited, and by which words that shows.

    Both are empty for everybody else.
    """
    settings = chat.settings
    quiet = plain_handles(settings.do_not_quote)
    own = chat.posts[chat.posts["in_chat"] & (chat.posts["kind"] != "repost")]
    said = _telling_words(own)
    bios = own.dropna(subset="author_bio").groupby("author_id")["author_bio"].last()
    strangers = _found_by_name(chat)
    reasons = []
    for key, author, name in table[["author", "author_name"]].itertuples(name=None):
        called = plainly(f"{author} {name} {bios.get(key, '')}")
        reason = words = ""
        if key in chat.parts:
            reason = "team"
        elif str(author).casefold() in quiet:
            reason = "on your list"
        elif _names(plainly(f"{author} {name}"), [settings.brand] if settings.brand else []):
            reason = "brand"
        elif _names(called, settings.rivals):
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


def _telling_words(own: pd.DataFrame) -> dict[str, tuple[str, str]]:
    """Find who insults, or mostly sells, each with the words that show it."""
    found: dict[str, tuple[str, str]] = {}
    for author, texts in own.dropna(subset="author_id").groupby("author_id")["text"]:
        rude = next((word for text in texts if (word := abusive_word(text))), None)
        sold = [words for text in texts if (words := phrase(text, "promo"))]
        if rude:
            found[str(author)] = ("abuse", rude)
        elif len(sold) >= SELLING and 2 * len(sold) > len(texts):
            found[str(author)] = ("promotion", sold[0])
    return found


def _names(called: str, names: Collection[str]) -> bool:
    return any(plainly(name) in called for name in names if name)


def _thank_you(chat: Chat, row: Mapping[str, object], quote: str) -> str:
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


def _invitation(chat: Chat, row: Mapping[str, object]) -> str:
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
    inner = _inner(text)
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


def _inner(text: str) -> str:
    """Give a text within quotation marks single ones of its own."""
    return re.sub(r"«\s*+|(?<!\s)\s*+»|[“”\"]", "'", text)


def _name(row: Mapping[str, object]) -> str:
    name = str(row["author_name"] or "").strip()
    return name if any(sign.isalpha() for sign in name) else f"@{row['author']}"


def whom_to_thank(
    chat: Chat, posts: pd.DataFrame, *, answers: pd.DataFrame | None = None, n: int = 10
) -> pd.DataFrame:
    """Choose whom to thank for an edition: those who answered others, and whom others answered.

    Parameters
    ----------
    chat
        From `read_chat`. A `people.csv` beside it says who has been thanked, or is to be skipped.
    posts
        The posts of the edition.
    answers
        From `match_answers`: answers to the host's questions count too, without a reply link.
    n
        How many.

    Returns
    -------
    DataFrame
        Index the author id: `author`, `answers_given` (posts that answer a question of the host,
        or reply to somebody), `answered_by` (different people), `posts`. Host, panel, brand and
        whoever else `keep_people` would skip are left out; most `answers_given` and `answered_by`
        together come first, then most posts.
    """
    people = people_table(posts)
    own = posts[posts["in_chat"] & (posts["kind"] != "repost")]
    gives = own["kind"].eq("reply") & (own["reply_to_author"] != own["author_id"])
    if answers is not None:
        gives |= own.index.isin(answers["post_id"])
    given = own.loc[gives, "author_id"].value_counts()
    table = people.assign(answers_given=given.reindex(people.index, fill_value=0))
    reasons = _skips(chat, table) if len(table) else []
    table = table[[not reason for reason, _words in reasons]]
    table = table[~table.index.isin(_settled_before(chat))]
    table = table.assign(both=table["answers_given"] + table["answered_by"])
    best = table[table["both"] > 0].sort_values(["both", "posts"], ascending=False, kind="stable")
    return best.head(n)[["author", "answers_given", "answered_by", "posts"]]


def _settled_before(chat: Chat) -> set[str]:
    """Return who was thanked, or is to be skipped, as an analyst wrote it down."""
    if chat.settings.privacy.pseudonyms:
        return set()
    kept = read_beside(kept_file(chat, NAME), COLUMNS)
    done = (kept["thanked_on"] != "") | _is_skipped(kept["status"])
    return set(kept.loc[done, "author_id"])


def _is_skipped(status: pd.Series) -> pd.Series:
    return status.str.strip().str.casefold().isin(["skip", "passer"])


def to_thank(kept: pd.DataFrame, thanked: pd.DataFrame) -> pd.DataFrame:
    """Give the drafts for those who are to be thanked.

    Parameters
    ----------
    kept
        From `keep_people`.
    thanked
        From `whom_to_thank`.

    Returns
    -------
    DataFrame
        The rows of `kept` of these people, in their order, with `answers_given` and `answered_by`
        of the edition.
    """
    rows = kept.set_index("author_id", drop=False)
    rows = rows.loc[[author for author in thanked.index if author in rows.index]]
    here = thanked.reindex(rows.index)
    rows = rows.assign(answers_given=here["answers_given"], answered_by=here["answered_by"])
    return rows.reset_index(drop=True)


def to_invite(kept: pd.DataFrame, *, n: int = 10) -> pd.DataFrame:
    """Choose whom to invite early: newcomers, people not seen lately, press, then those answered.

    Parameters
    ----------
    kept
        From `keep_people`.
    n
        How many.

    Returns
    -------
    DataFrame
        Rows of `kept` without a reason to skip and without `invited_on`: each group in turn, of
        those answered by most people first.
    """
    open_ = kept[(kept["skip"] == "") & (kept["invited_on"] == "")]
    ranked = open_.sort_values(["answered_by", "posts"], ascending=False, kind="stable")
    groups = [
        ranked[ranked["attendance"] == "not seen lately"],
        ranked[ranked["attendance"] == "newcomer"],
        ranked[ranked["press"] != ""],
        ranked[~ranked["attendance"].isin(["not seen lately", "newcomer"])],
    ]
    place = [(i, j, key) for i, group in enumerate(groups) for j, key in enumerate(group.index)]
    keys = dict.fromkeys(key for _i, _j, key in sorted(place, key=lambda one: (one[1], one[0])))
    return kept.loc[list(keys)[:n]]
