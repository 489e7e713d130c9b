"""Metrics of calls to DynamoDB."""

from collections.abc import Mapping
from typing import Any, ClassVar

from botocore.exceptions import BotoCoreError, ClientError

from chat4all.metrics.emission import count, observe
from chat4all.metrics.metric_list import DATABASE_ERRORS, DATABASE_SECONDS

SEVERAL = "several"
"""In the place of a table, where there are more."""
_KINDS: Mapping[str, str] = {
    **dict.fromkeys(
        (
            *("LimitExceededException", "ProvisionedThroughputExceededException", "RequestLimitExceeded"),
            *("ThrottlingException", "ThrottlingError", "ProvisionedThroughputExceeded"),
        ),
        "throttled",
    ),
    **dict.fromkeys(("TransactionConflictException", "TransactionConflict"), "conflict"),
    **dict.fromkeys(("InternalServerError", "InternalServiceError", "ServiceUnavailable"), "unavailable"),
    "ResourceNotFoundException": "missing",
}
"""By code of an error, or of why a transaction was cancelled (DynamoDB API reference, TransactWriteItems)."""
_NO_ERRORS = frozenset({"ConditionalCheckFailedException", "ConditionalCheckFailed", "None"})
"""What a condition says is an answer."""


class Tables:
    """How this deployment names its tables."""

    prefix: ClassVar[str] = ""


def table_of(arguments: Mapping[str, Any]) -> str:
    """The table of an operation's arguments, without the deployment's prefix."""
    name = arguments.get("TableName")
    if name is None:
        items = arguments.get("TransactItems")
        names = {str(one["TableName"]) for item in items for one in item.values()} if items else set[str]()
        names = names or set(arguments.get("RequestItems", ()))
        if len(names) != 1:
            return SEVERAL
        (name,) = names
    return str(name).removeprefix(Tables.prefix)


def observe_call(table: str, operation: str, seconds: float) -> None:
    """A call has ended, well or not."""
    observe(DATABASE_SECONDS, seconds, table, operation)


def count_error(table: str, error: ClientError | BotoCoreError) -> None:
    """A try has failed, whether it is repeated or not; a condition that failed is no error."""
    kind = kind_of(error)
    if kind is not None:
        count(DATABASE_ERRORS, table, kind)


def kind_of(error: ClientError | BotoCoreError) -> str | None:
    """The label `error`; None where a condition has failed, and nothing else."""
    if not isinstance(error, ClientError):
        return "unanswered"
    reasons: Any = error.response.get("CancellationReasons") or ()
    codes = [str(reason.get("Code")) for reason in reasons] or [str(error.response["Error"].get("Code"))]
    kinds = [_KINDS.get(code, "refused") for code in codes if code not in _NO_ERRORS]
    return kinds[0] if kinds else None
