"""Providers by which people sign in, and what they say of a person."""

from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any, Self

from chat4all.errors import NotFound


class Provider(StrEnum):
    """By the names in paths."""

    GOOGLE = "google"
    GITHUB = "github"

    @property
    def brand(self) -> str:
        """As it calls itself."""
        return {"google": "Google", "github": "GitHub"}[self.value]


def provider_of(name: str) -> Provider:
    """By its name in a path; raises NotFound."""
    try:
        return Provider(name)
    except ValueError:
        raise NotFound("No such provider") from None


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody whom a provider has just recognised."""

    provider: Provider
    issuer: str
    """Base address of the provider: the same subject of another server is another person."""
    subject: str
    """The provider's own id of the person, which never changes, as names and addresses do."""
    label: str | None = None
    """By which the person knows the account again: an address, or GitHub's login."""
    username: str | None = None
    """What the person is called there in one word; only to make a username of."""
    display_name: str | None = None
    email: str | None = None
    """Only one that the provider has verified."""

    @property
    def key(self) -> str:
        """Claims the person for one user, beside usernames and addresses (stores.users.UniqueName)."""
        return f"{self.provider}:{self.issuer}:{self.subject}"

    def document(self) -> dict[str, Any]:
        """To be stored."""
        return asdict(self)

    @classmethod
    def of(cls, document: dict[str, Any]) -> Self:
        """From what was stored."""
        return cls(**document | {"provider": Provider(document["provider"])})
