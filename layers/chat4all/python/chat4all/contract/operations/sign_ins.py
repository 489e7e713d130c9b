"""Signing in by providers: /auth/{provider}/exchange and /v1/users/me/sign-ins."""

from chat4all.contract.documents.sign_ins import LinkedSignIn, SignInList
from chat4all.contract.documents.users import SignedIn
from chat4all.contract.operation import Operation
from chat4all.contract.problems import SESSION
from chat4all.domain.provider_requests import SignInCode

_TAG = "Sign-ins"
_PATH = "/v1/users/me/sign-ins"
_CODE = {
    "code": "pZ9b0k2Q7vYx3mN1c8R5tW6aL4sD0fGhJkE-uIoPq_M",
    "code_verifier": "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk",
}

OPERATIONS = (
    Operation(
        "exchangeSignIn",
        "POST",
        "/auth/{provider}/exchange",
        _TAG,
        "Tokens for the code of a sign-in by a provider",
        {200: SignedIn},
        "The code stands in the fragment of the page's address after `GET /auth/{provider}/login` (docs/sign-in.md), and is good "
        "for 60 s and one use. Who comes for the first time gets an account, if the provider has verified their email and no "
        "account has it.",
        body=SignInCode,
        example=_CODE,
        errors=("invalid_sign_in_code", "no_verified_email", "email_taken", "rate_limited"),
        is_open=True,
    ),
    Operation(
        "listSignIns",
        "GET",
        _PATH,
        _TAG,
        "How one signs in oneself",
        {200: SignInList},
        errors=SESSION,
    ),
    Operation(
        "linkSignIn",
        "PUT",
        f"{_PATH}/{{provider}}",
        _TAG,
        "Sign in by a provider, too",
        {200: LinkedSignIn},
        "The code is that of `exchangeSignIn`. The same person again changes nothing. Within ten minutes "
        "after signing in.",
        body=SignInCode,
        example=_CODE,
        errors=(*SESSION, "invalid_sign_in_code", "sign_in_needed", "sign_in_taken", "already_linked", "rate_limited"),
    ),
    Operation(
        "unlinkSignIn",
        "DELETE",
        f"{_PATH}/{{provider}}",
        _TAG,
        "Sign in by a provider no more",
        {204: None},
        "The last way to sign in stays. Sessions go on.",
        errors=(*SESSION, "not_linked", "last_sign_in", "conflict"),
    ),
)
