"""The posts table, defined once: every column, its type, and when it is missing."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from chatlab.errors import PostsError

TEXT = pa.large_string()
TIME = pa.timestamp("us", "UTC")
COUNT = pa.int64()
LIST = pa.list_(pa.large_string())
FLAG = pa.bool_()
PLATFORMS = ("x", "mastodon", "bluesky", "other")
KINDS = ("post", "reply", "quote", "repost")
RELATIONS = ("reply_to", "quote_of", "repost_of")
POST_NAMES = ("post_id", "reply_to", "quote_of", "repost_of", "copy_of", "thread_id")
PERSON_NAMES = ("author_id", "reply_to_author", "quote_of_author", "repost_of_author")


@dataclass(frozen=True)
class Column:
    """One column of the posts table, as the data dictionary prints it."""

    name: str
    type: pa.DataType
    meaning: str
    missing: str


COLUMNS: tuple[Column, ...] = (
    Column(
        "post_id",
        TEXT,
        "id, prefixed by platform: `x:123`, `mastodon:<uri>`, `bluesky:at://...`; never a number",
        "never",
    ),
    Column("platform", TEXT, "`x`, `mastodon`, `bluesky` or `other`", "never"),
    Column("url", TEXT, "permalink", "the source has none"),
    Column("created_at", TIME, "when it was written, UTC", "the file names no possible date"),
    Column("collected_at", TIME, "when the file's maker fetched it, UTC", "the file does not say"),
    Column(
        "author_id",
        TEXT,
        "prefixed account id; `x:@handle`, casefolded, where a file gives only handles; "
        "`mastodon:user@server`",
        "the source names no author",
    ),
    Column("author", TEXT, "handle without `@` (with the server, on Mastodon)", "not given"),
    Column("author_name", TEXT, "display name", "not given"),
    Column("author_bio", TEXT, "profile description", "not given"),
    Column("author_followers", COUNT, "followers, at collection", "not given (all of Bluesky)"),
    Column("author_following", COUNT, "accounts followed, at collection", "not given"),
    Column(
        "text",
        TEXT,
        "plain text as a reader sees it: no HTML, entities unescaped, long posts in full; a "
        "repost carries the text of its original, without `RT @name:`",
        "never (it may be empty)",
    ),
    Column("lang", TEXT, "language, BCP 47", "undetermined or not given"),
    Column("hashtags", LIST, "hashtags, casefolded, without `#`", "never (it may be empty)"),
    Column("mentions", LIST, "author ids of the people named", "never (it may be empty)"),
    Column("urls", LIST, "links, expanded", "never (it may be empty)"),
    Column(
        "media",
        LIST,
        "addresses of its pictures and videos (of a video, where there is no file, its picture)",
        "never (it may be empty)",
    ),
    Column(
        "media_alt",
        LIST,
        "what is said to be in each of `media`, in the same order; empty where nothing is said",
        "never (it may be empty)",
    ),
    Column(
        "kind",
        TEXT,
        "`repost`, else `reply`, else `quote`, else `post`: the first that is so",
        "never",
    ),
    Column("reply_to", TEXT, "post id of the post answered", "no reply, or the file does not say"),
    Column("reply_to_author", TEXT, "author id of the person answered", "as `reply_to`"),
    Column("quote_of", TEXT, "post id of the post quoted", "no quote, or not said"),
    Column("quote_of_author", TEXT, "author id of the person quoted", "as `quote_of`"),
    Column("repost_of", TEXT, "post id of the original", "no repost, or not said"),
    Column("repost_of_author", TEXT, "author id of the original's author", "as `repost_of`"),
    Column(
        "copy_of",
        TEXT,
        "post id of the same post on another network, of which a bridge or its author made this "
        "copy; a copy whose original is in the table is not `in_chat`",
        "no copy, as far as can be told",
    ),
    Column("thread_id", TEXT, "post id of the post that opened the conversation", "not known"),
    Column("likes", COUNT, "likes, at collection", "not given, and for every repost"),
    Column("reposts", COUNT, "reposts, at collection", "not given, and for every repost"),
    Column("replies", COUNT, "replies, at collection", "not given, and for every repost"),
    Column("quotes", COUNT, "quotes, at collection", "not given, and for every repost"),
    Column("impressions", COUNT, "times shown, at collection", "not given, and for every repost"),
    Column("client", TEXT, "the app that sent it", "not given"),
    Column(
        "in_chat",
        FLAG,
        "False for posts that came along only as parent, quoted or original, and for copies; those "
        "are never counted as activity",
        "never",
    ),
    Column(
        "quotable",
        FLAG,
        "False for words that are not to be handed out: their author stands under `do_not_quote` "
        "in chat.toml; such posts count, and are shown without their text",
        "never",
    ),
)
NAMES = tuple(column.name for column in COLUMNS)
ARROW_SCHEMA = pa.schema([(column.name, column.type) for column in COLUMNS])
COUNT_NAMES = ("likes", "reposts", "replies", "quotes", "impressions")
ENGAGEMENT_NAMES = ("likes", "reposts", "replies", "quotes")
# Lists that a text shows too, where a source does not give them.
LISTS_IN_TEXT = ("hashtags", "mentions", "urls")
LIST_NAMES = tuple(column.name for column in COLUMNS if column.type == LIST)
FLAG_NAMES = tuple(column.name for column in COLUMNS if column.type == FLAG)
TIME_NAMES = tuple(column.name for column in COLUMNS if column.type == TIME)
NEVER_MISSING = tuple(column.name for column in COLUMNS if column.missing.startswith("never"))
Columns = Mapping[str, Sequence[Any] | pa.Array]
_PANDAS_TYPES = {
    TEXT: pd.StringDtype(na_value=np.nan),
    COUNT: pd.Int64Dtype(),
    LIST: pd.ArrowDtype(LIST),
}


def typed_column(values: Sequence[Any], kind: pa.DataType) -> pa.Array:
    """Make an Arrow column; a number too large for the type becomes missing."""
    try:
        return pa.array(values, kind)
    except (OverflowError, pa.ArrowInvalid):
        if kind != COUNT:
            raise
        return pa.array([v if v is None or abs(v) < 2**63 else None for v in values], kind)


def arrow_posts(columns: Columns) -> pa.Table:
    """Put columns of equal length into the posts schema.

    Absent ones become missing, absent lists empty.
    """
    length = len(next(iter(columns.values())))
    arrays = []
    for column in COLUMNS:
        values = columns.get(column.name)
        if values is None:
            arrays.append(pa.nulls(length, column.type))
        elif isinstance(values, pa.Array):
            arrays.append(values if values.type == column.type else values.cast(column.type))
        else:
            arrays.append(typed_column(values, column.type))
        if column.type == LIST and arrays[-1].null_count:
            arrays[-1] = pc.coalesce(arrays[-1], pa.scalar([], LIST))
    return pa.Table.from_arrays(arrays, schema=ARROW_SCHEMA)


def with_column(table: pa.Table, name: str, values: Any) -> pa.Table:
    """Put other values into a column of an Arrow posts table."""
    place = NAMES.index(name)
    return table.set_column(place, ARROW_SCHEMA.field(place), values)


def pandas_posts(table: pa.Table) -> pd.DataFrame:
    """Turn an Arrow posts table into the pandas one, with `post_id` as the unnamed index."""
    for name in FLAG_NAMES:
        table = table.set_column(NAMES.index(name), name, table[name].fill_null(True))
    posts: pd.DataFrame = table.to_pandas(types_mapper=_PANDAS_TYPES.get, self_destruct=True)
    posts.index = pd.Index(posts["post_id"].array)
    return posts


def posts_to_arrow(posts: pd.DataFrame) -> pa.Table:
    """Turn the pandas posts table into the Arrow one."""
    return pa.Table.from_pandas(posts[list(NAMES)], schema=ARROW_SCHEMA, preserve_index=False)


def empty_posts() -> pd.DataFrame:
    """Return a posts table without rows, every column typed."""
    return pandas_posts(ARROW_SCHEMA.empty_table())


def check_posts(posts: pd.DataFrame) -> pd.DataFrame:
    """Check that a table is a posts table, and return it.

    Parameters
    ----------
    posts
        The table to check: every column of the data dictionary, in any order, `post_id` as
        unnamed unique index, rows sorted by `created_at` then `post_id`.

    Returns
    -------
    DataFrame
        The same object, unchanged.

    Raises
    ------
    PostsError
        Names every fault found, not only the first.
    """
    faults = []
    absent = [name for name in NAMES if name not in posts.columns]
    if absent:
        raise PostsError(
            f"`posts` is not a posts table: columns {', '.join(absent)} are not there. "
            "Read a file with `read_posts`, or map your own columns with `columns=`."
        )
    typed = empty_posts().dtypes
    faults += [
        f"column {name} is {posts[name].dtype}, it should be {typed[name]}"
        for name in NAMES
        if posts[name].dtype != typed[name]
    ]
    if posts.index.name is not None:
        faults.append(f"the index is named {posts.index.name!r}, it should be unnamed")
    if not posts.index.is_unique:
        faults.append(f"{int(posts.index.duplicated().sum())} post ids stand twice")
    if list(posts.index) != list(posts["post_id"]):
        faults.append("the index is not the column post_id")
    faults += [
        f"{int(posts[name].isna().sum())} posts have no {name}"
        for name in NEVER_MISSING
        if posts[name].isna().any()
    ]
    faults += [
        f"{name} holds {', '.join(sorted(map(repr, strange)))}"
        for name, known in (("platform", PLATFORMS), ("kind", KINDS))
        if (strange := set(posts[name].dropna()) - set(known))
    ]
    if posts.loc[posts["kind"] == "repost", list(COUNT_NAMES)].notna().any(axis=None):
        faults.append("a repost carries counts, which belong to its original")
    if not faults and not _is_sorted(posts):
        faults.append("rows are not sorted by created_at, then post_id")
    if faults:
        raise PostsError("`posts` is not a posts table: " + "; ".join(faults) + ".")
    return posts


def _is_sorted(posts: pd.DataFrame) -> bool:
    order = posts[["created_at"]].assign(key=posts["post_id"]).sort_values(["created_at", "key"])
    return bool(order.index.equals(posts.index))


# A post that begins so addresses somebody; a few may do so and be no reply.
_ADDRESSED, _SEVERAL = r"\s{0,5}@\w", 3


def tells_replies(posts: pd.DataFrame) -> bool:
    """Tell whether a posts table says who replies to whom.

    It does not where no post is a reply though several begin with the name of somebody: then no
    column of the file said it.
    """
    if posts[["reply_to", "reply_to_author"]].notna().any(axis=None):
        return True
    return int(posts["text"].str.match(_ADDRESSED).sum()) < _SEVERAL


def links_replies(posts: pd.DataFrame) -> bool:
    """Tell whether replies name the post that they answer; some files say only that one is."""
    replies = posts["kind"].eq("reply")
    return not replies.any() or bool(posts.loc[replies, "reply_to"].notna().any())


def true_for(values: pd.Series, test: Callable[[Any], object]) -> pd.Series:
    """Tell for which values a test holds; `map` of no values would keep the type of lists."""
    return pd.Series([bool(test(value)) for value in values], index=values.index, dtype=bool)


def engagement(posts: pd.DataFrame) -> pd.Series:
    """Add likes, reposts, replies and quotes of each post, leaving missing counts out.

    Parameters
    ----------
    posts
        A posts table.

    Returns
    -------
    Series
        Whole number per post, on the posts' index; missing where all four counts are missing,
        so for every repost.
    """
    counts = posts[list(ENGAGEMENT_NAMES)]
    return counts.sum(axis=1, min_count=1).astype("Int64").rename("engagement")
