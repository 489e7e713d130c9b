"""What the token endpoint takes."""

from typing import Literal

from chat4all.validation import Parameters


class TokenForm(Parameters, extra="ignore"):
    """Form of POST /token, of which the handler reads the part that goes with the grant (`chat4all.domain.sign_in`)."""

    grant_type: Literal["password", "refresh_token"] = "password"
    username: str | None = None
    """Of the grant password, as `password`."""
    password: str | None = None
    refresh_token: str | None = None
    """Of the grant refresh_token."""
