"""Tables on people, groups and bridges."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from html import escape
from typing import Any

import numpy as np
import pandas as pd

from chatlab.network.community_tables import OTHERS
from chatlab.network.influence import places
from chatlab.network.roles import DEFAULT_RULES, RoleRules
from chatlab.report.glossary import VALUES
from chatlab.report.glossary_rules import ROLES
from chatlab.report.show.heat import heat_grid
from chatlab.report.show.tables import Shown, lines, nothing
from chatlab.report.show.tables import table as show_table
from chatlab.translation import _, format_number, format_share, plural

# Of the groups that somebody links, so many are named.
NAMED = 8


def influence(table: pd.DataFrame, *, n: int = 15) -> Shown:
    """Show who is answered by most people: plain counts, and two ranks; no four decimals."""
    ranked = _ranked(table, ("pagerank", "betweenness"))
    names = ["author", "people_answering", "replies_received", "people_answered"]
    names += ["pagerank_rank", "betweenness_rank", "followers", "rank_beyond_fame"]
    if not ranked["in_file"].head(n).all():
        names.append("in_file")
    return show_table(ranked[names].head(n), name=_("Who is answered"), n=n)


def ranks(table: pd.DataFrame, *, n: int = 15) -> Shown:
    """Show the rank of those most answered by every measure.

    Parameters
    ----------
    table
        From `influence_table`.
    n
        How many people.
    """
    measures = ("pagerank", "authority", "hub", "betweenness")
    ranked = _ranked(table, measures)
    names = ["author", "people_answering", *(f"{name}_rank" for name in measures), "core_number"]
    return show_table(ranked[names].head(n), name=_("Ranks"), n=n)


def _ranked(table: pd.DataFrame, measures: Iterable[str]) -> pd.DataFrame:
    ranks = {f"{name}_rank": places(table[name]) for name in measures}
    return table.assign(**ranks).sort_values(["people_answering", "pagerank"], ascending=False)


def community_ties(matrix: pd.DataFrame, *, names: Mapping[Any, str] | None = None) -> Shown:
    """Show who talks to whom between groups.

    Parameters
    ----------
    matrix
        From `community_ties`.
    names
        The groups' names, by number, such as `community_table(...)["community_name"]`.
    """
    counts = matrix.to_numpy(dtype=float)
    if not counts.sum():
        return nothing(_("there are no ties between groups to count."))
    called = [_group_name(int(group), names or {}) for group in matrix.index]
    told = _(
        "Each row is a group that answers, each column a group that is answered; the numbers are "
        "ties by weight, the shade is the share of the row. {share} of all stays inside its group."
    ).format(share=format_share(float(np.trace(counts) / counts.sum())))
    heads = [_("Group"), *(name.split(" · ")[0] for name in called)]
    rows = [
        (escape(name), row.tolist(), row.sum(), None)
        for name, row in zip(called, counts, strict=True)
    ]
    about = _("Who talks to which group")
    html = f'<h3>{escape(about)}</h3><p class="note">{escape(told)}</p>'
    return Shown(html + heat_grid(heads, rows, about), matrix.to_string())


def _group_name(group: int, names: Mapping[Any, str]) -> str:
    return _("other groups") if group == OTHERS else str(names.get(group, group + 1))


def groups(table: pd.DataFrame, *, n: int = 12) -> Shown:
    """Show the groups; columns that say nothing stay out.

    Parameters
    ----------
    table
        From `community_table`.
    n
        How many groups.
    """
    if table.empty:
        return lines([], empty=_("There are no groups of at least three people."))
    handles = table["most_answered"].map(lambda some: [f"@{handle}" for handle in some])
    shown = table.assign(most_answered=handles).reset_index(drop=True)
    silent = [name for name in ("hashtags", "languages", "themes") if name in shown]
    silent = [name for name in silent if not shown[name].map(len).any()]
    # The name says already whether a group is firm.
    return show_table(
        shown.drop(columns=[*silent, "stable"], errors="ignore"), n=n, name=_("Groups"), of="groups"
    )


def bridges(table: pd.DataFrame, *, names: Mapping[int, str], n: int = 10) -> Shown:
    """Show who links groups.

    Parameters
    ----------
    table
        From `bridge_table`.
    names
        The groups' names, such as `community_table(...)["community_name"]`.
    n
        How many people.
    """
    linked = [
        _first([str(names.get(group, group + 1)) for group in groups])
        for groups in table["groups_linked"]
    ]
    shown = table.assign(
        groups_linked=pd.Series(linked, index=table.index, dtype=object),
        community_name=table["community"].map(names),
    )
    columns = ["author", "community_name", "people_outside", "groups_linked", "participation"]
    if table.empty:
        return lines([], empty=_("Nobody is tied to another group."))
    return show_table(shown[columns], n=n, name=_("Who links groups"))


def _first(names: list[str]) -> list[str]:
    """Name so many groups, and say how many more there are."""
    more = len(names) - NAMED
    if more <= 0:
        return names
    return [*names[:NAMED], plural("{n} more", "{n} more", more)]


def carriers(table: pd.DataFrame, *, names: Mapping[int, str]) -> Shown:
    """Show who carries each theme.

    Parameters
    ----------
    table
        From `theme_carriers`.
    names
        The themes' names.
    """
    if table.empty:
        return lines([], empty=_("No post with a theme was answered by two people."))
    shown = table.assign(name=table["theme"].map(names))
    columns = ["name", "author", "people_answering", "posts_on_theme"]
    return show_table(shown[columns], name=_("Who carries which theme"))


def roles(table: pd.DataFrame, *, for_client: bool = False, n: int = 20) -> Shown:
    """Show who has which roles; nobody's roles are named in a report for a client.

    Parameters
    ----------
    table
        From `role_table`.
    for_client
        Leave the names out.
    n
        How many people.
    """
    if for_client:
        told = _("Roles of single people are left out of a report for a client.")
        return lines([], empty=told)
    if table.empty:
        return lines([], empty=_("Nobody fits the rule of a role."))
    roles = table["roles"].map(lambda some: [_(VALUES[role]) for role in some])
    return show_table(table[["author", "posts"]].assign(roles=roles), n=n, name=_("Roles"))


def role_counts(table: pd.DataFrame, *, rules: RoleRules = DEFAULT_RULES) -> Shown:
    """Show how many people have each role, and what makes it.

    Parameters
    ----------
    table
        From `role_counts`.
    rules
        The thresholds that the roles were found with.
    """
    figures = {
        name: format_share(value)
        if name.endswith("_share")
        else format_number(value, 0 if float(value).is_integer() else 1)
        for name, value in vars(rules).items()
    }
    told = [_(ROLES[str(role)]).format(**figures) for role in table.index]
    return show_table(table.assign(rule=told), name=_("Roles"))
