"""What a connector writes down of each delivery, so that a record that comes again is not sent again."""

from dataclasses import dataclass

from pynamodb.expressions.update import Action

from chat4all.channels.fates import UnderWay
from chat4all.clock import now_ms
from chat4all.kafka.events import Event
from chat4all.kafka.schemas import DeliveryRequested
from chat4all.kafka.topics import Topic
from chat4all.stores.deliveries import Delivery, delivery_key
from chat4all.stores.table import engine_now_ms, update_if

LEASE_MS = 15_000
"""Longer than one send takes with all its timeouts."""


@dataclass(frozen=True, slots=True)
class DeliveryLog:
    """Deliveries of one request, by part. The router has written part 0 as accepted; the others begin here."""

    request: DeliveryRequested

    def settled(self, part: int) -> Delivery | None:
        """The delivery, where it was sent or has failed before."""
        try:
            delivery = Delivery.get(self.request.conversation_id, self._key(part), consistent_read=True)
        except Delivery.DoesNotExist:
            return None
        return None if delivery.status == "accepted" else delivery

    def begin(self, part: int) -> None:
        """Have the delivery to oneself for LEASE_MS: after a rebalance two invocations may hold the same record.

        Raises:
            UnderWay: another one is sending it, or has died doing so less than LEASE_MS ago.
        """
        now = engine_now_ms()
        busy = Delivery.sending_until.between(now, now + LEASE_MS)
        done = Delivery.status.exists() & (Delivery.status != "accepted")
        claim = [
            *self._facts(part),
            Delivery.status.set(Delivery.status | "accepted"),
            Delivery.updated_at.set(Delivery.updated_at | now_ms()),
            Delivery.sending_until.set(now + LEASE_MS),
        ]
        delivery = Delivery(self.request.conversation_id, self._key(part))
        if not update_if(delivery, claim, ~busy & ~done, "The delivery could not be claimed"):
            raise UnderWay

    def sent(self, part: int, external_id: str) -> Delivery:
        """Write that the provider took it. Between its answer and this lies the one gap in which a death sends twice."""
        return self._write(part, "sent", None, external_id)

    def failed(self, part: int, reason: str) -> Delivery:
        """Write that it will never be sent."""
        return self._write(part, "failed", reason, None)

    def tried(self, part: int, reason: str) -> Delivery:
        """Write that it has not been sent yet, and why."""
        return self._write(part, "accepted", reason, None)

    def report(self, delivery: Delivery) -> Event:
        """`chat4all.delivery.updated.v1` of what is written."""
        request = self.request
        data = {
            "conversation_id": request.conversation_id,
            "seq": request.seq,
            "message_id": request.message_id,
            "sender_id": request.sender_id,
            "recipient_id": request.recipient_id,
            "channel": request.channel,
            "account_id": request.account_id,
            "part": int(delivery.part),
            "status": delivery.status,
            "reason": delivery.reason,
            "external_id": delivery.external_id,
            "time": int(delivery.updated_at),
        }
        kind = "chat4all.delivery.updated.v1"
        return Event(Topic.STATUS_UPDATES, kind, request.conversation_id, data, int(delivery.updated_at))

    def _key(self, part: int) -> str:
        return delivery_key(self.request.seq, self.request.recipient_id, self.request.channel, part)

    def _write(self, part: int, status: str, reason: str | None, external_id: str | None) -> Delivery:
        delivery = Delivery(self.request.conversation_id, self._key(part))
        delivery.update(
            [
                *self._facts(part),
                Delivery.status.set(status),
                Delivery.updated_at.set(now_ms()),
                Delivery.attempts.add(1),
                Delivery.sending_until.remove(),
                Delivery.reason.set(reason) if reason else Delivery.reason.remove(),
                *([Delivery.external_id.set(external_id)] if external_id else []),
            ]
        )
        return delivery

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
        ]
