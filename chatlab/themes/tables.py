"""Tables of themes: names, sizes, terms, and whether they are found again."""

from __future__ import annotations

from collections.abc import Collection, Mapping

import numpy as np
import pandas as pd

from chatlab.posts.schema import engagement
from chatlab.progress import slow
from chatlab.stability import LEFT_OUT, found_again, stability_table
from chatlab.themes.documents import Documents, documents_of
from chatlab.themes.keyphrases import Terms, terms_of, theme_codes
from chatlab.themes.tree import ThemeTree, fitted_tree, theme_tree
from chatlab.themes.typical import example_posts, fit_of
from chatlab.translation import _

PHRASES = 6
IN_A_NAME = 2
SPOKEN = 0.25
# Found again so often, by so many runs each: to see whether a theme is there, not where it ends.
RERUNS = 2
RUNS_AGAIN = 3


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
        From `theme_stability`: adds the column `stable`, and `(?)` to the names of unstable themes.
    documents
        From `read_documents` (or `Chat.documents`); read from the posts where it is not given.

    Returns
    -------
    DataFrame
        Index the theme, sorted by number:

        - `name`: the two best phrases; one of each language where a quarter of the posts is in
          a second one;
        - `phrases`: up to six phrases of one or two words, in the spelling that people used most,
          ranked by the share of the theme's different texts that have them times the logarithm
          of how much more often than elsewhere that is;
        - `posts` that somebody wrote, reposts left out as in all tables of themes, and the
          `people` who wrote them; `share` of all such posts that have a theme;
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
    columns = ["name", "phrases", "posts", "people", "share", "engagement", "languages"]
    columns += ["first", "last", "clarity", "examples"]
    if not numbers:
        return pd.DataFrame(columns=columns).rename_axis("theme")
    read = documents_of(here, documents)
    terms = terms_of(here, codes, len(numbers), read)
    fit = fit_of(read, codes, len(numbers))
    examples = example_posts(here, codes, fit.closeness, read)
    drawn = engagement(here)
    own = here["kind"].ne("repost").to_numpy()
    told = max(1, int(((codes >= 0) & own).sum()))
    rows = []
    for code, number in enumerate(numbers):
        inside = (codes == code) & own
        part = here[inside]
        best = [terms.names[column] for column in terms.best(code, PHRASES)]
        rows.append(
            {
                "theme": number,
                "name": (names or {}).get(number)
                or _name(part, terms, code)
                or _("theme {n}").format(n=number + 1),
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
        shaky = ~table["stable"].fillna(True).astype(bool)
        table["name"] = table["name"].where(~shaky, table["name"] + " (?)")
    return table


def _languages(part: pd.DataFrame) -> list[str]:
    shares = part["lang"].value_counts(normalize=True)
    return [str(lang) for lang in shares.index[shares >= 0.1]]


def _name(part: pd.DataFrame, terms: Terms, code: int) -> str:
    best = terms.best(code, 4 * PHRASES)
    shares = part["lang"].value_counts(normalize=True)
    spoken = list(shares.index[shares >= SPOKEN])
    if len(spoken) < 2:
        return "; ".join(terms.names[column] for column in best[:IN_A_NAME])
    # Each phrase belongs to the language whose posts use it most.
    texts = {lang: part.loc[part["lang"] == lang, "text"].str.casefold() for lang in spoken[:2]}
    chosen = []
    for lang in texts:
        own = [column for column in best if lang == _speaker(terms.names[column], texts)]
        chosen += own[:1]
    rest = [column for column in best if column not in chosen]
    return "; ".join(terms.names[column] for column in [*chosen, *rest][:IN_A_NAME])


def _speaker(phrase: str, texts: Mapping[str, pd.Series]) -> str:
    used = {lang: some.str.contains(phrase, regex=False).mean() for lang, some in texts.items()}
    return max(used, key=lambda lang: used[lang])


def theme_terms(
    posts: pd.DataFrame, themes: pd.Series, *, n: int = 8, documents: Documents | None = None
) -> pd.DataFrame:
    """List the phrases that set each theme apart.

    Parameters
    ----------
    posts, themes, documents
        As in `theme_table`.
    n
        How many phrases of each.

    Returns
    -------
    DataFrame
        One row per theme and phrase, best first: `theme`, `phrase`, `texts` (different texts of
        the theme that have it), `coverage` (share of the theme's texts), `elsewhere` (share of
        all other texts with a theme).
    """
    here = posts[posts["in_chat"]]
    numbers, codes = theme_codes(themes, here.index)
    terms = terms_of(here, codes, len(numbers), documents_of(here, documents))
    rows = []
    for code, number in enumerate(numbers):
        others = max(1.0, terms.sizes.sum() - terms.sizes[code])
        for column in terms.best(code, n):
            inside = terms.counts[code, column]
            rows.append(
                {
                    "theme": number,
                    "phrase": terms.names[column],
                    "texts": int(inside),
                    "coverage": inside / max(1.0, terms.sizes[code]),
                    "elsewhere": (terms.counts[:, column].sum() - inside) / others,
                }
            )
    return pd.DataFrame(rows, columns=["theme", "phrase", "texts", "coverage", "elsewhere"])


def theme_stability(
    posts: pd.DataFrame,
    themes: pd.Series,
    *,
    n_themes: int | None = None,
    seed: int = 0,
    tree: ThemeTree | None = None,
    hosts: Collection[str] = (),
) -> pd.DataFrame:
    """Tell how firm each theme is: whether other starts, or fewer people, give it again.

    Each theme is compared with the most similar one of every run from another start, and with
    those found twice without a fifth of the people, drawn at random; hosts stay, as their questions
    hold the answers together.

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
    tree
        From `theme_tree` on these posts (or `Chat.tree`); fitted here where it is not given.
    hosts
        Author ids of people who are never left out.

    Returns
    -------
    DataFrame
        Index the theme; `over_seeds` and `over_people`: mean Jaccard index of the theme's posts
        and those of the most similar theme found again, 0 to 1; `stable`: both at least 0.6.

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
    whole = tree or theme_tree(posts, n_themes=n_themes, seed=seed)
    over_seeds = [found_again(known, run) for run in whole.runs]
    guests = posts.loc[~posts["author_id"].isin(list(hosts)), "author_id"]
    people = np.array(sorted(guests.dropna().unique()))
    over_people = []
    for _again in slow(range(RERUNS), RERUNS, _("themes, found again")):
        out = rng.choice(people, size=round(LEFT_OUT * len(people)), replace=False)
        rest = posts[~posts["author_id"].isin(out)]
        read = whole.documents.of(rest)
        again = fitted_tree(
            rest, read, n_themes, seed, n_runs=RUNS_AGAIN, share=whole.grouping.share
        )
        over_people.append(found_again(known, again.cut()))
    return stability_table(over_seeds, over_people).rename_axis("theme")
