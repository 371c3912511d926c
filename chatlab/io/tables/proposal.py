"""A column mapping for a table of no known format, by what its columns are called and hold."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from itertools import islice
from typing import NamedTuple

import tomli_w

from chatlab.errors import UnknownFormatError
from chatlab.io.dates import time_reading
from chatlab.io.files import Member
from chatlab.io.tables.rows import Table

LOOK = 300
# A text says something in so many letters; most cells of a column must.
SHORTEST_TEXT = 12
MOST = 0.5
# Without a name that tells, so many words make a text.
SENTENCE = 3
_WORD = re.compile(r"[^\W\d_]{2,}")
# What columns are called, in the order of preference; letters only, without accents.
NAMES: Mapping[str, tuple[str, ...]] = {
    "text": (
        *("text", "full text", "tweet text", "post text", "tweet", "content", "contents"),
        *("message", "body", "post", "status", "toot", "skeet", "comment", "hit sentence"),
        *("snippet",),
        *("mention content", "description", "tweet content", "raw content", "content text"),
        *("texte", "contenu", "texte du tweet", "texte du post", "publication", "commentaire"),
        *("contenu du tweet", "contenu du post", "texte integral", "extrait"),
        *("inhalt", "nachricht", "beitrag", "kommentar", "volltext", "textinhalt"),
        *("texto", "contenido", "mensaje", "publicacion", "comentario", "texto del tweet"),
    ),
    "created_at": (
        *("created at", "created", "date time", "datetime", "timestamp", "date", "time"),
        *("published", "published at", "publication date", "post date", "posted at", "tweet date"),
        *("date created", "posted", "utc time", "date utc", "creation date", "tweet created at"),
        *("date de publication", "date de creation", "date et heure", "publie le", "cree le"),
        *("horodatage", "jour", "heure", "datum", "zeitpunkt", "zeit", "erstellt am", "erstellt"),
        *("zeitstempel", "veroffentlicht", "veroffentlicht am", "fecha", "fecha y hora"),
        *("fecha de publicacion", "publicado", "creado", "hora"),
    ),
    "author": (
        *("screen name", "username", "user name", "user screen name", "handle", "author"),
        *("author username", "author handle", "from user", "user handle", "twitter screen name"),
        *("user", "account", "tweeter", "sender", "from", "influencer", "author name", "nickname"),
        *("auteur", "pseudo", "utilisateur", "nom d utilisateur", "compte", "identifiant auteur"),
        *("autor", "benutzername", "benutzer", "nutzer", "nutzername", "konto", "verfasser"),
        *("usuario", "nombre de usuario", "cuenta"),
    ),
    "author_name": (
        *("display name", "full name", "name", "real name", "user display name"),
        *("nom affiche", "nom complet", "nom", "anzeigename", "vollstandiger name"),
        *("nombre", "nombre completo", "nombre visible"),
    ),
    "author_bio": ("bio", "biography", "user description", "profile", "biographie", "biografia"),
    "author_followers": (
        *("followers", "followers count", "follower count", "author followers", "user followers"),
        *("user followers count", "abonnes", "nombre d abonnes", "follower", "seguidores"),
    ),
    "post_id": (
        *("tweet id", "post id", "status id", "id str", "message id", "id", "toot id"),
        *("identifiant du tweet", "identifiant du post", "identifiant", "id du tweet"),
        *("beitrags id", "id del tweet", "id de la publicacion"),
    ),
    "url": (
        *("url", "permalink", "link", "tweet url", "post url", "status url", "tweet link"),
        *("lien", "adresse", "lien du tweet", "lien permanent", "beitragslink", "enlace"),
    ),
    "reply_to": (
        *("in reply to status id", "in reply to status id str", "in reply to", "reply to id"),
        *("in reply to id", "in reply to tweet id", "parent id", "reply to status id", "reply to"),
        *("en reponse a", "antwort auf", "en respuesta a"),
    ),
    "reply_to_author": (
        *("in reply to screen name", "in reply to user id", "reply to user", "to user"),
        *("in reply to username", "reply to screen name", "replied user"),
    ),
    "lang": ("lang", "language", "langue", "sprache", "idioma"),
    "likes": (
        *("likes", "like count", "favorites", "favorite count", "favourites", "favourites count"),
        *("favoritecount", "likecount", "nb likes", "j aime", "mentions j aime", "favoris"),
        *("gefallt mir", "me gusta", "favoritos", "heart count", "hearts"),
    ),
    "reposts": (
        *("retweets", "retweet count", "reposts", "repost count", "retweetcount", "shares"),
        *("reblogs", "nb retweets", "partages", "geteilt", "compartidos", "retuits"),
    ),
    "replies": (
        *("replies", "reply count", "replycount", "comments", "nb replies", "reponses"),
        *("commentaires", "antworten", "respuestas", "comentarios"),
    ),
    "impressions": ("impressions", "view count", "views", "vues", "aufrufe", "impresiones"),
    "client": ("client", "app", "application", "tweet source"),
}  # fmt: skip
_NETWORKS = (
    ("x", re.compile(r"https?://(?:\w+\.)?(?:x|twitter)\.com/\w+/status", re.IGNORECASE)),
    ("bluesky", re.compile(r"https?://bsky\.app/profile/|^at://", re.IGNORECASE)),
    ("mastodon", re.compile(r"https?://[^/]+/@\w+/\d+|/users/\w+/statuses/", re.IGNORECASE)),
)


class Proposal(NamedTuple):
    """A likely mapping: posts column to column in the file, and the network where links tell it."""

    columns: dict[str, str]
    platform: str | None

    def toml(self) -> str:
        """Write the mapping as a file for `--columns`."""
        network = {"platform": self.platform} if self.platform else {}
        return tomli_w.dumps({**network, "columns": self.columns})


def propose_mapping(member: Member) -> Proposal | None:
    """Guess which column is which; None where no column holds texts."""
    table = Table(member)
    rows = [row for _number, row in islice(table.rows, LOOK)]
    cells = {name: [row.get(name, "") for row in rows] for name in table.header}
    text = _column("text", cells, "") or _longest(cells)
    if text is None:
        return None
    # What stands beside the text in nested records is the post's, what lies elsewhere is not.
    outer = text[: text.rfind(".") + 1]
    found = {"text": text}
    for wanted in NAMES:
        column = _column(wanted, cells, outer) if wanted != "text" else None
        if column is not None and column not in found.values():
            found[wanted] = column
    links = cells.get(found.get("url", ""), [])
    platform = next((name for name, link in _NETWORKS if _most(links, link.search)), None)
    return Proposal(found, platform)


def _column(wanted: str, cells: Mapping[str, Sequence[str]], outer: str) -> str | None:
    """Find the column that is called as wanted and holds it, within the records' outer name."""
    called = {_plain(name.removeprefix(outer)): name for name in reversed(list(cells))}
    if wanted == "text":
        called = {_plain(name.rpartition(".")[2]): name for name in reversed(list(cells))} | called
    likely = (called[name] for name in NAMES[wanted] if name in called)
    return next((one for one in likely if _holds(wanted, cells[one])), None)


def _plain(name: str) -> str:
    """Fold a column's name: letters only, small, without accents, words apart."""
    words = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name)
    letters = unicodedata.normalize("NFKD", words).casefold()
    bare = "".join(sign for sign in letters if not unicodedata.combining(sign))
    return re.sub(r"[\W_]+", " ", bare).strip()


def _holds(wanted: str, cells: Sequence[str]) -> bool:
    """Tell whether a column holds what its name promises."""
    filled = [cell.strip() for cell in cells if cell.strip()]
    if not filled:
        return False
    if wanted == "text":
        return _most(filled, lambda cell: len(cell) >= SHORTEST_TEXT and not cell.isdigit())
    if wanted == "created_at":
        reading = time_reading(filled)
        return reading.needs_all or reading.parse(filled).null_count <= MOST * len(filled)
    if wanted in ("likes", "reposts", "replies", "impressions", "author_followers"):
        return _most(filled, lambda cell: re.fullmatch(r"\d+(?:[.,]0)?", cell))
    if wanted == "url":
        return _most(filled, lambda cell: cell.startswith(("http://", "https://")))
    if wanted == "author":
        return _most(filled, lambda cell: len(cell) < 60 and "://" not in cell)
    if wanted == "lang":
        return _most(filled, lambda cell: len(cell) <= 8)
    return True


def _longest(cells: Mapping[str, Sequence[str]]) -> str | None:
    """Return the column with the longest texts, where they are sentences."""
    lengths = {
        name: sum(map(len, column)) / len(column)
        for name, column in cells.items()
        if _most(column, lambda cell: len(_WORD.findall(cell)) >= SENTENCE)
    }
    return max(lengths, key=lambda name: lengths[name]) if lengths else None


def _most(cells: Sequence[str], test: Callable[[str], object]) -> bool:
    return bool(cells) and sum(bool(test(cell)) for cell in cells) > MOST * len(cells)


class UnmappedTableError(UnknownFormatError):
    """A table of no known format, with the mapping that its columns suggest."""

    def __init__(self, message: str, proposal: Proposal | None = None) -> None:
        """Keep the proposal for whoever wants to write it down."""
        super().__init__(message)
        self.proposal = proposal
