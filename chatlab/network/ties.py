"""Who addressed whom, as a table; graphs are made of it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from chatlab.errors import SettingsError
from chatlab.posts.counting import Posts, count, frame
from chatlab.posts.tie_counts import RELATIONS, ties

ANSWER = "answer"
# What pages draw and rank: of more ties the weakest are left out, and that is said.
MOST_TIES = 100_000


def tie_table(posts: Posts, *, relations: Iterable[str] = RELATIONS) -> pd.DataFrame:
    """Count who addressed whom, in each way.

    A repost gives a repost tie only, no mentions of the original's. The handles that X puts at
    the head of a reply make one reply tie, to the person answered, and no mentions. Nobody
    addresses themselves, or somebody the file does not name.

    Parameters
    ----------
    posts
        A posts table, or what `cl.scan_posts` gives; only posts in the chat make ties.
    relations
        Any of `reply`, `mention`, `quote`, `repost`.

    Returns
    -------
    DataFrame
        One row per two people in one direction: `source` and `target` (author ids), one count per
        relation, `weight` (their sum), `first` and `last` (instants; missing where no post is
        dated). Sorted by `source`, then `target`.

    Raises
    ------
    SettingsError
        A relation is unknown.
    """
    wanted = checked_relations(relations, RELATIONS)
    # No name for what was counted: it is let go column by column.
    return sorted_ties(count(posts, ties(tuple(wanted))).pop(), wanted)


def checked_relations(relations: Iterable[str], known: Iterable[str]) -> list[str]:
    """Return relations as a list, or refuse those that are unknown."""
    wanted = [relations] if isinstance(relations, str) else list(dict.fromkeys(relations))
    if wrong := sorted(set(wanted) - set(known)):
        raise SettingsError(
            f"`relations` names {', '.join(wrong)}; it takes {', '.join((*RELATIONS, ANSWER))}."
        )
    return wanted


def sorted_ties(counted: pa.Table, relations: Sequence[str]) -> pd.DataFrame:
    """Lay counted ties out as `tie_table` returns them."""
    order = _by_pair(counted["source"], counted["target"])
    names = counted.column_names
    columns = counted.columns
    del counted
    told: dict[str, pd.Series] = {}
    for i, name in enumerate(names):
        # One copy at a time: the ties of a large tag are most of what memory holds.
        sorted_ = columns[i].take(order)
        columns[i] = None
        if name in relations:
            told[name] = pd.Series(np.asarray(pc.fill_null(sorted_, 0)))
        else:
            told[name] = frame(pa.table({name: sorted_}))[name]
        del sorted_
        pa.default_memory_pool().release_unused()
    weight = np.zeros(len(order), "int64")
    for name in relations:
        weight += told[name].to_numpy()
    told["weight"] = pd.Series(weight)
    shown = ["source", "target", *relations, "weight", "first", "last"]
    return pd.DataFrame({name: told.pop(name) for name in shown}, copy=False)


def _by_pair(source: pa.ChunkedArray, target: pa.ChunkedArray) -> pa.Array:
    """Return the order by source and target; each name is compared once, not each tie."""
    names = [pc.unique(ends) for ends in (source, target)]
    ranked = pc.unique(pa.chunked_array(names, pa.large_string())).sort()
    pairs = np.asarray(pc.index_in(source, ranked)).astype("int64") * len(ranked)
    pairs += np.asarray(pc.index_in(target, ranked))
    return pa.array(np.argsort(pairs))


def strongest_ties(table: pd.DataFrame, n: int) -> pd.DataFrame:
    """Keep the ties of most weight, where there are too many to look at.

    Parameters
    ----------
    table
        From `tie_table`.
    n
        How many are kept at most; of equal ones those between people who take part in most ties.

    Returns
    -------
    DataFrame
        Rows of `table`, in their order. `attrs` has `kept_ties` and `kept_weight`: shares of all
        ties and of their weight, between 0 and 1.
    """
    degree = table["source"].value_counts().add(table["target"].value_counts(), fill_value=0)
    reach = table["source"].map(degree) + table["target"].map(degree)
    order = table.assign(reach=reach).sort_values(
        ["weight", "reach", "source", "target"], ascending=[False, False, True, True]
    )
    kept = table.loc[order.index[:n].sort_values()].reset_index(drop=True)
    kept.attrs["kept_ties"] = len(kept) / max(len(table), 1)
    kept.attrs["kept_weight"] = float(kept["weight"].sum() / max(table["weight"].sum(), 1))
    return kept
