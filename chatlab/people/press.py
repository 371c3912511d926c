"""Bloggers and journalists, by what their profiles say."""

from __future__ import annotations

import re
from collections.abc import Collection

import pandas as pd

from chatlab.posts.schema import engagement
from chatlab.text.patterns import find_urls
from chatlab.text.phrases import phrase

# Where people write for others: an address there in a profile says as much as a word.
_OUTLETS = re.compile(
    r"(?:^|[/.])(?:substack\.com|medium\.com|wordpress\.com|blogspot\.\w+|ghost\.io|overblog\.com|"
    r"over-blog\.com|hypotheses\.org|beehiiv\.com|podcasts?\.\w+|muckrack\.com|blogs?\.\w+)",
    re.IGNORECASE,
)
# Who was one, and who likes to listen to one, writes for nobody.
_NO_PRESS = re.compile(
    r"(?<!\w)(?:former|formerly|ex|retired|ancien(?:ne)?)[ -]+(?:\w+ )?\w+"
    r"|(?<!\w)\w{1,30} turned(?!\w)|podcasts? (?:addict|enthusiast|lover|fan|junkie)"
    r"|(?:fan|accro) de podcasts?",
    re.IGNORECASE,
)
_BARE = re.compile(r"(?<![\w@.-])(?:[\w-]{1,63}\.){1,6}[a-z]{2,12}(?:/\S{0,300})?", re.IGNORECASE)
_PROFILES = {"x": "https://x.com/{}", "bluesky": "https://bsky.app/profile/{}"}


def press_table(posts: pd.DataFrame, *, without: Collection[str] = ()) -> pd.DataFrame:
    """List those whose profile says that they write for others, to invite them by themselves.

    Parameters
    ----------
    posts
        A posts table; only posts in the chat count.
    without
        Author ids left out, such as host and panel.

    Returns
    -------
    DataFrame
        Index the author id, those with most followers first: `author`, `author_name`, `press`
        (the word or the address in their profile that says so; the words are in
        `chatlab/text/lists/phrases.csv`), `author_bio`, `profile` (address of their profile),
        `followers` (missing where unknown), `posts`, `engagement`. Empty where no profile is in
        the file.
    """
    chat = posts[posts["in_chat"]].dropna(subset="author_id")
    chat = chat[~chat["author_id"].isin(list(without))]
    chat = chat.assign(engagement=engagement(chat), profile=profile_links(chat))
    table = chat.groupby("author_id").agg(
        author=("author", "last"),
        author_name=("author_name", "last"),
        author_bio=("author_bio", "last"),
        profile=("profile", "last"),
        followers=("author_followers", "max"),
        posts=("post_id", "size"),
        engagement=("engagement", lambda values: values.sum(min_count=1)),
    )
    said = pd.Series([press_word(bio) for bio in table["author_bio"]], table.index, dtype="str")
    table = table.assign(press=said).dropna(subset="press")
    names = ["author", "author_name", "press", "author_bio", "profile", "followers"]
    ordered = table.assign(key=table.index).sort_values(
        ["followers", "posts", "key"], ascending=[False, False, True]
    )
    return ordered[[*names, "posts", "engagement"]].rename_axis(None)


def press_word(bio: object) -> str | None:
    """Return the word, or the address, by which a profile says that somebody writes for others."""
    if not isinstance(bio, str):
        return None
    if word := phrase(_NO_PRESS.sub(" ", bio), "press"):
        return word
    links = [*find_urls(bio), *_BARE.findall(bio)]
    return next((link for link in links if _OUTLETS.search(link)), None)


def profile_links(posts: pd.DataFrame) -> pd.Series:
    """Return the address of each author's profile; missing where the network has none known.

    Parameters
    ----------
    posts
        A posts table.
    """
    links = [
        _profile(platform, author, url)
        for platform, author, url in zip(
            posts["platform"], posts["author"], posts["url"], strict=True
        )
    ]
    return pd.Series(links, index=posts.index, dtype="str")


def _profile(platform: object, author: object, url: object) -> str | None:
    if not isinstance(author, str):
        return None
    if platform == "mastodon" and "@" in author:
        name, server = author.split("@", 1)
        return f"https://{server}/@{name}"
    if isinstance(url, str) and "/status/" in url:
        # The address that the file gives: a test chat leads to no real profile.
        return url.split("/status/", 1)[0]
    known = _PROFILES.get(str(platform))
    return known.format(author) if known else None
