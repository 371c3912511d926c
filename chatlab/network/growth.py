"""How the network of a conversation grew."""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components

COLUMNS = (
    "start",
    "people",
    "new_people",
    "pairs",
    "new_pairs",
    "replies_made",
    "returned",
    "people_so_far",
    "pairs_so_far",
    "connected",
)


def growth_table(posts: pd.DataFrame, slices: pd.Series) -> pd.DataFrame:
    """Follow the reply network from slice to slice.

    Parameters
    ----------
    posts
        A posts table; only replies in the chat, to somebody else whom the file names, are ties.
    slices
        The slice of each post, such as its edition, or from `time_slices`.

    Returns
    -------
    DataFrame
        Index the slice, in order: `start`, its first post; `people` who replied or were answered,
        and `new_people` among them, never seen before; `pairs` who are tied, and `new_pairs`;
        `replies_made`; `returned`: share of the pairs in which both answer the other, missing
        without a pair; and, of all ties so far,
        `people_so_far`, `pairs_so_far` and `connected`: share of the people in the largest
        connected part.
    """
    own = posts[posts["in_chat"] & (posts["kind"] == "reply")]
    ties = pd.DataFrame(
        {
            "source": own["author_id"],
            "target": own["reply_to_author"],
            "slice": slices.reindex(own.index),
        }
    ).dropna()
    ties = ties[ties["source"] != ties["target"]]
    people = pd.Index(pd.unique(pd.concat([ties["source"], ties["target"]])))
    source, target = people.get_indexer(ties["source"]), people.get_indexer(ties["target"])
    ends = np.sort(np.stack([source, target], axis=1), axis=1)
    n = len(people)
    pair, direction = ends[:, 0] * n + ends[:, 1], source * n + target
    where = ties["slice"].to_numpy()
    seen_people: set[int] = set()
    seen_pairs: set[int] = set()
    start = posts["created_at"].groupby(slices.reindex(posts.index)).min()
    rows = []
    for name in sorted(slices.dropna().unique()):
        here = where == name
        now_people = set(ends[here].ravel().tolist())
        now_pairs = set(pair[here].tolist())
        directions = len(np.unique(direction[here]))
        row = {
            "slice": name,
            "start": start[name],
            "people": len(now_people),
            "new_people": len(now_people - seen_people),
            "pairs": len(now_pairs),
            "new_pairs": len(now_pairs - seen_pairs),
            "replies_made": int(here.sum()),
            "returned": (directions - len(now_pairs)) / len(now_pairs) if now_pairs else np.nan,
        }
        seen_people |= now_people
        seen_pairs |= now_pairs
        row |= {
            "people_so_far": len(seen_people),
            "pairs_so_far": len(seen_pairs),
            "connected": _largest_part(seen_pairs, n) / len(seen_people) if seen_people else np.nan,
        }
        rows.append(row)
    return pd.DataFrame(rows, columns=["slice", *COLUMNS]).set_index("slice")


def _largest_part(pairs: set[int], n: int) -> int:
    if not pairs:
        return 0
    one, other = np.divmod(np.fromiter(pairs, np.int64, len(pairs)), n)
    matrix = csr_array((np.ones(len(one)), (one, other)), shape=(n, n))
    return int(np.bincount(connected_components(matrix, directed=False)[1]).max())
