"""Pictures and videos in Bluesky posts, as a view shows them and as a record holds them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from chatlab.io.media import Media, first_text, media_of, objects


def media_seen(embed: Mapping[str, Any]) -> Media:
    """Give pictures and videos as a view tells them; of a video there is a picture."""
    found: Media = []
    for part in _parts(embed):
        found += media_of(part.get("images"), ("fullsize", "thumb"), "alt")
        found += media_of([dict(part)], ("thumbnail",), "alt")
    return found


def media_written(embed: Mapping[str, Any], did: str) -> Media:
    """Give them as the post's own record does: by what they hold, served under its author."""
    found: Media = []
    for part in _parts(embed):
        for image in objects(part.get("images")):
            if key := _key(image.get("image")):
                address = f"https://cdn.bsky.app/img/feed_fullsize/plain/{did}/{key}@jpeg"
                found.append((address, first_text(image, "alt")))
        if key := _key(part.get("video")):
            address = f"https://video.bsky.app/watch/{did}/{key}/thumbnail.jpg"
            found.append((address, first_text(part, "alt")))
    return found


def media_cards(media: Any) -> list[str]:
    """Give the links that stand beside a quoted post."""
    return [first_text(part.get("external"), "uri") for part in _listed(media)]


def _parts(embed: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """Give an embed and what it wraps beside a quoted post."""
    return [embed, *_listed(embed.get("media"))]


def _listed(media: Any) -> list[dict[str, Any]]:
    return objects(media if isinstance(media, list) else [media])


def _key(blob: Any) -> str:
    ref = blob.get("ref") if isinstance(blob, dict) else None
    return first_text(ref, "$link", "link")
