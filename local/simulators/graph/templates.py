"""Templates of WhatsApp: as they are registered, and filled with the parameters of a message.

Source: .../whatsapp/cloud-api/guides/send-message-templates; codes 132000, 132001, 132012, 132015 of providers.md.
"""

import re
from typing import Any

from local.simulators.graph.errors import whatsapp_error
from local.simulators.phone_requests import PhoneError, field
from local.simulators.sqlite_file import Row

_PLACE = re.compile(r"\{\{\s*(\w+)\s*\}\}")
_NAME = re.compile(r"[a-z0-9_]{1,512}")
_CATEGORIES = ("MARKETING", "UTILITY", "AUTHENTICATION")
_STATES = ("APPROVED", "PAUSED")


def new_template(body: dict[str, Any], template_id: str) -> Row:
    """{name, language, category?, status?, components: [{type: BODY, text}, ...]}; raises PhoneError."""
    name = field(body, "name", 512)
    if not _NAME.fullmatch(name):
        raise PhoneError(400, "name must be lower-case letters, digits and underscores")
    category = field(body, "category", 20, default="UTILITY").upper()
    status = field(body, "status", 20, default="APPROVED").upper()
    if category not in _CATEGORIES or status not in _STATES:
        raise PhoneError(400, f"category must be one of {_CATEGORIES}, status one of {_STATES}")
    components = body.get("components")
    if not isinstance(components, list) or not all(isinstance(part, dict) and "type" in part for part in components):
        raise PhoneError(400, "components must be a list of {type, text?, format?, buttons?}")
    if not any(str(part["type"]).upper() == "BODY" and isinstance(part.get("text"), str) for part in components):
        raise PhoneError(400, "components must have a BODY with a text")
    return {
        "id": template_id,
        "name": name,
        "language": field(body, "language", 20, default="en_US"),
        "category": category,
        "status": status,
        "components": [part | {"type": str(part["type"]).upper()} for part in components],
    }


def filled(template: Row, components: list[Row]) -> Row:
    """What the phone shows; raises GraphError where the parameters do not fit."""
    if template["status"] == "PAUSED":
        raise whatsapp_error(132015)
    given = {str(part["type"]).upper(): part.get("parameters", []) for part in components if "sub_type" not in part}
    texts = [
        _fill(part["type"].lower(), part["text"], given.get(part["type"], []))
        for part in template["components"]
        if isinstance(part.get("text"), str) and part["type"] in ("HEADER", "BODY")
    ]
    buttons = [button for part in template["components"] for button in part.get("buttons", [])]
    replies = [button["text"] for button in buttons if str(button.get("type", "")).upper() == "QUICK_REPLY"]
    payloads = {int(part.get("index", 0)): part.get("parameters", [{}]) for part in components if "sub_type" in part}
    shown = [
        {"id": (payloads.get(place) or [{}])[0].get("payload", title), "title": title}
        for place, title in enumerate(replies)
    ]
    kind = "buttons" if shown else "template"
    text = "\n".join(texts)
    wire = {"template": template["name"]}
    return {"type": kind, "text": text, "buttons": shown, "wire": wire, "category": template["category"].lower()}


def _fill(where: str, text: str, parameters: list[Row]) -> str:
    places = list(dict.fromkeys(_PLACE.findall(text)))
    if len(parameters) != len(places):
        counts = f"number of localizable_params ({len(parameters)}) does not match the expected number of params ({len(places)})"
        raise whatsapp_error(132000, f"{where}: {counts}")
    values: dict[str, str] = {}
    for place, parameter in zip(places, parameters, strict=True):
        if parameter["type"] not in ("text", "currency", "date_time"):
            raise whatsapp_error(132012, f"{where}: parameter {place} must be a text")
        value = parameter.get("text") or parameter.get(parameter["type"], {}).get("fallback_value", "")
        if not value:
            raise whatsapp_error(132012, f"{where}: parameter {place} has no text")
        values[parameter.get("parameter_name") or place] = value
    return _PLACE.sub(lambda found: values.get(found[1], ""), text)
