"""Answers of providers that could not be written down yet: what they took must not be sent again because DynamoDB was away."""

import time
from collections.abc import Callable

from pynamodb.exceptions import PynamoDBException

from chat4all.channels.delivery_log import Answer, DeliveryLog
from chat4all.errors import Unavailable
from chat4all.logs import logger
from chat4all.retries.trouble import is_outage
from chat4all.stores.deliveries import Delivery

_PAUSE_S = 0.25
_RESERVE_MS = 4_000
"""Kept of the invocation's time: one call to DynamoDB with its timeouts."""
_KNOWN = 1_000
"""Answers that are remembered: one invocation adds few, since nothing is sent while they cannot be written."""


class Answers:
    """Of one environment. Where it dies too, the provider's answer is lost, and the message is sent twice."""

    def __init__(self, sleep: Callable[[float], None] = time.sleep) -> None:
        self._sleep = sleep
        self._unwritten: dict[tuple[str, int, str, str, int], Answer] = {}

    def known(self, log: DeliveryLog, part: int) -> Answer | None:
        """The provider's answer for a part that was sent before, and not written down."""
        return self._unwritten.get(_key(log, part))

    def write(self, log: DeliveryLog, part: int, answer: Answer, remaining_ms: Callable[[], int]) -> Delivery:
        """Write that the provider took it, again and again as long as the invocation has time.

        Raises:
            PynamoDBException, Unavailable: it could not be written; `known` has the answer.
        """
        while len(self._unwritten) >= _KNOWN:
            self._unwritten.pop(next(iter(self._unwritten)))
        self._unwritten[_key(log, part)] = answer
        while True:
            try:
                delivery = log.sent(part, answer)
            except (PynamoDBException, Unavailable) as error:
                if not is_outage(error) or remaining_ms() < _RESERVE_MS:
                    raise
                logger.warning("what was sent cannot be written down yet", cause=str(error))
                self._sleep(_PAUSE_S)
            else:
                self._unwritten.pop(_key(log, part), None)
                return delivery


def _key(log: DeliveryLog, part: int) -> tuple[str, int, str, str, int]:
    request = log.request
    return request.conversation_id, request.seq, request.recipient_id, request.account_id, part
