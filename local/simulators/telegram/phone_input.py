"""What a phone may send, checked: an error says what and where."""

from typing import Any

from local.simulators.phone_requests import PhoneError, field
from local.simulators.telegram.images import PhotoRefusedError
from local.simulators.telegram.media import KINDS, make_media
from local.simulators.telegram.shapes import utf16_length
from local.simulators.telegram.storage import Storage
from local.simulators.telegram.texts import CAPTION_MAX, TEXT_MAX

CONTENTS = ("text", "location", "venue", "contact", "media")
_NUMBERS = ("duration", "width", "height", "length")


def new_content(body: dict[str, Any], storage: Storage) -> dict[str, Any]:
    """Content of a message as it is stored: {text}, {location}, {venue}, {contact} or {media, caption?}."""
    given = [name for name in CONTENTS if name in body]
    if len(given) != 1:
        raise PhoneError(400, "one of text, location, contact, venue, media, album and forward is needed")
    name = given[0]
    if name == "media":
        return media(body["media"], storage, "media")
    return {name: _CHECKS[name](body[name])}


def media(value: Any, storage: Storage, where: str) -> dict[str, Any]:
    """{media, caption?} of {media_id, type, caption?, duration?, width?, height?, emoji?}; the file was uploaded before."""
    if not isinstance(value, dict) or value.get("type") not in KINDS:
        raise PhoneError(400, f"{where}.type must be one of {', '.join(KINDS)}")
    row = storage.files.get(str(value.get("media_id")))
    if row is None:
        raise PhoneError(400, f"{where}.media_id: there is no such upload")
    details = {name: value[name] for name in _NUMBERS if isinstance(value.get(name), int)}
    details |= {name: value[name] for name in ("emoji", "title", "performer") if isinstance(value.get(name), str)}
    try:
        data = storage.files.bytes_at(row).read_bytes()
        made = make_media(storage.files, value["type"], data, row["name"], details)
    except PhotoRefusedError as error:
        raise PhoneError(400, f"{where}: {error}") from None
    return {"media": made} | caption(value)


def album(value: Any, storage: Storage) -> list[dict[str, Any]]:
    """2 to 10 of `media`."""
    if not isinstance(value, list) or not 2 <= len(value) <= 10:
        raise PhoneError(400, "album must have 2 to 10 media")
    return [media(one, storage, f"album[{number}]") for number, one in enumerate(value)]


def changes(body: dict[str, Any], content: dict[str, Any]) -> dict[str, Any]:
    """{text} of a text, {caption} of media: what an edit sets."""
    if "text" in content:
        if "text" not in body:
            raise PhoneError(400, "text is missing")
        return {"text": _text(body["text"])}
    text = body.get("caption", body.get("text"))
    return caption({"caption": text}) or {"caption": ""}


def caption(body: dict[str, Any]) -> dict[str, Any]:
    value = body.get("caption") or ""
    if not isinstance(value, str) or utf16_length(value.strip()) > CAPTION_MAX:
        raise PhoneError(400, f"caption must be a text of at most {CAPTION_MAX} UTF-16 units")
    return {"caption": value.strip()} if value.strip() else {}


def _text(value: Any) -> str:
    text = value.strip() if isinstance(value, str) else ""
    if not text or utf16_length(text) > TEXT_MAX:
        raise PhoneError(400, f"text must be 1 to {TEXT_MAX} UTF-16 units")
    return text


def _location(value: Any) -> dict[str, Any]:
    place = value if isinstance(value, dict) else {}
    return {"latitude": _degrees(place, "latitude", 90), "longitude": _degrees(place, "longitude", 180)}


def _venue(value: Any) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise PhoneError(400, "venue must be {location, title, address}")
    return {"location": _location(value.get("location"))} | {
        name: field(value, name, 256) for name in ("title", "address")
    }


def _degrees(place: dict[str, Any], name: str, most: int) -> float:
    value = place.get(name)
    if isinstance(value, bool) or not isinstance(value, int | float) or not abs(value) <= most:
        raise PhoneError(400, f"location.{name} must be a number from -{most} to {most}")
    return value


def _contact(value: Any) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise PhoneError(400, "contact must be {phone_number, first_name, last_name?}")
    contact = {name: field(value, name, 64) for name in ("phone_number", "first_name")}
    if last_name := field(value, "last_name", 64, default=""):
        contact["last_name"] = last_name
    return contact


_CHECKS = {"text": _text, "location": _location, "venue": _venue, "contact": _contact}
