"""Everybody in one sheet: who they are, what they did, what was thanked and noted."""

from __future__ import annotations

import pandas as pd

from chatlab.network.communities import find_communities
from chatlab.network.graphs import reply_graph
from chatlab.network.influence import influence_table, places
from chatlab.network.roles import role_table
from chatlab.people.people import people_table
from chatlab.people.press import press_word, profile_links
from chatlab.posts.quoting import quotes
from chatlab.project.chat import Chat
from chatlab.project.kept_people import NAME, OWN_COLUMNS
from chatlab.project.kept_tables import kept_file, read_beside
from chatlab.project.one_person import notes_by_person
from chatlab.text.numbering import said_by


def people_sheet(chat: Chat) -> pd.DataFrame:
    """Put all that is known of everybody into one table.

    Parameters
    ----------
    chat
        From `read_chat`.

    Returns
    -------
    DataFrame
        Index the author id, sorted by posts: `author`, `author_name`, `part` (`host`, `panel` or
        empty), `profile` (its address), `author_bio`, `followers`, `visits` (editions) and
        `attendance`, `posts`, `reply`, `questions` (numbered ones that they answered), `asked`
        (questions of their own that are sure), `engagement`, `answered_by`, `influence_rank` (by
        PageRank in the reply graph, 1 the first; missing for who has no tie), `roles`, `themes`
        (lists), `press`, `best_words` (their post with most engagement, missing where it is not to
        be quoted), `best_url`, then an analyst's columns of people.csv: `note`, `status`,
        `thanked_on`, `invited_on`, `same_as` (empty with pseudonyms). Where replies are not known,
        there are no columns of replies.
    """
    posts = chat.posts
    themes, names, *_rest = chat.themes
    here = posts[posts["in_chat"]].dropna(subset="author_id")
    graph = reply_graph(posts)
    groups = find_communities(graph)
    influence = influence_table(graph, communities=groups)
    people = people_table(
        posts,
        editions=chat.editions,
        themes=themes.map(names, na_action="ignore"),
        roles=role_table(graph, posts, groups, parts=chat.parts),
        hosts=list(chat.parts),
    )
    keys = people.index
    bios = here.dropna(subset="author_bio").groupby("author_id")["author_bio"].last()
    profiles = profile_links(here).groupby(here["author_id"]).last()
    who = posts["author_id"].reindex(chat.answers["post_id"]).to_numpy()
    numbered = chat.answers.assign(who=who).drop_duplicates(["who", "question_id", "number"])
    sure = chat.asked[chat.asked["certainty"] == "sure"]
    best = people["best_post"]
    said = quotes(posts).reindex(best).to_numpy()
    table = people.assign(
        part=[chat.parts.get(str(key), "") for key in keys],
        profile=profiles.reindex(keys),
        author_bio=bios.reindex(keys),
        questions=numbered["who"].value_counts().reindex(keys, fill_value=0),
        asked=sure["author_id"].value_counts().reindex(keys, fill_value=0),
        influence_rank=places(influence["pagerank"]).reindex(keys).astype("Int64"),
        press=pd.array([press_word(bio) for bio in bios.reindex(keys)], dtype="str"),
        best_words=pd.array(
            [said_by(text) if isinstance(text, str) else None for text in said], dtype="str"
        ),
        best_url=posts["url"].reindex(best).to_numpy(),
    )
    columns = ["author", "author_name", "part", "profile", "author_bio", "followers", "visits"]
    columns += ["attendance", "posts", "reply", "questions", "asked", "engagement", "answered_by"]
    columns += ["influence_rank", "roles", "themes", "press", "best_words", "best_url"]
    if not chat.replies_known:
        unknown = ("reply", "answered_by", "influence_rank", "roles")
        columns = [name for name in columns if name not in unknown]
    return table[columns].join(_own_columns(chat, keys))


def _own_columns(chat: Chat, keys: pd.Index) -> pd.DataFrame:
    """Read what an analyst wrote of each person; nothing is read with pseudonyms."""
    empty = pd.DataFrame("", index=keys, columns=OWN_COLUMNS)
    if chat.settings.privacy.pseudonyms:
        return empty
    kept = read_beside(kept_file(chat.settings.files, NAME), ["author_id", *OWN_COLUMNS])
    return (
        notes_by_person(kept, chat.counted_with)[OWN_COLUMNS].reindex(keys).fillna("").astype("str")
    )
