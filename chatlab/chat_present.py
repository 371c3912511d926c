"""What the notebooks on questions, memory, editions and the next one show."""

from __future__ import annotations

import pandas as pd

from chatlab.account import SHARES
from chatlab.marks import said_by
from chatlab.messages import _, format_date, format_number, format_share, plural
from chatlab.present import Shown, show_list, show_posts, show_table
from chatlab.quoting import asked_words, quotes
from chatlab.text import shorten

QUOTED = 110


def show_board(
    board: pd.DataFrame, posts: pd.DataFrame, *, zone: str = "UTC", n: int = 40
) -> Shown:
    """Show the numbered questions, how each went, and its best answer.

    Parameters
    ----------
    board
        From `question_board`.
    posts
        The posts table.
    zone
        Time zone for instants.
    n
        How many questions, the last ones.
    """
    if board.empty:
        return show_list([], empty=_("There is no question board."))
    shown = board.tail(n)
    best = quotes(posts).reindex(shown["best_answer"]).tolist()
    asked = zip(shown["text"], shown["number"], strict=True)
    table = pd.DataFrame(
        {
            "edition": shown["edition"],
            "number": [f"Q{number}" for number in shown["number"]],
            "question_text": [asked_words(text, n, QUOTED) for text, n in asked],
            "answers_to_it": shown["answers"],
            "people_answering_it": shown["people"],
            "minutes_to_first": shown["minutes_to_first"],
            "best_text": [
                f"@{author}: {shorten(said_by(text), QUOTED)}" if isinstance(text, str) else None
                for author, text in zip(shown["best_author"], best, strict=True)
            ],
            "themes": shown["themes"],
            "url": posts["url"].reindex(shown["best_answer"]).to_numpy(),
        }
    )
    silent = [] if table["themes"].map(len).any() else ["themes"]
    if len(set(table["edition"])) == 1:
        silent.append("edition")
    return show_table(table.drop(columns=silent), zone=zone, name=_("Question board"))


def show_open_questions(table: pd.DataFrame, *, zone: str = "UTC", n: int = 25) -> Shown:
    """Show what participants asked and nobody answered by a reply, put to all first.

    Parameters
    ----------
    table
        From `unanswered_questions`.
    zone
        Time zone for instants.
    n
        How many.
    """
    if table.empty:
        return show_list([], empty=_("Every question of a participant got a reply here."))
    ranked = table.assign(single=table["to"].notna()).sort_values(
        ["single", "asked_at"], ascending=[True, False], kind="stable"
    )
    told = ranked["text"].map(said_by, na_action="ignore")
    shown = pd.DataFrame(
        {
            "author": ranked["author"],
            "asked_at": ranked["asked_at"],
            "text": told,
            "to": ranked["to"],
            "reason": ranked["reason"],
            "by": ranked["by"],
            "url": ranked["url"],
        }
    )
    silent = [name for name in ("to", "by") if shown[name].isna().all()]
    return show_table(shown.drop(columns=silent), zone=zone, n=n, name=_("Open questions"))


def show_memory(compared: pd.DataFrame, posts: pd.DataFrame) -> Shown:
    """Show each memory beside the figures, with the posts to look at.

    Parameters
    ----------
    compared
        From `compare_memory`.
    posts
        The posts table, for the links.
    """
    if compared.empty:
        return show_list([], empty=how_to_remember())
    shown = compared.assign(links=_linked(compared["posts"], posts), subject=compared["about"])
    names = ["who", "what", "subject", "note", "verdict", "figures", "links"]
    return show_table(shown[names], name=_("Memories and figures"))


def how_to_remember() -> str:
    """Say how to write memories down."""
    return _(
        "No memory.csv stands beside the chat. Before you read on, let host, team and friends "
        "write what they remember, one line each: who;what;about;note. What is one of: best "
        "question, best moment, most talked about, liveliest, went badly, feeling."
    )


def show_unnoticed(table: pd.DataFrame, posts: pd.DataFrame) -> Shown:
    """Show what stands out in the figures and in nobody's memory.

    Parameters
    ----------
    table
        From `unnoticed`.
    posts
        The posts table, for the links.
    """
    if table.empty:
        return show_list([], empty=_("Nothing stands out that no memory names."))
    shown = table.assign(links=_linked(table["posts"], posts), subject=table["about"])
    return show_table(shown[["what", "subject", "figures", "links"]], name=_("Not in any memory"))


def _linked(ids: pd.Series, posts: pd.DataFrame) -> pd.Series:
    links = posts["url"].to_dict()
    found = [[links[one] for one in some if isinstance(links.get(one), str)] for some in ids]
    return pd.Series(found, index=ids.index, dtype=object)


def show_account(table: pd.DataFrame) -> Shown:
    """Show how an account takes part: numbers, shares and their rules.

    Parameters
    ----------
    table
        From `account_table`.
    """
    if not table["amount"]["own_posts"]:
        told = _("No host is known, or none wrote here: there is no account to describe.")
        return show_list([], empty=told)
    amounts = [
        "–"
        if pd.isna(value)
        else format_share(float(value))
        if measure in SHARES
        else format_number(float(value), 0 if float(value).is_integer() else 1)
        for measure, value in table["amount"].items()
    ]
    shown = table.assign(amount=amounts, rule=[_(rule) for rule in table["rule"]])
    return show_table(shown, name=_("The account"), of="account")


def show_analytics(table: pd.DataFrame, *, zone: str = "UTC", n: int = 10) -> Shown:
    """Show the account's posts with most impressions, actual beside potential.

    Parameters
    ----------
    table
        From `compare_analytics`.
    zone
        Time zone for instants.
    n
        How many posts.
    """
    if table.empty:
        told = _(
            "No export of the platform's own figures stands beside the chat. Put the files into a "
            "folder named analytics."
        )
        return show_list([], empty=told)
    best = table.sort_values("impressions", ascending=False, kind="stable").head(n)
    names = ["created_at", "text", "impressions", "potential", "seen", "engagements"]
    names += ["engagement_rate", *(["where"] if len(set(best["where"])) > 1 else []), "url"]
    return show_table(best[names], zone=zone, n=n, name=_("Best posts"))


def show_candidates(table: pd.DataFrame, posts: pd.DataFrame, *, n: int = 12) -> Shown:
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
        return show_list([], empty=_("No candidate for a question stands out."))
    place = table.groupby("origin").cumcount()
    mixed = table.assign(place=place).sort_values("place", kind="stable").head(n)
    shown = mixed.assign(links=_linked(mixed["posts"], posts))
    return show_table(shown[["origin", "about", "why", "links"]], n=n, name=_("Candidates"))


def show_drafts(table: pd.DataFrame, draft: str, *, for_client: bool = False, n: int = 8) -> Shown:
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
        return show_list([], empty=told)
    if table.empty:
        return show_list([], empty=_("Nobody is left to write to."))
    names = ["author", "attendance", "answered_by", "press", "acknowledged", draft]
    shown = table[names].head(n).reset_index(drop=True)
    silent = [name for name in names if shown[name].astype(str).eq("").all()]
    return show_table(shown.drop(columns=silent), n=n, name=_("Whom to write to"))


def show_shareable(table: pd.DataFrame, *, zone: str = "UTC") -> Shown:
    """Show posts worth sharing again.

    Parameters
    ----------
    table
        From `posts_to_share`, which leaves out people not to quote.
    zone
        Time zone for instants.
    """
    if table.empty:
        return show_list([], empty=_("No post of a participant drew engagement here."))
    return show_posts(table, zone=zone)


def show_followers(table: pd.DataFrame) -> Shown:
    """Show how the followers changed around the editions.

    Parameters
    ----------
    table
        From `follower_growth`.
    """
    if table.empty or table["net"].isna().all():
        told = _("No export of an account overview (one row per day) stands beside the chat.")
        return show_list([], empty=told)
    days = [format_date(day.tz_localize("UTC"), "UTC") for day in table["day"]]
    return show_table(table.assign(day=days), name=_("Followers around the editions"))


def show_editions(table: pd.DataFrame, *, zone: str = "UTC") -> Shown:
    """Show when each edition was, how many came, and what came before and after.

    Parameters
    ----------
    table
        From `edition_table`.
    zone
        Time zone for instants.
    """
    if table.empty:
        return show_list([], empty=_("No editions were found."))
    names = ["start", "end", "peak", "posts", "people", "early", "late"]
    return show_table(table[names], zone=zone, name=_("Editions"))


def show_hosting(table: pd.DataFrame, *, zone: str = "UTC") -> Shown:
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
        return show_list([], empty=_("Without a host who writes in an edition, this is not known."))
    return show_table(table[["start", *known]], zone=zone, name=_("Editions"))


def show_attendance(table: pd.DataFrame, *, for_client: bool = False, n: int = 15) -> Shown:
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
        return show_list([], empty=_("Nobody who came twice or more has stayed away since."))
    if for_client:
        told = plural(
            "{n} person who came twice or more has not been seen lately.",
            "{n} people who came twice or more have not been seen lately.",
            len(away),
        )
        return show_list([told])
    names = ["author", "visits", "last_edition", "missed", "posts"]
    return show_table(away[names], n=n, name=_("Not seen lately"))


def show_states(table: pd.DataFrame) -> Shown:
    """Count the people by how they attend.

    Parameters
    ----------
    table
        From `attendance_table`.
    """
    counts = table["attendance"].value_counts().rename_axis("attendance")
    return show_table(counts.rename("people").to_frame(), name=_("Attendance"))


def show_late(table: pd.DataFrame, *, zone: str = "UTC") -> Shown:
    """Show what came in after the end of an edition.

    Parameters
    ----------
    table
        From `late_posts`.
    zone
        Time zone for instants.
    """
    if table.empty:
        return show_list([], empty=_("Nothing came in within twelve hours after the end."))
    names = ["author", "created_at", "text", "minutes_after", "kind", "url"]
    return show_posts(table.assign(minutes_after=table["minutes_after"].round())[names], zone=zone)
