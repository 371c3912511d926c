"""A chat as a corpus of ConvoKit: speakers, conversations and what they said."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from chatlab.io.safe_files import write_safely
from chatlab.posts.quoting import quotes
from chatlab.posts.schema import ENGAGEMENT_NAMES
from chatlab.posts.select import own_posts
from chatlab.project.chat import Chat


def write_corpus(chat: Chat, folder: str | Path) -> None:
    """Write the chat as a folder that `convokit.Corpus(filename=...)` reads.

    An utterance is a post, reposts left out; a conversation is a thread, named by its first post
    in the file. Texts of people not to be quoted are empty.

    Parameters
    ----------
    chat
        From `read_chat`.
    folder
        Where to write: `utterances.jsonl`, `speakers.json`, `conversations.json`, `corpus.json`,
        `index.json`.
    """
    said = own_posts(chat.posts).dropna(subset="author_id")
    said = said.assign(words=quotes(said).fillna(""), edition=chat.editions.reindex(said.index))
    parents = _parents(said)
    roots = {post: _root(post, parents) for post in parents}
    lines: list[dict[str, Any]] = []
    for row in said.to_dict("records"):
        post = str(row["post_id"])
        when = row["created_at"]
        counts = {name: None if pd.isna(row[name]) else int(row[name]) for name in ENGAGEMENT_NAMES}
        edition = None if pd.isna(row["edition"]) else int(row["edition"])
        meta = {"kind": str(row["kind"]), "lang": _text(row["lang"]), "url": _text(row["url"])}
        lines.append(
            {
                "id": post,
                "conversation_id": roots[post],
                "text": str(row["words"]),
                "speaker": str(row["author_id"]),
                "meta": {**meta, "edition": edition, **counts},
                "reply-to": parents[post],
                "timestamp": None if pd.isna(when) else int(when.timestamp()),
                "vectors": [],
            }
        )
    people = said.drop_duplicates("author_id", keep="last").set_index("author_id")
    speakers: dict[str, dict[str, Any]] = {
        str(key): {
            "meta": {
                "handle": _text(row["author"]),
                "name": _text(row["author_name"]),
                "part": chat.parts.get(str(key), ""),
            },
            "vectors": [],
        }
        for key, row in people.iterrows()
    }
    threads: dict[str, Any] = {
        root: {"meta": {}, "vectors": []} for root in dict.fromkeys(roots.values())
    }
    index = {
        "utterances-index": _types([line["meta"] for line in lines]),
        "speakers-index": _types([one["meta"] for one in speakers.values()]),
        "conversations-index": {},
        "overall-index": _types([{"name": chat.title}]),
        "version": 1,
        "vectors": [],
    }
    home = Path(folder)
    jsonl = "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines)
    write_safely(home / "utterances.jsonl", jsonl.encode(errors="replace"))
    write_safely(home / "speakers.json", _json(speakers))
    write_safely(home / "conversations.json", _json(threads))
    write_safely(home / "corpus.json", _json({"name": chat.title}))
    write_safely(home / "index.json", _json(index))


def _parents(said: pd.DataFrame) -> dict[str, str | None]:
    """Say what each post answers; nothing where that is not in the file."""
    here = set(said["post_id"])
    pairs = said[["post_id", "reply_to"]].itertuples(index=False, name=None)
    return {
        str(post): str(parent) if parent in here and parent != post else None
        for post, parent in pairs
    }


def _root(post: str, parents: Mapping[str, str | None]) -> str:
    seen = {post}
    while (parent := parents[post]) is not None and parent not in seen:
        post = parent
        seen.add(post)
    return post


def _types(metas: list[dict[str, Any]]) -> dict[str, list[str]]:
    names = dict.fromkeys(name for meta in metas for name in meta)
    known = {name: next((m[name] for m in metas if m[name] is not None), "") for name in names}
    return {name: [str(type(value))] for name, value in known.items()}


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""


def _json(content: object) -> bytes:
    return json.dumps(content, ensure_ascii=False).encode(errors="replace")
