"""Fallback chains: the next channel is tried where the recipient has not been reached when the wait is over.

The wait is a parked record: the retrier has it looked at when it is due (docs/decisions/0026). A death at any point leaves the
record, which comes again; a delivery that was requested before is requested again, and its connector knows it by its claim.
Between the look and the send a report may arrive: then the recipient has it on both channels. It cannot be told in time, as no
provider takes a message back that was just sent to another; nothing else makes a second copy.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from chat4all.clock import now_ms
from chat4all.domain.changes import is_message
from chat4all.domain.routes import routes_over
from chat4all.domain.status import has_reached, in_app_status
from chat4all.kafka.events import Event
from chat4all.kafka.publisher import Publisher
from chat4all.logs import logger
from chat4all.message_events import view
from chat4all.requested_deliveries import delivery_requested, record_delivery
from chat4all.requested_rule_actions import fallback_requested
from chat4all.retries.trouble import Waiting
from chat4all.routing_choices import recipient_of
from chat4all.stores.deliveries import Delivery, ways
from chat4all.stores.members import Member
from chat4all.stores.messages import Message


class NotYet(Waiting):
    """The time of this step has not come."""

    def __init__(self, wait_ms: int) -> None:
        super().__init__(f"waits {wait_ms / 1000:.1f} s for the step before it")
        self.wait_s = wait_ms / 1000


class Fallbacks:
    """Goes on with chains. A step costs 3 read units and what a delivery costs."""

    def __init__(self, publisher: Publisher) -> None:
        self._publisher = publisher

    def go_on(self, data: Mapping[str, Any]) -> None:
        """Take a `chat4all.fallback.requested.v1`.

        Raises:
            NotYet, PublishFailed, PynamoDBException: it must come again.
        """
        now = now_ms()
        if now < data["wake_at"]:
            raise NotYet(data["wake_at"] - now)
        if now < data["due_at"]:
            self._publisher.publish([fallback_requested(data)])
            return
        member, message = _member(data), _message(data)
        if member is None or message is None or is_reached(member, int(data["seq"])):
            return
        events = _next_step(data, member, message)
        if events:
            self._publisher.publish(events)
            logger.info("fallback", conversation_id=data["conversation_id"], seq=data["seq"], step=data["step"])


def is_reached(member: Member, seq: int) -> bool:
    """Whether the message has reached the member on any way, the app included."""
    watermarks = {"delivered_seq": int(member.delivered_seq), "read_seq": int(member.read_seq)}
    if member.in_app and has_reached("in_app", in_app_status(seq, routed_through=seq, **watermarks)):
        return True
    own = Delivery.delivery_key.startswith(f"{seq:012d}#{member.user_id}#")
    found = Delivery.query(member.conversation_id, own, consistent_read=True)
    return any(has_reached(channel, status) for (channel, _), status in ways(found).items())


def _next_step(data: Mapping[str, Any], member: Member, message: Message) -> Sequence[Event]:
    """Deliveries over the next channel that there still is, recorded, and the step behind it."""
    recipient, chain, step = recipient_of(member), data["chain"], int(data["step"])
    while step < len(chain):
        channel = chain[step]
        step += 1
        routes = routes_over(recipient, [channel])
        if not routes and not (channel == "in_app" and recipient.in_app):
            continue  # they have no address there any more
        said = view(message)
        for route in routes:
            record_delivery(said, route)
        events = [delivery_requested(said, route, data.get("sender_name")) for route in routes]
        if step < len(chain):
            due_at = now_ms() + int(data["wait_s"]) * 1000
            events.append(fallback_requested(dict(data) | {"step": step, "due_at": due_at}))
        return events
    return ()


def _member(data: Mapping[str, Any]) -> Member | None:
    try:
        return Member.get(data["conversation_id"], data["recipient_id"], consistent_read=True)
    except Member.DoesNotExist:
        return None


def _message(data: Mapping[str, Any]) -> Message | None:
    """As it is now; None where it was unsent."""
    try:
        message = Message.get(data["conversation_id"], int(data["seq"]), consistent_read=True)
    except Message.DoesNotExist:
        return None
    if message.deleted_at is not None or not is_message(message.type):
        return None
    return message
