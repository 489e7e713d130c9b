"""DynamoDB units of a text message between two, counted from ConsumedCapacity: the send and its routing, on the real engine."""

import uuid
from collections import Counter
from typing import Any

from botocore.exceptions import ClientError

from chat4all.connections import Connections
from chat4all.kafka.events import encode
from chat4all.rate_limits import RateLimiter
from chat4all.stores.client import WireConnection
from chat4all.stores.members import Member
from tests.contract.messaging import Messaging, new_user

WRITES = {"PutItem", "UpdateItem", "DeleteItem", "BatchWriteItem", "TransactWriteItems"}


class CountedUnits:
    """Adds ReturnConsumedCapacity to each call of a connection and counts what the answers say, while it is entered."""

    def __init__(self, connection: WireConnection) -> None:
        self.units: Counter[str] = Counter()
        self.calls: Counter[str] = Counter()
        self._client = connection.client
        self._call = self._client._make_api_call

    def __enter__(self) -> "CountedUnits":
        self._client._make_api_call = self._counted
        return self

    def __exit__(self, *_error: object) -> None:
        del self._client._make_api_call  # the class has its own, which others may replace

    def _counted(self, operation_name: str, operation_kwargs: dict[str, Any]) -> dict[str, Any]:
        self.calls[operation_name] += 1
        kind = "write" if operation_name in WRITES else "read"
        try:
            parsed: dict[str, Any] = self._call(
                operation_name, operation_kwargs | {"ReturnConsumedCapacity": "INDEXES"}
            )
        except ClientError:
            self.units[kind] += 1  # a failed condition is billed as the write it would have been
            raise
        consumed = parsed["ConsumedCapacity"]
        for entry in consumed if isinstance(consumed, list) else [consumed]:
            self.units[kind] += entry["CapacityUnits"]
        return parsed


def measure(messages: int = 20, *, presence: bool) -> dict[str, float]:
    """Units and calls for each message, in steady state: the rate limit idle, the router warm.

    `presence`: with what the realtime function reads to know where both users are online.
    """
    messaging = Messaging()
    ana, bob = new_user(), new_user()
    conversation = messaging.conversation(ana, bob)
    with CountedUnits(Member.client()) as counted:
        for number in range(messages + 1):
            if number == 1:
                counted.units.clear()
                counted.calls.clear()
            RateLimiter().take(f"send:{uuid.uuid4()}", 5, 10)
            messaging.send(conversation, ana, "A text of an ordinary length, as people send them.")
            messaging.router.route(_records(messaging))
            if presence:
                Connections().open_of([ana, bob])
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
