"""DynamoDB units of a text message between two, counted from ConsumedCapacity: the send and its routing, on the real engine."""

import uuid
from collections import Counter
from typing import Any

from pynamodb.connection import Connection

from chat4all.connections import Connections
from chat4all.kafka.events import encode
from chat4all.rate_limits import RateLimiter
from chat4all.stores.members import Member
from tests.contract.messaging import Messaging, new_user

WRITES = {"PutItem", "UpdateItem", "DeleteItem", "BatchWriteItem", "TransactWriteItems"}


class CountedUnits:
    """Adds ReturnConsumedCapacity to each request and counts what the answers say."""

    def __init__(self, connection: Connection) -> None:
        self.units: Counter[str] = Counter()
        self.calls: Counter[str] = Counter()
        events = connection.client.meta.events
        events.register("provide-client-params.dynamodb.*", self._ask)
        events.register("after-call.dynamodb.*", self._count)

    def _ask(self, params: dict[str, Any], model: Any, **_: Any) -> dict[str, Any]:
        if "ReturnConsumedCapacity" in model.input_shape.members:
            params["ReturnConsumedCapacity"] = "INDEXES"
        return params

    def _count(self, parsed: dict[str, Any], model: Any, **_: Any) -> None:
        self.calls[model.name] += 1
        consumed = parsed.get("ConsumedCapacity") or []
        for entry in consumed if isinstance(consumed, list) else [consumed]:
            self.units["write" if model.name in WRITES else "read"] += entry.get("CapacityUnits", 0)
        if parsed.get("Error"):
            self.units["write"] += 1  # a failed condition is billed as the write it would have been


def measure(messages: int = 20, *, presence: bool) -> dict[str, float]:
    """Units and calls for each message, in steady state: the rate limit idle, the router warm.

    `presence`: with what the realtime function reads to know where both users are online.
    """
    messaging = Messaging()
    ana, bob = new_user(), new_user()
    conversation = messaging.conversation(ana, bob)
    counted = CountedUnits(Member.client())
    for number in range(messages + 1):
        if number == 1:
            counted.units.clear()
            counted.calls.clear()
        RateLimiter().take(f"send:{uuid.uuid4()}", 5, 10)
        messaging.send(conversation, ana, "A text of an ordinary length, as people send them.")
        messaging.router.route(_records(messaging))
        if presence:
            Connections().of([ana, bob])
    return {
        "write_units": counted.units["write"] / messages,
        "read_units": counted.units["read"] / messages,
        "calls": sum(counted.calls.values()) / messages,
    }


def _records(messaging: Messaging) -> Any:
    from tests.contract.messaging import records

    events = messaging.publisher.take()
    assert all(encode(event) for event in events)
    return records([event for event in events if event.topic == "chat4all.messages"])
