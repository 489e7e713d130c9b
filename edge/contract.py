"""The contract `chat4all.v1` as this process knows it: read from the descriptors in contract.binpb, no code is generated.

`scripts/write-proto` writes that file from proto/. Generated modules would be named chat4all.v1, as if they were the product's.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from google.api import annotations_pb2
from google.protobuf import (  # noqa: F401 - files that ours import
    descriptor_pb2,
    descriptor_pool,
    field_mask_pb2,
    message_factory,
    struct_pb2,
    timestamp_pb2,
)
from google.protobuf.descriptor import Descriptor, MethodDescriptor
from google.protobuf.message import Message

PACKAGE = "chat4all.v1"
STREAM = f"{PACKAGE}.EventsService.StreamEvents"
FILE = Path(__file__).with_name("contract.binpb")
_VERBS = ("get", "put", "post", "delete", "patch")


class ContractError(Exception):
    """The descriptors are not as this code needs them; says which, and why."""


@dataclass(frozen=True, slots=True)
class HttpRule:
    """How a call goes over HTTP: google.api.http and the options of transcoding.proto."""

    method: str
    path: str
    """With `{field}` for what the request has."""
    has_body: bool
    body_media_type: str = "application/json"
    answer_field: str = ""
    """Field of the response which the body of the answer is; empty: it is all of it."""
    answer_statuses: frozenset[int] = frozenset()
    """Beside 2xx."""

    @property
    def has_file(self) -> bool:
        """Whether the request is a file, in bytes, with a few words about it."""
        return self.body_media_type == "multipart/form-data"

    @property
    def variables(self) -> tuple[str, ...]:
        """Fields that stand in the path."""
        return tuple(part[1:-1] for part in self.path.split("/") if part.startswith("{"))


@dataclass(frozen=True, slots=True)
class Method:
    """One method; `rule` is None of those that do not go over HTTP."""

    service: str
    """Full name."""
    name: str
    request: type[Message]
    response: type[Message]
    rule: HttpRule | None

    @property
    def path(self) -> str:
        """As HTTP/2 has it."""
        return f"/{self.service}/{self.name}"


@cache
def load() -> None:
    """Make the messages known to this process; raises ContractError, OSError."""
    pool = descriptor_pool.Default()
    for file in descriptors(FILE.read_bytes()):
        pool.Add(file)


def descriptors(text: bytes) -> Sequence[descriptor_pb2.FileDescriptorProto]:
    """Our own files of a descriptor set, without those of Google that they import."""
    files = descriptor_pb2.FileDescriptorSet.FromString(text).file
    own = [file for file in files if file.package == PACKAGE]
    if not own:
        raise ContractError(f"{FILE.name} has no file of {PACKAGE}: scripts/write-proto writes it")
    return own


def service_names() -> tuple[str, ...]:
    """Full names of all services, sorted."""
    own = descriptors(FILE.read_bytes())
    return tuple(sorted(f"{PACKAGE}.{service.name}" for file in own for service in file.service))


def message_class(name: str) -> type[Message]:
    """The class of a message by its name in the package."""
    load()
    return message_factory.GetMessageClass(descriptor_pool.Default().FindMessageTypeByName(f"{PACKAGE}.{name}"))


def methods() -> Iterable[Method]:
    """All methods, by service; raises ContractError for one that cannot be served."""
    load()
    for name in service_names():
        for method in descriptor_pool.Default().FindServiceByName(name).methods:
            yield Method(
                name,
                method.name,
                message_factory.GetMessageClass(method.input_type),
                message_factory.GetMessageClass(method.output_type),
                None if method.full_name == STREAM else http_rule(method),
            )


def http_rule(method: MethodDescriptor) -> HttpRule:
    """The rule in the options of a method; raises ContractError."""
    options: Any = method.GetOptions()
    rule = options.Extensions[annotations_pb2.http]
    verb = rule.WhichOneof("pattern")
    if verb not in _VERBS or rule.body not in ("", "*") or rule.additional_bindings:
        raise ContractError(f"{method.full_name}: needs one of {', '.join(_VERBS)}, with body * or none")
    found = HttpRule(
        verb.upper(),
        getattr(rule, verb),
        rule.body == "*",
        options.Extensions[_extension("body_media_type")] or "application/json",
        rule.response_body,
        frozenset(options.Extensions[_extension("answer_statuses")]),
    )
    _check(method.full_name, found, method.input_type, method.output_type)
    return found


def _extension(name: str) -> Any:
    return descriptor_pool.Default().FindExtensionByName(f"{PACKAGE}.{name}")


def _check(name: str, rule: HttpRule, request: Descriptor, response: Descriptor) -> None:
    unknown = [variable for variable in rule.variables if variable not in request.fields_by_name]
    if rule.answer_field and rule.answer_field not in response.fields_by_name:
        unknown.append(rule.answer_field)
    if unknown:
        raise ContractError(f"{name}: its option google.api.http names {', '.join(unknown)}, which it does not have")
