"""Signing keys as they were kept before Secrets Manager (docs/decisions/0016): read once, and removed a day later."""

from typing import Any, ClassVar

from pynamodb.attributes import JSONAttribute, NumberAttribute, UnicodeAttribute

from chat4all.stores.table import Connection, Table


class FormerSigningKey(Table):
    """The key of one period of 30 days."""

    noun: ClassVar[str] = "signing-keys"

    class Meta(Connection):
        pass

    period = UnicodeAttribute(hash_key=True)
    """Number of the period, counted from 1970, as text."""
    kid = UnicodeAttribute()
    private_pem = UnicodeAttribute()
    public_jwk: Any = JSONAttribute()
    created_at = NumberAttribute()
    """Milliseconds since 1970."""
    not_after = NumberAttribute()
    """Milliseconds since 1970 from which no token of this key lives any more."""
