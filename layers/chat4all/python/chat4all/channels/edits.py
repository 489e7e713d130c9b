"""Edits and unsends of what has gone out: each part that the provider has is changed, taken back, or followed by a new text."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from pynamodb.expressions.update import Action

from chat4all.applied_changes import revision_of
from chat4all.channels.channel import Channel
from chat4all.channels.delivery_events import delivery_updated
from chat4all.channels.delivery_log import DeliveryLog
from chat4all.channels.fates import NotSent
from chat4all.channels.media import MediaStore
from chat4all.channels.outgoing import EditText, MediaPart, Part, Retract, TextPart, file_of
from chat4all.channels.performing import Performing, Request
from chat4all.channels.sending_parts import PartSending, final_reason, is_final
from chat4all.channels.sending_tasks import Task, file_ids_of, outgoing_of
from chat4all.channels.substitutes import send_edited
from chat4all.clock import now_ms, rfc3339
from chat4all.kafka.events import Event
from chat4all.kafka.schemas import DeliveryRequested
from chat4all.stores.deliveries import Delivery, way_prefix
from chat4all.stores.messages import Message

_SHORTER = "taken_back: the message has become shorter"
_TAKEN_BACK = "taken_back: the channel shows it no more"
_OF_EDITS = ("edit_as_new_text", "edit_not_shown", "not_taken_back")


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
        rows = _rows(request)
        deliveries = _sent(rows)
        if request.message.deleted_at is not None or all(_shows(request, delivery) for delivery in deliveries):
            return ()
        try:
            parts = self._parts(request)
            why = self._change(request, deliveries, parts)
            if why is None:
                reports = self._more(request, parts) if len(parts) > max(rows) + 1 or _waits(rows) else ()
                return [*reports, *_mark_changed(request, _sent(_rows(request)), len(parts))]
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
        deliveries = _sent(_rows(request))
        if all(_shows(request, delivery) for delivery in deliveries):
            return ()
        why: str | None = None
        try:
            for delivery in deliveries:
                if _shows(request, delivery):
                    continue
                why = self._performing.act(request, Retract(str(delivery.external_id)))
                if why is not None:
                    break
                _mark(request, [delivery], _TAKEN_BACK, is_all=True)
        except NotSent as error:
            if not is_final(error, is_last_try=request.is_last_try):
                raise
            why = final_reason(error)
        if why is not None:
            left = [delivery for delivery in deliveries if not _shows(request, delivery)]
            _mark(request, left, f"not_taken_back: {why}", shown=False, is_all=True)
        return [delivery_updated(delivery) for delivery in deliveries]

    def _change(self, request: Request, deliveries: Sequence[Delivery], parts: Sequence[Part]) -> str | None:
        """Change the parts that there are; why that cannot be.

        Within the rates of a channel it may take several tries, and each goes on where the one before it stopped.
        """
        for delivery in deliveries:
            if int(delivery.changed_to or 0) >= request.asked.seq:
                continue
            if int(delivery.part) >= len(parts):
                why = self._performing.act(request, Retract(str(delivery.external_id)))
            else:
                why = self._change_one(request, delivery, parts)
            if why is not None:
                return why
            if len(deliveries) > 1:
                delivery.update([Delivery.changed_to.set(request.asked.seq)], condition=Delivery.status.exists())
        return None

    def _change_one(self, request: Request, delivery: Delivery, parts: Sequence[Part]) -> str | None:
        number, external_id = int(delivery.part), str(delivery.external_id)
        part, file = parts[number], file_of(parts[number])
        if delivery.file_id and (file is None or file.file_id != delivery.file_id):
            return "unsupported: its parts stand otherwise now"
        if isinstance(part, TextPart):
            return self._performing.act(request, EditText(external_id, part.text))
        if file is None:
            return "unsupported: not a text"
        before = parts[:number]
        if isinstance(part, MediaPart) and not any(isinstance(p, TextPart) or file_of(p) for p in before):
            return self._performing.act(request, EditText(external_id, part.caption, is_caption=True))
        return None  # another file of several, or its caption stands before it: nothing is said with it

    def _more(self, request: Request, parts: Sequence[Part]) -> Iterable[Event]:
        """Send the parts that the message did not have before."""
        log = DeliveryLog(_requested_at_first(request), file_ids_of(parts))
        task = Task(log, request.account, request.recipient, parts, request.remaining_ms, request.is_last_try)
        return list(self._sending.send(task))

    def _parts(self, request: Request) -> Sequence[Part]:
        message = request.message
        said = outgoing_of(self._media, _facts(message), request.asked.sender_name, request.account)
        return self._channel.parts.parts_of(said)


def _rows(request: Request) -> dict[int, Delivery]:
    """Deliveries of the message on this way, by part, in their order."""
    asked = request.asked
    prefix = way_prefix(asked.message_seq, asked.recipient_id, asked.channel, asked.account_id)
    found = Delivery.query(asked.conversation_id, Delivery.delivery_key.startswith(prefix), consistent_read=True)
    return {int(d.part): d for d in found}


def _sent(rows: Mapping[int, Delivery]) -> list[Delivery]:
    """Parts that the provider has."""
    return [d for d in rows.values() if d.external_id]


def _waits(rows: Mapping[int, Delivery]) -> bool:
    """Whether a part that an edit has added was begun and not sent."""
    return any(row.status == "accepted" for row in rows.values())


def _shows(request: Request, delivery: Delivery) -> bool:
    """Whether it is in the state of this change, or a later one."""
    return int(delivery.revision or 0) >= request.asked.seq


def _mark(
    request: Request, deliveries: Sequence[Delivery], note: str | None, *, shown: bool = True, is_all: bool = False
) -> Sequence[Event]:
    """Write what the recipient sees: the message's revision, where they see it, and in what that differs.

    Args:
        is_all: of a file too: else what is noted of it, such as a link in its place, stays.
    """
    for delivery in deliveries:
        said = delivery.note if delivery.file_id and not is_all and not _is_of_edit(delivery.note) else None
        now = said or note
        actions: list[Action] = [
            Delivery.note.set(now) if now else Delivery.note.remove(),
            Delivery.updated_at.set(now_ms()),
        ]
        if shown:
            actions.append(Delivery.revision.set(max(revision_of(request.message), request.asked.seq)))
        delivery.update(actions, condition=Delivery.status.exists())
    return [delivery_updated(delivery) for delivery in deliveries]


def _mark_changed(request: Request, deliveries: Sequence[Delivery], parts: int) -> Sequence[Event]:
    left = [delivery for delivery in deliveries if int(delivery.part) < parts]
    taken = [delivery for delivery in deliveries if int(delivery.part) >= parts]
    return [*_mark(request, left, None), *_mark(request, taken, _SHORTER)]


def _is_of_edit(note: str | None) -> bool:
    return (note or "").partition(":")[0] in _OF_EDITS


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
        "files": message.files() if message.more_files else None,
        "reply_to": message.reply_to,
        "created_at": rfc3339(int(message.created_at)),
    }
