"""Events: CloudEvents 1.0 in JSON structured mode (cloudevents.io, JSON event format and Kafka protocol binding 3.3)."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from pydantic import ValidationError

from chat4all.clock import rfc3339
from chat4all.ids import is_id, new_id
from chat4all.kafka.schemas import SCHEMAS, TOPIC_TYPES
from chat4all.kafka.topics import Topic
from chat4all.tracing.current import current
from chat4all.tracing.trace_context import TraceContext

CONTENT_TYPE = b"application/cloudevents+json; charset=UTF-8"
SOURCE = "urn:chat4all"


@dataclass(frozen=True, slots=True)
class Event:
    """A thing that has happened in a conversation. `type` is `chat4all.<noun>.<past verb>.v1`."""

    topic: Topic
    type: str
    conversation_id: str
    """Key: one conversation is one partition and stays in order. Of file checks it is the file's id, of presence the user's."""
    data: Mapping[str, Any]
    time_ms: int
    id: str = field(default_factory=new_id)
    trace: TraceContext | None = field(default_factory=current, compare=False)
    """Of what it comes: that in which it was made, where it is not said. In the record's headers."""


class UnreadableEvent(Exception):
    """A Kafka record that is no event of ours; the message says what is wrong."""


def encode(event: Event) -> bytes:
    """Value of the Kafka record."""
    return json.dumps(
        {
            "specversion": "1.0",
            "id": event.id,
            "source": SOURCE,
            "type": event.type,
            "subject": event.conversation_id,
            "time": rfc3339(event.time_ms),
            "datacontenttype": "application/json",
            "data": event.data,
        },
        separators=(",", ":"),
        ensure_ascii=False,
    ).encode()


def decode(topic: str, value: bytes | None) -> dict[str, Any]:
    """The CloudEvent in a record's value, checked against the schema of its type. Fields that it does not know pass.

    Raises:
        UnreadableEvent: no value, no JSON, no CloudEvent 1.0, a type or version that the topic does not carry, or data
            that lacks what its schema needs.
    """
    if not value:
        raise UnreadableEvent("the record has no value")
    try:
        document = json.loads(value)
    except (ValueError, RecursionError) as error:
        raise UnreadableEvent(f"the value is not JSON: {error}") from error
    if not isinstance(document, dict) or document.get("specversion") != "1.0":
        raise UnreadableEvent("the value is not a CloudEvent 1.0")
    kind = document.get("type")
    if not isinstance(kind, str) or kind not in TOPIC_TYPES.get(Topic(topic), ()):
        raise UnreadableEvent(_unknown_type(topic, kind))
    if not is_id(str(document.get("subject"))):
        raise UnreadableEvent("subject is no conversation id")
    if not isinstance(document.get("time"), str):
        raise UnreadableEvent("time is missing")
    try:
        SCHEMAS[kind].model_validate(document.get("data"))
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        place = ".".join(str(step) for step in ("data", *first["loc"]))
        raise UnreadableEvent(f"{place}: {first['msg']}") from error
    if document["data"].get("conversation_id", document["subject"]) != document["subject"]:
        raise UnreadableEvent("subject is not data.conversation_id")
    return document


def _unknown_type(topic: str, kind: Any) -> str:
    """What to do about a type that is not known: of one that is known in another version, upgrade its reader."""
    name, _, version = str(kind).rpartition(".v")
    known = sorted(k for k in TOPIC_TYPES.get(Topic(topic), ()) if k.rpartition(".v")[0] == name)
    if known and version.isdecimal():
        return (
            f"type {kind} is of a version that is not known here, where {', '.join(known)} is read: "
            f"deploy a consumer of {topic} that reads v{version}, then replay"
        )
    return f"{topic} does not carry type {kind!r}"
