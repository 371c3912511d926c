"""Tables on editions, attendance, and the next one."""

from __future__ import annotations

import pandas as pd

from chatlab.report.glossary import VALUES
from chatlab.report.show.memory_page import linked
from chatlab.report.show.overview_page import posts as show_posts
from chatlab.report.show.tables import Shown, lines
from chatlab.report.show.tables import table as show_table
from chatlab.translation import _, plural

# So many are seen at once; the others can be unfolded.
SEEN = 3


def candidates(table: pd.DataFrame, posts: pd.DataFrame, *, n: int = 12) -> Shown:
    """Show what could be asked next, each kind in turn.

    Parameters
    ----------
    table
        From `candidate_questions`.
    posts
        The posts table, for the links.
    n
        How many.
    """
    if table.empty:
        return lines([], empty=_("No candidate for a question stands out."))
    place = table.groupby("origin").cumcount()
    mixed = table.assign(place=place).sort_values("place", kind="stable").head(n)
    shown = mixed.assign(links=linked(mixed["posts"], posts))
    shown["why"] = [_why(row) for _place, row in mixed.iterrows()]
    columns = ["origin", "about", "why", "links"]
    return show_table(shown[columns], n=SEEN + 1, name=_("Candidates"))


def _why(row: pd.Series) -> str:
    if row["origin"] == "question":
        return _("Asked by a participant, and nobody replied in this file.")
    people = plural("{n} person", "{n} people", int(row["people"]))
    if row["origin"] == "friction":
        open_posts = plural("{n} post", "{n} posts", int(row["open"]))
        return _(
            "{people} may have told a friction; {n} without a solution linked to them."
        ).format(people=people, n=open_posts)
    return _("{type}: active in {slices} of {of}, {people}.").format(
        type=_(VALUES[str(row["type"])]), slices=row["slices"], of=row["of"], people=people
    )


def drafts(table: pd.DataFrame, draft: str, *, for_client: bool = False, n: int = 8) -> Shown:
    """Show whom to write to, with the draft; a report for a client names nobody.

    Parameters
    ----------
    table
        From `to_thank` or `to_invite`.
    draft
        `thank_you` or `invitation`.
    for_client
        Leave names and drafts out.
    n
        How many people.
    """
    if for_client:
        told = _("Whom to write to is left out of a report for a client.")
        return lines([], empty=told)
    if table.empty:
        return lines([], empty=_("Nobody is left to write to."))
    names = ["author", "attendance", "answered_by", "press", "acknowledged", draft]
    shown = table[names].head(n).reset_index(drop=True)
    silent = [name for name in names if shown[name].astype(str).eq("").all()]
    return show_table(shown.drop(columns=silent), n=SEEN, name=_("Whom to write to"))


def shareable(table: pd.DataFrame, *, zone: str = "UTC") -> Shown:
    """Show posts worth sharing again.

    Parameters
    ----------
    table
        From `posts_to_share`, which leaves out people not to quote.
    zone
        Time zone for instants.
    """
    if table.empty:
        return lines([], empty=_("No post of a participant drew engagement here."))
    return show_posts(table, zone=zone)


def editions(table: pd.DataFrame, *, zone: str = "UTC") -> Shown:
    """Show when each edition was, how many came, and what came before and after.

    Parameters
    ----------
    table
        From `edition_table`.
    zone
        Time zone for instants.
    """
    if table.empty:
        return lines([], empty=_("No editions were found."))
    names = ["start", "end", "peak", "posts", "people", "early", "late"]
    return show_table(table[names], zone=zone, name=_("Editions"))


def hosting(table: pd.DataFrame, *, zone: str = "UTC") -> Shown:
    """Show how each edition was kept by the hosts: on time, announced, thanked.

    Parameters
    ----------
    table
        From `edition_table`, with the hosts.
    zone
        Time zone for instants.
    """
    names = ["closed", "minutes_over", "on_time", "next_announced", "thanked"]
    known = [name for name in names if table[name].notna().any()]
    if not known:
        return lines([], empty=_("Without a host who writes in an edition, this is not known."))
    return show_table(table[["start", *known]], zone=zone, name=_("Editions"))


def attendance(table: pd.DataFrame, *, for_client: bool = False, n: int = 15) -> Shown:
    """Show who came twice or more and has not been seen lately: whom to win back.

    Parameters
    ----------
    table
        From `attendance_table`.
    for_client
        Count them only; a report for a client names nobody.
    n
        How many.
    """
    away = table[table["attendance"] == "not seen lately"]
    if away.empty:
        return lines([], empty=_("Nobody who came twice or more has stayed away since."))
    if for_client:
        told = plural(
            "{n} person who came twice or more has not been seen lately.",
            "{n} people who came twice or more have not been seen lately.",
            len(away),
        )
        return lines([told])
    names = ["author", "visits", "last_edition", "missed", "posts"]
    return show_table(away[names], n=n, name=_("Not seen lately"))


def states(table: pd.DataFrame) -> Shown:
    """Count the people by how they attend.

    Parameters
    ----------
    table
        From `attendance_table`.
    """
    counts = table["attendance"].value_counts().rename_axis("attendance")
    return show_table(counts.rename("people").to_frame(), name=_("Attendance"))


def late(table: pd.DataFrame, *, zone: str = "UTC") -> Shown:
    """Show what came in after the end of an edition.

    Parameters
    ----------
    table
        From `late_posts`.
    zone
        Time zone for instants.
    """
    if table.empty:
        return lines([], empty=_("Nothing came in within twelve hours after the end."))
    names = ["author", "created_at", "text", "minutes_after", "kind", "url"]
    shown = table.assign(minutes_after=table["minutes_after"].round())
    return show_posts(shown[names], zone=zone, n=SEEN)
