"""What POST /{page_id}/messages and POST /{ig_id}/messages take.

Source: .../messenger-platform/reference/send-api, .../instagram-messaging/send-message; templates: .../send-messages/templates.
Several images on Messenger: github.com/fbsamples/messenger-platform-samples, "Multi Image Message", which does not say how many
may be sent; 30, as a person's message may have (unverified).
"""

from typing import Any

from local.simulators.graph.shape import Schema, several, text, thing

_STRING: Schema = {"type": "string"}
_BOOLEAN: Schema = {"type": "boolean"}
_BUTTON = {
    "oneOf": [
        thing({"type": {"const": "postback"}, "title": text(20), "payload": text(1000)}),
        thing({"type": {"const": "web_url"}, "title": text(20), "url": text(2048)}, {"webview_height_ratio": _STRING}),
        thing({"type": {"const": "phone_number"}, "title": text(20), "payload": text(30)}),
    ]
}
_ELEMENT = thing(
    {"title": text(80)},
    {
        "subtitle": text(80),
        "image_url": text(2048),
        "buttons": several(_BUTTON, 3),
        "default_action": thing({"type": {"const": "web_url"}, "url": text(2048)}),
    },
)
TEMPLATES: dict[str, Schema] = {
    "button": thing({"template_type": {"const": "button"}, "text": text(640), "buttons": several(_BUTTON, 3)}),
    "generic": thing({"template_type": {"const": "generic"}, "elements": several(_ELEMENT, 10)}),
}
_FILE = thing({}, {"url": text(2048), "attachment_id": text(64), "is_reusable": _BOOLEAN}, maxProperties=2)
_QUICK_REPLY = thing(
    {"content_type": {"enum": ["text", "user_phone_number", "user_email"]}},
    {"title": text(20), "payload": text(1000), "image_url": text(2048)},
)
REACTIONS = ("smile", "angry", "sad", "wow", "love", "like", "dislike", "other")
ACTIONS = ("typing_on", "typing_off", "mark_seen", "react", "unreact")


def attachment(kinds: list[str]) -> Schema:
    """One attachment: a file by its URL, by the id of an upload or in the request itself; or a template."""
    return thing({"type": {"enum": [*kinds, "template"]}, "payload": {"type": "object"}}) | {
        "if": {"properties": {"type": {"const": "template"}}},
        "then": {"properties": {"payload": {"required": ["template_type"]}}},
        "else": {"properties": {"payload": _FILE}},
    }


def request(channel: str, kinds: list[str]) -> Schema:
    """The whole body; Messenger needs `messaging_type` with a message (checked where it is sent)."""
    message: dict[str, Any] = {
        "text": {"type": "string", "minLength": 1},
        "attachment": attachment(kinds),
        "quick_replies": several(_QUICK_REPLY, 13),
        "metadata": text(1000),
        "attachments": several(attachment(["image"]), 10 if channel == "instagram" else 30),
    }
    optional: dict[str, Schema] = {
        "message": thing({}, message),
        "messaging_type": {"enum": ["RESPONSE", "UPDATE", "MESSAGE_TAG"]},
        "tag": {"enum": ["HUMAN_AGENT"]},
        "sender_action": {"enum": list(ACTIONS)},
        "payload": thing({"message_id": text(1024)}, {"reaction": text(32)}),
        "reply_to": thing({"mid": text(1024)}),
        "notification_type": {"enum": ["REGULAR", "SILENT_PUSH", "NO_PUSH"]},
        "persona_id": text(64),
        "access_token": _STRING,
    }
    return thing({"recipient": thing({"id": text(64)})}, optional)


UPLOAD = thing(
    {"message": thing({"attachment": {"type": "object", "required": ["type", "payload"]}})}, {"access_token": _STRING}
)
