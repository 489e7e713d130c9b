"""The parts of one message on their way to one recipient: each is sent once, in order."""

from collections.abc import Iterator, Sequence

from chat4all.channels.albums import Albums
from chat4all.channels.answers import Answers
from chat4all.channels.channel import Channel, Sender
from chat4all.channels.delivery_events import delivery_updated
from chat4all.channels.delivery_log import LEASE_MS, Answer
from chat4all.channels.fates import NotSent, Permanent, ThrottledUntil, TryAgain, UnderWay, concerns_all
from chat4all.channels.outgoing import MediaPart, file_of
from chat4all.channels.part_calls import PartCalls
from chat4all.channels.sending_tasks import Task
from chat4all.channels.shaping import Shaping
from chat4all.channels.statuses import reported_before
from chat4all.circuit_breakers import CircuitBreakers
from chat4all.kafka.events import Event
from chat4all.stores.deliveries import Delivery
from chat4all.stores.external_messages import SentTo, remember


class PartSending:
    """Of one channel and environment."""

    def __init__(self, channel: Channel, sender: Sender, breakers: CircuitBreakers, shaping: Shaping) -> None:
        self._channel = channel
        self._calls = PartCalls(channel, sender, breakers, shaping)
        self._answers = Answers()

    def send(self, task: Task) -> Iterator[Event]:
        """Reports of each part. After one that can never be sent the rest fails with it, but for what failed one file alone.

        Raises:
            NotSent: what is left must come again; the reports before it stand.
        """
        failure: str | None = None
        albums = Albums(task.parts)
        for number, part in enumerate(task.parts):
            delivery = task.log.settled(number)
            if delivery is None and failure is not None:
                delivery = task.log.failed(number, failure)
            elif delivery is None:
                delivery = self._settle(task, number, albums)
            albums.learn(delivery)
            if delivery.status == "failed":
                if file_of(part) is None or concerns_all(str(delivery.reason)):
                    failure = delivery.reason
                yield delivery_updated(delivery)
            else:
                yield delivery_updated(delivery)
                yield from _remember(task, delivery)

    def _settle(self, task: Task, number: int, albums: Albums) -> Delivery:
        """The delivery as it is now, sent or failed; raises NotSent where neither."""
        claim: int | None = None
        try:
            answer = self._answers.known(task.log, number) or albums.answer_for(number)
            if answer is None:
                claim = task.log.begin(number, len(task.parts), self._lease_ms(task, number))
                answer = self._send(task, number, albums)
            return self._answers.write(task.log, number, answer, task.remaining_ms)
        except UnderWay:
            raise
        except NotSent as error:
            if not is_final(error, is_last_try=task.is_last_try):
                task.log.tried(number, error.fate.reason, claim)
                raise
            return task.log.failed(number, final_reason(error))

    def _send(self, task: Task, number: int, albums: Albums) -> Answer:
        """With its album, where it has one that the provider takes."""
        together = albums.together_with(number)
        if len(together) > 1:
            try:
                return self._calls.together(task, together)
            except NotSent as error:
                if not isinstance(error.fate, Permanent) or concerns_all(error.fate.reason):
                    raise
                albums.refuse(number)
        return self._calls.alone(task, number)

    def _lease_ms(self, task: Task, number: int) -> int:
        """How long at most it takes: an upload as long as the invocation lives."""
        is_upload = isinstance(task.parts[number], MediaPart)
        return max(LEASE_MS, task.remaining_ms() if is_upload else self._channel.limits.RESERVE_MS)


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
