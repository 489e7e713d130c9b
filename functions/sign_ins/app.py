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
    found = provider_of(provider)
    with api.audited(Action.SIGN_IN_LINK) as deed:
        deed.details["provider"] = provider
        user_id, body = caller(), api.body(SignInCode)
        app().identity_limits.sign_in_to(user_id, api.source_ip)
        is_new = app().sessions.is_new(api.session_id)
        return app().sign_in_links.link(user_id, found, body.code, body.code_verifier, is_new=is_new)


@api.delete("/v1/users/me/sign-ins/<provider>")
def unlink(provider: str) -> Response[str]:
    """Not the last way to sign in."""
    found = provider_of(provider)
    with api.audited(Action.SIGN_IN_UNLINK) as deed:
        deed.details["provider"] = provider
        app().sign_in_links.unlink(caller(), found)
    return no_content()
