"""The parts of one message on their way to one recipient: each is sent once, in order."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from chat4all.channels.answers import Answers
from chat4all.channels.channel import Channel, Sender, Target
from chat4all.channels.delivery_events import delivery_updated
from chat4all.channels.delivery_log import LEASE_MS, Answer, DeliveryLog
from chat4all.channels.fates import NotSent, Permanent, ThrottledUntil, TryAgain, UnderWay
from chat4all.channels.media import MediaStore
from chat4all.channels.outgoing import LinkPart, MediaPart, Outgoing, Part
from chat4all.channels.recipients import Recipient
from chat4all.channels.references import reference
from chat4all.channels.shaping import Shaping
from chat4all.channels.statuses import reported_before
from chat4all.circuit_breakers import CircuitBreakers
from chat4all.clock import now_ms
from chat4all.kafka.events import Event
from chat4all.stores.accounts import Account
from chat4all.stores.deliveries import Delivery
from chat4all.stores.external_messages import SentTo, find_external_id, remember


@dataclass(frozen=True, slots=True)
class Task:
    """One request, with what it needs."""

    log: DeliveryLog
    account: Account
    recipient: Recipient
    parts: Sequence[Part]
    remaining_ms: Callable[[], int]
    is_last_try: bool
    is_aside: bool = False
    """Of no conversation: what they write next belongs where it did before."""


def outgoing_of(media: MediaStore, message: Mapping[str, Any], sender_name: str | None, account: Account) -> Outgoing:
    """A message (as DeliveryRequested has it), to be cut into parts; raises NotSent where its file cannot be sent, or not yet."""
    return Outgoing(
        type=message["type"],
        content=message["content"],
        sender_name=sender_name,
        file=media.outgoing(message["file"]) if message.get("file") else None,
        settings=account.settings,
    )


class PartSending:
    """Of one channel and environment."""

    def __init__(self, channel: Channel, sender: Sender, breakers: CircuitBreakers, shaping: Shaping) -> None:
        self._channel = channel
        self._sender = sender
        self._breakers = breakers
        self._shaping = shaping
        self._answers = Answers()

    def send(self, task: Task) -> Iterator[Event]:
        """Reports of each part; after one that can never be sent the rest fails with it.

        Raises:
            NotSent: what is left must come again; the reports before it stand.
        """
        failure: str | None = None
        for number in range(len(task.parts)):
            delivery = task.log.settled(number)
            if delivery is None and failure is not None:
                delivery = task.log.failed(number, failure)
            elif delivery is None:
                delivery = self._settle(task, number)
            if delivery.status == "failed":
                failure = delivery.reason
                yield delivery_updated(delivery)
            else:
                yield delivery_updated(delivery)
                yield from _remember(task, delivery)

    def _settle(self, task: Task, number: int) -> Delivery:
        """The delivery as it is now, sent or failed; raises NotSent where neither."""
        claim: int | None = None
        try:
            answer = self._answers.known(task.log, number)
            if answer is None:
                claim = task.log.begin(number, len(task.parts), self._lease_ms(task, number))
                answer = self._send(task, number)
            return self._answers.write(task.log, number, answer, task.remaining_ms)
        except UnderWay:
            raise
        except NotSent as error:
            if not is_final(error, is_last_try=task.is_last_try):
                task.log.tried(number, error.fate.reason, claim)
                raise
            return task.log.failed(number, final_reason(error))

    def _lease_ms(self, task: Task, number: int) -> int:
        """How long at most it takes: an upload as long as the invocation lives."""
        is_upload = isinstance(task.parts[number], MediaPart)
        return max(LEASE_MS, task.remaining_ms() if is_upload else self._channel.limits.RESERVE_MS)

    def _send(self, task: Task, number: int) -> Answer:
        part, recipient, limits = task.parts[number], task.recipient, self._channel.limits
        settings: Mapping[str, Any] = task.account.settings
        terms = limits.window(recipient.last_inbound_ms, now_ms(), settings)
        if terms is None:
            raise NotSent(Permanent("outside_window: the channel takes nothing for them until they write again"))

        def may_wait(wait_s: float) -> bool:
            return task.remaining_ms() - wait_s * 1000 > limits.RESERVE_MS

        if not may_wait(0):
            raise NotSent(TryAgain("no_time: the invocation ends before it could be sent"))
        self._shaping.wait_for_turn(task.account.id, recipient.address, limits.RATES, may_wait)
        target = Target(
            task.account.id,
            settings,
            recipient.address,
            terms,
            task.remaining_ms,
            reference(task.log.request.message_id, number),
        )
        answered = task.log.request.message.get("reply_to") if number == 0 else None
        reply_to = find_external_id(recipient.chat, answered) if answered else None
        sent_at = now_ms()
        sent = self._breakers.send(task.account.id, lambda: self._sender.send(target, part, reply_to))
        return Answer(sent.external_id, sent_at, sent.note or (part.reason if isinstance(part, LinkPart) else None))


def is_final(error: NotSent, *, is_last_try: bool) -> bool:
    """Whether nothing is tried again."""
    return is_last_try or not isinstance(error.fate, TryAgain | ThrottledUntil)


def final_reason(error: NotSent) -> str:
    """As it stands in the delivery."""
    passes = isinstance(error.fate, TryAgain | ThrottledUntil)
    return f"expired: {error.fate.reason}" if passes else error.fate.reason


def _remember(task: Task, delivery: Delivery) -> Sequence[Event]:
    """What answers and reports need; what was reported before. Repeated with the record, so a death in between leaves no gap."""
    request, recipient, external_id = task.log.request, task.recipient, str(delivery.external_id)
    sent_at = int(delivery.sent_at or delivery.updated_at)
    sent = SentTo(request.sender_id, request.recipient_id, int(delivery.part), sent_at)
    known = remember(
        recipient.chat,
        external_id,
        conversation_id=request.conversation_id,
        seq=request.seq,
        message_id=request.message_id,
        sent=sent,
    )
    if not task.is_aside:
        recipient.was_told_in(request.conversation_id)
    return reported_before(recipient.chat, known)
