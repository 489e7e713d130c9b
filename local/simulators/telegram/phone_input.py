"""What a phone may send, checked: an error says what and where."""

from typing import Any

from local.simulators.phone_requests import PhoneError, field
from local.simulators.telegram.shapes import utf16_length

_TEXT_MAX = 4096


def new_content(body: dict[str, Any]) -> dict[str, Any]:
    """Content of a message as it is stored: {text}, {location} or {contact}."""
    given = [name for name in ("text", "location", "contact") if name in body]
    if len(given) != 1:
        raise PhoneError(400, "one of text, location and contact is needed")
    return {given[0]: _CHECKS[given[0]](body[given[0]])}


def _text(value: Any) -> str:
    text = value.strip() if isinstance(value, str) else ""
    if not text or utf16_length(text) > _TEXT_MAX:
        raise PhoneError(400, f"text must be 1 to {_TEXT_MAX} UTF-16 units")
    return text


def _location(value: Any) -> dict[str, Any]:
    place = value if isinstance(value, dict) else {}
    return {"latitude": _degrees(place, "latitude", 90), "longitude": _degrees(place, "longitude", 180)}


def _degrees(place: dict[str, Any], name: str, most: int) -> float:
    value = place.get(name)
    if isinstance(value, bool) or not isinstance(value, int | float) or abs(value) > most:
        raise PhoneError(400, f"location.{name} must be a number from -{most} to {most}")
    return value


def _contact(value: Any) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise PhoneError(400, "contact must be {phone_number, first_name, last_name?}")
    contact = {name: field(value, name, 64) for name in ("phone_number", "first_name")}
    if last_name := field(value, "last_name", 64, default=""):
        contact["last_name"] = last_name
    return contact


_CHECKS = {"text": _text, "location": _location, "contact": _contact}
