"""A dataset that does not fit into memory as a chat: counted where it lies, read in a sample."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from chatlab.chat.editions import EditionSpans, edition_spans
from chatlab.io.dataset.manifest import read_manifest, taken_table
from chatlab.io.dataset.scan import PostsScan, scan_posts
from chatlab.posts.activity import posts_and_people
from chatlab.posts.counting import Count, count
from chatlab.posts.counts import engagement_of
from chatlab.posts.schema import ARROW_SCHEMA, ENGAGEMENT_NAMES, NAMES, TEXT, pandas_posts
from chatlab.posts.select import select_posts

# Up to so many posts a dataset is read as any file is.
IN_MEMORY = 150_000
# Of more, the words of so many posts are read, all of some people.
SAMPLE = 30_000
# Besides, the posts that drew most reactions, whoever wrote them.
MOST_DRAWN = 100
# Editions are looked for in so many posts at most: of all people, or of a share of them.
TIMED = 10_000_000
_TIMES = ("post_id", "created_at", "author_id", "kind", "in_chat", "text", "reply_to_author")


@dataclass(frozen=True)
class Sampled:
    """What is read of a dataset.

    Attributes
    ----------
    posts
        Posts of a seeded sample of people, of those named besides, and the posts that drew most;
        what they answer and what answers them only came along (`in_chat` is False).
    share
        Of the people, between 0 and 1.
    """

    posts: pd.DataFrame
    share: float


def dataset_of(files: Sequence[str]) -> tuple[PostsScan, pd.DataFrame] | None:
    """Return a dataset, and the account of its inputs, where the files of a chat are one."""
    if len(files) != 1 or not Path(files[0]).is_dir():
        return None
    manifest = read_manifest(Path(files[0]))
    return None if manifest is None else (scan_posts(files[0]), taken_table(manifest))


def sample_of(scan: PostsScan, *, besides: Sequence[str] = (), most: int | None = None) -> Sampled:
    """Choose what is read of a dataset.

    Parameters
    ----------
    scan
        From `scan_posts`.
    besides
        Handles of people all of whose posts are read, such as the hosts.
    most
        About so many posts of the sample; `SAMPLE` where it is not given.
    """
    posts, _people = posts_and_people(scan)
    share = min(1.0, (SAMPLE if most is None else most) / max(posts, 1))
    chosen = [select_posts(scan, share_of_people=share).read()]
    if besides:
        chosen.append(select_posts(scan, authors=list(besides)).read())
    [drawn] = count(scan, _DRAWN)
    best = drawn.sort_by([("drawn", "descending"), ("post_id", "ascending")])["post_id"]
    rows = pd.concat(chosen)
    rows = rows[~rows.index.duplicated()]
    more = _related(scan, rows, best.slice(0, MOST_DRAWN))
    whole = pd.concat([rows, more[~more.index.isin(rows.index)]])
    order = whole.assign(key=whole.index).sort_values(["created_at", "key"]).index
    return Sampled(whole.loc[order], share)


def _most_drawn(part: pa.Table) -> pa.Table:
    drawn = pc.if_else(part["in_chat"], pc.fill_null(engagement_of(part), 0), 0)
    rows = pa.table({"post_id": part["post_id"], "drawn": drawn})
    top = pc.select_k_unstable(
        rows, MOST_DRAWN, [("drawn", "descending"), ("post_id", "ascending")]
    )
    return rows.take(top)


# The posts that drew most of each part: a few of each, whatever there are.
_DRAWN = Count(
    ("post_id", "in_chat", *ENGAGEMENT_NAMES), _most_drawn, ("post_id",), {"drawn": "max"}
)


def _related(scan: PostsScan, rows: pd.DataFrame, best: pa.ChunkedArray) -> pd.DataFrame:
    """Read the posts that drew most, and what belongs to the chosen ones without being counted."""
    own = pa.array(rows.index, TEXT)
    parents = pd.unique(pd.concat([rows[name] for name in ("reply_to", "quote_of", "repost_of")]))
    wanted = pa.array([one for one in parents if isinstance(one, str)], TEXT)
    found = [ARROW_SCHEMA.empty_table()]
    for part in scan.parts():
        ids = part.read(["post_id", "reply_to"], scan.wanted)
        drew = pc.is_in(ids["post_id"], best.combine_chunks())
        beside = pc.or_(pc.is_in(ids["post_id"], wanted), pc.is_in(ids["reply_to"], own))
        places = np.flatnonzero(np.asarray(pc.or_(drew, pc.fill_null(beside, False))))
        if len(places):
            table = part.read(NAMES, scan.wanted).take(pa.array(places))
            kept = pc.and_(table["in_chat"], pc.is_in(table["post_id"], best.combine_chunks()))
            found.append(table.set_column(NAMES.index("in_chat"), "in_chat", kept))
    return pandas_posts(pa.concat_tables(found))


def spans_of(scan: PostsScan, *, weekly: str | None, timezone: str) -> EditionSpans:
    """Find when the editions of a dataset were, from the times and people of its posts."""
    share = min(1.0, TIMED / max(scan.posts, 1))
    timed = scan if share == 1.0 else select_posts(scan, share_of_people=share)
    table = pa.concat_tables(list(timed.tables(_TIMES)))
    table = table.sort_by([("created_at", "ascending"), ("post_id", "ascending")])
    full = ARROW_SCHEMA.empty_table().select(_TIMES)
    posts = pa.concat_tables([full, table]).to_pandas(types_mapper=_pandas_type, self_destruct=True)
    return edition_spans(posts, weekly=weekly, timezone=timezone)


def _pandas_type(kind: pa.DataType) -> pd.api.extensions.ExtensionDtype | None:
    return pd.StringDtype(na_value=np.nan) if kind == TEXT else None
