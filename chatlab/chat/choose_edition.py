"""Chooses the posts of an edition by its number, or the last, or all."""

from __future__ import annotations

import pandas as pd

from chatlab.errors import SettingsError


def select_edition(
    posts: pd.DataFrame, editions: pd.Series, edition: int | str = "last"
) -> pd.DataFrame:
    """Choose one edition's posts.

    Parameters
    ----------
    posts
        A posts table.
    editions
        From `find_editions`.
    edition
        A number, `"last"`, or `"all"` for every post.

    Returns
    -------
    DataFrame
        The edition's posts, and those that only came along with the file.

    Raises
    ------
    SettingsError
        When there is no such edition.
    """
    wanted = chosen_edition(editions, edition)
    if wanted is None:
        return posts
    return posts[editions.eq(wanted).fillna(False) | ~posts["in_chat"]]


def editions_up_to(editions: pd.Series, edition: int | str = "last") -> pd.Series:
    """Leave out the editions after the chosen one, to say how things stood then.

    Parameters
    ----------
    editions
        From `find_editions`.
    edition
        As for `select_edition`; `"all"` and `"last"` leave out none.

    Returns
    -------
    Series
        `editions`, missing where the edition is a later one.
    """
    wanted = chosen_edition(editions, edition)
    return editions if wanted is None else editions.where(editions.le(wanted).fillna(False))


def chosen_edition(editions: pd.Series, edition: int | str = "last") -> int | None:
    """Return the number of the edition chosen, or None for `"all"` and where there are none."""
    if edition == "all" or (edition == "last" and editions.isna().all()):
        return None
    return edition_number(edition, 0 if editions.isna().all() else int(editions.max()))


def edition_number(edition: int | str, last: int) -> int:
    """Turn `"last"` or a number, also as text, into an edition's number; `last` is 0 for none."""
    if edition == "last":
        return last
    try:
        number = int(edition)
    except (TypeError, ValueError):
        number = 0
    if not last:
        raise SettingsError(
            f'`edition` is {edition!r}; no edition was found in these posts: "all" takes them all.'
        )
    if not 1 <= number <= last:
        raise SettingsError(
            f'`edition` is {edition!r}; there are editions 1 to {last}, "last" and "all".'
        )
    return number
