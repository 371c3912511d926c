"""Which themes come back: in how many slices of time, how evenly, by how many people."""

from __future__ import annotations

from typing import Any, Literal

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.stats import spearmanr

from chatlab.posts.select import own_posts

FEWEST_SLICES = 6
FEWEST_EDITIONS = 3
MOSTLY = 0.5
LONGEST_EDITION = pd.Timedelta("12h")
FEWEST_PEOPLE = 3
ACTIVE = 0.5
FAINT = 0.25
NEARLY_ALL = 0.9
PERMUTATIONS = 999
SIGNIFICANT = 0.05
# Gaps that chance makes as often as this are no absence.
BY_CHANCE = 0.1


def time_slices(posts: pd.DataFrame, *, editions: pd.Series | None = None) -> pd.Series:
    """Cut a conversation into slices to count recurrence by.

    Three editions and more, of half a day at most, are slices themselves. Otherwise the busy time
    (the editions, or all of it where there are none) is cut into steps: ten minutes where it
    lasts up to four hours in all, an hour up to two days, else a day, beyond a month a week, and
    beyond a year four weeks. So it is too where more than half of the posts lie in no edition.

    Returns
    -------
    Series
        Slice number from 1, in order of time, named `edition` where editions are the slices, else
        `slice`; missing outside the editions, without a date, and
        for posts that only came along.
    """
    here = posts["in_chat"] & posts["created_at"].notna()
    slices = pd.Series(pd.NA, index=posts.index, dtype="Int64", name="slice")
    # Where most is said between the editions, they are no measure of the whole.
    if editions is None or editions[here].notna().mean() < MOSTLY:
        editions = pd.Series(1, index=posts.index, dtype="Int64")
    here &= editions.notna()
    times = posts.loc[here, "created_at"]
    if times.empty:
        return slices
    starts = times.groupby(editions[here]).transform("min")
    passed = times - starts
    lasting = passed.groupby(editions[here]).max()
    if len(lasting) >= FEWEST_EDITIONS and lasting.max() <= LONGEST_EDITION:
        return editions.where(here).astype("Int64").rename("edition")
    span = pd.Timedelta(lasting.sum())
    lengths = {"10min": "4h", "1h": "48h", "1D": "30D", "7D": "400D"}
    step = next((s for s, most in lengths.items() if span <= pd.Timedelta(most)), "28D")
    steps = passed.dt.total_seconds() // pd.Timedelta(step).total_seconds()
    before = 1
    for _edition, part in steps.groupby(editions[here]):
        slices[part.index] = part.astype("int64") + before
        before += int(part.max()) + 1
    return slices


def theme_counts(posts: pd.DataFrame, themes: pd.Series, slices: pd.Series) -> pd.DataFrame:
    """Count the posts of each theme in each slice of time.

    Parameters
    ----------
    posts
        A posts table; reposts are left out.
    themes
        Theme numbers on the posts' index.
    slices
        From `time_slices`, or any number that grows with time.

    Returns
    -------
    DataFrame
        Index the theme, one column per slice from the first to the last (the columns bear the
        slices' name), 0 where nobody spoke of it; empty where no post has both.
    """
    said = own_posts(posts)
    placed = themes.reindex(said.index), slices.reindex(said.index)
    about = pd.DataFrame({"theme": placed[0], "slice": placed[1]}).dropna().astype("int64")
    if about.empty:
        return pd.DataFrame()
    table = pd.crosstab(about["theme"], about["slice"])
    every = range(int(slices.min()), int(slices.max()) + 1)
    return table.reindex(columns=pd.Index(every, name=slices.name), fill_value=0)


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
        - `people` (in slices or outside), `threads`: different ones;
        - `p_value`: how often shuffled posts are spread at least as unevenly (Pearson's
          chi-squared, 999 permutations); missing with fewer than six slices;
        - `type`, the first that fits: `one voice` (fewer than three people), `too few to tell`
          (fewer than three slices), with three to five slices `in each`, `in several` or `in one`
          (what chance makes cannot be told from it yet), `one burst` (one spell, in at most a
          quarter of the slices, and over before the end), `new` (active only in the last third,
          and at the end), `fading`
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
    said = own_posts(posts)
    about = pd.DataFrame(
        {
            "theme": themes.reindex(said.index),
            "slice": slices.reindex(said.index),
            "person": said["author_id"].fillna("?"),
            "thread": said["thread_id"].fillna(said["reply_to"]).fillna(said["post_id"]),
        }
    ).dropna(subset="theme")
    voices = about.groupby("theme")["person"].nunique()
    about = about.dropna(subset="slice")
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
        people = int(voices[theme])
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
    if n < FEWEST_EDITIONS:
        return "too few to tell"
    if n < FEWEST_SLICES:
        return "in each" if len(where) == n else "in several" if len(where) > 1 else "in one"
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
