"""Sign-ins by a provider that are under way. Nothing in here is of use to who reads it: secrets are stored as hashes."""

from typing import Any, ClassVar

from pynamodb.attributes import JSONAttribute, NumberAttribute, UnicodeAttribute

from chat4all.stores.table import Connection, Table


class SignInAttempt(Table):
    """What waits for the provider's answer (`state:`), or for the page that asks for tokens (`code:`)."""

    noun: ClassVar[str] = "sign-in-attempts"

    class Meta(Connection):
        pass

    id = UnicodeAttribute(hash_key=True)
    """`state:` or `code:`, and the SHA-256 of it in hex."""
    provider = UnicodeAttribute()
    challenge = UnicodeAttribute()
    """The page's, of PKCE."""
    browser_hash = UnicodeAttribute(null=True)
    """Of a state: SHA-256, in hex, of what the cookie of its browser holds."""
    return_to = UnicodeAttribute(null=True)
    """Of a state."""
    person: Any = JSONAttribute(null=True)
    """Of a code: domain.sign_in_provider.Person."""
    expires_at = NumberAttribute()
    """Seconds since 1970, as DynamoDB's time to live wants it; checked in code, since deletion may take days."""
