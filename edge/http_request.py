"""A call as a request of the HTTP API: pure."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlencode

from google.protobuf.message import Message
from urllib3 import encode_multipart_formdata

from edge.contract import HttpRule
from edge.documents import FIELD_MASK, UnfitMessage, document_of, is_map

FORM = "application/x-www-form-urlencoded"


@dataclass(frozen=True, slots=True)
class HttpRequest:
    """What goes to the API; headers that are the same for every call come later."""

    method: str
    target: str
    """Path and query."""
    content_type: str | None = None
    body: bytes | None = None


def http_request(rule: HttpRule, message: Message) -> HttpRequest:
    """What `message` asks for; raises UnfitMessage."""
    fields = _fields(message, rule.variables)
    path = rule.path
    for name in rule.variables:
        path = path.replace(f"{{{name}}}", _segment(name, str(fields.pop(name, ""))))
    if not rule.has_body:
        return HttpRequest(rule.method, path + _query(fields))
    if rule.body_media_type == FORM:
        return HttpRequest(rule.method, path, FORM, urlencode(fields).encode())
    if rule.has_file:
        return _multipart(rule, path, fields)
    return HttpRequest(rule.method, path, "application/json", json.dumps(fields, ensure_ascii=False).encode())


def _fields(message: Message, kept: Sequence[str]) -> dict[str, Any]:
    """What is set; where there is an update mask, what it names, and null for what is not set (AIP-134)."""
    masks = [f.name for f in message.DESCRIPTOR.fields if f.message_type and f.message_type.full_name == FIELD_MASK]
    if not masks:
        return document_of(message)
    copy = type(message)()
    copy.CopyFrom(message)
    copy.ClearField(masks[0])
    fields = document_of(copy)
    if not message.HasField(masks[0]):
        return fields
    named = list(getattr(message, masks[0]).paths)
    return {name: fields[name] for name in kept if name in fields} | {
        name: fields.get(name, _nothing(message, name, masks[0])) for name in named
    }


def _nothing(message: Message, name: str, mask: str) -> Any:
    """What removes a field."""
    field = message.DESCRIPTOR.fields_by_name.get(name)
    if field is None or name == mask:
        raise UnfitMessage(mask, f"names {name[:80]!r}, which is no field of the request")
    if is_map(field):
        return {}
    return [] if field.is_repeated else None


def _segment(name: str, value: str) -> str:
    """One step of a path. A step that is empty, or that means another step, would be another path."""
    if value in ("", ".", ".."):
        raise UnfitMessage(name, "is missing" if not value else "is no id")
    return quote(value, safe="")


def _query(fields: Mapping[str, Any]) -> str:
    said = {name: _text(value) for name, value in fields.items()}
    return f"?{urlencode(said, quote_via=quote)}" if said else ""


def _text(value: Any) -> str:
    if isinstance(value, list):
        return ",".join(map(_text, value))
    return ("true" if value else "false") if isinstance(value, bool) else str(value)


def _multipart(rule: HttpRule, path: str, fields: dict[str, Any]) -> HttpRequest:
    """The part `file` with its name and type, and the other fields as they are."""
    body = fields.pop("file", b"")
    filename, content_type = fields.pop("filename", None), fields.pop("content_type", None)
    part = (filename or "file", body, content_type) if content_type else (filename or "file", body)
    said = {name: _text(value) for name, value in fields.items()}
    encoded, encoded_type = encode_multipart_formdata({**said, "file": part})
    return HttpRequest(rule.method, path, encoded_type, encoded)
