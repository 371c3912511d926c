"""Sentences on host and panel: after the sign-off, at work, in timelines, and on an account."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from chatlab.people.flooding import MOST_AN_HOUR
from chatlab.project.chat import Chat
from chatlab.report.glossary import VALUES
from chatlab.report.say.most import listed
from chatlab.text.patterns import shorten, with_inner_marks
from chatlab.translation import _, format_number, format_share, format_time, plural

# Of fewer people nothing is said of how they came.
ENOUGH, TWO = 3, 2
# So many of those who brought people are named.
NAMED = 3
WEEKS = pd.Timedelta(weeks=3)
QUOTED = 80


def after_party(table: pd.DataFrame, edition: int | None, *, zone: str = "UTC") -> list[str]:
    """Say what happened after the sign-off of an edition.

    Parameters
    ----------
    table
        From `after_party_table`.
    edition
        Its number; None says nothing.
    zone
        Time zone of the sign-off.
    """
    if edition is None or edition not in table.index:
        return []
    row = table.loc[[edition]].iloc[0]
    begun = _("The last post of the edition came at {when}; no sign-off of a host is seen.")
    if row["signed_off"]:
        begun = _("The host signed off at {when}.")
    told = begun.format(when=format_time(row["over_at"], zone))
    if not row["posts"]:
        return [f"{told} " + _("Nothing came in the twelve hours after it.")]
    told += " " + _(
        "In the twelve hours after came {posts} (no reposts) by {people}, half within {minutes}."
    ).format(
        posts=plural("{n} post", "{n} posts", int(row["posts"])),
        people=plural("{n} person", "{n} people", int(row["people"])),
        minutes=plural("{n} minute", "{n} minutes", max(1, round(row["half_after"]))),
    )
    if pd.notna(row["asked"]) and row["asked"]:
        asked = plural("{n} question came late", "{n} questions came late", int(row["asked"]))
        told += f" {asked}, " + _("{n} of them answered.").format(
            n=format_number(int(row["answered"]))
        )
    if pd.notna(row["to_check"]) and row["to_check"]:
        told += " " + plural(
            "{n} more may be a question.", "{n} more may be questions.", int(row["to_check"])
        )
    return [told]


def arrivals(chat: Chat, table: pd.DataFrame) -> list[str]:
    """Say how the newcomers of an edition came, and who brought most.

    Parameters
    ----------
    chat
        The chat: of a first edition everybody would be new, of a search nobody is.
    table
        From `newcomers`.
    """
    if len(table) < ENOUGH or chat.editions.nunique() < TWO or not chat.gathers:
        return []
    counts = table["how"].value_counts()
    ways = [f"{format_number(int(n))} {_(VALUES[str(how)])}" for how, n in counts.items()]
    told = _("Of {people} new here, {ways}.").format(
        people=plural("{n} person", "{n} people", len(table)), ways=", ".join(ways)
    )
    brought = table["by_author"].dropna().value_counts()
    if len(brought) and brought.iloc[0] > 1 and not chat.settings.for_client:
        who = [f"@{one} ({format_number(int(n))})" for one, n in brought.head(NAMED).items()]
        told += " " + _("By whom: {who}.").format(who=listed(who))
    return [told]


def already_there(chat: Chat, table: pd.DataFrame) -> list[str]:
    """Say who used the tag before an edition, and how many of them came.

    Parameters
    ----------
    chat
        The chat; where a search found the posts, nothing began.
    table
        From `already_there`.
    """
    if table.empty or not chat.gathers:
        return []
    fresh = table[table["visits"] == 0]
    told = _(
        "{people} used the tag, or words of its subject, before it began; {came} came. Of the "
        "{fresh} who had been in no edition before, {first} came."
    )
    return [
        told.format(
            people=plural("{n} person", "{n} people", len(table)),
            came=format_number(int(table["came"].sum())),
            fresh=format_number(len(fresh)),
            first=format_number(int(fresh["came"].sum())),
        )
    ]


def flooding(
    chat: Chat, table: pd.DataFrame, complaints: pd.DataFrame, edition: int | None
) -> list[str]:
    """Say how much host and panel put into timelines, and who complained of it.

    Parameters
    ----------
    chat
        The chat; for a client nobody is named.
    table
        From `flooding_table`.
    complaints
        From `flood_complaints`.
    edition
        The edition to speak of; None for all.
    """
    here = table if edition is None else table[table["edition"] == edition]
    lines = []
    if len(here):
        most = here.sort_values("in_an_hour", ascending=False, kind="stable").iloc[0]
        told = _("Most within an hour for all followers: @{author}, {posts}; ")
        if chat.settings.for_client:
            told = _("Most within an hour for all followers, of one account: {posts}; ")
        told += (
            _("more than {n}, from which a timeline is felt to be full.")
            if most["floods"]
            else _("no more than {n}, from which a timeline is felt to be full.")
        )
        n = int(most["in_an_hour"])
        lines.append(
            told.format(
                author=most["author"],
                posts=plural("{n} post", "{n} posts", n),
                n=format_number(MOST_AN_HOUR),
            )
        )
    said = complaints.iloc[:0] if chat.settings.for_client else complaints.dropna(subset="text")
    if len(said):
        first = said.iloc[-1]
        lines.append(
            plural(
                "{n} post complains of too many posts:",
                "{n} posts complain of too many posts; the latest:",
                len(complaints),
            )
            + " "
            + _("“{text}” (@{author}).").format(
                text=with_inner_marks(shorten(str(first["text"]), QUOTED)), author=first["author"]
            )
        )
    return lines


def team(table: pd.DataFrame) -> str:
    """Answer how large the part of host and panel was, and how soon they answered.

    Parameters
    ----------
    table
        From `team_table`.
    """
    if table.empty:
        return _("No host and no panel is known in these posts.")
    told = _("Host and panel wrote {share} of the posts.").format(
        share=format_share(float(table["share"].sum()))
    )
    panel = table[table["part"] == "panel"]
    given, asked = int(panel["given"].sum()), int(panel["questions"].sum())
    if not asked:
        return f"{told} " + _("Nobody is known as the panel.")
    told += " " + _("The panel answered {n} of {of} questions put to it").format(
        n=format_number(given), of=format_number(asked)
    )
    minutes = panel["minutes"].median()
    if pd.isna(minutes):
        return told + "."
    first = _("the first time after {n} minutes (median).")
    return f"{told}, " + first.format(n=format_number(float(minutes), 1))


def audience(table: pd.DataFrame, moved: pd.DataFrame) -> list[str]:
    """Say how many of an account's people are casual and core, and who moved.

    Parameters
    ----------
    table
        From `audience_table`.
    moved
        From `movement_table`.
    """
    if table.empty:
        return []
    told = _("{people} turned to the account, {core} of them on three days or more.").format(
        people=plural("{n} person", "{n} people", len(table)),
        core=format_number(int(table["kind"].eq("core").sum())),
    )
    # In less than three weeks nobody has become a regular, and nobody has gone.
    if table["last"].max() - table["first"].min() >= WEEKS:
        told += " " + _(
            "From the first half of the time to the second, {joined} became core, {left} of the "
            "core stayed away."
        ).format(
            joined=format_number(int(moved["core"].drop("core").sum())),
            left=format_number(int(moved["away"]["core"])),
        )
    return [told]


def followers_here(counts: Mapping[str, int]) -> list[str]:
    """Say how many of an account's followers took part.

    Parameters
    ----------
    counts
        From `followers_here`.
    """
    if not counts.get("followers"):
        return []
    return [
        _("{n} of the account's {followers} took part; of all who did, they are {share}.").format(
            n=format_number(counts["took_part"]),
            followers=plural("{n} follower", "{n} followers", counts["followers"]),
            share=format_share(counts["took_part"] / max(1, counts["people"])),
        )
    ]


def no_team() -> str:
    """Say that nobody is known as host or panel here."""
    return _("no host and no panel is known in these posts.")


def no_newcomers() -> str:
    """Say why nothing is told of newcomers."""
    return _("it takes two editions, of people whom a tag or a host brings together.")


def no_account() -> str:
    """Say that there is no account to look at."""
    return _("no account is known, or nobody turned to it here.")


def clashes(table: pd.DataFrame) -> list[str]:
    """Say which other tags are busy in the hours of the editions.

    Parameters
    ----------
    table
        From `clash_table`.
    """
    if table.empty:
        return []
    told = []
    for tag, n in table["people"].head(NAMED).items():
        people = plural("{n} person", "{n} people", int(n))
        told.append(f"#{tag} ({people})")
    return [_("Busy in the same hours of the week: {tags}.").format(tags=listed(told))]
