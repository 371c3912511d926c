"""People as an analyst knows them: `people.csv` beside the chat."""

from __future__ import annotations

import pandas as pd

from chatlab.people.same_person import same_person
from chatlab.project.chat import Chat
from chatlab.project.drafts import invitation, thank_you
from chatlab.project.kept_tables import kept_file, read_beside, write_beside
from chatlab.project.one_person import notes_by_person
from chatlab.project.skipped import QUOTED, is_skipped, skips
from chatlab.text.numbering import said_by
from chatlab.text.patterns import plain_handles, shorten
from chatlab.text.words import LANGUAGES
from chatlab.translation import current_language

NAME = "people.csv"
OWN_COLUMNS = ["note", "status", "thanked_on", "invited_on", "same_as"]
COLUMNS = ["author_id", "author", "author_name", "skip", "skip_words", *OWN_COLUMNS, "new", "lang"]
COLUMNS += ["maybe_same", "attendance", "visits", "posts", "answered_by", "roles", "themes"]
COLUMNS += ["press", "acknowledged", "best_post_url", "question", "question_answered"]
COLUMNS += ["thank_you", "invitation"]


def keep_people(chat: Chat, people: pd.DataFrame) -> pd.DataFrame:
    """Write the people beside the chat with drafts, and keep what an analyst wrote there.

    `people.csv` has one row per person. The analyst's columns are `note`, `status`, `thanked_on`,
    `invited_on` and `same_as` (the handle that is the same person's: `read_chat` counts them
    once), and any column added; a `status` of `skip` leaves a person out of the
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
        `author_id`, `author`, `author_name`, `skip` (the reason, or empty: found by a
        search, team, brand, rival, abuse, promotion, found only by the tag's word in their name,
        on the list of people not to quote, or as the analyst says),
        `skip_words` (for abuse and promotion, their words that show it), the
        analyst's columns, `new`, `lang` (of the drafts), `maybe_same` (handles, from
        `same_person`), `attendance`, `visits`, `posts`, `answered_by`, `roles`, `themes`, `press`,
        `acknowledged`, `best_post_url`, `question`, `question_answered`, `thank_you`,
        `invitation`: texts, empty where there is nothing.

    Raises
    ------
    UnreadableFileError
        When the file is there and cannot be read.
    """
    fresh = _described(chat, people)
    if chat.settings.privacy.pseudonyms:
        return fresh.assign(thank_you="", invitation="")
    path = kept_file(chat.settings.files, NAME)
    before = read_beside(path, COLUMNS).drop_duplicates("author_id")
    added = [name for name in before.columns if name not in COLUMNS]
    notes = notes_by_person(before, chat.counted_with)
    own = notes[[*OWN_COLUMNS, *added]].reindex(fresh["author_id"])
    known = own.notna().any(axis=1).to_numpy()
    fresh[[*OWN_COLUMNS, *added]] = own.fillna("").to_numpy()
    fresh["new"] = ["" if old or before.empty else "new" for old in known]
    skipped = is_skipped(fresh["status"])
    fresh["skip"] = fresh["skip"].mask(skipped & fresh["skip"].eq(""), "as you say")
    gone = before[~before["author_id"].isin(fresh["author_id"])]
    gone = gone.assign(
        new=[
            "counted once" if one in chat.counted_with else "not found" for one in gone["author_id"]
        ]
    )
    without = plain_handles(chat.settings.privacy.without)
    gone = gone[~gone["author"].str.casefold().isin(without)]
    gone = gone[~gone["author_id"].isin(chat.settings.privacy.without)]
    write_beside(
        chat.settings.files, path, pd.concat([fresh, gone], ignore_index=True)[[*COLUMNS, *added]]
    )
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
    table["maybe_same"] = _suggested(posts, table.index)
    table["lang"] = _languages(chat, table.index)
    table["skip"], table["skip_words"] = (
        zip(*skips(chat, table), strict=True) if len(table) else ([], [])
    )
    table = table.reindex(columns=COLUMNS)
    texts = [name for name in COLUMNS if name not in ("visits", "posts", "answered_by")]
    table[texts] = table[texts].astype(object).fillna("").astype("str")
    quoted = [_text(posts, post) for post in best]
    rows = [{str(name): value for name, value in row.items()} for row in table.to_dict("records")]
    table["thank_you"] = [
        "" if row["skip"] else thank_you(chat, row, quote)
        for row, quote in zip(rows, quoted, strict=True)
    ]
    table["invitation"] = ["" if row["skip"] else invitation(chat, row) for row in rows]
    return table.reset_index(drop=True)


def _cell(posts: pd.DataFrame, post: object, column: str) -> str:
    if not isinstance(post, str) or post not in posts.index:
        return ""
    value = posts[column].get(post)
    return value if isinstance(value, str) else ""


def _text(posts: pd.DataFrame, post: object) -> str:
    may = isinstance(post, str) and bool(posts["quotable"].get(post, False))
    return shorten(said_by(_cell(posts, post, "text")), QUOTED) if may else ""


def _suggested(posts: pd.DataFrame, people: pd.Index) -> list[str]:
    """Name for each person the handles that may be theirs too, with the reason."""
    found: dict[str, list[str]] = {}
    for row in same_person(posts).itertuples():
        found.setdefault(str(row.one), []).append(f"@{row.other_author} ({row.why})")
        found.setdefault(str(row.other), []).append(f"@{row.one_author} ({row.why})")
    return [", ".join(found.get(str(key), [])) for key in people]


def _languages(chat: Chat, people: pd.Index) -> list[str]:
    """Return the language to write to each person in: what they write, else the page's."""
    usual = current_language()
    own = chat.posts[chat.posts["in_chat"]].dropna(subset=["author_id", "lang"])
    short = own["lang"].str.split("-").str[0]
    known = own[short.isin(LANGUAGES)]
    most = short[known.index].groupby(known["author_id"]).agg(lambda some: some.mode().iloc[0])
    return [str(most.get(key, usual)) for key in people]
