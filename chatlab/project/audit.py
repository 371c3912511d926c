"""Which account is looked at: the one named, else a brand's own, else the host who wrote most."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from chatlab.project.chat import Chat
from chatlab.project.one_person import counted_once


@dataclass(frozen=True)
class Audited:
    """An account to look at.

    Attributes
    ----------
    posts
        The chat's posts; where a brand has several accounts, they bear one author id.
    account
        That author id; empty where there is no account.
    handles
        Of all its accounts, without `@`.
    """

    posts: pd.DataFrame
    account: str
    handles: tuple[str, ...]


def audited(chat: Chat, *, account: str = "") -> Audited:
    """Choose the account to look at.

    Parameters
    ----------
    chat
        From `read_chat`.
    account
        A handle. Without it, where chat.toml names a brand, all hosts together, for one may answer
        what another was asked; else the host with most posts.

    Returns
    -------
    Audited
        Posts, author id and handles.
    """
    named = chat.author_ids([account]) if account else []
    written = chat.posts.loc[chat.posts["in_chat"], "author_id"].value_counts()
    hosts = sorted(chat.host_ids, key=lambda one: (-int(written.get(one, 0)), one))
    chosen = named or (hosts if chat.settings.brand else hosts[:1])
    if not chosen:
        return Audited(chat.posts, "", ())
    rows = chat.posts[chat.posts["author_id"].isin(chosen)].dropna(subset="author")
    latest = rows.drop_duplicates("author_id", keep="last").set_index("author_id")["author"]
    handles = tuple(str(latest[one]) for one in chosen if one in latest.index)
    posts = counted_once(chat.posts, dict.fromkeys(chosen[1:], chosen[0]))
    return Audited(posts, chosen[0], handles)
