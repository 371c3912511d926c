"""Sentences made of figures: the answers, cautions and next steps of the notebooks."""

from __future__ import annotations

import pandas as pd

from chatlab.chat.choose_edition import chosen_edition
from chatlab.chat.edition_tables import (
    are_days,
    edition_comparison,
    is_cut_off,
    usual_hour,
)
from chatlab.network.influence import visibility_table
from chatlab.people.people import people_table
from chatlab.people.reach import reach_table
from chatlab.posts.activity import first_and_last, posts_and_people
from chatlab.posts.counting import Posts
from chatlab.posts.select import coverage_table
from chatlab.project.chat import Chat
from chatlab.project.sampled import MOST_DRAWN
from chatlab.report.say.facts import facts
from chatlab.report.say.most import listed, people_each, tied_first
from chatlab.translation import (
    _,
    call_editions_days,
    format_clock,
    format_date,
    format_number,
    format_share,
    format_time,
    plural,
    set_language,
)

LOUD = 0.15
# From such a share of the posts outside the editions, a reader is told.
APART = 1 / 3
# Of many editions, `chatlab check` lists so many.
FIRST_LISTED, LAST_LISTED = 3, 9
# From so many times as many, a share is hard to picture.
DOUBLE = 2.0
FEW_POSTS = 30
THANKED = 3


def speak(chat: Chat, lang: str) -> None:
    """Choose the language of every sentence that follows, and call the chat's editions by name.

    Parameters
    ----------
    chat
        The chat.
    lang
        `"en"` or `"fr"`.

    Raises
    ------
    SettingsError
        When there is no catalogue for that language.
    """
    set_language(lang)
    name_editions(chat)


def name_editions(chat: Chat) -> None:
    """Let every sentence that follows call the editions days, where they are days of an event.

    Parameters
    ----------
    chat
        The chat.
    """
    call_editions_days(are_days(chat.edition_table))


def chat(chat: Chat, editions: pd.Series) -> str:
    """Say in one line what was loaded: posts, editions, host."""
    counted, _people = posts_and_people(chat.whole)
    n_editions = int(editions.max()) if editions.notna().any() else 0
    parts = [plural("{n} post", "{n} posts", counted)]
    if n_editions:
        parts.append(plural("{n} edition", "{n} editions", n_editions))
    if chat.settings.hosts:
        told = ", ".join(f"@{host}" for host in chat.settings.hosts)
        words = _("host probably {host}") if chat.host_is_assumed else _("host {host}")
        parts.append(words.format(host=told))
    return ", ".join(parts)


def edition_lines(chat: Chat) -> list[str]:
    """List the editions, each with its hours, and suggest the announced hour where there is one."""
    table = chat.edition_table
    between = len(table) - FIRST_LISTED - LAST_LISTED
    lines = [
        _("edition {n}: {date}, {start} to {end}, {posts} by {people}").format(
            n=number,
            date=format_date(start, chat.zone),
            start=format_clock(start, chat.zone),
            end=format_clock(end, chat.zone)
            if end - start < pd.Timedelta(days=1)
            else format_time(end, chat.zone),
            posts=plural("{n} post", "{n} posts", int(posts)),
            people=plural("{n} person", "{n} people", int(people)),
        )
        for number, start, end, posts, people in table[
            ["start", "end", "posts", "people"]
        ].itertuples(name=None)
    ]
    if between > 0:
        lines[FIRST_LISTED:-LAST_LISTED] = [
            plural("... {n} edition between", "... {n} editions between", between)
        ]
    hour = usual_hour(table, zone=chat.zone)
    if hour and chat.settings.weekly is None:
        told = _('Most begin at one hour of the week. In chat.toml you may say: weekly = "{hour}"')
        lines.append(told.format(hour=hour))
    return lines


def scope(chat: Chat, edition: int | str) -> str:
    """Say which posts a page is about.

    Parameters
    ----------
    chat
        The chat.
    edition
        As for `select_edition`.
    """
    count = int(chat.editions.nunique())
    told = _when(chat, chat.editions, edition)
    if chosen_edition(chat.editions, edition) is not None or not count:
        return told
    return f"{told}, " + plural("{n} edition", "{n} editions", count)


def snapshot(chat: Chat, edition: int | str) -> str:
    """Answer what happened, who came, and how far it reached."""
    whole = chat.at(edition).whole
    posts, people = posts_and_people(whole)
    sentence = _("{posts} by {people}.").format(
        posts=plural("{n} post", "{n} posts", posts),
        people=plural("{n} person", "{n} people", people),
    )
    table = reach_table(whole)
    reach, known = (table[name]["unique_followers"] for name in ("value", "known"))
    if pd.isna(reach):
        return f"{sentence} " + _("Reach cannot be computed: the file has no follower counts.")
    return f"{sentence} " + _("Followers, added up: {n} (known for {share} of the people).").format(
        n=format_number(int(reach)), share=format_share(float(known))
    )


def brief(chat: Chat, edition: int | str) -> str:
    """Answer what we should know."""
    now = chat.at(edition)
    posts, people = posts_and_people(now.whole)
    counts = _("{posts} by {people}").format(
        posts=plural("{n} post", "{n} posts", posts),
        people=plural("{n} person", "{n} people", people),
    )
    sentence = counts
    table, number = chat.edition_table, now.number
    if is_cut_off(chat.whole, table, number):
        sentence += "; " + _("the file ends in the middle of this edition")
    elif number and len(table) > 1:
        change = edition_comparison(table, number)["change"]
        sentence += ", " + _compared(float(change["posts"]))
    names = most_answered(chat, now.whole)
    if not names.empty and chat.settings.for_client:
        return sentence + "."
    if not names.empty:
        told = _("Most answered: {who}, by {people}.")
        if chat.settings.hosts:
            told = _("Most answered, beyond the host: {who}, by {people}.")
        sentence += ". " + told.format(
            who=listed(f"@{author}" for author in names["author"]),
            people=people_each(names["answered_by"].iloc[0], names),
        )
        unseen = visibility_table(now.posts)["count"]
        if unseen["marked_answers"] > unseen["ties"]:
            sentence += " " + _("Most answers carry no reply link: who they answered is not seen.")
        return sentence
    return sentence + ". " + no_replies(chat)


def no_replies(chat: Chat) -> str:
    """Say why there is no reply network."""
    if not chat.replies_known:
        return _("Who answers whom cannot be told: no column of the file says it.")
    return _("Nobody replied to anybody else in these posts.")


def most_answered(chat: Chat, posts: Posts) -> pd.DataFrame:
    """Choose who was answered by most people, the hosts left out; several where they are equal."""
    people = people_table(posts)
    people = people[~people.index.isin(chat.host_ids) & (people["answered_by"] > 0)]
    return tied_first(people, "answered_by")


def cautions(chat: Chat, posts: pd.DataFrame) -> list[str]:
    """List what a reader should be careful about, each with its figure."""
    here = posts[posts["in_chat"]]
    lines = [*_sampled(chat), *facts(chat.assumed)]
    if len(here) < FEW_POSTS:
        lines.append(
            _("Few posts ({n}): one more person changes every figure.").format(n=len(here))
        )
    counted, _everybody = posts_and_people(chat.whole)
    apart = counted - int(chat.edition_table["posts"].sum())
    if len(chat.edition_table) and apart >= APART * counted:
        lines.append(
            _("{n} of {all} posts lie outside the editions: look at all of them too.").format(
                n=format_number(apart), all=format_number(counted)
            )
        )
    if not chat.replies_known:
        lines.append(_("Replies are not known: 0 replies means that no column says them."))
    writers = here["author"].value_counts(normalize=True)
    if len(writers) > 3 and writers.iloc[0] >= LOUD:
        lines.append(
            _("@{author} alone wrote {share} of the posts.").format(
                author=writers.index[0], share=format_share(float(writers.iloc[0]))
            )
        )
    coverage = coverage_table(posts)["value"]
    # What answers a sample is beside it; how it is in all posts stands in the coverage of page 01.
    if coverage["replies_without_parent"] and chat.scan is None:
        lines.append(
            _("{n} of {all} replies answer a post that is not in the file.").format(
                n=format_number(coverage["replies_without_parent"]),
                all=format_number(coverage["replies"]),
            )
        )
    known = coverage["people_with_followers"]
    if known is not None and known < 1:
        lines.append(
            _("Follower counts are known for {share} of the people.").format(
                share=format_share(known)
            )
        )
    marked = int(visibility_table(posts)["count"]["marked_answers"])
    if marked:
        lines.append(
            plural(
                "{n} post is marked as an answer (A1, R2...) but carries no reply link: reply "
                "graphs do not see it.",
                "{n} posts are marked as answers (A1, R2...) but carry no reply link: reply "
                "graphs do not see them.",
                marked,
            )
        )
    refused = int(chat.loading["refused"].sum())
    if refused:
        lines.append(
            plural(
                "{n} record of the files could not be read.",
                "{n} records of the files could not be read.",
                refused,
            )
        )
    lines += [note for note in chat.loading["notes"] if note]
    lines.append(_("Likes and reposts are those of the day when the file was collected."))
    return lines


def _sampled(chat: Chat) -> list[str]:
    """Say what is read in a sample, where the posts are too many to be read whole."""
    if chat.scan is None:
        return []
    told = _(
        "Counts of posts, people, kinds, ties, links, reach and editions are of all {n} posts. "
        "Themes, questions, marks, quotes and whatever else is read in words are of a sample: all "
        "posts of {share} of the people, those of host and panel, and the {most} posts that drew "
        "most."
    )
    return [
        told.format(
            n=format_number(chat.scan.posts),
            share=format_share(chat.share, decimals=1),
            most=format_number(MOST_DRAWN),
        )
    ]


def protection(chat: Chat) -> list[str]:
    """Say what was done about people before anything else."""
    return facts(chat.protected) or [
        _("Names are as in the files: no pseudonyms, nobody taken out.")
    ]


def _when(chat: Chat, editions: pd.Series, edition: int | str) -> str:
    number = chosen_edition(editions, edition)
    ends = first_and_last(chat.whole)
    if ends is None:
        return chat.title
    if number is None:
        start, end = (format_date(when, chat.zone) for when in ends)
        return _("{title}, {start} to {end}").format(title=chat.title, start=start, end=end)
    begun = chat.edition_table.loc[[number]].iloc[0]
    first, last = pd.Timestamp(begun["start"]), pd.Timestamp(begun["end"])
    days = [format_date(when, chat.zone) for when in (first, last)]
    clock = format_clock(last, chat.zone)
    return _("{title}, edition {n} ({date}, {start} to {end})").format(
        title=chat.title,
        n=number,
        date=days[0],
        start=format_clock(first, chat.zone),
        end=clock if days[0] == days[1] else f"{days[1]}, {clock}",
    )


def _compared(change: float) -> str:
    if pd.isna(change) or abs(change) < 0.05:
        return _("about as many posts as the other editions' median")
    if change >= DOUBLE - 1:
        return _("{times} times as many posts as the other editions' median").format(
            times=format_number(change + 1, 1)
        )
    if change > 0:
        return _("{share} more posts than the other editions' median").format(
            share=format_share(change)
        )
    return _("{share} fewer posts than the other editions' median").format(
        share=format_share(-change)
    )
