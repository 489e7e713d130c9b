"""What a phone may send, checked: an error says what and where."""

from collections.abc import Callable
from typing import Any

from local.simulators.graph.media import Media
from local.simulators.phone_requests import PhoneError, field
from local.simulators.sqlite_file import Row

_TEXT_MAX = {"whatsapp": 65_536, "messenger": 20_000, "instagram": 1000}
"""Characters that the apps let a person type."""
_MEDIA = {
    "whatsapp": ("image", "video", "audio", "document", "sticker"),
    "messenger": ("image", "video", "audio", "file", "sticker"),
    "instagram": ("image", "video", "audio", "file", "sticker"),
}
_ONLY: dict[str, tuple[str, ...]] = {
    "contacts": ("whatsapp",),
    "location": ("whatsapp", "messenger"),
    "album": ("messenger", "instagram"),
    "share": ("messenger", "instagram"),
    "story_mention": ("instagram",),
    "story": ("instagram",),
    "forwarded": ("whatsapp",),
}


def new_content(media: Media, account: Row, body: dict[str, Any]) -> Row:
    """A message's document of a phone's request; raises PhoneError."""
    channel = account["channel"]
    given = [name for name in _CHECKS if name in body]
    if len(given) != 1:
        raise PhoneError(400, f"one of {', '.join(_CHECKS)} is needed")
    for name in (*given, *(name for name in ("story", "forwarded") if name in body)):
        if channel not in _ONLY.get(name, (channel,)):
            raise PhoneError(400, f"{name}: {channel} has no such message")
    document = _CHECKS[given[0]](media, account, body[given[0]])
    if "story" in body:
        story = body["story"] if isinstance(body["story"], dict) else {}
        url = field(story, "url", 2048)
        document["story"] = {"id": field(story, "id", 64, default="17900000000000001"), "url": url}
    if body.get("forwarded"):
        document["forwarded"] = True
    if "referral" in body:
        if not isinstance(body["referral"], dict):
            raise PhoneError(400, "referral must be an object")
        document["referral"] = body["referral"]
    return document


def new_text(account: Row, value: Any) -> str:
    """A text as a person may type it."""
    most = _TEXT_MAX[account["channel"]]
    if not isinstance(value, str) or not value.strip() or len(value) > most:
        raise PhoneError(400, f"text must be 1 to {most} characters")
    return value


def _text(_files: Media, account: Row, value: Any) -> Row:
    return {"type": "text", "text": new_text(account, value)}


def _file(media: Media, account: Row, value: Any) -> Row:
    given = value if isinstance(value, dict) else {}
    kinds = _MEDIA[account["channel"]]
    if given.get("type") not in kinds:
        raise PhoneError(400, f"media.type must be one of {', '.join(kinds)}")
    stored = _stored(media, account, given.get("media_id"), "media.media_id")
    stored |= {flag: True for flag in ("voice", "animated") if given.get(flag)}
    caption = field(given, "caption", 1024, default="")
    if caption and account["channel"] != "whatsapp":
        raise PhoneError(400, "media.caption: only WhatsApp has captions; send a text beside it")
    return {"type": given["type"], "media": stored} | ({"caption": caption} if caption else {})


def _album(media: Media, account: Row, value: Any) -> Row:
    if not isinstance(value, list) or not 2 <= len(value) <= 30:
        raise PhoneError(400, "album must be a list of 2 to 30 ids of media")
    return {"type": "album", "items": [_stored(media, account, one, "album") for one in value]}


def _stored(media: Media, account: Row, media_id: Any, where: str) -> Row:
    found = media.get(media_id) if isinstance(media_id, str) else None
    if found is None:
        raise PhoneError(400, f"{where}: there is no such upload")
    return media.for_account(found, account["id"])


def _location(_files: Media, _account: Row, value: Any) -> Row:
    place = value if isinstance(value, dict) else {}
    location: Row = {name: _degrees(place, name, most) for name, most in (("latitude", 90), ("longitude", 180))}
    location |= {name: field(place, name, 1000) for name in ("name", "address", "url") if place.get(name)}
    return {"type": "location", "location": location}


def _degrees(place: Row, name: str, most: int) -> float:
    value = place.get(name)
    if isinstance(value, bool) or not isinstance(value, int | float) or not abs(value) <= most:
        raise PhoneError(400, f"location.{name} must be a number from -{most} to {most}")
    return value


def _contacts(_files: Media, _account: Row, value: Any) -> Row:
    if not isinstance(value, list) or not value or not all(isinstance(one, dict) for one in value):
        raise PhoneError(400, "contacts must be a list of {name, phone}")
    return {
        "type": "contacts",
        "contacts": [{name: field(one, name, 100) for name in ("name", "phone")} for one in value],
    }


def _story_mention(media: Media, account: Row, value: Any) -> Row:
    given = value if isinstance(value, dict) else {}
    return {"type": "story_mention", "media": _stored(media, account, given.get("media_id"), "story_mention.media_id")}


def _share(_files: Media, _account: Row, value: Any) -> Row:
    given = value if isinstance(value, dict) else {}
    share = {"url": field(given, "url", 2048)}
    return {"type": "share", "share": share | ({"title": field(given, "title", 200)} if given.get("title") else {})}


def _unsupported(_files: Media, _account: Row, value: Any) -> Row:
    if value is not True:
        raise PhoneError(400, "unsupported must be true")
    return {"type": "unsupported"}


_CHECKS: dict[str, Callable[[Media, Row, Any], Row]] = {
    "text": _text,
    "media": _file,
    "album": _album,
    "location": _location,
    "contacts": _contacts,
    "story_mention": _story_mention,
    "share": _share,
    "unsupported": _unsupported,
}


def pressed(row: Row, button: str) -> Row:
    """The message that a press of a button makes; raises PhoneError."""
    found = next((one for one in row.get("buttons", []) if one["id"] == button), None)
    if row["from"] != "account" or found is None:
        raise PhoneError(400, "button: this message has no such button")
    wire = row.get("wire", {})
    if "press" in wire:
        if wire["press"] == "quick_reply":
            return {"type": "text", "text": found["title"], "quick_reply": found["id"], "pressed": row["id"]}
        postback = {"title": found["title"], "payload": found["id"]}
        return {"type": "postback", "text": found["title"], "wire": postback, "pressed": row["id"]}
    if "template" in wire:
        answer: Row = {"type": "button", "button": {"payload": found["id"], "text": found["title"]}}
    else:
        kind = {"button": "button_reply", "list": "list_reply"}[wire["interactive"]]
        answer = {"type": "interactive", "interactive": {"type": kind, kind: found}}
    return {"type": "text", "text": found["title"], "wire": answer, "pressed": row["id"], "reply_to": row["id"]}
