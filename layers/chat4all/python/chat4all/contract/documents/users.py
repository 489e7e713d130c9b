"""Users and their tokens."""

from typing import Annotated, Literal

from pydantic import Field

from chat4all.contract.documents.document import Cursor, Document, Nullable, Time, Uuid, example
from chat4all.contract.documents.samples import ANA, BEN, LATER, NOW
from chat4all.domain.presence import Visibility


class User(Document):
    """A user or guest as others see them. Of one who was deleted there are only `id` and `deleted_at`."""

    model_config = example(
        {"id": BEN, "kind": "user", "username": "ben", "display_name": "Ben Okri", "created_at": NOW}
    )

    id: Uuid
    kind: Literal["user", "guest"] | None = None
    """A guest is known only by an address on a channel."""
    username: Annotated[str | None, Nullable] = None
    """Null of a guest."""
    display_name: Annotated[str | None, Nullable] = None
    created_at: Time | None = None
    linked_to: Uuid | None = None
    """The user whom this guest has turned out to be."""
    deleted_at: Time | None = None


class OwnUser(Document):
    """A user as they see themselves."""

    model_config = example(
        {
            "id": ANA,
            "kind": "user",
            "username": "ana",
            "display_name": "Ana Lima",
            "created_at": NOW,
            "email": "ana@example.com",
            "presence_visibility": "contacts",
        }
    )

    id: Uuid
    kind: Literal["user"]
    username: str
    display_name: str | None
    created_at: Time
    email: str
    presence_visibility: Visibility
    """Who sees one's presence: `contacts` share a conversation with one."""


class UserList(Document):
    """Users who were found."""

    items: list[User]
    next_cursor: Cursor


class Tokens(Document):
    """RFC 6749, section 5.1."""

    model_config = example(
        {
            "access_token": "eyJhbGciOiJSUzI1NiIs…",
            "token_type": "bearer",
            "expires_in": 1800,
            "refresh_token": "0199f3a2-9d01-7c4b-8e21-5a6f7b8c9d0e.kX3vQ1…",
            "scope": "chat",
        }
    )

    access_token: str
    token_type: Literal["bearer"]
    expires_in: Annotated[int, Field(ge=1)]
    """Seconds."""
    refresh_token: str
    scope: str


class SignedIn(Tokens):
    """Tokens, with the moment at which the access token ends."""

    model_config = example(
        {
            "access_token": "eyJhbGciOiJSUzI1NiIs…",
            "token": "eyJhbGciOiJSUzI1NiIs…",
            "token_type": "bearer",
            "expires_in": 1800,
            "expires_at": LATER,
            "refresh_token": "0199f3a2-9d01-7c4b-8e21-5a6f7b8c9d0e.kX3vQ1…",
            "scope": "chat",
        }
    )

    token: str
    """The access token."""
    expires_at: Time
