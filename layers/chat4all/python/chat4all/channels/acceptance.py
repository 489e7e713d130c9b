"""Acceptance: a contact's message becomes one message of a conversation, however often the provider repeats it."""

import json
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import replace
from typing import Any

from chat4all.channels.contacts import Contacts
from chat4all.channels.inbound import Inbound
from chat4all.channels.inbound_media import InboundMedia
from chat4all.domain.message import METADATA_MAX_BYTES
from chat4all.errors import Conflict, Forbidden, NotFound
from chat4all.ids import derived_id
from chat4all.sending import Accepted, Send, Sending
from chat4all.stores.accounts import Account
from chat4all.stores.external_messages import Chat, find_by_external_id, remember
from chat4all.stores.identities import Identity
from chat4all.stores.messages import Message, MessageId

_ROOM_FOR_NAMES = 250


class Acceptance:
    """The part of receiving that is the same on every channel."""

    def __init__(self, contacts: Contacts, sending: Sending, media: InboundMedia) -> None:
        self._contacts = contacts
        self._sending = sending
        self._media = media

    def accept(self, account: Account, inbound: Inbound) -> Accepted:
        """Returns when the message is durable.

        Raises:
            Unavailable: not accepted; the provider must repeat it.
            Invalid, Forbidden: it cannot be said in its conversation, and repeating would not help.
        """
        identity = self._contacts.resolve(account, inbound.contact)
        chat = Chat(account.channel, account.id, identity.address)
        file_id = self._media.begin(account, identity, inbound) if inbound.media is not None else None
        accepted = self._send(account, identity, inbound, chat, file_id)
        if inbound.media is not None and file_id is not None:
            self._media.request_fetch(account, identity, inbound.media, file_id, accepted.conversation_id)
        remember(
            chat,
            inbound.external_id,
            conversation_id=accepted.conversation_id,
            seq=accepted.seq,
            message_id=accepted.message_id,
        )
        return accepted

    def _send(
        self, account: Account, identity: Identity, inbound: Inbound, chat: Chat, file_id: str | None
    ) -> Accepted:
        command = Send(
            sender_id=identity.user_id,
            conversation_id=identity.conversation_id,
            type=inbound.type,
            content=inbound.content,
            message_id=_message_id(account, chat, inbound.external_id),
            channel=account.channel,
            metadata=_metadata(inbound.origin),
            file_id=file_id,
        )
        answered = find_by_external_id(chat, inbound.reply_to) if inbound.reply_to else None
        if answered is not None:
            # An answer goes to where the question stands; not there any more: to the current conversation.
            with suppress(NotFound, Forbidden):
                return self._say(
                    replace(command, conversation_id=answered.conversation_id, reply_to=answered.message_id)
                )
        try:
            return self._say(command)
        except NotFound:
            moved = self._contacts.move(account, inbound.contact, identity)
            return self._say(replace(command, conversation_id=moved.conversation_id))

    def _say(self, command: Send) -> Accepted:
        try:
            return self._sending.send(command, limited=False)
        except Conflict as error:
            if error.code != "message_id_reused":
                raise
            return self._said_before(command, error)

    def _said_before(self, command: Send, error: Conflict) -> Accepted:
        """A repeat that meets another state: since the first time the contact's current conversation has changed.

        The id is derived from the provider's, so it is the same message, and stays where it was first put.
        """
        claim = MessageId.get(command.message_id, consistent_read=True)
        if claim.sender_id != command.sender_id:
            raise error
        with suppress(Message.DoesNotExist):
            written = Message.get(claim.conversation_id, int(claim.seq), consistent_read=True)
            if written.message_id == claim.message_id:
                return Accepted.of(claim)
        if claim.conversation_id == command.conversation_id and command.reply_to is None:
            raise error
        # Claimed, and the claimer died before writing it.
        return self._sending.send(replace(command, conversation_id=claim.conversation_id, reply_to=None), limited=False)


def _message_id(account: Account, chat: Chat, external_id: str) -> str:
    """The same for each repeat, and known to nobody who could claim it first: a secret of the account is in it."""
    secret = account.seed or account.settings.get("webhook_secret", "")
    return derived_id(account.channel, f"{account.id}:{secret}:{chat.address}:{external_id}")


def _metadata(origin: Mapping[str, Any] | None) -> dict[str, Any] | None:
    """`{"origin": {…}}` with as much as metadata may hold, the smallest things first; what is left out is named."""
    if not origin:
        return None
    kept: dict[str, Any] = {}
    left_out: list[str] = []
    for name, value in sorted(origin.items(), key=lambda pair: _size(pair[1])):
        if _size({"origin": kept | {name: value}}) <= METADATA_MAX_BYTES - _ROOM_FOR_NAMES:
            kept[name] = value
        else:
            left_out.append(name[:32])
    return {"origin": kept | ({"left_out": left_out[:5]} if left_out else {})}


def _size(value: Any) -> int:
    return len(json.dumps(value, ensure_ascii=False).encode(errors="replace"))
