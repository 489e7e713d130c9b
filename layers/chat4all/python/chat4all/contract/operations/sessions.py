"""/token and /auth: sign in, refresh, sign out."""

from chat4all.contract.operation import FORM, Operation
from chat4all.domain.sign_in import PasswordGrant, RefreshToken, SignIn

_TAG = "Sessions"

OPERATIONS = (
    Operation(
        "createToken",
        "POST",
        "/token",
        _TAG,
        "Sign in, or refresh (OAuth 2.0)",
        {200: None},
        body=PasswordGrant,
        media_type=FORM,
        is_open=True,
    ),
    Operation("signIn", "POST", "/auth/token", _TAG, "Sign in", {200: None}, body=SignIn, is_open=True),
    Operation(
        "refreshToken",
        "POST",
        "/auth/refresh",
        _TAG,
        "New tokens for a refresh token",
        {200: None},
        body=RefreshToken,
        is_open=True,
    ),
    Operation("revokeToken", "POST", "/auth/revoke", _TAG, "Sign out", {204: None}, body=RefreshToken, is_open=True),
)
