"""Whether groups of posts or people come again when they are found again."""

from __future__ import annotations

import pandas as pd

# Hennig 2007: below 0.6 a cluster should not be trusted.
STABLE = 0.6
LEFT_OUT = 0.2


def found_again(labels: pd.Series, again: pd.Series) -> pd.Series:
    """Compare each group with the likest one found again, among those who were there.

    Returns
    -------
    Series
        Index the group, in order; the Jaccard index, 0 for a group of whom nobody was there.
    """
    both = pd.DataFrame({"one": labels, "other": again}).dropna()
    common = both.value_counts().reset_index()
    either = (
        common["one"].map(both["one"].value_counts())
        + common["other"].map(both["other"].value_counts())
        - common["count"]
    )
    best = (common["count"] / either).groupby(common["one"]).max()
    return best.reindex(sorted(labels.dropna().unique()), fill_value=0).astype("float64")


def stability_table(over_seeds: list[pd.Series], over_people: list[pd.Series]) -> pd.DataFrame:
    """Average what `found_again` said, and judge: stable is 0.6 and more in both."""
    means = {"over_seeds": over_seeds, "over_people": over_people}
    table = pd.DataFrame(
        {name: pd.concat(some, axis=1).mean(axis=1) for name, some in means.items()}
    )
    return table.assign(stable=table.min(axis=1) >= STABLE)
