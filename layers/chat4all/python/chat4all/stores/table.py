"""Base of the DynamoDB tables. Tables are bound to a deployment once, in the composition root, before first use."""

from typing import Any, ClassVar

from pynamodb.exceptions import PynamoDBException
from pynamodb.models import Model


class Table(Model):
    """A DynamoDB table named `<prefix><noun>`."""

    noun: ClassVar[str]


class Connection:
    """What every table's Meta shares: short waits, because a function's caller waits too; few retries."""

    table_name = ""
    connect_timeout_seconds = 1
    read_timeout_seconds = 3
    max_retry_attempts = 2
    max_pool_connections = 32


def bind(prefix: str) -> None:
    """Give every table that has been imported its name in this deployment."""
    for table in Table.__subclasses__():
        meta: Any = table.Meta
        meta.table_name = prefix + table.noun


def condition_failed(error: PynamoDBException) -> bool:
    """Whether `error` is a failed condition of a write (or of one action in a transaction)."""
    if error.cause_response_code == "ConditionalCheckFailedException":
        return True
    reasons = getattr(error, "cancellation_reasons", None) or ()
    return any(reason is not None and reason.code == "ConditionalCheckFailed" for reason in reasons)
