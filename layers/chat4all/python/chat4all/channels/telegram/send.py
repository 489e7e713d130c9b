"""The connector: what the router asks for goes to Telegram, once as far as Telegram lets us know."""

from collections.abc import Callable
from typing import Any, cast

from aws_lambda_powertools import Logger

from chat4all.channels.answers import Answers
from chat4all.channels.channel import Target
from chat4all.channels.delivery_events import delivery_updated
from chat4all.channels.delivery_log import Answer, DeliveryLog
from chat4all.channels.fates import NotSent, Permanent, ThrottledUntil, TryAgain, UnderWay
from chat4all.channels.outgoing import Outgoing, Part
from chat4all.channels.telegram.client import Clients
from chat4all.channels.telegram.parts import parts_of
from chat4all.channels.telegram.sender import Sender
from chat4all.circuit_breakers import CircuitBreakers
from chat4all.clock import now_ms
from chat4all.kafka.events import Event, UnreadableEvent
from chat4all.kafka.publisher import Publisher
from chat4all.kafka.record import Record
from chat4all.kafka.schemas import DeliveryRequested
from chat4all.stores.accounts import Account, find_account
from chat4all.stores.deliveries import Delivery
from chat4all.stores.external_messages import Chat, SentTo, find_external_id, remember
from chat4all.stores.identities import Identity, address_key

logger = Logger(service="chat4all")

CHANNEL = "telegram"
RESERVE_MS = 12_000
"""Kept of the invocation's time: one send with all its timeouts, and what is written after it."""


def recipient_of(record: Record) -> str:
    """Whose order must hold: `<account>:<address>`."""
    data = record.event["data"]
    return f"{data['account_id']}:{data['address']}"


class TelegramSender:
    """Sends one record after the other."""

    def __init__(self, clients: Clients, publisher: Publisher, breakers: CircuitBreakers) -> None:
        self._sender = Sender(cast(Any, None), clients)
        self._publisher = publisher
        self._breakers = breakers
        self._answers = Answers()

    def deliver(self, record: Record, remaining_ms: Callable[[], int]) -> None:
        """Send what `record` asks for, write what came of it, and report it.

        Args:
            remaining_ms: what is left of the invocation's time.

        Raises:
            UnreadableEvent: it is no request. NotSent: it must come again. PublishFailed: it was not reported, the same.
        """
        log = DeliveryLog(_request(record))
        reports: list[Event] = []
        try:
            account = find_account(log.request.account_id, CHANNEL)
            if account is None:
                raise NotSent(Permanent("account_gone: the account was deleted"))
            parts = parts_of(Outgoing(log.request.message["type"], log.request.message["content"]))
        except NotSent as error:
            reports.append(delivery_updated(log.failed(0, error.fate.reason)))
        else:
            self._deliver_parts(log, account, parts, remaining_ms, reports, record.is_last_try)
        self._publisher.publish(reports)

    def _deliver_parts(
        self,
        log: DeliveryLog,
        account: Account,
        parts: list[Part],
        remaining_ms: Callable[[], int],
        reports: list[Event],
        is_last_try: bool,
    ) -> None:
        """Each part is sent once; after one that can never be sent the rest fails with it."""
        failure: str | None = None
        for number, part in enumerate(parts):
            delivery = log.settled(number)
            if delivery is None and failure is not None:
                delivery = log.failed(number, failure)
            elif delivery is None:
                try:
                    answer = self._answers.known(log, number)
                    if answer is None:
                        log.begin(number, len(parts))
                        sent_at = now_ms()
                        answer = Answer(self._send(log.request, account, part, number, remaining_ms), sent_at)
                    delivery = self._answers.write(log, number, answer, remaining_ms)
                except UnderWay:
                    self._publisher.publish(reports)
                    raise
                except NotSent as error:
                    passes = isinstance(error.fate, TryAgain | ThrottledUntil)
                    if passes and not is_last_try:
                        log.tried(number, error.fate.reason)
                        self._publisher.publish(reports)
                        raise
                    delivery = log.failed(number, f"expired: {error.fate.reason}" if passes else error.fate.reason)
            if delivery.status == "failed":
                failure = delivery.reason
            else:
                _remember(log.request, delivery)
            reports.append(delivery_updated(delivery))

    def _send(
        self,
        request: DeliveryRequested,
        account: Account,
        part: Part,
        number: int,
        remaining_ms: Callable[[], int],
    ) -> str:
        reply_to = _external_reply(request) if number == 0 else None
        to = Target(account.id, account.settings, request.address, {}, remaining_ms)
        return self._breakers.send(account.id, lambda: self._sender.send(to, part, reply_to).external_id)


def _request(record: Record) -> DeliveryRequested:
    request = DeliveryRequested.model_validate(record.event["data"])  # its schema was checked when it was decoded
    if request.channel != CHANNEL:
        raise UnreadableEvent(f"data.channel is {request.channel}, not {CHANNEL}")
    return request


def _external_reply(request: DeliveryRequested) -> str | None:
    own_id = request.message.get("reply_to")
    return find_external_id(_chat(request), own_id) if own_id else None


def _remember(request: DeliveryRequested, delivery: Delivery) -> None:
    """What an answer from the phone needs. Repeated when the record comes again, so a death in between leaves no gap."""
    remember(
        _chat(request),
        delivery.external_id or "",
        conversation_id=request.conversation_id,
        seq=request.seq,
        message_id=request.message_id,
        sent=SentTo(request.sender_id, request.recipient_id, int(delivery.part), int(delivery.sent_at or 0)),
    )
    try:
        identity = Identity.get(address_key(CHANNEL, request.account_id, request.address), consistent_read=True)
    except Identity.DoesNotExist:
        return
    if identity.conversation_id not in (None, request.conversation_id):
        identity.update([Identity.conversation_id.set(request.conversation_id)])


def _chat(request: DeliveryRequested) -> Chat:
    return Chat(CHANNEL, request.account_id, request.address)
