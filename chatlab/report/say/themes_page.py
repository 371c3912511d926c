"""Sentences made of themes and insights: the answers of their notebooks, the brief's lines."""

from __future__ import annotations

import pandas as pd

from chatlab.posts.select import own_posts
from chatlab.report.say.most import listed, tied_first
from chatlab.themes.insight_tables import SOUGHT
from chatlab.themes.insights import read_languages
from chatlab.themes.recurrence import FEWEST_EDITIONS
from chatlab.translation import _, format_number, format_share, mark, plural

SPOKEN = 0.1
# With fewer people nothing is said to hurt most.
ENOUGH_TO_RANK = 3
NAMES = {"en": mark("English"), "fr": mark("French")}
UNCLEAR = 0.6


def themes(table: pd.DataFrame, recurrence: pd.DataFrame) -> str:
    """Answer which sub-themes keep coming back."""
    if table.empty:
        return _(
            "No firm themes: too few posts speak of one subject. Below, the commonest phrases."
        )
    sentence = plural("{n} theme.", "{n} themes.", len(table))
    if "stable" in table and not table["stable"].astype(bool).any():
        sentence += " " + _("None of them is firm: take them as hints.")
    types = recurrence["type"].reindex(table.index)
    if types.eq("too few to tell").any():
        return f"{sentence} " + _(
            "Too few editions to tell which come back: at least {n} slices of time are needed."
        ).format(n=FEWEST_EDITIONS)
    few = types.isin(["in each", "in several", "in one"])
    if few.any():
        sentence += " " + _("With {n} slices of time, chance may make as much:").format(
            n=int(recurrence["of"].max())
        )
    for kinds, words in (
        (("in each",), _("in each of them: {names}.")),
        (("in several",), _("in several: {names}.")),
        (("recurring",), _("Coming back: {names}.")),
        (("steady",), _("Always there: {names}.")),
        (("growing", "new"), _("Growing or new: {names}.")),
        (("one burst",), _("Only once: {names}.")),
    ):
        names = list(table["name"][types.isin(kinds)])
        if names:
            sentence += " " + words.format(names=_listed(names))
    return sentence


def firm_first(table: pd.DataFrame) -> pd.DataFrame:
    """Order themes: firm ones first, then those of most people."""
    told = table.assign(firm=~table["name"].str.contains("(?)", regex=False))
    return told.sort_values(["firm", "people"], ascending=False, kind="stable")


def _quoted(name: object) -> str:
    return _("“{name}”").format(name=name)


def _listed(names: list[str]) -> str:
    return listed(map(_quoted, names))


def coverage(posts: pd.DataFrame, themes: pd.Series) -> str:
    """Say how many posts speak of a theme, and that the others do not."""
    said = own_posts(posts)
    placed = int(themes.reindex(said.index).notna().sum())
    return _("{n} of {all} posts speak of a theme ({share}).").format(
        n=format_number(placed),
        all=format_number(len(said)),
        share=format_share(placed / max(1, len(said))),
    )


def read_for_insights(posts: pd.DataFrame) -> str:
    """Say how many posts were read for insights, and in which languages."""
    langs = read_languages(posts)
    counts = langs.value_counts()
    parts = [
        _("{n} in {language}").format(n=format_number(int(counts[lang])), language=_(NAMES[lang]))
        for lang in counts.index
    ]
    told = _("Read for frictions, solutions, cases and requests: {parts}.").format(
        parts=", ".join(parts) or format_number(0)
    )
    if other := int(langs.isna().sum()):
        told += " " + plural(
            "{n} post in another language was not read, and nothing is said of it.",
            "{n} posts in other languages were not read, and nothing is said of them.",
            other,
        )
    return told


def market(insights: pd.DataFrame, table: pd.DataFrame) -> str:
    """Answer which frictions, solutions and cases surfaced.

    Parameters
    ----------
    insights
        From `find_insights`.
    table
        From `insight_table` of those that are sure: where it hurts most is said of these alone.
    """
    friction, solution, case = _people_marked(insights)
    if not friction + solution + case:
        return _("No friction, solution or case was found in these posts.")
    sure = _people_marked(insights[insights["certainty"] == "sure"])
    if max(sure) < ENOUGH_TO_RANK:
        sentence = _("Too few marks are sure to say what hurts and what helps.")
    else:
        sentence = _(
            "Surely told: a friction by {friction}, a solution by {solution}, a case by {case}."
        ).format(
            friction=plural("{n} person", "{n} people", sure[0]),
            solution=plural("{n} person", "{n} people", sure[1]),
            case=plural("{n} person", "{n} people", sure[2]),
        )
    rest = friction - sure[0], solution - sure[1], case - sure[2]
    if any(rest):
        told = _("To read before you count: frictions of {n}, solutions of {m}, cases of {k} more.")
        sentence += " " + told.format(
            n=format_number(rest[0]), m=format_number(rest[1]), k=format_number(rest[2])
        )
    if not table.empty and table["friction"].iloc[0] >= ENOUGH_TO_RANK:
        worst = tied_first(table, "friction")
        sentence += " " + _("It hurts most in {names} ({people}).").format(
            names=listed(_quoted(name) for name in worst["name"]),
            people=plural("{n} person", "{n} people", int(worst["friction"].iloc[0])),
        )
        openly = tied_first(table, "open")
        # Where no answer is linked to anything, none is known to be missing.
        if table["answered"].any() and openly["open"].iloc[0]:
            sentence += " " + _("Most without a solution beside them: {names} ({posts}).").format(
                names=listed(_quoted(name) for name in openly["name"]),
                posts=plural("{n} post", "{n} posts", int(openly["open"].iloc[0])),
            )
    return sentence


def _people_marked(insights: pd.DataFrame) -> tuple[int, int, int]:
    people = insights.groupby("kind")["author_id"].nunique()
    friction, solution, case = (int(people.get(kind, 0)) for kind in SOUGHT[:3])
    return friction, solution, case


def theme_cautions(
    posts: pd.DataFrame, table: pd.DataFrame, *, insights: pd.DataFrame | None = None
) -> list[str]:
    """List what a reader of themes should be careful about, each with its figure."""
    lines = []
    here = posts[posts["in_chat"]]
    spoken = here["lang"].dropna().str.split("-").str[0]
    shares = spoken.value_counts(normalize=True)
    many = list(shares.index[shares >= SPOKEN])
    if len(many) > 1:
        lines.append(
            _("People write in {languages}: a theme may be a language rather than a topic.").format(
                languages=", ".join(map(str, many))
            )
        )
    if "stable" in table and (~table["stable"].astype(bool)).any():
        lines.append(
            plural(
                "{n} theme is marked (?): found again from other seeds, or without a fifth of the "
                "people, it has other posts. Take it as a hint.",
                "{n} themes are marked (?): found again from other seeds, or without a fifth of "
                "the people, they have other posts. Take them as hints.",
                int((~table["stable"].astype(bool)).sum()),
            )
        )
    unclear = table[table["clarity"].astype(float) < UNCLEAR] if len(table) else table
    if len(unclear):
        lines.append(
            _("Hardly any words of their own: {names}.").format(
                names=_listed(list(unclear["name"]))
            )
        )
    if insights is not None:
        lines.append(read_for_insights(posts))
    if insights is not None and len(insights):
        doubtful = int(insights["certainty"].eq("to check").sum())
        lines.append(
            _(
                "Insights are a small model's reading of single posts: {n} of {all} marks are to "
                "check, and of these less than half are right. Write your verdict in insights.csv: "
                "the model learns from it."
            ).format(n=format_number(doubtful), all=format_number(len(insights)))
        )
    lines.append(
        _(
            "Themes are found by words: one said in two languages is one theme only where posts "
            "answer each other or share words. Rename, merge or hide themes in themes.csv."
        )
    )
    return lines
