"""What a connector writes down of each delivery, so that a record that comes again is not sent again."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from pynamodb.expressions.condition import Condition
from pynamodb.expressions.update import Action

from chat4all.channels.fates import UnderWay
from chat4all.clock import now_ms
from chat4all.errors import Unavailable
from chat4all.kafka.schemas import DeliveryRequested
from chat4all.stores.deliveries import Delivery, delivery_key
from chat4all.stores.table import engine_now_ms, update_if

LEASE_MS = 15_000
"""Longer than one send of a text takes with all its timeouts."""
LONGEST_LEASE_MS = 120_000
"""Above the timeout of every connector: a claim for longer is of a clock that was ahead."""


@dataclass(frozen=True, slots=True)
class Answer:
    """That a provider took a part."""

    external_id: str
    sent_at: int
    """When it was handed over, milliseconds since 1970: never later than what the provider takes for its time."""
    note: str | None = None
    album: Mapping[str, Mapping[str, str]] | None = None
    """Of a call that took several parts: what was answered for the others (stores.deliveries)."""


@dataclass(frozen=True, slots=True)
class DeliveryLog:
    """Deliveries of one request, by part. The router has written part 0 as accepted; the others begin here."""

    request: DeliveryRequested
    file_ids: Sequence[str | None] = ()
    """By part, where they are known."""

    def settled(self, part: int) -> Delivery | None:
        """The delivery, where it was sent or has failed before."""
        try:
            delivery = Delivery.get(self.request.conversation_id, self._key(part), consistent_read=True)
        except Delivery.DoesNotExist:
            return None
        return None if delivery.status == "accepted" else delivery

    def begin(self, part: int, parts: int = 1, lease_ms: int = LEASE_MS) -> int:
        """Have the delivery to oneself for `lease_ms`: after a rebalance two invocations may hold the same record.

        The claim is what `tried` takes.

        Raises:
            UnderWay: another one is sending it, or has died doing so less than `lease_ms` ago.
        """
        now = engine_now_ms()
        until = now + lease_ms
        busy = Delivery.sending_until.between(now, now + LONGEST_LEASE_MS)
        claim = [
            *self._facts(part),
            Delivery.status.set(Delivery.status | "accepted"),
            Delivery.updated_at.set(Delivery.updated_at | now_ms()),
            Delivery.sending_until.set(until),
            # Before the first is sent: else the whole would count as sent with it, and not any more with the second.
            *([Delivery.parts.set(parts)] if part == 0 else []),
        ]
        delivery = Delivery(self.request.conversation_id, self._key(part))
        if not update_if(delivery, claim, ~busy & ~_is_settled(), "The delivery could not be claimed"):
            raise UnderWay
        return until

    def sent(self, part: int, answer: Answer) -> Delivery:
        """Write that the provider took it. Between its answer and this lies the one gap in which a death sends twice."""
        facts = [Delivery.external_id.set(answer.external_id), Delivery.sent_at.set(answer.sent_at)]
        more = [Delivery.note.set(answer.note)] if answer.note else []
        together = [Delivery.album.set(answer.album)] if answer.album else []
        return self._write(part, "sent", None, [*facts, *more, *together])

    def failed(self, part: int, reason: str) -> Delivery:
        """Write that it will never be sent."""
        return self._write(part, "failed", reason)

    def tried(self, part: int, reason: str, claim: int | None = None) -> None:
        """Write that it has not been sent yet, and why; ends `claim`, and leaves alone what somebody else has begun meanwhile."""
        actions = [*self._facts(part), *self._state("accepted", reason)]
        mine = ~Delivery.sending_until.exists() if claim is None else Delivery.sending_until == claim
        self._update(part, actions, mine & ~_is_settled())

    def _key(self, part: int) -> str:
        request = self.request
        return delivery_key(request.seq, request.recipient_id, request.channel, request.account_id, part)

    def _write(self, part: int, status: str, reason: str | None, more: Sequence[Action] = ()) -> Delivery:
        """The delivery with `status`, or as it was settled before."""
        actions = [*self._facts(part), *self._state(status, reason), *more]
        written = self._update(part, actions, ~_is_settled())
        delivery = written or self.settled(part)
        if delivery is None:
            raise Unavailable("The delivery has changed meanwhile. Try again.")
        return delivery

    def _update(self, part: int, actions: list[Action], condition: Condition) -> Delivery | None:
        """Always on a condition: what DynamoDB was asked for and did not answer may still come, after what was written since."""
        delivery = Delivery(self.request.conversation_id, self._key(part))
        return delivery if update_if(delivery, actions, condition, "The delivery could not be written") else None

    @staticmethod
    def _state(status: str, reason: str | None) -> list[Action]:
        return [
            Delivery.status.set(status),
            Delivery.updated_at.set(now_ms()),
            Delivery.attempts.add(1),
            Delivery.sending_until.remove(),
            Delivery.reason.set(reason) if reason else Delivery.reason.remove(),
        ]

    def _facts(self, part: int) -> list[Action]:
        request = self.request
        return [
            Delivery.seq.set(request.seq),
            Delivery.message_id.set(request.message_id),
            Delivery.sender_id.set(request.sender_id),
            Delivery.recipient_id.set(request.recipient_id),
            Delivery.channel.set(request.channel),
            Delivery.account_id.set(request.account_id),
            Delivery.address.set(request.address),
            Delivery.part.set(part),
            *([Delivery.file_id.set(file_id)] if (file_id := self._file_id(part)) else []),
        ]

    def _file_id(self, part: int) -> str | None:
        return self.file_ids[part] if part < len(self.file_ids) else None


def _is_settled() -> Condition:
    settled: Condition = Delivery.status.exists() & (Delivery.status != "accepted")
    return settled
