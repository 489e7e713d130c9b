"""Reads and writes that DynamoDB did not answer, as callers are told of them."""

from chat4all.errors import Unavailable


def unavailable(error: Exception) -> Unavailable | None:
    """What the caller is told where `error` says that DynamoDB did not answer; None where it says something else."""
    # Imported here, since not every function has tables.
    from pynamodb.exceptions import PynamoDBException

    from chat4all.stores.table import is_unavailable

    if isinstance(error, Unavailable):
        return error
    if isinstance(error, PynamoDBException) and is_unavailable(error):
        return Unavailable("Storage does not answer. Try again.")
    return None
