"""The proto against the one table of operations: every operation is a method, and every field has its place."""

import re
from collections import defaultdict
from collections.abc import Iterator
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin

import pytest
from google.protobuf.descriptor import FieldDescriptor
from pydantic import BaseModel

from chat4all.contract.documents.problems import Problem
from chat4all.contract.operation import Operation
from chat4all.contract.table import OPERATIONS
from edge.contract import STREAM, Method, message_class, methods
from edge.documents import FIELD_MASK, LIST, STRUCT, TIMESTAMP, VALUE, is_map

METHODS: dict[str, Method] = {method.name: method for method in methods()}
FORM_PARTS = {"UploadFileRequest": {"filename", "content_type"}}
"""What stands beside the bytes in the part of a form."""


def method_of(operation: Operation) -> Method:
    """Its method has its name, in upper camel case."""
    name = operation.id[0].upper() + operation.id[1:]
    assert name in METHODS, f"proto/chat4all/v1 has no method {name}"
    return METHODS[name]


@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda operation: operation.id)
def test_an_operation_is_a_method(operation: Operation) -> None:
    method = method_of(operation)
    rule = method.rule
    assert rule is not None
    assert rule.method == operation.method
    assert re.sub(r"\{\w+\}", "{}", rule.path) == re.sub(r"\{\w+\}", "{}", operation.path)
    assert rule.has_body == (operation.body is not None)
    if operation.body is not None:
        assert rule.body_media_type == operation.media_type
    assert rule.answer_statuses == {status for status in operation.answers if status >= 300}
    said = operation.body or operation.query
    own = set(method.request.DESCRIPTOR.fields_by_name) - set(rule.variables)
    own -= {
        f.name for f in method.request.DESCRIPTOR.fields if f.message_type and f.message_type.full_name == FIELD_MASK
    }
    assert own - FORM_PARTS.get(method.request.DESCRIPTOR.name, set()) == names(said)


def names(model: type[BaseModel] | None) -> set[str]:
    """As they are in JSON."""
    return {info.alias or name for name, info in model.model_fields.items()} if model else set()


def test_a_method_is_an_operation() -> None:
    known = {method_of(operation).name for operation in OPERATIONS} | {STREAM.rpartition(".")[2]}
    assert METHODS.keys() == known


def test_fields_are_what_documents_have() -> None:
    """Both ways: what is answered or asked has a field of its kind, and each field is of one of the documents."""
    seen: dict[str, set[str]] = defaultdict(set)
    wrong: list[str] = []
    for operation in OPERATIONS:
        method = method_of(operation)
        assert method.rule is not None
        if operation.body is not None:
            wrong += compared(operation.body, method.request.DESCRIPTOR, seen)
        for answer in operation.answers.values():
            kind = method.response.DESCRIPTOR
            if answer is None:
                assert not kind.fields, f"{operation.id} answers nothing"
                continue
            if method.rule.answer_field:
                seen[kind.name].add(method.rule.answer_field)
                kind = kind.fields_by_name[method.rule.answer_field].message_type
            wrong += compared(answer, kind, seen)
    wrong += compared(Problem, message_class("Problem").DESCRIPTOR, seen)
    assert not wrong, "\n".join(sorted(set(wrong)))
    requests = {method.request.DESCRIPTOR.name for method in METHODS.values()}
    without = [
        f"{name}.{field.name}"
        for name, fields in sorted(seen.items())
        if name not in requests
        for field in message_class(name).DESCRIPTOR.fields
        if field.name not in fields
    ]
    assert not without, f"fields of no document: {', '.join(without)}"


def compared(model: type[BaseModel], kind: Any, seen: dict[str, set[str]]) -> Iterator[str]:
    """What of `model` the message `kind` does not have, or has otherwise."""
    if model.model_config.get("extra") == "allow":
        seen[kind.name] |= set(kind.fields_by_name)
    for name, info in ((info.alias or name, info) for name, info in model.model_fields.items()):
        field = kind.fields_by_name.get(name)
        if field is None:
            yield f"{kind.name} has no field {name} ({model.__name__})"
            continue
        is_known = name in seen[kind.name]
        seen[kind.name].add(name)
        wanted = plain(info.annotation)
        if not fits(wanted, field):
            yield f"{kind.name}.{name} is not {wanted} ({model.__name__})"
        inner = next((one for one in (wanted, *get_args(wanted)) if isinstance(plain(one), type)), None)
        if not is_known or field.message_type is not None:
            value = field.message_type.fields_by_name["value"] if is_map(field) else field
            for one in (plain(inner), *map(plain, get_args(wanted))):
                is_model = isinstance(one, type) and issubclass(one, BaseModel) and one is not model
                if is_model and value.message_type is not None:
                    yield from compared(one, value.message_type, seen)


def plain(annotation: Any) -> Any:
    """Without Annotated and `| None`; a Literal is what its values are."""
    origin = get_origin(annotation)
    if origin is Annotated:
        return plain(get_args(annotation)[0])
    if origin in (Union, UnionType):
        kinds = [plain(one) for one in get_args(annotation) if one is not NoneType]
        return kinds[0] if len({str(kind) for kind in kinds}) == 1 else Any
    if origin is Literal:
        return type(get_args(annotation)[0])
    return annotation


SCALARS: dict[Any, set[int]] = {
    str: {FieldDescriptor.TYPE_STRING},
    int: {FieldDescriptor.TYPE_INT32, FieldDescriptor.TYPE_INT64},
    float: {FieldDescriptor.TYPE_DOUBLE},
    bool: {FieldDescriptor.TYPE_BOOL},
    bytes: {FieldDescriptor.TYPE_BYTES},
}


def fits(wanted: Any, field: Any) -> bool:
    """Whether the kind of a pydantic field is that of the proto's."""
    origin, arguments = get_origin(wanted), [plain(one) for one in get_args(wanted)]
    if origin is dict and is_map(field):
        value = field.message_type.fields_by_name["value"]
        if get_origin(arguments[1]) is list:
            return value.message_type is not None and value.message_type.full_name == LIST
        return fits(arguments[1], value)
    if origin is dict or wanted is dict:
        return named(field, STRUCT)
    if origin is list:
        return field.is_repeated and not is_map(field) and fits(arguments[0], field)
    if wanted is Any:
        return named(field, VALUE)
    if wanted is str:
        return field.type in SCALARS[str] or named(field, TIMESTAMP)
    if isinstance(wanted, type) and issubclass(wanted, BaseModel):
        return field.message_type is not None
    return field.type in SCALARS.get(wanted, set())


def named(field: Any, name: str) -> bool:
    """Whether it is a message of this name."""
    return field.message_type is not None and field.message_type.full_name == name
