"""Public keys of access tokens: what whoever verifies may read, without the private parts."""

from typing import Any, ClassVar

from pynamodb.attributes import JSONAttribute, NumberAttribute, UnicodeAttribute

from chat4all.stores.table import Connection, Table


class PublicKey(Table):
    """A key from the day it is made, before it signs, until its last token is over."""

    noun: ClassVar[str] = "public-keys"

    class Meta(Connection):
        pass

    kid = UnicodeAttribute(hash_key=True)
    generation = NumberAttribute()
    """0 for keys of the former table that no longer sign."""
    jwk: Any = JSONAttribute()
    """RFC 7517, with kid, use and alg."""
    published_at = NumberAttribute()
    """Milliseconds since 1970."""
    signs_from: Any = NumberAttribute(null=True)
    not_after: Any = NumberAttribute(null=True)
    """Milliseconds since 1970 from which none of its tokens is accepted; set when the key signs no more."""
    expires_at: Any = NumberAttribute(null=True)
    """The same in seconds, as DynamoDB's time to live wants it."""
