"""What arrives on an account whose `inbound` rule has `mirror_to` is said once more there (chat4all.mirrors)."""

from chat4all.errors import Unavailable
from chat4all.kafka.publisher import Publisher, PublishFailed
from chat4all.requested_rule_actions import mirror_requested
from chat4all.sending import Accepted
from chat4all.stores.accounts import Account


class InboundMirrors:
    """Asks for mirrors."""

    def __init__(self, publisher: Publisher) -> None:
        self._publisher = publisher

    def request(self, account: Account, accepted: Accepted) -> None:
        """Have it mirrored where the account says so; asking again does no harm.

        Raises:
            Unavailable: Kafka did not take it; the provider must repeat the message.
        """
        target_id = account.inbound.get("mirror_to")
        if target_id is None or target_id == accepted.conversation_id:
            return
        event = mirror_requested(accepted.conversation_id, accepted.seq, account.owner_id, target_id)
        try:
            self._publisher.publish([event])
        except PublishFailed as error:
            raise Unavailable("The message could not be mirrored yet. Send it again.") from error
