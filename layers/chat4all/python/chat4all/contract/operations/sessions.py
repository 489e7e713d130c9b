"""/token and /auth: sign in, refresh, sign out."""

from chat4all.contract.documents.token_form import TokenForm
from chat4all.contract.documents.users import SignedIn, Tokens
from chat4all.contract.operation import FORM, Operation
from chat4all.contract.problems import CREDENTIALS
from chat4all.domain.sign_in import RefreshToken, SignIn

_TAG = "Sessions"
_REFRESH_TOKEN = {"refresh_token": "0199f3a2-9d01-7c4b-8e21-5a6f7b8c9d0e.kX3vQ1-8sW2pLr9Tz5mYc4Bn7Hd0Fg6J"}

OPERATIONS = (
    Operation(
        "createToken",
        "POST",
        "/token",
        _TAG,
        "Sign in, or refresh (OAuth 2.0)",
        {200: Tokens},
        "RFC 6749: the grants password (also where `grant_type` is left out) and refresh_token. `username` may be the email. "
        "Parameters that are not known are ignored.",
        body=TokenForm,
        example={"grant_type": "password", "username": "ana", "password": "correct horse battery"},
        media_type=FORM,
        errors=(*CREDENTIALS, "unsupported_grant_type", "rate_limited"),
        is_open=True,
    ),
    Operation(
        "signIn",
        "POST",
        "/auth/token",
        _TAG,
        "Sign in",
        {200: SignedIn},
        "`username` may be the email. Wrong names and wrong passwords are answered alike.",
        body=SignIn,
        example={"username": "ana", "password": "correct horse battery"},
        errors=("invalid_credentials", "rate_limited"),
        is_open=True,
    ),
    Operation(
        "refreshToken",
        "POST",
        "/auth/refresh",
        _TAG,
        "New tokens for a refresh token",
        {200: SignedIn},
        "The token is used up: used a second time, some seconds later, it ends its session.",
        body=RefreshToken,
        example=_REFRESH_TOKEN,
        errors=(*CREDENTIALS[1:], "rate_limited"),
        is_open=True,
    ),
    Operation(
        "revokeToken",
        "POST",
        "/auth/revoke",
        _TAG,
        "Sign out",
        {204: None},
        "Ends the session and closes its connections. A token that is none is fine (RFC 7009, section 2.2).",
        body=RefreshToken,
        example=_REFRESH_TOKEN,
        errors=("rate_limited",),
        is_open=True,
    ),
)
