"""Calls to the provider that send parts: in the window, within the rates, under the account's circuit breaker."""

from collections.abc import Callable, Sequence
from typing import TypeVar

from chat4all.channels.albums import answer_of
from chat4all.channels.channel import Channel, Sender, SendsAlbums, Target
from chat4all.channels.delivery_log import Answer
from chat4all.channels.fates import NotSent, Permanent, TryAgain
from chat4all.channels.outgoing import LinkPart, MediaPart, Part, TextPart, file_of
from chat4all.channels.references import reference
from chat4all.channels.sending_tasks import Task
from chat4all.channels.shaping import Shaping
from chat4all.circuit_breakers import CircuitBreakers
from chat4all.clock import ms_of, now_ms
from chat4all.metrics.channels import measured, observe_message
from chat4all.stores.external_messages import find_external_id

_NOT_AS_MEDIA = ("too_large", "unsupported_type", "media_refused")
"""Words of what is wrong with a file as media, for good."""
_NOT_FETCHED = "media"
"""Of what the provider could not fetch or read, this time."""

Result = TypeVar("Result")


class PartCalls:
    """Of one channel and environment."""

    def __init__(self, channel: Channel, sender: Sender, breakers: CircuitBreakers, shaping: Shaping) -> None:
        self._channel = channel
        self._sender = sender
        self._breakers = breakers
        self._shaping = shaping

    def alone(self, task: Task, number: int) -> Answer:
        """Send one part; a file that the provider does not take as media goes as a link. Raises NotSent."""
        part, note = _sendable(task.parts[number])
        target, reply_to = self._ready(task, number)
        sent_at = now_ms()
        try:
            sent = self._called(task, lambda: self._sender.send(target, part, reply_to))
        except NotSent as error:
            link = _link_instead(part, error, is_last_try=task.is_last_try)
            if link is None:
                raise
            if task.remaining_ms() < self._channel.limits.RESERVE_MS:
                raise NotSent(TryAgain("no_time: the invocation ends before it could be sent as a link")) from error
            sent = self._called(task, lambda: self._sender.send(target, link, reply_to))
            note = link.reason
        return Answer(sent.external_id, sent_at, sent.note or note)

    def together(self, task: Task, numbers: Sequence[int]) -> Answer:
        """Send an album in one call, where the channel has such; raises NotSent."""
        sender = self._sender
        parts = [part for number in numbers if isinstance(part := task.parts[number], MediaPart)]
        if len(parts) < 2 or not isinstance(sender, SendsAlbums):
            return self.alone(task, numbers[0])
        target, reply_to = self._ready(task, numbers[0], len(numbers))
        sent_at = now_ms()
        sent = self._called(task, lambda: sender.send_album(target, parts, reply_to))
        return answer_of(numbers, sent, sent_at)

    def _called(self, task: Task, call: Callable[[], Result]) -> Result:
        """The provider's answer; a call that the breaker holds back is none, and not counted. Raises NotSent."""
        sent = self._breakers.send(task.account.id, lambda: measured(self._channel.name, call))
        created_at = task.log.request.message.get("created_at")
        if created_at is not None:
            observe_message((now_ms() - ms_of(created_at)) / 1000)
        return sent

    def _ready(self, task: Task, number: int, messages: int = 1) -> tuple[Target, str | None]:
        """Whom it is for, once it is its turn, and the external id of what it answers."""
        recipient, limits, settings = task.recipient, self._channel.limits, task.account.settings
        terms = limits.window(recipient.last_inbound_ms, now_ms(), settings)
        if terms is None:
            raise NotSent(Permanent("outside_window: the channel takes nothing for them until they write again"))

        def may_wait(wait_s: float) -> bool:
            return task.remaining_ms() - wait_s * 1000 > limits.RESERVE_MS

        if not may_wait(0):
            raise NotSent(TryAgain("no_time: the invocation ends before it could be sent"))
        self._shaping.wait_for_turn(task.account.id, recipient.address, limits.RATES, may_wait, messages)
        said_with_it = reference(task.log.request.message_id, number)
        target = Target(task.account.id, settings, recipient.address, terms, task.remaining_ms, said_with_it)
        answered = task.log.request.message.get("reply_to") if number == 0 else None
        return target, find_external_id(recipient.chat, answered) if answered else None


def _link_instead(part: Part, error: NotSent, *, is_last_try: bool) -> LinkPart | None:
    """A link in the place of a file that was refused; None where that is of no help."""
    word = error.fate.reason.partition(":")[0]
    refused = isinstance(error.fate, Permanent) and word in _NOT_AS_MEDIA
    if not isinstance(part, MediaPart) or not (refused or (is_last_try and word == _NOT_FETCHED)):
        return None
    return LinkPart(part.file, error.fate.reason, part.caption)


def _sendable(part: Part) -> tuple[Part, str | None]:
    """The part, and what the recipient's status says of it; of a file that is gone what was said with it.

    Raises:
        NotSent: permanent, where nothing was.
    """
    file = file_of(part)
    if file is None or file.gone is None:
        return part, part.reason if isinstance(part, LinkPart) else None
    if not isinstance(part, MediaPart) or not part.caption:
        raise NotSent(Permanent(file.gone))
    return TextPart(part.caption), file.gone
