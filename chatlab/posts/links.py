"""Which links people share."""

from __future__ import annotations

from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from chatlab.posts.counting import Count, Posts, count, frame
from chatlab.posts.counts import instants, ones, own_of
from chatlab.posts.grouping import one_piece
from chatlab.posts.schema import TEXT
from chatlab.posts.select import own_posts
from chatlab.text.patterns import shorten

# What only says how somebody came there.
TRACKING = ("utm_", "fbclid", "gclid", "mc_cid", "mc_eid", "igshid", "ref_src", "ref_url")
SHORTENED = ("t.co",)
LONGEST = 60


def link_table(posts: Posts) -> pd.DataFrame:
    """Count the links that people share.

    Parameters
    ----------
    posts
        A posts table, or what `cl.scan_posts` gives; reposts are left out.

    Returns
    -------
    DataFrame
        One row per link, most people first: `link` (without what tracks a reader), `shown` (as a
        page shows it), `posts`, `people`, `authors` (list of
        handles, in order of time), `first` (post id of the first post with it). Links to
        posts of the same networks count as any other; links of which only X's short form is known
        are left out, as nobody can tell where they lead.
    """
    [counted] = count(posts, LINKS)
    each = frame(counted.sort_by([(name, "ascending") for name in ("at", "post_id")]))
    groups = each.groupby("link", sort=False)
    by_link = groups.agg(
        posts=("posts", "sum"),
        people=("author_id", "nunique"),
        first=("post_id", "first"),
        authors=("author", lambda names: list(dict.fromkeys(names.dropna()))),
    ).astype({"posts": "int64"})
    table = by_link.reset_index().sort_values(
        ["people", "posts"], ascending=False, kind="stable", ignore_index=True
    )
    shown = [
        shorten(link.split("://", 1)[1].removeprefix("www."), LONGEST) for link in table["link"]
    ]
    return table.assign(shown=pd.array(shown, dtype="str"))[
        ["link", "shown", "posts", "people", "authors", "first"]
    ]


def _links(part: pa.Table) -> pa.Table:
    own = own_of(part)
    lists = one_piece(own["urls"])
    urls = pc.list_flatten(lists).dictionary_encode()
    plain = pa.array([canonical_link(url) for url in urls.dictionary.to_pylist()], TEXT)
    each = pa.table({"post": pc.list_parent_indices(lists), "link": plain.take(urls.indices)})
    each = each.filter(pc.not_equal(each["link"], ""))
    each = each.group_by(["post", "link"]).aggregate([]).sort_by("post")
    of = own.take(each["post"])
    return pa.table(
        {
            "link": each["link"],
            "author_id": of["author_id"],
            "author": of["author"],
            "posts": ones(of),
            "at": instants(of),
            "post_id": of["post_id"],
        }
    )


# Posts by link and who wrote them, with the first of these posts.
LINKS = Count(
    ("in_chat", "kind", "urls", "author_id", "author", "created_at", "post_id"),
    _links,
    ("link", "author_id", "author"),
    {"posts": "sum"},
    {"post_id": ("earliest", "at")},
)


def canonical_link(url: str) -> str:
    """Return a link without what tracks a reader; empty where it is none, or only a short form."""
    try:
        parts = urlsplit(url.strip())
        host = (parts.hostname or "").casefold()
        port = f":{parts.port}" if parts.port else ""
    except ValueError:
        return ""
    if parts.scheme not in ("http", "https") or "." not in host or host in SHORTENED:
        return ""
    kept = [(k, v) for k, v in parse_qsl(parts.query) if not k.casefold().startswith(TRACKING)]
    path = parts.path.rstrip("/")
    return urlunsplit(("https", host + port, path, urlencode(kept), ""))


def media_table(posts: pd.DataFrame) -> pd.DataFrame:
    """Count the pictures and videos that people share.

    Parameters
    ----------
    posts
        A posts table; reposts are counted for their originals.

    Returns
    -------
    DataFrame
        One row per picture or video, most shared first: `address`, `alt` (what is said to be in
        it, empty where nothing is), `author` (handle of the first who posted it), `posts` (that
        carry it themselves), `passed_on` (these and their reposts in the file), `first` (post id).
    """
    chat = posts[posts["in_chat"]]
    reposts = chat["repost_of"].dropna().value_counts()
    own = own_posts(posts)
    own = own[own["media"].map(len) > 0].sort_values("created_at", kind="stable")
    rows = [
        (address, alt, author, post, 1 + int(reposts.get(post, 0)))
        for post, author, media, alts in own[
            ["post_id", "author", "media", "media_alt"]
        ].itertuples(index=False, name=None)
        for address, alt in zip(media, [*alts, *[""] * len(media)], strict=False)
    ]
    each = pd.DataFrame(rows, columns=["address", "alt", "author", "first", "passed_on"])
    table = each.groupby("address", sort=False).agg(
        alt=("alt", "first"),
        author=("author", "first"),
        posts=("first", "nunique"),
        passed_on=("passed_on", "sum"),
        first=("first", "first"),
    )
    ordered = table.reset_index().sort_values("passed_on", ascending=False, kind="stable")
    return ordered.reset_index(drop=True)


def link_clicks(posts: pd.DataFrame, analytics: pd.DataFrame) -> pd.DataFrame:
    """Say how often links were clicked, where the owner's export tells it.

    Parameters
    ----------
    posts
        A posts table.
    analytics
        From `read_analytics`, one row per post.

    Returns
    -------
    DataFrame
        Rows of `link_table` of the posts that stand in the export, with `clicks` (added up over
        these posts; a post with several links counts for each) and `impressions`; most clicks
        first. Empty where the export has no clicks.
    """
    names = ["link", "shown", "posts", "people", "authors", "first", "clicks", "impressions"]
    known = analytics.reindex(columns=["url_clicks", "impressions"])
    known = known[known["url_clicks"].notna()]
    said = own_posts(posts[posts.index.isin(known.index)])
    if said.empty:
        return link_table(posts.iloc[:0]).assign(clicks=0, impressions=0)[names]
    each = said[["post_id", "urls"]].explode("urls").dropna(subset="urls")
    each = each.assign(link=[canonical_link(str(url)) for url in each["urls"]])
    each = each[each["link"] != ""].drop_duplicates(["post_id", "link"])
    if each.empty:
        return link_table(posts.iloc[:0]).assign(clicks=0, impressions=0)[names]
    figures = each.join(known, on="post_id").groupby("link")[["url_clicks", "impressions"]].sum()
    table = link_table(said).join(figures, on="link").rename(columns={"url_clicks": "clicks"})
    return table.sort_values("clicks", ascending=False, kind="stable", ignore_index=True)[names]
