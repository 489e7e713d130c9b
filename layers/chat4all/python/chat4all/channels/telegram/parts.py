"""A message of ours as the parts that Telegram takes."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from chat4all.channels.fates import NotSent, Permanent
from chat4all.channels.telegram.limits import split_text

_NAME_MAX = 64


@dataclass(frozen=True, slots=True)
class TextPart:
    text: str


@dataclass(frozen=True, slots=True)
class LocationPart:
    latitude: float
    longitude: float


@dataclass(frozen=True, slots=True)
class ContactPart:
    phone_number: str
    first_name: str


Part = TextPart | LocationPart | ContactPart


def parts_of(message: Mapping[str, Any]) -> list[Part]:
    """Parts of `{type, content}`, always the same for the same message; what a part cannot say follows as text.

    Raises:
        NotSent: permanent, where nothing of that type can be sent yet.
    """
    content = message["content"]
    match message["type"]:
        case "text":
            return _texts(content)
        case "location":
            place = "\n".join(content[name] for name in ("name", "address") if content.get(name))
            return [LocationPart(content["latitude"], content["longitude"]), *_texts(place)]
        case "contact":
            return _contact(content)
    raise NotSent(Permanent(f"unsupported_type: Telegram cannot be sent a message of type {message['type']} yet"))


def _contact(content: Mapping[str, Any]) -> list[Part]:
    name, phone, email = content["name"], content.get("phone"), content.get("email")
    if not phone:  # sendContact needs a number
        return _texts("\n".join(filter(None, (name, email))))
    return [ContactPart(phone, name[:_NAME_MAX]), *_texts(email or "")]


def _texts(text: str) -> list[Part]:
    return [TextPart(part) for part in split_text(text)] if text else []
