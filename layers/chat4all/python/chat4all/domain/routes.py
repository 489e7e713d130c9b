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
    left_seq: int | None = None
    """Of a guest whose place a user has taken: the number up to which it was theirs."""
    reached_since: tuple[tuple[tuple[str, str, str], int], ...] = ()
    """Addresses that came later, with the number behind which they count."""
    in_place_of: tuple["Recipient", ...] = ()
    """Guests whom this user has turned out to be."""
    speaks_in: str | None = None
    """User id of the member that stands for the group chat in which they speak."""

    def is_self(self, user_id: str) -> bool:
        """Whether that is the member, or one of these guests."""
        return user_id == self.user_id or any(guest.user_id == user_id for guest in self.in_place_of)


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
