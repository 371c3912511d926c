"""Tables on the conversation as a whole: posts, files, reach, the account."""

from __future__ import annotations

from dataclasses import replace
from html import escape
from typing import Any

import pandas as pd

from chatlab.posts.schema import ENGAGEMENT_NAMES, NAMES
from chatlab.report.glossary import VALUES
from chatlab.report.glossary_rules import ACCOUNT, ACCOUNT_SHARES, BOUNDS, REACH
from chatlab.report.say.quoted import not_quoted
from chatlab.report.show.cells import cell_text
from chatlab.report.show.tables import Shown, aside, lines
from chatlab.report.show.tables import table as show_table
from chatlab.translation import _, format_date, format_number, format_share

# Of posts with the platform's own figures, so many are listed.
MOST = 10


def posts(table: pd.DataFrame, *, zone: str = "UTC", n: int = 50) -> Shown:
    """Show a table of posts; where a text is missing, its author asked not to be quoted.

    Parameters
    ----------
    table
        From `top_posts`, `discussed_posts` or `shared_posts`.
    zone
        Time zone for instants.
    n
        How many are seen at once; the others can be unfolded.
    """
    if {*NAMES} <= {*table.columns}:
        # A whole posts table: of its ids and lists a reader has no use.
        table = table[["author", "created_at", "text", "kind", *ENGAGEMENT_NAMES, "url"]]
    shown = table.assign(text=table["text"].fillna(not_quoted()))
    first = [name for name in ("author", "created_at", "text", "engagement") if name in shown]
    shown = shown[[*first, *(name for name in shown.columns if name not in first)]]
    # A count that is missing or 0 for all says nothing, and makes the table wide.
    told = [
        name for name in shown.columns if shown[name].notna().any() and (shown[name] != 0).any()
    ]
    return show_table(shown[told], zone=zone, n=n, name=_("Posts"))


def loading(loading: pd.DataFrame) -> Shown:
    """Show what was read, file by file."""
    silent = [name for name in ("reasons", "notes") if not loading[name].astype(bool).any()]
    return show_table(loading.drop(columns=silent), name=_("What was loaded"))


def reach(reach: pd.DataFrame) -> Shown:
    """Show reach: every figure is an upper bound, and says how it was made."""
    known = reach[reach["value"].notna()]
    unknown = reach.index.difference(known.index, sort=False)
    reach = known
    values = [_reach_text(str(measure), value) for measure, value in reach["value"].items()]
    formulas = [_(REACH[str(measure)]) for measure in reach.index]
    shown = show_table(pd.DataFrame({"value": values, "known": reach["known"]}), name=_("Reach"))
    how = show_table(pd.DataFrame({"formula": formulas}, index=reach.index))
    html = shown.html
    if len(unknown):
        told = _("Cannot be computed from this file: {names}.").format(
            names=", ".join(_(VALUES[str(measure)]) for measure in unknown)
        )
        html += f'<p class="note">{escape(told)}</p>'
    return replace(shown, html=html, method=aside(how).method + shown.method, width="two-thirds")


def _reach_text(measure: str, value: Any) -> str:
    if measure in BOUNDS:
        return _("up to {n}").format(n=format_number(int(value)))
    if measure == "repost_rate":
        return format_share(float(value))
    return format_number(float(value), 0 if float(value).is_integer() else 2)


def coverage(coverage: pd.DataFrame, *, zone: str = "UTC") -> Shown:
    """Show what the posts hold and lack: each value as its unit asks, times in a zone."""
    values = [
        cell_text("share" if unit == "share" and pd.notna(value) else "value", value, zone)
        for value, unit in coverage.itertuples(index=False, name=None)
    ]
    shown = pd.DataFrame({"value": values}, index=coverage.index)
    return show_table(shown, name=_("What is missing"))


def account(table: pd.DataFrame) -> Shown:
    """Show how an account takes part: numbers, shares and their rules.

    Parameters
    ----------
    table
        From `account_table`.
    """
    if not table["amount"]["own_posts"]:
        told = _("No host is known, or none wrote here: there is no account to describe.")
        return lines([], empty=told)
    amounts = [
        "–"
        if pd.isna(value)
        else format_share(float(value))
        if measure in ACCOUNT_SHARES
        else format_number(float(value), 0 if float(value).is_integer() else 1)
        for measure, value in table["amount"].items()
    ]
    shown = show_table(table.assign(amount=amounts), name=_("The account"), of="account")
    rules = table[[]].assign(rule=[_(ACCOUNT[measure]) for measure in table.index])
    return replace(shown, method=aside(show_table(rules, of="account")).method + shown.method)


def analytics(table: pd.DataFrame, *, zone: str = "UTC", n: int = 3) -> Shown:
    """Show the account's posts with most impressions, actual beside potential.

    Parameters
    ----------
    table
        From `compare_analytics`.
    zone
        Time zone for instants.
    n
        How many posts are seen at once.
    """
    if table["where"].eq("only here").all():
        told = _(
            "No export of the platform's own figures stands beside the chat. Put the files into a "
            "folder named analytics."
        )
        return lines([], empty=told)
    best = table.sort_values("impressions", ascending=False, kind="stable").head(MOST)
    names = ["created_at", "text", "impressions", "potential", "seen", "engagements"]
    names += ["engagement_rate", *(["where"] if len(set(best["where"])) > 1 else []), "url"]
    return show_table(best[names], zone=zone, n=n, name=_("Best posts"))


def followers(table: pd.DataFrame) -> Shown:
    """Show how the followers changed around the editions.

    Parameters
    ----------
    table
        From `follower_growth`.
    """
    if table.empty or table["net"].isna().all():
        told = _("No export of an account overview (one row per day) stands beside the chat.")
        return lines([], empty=told)
    days = [format_date(day.tz_localize("UTC"), "UTC") for day in table["day"]]
    return show_table(table.assign(day=days), name=_("Followers around the editions"))
