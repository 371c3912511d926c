"""X's own figures about one account's posts: the exports that only their owner gets."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from chatlab.errors import NotPostsError, UnknownFormatError
from chatlab.io.dates import parse_times, whole_number
from chatlab.io.files import Member
from chatlab.io.formats.x_common import STATUS_LINK
from chatlab.io.loading import find_members
from chatlab.io.safe_files import Paths
from chatlab.io.tables.rows import Table

# Each figure under the names that X has given it: English and French, old export and Premium.
_TEXTS: Mapping[str, tuple[str, ...]] = {
    "post_id": ("tweet id", "post id", "identifiant du tweet", "identifiant du post"),
    "url": ("tweet permalink", "post link", "permalien du tweet", "lien du post"),
    "text": ("tweet text", "post text", "texte du tweet", "texte du post"),
    "created_at": ("time", "date", "heure", "temps"),
}
_FIGURES: Mapping[str, tuple[str, ...]] = {
    "impressions": ("impressions",),
    "engagements": ("engagements",),
    "reposts": ("retweets", "reposts", "republications"),
    "replies": ("replies", "réponses"),
    "likes": ("likes", "favorites", "j'aime", "j’aime", "mentions j'aime", "favoris"),
    "bookmarks": ("bookmarks", "signets"),
    "shares": ("shares", "partages"),
    "new_follows": ("new follows", "follows", "nouveaux abonnements", "abonnements"),
    "unfollows": ("unfollows", "désabonnements"),
    "profile_visits": (
        "user profile clicks",
        "profile visits",
        "clics sur le profil de l'utilisateur",
        "clics sur le profil",
        "visites du profil",
    ),
    "url_clicks": ("url clicks", "clics sur l'url", "clics sur le lien"),
    "hashtag_clicks": ("hashtag clicks", "clics sur le hashtag"),
    "detail_expands": ("detail expands", "ouvertures des détails", "affichages des détails"),
    "permalink_clicks": ("permalink clicks", "clics sur le permalien"),
    "posts": ("create post", "posts créés"),
    "video_views": ("video views", "vues de la vidéo", "vues de vidéos"),
    "media_views": ("media views", "vues du média", "vues de médias"),
}
_WHOLE_ID = re.compile(r"\d{5,}")
# A post's id holds the milliseconds since this moment: the only clock of a Premium export.
_FIRST_SNOWFLAKE = 1288834974657
_OLDEST_SNOWFLAKE = 2**38


def read_analytics(path: Paths) -> pd.DataFrame:
    """Read what X tells an account's owner: per post, or per day.

    Takes the old export of analytics.twitter.com (headers in English or French) and those of X
    Premium (content and account overview); several files, such as one per month, become one
    table.

    Parameters
    ----------
    path
        A CSV or xlsx file, a folder, a glob, or a list of these.

    Returns
    -------
    DataFrame
        Per post: index the post id as in the posts table (`x:123`, unnamed; `x:FILE#ROW` where a
        spreadsheet destroyed the id and no link restores it), `url`, `text`,
        `created_at` (UTC; where the export names only a day, from the id). Per day: index `day`.
        Beside these `impressions`, `engagements`, `reposts`, `replies`, `likes`, `bookmarks`,
        `shares`, `new_follows`, `unfollows`, `profile_visits`, `url_clicks`, `hashtag_clicks`,
        `detail_expands`, `permalink_clicks`, `posts`, `video_views`, `media_views`: whole
        numbers, missing where the export has no such figure. A post or day that stands in several
        files keeps its last figures.

    Raises
    ------
    UnknownFormatError
        The file is no such export; the message shows its columns.
    NotPostsError
        Files per post and files per day are given together.

    References
    ----------
    The moment in an id: X's "Snowflake" ids, milliseconds since 2010-11-04 01:42:54.657 UTC in
    the bits from the 23rd on.
    """
    tables = [_read(member) for member in find_members(path)]
    kinds = {table.index.name for table in tables}
    if len(kinds) > 1:
        raise NotPostsError(
            "These files are partly one row per post, partly one row per day. Read them apart."
        )
    whole = pd.concat(tables)
    return whole[~whole.index.duplicated(keep="last")].sort_index()


def _read(member: Member) -> pd.DataFrame:
    table = Table(member)
    places = _places(table.header)
    rows = [row for _number, row in table.rows]
    figures = {
        name: pd.array(
            [whole_number(row[places[name]]) if name in places else None for row in rows],
            dtype="Int64",
        )
        for name in _FIGURES
    }
    if "impressions" not in places or not {"post_id", "created_at"} & set(places):
        raise UnknownFormatError(
            f"{member.name} is no export of X's figures that chatlab knows; its columns are: "
            f"{', '.join(table.header[:12])}. Wanted are Impressions and a post's id or a date."
        )
    texts: dict[str, list[str | None]] = {
        name: [row[places[name]] or None if name in places else None for row in rows]
        for name in _TEXTS
    }
    times = pd.Series(parse_times(texts["created_at"]).to_pandas())
    if "post_id" not in places:
        days = pd.DatetimeIndex(times.dt.tz_convert(None).dt.normalize(), name="day")
        per_day = pd.DataFrame(figures, index=days)
        return per_day[per_day.index.notna()]
    return _per_post(member, texts, times, figures)


def _places(header: Sequence[str]) -> dict[str, str]:
    # R writes dots for blanks: `Tweet.id`.
    spelled = {name.casefold().replace(".", " ").strip(): name for name in header}
    return {
        name: spelled[alias]
        for name, aliases in (*_TEXTS.items(), *_FIGURES.items())
        for alias in reversed(aliases)
        if alias in spelled
    }


def _per_post(
    member: Member, texts: Mapping[str, list[str | None]], times: pd.Series, figures: Any
) -> pd.DataFrame:
    numbers = [
        _number(number, url) for number, url in zip(texts["post_id"], texts["url"], strict=True)
    ]
    only_day = bool((times.dropna() == times.dropna().dt.normalize()).all())
    moments = pd.Series([_moment(number) for number in numbers], dtype=times.dtype)
    return pd.DataFrame(
        {
            "url": pd.array(texts["url"], dtype="str"),
            "text": pd.array(texts["text"], dtype="str"),
            "created_at": (moments.fillna(times) if only_day else times).array,
            **figures,
        },
        index=pd.Index(
            [f"x:{number or f'{member.name}#{place}'}" for place, number in enumerate(numbers, 1)],
            dtype="str",
        ),
    )


def _number(number: str | None, url: str | None) -> str | None:
    """Give a post's id; the link restores one that a spreadsheet destroyed."""
    link = STATUS_LINK.search(url or "")
    if link:
        return link[1]
    return number if number and _WHOLE_ID.fullmatch(number) else None


def _moment(number: str | None) -> pd.Timestamp | None:
    if number is None or int(number) < _OLDEST_SNOWFLAKE:
        return None
    milliseconds = (int(number) >> 22) + _FIRST_SNOWFLAKE
    return pd.Timestamp(milliseconds, unit="ms", tz="UTC").as_unit("us")
