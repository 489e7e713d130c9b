"""Sessions: one item for each sign-in, whose refresh token changes with each use."""

from typing import Any, ClassVar

from pynamodb.attributes import NumberAttribute, UnicodeAttribute
from pynamodb.indexes import GlobalSecondaryIndex, KeysOnlyProjection

from chat4all.stores.table import Connection, Table


class SessionsByUser(GlobalSecondaryIndex["Session"]):
    """Sessions of a user (keys only)."""

    class Meta:
        index_name = "by_user"
        projection = KeysOnlyProjection()

    user_id = UnicodeAttribute(hash_key=True)


class Session(Table):
    """A family of refresh tokens: the one that is valid now. Tokens themselves are never stored."""

    noun: ClassVar[str] = "sessions"

    class Meta(Connection):
        pass

    family_id = UnicodeAttribute(hash_key=True)
    user_id = UnicodeAttribute()
    secret_hash = UnicodeAttribute()
    """SHA-256, in hex, of the secret of the valid token."""
    previous_hash: Any = UnicodeAttribute(null=True)
    """The same of the token before, which is answered once more for some seconds."""
    successor_key: Any = UnicodeAttribute(null=True)
    """Key, in hex, that the valid token's secret was made of with the secret before."""
    created_at = NumberAttribute()
    """Milliseconds since 1970: when it began."""
    rotated_at = NumberAttribute()
    expires_at = NumberAttribute()
    """Seconds since 1970, as DynamoDB's time to live wants it; checked in code, since deletion may take days."""
    revoked_at: Any = NumberAttribute(null=True)
    password_since: Any = NumberAttribute(null=True)
    """`User.sessions_since` as it was read with the hash that was checked, 0 where there was none; None: of a version before."""

    by_user = SessionsByUser()
