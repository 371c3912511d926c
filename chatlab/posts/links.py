"""Which links people share."""

from __future__ import annotations

from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

import pandas as pd

from chatlab.posts.select import own_posts
from chatlab.text.patterns import shorten

# What only says how somebody came there.
TRACKING = ("utm_", "fbclid", "gclid", "mc_cid", "mc_eid", "igshid", "ref_src", "ref_url")
SHORTENED = ("t.co",)
LONGEST = 60


def link_table(posts: pd.DataFrame) -> pd.DataFrame:
    """Count the links that people share.

    Parameters
    ----------
    posts
        A posts table; reposts are left out.

    Returns
    -------
    DataFrame
        One row per link, most people first: `link` (without what tracks a reader), `shown` (as a
        page shows it), `posts`, `people`, `first` (post id of the first post with it). Links to
        posts of the same networks count as any other; links of which only X's short form is known
        are left out, as nobody can tell where they lead.
    """
    said = own_posts(posts)[["post_id", "author_id", "urls"]].reset_index(drop=True)
    each = said.explode("urls").dropna(subset="urls")
    each = each.assign(link=[canonical_link(str(url)) for url in each["urls"]])
    each = each[each["link"] != ""].drop_duplicates(["post_id", "link"])
    counted = each.groupby("link", sort=False).agg(
        posts=("post_id", "size"), people=("author_id", "nunique"), first=("post_id", "first")
    )
    table = counted.reset_index().sort_values(
        ["people", "posts"], ascending=False, kind="stable", ignore_index=True
    )
    shown = [
        shorten(link.split("://", 1)[1].removeprefix("www."), LONGEST) for link in table["link"]
    ]
    return table.assign(shown=pd.array(shown, dtype="str"))[
        ["link", "shown", "posts", "people", "first"]
    ]


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
