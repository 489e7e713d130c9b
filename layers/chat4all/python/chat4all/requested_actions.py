"""What the router asks of the connectors about messages that have gone out: edits, unsends and reactions.

They stand on the same topic as deliveries, with the same key, so each recipient sees them after what they are about.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

from chat4all.clock import now_ms
from chat4all.domain.changes import DELETE, EDIT, REACT
from chat4all.domain.presence_in_sequence import said_in
from chat4all.domain.routes import Recipient, Route
from chat4all.kafka.events import Event
from chat4all.kafka.topics import outbound
from chat4all.stores.deliveries import Delivery
from chat4all.stores.messages import Message

ACTIONS = {EDIT: "edit", DELETE: "retract", REACT: "react"}
"""By the type of the entry; other changes concern no channel."""


def changed_on_channels(
    data: Mapping[str, Any], message: Message, recipients: Sequence[Recipient], sender_name: Callable[[str], str | None]
) -> Iterator[Event]:
    """Requests for everybody to whom the message went over a channel; a reaction also for who wrote it from one.

    Costs half a read unit, and nothing where nobody in the conversation has an address.

    Args:
        data: the change, as chat4all.messages carries it.
        recipients: all members.
        sender_name: as Speakers.name_for has it.
    """
    action = ACTIONS.get(data["type"])
    if action is None or not any(r.addresses for r in recipients):
        return
    routes = {_key(route): route for route in _delivered(message)}
    if data["type"] == REACT:
        routes |= {_key(route): route for route in _written_from(message, recipients)}
    own = _where_they_see_it(data["sender_id"], recipients)
    for route in routes.values():
        if route.recipient_id not in own and _key(route)[1:] not in own:  # what they did themselves, they see
            speaker = data["sender_id"] if action == "react" else str(message.sender_id)
            more = {"seq": int(data["seq"]), "sender_id": data["sender_id"], "sender_name": sender_name(speaker)}
            yield action_requested(action, message, route, more)


def action_requested(action: str, message: Message, route: Route, more: Mapping[str, Any]) -> Event:
    """Event on chat4all.outbound.<channel>: kafka.schemas.ChannelActionRequested; `more` has seq, sender_id and sender_name."""
    body = {
        "conversation_id": message.conversation_id,
        "message_id": message.message_id,
        "message_seq": int(message.seq),
        "action": action,
        "recipient_id": route.recipient_id,
        "channel": route.channel,
        "account_id": route.account_id,
        "address": route.address,
        **more,
    }
    kind = "chat4all.channel_action.requested.v1"
    return Event(outbound(route.channel), kind, str(message.conversation_id), body, now_ms())


def _key(route: Route) -> tuple[str, str, str, str]:
    return route.recipient_id, route.channel, route.account_id, route.address


def _delivered(message: Message) -> Iterable[Route]:
    seq = int(message.seq)
    between = Delivery.delivery_key.between(f"{seq:012d}", f"{seq + 1:012d}")
    for found in Delivery.query(message.conversation_id, between, consistent_read=True):
        yield Route(found.recipient_id, found.channel, found.account_id, found.address)


def _where_they_see_it(user_id: str, recipients: Iterable[Recipient]) -> set[Any]:
    """Their user ids and addresses, and the group chat in which they speak where they are nowhere else."""
    own: set[Any] = {user_id}
    for recipient in recipients:
        if recipient.is_self(user_id):
            own |= {recipient.user_id, *recipient.addresses, *(guest.user_id for guest in recipient.in_place_of)}
            if recipient.speaks_in is not None and not recipient.in_app:
                own.add(recipient.speaks_in)
    return own


def _written_from(message: Message, recipients: Iterable[Recipient]) -> Iterable[Route]:
    """The writer's own chat, or the group chat that it was said in."""
    chat = said_in({"channel": message.channel, "metadata": message.metadata})
    for recipient in recipients:
        for channel, account_id, address in recipient.addresses:
            is_theirs = channel == message.channel and recipient.is_self(message.sender_id)
            if (channel, address) == chat or (chat is None and is_theirs):
                yield Route(recipient.user_id, channel, account_id, address)
