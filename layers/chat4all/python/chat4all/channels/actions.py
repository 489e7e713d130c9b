"""Actions on what has gone out over a channel, or on what came from it: edits, unsends, reactions, reads and typing.

Each brings the channel to what the conversation says now, so it may come again, and several that stand behind one another come
to the last. What a channel cannot do is said in another way, or stands in the recipient's /status:

- an edit: the new text is sent, as an answer to the old one ("✏️ …");
- an unsend: a mark in /status, and the delivery stays `outdated`. A text "was deleted" would only draw eyes to it;
- a reaction: a text with the emoji, as an answer; one that is taken back is not told;
- reads and typing: nothing.
"""

from collections.abc import Callable
from datetime import datetime

from chat4all.applied_changes import find
from chat4all.channels.channel import Channel
from chat4all.channels.edits import Edits
from chat4all.channels.fates import NotSent
from chat4all.channels.media import MediaStore
from chat4all.channels.outgoing import MarkRead, React, ShowTyping
from chat4all.channels.performing import Performing, Request
from chat4all.channels.recipients import recipient_at
from chat4all.channels.sending_parts import PartSending, is_final
from chat4all.channels.substitutes import send_reaction
from chat4all.clock import now_ms
from chat4all.domain.reactions import by_emoji
from chat4all.kafka.events import UnreadableEvent
from chat4all.kafka.publisher import Publisher
from chat4all.kafka.record import Record
from chat4all.kafka.schemas import ChannelActionRequested
from chat4all.logs import logger
from chat4all.stores.accounts import find_account
from chat4all.stores.external_messages import find_external_id

ACTION_REQUESTED = "chat4all.channel_action.requested.v1"
_FLEETING = ("read", "typing")
"""Of no worth later: they are not tried again, so that messages need not wait for them."""
_TYPING_MS = 5_000
"""Telegram shows typing for 5 s (sendChatAction), others for longer: what is older is over."""


class Actions:
    """Of one channel and environment."""

    def __init__(
        self,
        channel: Channel,
        performing: Performing,
        sending: PartSending,
        media: MediaStore,
        publisher: Publisher,
    ) -> None:
        self._channel = channel
        self._publisher = publisher
        self._sending = sending
        self._performing = performing
        self._edits = Edits(channel, performing, sending, media)

    def handle(self, record: Record, remaining_ms: Callable[[], int]) -> None:
        """Do what `record` asks for, and write into the deliveries what came of it.

        Raises:
            UnreadableEvent: of another channel. NotSent: it must come again. PublishFailed: it was not reported, the same.
        """
        asked = ChannelActionRequested.model_validate(record.event["data"])
        if asked.channel != self._channel.name:
            raise UnreadableEvent(f"data.channel is {asked.channel}, not {self._channel.name}")
        if asked.action == "typing" and now_ms() - _time_ms(record) > _TYPING_MS:
            return
        request = self._request(asked, record, remaining_ms)
        if request is None:
            return
        try:
            self._do(request)
        except NotSent as error:
            if asked.action not in _FLEETING and not is_final(error, is_last_try=record.is_last_try):
                raise
            logger.warning("action not done", action=asked.action, message_id=asked.message_id, cause=error.fate.reason)

    def _request(
        self, asked: ChannelActionRequested, record: Record, remaining_ms: Callable[[], int]
    ) -> Request | None:
        """None: the account or the conversation was deleted meanwhile."""
        account = find_account(asked.account_id, self._channel.name)
        message = find(asked.conversation_id, asked.message_seq)
        if account is None or message is None:
            return None
        recipient = recipient_at(self._channel.name, account.id, asked.address)
        return Request(asked, account, recipient, message, remaining_ms, record.is_last_try)

    def _do(self, request: Request) -> None:
        match request.asked.action:
            case "edit":
                self._publisher.publish(list(self._edits.edit(request)))
            case "retract":
                self._publisher.publish(list(self._edits.retract(request)))
            case "react":
                self._react(request)
            case "read":
                external_id = find_external_id(request.recipient.chat, request.asked.message_id)
                if external_id is not None:
                    self._performing.act(request, MarkRead(external_id))
            case "typing":
                external_id = find_external_id(request.recipient.chat, request.asked.message_id)
                self._performing.act(request, ShowTyping(external_id))

    def _react(self, request: Request) -> None:
        """All our people's reactions together; the recipient's own are on their phone already."""
        external_id = find_external_id(request.recipient.chat, request.asked.message_id)
        if external_id is None or request.message.deleted_at is not None:
            return
        users = request.message.reactions_of_users()
        users.pop(request.asked.recipient_id, None)
        why = self._performing.act(request, React(external_id, tuple(by_emoji(users))))
        if why is not None:
            failure = send_reaction(self._channel, self._sending, request, external_id)
            logger.info("reaction said in words", message_id=request.asked.message_id, why=why, failure=failure)


def _time_ms(record: Record) -> int:
    return int(datetime.fromisoformat(str(record.event["time"])).timestamp() * 1000)
