"""Which channels a message takes to each recipient, where no business rule says otherwise."""

from collections.abc import Collection, Iterable, Sequence
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


def routes(recipients: Iterable[Recipient], asked: Sequence[str] | None, *, online: Collection[str]) -> list[Route]:
    """External routes: each external identity of a recipient who is not online (design: section 5, the default rule).

    `asked` are the channels that the sender named: then exactly those, online or not; `all` is every one.
    """
    return [
        Route(recipient.user_id, channel, account_id, address)
        for recipient in recipients
        for channel, account_id, address in recipient.addresses
        if _wanted(channel, asked, recipient.user_id in online)
    ]


def _wanted(channel: str, asked: Sequence[str] | None, is_online: bool) -> bool:
    if asked is None:
        return not is_online
    return channel in asked or "all" in asked
