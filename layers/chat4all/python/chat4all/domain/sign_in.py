"""What callers send to sign in. Nothing here says what a good password is: old ones must go on working."""

from typing import Annotated

from pydantic import StringConstraints

from chat4all.validation import Input, Parameters

Name = Annotated[str, StringConstraints(min_length=1, max_length=254)]
GivenPassword = Annotated[str, StringConstraints(min_length=1, max_length=256)]
GivenToken = Annotated[str, StringConstraints(min_length=1, max_length=512)]


class SignIn(Input):
    """Body of POST /auth/token; `username` may be the email."""

    username: Name
    password: GivenPassword


class RefreshToken(Input):
    """Body of POST /auth/refresh and /auth/revoke."""

    refresh_token: GivenToken


class GrantType(Parameters, extra="ignore"):
    """Form of POST /token: parameters that we do not know are ignored (RFC 6749, section 3.2)."""

    grant_type: Annotated[str, StringConstraints(max_length=64)] = "password"


class PasswordGrant(Parameters, extra="ignore"):
    """RFC 6749, section 4.3.2."""

    username: Name
    password: GivenPassword


class RefreshGrant(Parameters, extra="ignore"):
    """RFC 6749, section 6."""

    refresh_token: GivenToken
