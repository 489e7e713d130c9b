"""Circuit breakers: one item for each provider account, shared by all environments."""

from typing import ClassVar

from pynamodb.attributes import NumberAttribute, UnicodeAttribute

from chat4all.stores.table import Connection, Table


class CircuitBreaker(Table):
    """What is known of one account. Times are milliseconds since 1970. Without an item it is closed, and always was."""

    noun: ClassVar[str] = "circuit-breakers"

    class Meta(Connection):
        pass

    account_id = UnicodeAttribute(hash_key=True)
    failures = NumberAttribute(default=0)
    """In a row, while it is closed."""
    reason = UnicodeAttribute(null=True)
    """Of the last failure."""
    opens = NumberAttribute(default=0)
    """How often it was opened in a row."""
    since = NumberAttribute(null=True)
    """When it was opened first, or closed."""
    open_until = NumberAttribute(null=True)
    """Only while it is not closed: from then on it is half-open."""
    probing_until = NumberAttribute(null=True)
    """Who claimed the probe has until then."""
    expires_at = NumberAttribute(null=True)
    """Seconds since 1970 after which DynamoDB may delete it."""


def open_circuits() -> int:
    """How many are not closed. Reads all that have failed within a week, once a minute; raises PynamoDBException."""
    return sum(1 for _ in CircuitBreaker.scan(CircuitBreaker.open_until.exists(), attributes_to_get=["account_id"]))
