"""What an account holds. The gateway is told of us by hand, in its console."""

from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import StringConstraints

from chat4all.validation import Input

SECRETS = ("token", "signing_key")
Word = Annotated[str, StringConstraints(min_length=1, max_length=256)]


class Settings(Input):
    """Settings of an account."""

    number: Annotated[str, StringConstraints(pattern=r"^[0-9]{3,15}$")]
    token: Word
    signing_key: Word
    api_base: Word | None = None


def complete(settings: Settings) -> dict[str, Any]:
    """Settings as they are stored."""
    return settings.model_dump(exclude_none=True)


def key(settings: Mapping[str, Any]) -> str:
    """Our number."""
    return str(settings["number"])


def register(settings: dict[str, Any], webhook_url: str) -> None:
    """Nothing: it is done by hand."""


def unregister(settings: dict[str, Any]) -> None:
    """Nothing, as `register`."""
