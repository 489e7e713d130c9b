"""/token (OAuth 2.0) and /auth/*: sign in, refresh, sign out."""

from aws_lambda_powertools.event_handler import Response

import chat4all.audit  # noqa: F401 - loaded in the init phase
from chat4all.bootstrap import app
from chat4all.domain.audit import Action
from chat4all.domain.sign_in import GrantType, PasswordGrant, RefreshGrant, RefreshToken, SignIn
from chat4all.errors import DomainError
from chat4all.http.api import Api, json_response, no_content
from chat4all.http.oauth import NO_STORE, oauth_error, unsupported_grant_type
from chat4all.sessions import Reused
from chat4all.tokens import Grant

api = Api("tokens")
handler = api.handle


@api.post("/token")
def token() -> Response[str]:
    """RFC 6749: grant_type password (also where it is left out) or refresh_token; errors in the form of its section 5.2."""
    try:
        return json_response(200, _granted().oauth(), NO_STORE)
    except DomainError as error:
        return oauth_error(error, "/token")


@api.post("/auth/token")
def sign_in() -> Response[str]:
    """The same in JSON; errors as everywhere else."""
    body = api.body(SignIn)
    return json_response(200, _signed_in(body.username, body.password).document(), NO_STORE)


@api.post("/auth/refresh")
def refresh() -> Response[str]:
    """Uses up a refresh token for a new one."""
    given = api.body(RefreshToken).refresh_token
    app().identity_limits.use_token(api.source_ip)
    return json_response(200, _refreshed(given).document(), NO_STORE)


@api.post("/auth/revoke")
def revoke() -> Response[str]:
    """Ends the session; 204 for any token (RFC 7009, section 2.2)."""
    given = api.body(RefreshToken).refresh_token
    app().identity_limits.use_token(api.source_ip)
    with api.audited(Action.SIGN_OUT) as deed:
        user_id = app().tokens.revoke(given)
        deed.by(user_id) if user_id is not None else deed.skip()
    return no_content()


def _granted() -> Grant:
    kind = api.form(GrantType).grant_type or "password"
    if kind == "refresh_token":
        refresh_token = api.form(RefreshGrant).refresh_token
        app().identity_limits.use_token(api.source_ip)
        return _refreshed(refresh_token)
    if kind != "password":
        raise unsupported_grant_type(kind)
    given = api.form(PasswordGrant)
    return _signed_in(given.username, given.password)


def _signed_in(username: str, password: str) -> Grant:
    with api.audited(Action.SIGN_IN) as deed:
        grant = app().tokens.sign_in(username, password, api.source_ip)
        deed.by(grant.user_id)
    return grant


def _refreshed(refresh_token: str) -> Grant:
    with api.audited(Action.REFRESH, only=Reused):
        return app().tokens.refresh(refresh_token)
