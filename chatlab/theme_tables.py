"""Themes as tables: what each is about, whether it keeps coming back, and how firm it is."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.stats import spearmanr

from chatlab._likeness import LEFT_OUT, found_again, stability_table
from chatlab._progress import Bar
from chatlab._theme_words import Terms, example_posts, fit_of, terms_of, theme_codes
from chatlab.hosts import find_hosts
from chatlab.messages import _
from chatlab.schema import engagement
from chatlab.themes import find_themes

PHRASES = 6
IN_A_NAME = 2
SPOKEN = 0.25
RERUNS = 2

FEWEST_SLICES = 6
FEWEST_EDITIONS = 3
LONGEST_EDITION = pd.Timedelta("12h")
FEWEST_PEOPLE = 3
ACTIVE = 0.5
FAINT = 0.25
NEARLY_ALL = 0.9
PERMUTATIONS = 999
SIGNIFICANT = 0.05
# Gaps that chance makes as often as this are no absence.
BY_CHANCE = 0.1


def theme_table(
    posts: pd.DataFrame,
    themes: pd.Series,
    *,
    names: Mapping[int, str] | None = None,
    stability: pd.DataFrame | None = None,
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
    terms = terms_of(here, codes, len(numbers))
    fit = fit_of(here, codes, len(numbers))
    examples = example_posts(here, codes, fit.closeness)
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
    if stability is not None:
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


def theme_terms(posts: pd.DataFrame, themes: pd.Series, *, n: int = 8) -> pd.DataFrame:
    """List the phrases that set each theme apart.

    Returns
    -------
    DataFrame
        One row per theme and phrase, best first: `theme`, `phrase`, `texts` (different texts of
        the theme that have it), `coverage` (share of the theme's texts), `elsewhere` (share of
        all other texts with a theme).
    """
    here = posts[posts["in_chat"]]
    numbers, codes = theme_codes(themes, here.index)
    terms = terms_of(here, codes, len(numbers))
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


def time_slices(posts: pd.DataFrame, *, editions: pd.Series | None = None) -> pd.Series:
    """Cut a conversation into slices to count recurrence by.

    Three editions and more, of half a day at most, are slices themselves. Otherwise the busy time
    (the editions, or all of it where there are none) is cut into steps: ten minutes where it
    lasts up to four hours in all, an hour up to two days, else a day or, beyond a month, a week.

    Returns
    -------
    Series
        Slice number from 1, in order of time; missing outside the editions, without a date, and
        for posts that only came along.
    """
    here = posts["in_chat"] & posts["created_at"].notna()
    slices = pd.Series(pd.NA, index=posts.index, dtype="Int64", name="slice")
    if editions is None or editions[here].isna().all():
        editions = pd.Series(1, index=posts.index, dtype="Int64")
    here &= editions.notna()
    times = posts.loc[here, "created_at"]
    if times.empty:
        return slices
    starts = times.groupby(editions[here]).transform("min")
    passed = times - starts
    lasting = passed.groupby(editions[here]).max()
    if len(lasting) >= FEWEST_EDITIONS and lasting.max() <= LONGEST_EDITION:
        return editions.where(here).astype("Int64").rename("slice")
    span = pd.Timedelta(lasting.sum())
    lengths = {"10min": "4h", "1h": "48h", "1D": "30D"}
    step = next((s for s, most in lengths.items() if span <= pd.Timedelta(most)), "7D")
    steps = passed.dt.total_seconds() // pd.Timedelta(step).total_seconds()
    before = 1
    for _edition, part in steps.groupby(editions[here]):
        slices[part.index] = part.astype("int64") + before
        before += int(part.max()) + 1
    return slices


def theme_recurrence(posts: pd.DataFrame, themes: pd.Series, slices: pd.Series) -> pd.DataFrame:
    """Tell which themes keep coming back.

    A theme is active in a slice if at least two people posted on it there (reposts aside), and
    at least half of what an even spread over the slices would give, and a quarter of its
    best share.

    Parameters
    ----------
    posts
        A posts table; only posts in the chat count.
    themes
        Theme numbers, from `find_themes`.
    slices
        A number that grows with time, on the posts' index: the edition, the week, the numbered
        question or the ten minutes (`time_slices`); missing outside.

    Returns
    -------
    DataFrame
        Index the theme:

        - `slices`: in how many it is active; `of`: how many there are; `share`: part of them;
        - `spells`: separate runs of active slices;
        - `bursts`: stretches in which it is talked of twice as much as usual (Kleinberg's automaton
          of two states, batched form, scaling 2, gamma 1);
        - `dispersion`: Gries' DP: 0 spread like the conversation itself, towards 1 all in one
          slice;
        - `people`, `threads`: different ones;
        - `p_value`: how often shuffled posts are spread at least as unevenly (Pearson's
          chi-squared, 999 permutations); missing with fewer than six slices;
        - `type`, the first that fits: `one voice` (fewer than three people), `too few to tell`
          (fewer than six slices), `one burst` (one spell, in at most a quarter of the slices, and
          over before the end), `new` (active only in the last third, and at the end), `fading`
          (begins in the first third, and gone from the last), `growing` (share of the posts at
          least doubles from the first third to the last, there at the end, and either begun after
          the first third and never left, or rising by Spearman's test, p < 0.05), `fading` too if
          it begins in the first third and falls by that test to half and less, in the last third
          and in the last slice, `steady` (active in nine tenths of the slices; or in half of them,
          and gaps no wider than chance makes them: p >= 0.1), `recurring` (two spells and more),
          else `one burst`.

    References
    ----------
    Kleinberg: Bursty and Hierarchical Structure in Streams, 2003,
    https://doi.org/10.1023/A:1024940629314. Gries: Dispersions and adjusted frequencies in
    corpora, 2008, https://doi.org/10.1075/ijcl.13.4.02gri.
    """
    said = posts[posts["in_chat"] & (posts["kind"] != "repost")]
    about = pd.DataFrame(
        {
            "theme": themes.reindex(said.index),
            "slice": slices.reindex(said.index),
            "person": said["author_id"].fillna("?"),
            "thread": said["thread_id"].fillna(said["reply_to"]).fillna(said["post_id"]),
        }
    ).dropna(subset=["theme", "slice"])
    numbers = sorted(slices.dropna().unique())
    numbers = list(range(int(min(numbers)), int(max(numbers)) + 1)) if numbers else []
    totals = about["slice"].value_counts().reindex(numbers, fill_value=0).to_numpy()
    rng = np.random.default_rng(0)
    rows = []
    for theme in sorted(about["theme"].unique()):
        part = about[about["theme"] == theme]
        by_slice = part.groupby("slice")
        counts = by_slice.size().reindex(numbers, fill_value=0).to_numpy()
        speakers = by_slice["person"].nunique().reindex(numbers, fill_value=0).to_numpy()
        even = counts.sum() * totals / max(1, totals.sum())
        shares = counts / np.maximum(totals, 1)
        active = (counts > 0) & (speakers >= 2) & (counts >= ACTIVE * even)
        active &= shares >= FAINT * shares.max(initial=0)
        people = part["person"].nunique()
        p_value = _p_value(counts, totals, rng)
        rows.append(
            {
                "theme": int(theme),
                "slices": int(active.sum()),
                "of": len(numbers),
                "share": active.mean(),
                "spells": _spells(active),
                "bursts": _spells(_bursting(counts, totals)),
                "dispersion": _dispersion(counts, totals),
                "people": people,
                "threads": part["thread"].nunique(),
                "p_value": p_value,
                "type": _type(counts, totals, active, people, p_value),
            }
        )
    names = ["theme", "slices", "of", "share", "spells", "bursts", "dispersion", "people"]
    names += ["threads", "p_value", "type"]
    return pd.DataFrame(rows, columns=names).set_index("theme")


Counts = npt.NDArray[Any]
Flags = npt.NDArray[np.bool_]


def _spells(active: Flags) -> int:
    return int((np.diff(np.r_[False, active].astype(int)) == 1).sum())


def _dispersion(counts: Counts, totals: Counts) -> float:
    shares, expected = counts / max(1, counts.sum()), totals / max(1, totals.sum())
    return float(np.abs(shares - expected).sum() / 2)


def _p_value(counts: Counts, totals: Counts, rng: np.random.Generator) -> float:
    if len(totals) < FEWEST_SLICES:
        return float("nan")
    drawn = rng.multivariate_hypergeometric(totals, counts.sum(), size=PERMUTATIONS)
    even = counts.sum() * totals / totals.sum()
    unevenness = ((np.vstack([counts, drawn]) - even) ** 2 / np.maximum(even, 1e-12)).sum(axis=1)
    return float((unevenness >= unevenness[0] - 1e-9).sum() / (1 + PERMUTATIONS))


def _bursting(counts: Counts, totals: Counts) -> Flags:
    """Find the cheapest sequence of two states: usual rate, and twice that."""
    n = len(totals)
    usual = counts.sum() / max(1, totals.sum())
    rates = np.array([usual, min(2 * usual, 0.9999)])
    if n == 0 or not 0 < usual < 0.9999:
        return np.zeros(n, dtype=np.bool_)
    fit = -(counts[:, None] * np.log(rates) + (totals - counts)[:, None] * np.log(1 - rates))
    cost, back = np.array([0.0, np.inf]), np.zeros((n, 2), dtype=int)
    for t in range(n):
        moves = cost[:, None] + np.array([[0.0, np.log(n)], [0.0, 0.0]])
        back[t] = moves.argmin(axis=0)
        cost = moves.min(axis=0) + fit[t]
    states = np.zeros(n, dtype=int)
    states[-1] = int(cost.argmin())
    for t in range(n - 1, 0, -1):
        states[t - 1] = back[t, states[t]]
    return np.asarray(states == 1)


def _type(counts: Counts, totals: Counts, active: Flags, people: int, p_value: float) -> str:
    n, where = len(active), np.flatnonzero(active)
    if people < FEWEST_PEOPLE:
        return "one voice"
    if n < FEWEST_SLICES:
        return "too few to tell"
    if not len(where):
        return "one burst"
    third = n / 3
    begins, ends, spells = where[0], where[-1], _spells(active)
    if spells == 1 and len(where) <= n / 4 and ends < n - 1:
        return "one burst"
    if begins >= 2 * third - 0.5 and ends == n - 1:
        return "new"
    if begins < third and ends < 2 * third:
        return "fading"
    shares = counts / np.maximum(totals, 1)
    early, late = shares[: round(third)].mean(), shares[-round(third) :].mean()
    if late >= 2 * early and len(set(shares)) > 1:
        began_late = begins >= third - 0.5 and spells == 1
        if ends == n - 1 and (began_late or _trend(shares, "greater") < SIGNIFICANT):
            return "growing"
    halved = early >= 2 * late and early >= 2 * shares[-1]
    if halved and begins < third and _trend(shares, "less") < SIGNIFICANT:
        return "fading"
    by_chance = p_value >= BY_CHANCE and 2 * len(where) >= n
    if len(where) >= NEARLY_ALL * n or by_chance:
        return "steady"
    return "recurring" if spells > 1 else "one burst"


def _trend(shares: Counts, alternative: Literal["greater", "less"]) -> float:
    return float(spearmanr(np.arange(len(shares)), shares, alternative=alternative).pvalue)


def theme_stability(
    posts: pd.DataFrame,
    themes: pd.Series,
    *,
    n_themes: int | None = None,
    seed: int = 0,
    questions: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """Tell how firm each theme is: whether it comes again from other seeds, or without some people.

    The themes are found again twice from other seeds, and twice without a fifth of the people,
    drawn at random; hosts stay, as their questions hold the answers together. Each theme is
    compared with the most similar one found.

    Parameters
    ----------
    posts
        A posts table.
    themes
        Theme numbers, from `find_themes` on these posts.
    n_themes
        As it was given to `find_themes`.
    seed
        The other seeds follow this one.
    questions
        As it was given to `find_themes`; who asks them stays.

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
    hosts = find_hosts(posts) if questions is None else list(questions["author_id"].unique())
    guests = posts.loc[~posts["author_id"].isin(hosts), "author_id"]
    people = np.array(sorted(guests.dropna().unique()))
    seeds, resampled = [], []
    with Bar(2 * RERUNS, _("themes, found again")) as progress:
        for again in range(1, RERUNS + 1):
            found = find_themes(posts, n_themes=n_themes, seed=seed + again, questions=questions)
            seeds.append(found_again(known, found))
            progress.update()
            out = rng.choice(people, size=round(LEFT_OUT * len(people)), replace=False)
            rest = posts[~posts["author_id"].isin(out)]
            found = find_themes(rest, n_themes=n_themes, seed=seed, questions=questions)
            resampled.append(found_again(known, found))
            progress.update()
    return stability_table(seeds, resampled).rename_axis("theme")
