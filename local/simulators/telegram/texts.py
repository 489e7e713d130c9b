"""Texts and captions of a call, checked by Telegram's own unit: UTF-16 code units."""

from typing import Any

from local.simulators.telegram.errors import bad_request
from local.simulators.telegram.parameters import Parameters
from local.simulators.telegram.shapes import entities, utf16_length

TEXT_MAX = 4096
CAPTION_MAX = 1024


def message_text(parameters: Parameters) -> dict[str, Any]:
    """{text, entities?}: Telegram takes white space off both ends."""
    _refuse_parse_mode(parameters)
    text = parameters.text("text").strip()
    if not text:
        raise bad_request("message text is empty")
    if utf16_length(text) > TEXT_MAX:
        raise bad_request("message is too long")
    return {"text": text} | _entities(parameters, "entities", text)


def caption(parameters: Parameters) -> dict[str, Any]:
    """{} or {caption, caption_entities?}."""
    _refuse_parse_mode(parameters)
    text = parameters.text("caption").strip()
    if utf16_length(text) > CAPTION_MAX:
        raise bad_request("message caption is too long")
    return {"caption": text} | _entities(parameters, "caption_entities", text) if text else {}


def _refuse_parse_mode(parameters: Parameters) -> None:
    if parameters.text("parse_mode"):
        raise bad_request("unsupported parse_mode")  # Not simulated, so refused and not ignored: entities are.


def _entities(parameters: Parameters, name: str, text: str) -> dict[str, Any]:
    """Those given, with those that Telegram finds itself."""
    given = parameters.document(name, list) or []
    length = utf16_length(text)
    for entity in given:
        if not isinstance(entity, dict) or not isinstance(entity.get("type"), str):
            raise bad_request("can't parse MessageEntity: an object with a type is expected")
        offset, size = entity.get("offset"), entity.get("length")
        if not isinstance(offset, int) or not isinstance(size, int) or offset < 0 or size < 1 or offset + size > length:
            raise bad_request(f"entity beginning at UTF-16 offset {offset} ends after the end of the text")
    return {name: sorted(given + entities(text), key=lambda entity: entity["offset"])} if given else {}
