"""One event of the topic, read once for all streams."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from google.protobuf.message import Message

from chat4all.client_events import websocket_frame
from chat4all.clock import ms_of
from chat4all.domain.coalescing import ClientEvent, audiences
from chat4all.kafka.events import decode
from chat4all.kafka.topics import Topic
from edge.contract import message_class
from edge.documents import fill

TOPIC = str(Topic.EVENTS)


@dataclass(frozen=True)
class Happening:
    """An event with its place. `message` is made when the first stream tells it, and shared."""

    partition: int
    offset: int
    bytes: int
    """Of the record."""
    audience: frozenset[str]
    type: str
    conversation_id: str | None
    document: Mapping[str, Any] = field(repr=False)
    """The CloudEvent."""

    @cached_property
    def message(self) -> Message:
        """chat4all.v1.Event without its cursor."""
        return event_message(websocket_frame(self.document))

    def is_over(self, now_ms: int) -> bool:
        """Whether nobody shows it any more: a typing whose time has passed (chat4all.domain.coalescing)."""
        data = self.document["data"]
        time_ms = ms_of(self.document["time"])
        event = ClientEvent(self.type, self.document["subject"], time_ms, self.audience, data["data"])
        return bool(self.audience) and not audiences([event], now_ms)[0]


def read(partition: int, offset: int, value: bytes | None) -> Happening:
    """A record of the topic; raises chat4all.kafka.events.UnreadableEvent."""
    document = decode(TOPIC, value)
    frame = websocket_frame(document)
    return Happening(
        partition,
        offset,
        len(value or b""),
        frozenset(document["data"]["audience"]),
        frame["type"],
        frame.get("conversation_id"),
        document,
    )


def event_message(frame: Mapping[str, Any]) -> Message:
    """chat4all.v1.Event of a frame, as a WebSocket gets it."""
    message = message_class("Event")()
    fill(message, frame)
    return message
