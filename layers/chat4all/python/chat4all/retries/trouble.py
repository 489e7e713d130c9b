"""What an exception of a consumer means for the record that raised it."""

from pynamodb.exceptions import PynamoDBException

from chat4all.domain.retry import Trouble
from chat4all.errors import Unavailable
from chat4all.kafka.publisher import PublishFailed
from chat4all.stores.table import is_unavailable

_CAUSE_MAX = 500


class TryLater(Exception):
    """Base of errors for which others are at fault: a provider, or the way to it. `wait_s`: not before so many seconds."""

    wait_s: float = 0.0
    is_exact: bool = False
    """It is to come again just then."""


class Waiting(TryLater):
    """Nothing is wrong: it comes again when it is time."""


def trouble_of(error: Exception) -> Trouble:
    """`cause` is `<class>: <text>`, shortened."""
    cause = f"{type(error).__name__}: {error}"[:_CAUSE_MAX]
    if isinstance(error, TryLater):
        return Trouble(cause, True, error.wait_s, error.is_exact)
    return Trouble(cause, is_outage(error))


def is_outage(error: Exception) -> bool:
    """Whether DynamoDB or Kafka did not answer, or asked for another try: nothing is known to be wrong with the record."""
    if isinstance(error, PynamoDBException):
        return is_unavailable(error)
    return isinstance(error, Unavailable | PublishFailed)
