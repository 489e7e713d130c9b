"""/v1/users/me/sign-ins: the providers by which a user signs in."""

from typing import Any

from aws_lambda_powertools.event_handler import Response

import chat4all.audit
import chat4all.identity_limits
import chat4all.provider_sign_in.links  # noqa: F401 - loaded in the init phase
from chat4all.bootstrap import app
from chat4all.domain.audit import Action
from chat4all.domain.provider_requests import SignInCode
from chat4all.domain.sign_in_provider import provider_of
from chat4all.http.api import Api, no_content

api = Api("sign_ins")
handler = api.handle


def caller() -> str:
    """Whose they are, in a session that has not ended."""
    return app().sessions.live(api.caller(), api.session_id)


@api.get("/v1/users/me/sign-ins")
def list_all() -> dict[str, Any]:
    """What is linked, and whether there is a password."""
    return app().sign_in_links.list(caller())


@api.put("/v1/users/me/sign-ins/<provider>")
def link(provider: str) -> dict[str, Any]:
    """Whoever the one-time code names signs in to this account from now on."""
    with api.audited(Action.SIGN_IN_LINK) as deed:
        deed.details["provider"] = provider
        user_id, found, body = caller(), provider_of(provider), api.body(SignInCode)
        app().identity_limits.sign_in_to(user_id, api.source_ip)
        return app().sign_in_links.link(user_id, found, body.code, body.code_verifier)


@api.delete("/v1/users/me/sign-ins/<provider>")
def unlink(provider: str) -> Response[str]:
    """Not the last way to sign in."""
    with api.audited(Action.SIGN_IN_UNLINK) as deed:
        deed.details["provider"] = provider
        app().sign_in_links.unlink(caller(), provider_of(provider))
    return no_content()
