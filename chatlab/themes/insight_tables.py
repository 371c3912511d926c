"""Insights counted: by theme and by different people, with quotes, and the brand among rivals."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

import pandas as pd

from chatlab.chat.parents import parents_of
from chatlab.posts.schema import engagement, true_for
from chatlab.text.patterns import clean_text
from chatlab.themes.cues import KINDS
from chatlab.themes.typical import is_abusive

# So many quotes of one person at most.
OF_ONE_PERSON = 2
SOUGHT = ("friction", "solution", "case", "request")


def insight_table(
    posts: pd.DataFrame,
    insights: pd.DataFrame,
    themes: pd.Series,
    *,
    names: Mapping[int, str] | None = None,
    answers: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """Count insights by theme: different people, not posts, so that one loud person is one.

    Parameters
    ----------
    posts
        A posts table.
    insights
        From `find_insights`.
    themes
        Theme numbers on the posts' index.
    names
        The themes' names, by number.
    answers
        From `match_answers`: two answers to one question stand beside each other, though neither
        is a reply. Where it is not given, answers are looked for in these posts alone.

    Returns
    -------
    DataFrame
        Index the theme, sorted by `friction`, most first:

        - `name`, where given;
        - `friction`, `solution`, `case`, `request`: different people with such a post;
        - `answered`, `open`: posts with a friction beside which somebody else told a solution or
          a case (in reply to it, or in answer to the same post), and those without;
        - `named`: products named, most people first.
    """
    marked = insights.assign(theme=themes.reindex(insights["post_id"]).to_numpy())
    marked = marked.dropna(subset="theme")
    people = marked.pivot_table(
        index="theme", columns="kind", values="author_id", aggfunc="nunique", fill_value=0
    ).reindex(columns=[*SOUGHT], fill_value=0)
    people = people.reindex(sorted(themes.dropna().unique()), fill_value=0)
    told = _with_solution(posts, insights, answers)
    frictions = marked[marked["kind"] == "friction"]
    solved = frictions["post_id"].isin(told).groupby(frictions["theme"])
    table = people.assign(
        answered=solved.sum().reindex(people.index, fill_value=0).astype("int64"),
        open=(~frictions["post_id"].isin(told))
        .groupby(frictions["theme"])
        .sum()
        .reindex(people.index, fill_value=0)
        .astype("int64"),
        named=pd.Series(
            [_named(marked[marked["theme"] == theme]) for theme in people.index], index=people.index
        ),
    )
    table.index = pd.Index(table.index.astype("int64"), name="theme")
    table.columns.name = None
    if names is not None:
        table.insert(0, "name", [names.get(int(theme), str(theme)) for theme in table.index])
    order = table.assign(key=table.index).sort_values(["friction", "key"], ascending=[False, True])
    return table.loc[order.index]


def _named(marked: pd.DataFrame) -> list[str]:
    each = marked[marked["kind"] == "product"].explode("what").dropna(subset="what")
    counts = each.groupby("what")["author_id"].nunique().sort_values(ascending=False, kind="stable")
    return [str(name) for name in counts.index[:5]]


def _with_solution(
    posts: pd.DataFrame, insights: pd.DataFrame, answers: pd.DataFrame | None
) -> set[str]:
    """Return the frictions beside which somebody else told a solution or a case."""
    parent = pd.Series(parents_of(posts, answers=answers), index=posts.index)
    ids = pd.Series(posts.index, index=range(len(posts)))
    about = insights[["post_id", "author_id", "kind"]].assign(
        parent=parent.reindex(insights["post_id"]).map(ids).to_numpy()
    )
    told = about[about["kind"].isin(["solution", "case"])]
    frictions = about[about["kind"] == "friction"]
    # A column without a value would be one of numbers, which no text can be matched with.
    told, frictions = told.astype("str"), frictions.astype("str")
    found: set[str] = set()
    for left, right in (("post_id", "parent"), ("parent", "parent")):
        pairs = frictions.dropna(subset=left).merge(
            told.dropna(subset=right), left_on=left, right_on=right, suffixes=("", "_told")
        )
        own = pairs["author_id"].eq(pairs["author_id_told"]).fillna(False)
        found |= set(pairs.loc[~own, "post_id"])
    return found


def insight_quotes(
    posts: pd.DataFrame,
    insights: pd.DataFrame,
    kind: str,
    *,
    n: int = 10,
) -> pd.DataFrame:
    """Choose posts to quote for one kind of insight: sure ones first, then the likeliest.

    Parameters
    ----------
    posts, insights
        A posts table, and what `find_insights` found in it.
    kind
        `friction`, `solution`, `case`, `request`, `praise` or `product`.
    n
        How many; two of one person at most.

    Returns
    -------
    DataFrame
        Index the post id: `author`, `created_at`, `text`, `cue`, `certainty`, `url`.
        People not to quote and posts with abuse are left out.
    """
    marks = insights[insights["kind"] == kind].set_index("post_id")
    found = posts.loc[posts.index.intersection(marks.index, sort=False)]
    found = found.assign(engagement=engagement(found)).join(marks[["cue", "certainty", "score"]])
    loud = true_for(found["text"], is_abusive)
    found = found[~loud & found["quotable"]].assign(
        doubt=lambda t: t["certainty"] != "sure",
        drawn=lambda t: t["engagement"].fillna(0),
        key=lambda t: t.index,
    )
    found = found.sort_values(
        ["doubt", "score", "drawn", "key"], ascending=[True, False, False, True]
    )
    of_person = found.groupby(found["author_id"].fillna(found["key"]), sort=False).cumcount()
    found = found[of_person < OF_ONE_PERSON]
    # The same text from several accounts is one quote.
    found = found[~found["text"].map(clean_text).str.casefold().duplicated()]
    names = ["author", "created_at", "text", "cue", "certainty", "url"]
    return found.head(n)[names]


def kind_counts(insights: pd.DataFrame) -> pd.DataFrame:
    """Count marks by kind: `posts`, `people`, `to_check` (posts whose mark is doubtful)."""
    rows = {}
    for kind in KINDS:
        part = insights[insights["kind"] == kind]
        rows[kind] = {
            "posts": part["post_id"].nunique(),
            "people": part["author_id"].nunique(),
            "to_check": int((part["certainty"] == "to check").sum()),
        }
    return pd.DataFrame(rows).T.rename_axis("insight")


def brand_table(
    posts: pd.DataFrame,
    insights: pd.DataFrame,
    brand: str | None,
    *,
    rivals: Sequence[str] = (),
    without: Collection[str] = (),
) -> pd.DataFrame:
    """Set the brand beside its rivals: who names them, praises and criticises them.

    A post that names a product criticises it if it is marked as friction, and praises it if marked
    as praise and not as friction. Both are a model's reading, and want yours: `brand_quotes`.
    `without` holds author ids that are left out: what a brand says of itself is no opinion.

    Returns
    -------
    DataFrame
        Index the product, the brand first: `posts`, `people`, `praised` and `criticised`
        (different people), `beside` (other products of this table named in the same posts).
    """
    kinds = {str(i): set(part["kind"]) for i, part in insights.groupby("post_id")}
    named = insights[insights["kind"] == "product"]
    named = named[~named["author_id"].isin(list(without))]
    what = {
        str(i): set(some)
        for i, some in named[["post_id", "what"]].itertuples(index=False, name=None)
    }
    author = posts["author_id"]
    rows = []
    products = [name for name in (brand, *rivals) if name]
    for product in products:
        ids = [i for i, some in what.items() if product in some]
        bad = [i for i in ids if "friction" in kinds[i]]
        good = [i for i in ids if "praise" in kinds[i] and "friction" not in kinds[i]]
        beside = {other for i in ids for other in what[i] if other in products and other != product}
        rows.append(
            {
                "product": product,
                "posts": len(ids),
                "people": author.reindex(ids).nunique(),
                "praised": author.reindex(good).nunique(),
                "criticised": author.reindex(bad).nunique(),
                "beside": sorted(beside),
            }
        )
    names = ["product", "posts", "people", "praised", "criticised", "beside"]
    return pd.DataFrame(rows, columns=names).set_index("product")


def brand_quotes(
    posts: pd.DataFrame, insights: pd.DataFrame, brand: str | None, kind: str, *, n: int = 5
) -> pd.DataFrame:
    """Choose posts that praise or criticise the brand.

    Parameters
    ----------
    posts, insights, n
        As in `insight_quotes`.
    brand
        Its name; None gives no quote.
    kind
        `praise` or `friction`.

    Returns
    -------
    DataFrame
        As from `insight_quotes`.
    """
    named = insights[insights["kind"] == "product"]
    ids = {i for i, some in named[["post_id", "what"]].to_numpy() if brand in some}
    if kind == "praise":
        ids -= set(insights.loc[insights["kind"] == "friction", "post_id"])
    return insight_quotes(posts, insights[insights["post_id"].isin(ids)], kind, n=n)
