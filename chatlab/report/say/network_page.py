"""Sentences made of networks: the answers of their notebooks, the brief's lines."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

import networkx as nx
import pandas as pd

from chatlab.network.communities import modularity
from chatlab.network.graphs import interaction_graph, reply_graph
from chatlab.network.influence import visibility_table, without_people
from chatlab.project.chat import Chat
from chatlab.report.say.most import listed, people_each, tied_first
from chatlab.report.say.overview_page import no_replies
from chatlab.translation import _, format_number, format_share, plural

TOP = 10
HEARD = 3
# Whom only one person answered carries nothing.
CARRIES = 2


def network(chat: Chat, posts: pd.DataFrame, influence: pd.DataFrame, groups: pd.DataFrame) -> str:
    """Answer who answers whom, and which groups there are.

    Parameters
    ----------
    chat
        The chat.
    posts
        The posts that the network was made of.
    influence
        From `influence_table`.
    groups
        From `community_table`.
    """
    if influence.empty:
        return no_replies(chat)
    # Those who wrote here, as in the brief; where none of them was answered, whoever was.
    here = influence[influence["in_file"] & (influence["people_answering"] > 0)]
    first = tied_first(influence if here.empty else here, "people_answering")
    told = _("{people} are tied by {replies}; most answered: {who}, by {others}.")
    sentence = told.format(
        people=_people(len(influence)),
        replies=plural("{n} reply", "{n} replies", int(influence["replies_received"].sum())),
        who=_handles(first),
        others=people_each(first["people_answering"].iloc[0], first),
    )
    if len(groups):
        sentence += " " + _(
            "{groups} of at least three people; the largest is around @{author}."
        ).format(
            groups=plural("{n} group", "{n} groups", len(groups)),
            author=groups["most_answered"].iloc[0][0],
        )
    marked = int(visibility_table(posts)["count"]["marked_answers"])
    if marked:
        sentence += " " + plural(
            "{n} answer carries no reply link and is invisible here.",
            "{n} answers carry no reply link and are invisible here.",
            marked,
        )
    return sentence


def _handles(people: pd.DataFrame) -> str:
    return listed(f"@{author}" for author in people["author"])


def _people(n: int) -> str:
    return plural("{n} person", "{n} people", int(n))


def groups(graph: nx.DiGraph[Any], communities: pd.Series, groups: pd.DataFrame) -> str:
    """Say how clear-cut and how firm the groups are.

    Parameters
    ----------
    graph
        The graph.
    communities
        From `find_communities`.
    groups
        From `community_table`, with its stability.
    """
    if groups.empty:
        return _("There are no groups of at least three people.")
    value = modularity(graph, communities)
    words = _("clear") if value >= 0.3 else _("weak")
    return _(
        "Modularity {value}: the groups are {words} (0 is chance, from 0.3 on they are clear; few "
        "ties make it high by themselves). "
        "{firm} of {all} are firm: found again from other seeds, and without a fifth of the people."
    ).format(
        value=format_number(value, 2),
        words=words,
        firm=format_number(int(groups["stable"].sum())),
        all=format_number(len(groups)),
    )


def influence(chat: Chat, everyone: pd.DataFrame, guests: pd.DataFrame) -> str:
    """Answer who carries the conversation, beyond host and panel.

    Parameters
    ----------
    chat
        The chat.
    everyone
        From `influence_table`, of the whole graph.
    guests
        From `influence_table`, of the graph without host and panel.
    """
    heard = guests[guests["in_file"] & (guests["people_answering"] > 0)]
    if everyone.empty:
        return no_replies(chat)
    if heard.empty:
        sentence = _("Beyond host and panel nobody was answered by anybody.")
    elif heard["people_answering"].max() < CARRIES:
        sentence = _("Beyond host and panel nobody was answered by two people.")
    elif chat.settings.for_client:
        # Who it is stays with the team.
        return plural(
            "Beyond host and panel, {n} person was answered.",
            "Beyond host and panel, {n} people were answered.",
            len(heard),
        )
    else:
        first = tied_first(heard, "people_answering")
        told = _("Among participants, host and panel left out, most answered: {who}, by {people}.")
        if not chat.settings.panel:
            told = _("Among participants, the host left out, most answered: {who}, by {people}.")
        if not chat.settings.hosts:
            told = _("Most answered: {who}, by {people}.")
        sentence = told.format(
            who=_handles(first), people=people_each(first["people_answering"].iloc[0], first)
        )
    surprise = heard_beyond_fame(everyone, chat.host_ids)
    if surprise is not None:
        told = _("Heard although few follow, among all but the host: {who}.")
        sentence += " " + told.format(who=surprise)
    return sentence


def heard_beyond_fame(influence: pd.DataFrame, hosts: Collection[str]) -> str | None:
    """Name who is answered by most people among those with few followers (the lower half)."""
    known = influence[influence["followers"].notna() & ~influence.index.isin(list(hosts))]
    quiet = known[known["followers"] <= known["followers"].median()]
    quiet = quiet[quiet["people_answering"] >= HEARD]
    if quiet.empty:
        return None
    best = tied_first(quiet, "people_answering").iloc[0]
    return _("@{author} ({followers}, answered by {people})").format(
        author=best["author"],
        followers=plural("{n} follower", "{n} followers", int(best["followers"])),
        people=_people(best["people_answering"]),
    )


def pruned(graph: nx.DiGraph[Any]) -> list[str]:
    """Say what a graph of many ties leaves out.

    Parameters
    ----------
    graph
        From `reply_graph` or `interaction_graph` with `most`.
    """
    ties = graph.graph.get("kept_ties", 1.0)
    if ties == 1.0:
        return []
    told = _(
        "The network holds the strongest ties only: {ties} of them, with {weight} of all replies. "
        "Who is tied by fewer is not seen; ranks and groups are those of what is left."
    )
    kept = graph.graph["kept_weight"]
    return [told.format(ties=format_share(ties), weight=format_share(kept))]


def completeness(chat: Chat, posts: pd.DataFrame) -> list[str]:
    """Say what a reply network of these posts lacks, and what that does to the result.

    Parameters
    ----------
    chat
        The chat.
    posts
        The posts that the network was made of.
    """
    seen = visibility_table(posts)["count"]
    graph = reply_graph(posts)
    if not len(graph):
        return [no_replies(chat)]
    lines = [
        _(
            "{n} of {all} posts written here are replies ({share}); {ties} of them make a tie."
        ).format(
            n=format_number(int(seen["replies"])),
            all=format_number(int(seen["own"])),
            share=format_share(seen["replies"] / max(seen["own"], 1)),
            ties=format_number(int(seen["ties"])),
        )
    ]
    lines += _outside_lines(graph, int(seen["to_outside"]))
    if seen["marked_answers"]:
        answering = int(seen["ties"] + seen["marked_answers"])
        lines.append(
            _(
                "{share} of what answers somebody or a question carries no reply link ({n} of "
                "{all}) and is invisible here."
            ).format(
                share=format_share(seen["marked_answers"] / answering),
                n=format_number(int(seen["marked_answers"])),
                all=format_number(answering),
            )
        )
        lines += _answer_lines(chat, posts, len(graph))
    return lines


def _outside_lines(graph: nx.DiGraph[Any], replies: int) -> list[str]:
    """Say how many people were answered who wrote nothing here, and whether it matters."""
    outside = [node for node, here in graph.nodes(data="in_file") if not here]
    if not outside:
        return [_("Everybody who was answered also wrote here.")]
    before = _first_answered(graph)
    after = _first_answered(without_people(graph, outside))
    return [
        plural(
            "{n} reply goes to people who wrote nothing here:",
            "{n} replies go to people who wrote nothing here:",
            replies,
        )
        + " "
        + _("their own posts, and who else answers them, are not in the file.")
        + " "
        + _("Without these people, {n} of the {all} most answered stay the same.").format(
            n=format_number(len(set(before) & set(after))), all=format_number(len(before))
        )
    ]


def _first_answered(graph: nx.DiGraph[Any]) -> list[Any]:
    order = sorted(graph, key=lambda node: (-graph.in_degree(node), str(node)))
    return [node for node in order if graph.in_degree(node)][:TOP]


def _answer_lines(chat: Chat, posts: pd.DataFrame, before: int) -> list[str]:
    answers = chat.answers
    answers = answers[answers["post_id"].isin(posts.index)]
    graph = interaction_graph(posts, relations=("reply", "answer"), answers=answers)
    graph = without_people(graph, [])  # whoever has no tie
    if len(graph) <= before:
        return []
    return [
        _(
            "With the answers whose mark tells the question, {n} people are tied instead of "
            "{before}; these ties lead to who asked, nobody else gains one."
        ).format(n=format_number(len(graph)), before=format_number(before))
    ]
