"""Signing keys of access tokens: one for each period."""

from typing import Any, ClassVar

from pynamodb.attributes import JSONAttribute, NumberAttribute, UnicodeAttribute

from chat4all.stores.table import Connection, Table


class SigningKey(Table):
    """The key of one period. The table is encrypted at rest; only the functions that sign and publish may read it."""

    noun: ClassVar[str] = "signing-keys"

    class Meta(Connection):
        pass

    period = UnicodeAttribute(hash_key=True)
    """Number of the period (signing_keys.period_of), as text."""
    kid = UnicodeAttribute()
    """JWK thumbprint (RFC 7638)."""
    private_pem = UnicodeAttribute()
    """PKCS #8."""
    public_jwk: Any = JSONAttribute()
    """RFC 7517, with kid, use and alg."""
    created_at = NumberAttribute()
    """Milliseconds since 1970."""
    not_after = NumberAttribute()
    """Milliseconds since 1970 from which no token of this key lives any more."""
