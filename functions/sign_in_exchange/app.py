"""/auth/{provider}/exchange: a page that somebody has come back to gets tokens for its one-time code."""

from aws_lambda_powertools.event_handler import Response

import chat4all.audit
import chat4all.identity_limits
import chat4all.provider_sign_in.accounts
import chat4all.tokens  # noqa: F401 - loaded in the init phase
from chat4all.bootstrap import app
from chat4all.domain.audit import Action
from chat4all.domain.provider_requests import SignInCode
from chat4all.domain.sign_in_provider import Provider, provider_of
from chat4all.http.api import Api, json_response
from chat4all.http.oauth import NO_STORE
from chat4all.provider_sign_in.accounts import SignedIn
from chat4all.tokens import Grant

api = Api("sign_in_exchange")
handler = api.handle


@api.post("/auth/<provider>/exchange")
def exchange(provider: str) -> Response[str]:
    """The answer of /auth/token."""
    found, body = provider_of(provider), api.body(SignInCode)
    app().identity_limits.sign_in_from(api.source_ip)
    with api.audited(Action.SIGN_IN) as deed:
        deed.details["provider"] = provider
        signed_in = recognised(found, body)
        deed.by(signed_in.user.id)
        grant: Grant = app().tokens.grant_to(signed_in.user)
    return json_response(200, grant.document(), NO_STORE)


def recognised(provider: Provider, body: SignInCode) -> SignedIn:
    """Who has signed in; an account that was made is in the audit log."""
    with api.audited(Action.USER_CREATE) as deed:
        deed.details["provider"] = str(provider)
        found = app().provider_accounts.sign_in(provider, body.code, body.code_verifier, api.source_ip)
        deed.by(found.user.id) if found.is_new else deed.skip()
    return found
