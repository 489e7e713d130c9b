"""Texts in the place of what a channel cannot do. Each answers the message that it is about, and is sent once, as messages are.

Such a text is a delivery under the number of the change, beside those of the message: it is claimed, split, throttled and
reported alike, but tells no client that the message was sent or read.
"""

from collections.abc import Collection
from dataclasses import dataclass

from pynamodb.expressions.update import Action

from chat4all.applied_changes import find
from chat4all.channels.channel import Channel
from chat4all.channels.delivery_log import DeliveryLog
from chat4all.channels.outgoing import Outgoing
from chat4all.channels.performing import Request
from chat4all.channels.sending_parts import PartSending
from chat4all.channels.sending_tasks import Task
from chat4all.clock import rfc3339
from chat4all.domain.reactions import UserReactions
from chat4all.kafka.schemas import DeliveryRequested
from chat4all.stores.deliveries import Delivery, delivery_key
from chat4all.stores.external_messages import ExternalMessage, find_external_id
from chat4all.stores.messages import Message

EDITED = "✏️"


@dataclass(frozen=True, slots=True)
class AsideLog(DeliveryLog):
    """Of a text that says nothing of a message to clients: one in the place of an action, or a code."""

    def _facts(self, part: int) -> list[Action]:
        return [*DeliveryLog._facts(self, part), Delivery.is_substitute.set(1)]


def send_edited(channel: Channel, sending: PartSending, request: Request) -> str | None:
    """What the message says now, as a new text; None, or why it was not sent.

    Raises:
        NotSent: it must come again.
    """
    return _send(channel, sending, request, f"{EDITED} {request.message.content}")


def send_reaction(channel: Channel, sending: PartSending, request: Request, external_id: str) -> str | None:
    """The emojis that this reaction has added, as far as they still stand; `external_id` is that of the message.

    Raises as send_edited.
    """
    added = _added(request)
    if not added:
        return None
    failure = _send(channel, sending, request, " ".join(added))
    _answers_go_to(request, external_id)
    return failure


def _send(channel: Channel, sending: PartSending, request: Request, text: str) -> str | None:
    asked, message = request.asked, request.message
    wanted = DeliveryRequested(
        conversation_id=asked.conversation_id,
        seq=asked.seq,
        message_id=asked.message_id,
        sender_id=asked.sender_id,
        sender_name=asked.sender_name,
        recipient_id=asked.recipient_id,
        channel=asked.channel,
        account_id=asked.account_id,
        address=asked.address,
        message={
            "type": "text",
            "content": text,
            "reply_to": asked.message_id,
            "created_at": rfc3339(int(message.created_at)),
        },
    )
    said = Outgoing("text", text, asked.sender_name, settings=request.account.settings)
    parts = channel.parts.parts_of(said)
    log = AsideLog(wanted)
    task = Task(log, request.account, request.recipient, parts, request.remaining_ms, request.is_last_try)
    failure: str | None = None
    for report in sending.send(task):
        if report.data["status"] == "failed":
            failure = str(report.data["reason"])
    return failure


def _added(request: Request) -> list[str]:
    asked = request.asked
    entry = find(asked.conversation_id, asked.seq)
    if entry is None or request.message.deleted_at is not None:
        return []
    said = _said_before(request, entry)
    now = request.message.reactions_of_users().get(asked.sender_id, UserReactions()).emojis
    return [emoji for emoji in entry.content or () if emoji not in said and emoji in now]


def _said_before(request: Request, entry: Message) -> Collection[str]:
    """The user's emojis when a text was sent last. Those behind one another may have come as one, the last."""
    asked, earlier = request.asked, entry
    while earlier.base:
        found = find(asked.conversation_id, int(earlier.base))
        if found is None:
            break
        earlier = found
        key = delivery_key(int(earlier.seq), asked.recipient_id, asked.channel, asked.account_id, 0)
        for _ in Delivery.query(asked.conversation_id, Delivery.delivery_key == key, consistent_read=True):
            return frozenset(earlier.content or ())
    return ()


def _answers_go_to(request: Request, external_id: str) -> None:
    """The text carries the message's id, so that what answers it answers the message; our own answers still go to the message."""
    asked, chat = request.asked, request.recipient.chat
    if find_external_id(chat, asked.message_id) != external_id:
        ExternalMessage(
            chat.key_of_own(asked.message_id),
            conversation_id=asked.conversation_id,
            seq=asked.message_seq,
            message_id=asked.message_id,
            external_id=external_id,
        ).save()
