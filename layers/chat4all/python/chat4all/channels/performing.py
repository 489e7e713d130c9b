"""One action at the provider: within the channel's rates and the account's circuit breaker, as sends are."""

from collections.abc import Callable
from dataclasses import dataclass

from chat4all.channels.channel import Channel, Sender, Target, Unsupported
from chat4all.channels.fates import NotSent, Permanent, TryAgain
from chat4all.channels.outgoing import Action
from chat4all.channels.recipients import Recipient
from chat4all.channels.shaping import Shaping
from chat4all.circuit_breakers import CircuitBreakers
from chat4all.clock import now_ms
from chat4all.kafka.schemas import ChannelActionRequested
from chat4all.stores.accounts import Account
from chat4all.stores.messages import Message


@dataclass(frozen=True, slots=True)
class Request:
    """What is asked for, with what it needs."""

    asked: ChannelActionRequested
    account: Account
    recipient: Recipient
    message: Message
    """As it is now."""
    remaining_ms: Callable[[], int]
    is_last_try: bool


class Performing:
    """Of one channel and environment."""

    def __init__(self, channel: Channel, sender: Sender, breakers: CircuitBreakers, shaping: Shaping) -> None:
        self._channel = channel
        self._sender = sender
        self._breakers = breakers
        self._shaping = shaping

    def act(self, request: Request, action: Action) -> str | None:
        """Do it. None: it is done; else why it cannot be done in this way, now or later: a stable word, a colon and a text.

        Raises:
            NotSent: it may be done later, or nothing can reach this recipient any more.
        """
        limits, account, recipient = self._channel.limits, request.account, request.recipient

        def may_wait(wait_s: float) -> bool:
            return request.remaining_ms() - wait_s * 1000 > limits.RESERVE_MS

        if not may_wait(0):
            raise NotSent(TryAgain("no_time: the invocation ends before it could be done"))
        self._shaping.wait_for_turn(account.id, recipient.address, limits.RATES, may_wait)
        # A change is no message, so no window is closed to it on our side: the provider says what it takes.
        terms = limits.window(recipient.last_inbound_ms, now_ms(), account.settings) or {}
        target = Target(account.id, account.settings, recipient.address, terms, request.remaining_ms)

        def call() -> str | None:
            try:
                self._sender.act(target, action)
            except Unsupported as error:
                return f"unsupported: {error}"
            return None

        try:
            return self._breakers.send(account.id, call)
        except NotSent as error:
            if isinstance(error.fate, Permanent):
                return error.fate.reason
            raise
