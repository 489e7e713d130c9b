"""What happens with each thing that a provider tells."""

from chat4all.channels.acceptance import Acceptance
from chat4all.channels.contacts import change_address, home_of
from chat4all.channels.inbound import (
    AddressChanged,
    Contact,
    Echo,
    Inbound,
    InboundEdit,
    InboundReactions,
    InboundUnsend,
    Item,
    StatusReport,
    Unknown,
)
from chat4all.channels.inbound_changes import Change, InboundChanges
from chat4all.channels.inbound_mirrors import InboundMirrors
from chat4all.channels.references import is_reference
from chat4all.channels.statuses import Statuses
from chat4all.logs import logger
from chat4all.stores.accounts import Account
from chat4all.stores.external_messages import Chat, find_by_external_id


class Happenings:
    """Of one channel; each happening may come twice and in any order."""

    def __init__(
        self,
        acceptance: Acceptance,
        statuses: Statuses,
        changes: InboundChanges,
        mirrors: InboundMirrors,
    ) -> None:
        self._acceptance = acceptance
        self._statuses = statuses
        self._changes = changes
        self._mirrors = mirrors

    def take(self, account: Account, item: Item) -> str | None:
        """Durable when it returns; the word of its kind where it is not handled, and must be kept as it came.

        Raises:
            Unavailable, PublishFailed, PynamoDBException: it must come again.
            DomainError: it is refused, and would be each time.
        """
        happening = item.happening
        match happening:
            case Unknown():
                return happening.kind
            case Inbound():
                self._accept(account, happening, item.name)
            case InboundEdit() | InboundUnsend() | InboundReactions():
                return self._change(account, happening)
            case StatusReport():
                self._statuses.take(_chat(account, happening.address, happening.aliases), happening)
            case AddressChanged():
                change_address(account, happening.old, happening.new)
            case Echo() if is_reference(happening.reference):
                return None
            case Echo():
                known = find_by_external_id(_chat(account, happening.address), happening.external_id)
                return "echo" if known is None else None
        return None

    def _accept(self, account: Account, inbound: Inbound, name: str) -> None:
        accepted = self._acceptance.accept(account, inbound)
        logger.info("message accepted", message_id=accepted.message_id, item=name)
        self._mirrors.request(account, accepted)
        self._changes.catch_up(account, inbound)

    def _change(self, account: Account, happening: Change) -> str | None:
        if isinstance(happening, InboundReactions) and happening.chat is not None:
            self._acceptance.introduce(account, happening.contact, happening.chat)
        if self._changes.apply_or_keep(account, happening):
            return None
        return f"early_{type(happening).__name__.lower()}"


def _chat(account: Account, address: str, aliases: tuple[str, ...] = ()) -> Chat:
    """Where what was said with whoever has that address is kept."""
    return Chat(account.channel, account.id, home_of(account, Contact(address, "", aliases)))
