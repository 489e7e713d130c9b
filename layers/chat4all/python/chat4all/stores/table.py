"""Base of the DynamoDB tables. Tables are bound to a deployment once, in the composition root, before first use."""

from contextlib import suppress
from typing import Any, ClassVar

from botocore.exceptions import BotoCoreError
from pynamodb.connection import TableConnection
from pynamodb.exceptions import PynamoDBException, TransactWriteError, UpdateError
from pynamodb.expressions.condition import Condition
from pynamodb.expressions.update import Action
from pynamodb.models import Model

from chat4all.errors import Unavailable
from chat4all.metrics.database import Tables
from chat4all.stores.client import WireConnection
from chat4all.stores.engine_clock import EngineClock

_CONFLICT = "TransactionConflict"
_TRY_AGAIN = frozenset(
    {
        "InternalServerError",
        "ProvisionedThroughputExceeded",
        "ProvisionedThroughputExceededException",
        "RequestLimitExceeded",
        "ServiceUnavailable",
        "ThrottlingError",
        "ThrottlingException",
        _CONFLICT,
        "TransactionConflictException",
    }
)
"""Error codes and cancellation reasons (DynamoDB developer guide, "Error handling"; API reference, TransactWriteItems)."""


class Connection:
    """What every table's Meta shares: short waits, because a function's caller waits too; few retries."""

    table_name = ""
    connect_timeout_seconds = 1
    read_timeout_seconds = 1.5
    max_retry_attempts = 2
    max_pool_connections = 32


class Table(Model):
    """A DynamoDB table named `<prefix><noun>`."""

    noun: ClassVar[str]
    _client: ClassVar[WireConnection | None] = None

    @classmethod
    def client(cls) -> WireConnection:
        """The one connection of all tables."""
        if Table._client is None:
            Table._client = WireConnection(
                connect_timeout_seconds=Connection.connect_timeout_seconds,
                read_timeout_seconds=Connection.read_timeout_seconds,
                max_retry_attempts=Connection.max_retry_attempts,
                max_pool_connections=Connection.max_pool_connections,
            )
        return Table._client

    @classmethod
    def _get_connection(cls) -> TableConnection:
        # PynamoDB gives each model a client of its own; it offers no other place to share one.
        table = super()._get_connection()
        client = cls.client()
        if table.connection is not client:
            with suppress(ValueError):  # known already: another thread was first, or the table had this name before
                client.add_meta_table(table.get_meta_table())
            table.connection = client
        return table


def bind(prefix: str, timeout_s: float = 1.5) -> None:
    """Give every table that has been imported its name in this deployment; a call of them waits at most `timeout_s`."""
    Connection.read_timeout_seconds = timeout_s
    Tables.prefix = prefix
    for table in Table.__subclasses__():
        meta: Any = table.Meta
        meta.table_name = prefix + table.noun


def engine_now_ms() -> int:
    """Now, by the clock of DynamoDB: for what one environment writes and another one judges the age of."""
    clock: EngineClock = Table.client().client.clock
    return clock.now_ms()


def _code(error: PynamoDBException) -> str | None:
    """DynamoDB's code; None where it gave no answer (`cause_response_code` fails on errors that have none)."""
    response = getattr(error.cause, "response", None)
    return response.get("Error", {}).get("Code") if isinstance(response, dict) else None


def is_unavailable(error: PynamoDBException) -> bool:
    """Whether DynamoDB did not answer, or asked for another try: nothing is wrong with the request."""
    if isinstance(error.cause, BotoCoreError):
        return True
    reasons = getattr(error, "cancellation_reasons", None) or ()
    codes = {_code(error)} | {reason.code for reason in reasons if reason is not None}
    return not codes.isdisjoint(_TRY_AGAIN)


def condition_failed(error: PynamoDBException) -> bool:
    """Whether `error` is a failed condition of a write (or of one action in a transaction)."""
    if _code(error) == "ConditionalCheckFailedException":
        return True
    reasons = getattr(error, "cancellation_reasons", None) or ()
    return any(reason is not None and reason.code == "ConditionalCheckFailed" for reason in reasons)


def met_another(error: TransactWriteError) -> bool:
    """Whether another write had an item in hand at that moment (API reference, TransactWriteItems: TransactionConflict)."""
    return any(reason is not None and reason.code == _CONFLICT for reason in error.cancellation_reasons or ())


def update_if(item: Table, actions: list[Action], condition: Condition, otherwise: str) -> bool:
    """Change `item` where `condition` holds, and read what it has become; False where it does not.

    Raises:
        Unavailable: with the text `otherwise`, where DynamoDB did not carry it out for another reason.
    """
    try:
        item.update(actions, condition=condition)
    except UpdateError as error:
        if condition_failed(error):
            return False
        raise Unavailable(otherwise) from error
    return True
