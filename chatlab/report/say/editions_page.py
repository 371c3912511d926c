"""Sentences on editions, on who stays, and on the next one."""

from __future__ import annotations

import pandas as pd

from chatlab.report.glossary import VALUES
from chatlab.report.say.most import listed, people_each, tied_first
from chatlab.report.say.questions_page import (
    ENOUGH_OUTSIDE,
    QUOTED,
    TOLD,
    number_of_people,
)
from chatlab.text.patterns import shorten
from chatlab.translation import _, format_number, format_share, format_weekday, plural

# With fewer Mondays, a Monday says little.
WEEKS = 3


def editions(retention: pd.DataFrame, attendance: pd.DataFrame) -> str:
    """Answer who returns, and who has not been seen lately.

    Parameters
    ----------
    retention
        From `retention_table`.
    attendance
        From `attendance_table`.
    """
    if retention.empty:
        return _("No editions were found.")
    last = retention.iloc[-1]
    if len(retention) == 1:
        return _(
            "There is one edition, of {people}, hosts and panel aside; nobody can have returned."
        ).format(people=number_of_people(int(last["people"])))
    sentence = _(
        "Edition {n}: {people}, hosts and panel aside, {new} of them for the first time; {kept} of "
        "the people of the edition before came again."
    ).format(
        n=retention.index[-1],
        people=number_of_people(int(last["people"])),
        new=format_number(int(last["newcomers"])),
        kept=format_share(float(last["came_again"])) if pd.notna(last["came_again"]) else "–",
    )
    away = int(attendance["attendance"].eq("not seen lately").sum())
    if away:
        sentence += " " + plural(
            "{n} person who came twice or more has not been seen lately.",
            "{n} people who came twice or more have not been seen lately.",
            away,
        )
    return sentence


def stayed(stayed: dict[str, list[str]], left: pd.DataFrame) -> list[str]:
    """Say which themes stayed since the edition before, and how much is still open from it.

    Parameters
    ----------
    stayed
        From `stayed_themes`.
    left
        From `unanswered_questions`, of the edition before the last.
    """
    words = {
        "stayed": _("Themes that stayed: {names}."),
        "came": _("Themes that came: {names}."),
        "went": _("Themes that went: {names}."),
    }
    lines = [
        words[name].format(names=", ".join(f"“{one}”" for one in found))
        for name, found in stayed.items()
        if found
    ]
    asked = left["reason"].eq("no reply") & left["to"].isna() & left["certainty"].eq("sure")
    open_ = left[asked.to_numpy(bool)]
    if len(open_):
        lines.append(
            plural(
                "Still open from the edition before: {n} question without a reply.",
                "Still open from the edition before: {n} questions without a reply.",
                len(open_),
            )
        )
    return lines


def next_edition(
    candidates: pd.DataFrame,
    hours: pd.DataFrame,
    thanks: pd.DataFrame,
    zone: str,
    *,
    for_client: bool = False,
) -> str:
    """Answer what to ask, when, and whom to thank.

    Parameters
    ----------
    candidates
        From `candidate_questions`.
    hours
        From `hour_table`.
    thanks
        From `to_thank`.
    zone
        Time zone of the hours.
    for_client
        Leave out whom to thank.
    """
    parts = []
    first = candidates.drop_duplicates("origin").set_index("origin")["about"].to_dict()
    if "friction" in first:
        parts.append(
            _(
                "A question could come from “{about}”, where most people may have told a friction."
            ).format(about=first["friction"])
        )
    if "question" in first:
        told = _("A participant asked all, and nobody replied: “{about}”")
        parts.append(told.format(about=shorten(str(first["question"]), QUOTED)))
    if not parts:
        parts.append(_("No candidate for a question stands out."))
    parts.append(best_hour(hours, zone))
    if len(thanks) and not for_client:
        names = ", ".join(f"@{author}" for author in thanks["author"].head(3))
        parts.append(_("Thank first: {names}.").format(names=names))
    return " ".join(parts)


def best_hour(hours: pd.DataFrame, zone: str, *, days: pd.DataFrame | None = None) -> str:
    """Say when people are here by themselves, or that too few people tell it.

    Parameters
    ----------
    hours
        From `hour_table`.
    zone
        Time zone of the hours.
    days
        From `weekday_table`, of the same zone.
    """
    outside = int(hours.attrs["people_between"])
    inside = hours["in_editions"]
    if outside < ENOUGH_OUTSIDE:
        told = _("Too few people write between the editions ({n}) to tell a better hour.").format(
            n=format_number(outside)
        )
    else:
        best = tied_first(hours, "people_between")
        told = _("By themselves most people write at {hour} h ({zone}): {people}.").format(
            hour=listed(best.index),
            zone=zone,
            people=people_each(best["people_between"].iloc[0], best),
        )
        if days is not None and _tells_a_day(days):
            first = tied_first(days, "people")
            told += " " + _("The day is {day}: {people}.").format(
                day=listed(format_weekday(int(day)) for day in first.index),
                people=people_each(first["people"].iloc[0], first),
            )
        elif days is not None:
            told += " " + _("Too few weeks, or people, to tell a day of the week.")
    if inside.any():
        called = _("In the editions most posts come at {hour} h.")
        told += " " + called.format(hour=listed(tied_first(hours, "in_editions").index))
    return told


def _tells_a_day(days: pd.DataFrame) -> bool:
    """Tell whether enough people, on enough days of each kind, say which is the best."""
    first = tied_first(days, "people")
    return bool(first["people"].iloc[0] >= ENOUGH_OUTSIDE and days["dates"].min() >= WEEKS)


def no_edition_before() -> str:
    """Say that there is nothing to compare the last edition with."""
    return _("There is no edition before this one to compare it with, or no theme in both.")


def care(kept: pd.DataFrame) -> list[str]:
    """Say how many people are left out of thanks and invitations, and why.

    Parameters
    ----------
    kept
        From `keep_people`.
    """
    counts = kept.loc[kept["skip"] != "", "skip"].value_counts()
    lines = [
        _("Not suggested, “{reason}”: {people}.").format(
            reason=_(VALUES[str(reason)]), people=number_of_people(int(n))
        )
        for reason, n in counts.items()
    ]
    shown = kept[kept["skip_words"] != ""]
    lines += [
        _("@{author} is left out for “{words}” ({reason}).").format(
            author=author, words=words, reason=_(VALUES[str(reason)])
        )
        for author, words, reason in shown[["author", "skip_words", "skip"]]
        .head(TOLD)
        .itertuples(index=False, name=None)
    ]
    return [*lines, _("Nothing is sent: the drafts stand in people.csv beside the chat.")]
