"""The followers of an account, from the archive that X gives to its owner."""

from __future__ import annotations

from pathlib import Path

import msgspec

from chatlab.errors import UnknownFormatError, UnreadableFileError
from chatlab.io.files import Member


class _Follower(msgspec.Struct):
    accountId: str  # noqa: N815


class _Row(msgspec.Struct):
    follower: _Follower


def read_followers(path: str | Path) -> list[str]:
    """Read who follows an account.

    Parameters
    ----------
    path
        `follower.js` of an archive of X, the folder it stands in, or the archive as a zip.

    Returns
    -------
    list of str
        Author ids as in the posts table (`x:123`), each once, in the file's order. Of an archive
        nothing else is opened.

    Raises
    ------
    UnreadableFileError
        There is no such file.
    UnknownFormatError
        It is none of an archive's lists of followers.
    """
    found: list[str] = []
    for member in _lists(Path(path)):
        text = member.content().decode("utf-8", "replace")
        begin = text.find("[")
        try:
            rows = msgspec.json.decode(text[begin:].rstrip().rstrip(";"), type=list[_Row])
        except msgspec.DecodeError as error:
            raise UnknownFormatError(
                f"{member.name} is no list of followers: {error}. Give follower.js of an X archive."
            ) from error
        found += [f"x:{row.follower.accountId}" for row in rows]
    return list(dict.fromkeys(found))


def _lists(path: Path) -> list[Member]:
    if path.is_dir():
        files = sorted({*path.glob("follower*.js"), *path.glob("data/follower*.js")})
        found = [Member(file) for file in files]
    elif path.suffix == ".zip":
        found = [
            Member(path, one.inside)
            for one in Member(path, "data/tweets.js").beside("follower*.js")
            if one.inside
        ]
    else:
        found = [Member(path)] if path.exists() else []
    if not found:
        raise UnreadableFileError(
            f"No follower.js in {path}. Give the archive of X, or its file data/follower.js."
        )
    return found
