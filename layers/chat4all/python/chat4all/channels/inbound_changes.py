"""What contacts do to messages: they edit and take back their own, and react to theirs and ours.

It becomes what the same would be in the app, by the contact's user (chat4all.changing, chat4all.reactions). Providers repeat and
disorder their webhooks, so each may come twice, an older one after a newer one, and one before its message: that is kept, and
applied once the message is here. It is kept first and looked for then, and a message is stored first and looks then, so of
two at once at least one finds the other.
"""

from collections.abc import Iterator
from itertools import count
from typing import Any

from chat4all.changing import Changing, Edit, Unsend
from chat4all.channels.contacts import home_of
from chat4all.channels.inbound import Contact, Inbound, InboundEdit, InboundReactions, InboundUnsend
from chat4all.channels.pieces import piece_id
from chat4all.clock import now_ms
from chat4all.errors import Conflict, Forbidden, Invalid, NotFound, Unavailable
from chat4all.logs import logger
from chat4all.message_claims import Found, find
from chat4all.reactions import Reactions
from chat4all.stores.accounts import Account
from chat4all.stores.chats import early_changes, is_latest_change, keep_early_change
from chat4all.stores.external_messages import Chat, ExternalMessage, find_by_external_id
from chat4all.stores.identities import find_identity

Change = InboundEdit | InboundUnsend | InboundReactions

_EDIT, _UNSEND, _REACTIONS = "edit", "unsend", "reactions"
_ATTEMPTS = 5
_ON_ITS_WAY_MS = 60_000
"""So long a message of ours may be known to the provider and not to us, whose connector died before it wrote the answer."""


class _Overtaken(Exception):
    """A later change was taken before."""


class InboundChanges:
    """Applies changes of contacts."""

    def __init__(self, changing: Changing, reactions: Reactions) -> None:
        self._changing = changing
        self._reactions = reactions

    def apply(self, account: Account, happening: Change) -> bool:
        """Durable when it returns; False where its message is not known, and nothing was done.

        Raises:
            Unavailable, PynamoDBException: it must come again.
            NotFound, Forbidden, Invalid, Conflict: refused, and would be each time: of a contact who is no member any more, or
            a reader; another's message; what is no text, or no emoji.
        """
        chat = _chat(account, happening)
        known = find_by_external_id(chat, happening.external_id)
        who = happening.contact
        identity = find_identity(account.channel, account.id, (who.address, *who.aliases))
        if known is None or identity is None or identity.user_id is None:
            return False
        try:
            self._apply(chat, known, str(identity.user_id), happening)
        except _Overtaken:
            pass
        except Conflict as error:
            if error.code != "message_deleted":
                raise
        return True

    def apply_or_keep(self, account: Account, happening: Change) -> bool:
        """Apply it, now or when its message comes; False where it is kept for then. Raises as `apply`.

        Raises:
            Unavailable: also for a young reaction to what is not known, which will be a message of ours in a moment.
        """
        if self.apply(account, happening):
            return True
        chat = _chat(account, happening)
        kind, change = _document(happening)
        keep_early_change(chat, happening.external_id, kind, change, now_ms() // 1000)
        if self._catch_up(account, chat, happening):
            return True
        if isinstance(happening, InboundReactions) and abs(now_ms() - (happening.time_ms or 0)) < _ON_ITS_WAY_MS:
            raise Unavailable("The message of this reaction is not known yet. Send it again.")
        return False

    def catch_up(self, account: Account, inbound: Inbound) -> None:
        """Apply what was done to a message before it came; to be asked after it was stored. Raises as `apply`."""
        self._catch_up(account, _chat(account, inbound), inbound)

    def _catch_up(self, account: Account, chat: Chat, about: Inbound | Change) -> bool:
        """Whether all that was kept is applied."""
        applied, external_id = False, about.external_id
        for early in early_changes(chat, external_id):
            happening = _happening(early.entry, early.change, about)
            try:
                if not self.apply(account, happening):
                    return False
            except (NotFound, Forbidden, Invalid, Conflict) as error:
                # It is in S3 as it came, and would be refused each time.
                logger.warning("early change refused", external_id=external_id, cause=error.detail)
            early.delete()
            applied = True
        return applied

    def _apply(self, chat: Chat, known: ExternalMessage, user_id: str, happening: Change) -> None:
        message_id = str(known.message_id)
        match happening:
            case InboundEdit():
                self._edit(chat, message_id, user_id, happening)
            case InboundUnsend():
                for one in _whole(chat, happening.external_id, known):
                    self._changing.unsend(Unsend(user_id, str(one.message_id)), limited=False)
            case InboundReactions():

                def look() -> Found:
                    # The state first: what is written is made from it, so it fails where a later change was faster.
                    found = find(user_id, message_id)
                    _check_latest(chat, happening)
                    return found

                self._reactions.replace(user_id, look, happening.emojis)
                for guest_id in _former(find(user_id, message_id)):
                    self._reactions.replace(guest_id, lambda: find(user_id, message_id), ())

    def _edit(self, chat: Chat, message_id: str, user_id: str, happening: InboundEdit) -> None:
        for _ in range(_ATTEMPTS):
            revision = int(find(user_id, message_id).message.revision or 0)
            _check_latest(chat, happening)
            try:
                self._changing.edit(Edit(user_id, message_id, happening.content, revision), limited=False)
            except Conflict as error:
                if error.code != "edited_meanwhile":
                    raise
            else:
                return
        raise Unavailable("Others are changing this message; nothing was changed. Send it again.")


def _whole(chat: Chat, external_id: str, first: ExternalMessage) -> Iterator[ExternalMessage]:
    """All messages of ours that were made of one of the provider's (inbound.Inbound.external_id)."""
    known: ExternalMessage | None = first
    for number in count(1):
        if known is None:
            return
        yield known
        known = find_by_external_id(chat, piece_id(external_id, number))


def _check_latest(chat: Chat, happening: InboundEdit | InboundReactions) -> None:
    at, order = happening.time_ms, happening.order
    if at is not None and not is_latest_change(chat, happening.external_id, _kind_of(happening), at, order):
        raise _Overtaken


def _former(found: Found) -> list[str]:
    """Guests as whom the contact reacted before they were linked: the phone shows one person's reactions."""
    reacting = found.message.reactions_of_users()
    return [guest_id for guest_id in reacting if guest_id != found.member.user_id and found.member.is_self(guest_id)]


def _chat(account: Account, about: Inbound | Change) -> Chat:
    return Chat(account.channel, account.id, about.chat or home_of(account, about.contact))


def _document(happening: Change) -> tuple[str, dict[str, object]]:
    """Kind and what is kept of it; in a group several may react, each for themselves."""
    match happening:
        case InboundEdit():
            return _EDIT, {"content": happening.content, "time_ms": happening.time_ms, "order": happening.order}
        case InboundReactions():
            return _kind_of(happening), {
                "emojis": list(happening.emojis),
                "time_ms": happening.time_ms,
                "order": happening.order,
                "by": [happening.contact.address, happening.contact.name],
            }
        case InboundUnsend():
            return _UNSEND, {}


def _kind_of(happening: InboundEdit | InboundReactions) -> str:
    """In a group several may react to a message, each for themselves."""
    if isinstance(happening, InboundEdit):
        return _EDIT
    return _REACTIONS if happening.chat is None else f"{_REACTIONS}@{happening.contact.address}"


def _happening(entry: str, kept: dict[str, Any], about: Inbound | Change) -> Change:
    kind, external_id, contact = entry.rpartition("#")[2], about.external_id, about.contact
    time_ms = kept.get("time_ms")
    at = int(time_ms) if time_ms is not None else None
    order = int(kept.get("order", 0))
    if kind == _EDIT:
        return InboundEdit(external_id, contact, str(kept["content"]), about.chat, at, order)
    if kind.partition("@")[0] == _REACTIONS:
        address, name = kept.get("by") or (contact.address, contact.name)
        by = contact if address == contact.address else Contact(address, name)
        return InboundReactions(external_id, by, tuple(kept["emojis"]), about.chat, at, order)
    return InboundUnsend(external_id, contact, about.chat)
