"""The connector: what the router asks for goes to Telegram, once as far as Telegram lets us know."""

from collections.abc import Callable

from aws_lambda_powertools import Logger
from telegram import Bot, Message, ReplyParameters
from telegram.error import ChatMigrated, TelegramError

from chat4all.channels.answers import Answers
from chat4all.channels.delivery_log import DeliveryLog
from chat4all.channels.fates import NotSent, Permanent, ThrottledUntil, TryAgain, UnderWay
from chat4all.channels.telegram.client import Clients
from chat4all.channels.telegram.errors import fate_of
from chat4all.channels.telegram.parts import ContactPart, LocationPart, Part, TextPart, parts_of
from chat4all.circuit_breakers import CircuitBreakers
from chat4all.kafka.events import Event, UnreadableEvent
from chat4all.kafka.publisher import Publisher
from chat4all.kafka.record import Record
from chat4all.kafka.schemas import DeliveryRequested
from chat4all.stores.accounts import Account, find_account
from chat4all.stores.deliveries import Delivery
from chat4all.stores.external_messages import Chat, find_external_id, remember
from chat4all.stores.identities import Identity, address_key

logger = Logger(service="chat4all")

CHANNEL = "telegram"
RESERVE_MS = 12_000
"""Kept of the invocation's time: one send with all its timeouts, and what is written after it."""
_MOVES = 3
"""How often a chat that has moved is followed."""


def recipient_of(record: Record) -> str:
    """Whose order must hold: `<account>:<address>`."""
    data = record.event["data"]
    return f"{data['account_id']}:{data['address']}"


class TelegramSender:
    """Sends one record after the other."""

    def __init__(self, clients: Clients, publisher: Publisher, breakers: CircuitBreakers) -> None:
        self._clients = clients
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
            parts = parts_of(log.request.message)
        except NotSent as error:
            reports.append(log.report(log.failed(0, error.fate.reason)))
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
                    external_id = self._answers.known(log, number)
                    if external_id is None:
                        log.begin(number)
                        external_id = self._send(log.request, account, part, number, remaining_ms)
                    delivery = self._answers.write(log, number, external_id, remaining_ms)
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
            reports.append(log.report(delivery))

    def _send(
        self,
        request: DeliveryRequested,
        account: Account,
        part: Part,
        number: int,
        remaining_ms: Callable[[], int],
    ) -> str:
        reply_to = _external_reply(request) if number == 0 else None
        settings = account.settings

        async def send(bot: Bot) -> str:
            return await _send_where_it_is(bot, request.address, part, reply_to, remaining_ms)

        def send_now() -> str:
            return self._clients.run(settings["bot_token"], settings.get("api_base"), send)

        return self._breakers.send(account.id, send_now)


async def _send_where_it_is(
    bot: Bot, address: str, part: Part, reply_to: ReplyParameters | None, remaining_ms: Callable[[], int]
) -> str:
    """The provider's id of what was sent; a chat that has moved is followed.

    A throttle is never waited for: others stand behind in this batch.
    """
    for _ in range(_MOVES):
        if remaining_ms() < RESERVE_MS:
            raise NotSent(TryAgain("no_time: the invocation ends before it could be sent"))
        try:
            message = await _send_part(bot, address, part, reply_to)
        except ChatMigrated as error:
            address = str(error.new_chat_id)
        except TelegramError as error:
            raise NotSent(fate_of(error)) from error
        else:
            return str(message.message_id)
    raise NotSent(TryAgain("moved: again and again"))


async def _send_part(bot: Bot, address: str, part: Part, reply_to: ReplyParameters | None) -> Message:
    match part:
        case TextPart():
            return await bot.send_message(address, part.text, reply_parameters=reply_to)
        case LocationPart():
            return await bot.send_location(address, part.latitude, part.longitude, reply_parameters=reply_to)
        case ContactPart():
            return await bot.send_contact(address, part.phone_number, part.first_name, reply_parameters=reply_to)


def _request(record: Record) -> DeliveryRequested:
    request = DeliveryRequested.model_validate(record.event["data"])  # its schema was checked when it was decoded
    if request.channel != CHANNEL:
        raise UnreadableEvent(f"data.channel is {request.channel}, not {CHANNEL}")
    return request


def _external_reply(request: DeliveryRequested) -> ReplyParameters | None:
    own_id = request.message.get("reply_to")
    external_id = find_external_id(_chat(request), own_id) if own_id else None
    if external_id is None:
        return None
    return ReplyParameters(int(external_id), allow_sending_without_reply=True)


def _remember(request: DeliveryRequested, delivery: Delivery) -> None:
    """What an answer from the phone needs. Repeated when the record comes again, so a death in between leaves no gap."""
    remember(
        _chat(request),
        delivery.external_id or "",
        conversation_id=request.conversation_id,
        seq=request.seq,
        message_id=request.message_id,
        first=int(delivery.part) == 0,
    )
    try:
        identity = Identity.get(address_key(CHANNEL, request.account_id, request.address), consistent_read=True)
    except Identity.DoesNotExist:
        return
    if identity.conversation_id not in (None, request.conversation_id):
        identity.update([Identity.conversation_id.set(request.conversation_id)])


def _chat(request: DeliveryRequested) -> Chat:
    return Chat(CHANNEL, request.account_id, request.address)
