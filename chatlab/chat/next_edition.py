"""The next edition: what to ask, when, what to share again."""

from __future__ import annotations

from collections.abc import Collection, Mapping

import pandas as pd

from chatlab.chat.edition_tables import are_days, edition_table
from chatlab.posts.schema import engagement, true_for
from chatlab.text.numbering import number_mark, said_by
from chatlab.text.patterns import shorten
from chatlab.text.phrases import says

# A theme that comes back in fewer people's words is no question for everybody.
ENOUGH_PEOPLE = 3
CANDIDATE_COLUMNS = ["origin", "about", "people", "open", "type", "slices", "of", "posts"]
# The tail of an edition is no sign that people are here by themselves.
TAIL = pd.Timedelta(hours=2)
# An hour of the week with such a share of the posts in editions is theirs.
OURS = 0.1


def candidate_questions(
    open_questions: pd.DataFrame,
    themes: pd.DataFrame,
    *,
    recurrence: pd.DataFrame | None = None,
    market: pd.DataFrame | None = None,
    n: int = 10,
) -> pd.DataFrame:
    """Suggest what to ask next: what came back, what hurts without a solution, what stayed open.

    Parameters
    ----------
    open_questions
        From `unanswered_questions`.
    themes
        From `theme_table`.
    recurrence
        From `theme_recurrence`.
    market
        From `insight_table`.
    n
        How many of each kind at most.

    Returns
    -------
    DataFrame
        `origin` (`friction`, `theme`, `question`), `about` (the theme's name, or the question as it
        was asked), `people` (who speak of it), `open` (of a friction: posts without a solution
        linked to them), `type`, `slices`, `of` (of a theme: from `theme_recurrence`; missing for
        the others), `posts` (list of ids). Frictions with most people first, then themes, then the
        latest questions that were surely put to all.
    """
    rows: list[dict[str, object]] = []
    named = set()
    names = themes["name"].to_dict()
    examples = themes["examples"].to_dict()
    if market is not None and len(market):
        hurting = market[(market["friction"] >= ENOUGH_PEOPLE) & (market["open"] > 0)]
        for theme, row in hurting.sort_values("friction", ascending=False).head(n).iterrows():
            told = {"people": row["friction"], "open": row["open"]}
            rows.append({"origin": "friction", "about": str(row["name"]), **told, "theme": theme})
            named.add(theme)
    if recurrence is not None and len(recurrence):
        back = recurrence[recurrence["type"].isin(["recurring", "growing", "new", "steady"])]
        for theme, row in back.head(n).iterrows():
            if theme in named or row["people"] < ENOUGH_PEOPLE or theme not in themes.index:
                continue
            told = {name: row[name] for name in ("people", "type", "slices", "of")}
            rows.append({"origin": "theme", "about": str(names[theme]), **told, "theme": theme})
    for candidate in rows:
        candidate["posts"] = list(examples.get(candidate.pop("theme"), []))
    left = open_questions[open_questions["reason"].eq("no reply") & open_questions["to"].isna()]
    left = left[left["certainty"] == "sure"].dropna(subset="text")
    for post, text in left[["post_id", "text"]].iloc[::-1].head(n).itertuples(index=False):
        rows.append({"origin": "question", "about": shorten(said_by(text)), "posts": [post]})
    table = pd.DataFrame(rows, columns=CANDIDATE_COLUMNS)
    return table.astype(dict.fromkeys(["people", "open", "slices", "of"], "Int64"))


def hour_table(
    posts: pd.DataFrame, *, zone: str = "UTC", editions: pd.Series | None = None
) -> pd.DataFrame:
    """Say at which hours of the day people are here, by the clock on their wall.

    Parameters
    ----------
    posts
        A posts table; only posts in the chat with a date count.
    zone
        Time zone; it holds over changes of the clock.
    editions
        From `find_editions`: posts inside are counted apart, for they come when they are called.

    Returns
    -------
    DataFrame
        Index the hour (0 to 23); `in_editions` (posts in editions and up to two hours after) and
        `between` (all others),
        `people` (different authors at that hour), `people_between`, `replies_per_post` (replies
        in this file per own post written at that hour; missing where there is none).
        `attrs["people_between"]`: different people outside the editions, whatever the hour.
    """
    chat = posts[posts["in_chat"]].dropna(subset="created_at")
    hours = chat["created_at"].dt.tz_convert(zone).dt.hour
    inside = called(chat, posts, editions)
    own = chat["kind"] != "repost"
    replies = chat.dropna(subset="reply_to")
    drawn = replies.groupby("reply_to").size().reindex(chat.index).fillna(0)
    every = range(24)
    written = hours[own].value_counts().reindex(every)
    table = pd.DataFrame(
        {
            "in_editions": hours[inside].value_counts().reindex(every).fillna(0).astype("int64"),
            "between": hours[~inside].value_counts().reindex(every).fillna(0).astype("int64"),
            "people": chat.groupby(hours)["author_id"].nunique().reindex(every).fillna(0),
            "people_between": chat[~inside]
            .groupby(hours[~inside])["author_id"]
            .nunique()
            .reindex(every)
            .fillna(0),
            "replies_per_post": drawn[own].groupby(hours[own]).sum().reindex(every) / written,
        },
        index=pd.Index(every, name="hour"),
    ).astype({"people": "int64", "people_between": "int64"})
    table.attrs["people_between"] = int(chat.loc[~inside, "author_id"].nunique())
    return table


def posts_to_share(
    posts: pd.DataFrame,
    *,
    hosts: Collection[str] = (),
    cases: Collection[str] = (),
    n: int = 8,
) -> pd.DataFrame:
    """Choose posts worth sharing again.

    Own posts of participants that drew engagement, cases told first; what a host has reposted or
    quoted already, what asks or sells, and people not to quote are left out.

    Parameters
    ----------
    posts
        A posts table; only posts in the chat count.
    hosts
        Author ids of the hosts.
    cases
        Ids of posts that tell a case, from `find_insights`.
    n
        How many.

    Returns
    -------
    DataFrame
        Index the post id; `author`, `created_at`, `text`, `url`, `engagement`, `tells_case`
        (whether it tells one); cases first, then most engagement.
    """
    chat = posts[posts["in_chat"]]
    theirs = chat[chat["author_id"].isin(list(hosts))]
    shared = {*theirs["repost_of"].dropna(), *theirs["quote_of"].dropna()}
    own = chat[chat["kind"].isin(["post", "quote"]) & ~chat["author_id"].isin(list(hosts))]
    own = own[~own.index.isin(shared)]
    own = own[own["quotable"]]
    own = own[~true_for(own["text"], lambda text: says(text, "promo"))]
    own = own.assign(engagement=engagement(own), tells_case=own.index.isin(list(cases)))
    own = own[own["engagement"].fillna(0) > 0]
    best = own.sort_values(["tells_case", "engagement"], ascending=False, kind="stable").head(n)
    return best[["author", "created_at", "text", "url", "engagement", "tells_case"]]


def stayed_themes(
    themes: pd.Series, editions: pd.Series, names: Mapping[int, str]
) -> dict[str, list[str]]:
    """Say which themes stayed from the edition before the last, came, and went.

    Parameters
    ----------
    themes
        Theme numbers on the posts' index.
    editions
        From `find_editions`.
    names
        The themes' names.

    Returns
    -------
    dict
        `stayed`, `came`, `went`: names, those of most posts first. A theme is in an edition with
        three posts or more. All empty with fewer than two editions.
    """
    counts = pd.crosstab(themes, editions)
    if counts.shape[1] < 2:
        return {"stayed": [], "came": [], "went": []}
    before, last = (
        set(counts.index[counts[column] >= ENOUGH_PEOPLE]) for column in counts.columns[-2:]
    )
    return {
        name: [names.get(int(theme), str(theme)) for theme in sorted(found)]
        for name, found in (
            ("stayed", before & last),
            ("came", last - before),
            ("went", before - last),
        )
    }


def weekday_table(
    posts: pd.DataFrame, *, zone: str = "UTC", editions: pd.Series | None = None
) -> pd.DataFrame:
    """Say on which days of the week people are here by themselves.

    Parameters
    ----------
    posts
        A posts table; only posts in the chat with a date count.
    zone
        Time zone of the days.
    editions
        From `find_editions`: posts inside, and up to two hours after, are left out.

    Returns
    -------
    DataFrame
        Index the day (0 is Monday); `posts` and `people` (different authors) of that day, and
        `dates`: how many such days there are in the file.
    """
    chat = posts[posts["in_chat"]].dropna(subset="created_at")
    by_themselves = chat[~called(chat, posts, editions)]
    days = by_themselves["created_at"].dt.tz_convert(zone).dt.day_of_week
    groups = by_themselves.groupby(days)
    dates = by_themselves["created_at"].dt.tz_convert(zone).dt.date
    table = pd.DataFrame(
        {
            "posts": groups.size(),
            "people": groups["author_id"].nunique(),
            "dates": dates.groupby(days).nunique(),
        }
    )
    every = pd.RangeIndex(7, name="day")
    return table.reindex(every, fill_value=0).astype("int64")


def clash_table(
    posts: pd.DataFrame, editions: pd.Series, hashtags: Collection[str], *, zone: str = "UTC"
) -> pd.DataFrame:
    """List other tags that are busy at the weekday and hour of the editions.

    Parameters
    ----------
    posts
        A posts table, of more than one tag: in a file of one tag nothing clashes.
    editions
        From `find_editions`.
    hashtags
        The chat's own tags, without `#`; posts that bear one are left out.
    zone
        Time zone of weekday and hour.

    Returns
    -------
    DataFrame
        Index the tag, most people first: `people` and `posts` in the hours of the week in which
        an edition was, and `share` (of all its posts). Tags of fewer than three people are left
        out.
    """
    dated = posts[posts["kind"] != "repost"].dropna(subset="created_at")
    clock = dated["created_at"].dt.tz_convert(zone)
    hours = clock.dt.day_of_week * 24 + clock.dt.hour
    # The hours in which most of an edition lies, not that of its last word.
    counts = hours[editions.reindex(dated.index).notna()].value_counts(normalize=True)
    ours = set(counts.index[counts >= OURS])
    own = {tag.casefold() for tag in hashtags}
    other = dated[true_for(dated["hashtags"], lambda tags: bool(tags) and own.isdisjoint(tags))]
    each = other.assign(busy=hours.reindex(other.index).isin(ours)).explode("hashtags")
    busy = each[each["busy"]].groupby("hashtags")
    table = pd.DataFrame({"people": busy["author_id"].nunique(), "posts": busy.size()})
    table = table[table["people"] >= ENOUGH_PEOPLE]
    share = table["posts"] / each["hashtags"].value_counts().reindex(table.index)
    ordered = table.assign(share=share).sort_values("people", ascending=False, kind="stable")
    return ordered.rename_axis("tag")


def called(chat: pd.DataFrame, posts: pd.DataFrame, editions: pd.Series | None) -> pd.Series:
    """Tell which posts came when they were called: in an edition, or up to two hours after."""
    inside = pd.Series(False, index=chat.index)
    if editions is None or are_days(edition_table(posts, editions)):
        # Nobody calls people to the days of a tag that lives all week.
        return inside
    inside = editions.reindex(chat.index).notna()
    ends = posts["created_at"].groupby(editions).max().dropna().sort_values()
    if ends.empty:
        return inside
    place = ends.searchsorted(chat["created_at"]) - 1
    after = chat["created_at"] - pd.Series(ends.to_numpy()[place], chat.index)
    return inside | ((place >= 0) & (after <= TAIL))


def team_posts(
    posts: pd.DataFrame, editions: pd.Series, team: Collection[str], *, n: int = 5
) -> pd.DataFrame:
    """Choose what the team wrote itself and may share again: its posts that drew most.

    Parameters
    ----------
    posts
        A posts table.
    editions
        From `find_editions`.
    team
        Author ids of host and panel.
    n
        How many.

    Returns
    -------
    DataFrame
        Index the post id, most engagement first: `author`, `created_at`, `edition`, `text`, `url`,
        `engagement`. Numbered questions, replies, greetings, thanks and what somebody of the team
        has quoted or reposted already are left out.
    """
    own = posts[posts["in_chat"] & posts["author_id"].isin(list(team))]
    shared = {*own["repost_of"].dropna(), *own["quote_of"].dropna()}
    own = own[own["kind"].isin(["post", "quote"]) & own["quotable"] & ~own.index.isin(shared)]
    said = true_for(
        own["text"],
        lambda text: (
            not ((mark := number_mark(text)) and mark.asks)
            and not any(says(text, kind) for kind in ("greet", "leave", "thanks"))
        ),
    )
    own = own[said]
    own = own.assign(engagement=engagement(own), edition=editions.reindex(own.index))
    own = own[own["engagement"].fillna(0) > 0]
    best = own.sort_values("engagement", ascending=False, kind="stable").head(n)
    return best[["author", "created_at", "edition", "text", "url", "engagement"]]
