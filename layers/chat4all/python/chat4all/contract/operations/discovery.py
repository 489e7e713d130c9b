"""/.well-known: how access tokens are checked."""

from chat4all.contract.documents.health import KeySet, OpenIdConfiguration
from chat4all.contract.operation import Operation

_TAG = "Discovery"

OPERATIONS = (
    Operation(
        "getOpenIdConfiguration",
        "GET",
        "/.well-known/openid-configuration",
        _TAG,
        "Who issues access tokens",
        {200: OpenIdConfiguration},
        "OpenID Connect Discovery 1.0.",
        is_open=True,
    ),
    Operation(
        "getKeys",
        "GET",
        "/.well-known/jwks.json",
        _TAG,
        "Keys that sign access tokens",
        {200: KeySet},
        "RFC 7517.",
        is_open=True,
    ),
)
