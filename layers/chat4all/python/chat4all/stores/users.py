"""Users, and the names that only one of them may have."""

from typing import Any, ClassVar

from pynamodb.attributes import JSONAttribute, NumberAttribute, UnicodeAttribute

from chat4all.stores.table import Connection, Table


class User(Table):
    """A person who signs in, or a guest who was met on a channel. One who is deleted keeps id, kind and deleted_at."""

    noun: ClassVar[str] = "users"

    class Meta(Connection):
        pass

    id = UnicodeAttribute(hash_key=True)
    kind = UnicodeAttribute(default="user")
    """user, or guest: known only by a channel's address, without password."""
    linked_to = UnicodeAttribute(null=True)
    """Of a guest: the user who has shown that the address is theirs. What the guest said stays the guest's."""
    username = UnicodeAttribute(null=True)
    """As it was written at registration; unique without regard to case."""
    email = UnicodeAttribute(null=True)
    display_name = UnicodeAttribute(null=True)
    password_hash = UnicodeAttribute(null=True)
    """Argon2id, in PHC string format; bcrypt for users from elsewhere who have not signed in yet; None: signs in by a provider
    only."""
    google_sign_in: Any = JSONAttribute(null=True)
    """{key, label, linked_at}: who the user is there (domain.sign_in_provider.Person.key), and since when, in milliseconds."""
    github_sign_in: Any = JSONAttribute(null=True)
    """The same."""
    sessions_since: Any = NumberAttribute(null=True)
    """Milliseconds since 1970 at which the password was changed, higher with each change: sessions that were begun under
    another value are over…"""
    session_kept = UnicodeAttribute(null=True)
    """…but this one, in which it was changed."""
    presence_visibility = UnicodeAttribute(null=True)
    """Who sees the user's presence (domain.presence.Visibility); Presence.visibility is a copy."""
    created_at = NumberAttribute()
    """Milliseconds since 1970."""
    updated_at = NumberAttribute()
    deleted_at: Any = NumberAttribute(null=True)


class UniqueName(Table):
    """Claim of a username, an email or a provider's person: its key makes it unique."""

    noun: ClassVar[str] = "unique-names"

    class Meta(Connection):
        pass

    name = UnicodeAttribute(hash_key=True)
    """`username:<folded>`, `email:<folded>`, or domain.sign_in_provider.Person.key."""
    user_id = UnicodeAttribute()


def username_key(username: str) -> str:
    """Key of a username: the same for every case of its letters."""
    return f"username:{username.casefold()}"


def email_key(email: str) -> str:
    """Key of an email: the same for every case of its letters."""
    return f"email:{email.casefold()}"
