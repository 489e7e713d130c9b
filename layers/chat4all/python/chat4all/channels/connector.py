"""The connector: what the router asks for goes to the provider, once as far as the provider lets us know."""

from collections.abc import Callable
from dataclasses import replace

from chat4all.channels.actions import ACTION_REQUESTED, Actions
from chat4all.channels.channel import Channel, Sender
from chat4all.channels.delivery_events import delivery_updated
from chat4all.channels.delivery_log import DeliveryLog
from chat4all.channels.fates import NotSent, Permanent
from chat4all.channels.media import MediaStore
from chat4all.channels.naming import Naming
from chat4all.channels.performing import Performing
from chat4all.channels.recipients import recipient_at
from chat4all.channels.sending_codes import CodeSending
from chat4all.channels.sending_parts import PartSending, final_reason, is_final
from chat4all.channels.sending_tasks import Task, file_ids_of, outgoing_of
from chat4all.channels.shaping import Shaping
from chat4all.circuit_breakers import CircuitBreakers
from chat4all.kafka.events import Event, UnreadableEvent
from chat4all.kafka.publisher import Publisher
from chat4all.kafka.record import Record
from chat4all.kafka.schemas import LINK_CODE_REQUESTED, NAME_REQUESTED, DeliveryRequested
from chat4all.stores.accounts import find_account


def recipient_of(record: Record) -> str:
    """Whose order must hold: `<account>:<address>`."""
    data = record.event["data"]
    return f"{data['account_id']}:{data['address']}"


class Connector:
    """Sends one record after the other."""

    def __init__(
        self,
        channel: Channel,
        sender: Sender,
        media: MediaStore,
        publisher: Publisher,
        breakers: CircuitBreakers,
        shaping: Shaping,
    ) -> None:
        self._channel = channel
        self._media = media
        self._publisher = publisher
        self._parts = PartSending(channel, sender, breakers, shaping)
        actions = Actions(channel, Performing(channel, sender, breakers, shaping), self._parts, media, publisher)
        self._others = {
            ACTION_REQUESTED: actions.handle,
            LINK_CODE_REQUESTED: CodeSending(channel, self._parts).handle,
            NAME_REQUESTED: Naming(channel, sender, breakers, shaping).handle,
        }

    def handle(self, record: Record, remaining_ms: Callable[[], int]) -> None:
        """Do what `record` asks for, write what came of it, and report it.

        Args:
            remaining_ms: what is left of the invocation's time.

        Raises:
            UnreadableEvent: it is no request. NotSent: it must come again. PublishFailed: it was not reported, the same.
        """
        other = self._others.get(record.event["type"])
        if other is not None:
            other(record, remaining_ms)
            return
        log = DeliveryLog(_request(record, self._channel.name))
        reports: list[Event] = []
        try:
            task = self._task(log, record, remaining_ms)
        except NotSent as error:
            if not is_final(error, is_last_try=record.is_last_try):
                if log.settled(0) is None:
                    log.tried(0, error.fate.reason)
                raise
            reports.extend(_fail_unsent(log, final_reason(error)))
        else:
            try:
                for report in self._parts.send(task):
                    reports.append(report)  # noqa: PERF402 - those before an error are kept
            finally:
                self._publisher.publish(reports)
            return
        self._publisher.publish(reports)

    def _task(self, log: DeliveryLog, record: Record, remaining_ms: Callable[[], int]) -> Task:
        request = log.request
        account = find_account(request.account_id, self._channel.name)
        if account is None:
            raise NotSent(Permanent("account_gone: the account was deleted"))
        parts = self._channel.parts.parts_of(outgoing_of(self._media, request.message, request.sender_name, account))
        recipient = recipient_at(self._channel.name, account.id, request.address)
        log = replace(log, file_ids=file_ids_of(parts))
        return Task(log, account, recipient, parts, remaining_ms, record.is_last_try)


def _fail_unsent(log: DeliveryLog, reason: str) -> list[Event]:
    """All parts that were not sent before; how many there are is known since the first was begun."""
    first = log.settled(0)
    rest = range(1, int(first.parts or 1) if first is not None else 1)
    deliveries = [
        first or log.failed(0, reason),
        *(log.settled(number) or log.failed(number, reason) for number in rest),
    ]
    return [delivery_updated(delivery) for delivery in deliveries]


def _request(record: Record, channel: str) -> DeliveryRequested:
    request = DeliveryRequested.model_validate(record.event["data"])  # its schema was checked when it was decoded
    if request.channel != channel:
        raise UnreadableEvent(f"data.channel is {request.channel}, not {channel}")
    return request
