"""Edits and unsends of what has gone out: each part that the provider has is changed, taken back, or followed by a new text."""

from collections.abc import Iterable, Sequence
from typing import Any

from pynamodb.expressions.update import Action

from chat4all.applied_changes import revision_of
from chat4all.channels.channel import Channel
from chat4all.channels.delivery_events import delivery_updated
from chat4all.channels.delivery_log import DeliveryLog
from chat4all.channels.fates import NotSent
from chat4all.channels.media import MediaStore
from chat4all.channels.outgoing import EditText, MediaPart, Part, Retract, TextPart
from chat4all.channels.performing import Performing, Request
from chat4all.channels.sending_parts import PartSending, Task, final_reason, is_final, outgoing_of
from chat4all.channels.substitutes import send_edited
from chat4all.clock import now_ms, rfc3339
from chat4all.kafka.events import Event
from chat4all.kafka.schemas import DeliveryRequested
from chat4all.stores.deliveries import Delivery, way_prefix
from chat4all.stores.messages import Message

_SHORTER = "taken_back: the message has become shorter"


class Edits:
    """Of one channel and environment. Each brings the parts to what the message is now, so it may come again."""

    def __init__(self, channel: Channel, performing: Performing, sending: PartSending, media: MediaStore) -> None:
        self._channel = channel
        self._performing = performing
        self._sending = sending
        self._media = media

    def edit(self, request: Request) -> Sequence[Event]:
        """Have the recipient see what the message says now; reports of its deliveries.

        A message that has become longer gets more parts behind the others; of one that has become shorter the last are taken
        back. Where a part cannot be changed, the whole new text is sent as an answer to the first.

        Raises:
            NotSent: it must come again.
        """
        deliveries = _sent(request)
        if request.message.deleted_at is not None or _is_done(request, deliveries):
            return ()
        try:
            parts = self._parts(request)
            why = self._change(request, deliveries, parts)
            if why is None:
                reports = self._more(request, parts, len(deliveries))
                return [
                    *reports,
                    *_mark(request, _sent(request)[: len(parts)], None),
                    *_mark(request, deliveries[len(parts) :], _SHORTER),
                ]
            failure = send_edited(self._channel, self._sending, request)
        except NotSent as error:
            if not is_final(error, is_last_try=request.is_last_try):
                raise
            failure = why = final_reason(error)
        if failure is not None:
            return _mark(request, deliveries, f"edit_not_shown: {failure}", shown=False)
        return _mark(request, deliveries, f"edit_as_new_text: {why}")

    def retract(self, request: Request) -> Sequence[Event]:
        """Take every part back; reports of its deliveries.

        Raises:
            NotSent: it must come again.
        """
        deliveries = _sent(request)
        if _is_done(request, deliveries):
            return ()
        try:
            whys = [self._performing.act(request, Retract(str(d.external_id))) for d in deliveries]
        except NotSent as error:
            if not is_final(error, is_last_try=request.is_last_try):
                raise
            whys = [final_reason(error)]
        why = next((why for why in whys if why is not None), None)
        if why is not None:
            return _mark(request, deliveries, f"not_taken_back: {why}", shown=False)
        return _mark(request, deliveries, "taken_back: the channel shows it no more")

    def _change(self, request: Request, deliveries: Sequence[Delivery], parts: Sequence[Part]) -> str | None:
        """Change the parts that there are; why that cannot be."""
        edits = [_edit_of(delivery, part) for delivery, part in zip(deliveries, parts, strict=False)]
        for edit in edits:
            why = self._performing.act(request, edit) if edit is not None else "unsupported: not a text"
            if why is not None:
                return why
        for delivery in deliveries[len(parts) :]:
            why = self._performing.act(request, Retract(str(delivery.external_id)))
            if why is not None:
                return why
        return None

    def _more(self, request: Request, parts: Sequence[Part], standing: int) -> Iterable[Event]:
        """Send the parts that the message did not have before."""
        if len(parts) <= standing:
            return ()
        log = DeliveryLog(_requested_at_first(request))
        task = Task(log, request.account, request.recipient, parts, request.remaining_ms, request.is_last_try)
        return list(self._sending.send(task))

    def _parts(self, request: Request) -> Sequence[Part]:
        message = request.message
        said = outgoing_of(self._media, _facts(message), request.asked.sender_name, request.account)
        return self._channel.parts.parts_of(said)


def _edit_of(delivery: Delivery, part: Part) -> EditText | None:
    if isinstance(part, TextPart):
        return EditText(str(delivery.external_id), part.text)
    if isinstance(part, MediaPart):
        return EditText(str(delivery.external_id), part.caption, is_caption=True)
    return None


def _sent(request: Request) -> list[Delivery]:
    """Parts that the provider has, in their order."""
    asked = request.asked
    prefix = way_prefix(asked.message_seq, asked.recipient_id, asked.channel, asked.account_id)
    found = Delivery.query(asked.conversation_id, Delivery.delivery_key.startswith(prefix), consistent_read=True)
    return [d for d in found if d.external_id]


def _is_done(request: Request, deliveries: Sequence[Delivery]) -> bool:
    """Nothing was sent, or all of it shows this change, or a later one."""
    return all(int(d.revision or 0) >= request.asked.seq for d in deliveries)


def _mark(request: Request, deliveries: Sequence[Delivery], note: str | None, *, shown: bool = True) -> Sequence[Event]:
    """Write what the recipient sees: the message's revision, where they see it, and in what that differs."""
    for delivery in deliveries:
        actions: list[Action] = [
            Delivery.note.set(note) if note else Delivery.note.remove(),
            Delivery.updated_at.set(now_ms()),
        ]
        if shown:
            actions.append(Delivery.revision.set(max(revision_of(request.message), request.asked.seq)))
        delivery.update(actions, condition=Delivery.status.exists())
    return [delivery_updated(delivery) for delivery in deliveries]


def _requested_at_first(request: Request) -> DeliveryRequested:
    """As the router asked for the message, for the parts that come to it."""
    asked, message = request.asked, request.message
    return DeliveryRequested(
        conversation_id=asked.conversation_id,
        seq=asked.message_seq,
        message_id=asked.message_id,
        sender_id=str(message.sender_id),
        sender_name=asked.sender_name,
        recipient_id=asked.recipient_id,
        channel=asked.channel,
        account_id=asked.account_id,
        address=asked.address,
        message=_facts(message),
    )


def _facts(message: Message) -> dict[str, Any]:
    return {
        "type": message.type,
        "content": message.content,
        "file": message.file,
        "reply_to": message.reply_to,
        "created_at": rfc3339(int(message.created_at)),
    }
