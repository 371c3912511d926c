"""What is asked of a brand without its handle: it sees no notification of these."""

from __future__ import annotations

import re
from collections.abc import Collection

import pandas as pd

from chatlab.posts.quoting import quotes
from chatlab.posts.schema import true_for
from chatlab.posts.select import own_posts
from chatlab.text.patterns import HANDLE, HASHTAG, URL, without_accents

WANTED = ("request", "friction")


def tacit_requests(
    posts: pd.DataFrame,
    insights: pd.DataFrame,
    brand: str | None,
    *,
    team: Collection[str] = (),
) -> pd.DataFrame:
    """List posts that name a brand, but not its handle, and ask for help or complain.

    Parameters
    ----------
    posts
        A posts table.
    insights
        From `find_insights`.
    brand
        Its name; None finds nothing.
    team
        Author ids of those who speak for the brand: what they wrote, what replies to or names one
        of them, is left out.

    Returns
    -------
    DataFrame
        Index the post id, in order of time: `author`, `created_at`, `kind` (`request` or
        `friction`, the surer of the two), `certainty`, `answered` (whether one of the team
        replied, quoted or named the author later), `text`, `url`.
    """
    names = ["author", "created_at", "kind", "certainty", "answered", "text", "url"]
    own = own_posts(posts)
    if not brand:
        return own.iloc[:0].assign(certainty="", answered=False)[names]
    theirs = own[own["author_id"].isin(list(team))]
    others = own[~own["author_id"].isin(list(team))]
    addressed = others["reply_to_author"].isin(list(team)) | true_for(
        others["mentions"], lambda ids: not set(ids).isdisjoint(team)
    )
    word = re.compile(rf"(?<!\w){re.escape(without_accents(brand.casefold()))}(?!\w)")
    naming = true_for(others["text"], lambda text: bool(word.search(_bare(text))))
    named = others[naming & ~addressed.astype(bool)]
    marks = insights[insights["kind"].isin(WANTED)].sort_values("score", ascending=False)
    marks = marks.drop_duplicates("post_id").set_index("post_id")[["kind", "certainty"]]
    found = named.drop(columns="kind").join(marks, how="inner")
    answered = [
        _answered(theirs, str(post), row["author_id"], row["created_at"])
        for post, row in found.iterrows()
    ]
    found = found.assign(answered=pd.array(answered, dtype="bool"), text=quotes(found))
    return found.sort_values("created_at", kind="stable")[names]


def _bare(text: str) -> str:
    """Return a text without handles and links; a tag is a word."""
    plain = URL.sub(" ", HANDLE.sub(" ", text))
    return without_accents(HASHTAG.sub(r"\1", plain).casefold())


def _answered(theirs: pd.DataFrame, post: str, author: object, at: object) -> bool:
    linked = theirs["reply_to"].eq(post) | theirs["quote_of"].eq(post)
    later = theirs[theirs["created_at"] > at]
    return bool(linked.any()) or bool(true_for(later["mentions"], lambda ids: author in ids).any())
