"""Tables on what the host remembers and what nobody noticed."""

from __future__ import annotations

import pandas as pd

from chatlab.report.say.facts import facts
from chatlab.report.show.tables import Shown, lines
from chatlab.report.show.tables import table as show_table
from chatlab.translation import _


def memory(compared: pd.DataFrame, posts: pd.DataFrame, *, zone: str = "UTC") -> Shown:
    """Show each memory beside the figures, with the posts to look at.

    Parameters
    ----------
    compared
        From `compare_memory`.
    posts
        The posts table, for the links.
    zone
        Time zone for instants.
    """
    if compared.empty:
        return lines([], empty=how_to_remember())
    shown = compared.assign(
        links=linked(compared["posts"], posts),
        subject=compared["about"],
        figures=[" ".join(facts(told, zone=zone)) for told in compared["facts"]],
    )
    names = ["who", "what", "subject", "note", "verdict", "figures", "links"]
    return show_table(shown[names], name=_("Memories and figures"))


def how_to_remember() -> str:
    """Say how to write memories down."""
    return _(
        "No memory.csv stands beside the chat. Before you read on, let host, team and friends "
        "write what they remember, one line each: who;what;about;note. What is one of: best "
        "question, best moment, most talked about, liveliest, went badly, feeling."
    )


def unnoticed(table: pd.DataFrame, posts: pd.DataFrame, *, memory: pd.DataFrame) -> Shown:
    """Show what stands out in the figures and in nobody's memory.

    Parameters
    ----------
    table
        From `unnoticed`.
    posts
        The posts table, for the links.
    memory
        From `chat_memory`: without memories nobody can have missed anything.
    """
    if memory.empty:
        return lines([], empty=_("it takes memories to say what none of them names."))
    if table.empty:
        return lines([], empty=_("Nothing stands out that no memory names."))
    shown = table.assign(
        links=linked(table["posts"], posts),
        subject=table["about"],
        figures=[" ".join(facts(told)) for told in table["facts"]],
    )
    return show_table(shown[["what", "subject", "figures", "links"]], name=_("Not in any memory"))


def linked(ids: pd.Series, posts: pd.DataFrame) -> pd.Series:
    """Return the links of posts, list by list."""
    links = posts["url"].to_dict()
    found = [[links[one] for one in some if isinstance(links.get(one), str)] for some in ids]
    return pd.Series(found, index=ids.index, dtype=object)
