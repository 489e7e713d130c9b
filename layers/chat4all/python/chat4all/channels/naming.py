"""Names of contacts whose payloads lack them: the provider is asked, away from the webhook, and the answer is kept."""

from collections.abc import Callable

from pynamodb.exceptions import UpdateError

from chat4all.channels.channel import Channel, NamesPeople, Sender, Target
from chat4all.channels.fates import NotSent
from chat4all.channels.recipients import recipient_at
from chat4all.channels.sending_parts import is_final
from chat4all.channels.shaping import Shaping
from chat4all.circuit_breakers import CircuitBreakers
from chat4all.kafka.record import Record
from chat4all.kafka.schemas import NameRequested
from chat4all.logs import logger
from chat4all.stores.accounts import find_account
from chat4all.stores.identities import Identity
from chat4all.stores.table import condition_failed
from chat4all.stores.users import User

NAME_MAX = 256
"""Characters."""


class Naming:
    """Of one channel and environment."""

    def __init__(self, channel: Channel, sender: Sender, breakers: CircuitBreakers, shaping: Shaping) -> None:
        self._channel = channel
        self._sender = sender
        self._breakers = breakers
        self._shaping = shaping

    def handle(self, record: Record, remaining_ms: Callable[[], int]) -> None:
        """Learn the name that `record` asks for; what is known already is not asked again.

        Raises:
            NotSent: it may be asked later.
        """
        asked = NameRequested.model_validate(record.event["data"])
        sender, account = self._sender, find_account(asked.account_id, self._channel.name)
        if account is None or not isinstance(sender, NamesPeople):
            return
        recipient = recipient_at(self._channel.name, account.id, asked.address)
        identity = recipient.identity
        if identity is None or identity.display_name != identity.address:
            return
        limits = self._channel.limits

        def may_wait(wait_s: float) -> bool:
            return remaining_ms() - wait_s * 1000 > limits.RESERVE_MS

        target = Target(account.id, account.settings, recipient.address, {}, remaining_ms)
        try:
            self._shaping.wait_for_turn(account.id, recipient.address, limits.RATES, may_wait)
            name = self._breakers.send(account.id, lambda: sender.name_of(target))
        except NotSent as error:
            if not is_final(error, is_last_try=record.is_last_try):
                raise
            logger.warning("name not told", account_id=account.id, cause=error.fate.reason)
            return
        if name is not None:
            _keep(identity, name[:NAME_MAX])


def _keep(identity: Identity, name: str) -> None:
    """As the contact's, and as their guest's, where that has none of its own."""
    try:
        identity.update([Identity.display_name.set(name)], condition=Identity.display_name == identity.address)
        if identity.user_id and identity.linked_at is None:
            User(identity.user_id).update(
                [User.display_name.set(name)], condition=User.display_name == identity.address
            )
    except UpdateError as error:
        if not condition_failed(error):  # else a name has come meanwhile
            raise
