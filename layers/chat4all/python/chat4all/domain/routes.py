"""Who a message goes to, and each external way to them."""

from collections.abc import Collection
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Recipient:
    """A member as the router sees them."""

    user_id: str
    in_app: bool
    addresses: tuple[tuple[str, str, str], ...] = ()
    """(channel, account_id, address) of each external identity."""
    joined_seq: int = 0


@dataclass(frozen=True, slots=True)
class Route:
    """One external way to one recipient."""

    recipient_id: str
    channel: str
    account_id: str
    address: str


def routes_over(recipient: Recipient, channels: Collection[str]) -> list[Route]:
    """Each of the recipient's addresses on `channels`."""
    return [Route(recipient.user_id, *address) for address in recipient.addresses if address[0] in channels]
