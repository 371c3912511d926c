"""What themes and marks of a sample come to in all posts of a dataset."""

from __future__ import annotations

import pandas as pd

from chatlab.errors import PostsError
from chatlab.project.chat import Chat
from chatlab.themes.placing import count_insights, count_themes, learn_themes


def themes_in_all(chat: Chat) -> pd.DataFrame:
    """Count the themes of a sample in all posts.

    Parameters
    ----------
    chat
        From `read_chat`.

    Returns
    -------
    DataFrame
        Index the theme, most posts first: `name`, `posts`, `people`, `share` of all posts that
        somebody wrote. `attrs` has `agreement` and `found`, as `ThemeReader` has them. Empty where
        all posts are in memory, for then the themes are those of all, or where there are none.
    """
    names = ["name", "posts", "people", "share"]
    empty = pd.DataFrame(columns=names).rename_axis("theme")
    if chat.scan is None:
        return empty
    themes, called, *_rest = chat.themes
    try:
        reader = learn_themes(chat.posts, themes)
    except PostsError:
        return empty
    counted = count_themes(chat.scan, reader)
    table = counted.assign(name=[called.get(int(theme), "") for theme in counted.index])
    table = table.sort_values("posts", ascending=False, kind="stable")[names]
    table.attrs |= {"agreement": reader.agreement, "found": reader.found}
    return table


def insights_in_all(chat: Chat) -> pd.DataFrame:
    """Count the marks of all posts of a dataset.

    Parameters
    ----------
    chat
        From `read_chat`.

    Returns
    -------
    DataFrame
        From `count_insights`; empty where all posts are in memory.
    """
    if chat.scan is None:
        return pd.DataFrame({"posts": [], "people": []}, dtype="int64")
    return count_insights(chat.scan, brand=chat.settings.brand, rivals=chat.settings.rivals)
