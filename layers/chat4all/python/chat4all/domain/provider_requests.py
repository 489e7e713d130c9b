"""What callers send to sign in by a provider."""

from typing import Annotated, Literal

from pydantic import AfterValidator, StringConstraints

from chat4all.domain.pkce import is_challenge
from chat4all.validation import Input, Parameters


def _challenge(value: str) -> str:
    if not is_challenge(value):
        raise ValueError("must be a SHA-256 in base64url without padding, 43 characters")
    return value


class LoginQuery(Parameters):
    """Query of GET /auth/{provider}/login."""

    return_to: Annotated[str, StringConstraints(min_length=1, max_length=2048)]
    """The page that gets the code, in its fragment."""
    code_challenge: Annotated[str, AfterValidator(_challenge)]
    """Of a verifier that the page keeps (RFC 7636)."""
    code_challenge_method: Literal["S256"]


class CallbackQuery(Parameters, extra="ignore"):
    """Query of GET /auth/{provider}/callback: what the provider adds is ignored (RFC 6749, section 4.1.2)."""

    state: Annotated[str, StringConstraints(max_length=512)] = ""
    code: Annotated[str, StringConstraints(max_length=2048)] = ""
    error: Annotated[str, StringConstraints(max_length=512)] = ""
    iss: Annotated[str, StringConstraints(max_length=512)] | None = None
    """RFC 9207."""


class SignInCode(Input):
    """Body of POST /auth/{provider}/exchange and of PUT /v1/users/me/sign-ins/{provider}."""

    code: Annotated[str, StringConstraints(min_length=1, max_length=128)]
    """From the fragment of the page's address; good for a minute and one use."""
    code_verifier: Annotated[str, StringConstraints(min_length=43, max_length=128)]
    """Of which the challenge was made."""
