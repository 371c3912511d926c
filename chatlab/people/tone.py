"""Tone, where it can be told: abuse and quarrels, by words that can be read again."""

from __future__ import annotations

import re

import pandas as pd

from chatlab.posts.quoting import quotes
from chatlab.posts.schema import true_for
from chatlab.posts.select import own_posts
from chatlab.text.patterns import HANDLE
from chatlab.text.phrases import phrase, plainly

# Insults that mean a person; that they are aimed at somebody, the words around them must say.
_INSULT = (
    r"(?:arse|ass)holes?|bastards?|bitch(?:es)?|cunts?|dickheads?|idiots?|imbeciles?|morons?|"
    r"motherfuckers?|scum(?:bags?)?|shitheads?|sluts?|twats?|wankers?|whores?|clowns?|liars?|"
    r"abruti(?:e|s|es)?|batards?|bouffon(?:ne)?s?|connards?|connasses?|cretin(?:e|s|es)?|"
    r"encules?|fils de pute|ordures?|putes?|salauds?|salopes?|menteu(?:r|se)s?|clochards?"
)
_BETWEEN = (
    r"(?: (?:all|such|a|an|the|bunch of|fucking|stupid|absolute|total|complete|real|pathetic|"
    r"un|une|des|vraiment|tous|de|vrais?|gros|grosse|sale|sales|bel|belle|pauvres?))"
)
_AIMED = re.compile(
    rf"(?<!\w)(?:you(?:'re| are| r)?|ur|u are|tu es|t'es|vous etes|vous n'etes que|espece de|"
    rf"especes de|bande de|tas de|sales?|you're nothing but){_BETWEEN}{{0,4}} (?:{_INSULT})(?!\w)"
    rf"|(?<!\w)(?:{_INSULT}) (?:que|qu') ?(?:vous etes|tu es|t'es)(?!\w)"
    # At the beginning of what is said: told of others, such words insult nobody here.
    r"|(?:^|[.!?] ?)(?:(?:just|please|so|kindly|oh|putain|bon) )?(?:(?:fuck|screw) (?:you|off|u)|"
    r"shut (?:the fuck |the hell )?up|go to hell|niquez? (?:ta|vos|votre|toi|vous)|"
    r"va te faire (?:foutre|enculer|voir)|allez[ -]vous faire (?:foutre|enculer|voir)|"
    r"ferme[z]?[ -](?:la|ta gueule|vos gueules|votre gueule)|ta gueule)(?! and )(?!\w)"
)
_ALONE = re.compile(rf"(?:{_INSULT})[ .!]*")
_QUOTED = re.compile(r"“[^”]{0,400}”|«[^»]{0,400}»|\"[^\"]{0,400}\"|(?<!\w)'[^']{0,400}'(?!\w)")
# So many replies between two people make an exchange.
EXCHANGE = 3


def abuse_table(posts: pd.DataFrame) -> pd.DataFrame:
    """List posts that insult somebody, by the words that say so.

    Only posts that reply to or name somebody are read, and nothing within quotation marks. Coarse
    words that mean no person (of a service, of the day) are none; irony is not seen.

    Parameters
    ----------
    posts
        A posts table.

    Returns
    -------
    DataFrame
        Index the post id, in order of time: `author_id`, `author`, `created_at`, `to` (handle of
        whom it replies to, missing for nobody), `cue` (the words), `text`, `url`.
    """
    own = own_posts(posts)
    to_some = own["reply_to_author"].notna() | true_for(own["mentions"], len)
    own = own[to_some]
    cues = pd.Series([abusive_words(text) for text in own["text"]], own.index, dtype="str")
    found = own[cues.notna()]
    handles = posts.dropna(subset="author_id").drop_duplicates("author_id").set_index("author_id")
    to = found["reply_to_author"].map(handles["author"]).astype("str")
    found = found.assign(cue=cues[found.index], text=quotes(found), to=to)
    names = ["author_id", "author", "created_at", "to", "cue", "text", "url"]
    return found.sort_values("created_at", kind="stable")[names]


def abusive_words(text: str) -> str | None:
    """Return the words by which a text insults somebody."""
    plain = plainly(HANDLE.sub(" ", _QUOTED.sub(" ", text)))
    plain = re.sub(r"\s+", " ", re.sub(r"[^\w' .!-]", " ", plain)).strip()
    if found := _AIMED.search(plain):
        return found[0].strip(" .!?")
    return plain if _ALONE.fullmatch(plain) else None


def quarrel_table(posts: pd.DataFrame) -> pd.DataFrame:
    """List pairs who contradicted each other in an exchange, by the words that say so.

    An exchange is at least three replies between two people, from both sides, in which both say
    something of the kind `dispute` in `chatlab/text/lists/phrases.csv`, or insult the other.

    Parameters
    ----------
    posts
        A posts table.

    Returns
    -------
    DataFrame
        One row per pair, most replies first: `one`, `other` (handles), `replies`, `cues` (list),
        `posts` (list of the ids that hold them).
    """
    own = own_posts(posts).dropna(subset=["author_id", "reply_to_author"])
    own = own[own["author_id"] != own["reply_to_author"]]
    handles = posts.dropna(subset="author_id").drop_duplicates("author_id").set_index("author_id")
    named = handles["author"].to_dict()
    pairs: dict[tuple[str, str], list[tuple[str, str, str | None]]] = {}
    columns = ["post_id", "author_id", "reply_to_author", "text"]
    for post, author, to, text in own[columns].itertuples(index=False, name=None):
        one, other = sorted((author, to))
        cue = abusive_words(text) or phrase(text, "dispute")
        pairs.setdefault((one, other), []).append((post, author, cue))
    rows = []
    for (one, other), said in pairs.items():
        told = [(post, author, cue) for post, author, cue in said if cue]
        if len(said) < EXCHANGE or len({author for _post, author, _cue in told}) < 2:
            continue
        rows.append(
            {
                "one": named.get(one, one),
                "other": named.get(other, other),
                "replies": len(said),
                "cues": [cue for _post, _author, cue in told],
                "posts": [post for post, _author, _cue in told],
            }
        )
    table = pd.DataFrame(rows, columns=["one", "other", "replies", "cues", "posts"])
    return table.sort_values("replies", ascending=False, kind="stable", ignore_index=True)
