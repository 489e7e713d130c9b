"""What POST /{phone_number_id}/messages of WhatsApp takes, by type of message.

Source: .../whatsapp/cloud-api/reference/messages and the pages of each type ("text messages", "interactive reply buttons
messages", ...): required fields and limits of length in characters.
"""

from local.simulators.graph.shape import Schema, several, text, thing

_STRING: Schema = {"type": "string"}
_BOOLEAN: Schema = {"type": "boolean"}
_NUMBER: Schema = {"type": ["number", "string"]}
_ONE_SOURCE = {"oneOf": [{"required": ["id"]}, {"required": ["link"]}]}


def _media(**more: Schema) -> Schema:
    return thing({}, {"id": text(200), "link": text(2048), **more}, **_ONE_SOURCE)


def _action(**names: Schema) -> Schema:
    return thing(names)


_CAPTION = text(1024, 0)
_HEADER = thing(
    {"type": {"enum": ["text", "image", "video", "document"]}},
    {"text": text(60), "image": _media(), "video": _media(), "document": _media(filename=text(240))},
)
_PARTS = {"header": _HEADER, "footer": thing({"text": text(60)})}
_REPLY = thing({"type": {"const": "reply"}, "reply": thing({"id": text(256), "title": text(20)})})
_ROW = thing({"id": text(200), "title": text(24)}, {"description": text(72, 0)})
_SECTION = thing({"rows": several(_ROW, 10)}, {"title": text(24, 0)})
_CTA = thing({"display_text": text(20), "url": text(2000)})
INTERACTIVE: dict[str, Schema] = {
    "button": _action(buttons=several(_REPLY, 3)),
    "list": _action(button=text(20), sections=several(_SECTION, 10)),
    "cta_url": _action(name={"const": "cta_url"}, parameters=_CTA),
    "location_request_message": _action(name={"const": "send_location"}),
}
_NAME = thing(
    {"formatted_name": text(1000)},
    dict.fromkeys(("first_name", "last_name", "middle_name", "suffix", "prefix"), _STRING),
    minProperties=2,
)


def _details(*names: str) -> Schema:
    return several(thing({}, dict.fromkeys(names, _STRING)), 100, 0)


_CONTACT = thing(
    {"name": _NAME},
    {
        "phones": _details("phone", "type", "wa_id"),
        "emails": _details("email", "type"),
        "urls": _details("url", "type"),
        "addresses": _details("street", "city", "state", "zip", "country", "country_code", "type"),
        "org": thing({}, dict.fromkeys(("company", "department", "title"), _STRING)),
        "birthday": {"type": "string", "pattern": r"^\d{4}-\d{2}-\d{2}$"},
    },
)
_PARAMETER = {"type": "object", "required": ["type"], "properties": {"type": _STRING, "text": text(32_768)}}
_COMPONENT = thing(
    {"type": {"enum": ["header", "body", "button", "HEADER", "BODY", "BUTTON"]}},
    {
        "parameters": several(_PARAMETER, 100, 0),
        "sub_type": {"enum": ["quick_reply", "url", "copy_code", "flow", "catalog"]},
        "index": {"type": ["string", "integer"]},
    },
)
CONTENT: dict[str, Schema] = {
    "text": thing({"body": text(4096)}, {"preview_url": _BOOLEAN}),
    "image": _media(caption=_CAPTION),
    "video": _media(caption=_CAPTION),
    "audio": _media(voice=_BOOLEAN),
    "document": _media(caption=_CAPTION, filename=text(240)),
    "sticker": _media(),
    "location": thing({"latitude": _NUMBER, "longitude": _NUMBER}, {"name": text(1000, 0), "address": text(1000, 0)}),
    "contacts": several(_CONTACT, 257),
    "interactive": {"type": "object", "required": ["type"], "properties": {"type": {"enum": list(INTERACTIVE)}}},
    "template": thing(
        {"name": text(512), "language": thing({"code": text(20)}, {"policy": {"const": "deterministic"}})},
        {"components": several(_COMPONENT, 20, 0)},
    ),
    "reaction": thing({"message_id": text(1024), "emoji": text(64, 0)}),
}
_COMMON: Schema = {
    "recipient_type": {"enum": ["individual"]},
    "to": text(64),
    "recipient": text(160),
    "context": thing({"message_id": text(1024)}),
    "biz_opaque_callback_data": text(512),
}
_PRODUCT: Schema = {"messaging_product": {"const": "whatsapp"}}
READ = thing(
    {**_PRODUCT, "status": {"const": "read"}, "message_id": text(1024)},
    {"typing_indicator": thing({"type": {"const": "text"}})},
)
"""Marks a message, and all before it, as read, and may show that somebody types."""


def envelope(kind: str) -> Schema:
    """A message of a known type; without `type` it is a text."""
    return thing(_PRODUCT, {**_COMMON, "type": {"enum": list(CONTENT)}, kind: CONTENT[kind]})


def interactive(kind: str) -> Schema:
    required = {"type": {"const": kind}, "body": thing({"text": text(1024)}), "action": INTERACTIVE[kind]}
    return thing(required, _PARTS)
