"""One person at a time: who they are here, who answered them, what they said best."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from html import escape
from typing import Any

import networkx as nx
import pandas as pd

from chatlab.posts.quoting import quotes as quotable
from chatlab.posts.schema import engagement
from chatlab.posts.select import own_posts
from chatlab.report.glossary import VALUES
from chatlab.report.show.cells import web_link
from chatlab.report.show.quotes import person_name, quoted_words
from chatlab.report.show.tables import Shown, nothing
from chatlab.translation import _, plural

# Posts of each person, and people named on either side.
QUOTED, NAMED = 3, 12


def person_id(author_id: object) -> str:
    """Return the name of a person's place on a page; it tells nobody who they are."""
    return f"person-{hashlib.sha256(str(author_id).encode()).hexdigest()[:10]}"


def dossiers(
    graph: nx.DiGraph[Any],
    posts: pd.DataFrame,
    *,
    names: Mapping[int, str],
    communities: pd.Series,
    parts: Mapping[str, str] | None = None,
    n: int = 60,
) -> Shown:
    """Show people one at a time: a click on the map, or on a name, opens theirs.

    Parameters
    ----------
    graph
        From `reply_graph`.
    posts
        The posts it was made of.
    names
        The groups' names.
    communities
        Each person's group.
    parts
        `host` or `panel` by author id.
    n
        How many people: those whom most people answered.
    """
    answered = sorted(dict(graph.in_degree()).items(), key=lambda pair: (-pair[1], str(pair[0])))
    # Who wrote nothing here has nothing to show.
    wrote = set(own_posts(posts)["author_id"].dropna())
    chosen = [person for person, _people in answered if str(person) in wrote][:n]
    if not chosen:
        return nothing(_("nobody answered anybody in this file."))
    said = own_posts(posts)
    said = said.assign(words=quotable(said), drawn=engagement(said).fillna(0))
    told = said.dropna(subset="author_id").drop_duplicates("author_id", keep="last")
    rows = {str(key): row for key, row in told.set_index("author_id").iterrows()}
    cards = []
    for place, person in enumerate(chosen):
        row = rows.get(str(person))
        handle = str(graph.nodes[person].get("author", person))
        name = person_name(row) if row is not None else f"@{handle}"
        group = names.get(int(communities.get(person, -1)), "")
        part = _(VALUES[(parts or {})[str(person)]]) if str(person) in (parts or {}) else ""
        facts = " · ".join(one for one in (part, group) if one)
        first = " first" if place == 0 else ""
        cards.append(
            f'<article class="dossier{first}" id="{person_id(person)}">'
            f'<p class="name">{escape(name)}</p><span class="handle">@{escape(handle)}</span>'
            f'<p class="note">{escape(facts)}</p>{_best(said, str(person))}'
            f"{_ties(graph, person, chosen)}</article>"
        )
    return Shown(f'<div class="dossiers">{"".join(cards)}</div>', "")


def _best(said: pd.DataFrame, person: str) -> str:
    own = said[said["author_id"].eq(person)].dropna(subset="words")
    best = own.sort_values("drawn", ascending=False, kind="stable").head(QUOTED)
    items = "".join(
        f'<li>{escape(quoted_words(words))} <span class="seen">{web_link(url)}</span></li>'
        for words, url in best[["words", "url"]].itertuples(index=False, name=None)
    )
    return f'<ul class="open-ones">{items}</ul>' if items else ""


def _ties(graph: nx.DiGraph[Any], person: Any, chosen: list[Any]) -> str:
    parts = []
    for words, ends in (
        (_("Answered by {people}:"), [u for u, _v in graph.in_edges(person)]),
        (_("Answered {people}:"), [v for _u, v in graph.out_edges(person)]),
    ):
        if not ends:
            continue
        people = plural("{n} person", "{n} people", len(ends))
        named = ", ".join(_linked(graph, one, chosen) for one in sorted(ends, key=str)[:NAMED])
        more = "…" if len(ends) > NAMED else ""
        parts.append(f'<p class="note">{escape(words.format(people=people))} {named}{more}</p>')
    return "".join(parts)


def _linked(graph: nx.DiGraph[Any], person: Any, chosen: list[Any]) -> str:
    handle = escape(f"@{graph.nodes[person].get('author', person)}")
    return f'<a href="#{person_id(person)}">{handle}</a>' if person in chosen else handle
