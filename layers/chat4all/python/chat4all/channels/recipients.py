"""Recipients: where a contact is reached now, and under which address their chat is kept."""

from dataclasses import dataclass

from chat4all.stores.external_messages import Chat
from chat4all.stores.identities import Identity, find_identity


@dataclass(frozen=True, slots=True)
class Recipient:
    """Whom a connector sends to."""

    address: str
    """The newest one of theirs."""
    chat: Chat
    identity: Identity | None
    """None: nobody wrote from that address yet."""

    @property
    def last_inbound_ms(self) -> int | None:
        """When they wrote last."""
        if self.identity is None or self.identity.last_inbound_at is None:
            return None
        return int(self.identity.last_inbound_at)

    def was_told_in(self, conversation_id: str) -> None:
        """What they write next, if it answers nothing, belongs there."""
        if self.identity is not None and self.identity.conversation_id not in (None, conversation_id):
            self.identity.update([Identity.conversation_id.set(conversation_id)])


def recipient_at(channel: str, account_id: str, address: str) -> Recipient:
    """Whoever has `address` as a member of a conversation; they may have another one by now."""
    identity = find_identity(channel, account_id, (address,))
    current = str(identity.current_address or address) if identity is not None else address
    if identity is not None and current != identity.address:
        # Where both had written before the change was told, the new address is a contact of its own.
        identity = find_identity(channel, account_id, (current,)) or identity
    home = str(identity.address) if identity is not None else address
    if identity is not None and identity.is_chat:
        home = current  # a supergroup counts its messages anew
    return Recipient(current, Chat(channel, account_id, home), identity)
