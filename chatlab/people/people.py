"""One row per person: what they wrote, and what it drew."""

from __future__ import annotations

from collections.abc import Collection
from functools import reduce

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from chatlab.chat.attendance import attendance_table
from chatlab.errors import SettingsError
from chatlab.posts.counting import Posts, count, frame
from chatlab.posts.counts import PEOPLE
from chatlab.posts.grouping import one_piece
from chatlab.posts.schema import KINDS, engagement, true_for
from chatlab.posts.tie_counts import REPLIERS
from chatlab.text.numbering import number_mark
from chatlab.text.phrases import phrase, says


def people_table(
    posts: Posts,
    *,
    editions: pd.Series | None = None,
    questions: pd.DataFrame | None = None,
    themes: pd.Series | None = None,
    roles: pd.DataFrame | None = None,
    hosts: Collection[str] | None = None,
    complaints: Collection[str] = (),
) -> pd.DataFrame:
    """Describe the people who wrote; what is known beside the posts adds columns.

    Parameters
    ----------
    posts
        A posts table, or what `cl.scan_posts` gives (which takes none of the following); only
        posts in the chat count.
    editions
        From `find_editions`.
    questions
        From `participants_questions`.
    themes
        The name of each post's theme, on the posts' index.
    roles
        From `role_table`.
    hosts
        Author ids of those who thank and highlight in public.
    complaints
        Ids of posts for which nobody is thanked, such as those marked as friction.

    Returns
    -------
    DataFrame
        One row per author, index the author id: `author`, `author_name`, `posts` (all kinds),
        one column per kind (`post`, `reply`, `quote`, `repost`), `answered_by` (different people
        who replied to them, not themselves), `engagement` (missing where no count is known),
        `followers` (highest seen, missing if none), `first` and `last` post. Sorted by `posts`,
        then id. With `editions`: `visits` and `attendance` as in `attendance_table`. With
        `questions`: `asked` (post id of what they asked, the open one first) and `answered`
        (False where it stayed open). With `themes`: `themes` (list, most posts first). With
        `roles`: `roles` (list). With `hosts`: `best_post` (id of their post with most
        engagement, greetings and thanks last, the latest where none is known; no complaint, and
        no reply but to a host or marked as an answer: an aside is not for everybody), `press`
        (the word in their profile by which they are journalist or blogger; the words are in
        `chatlab/text/lists/phrases.csv`) and `acknowledged` (`thanked`: a host replied to or named
        them with thanks; `shared`: a host reposted or quoted them); each missing where there is
        none.
    """
    table = _counted(posts)
    beside = (editions, questions, themes, roles, hosts)
    if not isinstance(posts, pd.DataFrame):
        if any(given is not None for given in beside):
            raise SettingsError(
                "What is known beside the posts is added to posts in memory: `scan.read()`."
            )
        return table
    chat = posts[posts["in_chat"]].dropna(subset="author_id")
    chat = chat.assign(engagement=engagement(chat))
    if editions is not None:
        table = table.join(attendance_table(posts, editions)[["visits", "attendance"]])
        table["visits"] = table["visits"].fillna(0).astype("int64")
    if questions is not None:
        table = table.join(_asked(questions))
    own = chat[chat["kind"] != "repost"]
    if themes is not None:
        table["themes"] = _lists(own["author_id"], themes.reindex(own.index), table.index)
    if roles is not None:
        found = roles["roles"].to_dict()
        table["roles"] = pd.Series([found.get(key, []) for key in table.index], table.index)
    return table if hosts is None else table.join(_for_care(chat, own, set(hosts), complaints))


def _counted(posts: Posts) -> pd.DataFrame:
    """Count what people wrote and what it drew."""
    counted, replies = count(posts, PEOPLE, REPLIERS)
    counted = counted.filter(pc.is_valid(counted["author_id"]))
    places = pc.index_in(counted["author_id"], one_piece(replies["target"]))
    by = pc.fill_null(replies["repliers"].take(one_piece(places)), 0)
    counted = counted.append_column("answered_by", by.cast(pa.int64()))
    counted = counted.append_column("posts", reduce(pc.add, (counted[kind] for kind in KINDS)))
    ordered = counted.sort_by([("posts", "descending"), ("author_id", "ascending")])
    whole = ["posts", *KINDS, "answered_by"]
    shown = ["author", "author_name", *whole, "engagement", "followers", "first", "last"]
    table = frame(ordered.select(["author_id", *shown])).set_index("author_id")
    table[whole] = table[whole].astype("int64")
    return table.rename_axis(None)


def _asked(questions: pd.DataFrame) -> pd.DataFrame:
    """Choose for each asker a question put to all: an open one, then the latest."""
    questions = questions[questions["to"].isna()]
    answered = questions["reason"].eq("answered")
    ranked = questions.assign(answered=answered).sort_values(
        ["answered", "asked_at"], ascending=[True, False], kind="stable"
    )
    first = ranked.drop_duplicates("author_id").set_index("author_id")
    return first[["post_id", "answered"]].rename(columns={"post_id": "asked"})


def _lists(authors: pd.Series, values: pd.Series, people: pd.Index) -> pd.Series:
    """Collect the values of each author, most used first."""
    counts = pd.DataFrame({"author": authors, "value": values}).dropna().value_counts()
    found: dict[str, list[str]] = {}
    for author, value in sorted(counts.index, key=lambda key: (-counts[key], key)):
        found.setdefault(author, []).append(value)
    return pd.Series([found.get(key, []) for key in people], index=people, dtype=object)


def _for_care(
    chat: pd.DataFrame, own: pd.DataFrame, hosts: set[str], complaints: Collection[str]
) -> pd.DataFrame:
    """Find what one needs to write to somebody: best post, profile, what was said in public."""
    aside = own["kind"].eq("reply") & ~own["reply_to_author"].isin(list(hosts))
    aside &= ~true_for(own["text"], number_mark)
    fit = own[~aside & ~own.index.isin(list(complaints))]
    polite = [says(text, "greet") or says(text, "thanks") for text in fit["text"]]
    drew = fit.assign(drew=fit["engagement"].fillna(0), polite=polite)
    order = ["polite", "drew", "created_at"]
    best = drew.sort_values(order, ascending=[True, False, False], kind="stable")
    bios = chat.dropna(subset="author_bio").groupby("author_id")["author_bio"].last()
    theirs = chat[chat["author_id"].isin(list(hosts))]
    shared = set(theirs["repost_of_author"].dropna()) | set(theirs["quote_of_author"].dropna())
    thanking = theirs[true_for(theirs["text"], lambda text: says(text, "thanks"))]
    thanking = thanking[thanking["kind"] != "repost"]
    thanked = set(thanking["reply_to_author"].dropna())
    thanked.update(author for ids in thanking["mentions"] for author in ids)
    people = chat["author_id"].unique()
    return pd.DataFrame(
        {
            "best_post": best.drop_duplicates("author_id").set_index("author_id")["post_id"],
            "press": pd.Series({who: phrase(bio, "press") for who, bio in bios.items()}),
            "acknowledged": pd.Series(
                {
                    who: "thanked" if who in thanked else "shared" if who in shared else None
                    for who in people
                },
                dtype="str",
            ),
        }
    ).astype({"press": "str"})


def key_people(
    people: pd.DataFrame, *, host: Collection[str] = (), panel: Collection[str] = (), n: int = 10
) -> pd.DataFrame:
    """Choose the people who were answered by most, host and panel named as such.

    Parameters
    ----------
    people
        From `people_table`.
    host, panel
        Author ids.
    n
        How many.

    Returns
    -------
    DataFrame
        The rows of `people` with the most `answered_by`, then `posts`; at least one person must
        have answered them. `part` says `host`, `panel` or `participant`.
    """
    parts = [
        "host" if i in host else "panel" if i in panel else "participant" for i in people.index
    ]
    answered = people.assign(part=parts, key=people.index)
    answered = answered[answered["answered_by"] > 0]
    best = answered.sort_values(["answered_by", "posts", "key"], ascending=[False, False, True])
    names = ["author", "part", "answered_by", "posts", "reply", "engagement", "followers"]
    return best.head(n)[names]
