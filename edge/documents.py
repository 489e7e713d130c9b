"""Messages as JSON documents and back, with the field names of the proto.

Not ProtoJSON to the letter: 64-bit numbers are numbers, and whole numbers of a Struct have no fraction, as the HTTP API has them.
"""

import math
from collections.abc import Mapping
from typing import Any

from google.protobuf import json_format
from google.protobuf.message import Message

STRUCT, VALUE, LIST = "google.protobuf.Struct", "google.protobuf.Value", "google.protobuf.ListValue"
TIMESTAMP, FIELD_MASK = "google.protobuf.Timestamp", "google.protobuf.FieldMask"
_FREE = (STRUCT, VALUE, LIST)
"""What may hold anything."""
_EXACT = 2**53


class UnfitMessage(Exception):
    """A message that no JSON says: `field` is where."""

    def __init__(self, field: str, detail: str) -> None:
        super().__init__(f"{field}: {detail}")
        self.field = field
        self.detail = detail


class UnfitDocument(Exception):
    """A document that the message cannot hold; says where."""


def document_of(message: Message, where: str = "") -> dict[str, Any]:
    """What is set in `message`. Raises UnfitMessage: a number that is none, a time beyond the years 1 to 9999."""
    return {
        field.name: _field_value(field, value, f"{where}.{field.name}" if where else field.name)
        for field, value in message.ListFields()
    }


def is_map(field: Any) -> bool:
    """Whether a field is a map, which descriptors show as a list of entries."""
    return field.message_type is not None and field.message_type.GetOptions().map_entry


def _entry(field: Any) -> Any:
    """Descriptor of the values of a map."""
    return field.message_type.fields_by_name["value"]


def _field_value(field: Any, value: Any, where: str) -> Any:
    if is_map(field):
        entry = _entry(field)
        return {str(key): _single(entry, one, f"{where}.{key}") for key, one in value.items()}
    if field.is_repeated:
        return [_single(field, one, f"{where}[{index}]") for index, one in enumerate(value)]
    return _single(field, value, where)


def _single(field: Any, value: Any, where: str) -> Any:
    if field.message_type is None:
        return value
    kind = field.message_type.full_name
    if kind in _FREE:
        return _free(kind, value, where)
    if kind == TIMESTAMP:
        try:
            return value.ToJsonString()
        except ValueError as error:
            raise UnfitMessage(where, str(error)) from error
    return document_of(value, where)


def _free(kind: str, value: Any, where: str) -> Any:
    """What a Struct, Value or ListValue holds. A Value in which nothing is set is null."""
    if kind == STRUCT:
        return {key: _free(VALUE, one, f"{where}.{key}") for key, one in value.fields.items()}
    if kind == LIST:
        return [_free(VALUE, one, f"{where}[{index}]") for index, one in enumerate(value.values)]
    which = value.WhichOneof("kind")
    if which == "struct_value":
        return _free(STRUCT, value.struct_value, where)
    if which == "list_value":
        return _free(LIST, value.list_value, where)
    if which == "number_value":
        return _number(value.number_value, where)
    return None if which in (None, "null_value") else getattr(value, which)


def _number(number: float, where: str) -> int | float:
    if not math.isfinite(number):
        raise UnfitMessage(where, "is no number that JSON has")
    return int(number) if number.is_integer() and abs(number) < _EXACT else number


def fill(message: Message, document: Mapping[str, Any]) -> list[str]:
    """Put `document` into `message`; the paths of what it has no field for, which is left out.

    Raises:
        UnfitDocument: a value of another kind than its field.
    """
    unknown: list[str] = []
    known = _known(message.DESCRIPTOR, document, "", unknown)
    try:
        json_format.ParseDict(known, message)
    except (json_format.ParseError, ValueError, TypeError, OverflowError, AttributeError) as error:
        raise UnfitDocument(f"{message.DESCRIPTOR.full_name}: {error}") from error
    return unknown


def _known(kind: Any, document: Any, where: str, unknown: list[str]) -> Any:
    """`document` without what the message `kind` has no field for. Null is as if it were not there."""
    if kind.full_name in _FREE or kind.full_name == TIMESTAMP or not isinstance(document, Mapping):
        return document
    kept: dict[str, Any] = {}
    for name, value in document.items():
        path = f"{where}.{name}" if where else name
        field = kind.fields_by_name.get(name)
        if field is None:
            unknown.append(path)
        elif field.message_type is None or value is None:
            kept[name] = value
        elif is_map(field):
            kept[name] = _known_values(field, value, path, unknown)
        elif field.is_repeated and isinstance(value, list):
            kept[name] = [_known(field.message_type, one, f"{path}[]", unknown) for one in value]
        else:
            kept[name] = _known(field.message_type, value, path, unknown)
    return kept


def _known_values(field: Any, value: Any, path: str, unknown: list[str]) -> Any:
    kind = _entry(field).message_type
    if kind is None or not isinstance(value, Mapping):
        return value
    return {key: _known(kind, one, f"{path}.*", unknown) for key, one in value.items()}
