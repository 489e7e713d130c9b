"""The WebSocket API for the command's live client: what it asks is done by the product, what happens is told to everybody."""

import json
from collections.abc import Iterator, Sequence
from contextlib import suppress
from threading import Lock
from typing import Any

from websockets.exceptions import ConnectionClosed

from chat4all import bootstrap
from chat4all.client_events import websocket_frame
from chat4all.history import HistoryQuery
from chat4all.kafka.events import Event
from chat4all.kafka.topics import Topic
from chat4all.websocket.actions import Actions
from tests.contract.chat_page.deployment import RoutingPublisher
from tests.contract.chat_page.hub import Hub, rfc3339
from tests.contract.messaging import connected, records

Json = dict[str, Any]


class ActingHub(Hub):
    """Does what is asked, one request at a time with those over HTTP (`turn`)."""

    def __init__(self) -> None:
        super().__init__()
        self.turn = Lock()
        self.asked: list[dict[str, Any]] = []

    def answers(self, user_id: str, request: dict[str, Any]) -> list[dict[str, Any]]:
        self.asked.append(request)
        if request["action"] == "heartbeat":
            return super().answers(user_id, request)
        with self.turn:
            if request["action"] == "sync":
                return list(_missed(user_id, request))
            return [Actions(bootstrap.app()).answer(connected(user_id), json.dumps(request))]


def _missed(user_id: str, request: Json) -> Iterator[Json]:
    """A sync from the history: the product's own needs @connections, which only a gateway has (tests/e2e)."""
    through, count = {}, 0
    for conversation_id, after in request["data"]["conversations"].items():
        page = bootstrap.app().history.list(user_id, HistoryQuery(conversation_id, limit=100, after_seq=after))
        for message in page["items"]:
            frame = {"conversation_id": conversation_id, "seq": message["seq"], "time": rfc3339()}
            yield frame | {"type": "sync.message", "data": message}
            count += 1
        through[conversation_id] = page["complete_through"]
    done = {"conversations": through, "other": [], "more": False}
    yield {"type": "sync.done", "time": rfc3339(), "data": done}
    yield {"type": "ack", "id": request["id"], "data": {"messages": count}}


class TellingPublisher(RoutingPublisher):
    """Routes what is sent, and tells the hub what happens."""

    def __init__(self, hub: Hub) -> None:
        super().__init__()
        self._hub = hub

    def publish(self, events: Sequence[Event]) -> None:
        """Keep, route and tell."""
        super().publish(events)
        for event in events:
            if event.topic == Topic.EVENTS:
                self._tell(event)

    def _tell(self, event: Event) -> None:
        (record,) = records([event])
        for user_id in record.event["data"]["audience"]:
            with suppress(ConnectionClosed):
                self._hub.tell(user_id, websocket_frame(record.event))
