"""Acceptance: a contact's message becomes one message of a conversation, however often the provider repeats it."""

import json
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Any

from chat4all.channels.contacts import Contacts
from chat4all.channels.inbound import Contact, Inbound
from chat4all.channels.inbound_media import InboundMedia
from chat4all.domain.message import METADATA_MAX_BYTES
from chat4all.errors import Conflict, Forbidden, NotFound
from chat4all.ids import derived_id
from chat4all.logs import logger
from chat4all.sending import Accepted, Send, Sending
from chat4all.stores.accounts import Account
from chat4all.stores.external_messages import Chat, find_by_external_id, remember
from chat4all.stores.identities import Identity
from chat4all.stores.members import Member
from chat4all.stores.messages import Message, MessageId
from chat4all.stores.users import User

_ROOM_FOR_NAMES = 250


@dataclass(frozen=True, slots=True)
class _Said:
    """A message, with who said it where."""

    inbound: Inbound
    place: Identity
    """Of the chat it was said in: the speaker's own, or a group's."""
    speaker: Identity

    @property
    def is_in_group(self) -> bool:
        return bool(self.place.is_chat)

    @property
    def chat(self) -> Chat:
        """In which the provider counts: of a group that has moved the new one, which counts its messages anew."""
        return Chat(self.place.channel, self.place.account_id, self.inbound.chat or self.place.address)


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
        said = self._said(account, inbound)
        file_id = self._media.begin(account, said.speaker, inbound) if inbound.media is not None else None
        accepted = self._send(account, said, file_id)
        if inbound.media is not None and file_id is not None:
            self._media.request_fetch(account, said.speaker, inbound.media, file_id, accepted.conversation_id)
        remember(
            said.chat,
            inbound.external_id,
            conversation_id=accepted.conversation_id,
            seq=accepted.seq,
            message_id=accepted.message_id,
        )
        self._contacts.ask_name(account, said.speaker, accepted.conversation_id)
        return accepted

    def introduce(self, account: Account, contact: Contact, chat: str) -> None:
        """Let somebody who does something in a group chat be a member where the chat is. Raises as `Contacts.join`."""
        place = self._contacts.resolve_chat(account, chat, None)
        speaker = self._contacts.resolve_speaker(account, contact)
        with suppress(Member.DoesNotExist):
            Member.get(place.conversation_id, speaker.user_id, consistent_read=True)
            return
        self._contacts.join(account, place, speaker, str(place.conversation_id))

    def _said(self, account: Account, inbound: Inbound) -> _Said:
        if inbound.chat is None:
            own = self._contacts.resolve(account, inbound.contact)
            return _Said(inbound, own, own)
        place = self._contacts.resolve_chat(account, inbound.chat, inbound.chat_name)
        return _Said(inbound, place, self._contacts.resolve_speaker(account, inbound.contact))

    def _send(self, account: Account, said: _Said, file_id: str | None) -> Accepted:
        inbound, chat = said.inbound, said.chat
        command = Send(
            sender_id=said.speaker.user_id,
            conversation_id=said.place.conversation_id,
            type=inbound.type,
            content=inbound.content,
            message_id=_message_id(account, chat, inbound.external_id),
            channel=account.channel,
            metadata=_metadata(inbound.origin, _group(said)),
            file_ids=(file_id,) if file_id is not None else (),
        )
        answered = find_by_external_id(chat, inbound.reply_to) if inbound.reply_to else None
        if answered is not None:
            # An answer goes to where the question stands; not there any more: to the current conversation.
            with suppress(NotFound, Forbidden):
                reply = replace(command, conversation_id=answered.conversation_id, reply_to=answered.message_id)
                return self._say(account, said, reply)
        try:
            return self._say(account, said, command)
        except NotFound:
            return self._say_elsewhere(account, said, command)

    def _say_elsewhere(self, account: Account, said: _Said, command: Send) -> Accepted:
        """Where the chat is no longer in the conversation that it was in."""
        contact = said.inbound.contact
        if said.is_in_group:
            moved = self._contacts.move(account, Contact(said.place.address, said.place.display_name), said.place)
            return self._say(
                account, replace(said, place=moved), replace(command, conversation_id=moved.conversation_id)
            )
        moved = self._contacts.move(account, contact, said.speaker)
        elsewhere = replace(command, sender_id=moved.user_id, conversation_id=moved.conversation_id)
        return self._say(account, _Said(said.inbound, moved, moved), elsewhere)

    def _say(self, account: Account, said: _Said, command: Send) -> Accepted:
        """Say it; in a group whoever speaks for the first time becomes a member, and where that cannot be, the chat speaks."""
        try:
            return self._say_once(said, command)
        except NotFound:
            if not said.is_in_group:
                raise
        try:
            self._contacts.join(account, said.place, said.speaker, command.conversation_id)
        except (Conflict, Forbidden) as error:
            logger.warning("speaks as the chat", account_id=account.id, cause=error.detail)
            speaker = {"speaker": said.speaker.display_name}
            metadata = _metadata(said.inbound.origin, _group(said) | speaker)
            command = replace(command, sender_id=said.place.user_id, metadata=metadata)
        return self._say_once(said, command)

    def _say_once(self, said: _Said, command: Send) -> Accepted:
        try:
            return self._sending.send(command, limited=False)
        except Conflict as error:
            if error.code != "message_id_reused":
                raise
            return self._said_before(said, command, error)

    def _said_before(self, said: _Said, command: Send, error: Conflict) -> Accepted:
        """A repeat that meets another state: since the first time the contact's conversation, or user, has changed.

        The id is derived from the provider's, so it is the same message, and stays where it was first put.
        """
        claim = MessageId.get(command.message_id, consistent_read=True)
        if not _is_theirs(str(claim.sender_id), said):
            raise error
        with suppress(Message.DoesNotExist):
            written = Message.get(claim.conversation_id, int(claim.seq), consistent_read=True)
            if written.message_id == claim.message_id:
                return Accepted.of(claim)
        # Claimed, and the claimer died before writing it.
        if claim.sender_id != command.sender_id:
            # By whoever the contact was to us before: as another message, the number that was taken becomes void.
            again = derived_id(str(command.message_id), str(command.sender_id))
            return self._sending.send(replace(command, message_id=again), limited=False)
        if claim.conversation_id == command.conversation_id and command.reply_to is None:
            raise error
        return self._sending.send(replace(command, conversation_id=claim.conversation_id, reply_to=None), limited=False)


def _is_theirs(sender_id: str, said: _Said) -> bool:
    """Whether that is the contact, the chat they speak in, or the guest as whom they were known before they were linked."""
    own = {said.speaker.user_id, said.place.user_id}
    if sender_id in own:
        return True
    try:
        return User.get(sender_id, consistent_read=True).linked_to in own
    except User.DoesNotExist:
        return False


def _message_id(account: Account, chat: Chat, external_id: str) -> str:
    """The same for each repeat, and known to nobody who could claim it first: a secret of the account is in it."""
    secret = account.seed or account.settings.get("webhook_secret", "")
    return derived_id(account.channel, f"{account.id}:{secret}:{chat.address}:{external_id}")


def _group(said: _Said) -> dict[str, Any]:
    """What a message tells of the group chat that it was said in: it does not go back there (domain.routes)."""
    if not said.is_in_group:
        return {}
    return {"chat": {"id": said.place.address, "name": said.place.display_name[:64]}}


def _metadata(origin: Mapping[str, Any] | None, group: Mapping[str, Any]) -> dict[str, Any] | None:
    """`{"origin": {…}}` with as much as metadata may hold: `group`, then the smallest things; what is left out is named."""
    kept: dict[str, Any] = dict(group)
    left_out: list[str] = []
    others = {name: value for name, value in (origin or {}).items() if name not in kept}
    for name, value in sorted(others.items(), key=lambda pair: _size(pair[1])):
        if _size({"origin": kept | {name: value}}) <= METADATA_MAX_BYTES - _ROOM_FOR_NAMES:
            kept[name] = value
        else:
            left_out.append(name[:32])
    found = kept | ({"left_out": left_out[:5]} if left_out else {})
    return {"origin": found} if found else None


def _size(value: Any) -> int:
    return len(json.dumps(value, ensure_ascii=False).encode(errors="replace"))
