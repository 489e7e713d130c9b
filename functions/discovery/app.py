"""/.well-known/*: where the gateway's JWT authorizer, and anybody else, finds how to check our tokens."""

from aws_lambda_powertools.event_handler import Response

import chat4all.public_keys  # noqa: F401 - loaded in the init phase
from chat4all.bootstrap import app
from chat4all.discovery import configuration
from chat4all.http.api import Api, json_response

api = Api("discovery")
handler = api.handle

CACHED = {"Cache-Control": "public, max-age=300"}
"""Short against the hours that a key is published before it is used."""


@api.get("/.well-known/openid-configuration")
def openid_configuration() -> Response[str]:
    """OpenID Connect Discovery 1.0."""
    return json_response(200, configuration(app().settings.issuer), CACHED)


@api.get("/.well-known/jwks.json")
def jwks() -> Response[str]:
    """RFC 7517: every key whose tokens may live."""
    return json_response(200, {"keys": app().public_keys.published()}, CACHED)
