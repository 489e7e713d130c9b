"""The JWT authorizer of a route, applied to one request."""

from local.application import JwtAuthorizer
from local.http_api.exchange import Exchange
from local.http_api.issuer_keys import IssuerKeys, KeyNotFound
from local.http_api.jwt_rules import ScopeRefused, TokenRefused, check_scopes, find_token, key_id, token_scopes, verify
from local.http_api.messages import Response, gateway_message


async def authorize(exchange: Exchange, keys: IssuerKeys) -> Response | None:
    """Put the claims into the exchange, or answer 401 or 403 with a www-authenticate header."""
    assert exchange.match is not None, "authorization comes after routing"
    route = exchange.match.route
    if route.authorizer is None:
        return None
    token = find_token(exchange.request, route.authorizer.identity_source)
    if token is None:
        return gateway_message(401, "Unauthorized", ("www-authenticate", "Bearer"))
    wanted = " ".join(route.scopes)
    try:
        exchange.claims = await _verified(token, route.authorizer, keys)
        if route.scopes:
            exchange.scopes = token_scopes(exchange.claims)
            check_scopes(exchange.scopes, route.scopes)
    except TokenRefused as refusal:
        return gateway_message(401, "Unauthorized", _challenge(wanted, "invalid_token", str(refusal)))
    except ScopeRefused as refusal:
        return gateway_message(403, "Forbidden", _challenge(wanted, "insufficient_scope", str(refusal)))
    return None


async def _verified(token: str, authorizer: JwtAuthorizer, keys: IssuerKeys) -> dict[str, object]:
    try:
        key = await keys.find(authorizer.issuer, key_id(token))
    except KeyNotFound as error:
        raise TokenRefused(str(error)) from error
    return dict(verify(token, key, authorizer))


def _challenge(scope: str, error: str, description: str) -> tuple[str, str]:
    return "www-authenticate", f'Bearer scope="{scope}" error="{error}" error_description="{description}"'
