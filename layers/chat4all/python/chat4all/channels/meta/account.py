"""What accounts of Meta's channels share: settings, and how a refusal is told."""

import hashlib
import hmac
import secrets
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Annotated, Any

from pydantic import StringConstraints

from chat4all.channels.fates import Permanent
from chat4all.channels.meta.errors import GraphError
from chat4all.errors import Invalid, Unavailable
from chat4all.validation import Input

GraphId = Annotated[str, StringConstraints(pattern=r"^[0-9]{1,32}$")]
"""Of a number, page, profile or business account."""
Secret = Annotated[str, StringConstraints(pattern=r"^[!-~]{1,1024}$")]

SECRETS = ("access_token", "app_secret", "verify_token")
"""Settings that are never read back."""


class MetaSettings(Input):
    """What each account of Meta's holds besides its id."""

    access_token: Secret
    """Of a system user or page; it goes with each call."""
    app_secret: Secret
    """Signs webhooks (X-Hub-Signature-256)."""
    verify_token: Secret | None = None
    """Comes with Meta's handshake; made where it is left out."""
    api_base: Annotated[str, StringConstraints(max_length=256)] | None = None
    """Stands for Meta's server: a simulator."""


def completed(settings: MetaSettings) -> dict[str, Any]:
    """Settings as they are stored."""
    return {"verify_token": secrets.token_urlsafe(32)} | settings.model_dump(exclude_none=True)


def proof(settings: Mapping[str, Any]) -> dict[str, str]:
    """`appsecret_proof`: a call with it is refused where token and secret are not of the same app
    (developers.facebook.com/docs/graph-api/guides/secure-requests)."""
    made = hmac.new(settings["app_secret"].encode(), settings["access_token"].encode(), hashlib.sha256)
    return {"appsecret_proof": made.hexdigest()}


@contextmanager
def refusals_told(provider: str, field: str) -> Iterator[None]:
    """Turns a GraphError into what the account's owner is told.

    Args:
        provider: its name.
        field: the setting at fault where it is not the token.

    Raises:
        Invalid: code `provider_refused`, with the provider's words.
        Unavailable: it cannot be reached, or has no time.
    """
    try:
        yield
    except GraphError as error:
        said = error.fate.reason.partition(": ")[2]
        if not isinstance(error.fate, Permanent):
            raise Unavailable(f"{provider} cannot be reached: {said}. Nothing was kept.") from error
        named = "access_token" if error.fate.reason.startswith("account_refused") else field
        pointer, detail = f"/settings/{named}", f"{provider} refuses it: {said}"
        raise Invalid.at(pointer, detail, "provider_refused") from error
