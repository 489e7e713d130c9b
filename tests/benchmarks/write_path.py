"""The designs of the write path that docs/decisions/0003 weighs: the calls of each for one text between two, made and counted.

Each makes the calls of the send and of its routing (limit, membership, number, claim, message, outbox, routed_through) on the
real engine and counts ConsumedCapacity; Kafka is left out, as it costs the same in all. A refused or cancelled write is counted
as AWS bills it (developer guide: a failed condition costs the write it would have been; a transaction two units a KB,
also when it is cancelled).
"""

import random
import time
import uuid
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any

from botocore.exceptions import ClientError

TEXT = "A text of an ordinary length, as people send them."


@dataclass
class Cost:
    """Of the messages made so far."""

    write_units: float = 0
    read_units: float = 0
    sender_trips: int = 0
    """Calls that the sender waits for, one after the other."""
    router_trips: int = 0
    messages: int = 0

    def each(self) -> tuple[float, float, float]:
        """Write units, read units and the sender's round trips of one message."""
        return tuple(round(n / self.messages, 2) for n in (self.write_units, self.read_units, self.sender_trips))  # type: ignore[return-value]


@dataclass
class Path:
    """One conversation of two, and the calls on it."""

    client: Any
    prefix: str
    conversation: str = field(default_factory=lambda: str(uuid.uuid4()))
    user: str = field(default_factory=lambda: str(uuid.uuid4()))
    cost: Cost = field(default_factory=Cost)

    def __post_init__(self) -> None:
        key = {"conversation_id": {"S": self.conversation}}
        head = key | {n: {"N": "0"} for n in ("last_seq", "routed_through", "member_count", "last_activity_at")}
        self.client.put_item(TableName=f"{self.prefix}heads", Item=head)
        member = key | {"user_id": {"S": self.user}, "role": {"S": "member"}}
        self.client.put_item(TableName=f"{self.prefix}members", Item=member)

    def call(self, operation: str, *, by_router: bool = False, **request: Any) -> dict[str, Any]:
        """Make a call and count it; a ClientError passes, counted too."""
        is_read = operation == "get_item"
        if by_router:
            self.cost.router_trips += 1
        else:
            self.cost.sender_trips += 1
        try:
            answer: dict[str, Any] = getattr(self.client, operation)(**request, ReturnConsumedCapacity="INDEXES")
        except ClientError:
            self.cost.write_units += 2 * len(request["TransactItems"]) if "TransactItems" in request else 1
            raise
        consumed = answer["ConsumedCapacity"]
        units = sum(c["CapacityUnits"] for c in (consumed if isinstance(consumed, list) else [consumed]))
        if is_read:
            self.cost.read_units += units
        else:
            self.cost.write_units += units
        return answer

    def limit(self) -> None:
        """A user who has not sent for a while."""
        self.call(
            "update_item",
            TableName=f"{self.prefix}rate-limits",
            Key={"key": {"S": f"send:{uuid.uuid4()}"}},
            UpdateExpression="SET tat = :t, expires_at = :t",
            ConditionExpression="attribute_not_exists(tat) OR tat <= :t",
            ExpressionAttributeValues={":t": {"N": "1"}},
        )

    def membership(self) -> None:
        """Whether the sender may."""
        key = {"conversation_id": {"S": self.conversation}, "user_id": {"S": self.user}}
        self.call("get_item", TableName=f"{self.prefix}members", Key=key, ConsistentRead=True)

    def number(self) -> int:
        """ADD last_seq."""
        answer = self.call("update_item", **self._head("ADD last_seq :one", ":one", 1), ReturnValues="ALL_NEW")
        return int(answer["Attributes"]["last_seq"]["N"])

    def claim(self, seq: int, message_id: str) -> None:
        """The message_id, if nobody has it."""
        self.call("put_item", **self.claim_put(seq, message_id))

    def message(self, seq: int, message_id: str, *, outbox: bool = True) -> None:
        """The message, with or without its entry in the outbox index."""
        self.call("put_item", **self.message_put(seq, message_id, outbox=outbox))

    def head(self) -> dict[str, Any]:
        """What the router reads."""
        request = {"TableName": f"{self.prefix}heads", "Key": {"conversation_id": {"S": self.conversation}}}
        return dict(self.call("get_item", by_router=True, **request, ConsistentRead=True)["Item"])

    def routed(self, seq: int) -> None:
        """The router's read and write."""
        self.head()
        self.call("update_item", by_router=True, **self._head("SET routed_through = :seq", ":seq", seq))

    def unmark(self, seq: int) -> None:
        """Remove the outbox entry of a message that was published."""
        key = {"conversation_id": {"S": self.conversation}, "seq": {"N": str(seq)}}
        table = f"{self.prefix}messages"
        self.call("update_item", TableName=table, Key=key, UpdateExpression="REMOVE outbox_bucket, written_at")

    def claim_put(self, seq: int, message_id: str) -> dict[str, Any]:
        """The claim's PutItem."""
        item = self._common(seq, message_id) | {"fingerprint": {"S": "0" * 64}}
        condition = "attribute_not_exists(message_id)"
        return {"TableName": f"{self.prefix}message-ids", "Item": item, "ConditionExpression": condition}

    def message_put(self, seq: int, message_id: str, *, outbox: bool) -> dict[str, Any]:
        """The message's PutItem."""
        item = self._common(seq, message_id) | {"type": {"S": "text"}, "content": {"S": f'"{TEXT}"'}}
        if outbox:
            item |= {"outbox_bucket": {"S": "bench#0"}, "written_at": {"N": str(seq)}}
        condition = "attribute_not_exists(conversation_id)"
        return {"TableName": f"{self.prefix}messages", "Item": item, "ConditionExpression": condition}

    def head_update(self, seq: int) -> dict[str, Any]:
        """The next number, if `seq` is it."""
        request = self._head("SET last_seq = :seq", ":seq", seq)
        request["ExpressionAttributeValues"][":before"] = {"N": str(seq - 1)}
        return request | {"ConditionExpression": "last_seq = :before"}

    def _common(self, seq: int, message_id: str) -> dict[str, Any]:
        return {
            "message_id": {"S": message_id},
            "conversation_id": {"S": self.conversation},
            "seq": {"N": str(seq)},
            "sender_id": {"S": self.user},
            "created_at": {"N": "1795235400000"},
        }

    def _head(self, update: str, name: str, value: int) -> dict[str, Any]:
        return {
            "TableName": f"{self.prefix}heads",
            "Key": {"conversation_id": {"S": self.conversation}},
            "UpdateExpression": update,
            "ExpressionAttributeValues": {name: {"N": str(value)}},
        }


def this(path: Path) -> None:
    """Entry in an index by time, written with the message and never changed; `routed_through` says what it is worth."""
    _begin(path)
    seq, message_id = path.number(), str(uuid.uuid4())
    path.claim(seq, message_id)
    path.message(seq, message_id)
    path.routed(seq)


def sparse_index(path: Path) -> None:
    """A marker on the message that puts it into a sparse index, removed after the publish."""
    _begin(path)
    seq, message_id = path.number(), str(uuid.uuid4())
    path.claim(seq, message_id)
    path.message(seq, message_id)
    path.unmark(seq)
    path.routed(seq)


def streams(path: Path) -> None:
    """No outbox: a function on the table's stream publishes (Lambda's reads of a stream are not billed)."""
    _begin(path)
    seq, message_id = path.number(), str(uuid.uuid4())
    path.claim(seq, message_id)
    path.message(seq, message_id, outbox=False)
    path.routed(seq)


failure_only = streams
"""An outbox entry is written only when the publish fails: the same calls where it does not."""


def transaction(path: Path) -> None:
    """Number, claim and message with its outbox entry in one transaction, which fails where another was first."""
    _begin(path)
    message_id = str(uuid.uuid4())
    while True:
        request = {"TableName": f"{path.prefix}heads", "Key": {"conversation_id": {"S": path.conversation}}}
        seq = int(path.call("get_item", **request, ConsistentRead=True)["Item"]["last_seq"]["N"]) + 1
        try:
            path.call(
                "transact_write_items",
                TransactItems=[
                    {"Update": path.head_update(seq)},
                    {"Put": path.claim_put(seq, message_id)},
                    {"Put": path.message_put(seq, message_id, outbox=True)},
                ],
            )
        except ClientError as error:
            if error.response["Error"]["Code"] != "TransactionCanceledException":
                raise
            time.sleep(random.uniform(0.001, 0.02))
        else:
            break
    path.routed(seq)


def _begin(path: Path) -> None:
    path.cost.messages += 1
    path.limit()
    path.membership()


Design = Callable[[Path], None]
DESIGNS: dict[str, Design] = {
    "this": this,
    "sparse index": sparse_index,
    "transaction": transaction,
    "streams": streams,
    "failure-only outbox": failure_only,
}


def alone(design: Design, client: Any, prefix: str, messages: int = 10) -> Cost:
    """The cost of messages one after the other."""
    path = Path(client, prefix)
    for _ in range(messages):
        design(path)
    return path.cost


def busy(design: Design, client: Any, prefix: str, senders: int = 8, each: int = 5) -> Cost:
    """The cost of messages of `senders` at once in one conversation."""
    first = Path(client, prefix)
    paths = [Path(client, prefix, first.conversation) for _ in range(senders)]

    def send(path: Path) -> None:
        for _ in range(each):
            design(path)

    with ThreadPoolExecutor(senders) as pool:
        list(pool.map(send, paths))
    total = Cost()
    for path in paths:
        for name in ("write_units", "read_units", "sender_trips", "router_trips", "messages"):
            setattr(total, name, getattr(total, name) + getattr(path.cost, name))
    return total
