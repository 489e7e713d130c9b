"""A message as the phone shows it: without what only webhooks need."""

from typing import Any

from local.simulators.sqlite_file import Row

SAFE = {"X-Content-Type-Options": "nosniff", "Content-Security-Policy": "sandbox; default-src 'none'; media-src 'self'"}
"""Headers of files that somebody has sent: no script in them runs."""
_HIDDEN = frozenset({"number", "to", "wire", "callback_data", "category", "num_edit", "app_id", "metadata", "pressed"})
_KEPT_OF_DELETED = ("id", "account_id", "person_id", "from", "at", "revision", "status", "deleted", "type")


def phone_view(row: Row, origin: str) -> dict[str, Any]:
    """Times are Unix milliseconds; a deleted message keeps only its place."""
    if row["deleted"]:
        return {name: row[name] for name in _KEPT_OF_DELETED}
    view = {name: value for name, value in row.items() if name not in _HIDDEN and value not in (None, "", [], False)}
    view |= {"deleted": False, "reactions": row["reactions"], "type": row["type"]}
    if "media" in row:
        view["media"] = media_view(row["media"], origin)
    if "items" in row:
        view["items"] = [media_view(media, origin) for media in row["items"]]
    return view


def media_view(media: Row, origin: str) -> dict[str, Any]:
    """A file of a message, with the URL of its bytes for the phone."""
    shown = {
        name: media[name] for name in ("id", "mime_type", "size", "filename", "voice", "animated") if media.get(name)
    }
    return shown | {"url": f"{origin}/phones/api/graph/media/{media['id']}"}


def shown(row: Row) -> bool:
    """Whether a phone has it: reactions are shown on what they are for, and what failed has not arrived."""
    return not row.get("hidden") and not (row["from"] == "account" and row["status"] == "failed")
