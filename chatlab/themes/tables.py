"""Tables of themes: names, sizes, terms, and whether they are found again."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

import numpy as np
import numpy.typing as npt
import pandas as pd

from chatlab.posts.schema import engagement
from chatlab.progress import slow
from chatlab.stability import LEFT_OUT, found_again, stability_table
from chatlab.text.patterns import without_accents
from chatlab.text.words import base_language, word_list
from chatlab.themes.coherent import Flags
from chatlab.themes.documents import Documents, documents_of
from chatlab.themes.find import subjects_of
from chatlab.themes.keyphrases import Terms, terms_of, theme_codes
from chatlab.themes.typical import example_posts, fit_of
from chatlab.translation import _, current_language

PHRASES = 6
# A name whose phrases stand in fewer of the texts wants reading, and one in still fewer is none.
NAMED, MIXED = 0.6, 0.25
SPOKEN = 0.25
# Found again so often, from other seeds and without some of the people.
RERUNS = 2


def theme_table(
    posts: pd.DataFrame,
    themes: pd.Series,
    *,
    names: Mapping[int, str] | None = None,
    stability: pd.DataFrame | None = None,
    documents: Documents | None = None,
) -> pd.DataFrame:
    """Describe each theme.

    Parameters
    ----------
    posts
        A posts table; only posts in the chat count.
    themes
        Theme numbers on the posts' index, from `find_themes` or any other clusterer.
    names
        Names that somebody gave, by theme number; they take the place of the found ones.
    stability
        From `theme_stability`: adds the column `stable`, and `(?)` to the names of themes that are
        not, or whose name stands in less than six tenths of their texts.
    documents
        From `read_documents` (or `Chat.documents`); read from the posts where it is not given.

    Returns
    -------
    DataFrame
        Index the theme, sorted by number:

        - `name`: up to three phrases that stand in most of the theme's texts and seldom elsewhere,
          of three people and more (eight where half of the uses are one person's), longer ones
          first; of the page's language where a quarter of the texts is in it, else of the
          commonest; no persons' names. `mixed` where they stand in less than a quarter;
        - `named`: share of the theme's different texts that have one of the name's phrases; missing
          where somebody named the theme;
        - `phrases`: up to six phrases of one to three words, in the spelling that people used most,
          ranked by the share of the theme's different texts that have them times the logarithm
          of how much more often than elsewhere that is;
        - `posts` that somebody wrote, reposts left out as in all tables of themes, and the
          `people` who wrote them; `share` of all such posts, with a theme or without;
        - `engagement`: sum, missing where no count is known;
        - `languages`: those of a tenth of the posts and more, most used first;
        - `first`, `last`: instants of the first and last post;
        - `clarity`: share of the posts whose theme a naive Bayes classifier tells from the words
          without having seen them (five folds); low means that the theme has no words of its own;
        - `examples`: ids of up to three posts closest to the theme's mean, by three people;
        - with `stability`, `stable`.
    """
    here = posts[posts["in_chat"]]
    numbers, codes = theme_codes(themes, here.index)
    columns = ["name", "named", "phrases", "posts", "people", "share", "engagement", "languages"]
    columns += ["first", "last", "clarity", "examples"]
    if not numbers:
        return pd.DataFrame(columns=columns).rename_axis("theme")
    read = documents_of(here, documents)
    terms = terms_of(codes, len(numbers), read)
    langs = here["lang"].map(base_language).to_numpy(dtype=object)[read.first]
    fit = fit_of(read, codes, len(numbers))
    examples = example_posts(here, codes, fit.closeness, read)
    drawn = engagement(here)
    own = here["kind"].ne("repost").to_numpy()
    told = max(1, int(own.sum()))
    rows = []
    for code, number in enumerate(numbers):
        inside = (codes == code) & own
        part = here[inside]
        best = [terms.phrases.names[column] for column in terms.best(code, PHRASES)]
        if number in (names or {}):
            name, named = (names or {})[number], np.nan
        else:
            name, named = _name(terms, code, _allowed(terms, code, langs, read), number)
        rows.append(
            {
                "theme": number,
                "name": name,
                "named": named,
                "phrases": best,
                "posts": len(part),
                "people": part["author_id"].nunique(),
                "share": len(part) / told,
                "engagement": drawn[inside].sum(min_count=1),
                "languages": _languages(part),
                "first": part["created_at"].min(),
                "last": part["created_at"].max(),
                "clarity": float(fit.told[codes == code].mean()),
                "examples": examples[code],
            }
        )
    table = pd.DataFrame(rows).set_index("theme")[columns]
    return with_stability(table, stability)


def with_stability(table: pd.DataFrame, stability: pd.DataFrame | None) -> pd.DataFrame:
    """Add the column `stable`, and `(?)` to the names of themes that are not."""
    table = table.copy()
    if stability is not None and len(table):
        table["stable"] = stability["stable"].reindex(table.index)
        shaky = ~table["stable"].fillna(True).astype(bool) | (table["named"] < NAMED)
        table["name"] = table["name"].where(~shaky, table["name"] + " (?)")
    return table


def _languages(part: pd.DataFrame) -> list[str]:
    shares = part["lang"].value_counts(normalize=True)
    return [str(lang) for lang in shares.index[shares >= 0.1]]


def _name(terms: Terms, code: int, allowed: Sequence[Flags], number: int) -> tuple[str, float]:
    """Name a theme by its phrases, and say what share of its texts have one of them.

    Of several choices of phrases, the first counts whose phrases stand in enough of them.
    """
    columns: list[int] = []
    covered = 0.0
    for choice in allowed:
        if covered < MIXED:
            columns, covered = terms.naming(code, choice)
    phrases = "; ".join(terms.phrases.names[column] for column in columns)
    if not phrases:
        return _("theme {n}").format(n=number + 1), 0.0
    if covered < MIXED:
        return _("mixed: {phrases}").format(phrases=phrases), covered
    return phrases, covered


def _allowed(
    terms: Terms, theme: int, langs: npt.NDArray[np.object_], read: Documents
) -> list[Flags]:
    """Say which phrases may name a theme: no person's name, no abuse; of one language, or any.

    The language is the page's where a quarter of the theme's texts are in it, else the commonest.
    """
    unfit = read.persons | word_list("abuse")
    own = np.array(
        [unfit.isdisjoint(without_accents(name).split()) for name in terms.phrases.names],
        dtype=np.bool_,
    )
    inside = terms.groups == theme
    shares = pd.Series(langs[inside]).value_counts(normalize=True)
    spoken = [*shares.index[shares >= SPOKEN]]
    if len(spoken) < 2:
        return [own]
    chosen = current_language() if current_language() in spoken else spoken[0]
    held = terms.phrases.held
    here = np.asarray(held[inside & (langs == chosen)].sum(axis=0)).ravel()
    mostly: Flags = here >= terms.counts[theme] / 2
    return [own & mostly, own]


def theme_stability(
    posts: pd.DataFrame,
    themes: pd.Series,
    *,
    n_themes: int | None = None,
    seed: int = 0,
    documents: Documents | None = None,
    hosts: Collection[str] = (),
) -> pd.DataFrame:
    """Tell how firm each theme is: whether other starts, or fewer people, give it again.

    Each theme is compared with the most similar one found from two other seeds, and with those
    found twice without a fifth of the people, drawn at random; hosts stay, as their questions hold
    the answers together.

    Parameters
    ----------
    posts
        A posts table.
    themes
        Theme numbers on these posts' index.
    n_themes
        As it was given to `find_themes`.
    seed
        The people who are left out are drawn with it.
    documents
        As in `theme_table`.
    hosts
        Author ids of people who are never left out.

    Returns
    -------
    DataFrame
        Index the theme; `over_seeds` and `over_people`: mean Jaccard index of the theme's posts
        and those of the most similar theme found again, 0 to 1, among posts that have a theme both
        times; `stable`: both at least 0.6.

    References
    ----------
    Hennig: Cluster-wise assessment of cluster stability, 2007,
    https://doi.org/10.1016/j.csda.2006.11.025 (below 0.6 a cluster should not be trusted).
    """
    known = themes.dropna()
    if known.empty:
        names = ["over_seeds", "over_people", "stable"]
        return pd.DataFrame(columns=names).rename_axis("theme")
    rng = np.random.default_rng(seed)
    read = documents_of(posts, documents)
    over_seeds = [
        found_again(known, subjects_of(posts, read, n_themes=n_themes, seed=other))
        for other in range(seed + 1, seed + 1 + RERUNS)
    ]
    guests = posts.loc[~posts["author_id"].isin(list(hosts)), "author_id"]
    people = np.array(sorted(guests.dropna().unique()))
    over_people = []
    for _again in slow(range(RERUNS), RERUNS, _("themes, found again")):
        out = rng.choice(people, size=round(LEFT_OUT * len(people)), replace=False)
        rest = posts[~posts["author_id"].isin(out)]
        again = subjects_of(rest, read.of(rest), n_themes=n_themes, seed=seed)
        over_people.append(found_again(known, again))
    return stability_table(over_seeds, over_people).rename_axis("theme")
