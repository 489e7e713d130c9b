"""Contacts: who stands behind an address, and in which conversation.

The first message of a new contact makes a guest and a conversation. Providers repeat webhooks and send several at once, so
two invocations may meet the same new contact. The identity item is the lock: whoever creates it (conditional put) makes
guest and conversation and writes each into the item; others wait for that, and answer 503 when it takes too long, upon which
the provider repeats. The winner may die: a claim older than any invocation is taken over, and goes on at what is missing.
What a death exactly between making and writing down leaves is a guest in no conversation, or a conversation without messages.
"""

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pynamodb.exceptions import PutError, TransactWriteError, UpdateError
from pynamodb.expressions.update import Action
from pynamodb.transactions import TransactWrite

from chat4all.channels.channel import CHANNELS
from chat4all.channels.inbound import Contact
from chat4all.clock import now_ms
from chat4all.conversations import contact_member
from chat4all.errors import Conflict, Forbidden, NotFound, Unavailable
from chat4all.kafka.events import Event
from chat4all.kafka.schemas import NAME_REQUESTED
from chat4all.kafka.topics import outbound
from chat4all.linked_places import take_places
from chat4all.logs import logger
from chat4all.stores.accounts import Account
from chat4all.stores.identities import Identity, address_key, addresses_of, find_identity, pointer_to, way_to
from chat4all.stores.table import condition_failed

if TYPE_CHECKING:  # What the services import is loaded by the function that has them.
    from chat4all.conversations import Conversations
    from chat4all.members import Members
    from chat4all.users import Users


BY_CONTACT = "by_contact"
_CLAIM_MS = 20_000
"""Above the timeout (15 s) of every function that receives."""
_WAIT_S = 3.0
_NAME_EACH_MS = 24 * 3600 * 1000
_INBOUND_STEP_MS = 60_000
"""How exact it is known when a contact wrote last: windows are of hours, and each write costs 3 units."""


class Contacts:
    """Finds contacts, and makes them where they are new."""

    def __init__(self, users: "Users", conversations: "Conversations", members: "Members") -> None:
        self._users = users
        self._conversations = conversations
        self._members = members

    def resolve(self, account: Account, contact: Contact) -> Identity:
        """The contact's identity, with user and conversation.

        Raises:
            Unavailable: another invocation is making them and has not finished yet.
        """
        return self._resolve(account, _Wanted(contact, account.inbound["conversation"]))

    def resolve_chat(self, account: Account, chat: str, name: str | None) -> Identity:
        """The identity of a group chat, with the user that stands for it and its conversation; raises Unavailable."""
        wanted = _Wanted(Contact(chat, name or chat), account.inbound["conversation"], is_chat=True)
        return self._resolve(account, wanted)

    def resolve_speaker(self, account: Account, contact: Contact) -> Identity:
        """The identity of somebody who speaks in a group chat, with a user; they may never have written to us."""
        return self._resolve(account, _Wanted(contact, None))

    def move(self, account: Account, contact: Contact, left: Identity) -> Identity:
        """A new conversation of its own for a contact, or chat, who is no longer in `left.conversation_id`."""
        actions: list[Action] = [Identity.conversation_id.remove(), Identity.claimed_at.set(0)]
        same = (Identity.conversation_id == left.conversation_id) & (Identity.user_id == left.user_id)
        try:
            left.update(actions, condition=same)
        except UpdateError as error:
            if not condition_failed(error):  # else it has moved already, or was linked to a user a moment ago
                raise
        return self._resolve(account, _Wanted(contact, BY_CONTACT, is_chat=bool(left.is_chat)))

    def join(self, account: Account, chat: Identity, speaker: Identity, conversation_id: str) -> None:
        """Let somebody who speaks in a group chat into a conversation in which the chat is.

        Raises:
            NotFound: it is gone, or the chat is not in it. Conflict: `group_full`. Forbidden: no longer the owner's to invite to.
        """
        in_app = speaker.linked_at is not None
        member = contact_member(
            speaker.user_id, [], conversation_id=conversation_id, in_app=in_app, speaks_in=chat.user_id
        )
        self._members.add_contact(member, invited_by=account.owner_id)

    def ask_name(self, account: Account, identity: Identity, conversation_id: str) -> None:
        """Have the provider asked what a contact is called whose payloads do not say it (channels.naming), once a day."""
        now = now_ms()
        is_named = identity.display_name != identity.address or account.channel not in CHANNELS
        if is_named or now - int(identity.name_asked_at or 0) < _NAME_EACH_MS:
            return
        data = {"channel": account.channel, "account_id": account.id, "address": identity.address}
        self._conversations.tell(Event(outbound(account.channel), NAME_REQUESTED, conversation_id, data, now))
        identity.update([Identity.name_asked_at.set(now)])

    def _resolve(self, account: Account, wanted: "_Wanted") -> Identity:
        until = time.monotonic() + _WAIT_S
        contact = wanted.contact
        while True:
            identity = find_identity(account.channel, account.id, (contact.address, *contact.aliases))
            if identity is not None and identity.taken_from:
                # Whoever linked it has died, or is at it.
                take_places(self._members, identity)
            if identity is not None and wanted.rule is None and identity.user_id:
                return identity
            if identity is not None and identity.conversation_id:
                _learn(identity, contact)
                return identity
            claimed = _claim(identity, account, wanted)
            if claimed is not None:
                return self._complete(claimed, account, wanted.rule)
            if time.monotonic() > until:
                raise Unavailable("The contact is being introduced. Send it again.")
            time.sleep(0.05)

    def _complete(self, identity: Identity, account: Account, rule: str | None) -> Identity:
        claim = int(identity.claimed_at)
        try:
            if identity.user_id is None:
                guest_id = self._users.create_guest(identity.display_name)
                _write(identity, claim, [Identity.user_id.set(guest_id)])
            found: list[Action] = [Identity.claimed_at.remove()]
            if rule is not None:
                found.append(Identity.conversation_id.set(self._place(identity, account, rule)))
            _write(identity, claim, found)
        except Exception:
            _quietly(lambda: _write(identity, claim, [Identity.claimed_at.set(0)]))
            raise
        return identity

    def _place(self, identity: Identity, account: Account, rule: str) -> str:
        """By the account's inbound rule: a conversation with the owner, or the one that is named."""
        is_linked = identity.linked_at is not None
        addresses = [way_to(identity)]
        if is_linked:
            addresses += [way for way in addresses_of(identity.user_id) if way not in addresses]
        member = contact_member(identity.user_id, addresses, conversation_id=rule, in_app=is_linked)
        if rule != BY_CONTACT:
            try:
                self._members.add_contact(member, invited_by=account.owner_id)
            except (NotFound, Conflict, Forbidden) as error:
                # Gone or full, or no longer the owner's to invite to; the owner hears of the contact all the same.
                logger.warning("inbound rule does not work", account_id=account.id, cause=error.detail)
            else:
                return rule
        title = identity.display_name if identity.is_chat else None
        return self._conversations.create_for_contact(
            account.owner_id, [member], title=title, is_chat=bool(identity.is_chat)
        )


@dataclass(frozen=True, slots=True)
class _Wanted:
    """Whose identity is looked for."""

    contact: Contact
    rule: str | None
    """Where what they write goes; None: they only speak in a group chat, and need no conversation of their own."""
    is_chat: bool = False


def home_of(account: Account, contact: Contact) -> str:
    """The address under which the contact is known here; of somebody who is not known, their own."""
    identity = find_identity(account.channel, account.id, (contact.address, *contact.aliases))
    return contact.address if identity is None else str(identity.address)


def change_address(account: Account, old: str, new: str) -> None:
    """From now on answers go to `new`, and what is written from there is theirs; `old` keeps working.

    Nothing is done where `old` is nobody's: who writes from `new` is met then. Where somebody is known by `new` already,
    they stay two contacts, because they may have two conversations by now.
    """
    identity = find_identity(account.channel, account.id, (old,))
    if identity is None or old == new:
        logger.info("address changed of nobody", account_id=account.id)
        return
    _point_here(identity, {new})
    identity.update([Identity.aliases.add({new}), Identity.current_address.set(new)])


def _learn(identity: Identity, contact: Contact) -> None:
    """What a message tells of its sender: that they write now, and other addresses of theirs."""
    now = now_ms()
    changes: list[Action] = []
    if now - int(identity.last_inbound_at or 0) >= _INBOUND_STEP_MS:
        changes.append(Identity.last_inbound_at.set(now))
    news = {contact.address, *contact.aliases} - {identity.address, *(identity.aliases or ())}
    if news:
        _point_here(identity, news)
        changes.append(Identity.aliases.add(news))
        if contact.address in news:
            changes.append(Identity.current_address.set(contact.address))
    if changes:
        identity.update(changes)


def _point_here(identity: Identity, addresses: Iterable[str]) -> None:
    for address in addresses:
        try:
            pointer_to(identity, address, now_ms()).save(Identity.address_key.does_not_exist())
        except PutError as error:
            if not condition_failed(error):
                raise
            logger.info("an address is known already", account_id=identity.account_id)


def _claim(identity: Identity | None, account: Account, wanted: _Wanted) -> Identity | None:
    """The identity with a claim of ours; None where somebody else is at work."""
    now, contact = now_ms(), wanted.contact
    try:
        if identity is not None:
            before = int(identity.claimed_at or 0)
            if now - before < _CLAIM_MS:
                return None
            free = (Identity.claimed_at == 0) | Identity.claimed_at.does_not_exist()
            identity.update([Identity.claimed_at.set(now)], condition=Identity.claimed_at == before if before else free)
            return identity
        identity = Identity(
            address_key(account.channel, account.id, contact.address),
            channel=account.channel,
            account_id=account.id,
            address=contact.address,
            display_name=contact.name,
            claimed_at=now,
            created_at=now,
            aliases=set(contact.aliases) - {contact.address} or None,
            last_inbound_at=now if wanted.rule is not None else None,
            is_chat=1 if wanted.is_chat else None,
        )
        _save_new(identity, now)
    except (PutError, UpdateError, TransactWriteError) as error:
        if condition_failed(error):
            return None
        raise
    return identity


def _save_new(identity: Identity, now: int) -> None:
    """All addresses or none: of two messages that come at once, one by each address, one makes the contact."""
    is_new = Identity.address_key.does_not_exist()
    if not identity.aliases:
        identity.save(is_new)
        return
    with TransactWrite(connection=Identity.client()) as transaction:
        transaction.save(identity, condition=is_new)
        for alias in sorted(identity.aliases):
            transaction.save(pointer_to(identity, alias, now), condition=is_new)


def _write(identity: Identity, claim: int, actions: list[Action]) -> None:
    """Change the identity as long as the claim is ours."""
    try:
        identity.update(actions, condition=Identity.claimed_at == claim)
    except UpdateError as error:
        if condition_failed(error):
            raise Unavailable("Somebody else introduces this contact now. Send it again.") from error
        raise


def _quietly(act: Callable[[], None]) -> None:
    """Let the original error through, whatever comes of `act`."""
    try:
        act()
    except Exception as error:
        logger.warning("claim not released", cause=str(error))
