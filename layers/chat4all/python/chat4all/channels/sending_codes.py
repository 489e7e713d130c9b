"""Codes on their way to an address that somebody says is theirs: through the ordinary path, within the channel's window."""

from collections.abc import Callable

from chat4all.channels.channel import Channel
from chat4all.channels.outgoing import Outgoing
from chat4all.channels.recipients import recipient_at
from chat4all.channels.sending_parts import PartSending
from chat4all.channels.sending_tasks import Task
from chat4all.channels.substitutes import AsideLog
from chat4all.clock import now_ms, rfc3339
from chat4all.domain.link_codes import LinkRequest, code_of, text_of
from chat4all.kafka.events import UnreadableEvent
from chat4all.kafka.record import Record
from chat4all.kafka.schemas import DeliveryRequested, LinkCodeRequested
from chat4all.logs import logger
from chat4all.stores.accounts import Account, code_secret, find_account
from chat4all.stores.users import User


class CodeSending:
    """Of one channel and environment. What becomes of a code nobody is told: it would say whether the address is known."""

    def __init__(self, channel: Channel, sending: PartSending) -> None:
        self._channel = channel
        self._sending = sending

    def handle(self, record: Record, remaining_ms: Callable[[], int]) -> None:
        """Send the code that `record` asks for, once.

        Raises:
            UnreadableEvent: of another channel. NotSent: it must come again; what is too old by then is dropped.
        """
        asked = LinkCodeRequested.model_validate(record.event["data"])
        if asked.channel != self._channel.name:
            raise UnreadableEvent(f"data.channel is {asked.channel}, not {self._channel.name}")
        account = find_account(asked.account_id, self._channel.name)
        username = _username(asked.user_id)
        if account is None or username is None or asked.expires_at * 1000 < now_ms():
            logger.info("code not sent", request_id=asked.request_id, cause="expired, or the account or user is gone")
            return
        text = _text(asked, account, username)
        parts = self._channel.parts.parts_of(Outgoing("text", text, settings=account.settings))
        recipient = recipient_at(self._channel.name, account.id, asked.address)
        task = Task(
            AsideLog(_as_delivery(asked)), account, recipient, parts, remaining_ms, record.is_last_try, is_aside=True
        )
        for report in self._sending.send(task):
            logger.info("code", request_id=asked.request_id, status=report.data["status"])


def _text(asked: LinkCodeRequested, account: Account, username: str) -> str:
    request = LinkRequest(asked.request_id, asked.user_id, asked.channel, asked.account_id, asked.address)
    return text_of(code_of(request, code_secret(account)), username)


def _as_delivery(asked: LinkCodeRequested) -> DeliveryRequested:
    """Of a conversation that nobody is in, so that what was sent is written down as ever. The text is not in it."""
    return DeliveryRequested(
        conversation_id=asked.request_id,
        seq=1,
        message_id=asked.request_id,
        sender_id=asked.user_id,
        recipient_id=asked.user_id,
        channel=asked.channel,
        account_id=asked.account_id,
        address=asked.address,
        message={"type": "text", "content": "", "created_at": rfc3339(now_ms())},
    )


def _username(user_id: str) -> str | None:
    try:
        return User.get(user_id).username
    except User.DoesNotExist:
        return None
