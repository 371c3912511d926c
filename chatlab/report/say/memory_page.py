"""Sentences on what the host remembers and on the owner's own figures."""

from __future__ import annotations

import pandas as pd

from chatlab.people.memory import AGREES, DIFFERS, FELT
from chatlab.translation import _, format_number, format_share, mark, plural

WAYS = {
    "prefix": mark("by a mark (A1, R2...)"),
    "reply": mark("by the reply button"),
    "quote": mark("by a quote"),
    "continuation": mark("as a continuation of one's own answer"),
    "time": mark("by time and wording"),
}


def memory(compared: pd.DataFrame, missed: pd.DataFrame) -> str:
    """Answer whether memories and figures agree, and what nobody noticed.

    Parameters
    ----------
    compared
        From `compare_memory`.
    missed
        From `unnoticed`.
    """
    found = plural(
        "{n} thing stands out in the figures that no memory names.",
        "{n} things stand out in the figures that no memory names.",
        len(missed),
    )
    if compared.empty:
        return _("No memory stands beside these figures.")
    counts = compared["verdict"].value_counts()
    sentence = _(
        "Of {memories}, {agree} agree with the figures, beside {differ} the figures say "
        "something else, and {felt} are kept as felt."
    ).format(
        memories=plural("{n} memory", "{n} memories", len(compared)),
        agree=format_number(int(counts.get(AGREES, 0))),
        differ=format_number(int(counts.get(DIFFERS, 0))),
        felt=format_number(int(counts.get(FELT, 0))),
    )
    return sentence + (" " + found if len(missed) else "")


def analytics(compared: pd.DataFrame) -> list[str]:
    """Say how often the account's posts were shown, and what either side lacks.

    Parameters
    ----------
    compared
        From `compare_analytics`.
    """
    if compared["where"].eq("only here").all():
        return []
    both = compared[compared["where"] == "both"]
    if both.empty:
        return [_("No post of the owner's export is among the posts here.")]
    lines = []
    known = both.dropna(subset=["impressions", "potential"])
    if len(known) and known["potential"].sum():
        lines.append(
            _("{posts} were shown {n} times, of up to {potential} possible ({share}).").format(
                posts=plural("{n} post", "{n} posts", len(known)),
                n=format_number(int(known["impressions"].sum())),
                potential=format_number(int(known["potential"].sum())),
                share=format_share(
                    float(known["impressions"].sum()) / float(known["potential"].sum())
                ),
            )
        )
    rates = both["engagement_rate"].dropna()
    if len(rates):
        lines.append(
            _("Median engagement rate: {share} of the times shown.").format(
                share=format_share(float(rates.median()), decimals=1)
            )
        )
    counts = compared["where"].value_counts()
    lines.append(
        _("Only in the posts here: {here}; only in the export: {there}.").format(
            here=format_number(int(counts.get("only here", 0))),
            there=format_number(int(counts.get("only in the export", 0))),
        )
    )
    return lines
