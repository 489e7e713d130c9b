"""Who asks, where CloudFront or the gRPC edge stands before the HTTP API and the gateway sees only that."""

import hmac
from collections.abc import Mapping

PROOF = "x-origin-verify"
"""Header with the secret that only our distribution and our edge know; it replaces what a client sends ("Restrict access to
Application Load Balancers", Amazon CloudFront Developer Guide, which is done the same way)."""
ADDRESS = "true-client-ip"
"""Header with the client's address, set by the distribution's function `ViewerAddress`, and by `edge.callers`."""


def viewer_address(seen: str, headers: Mapping[str, str], secret: str) -> str:
    """Address of the client: what CloudFront or the edge says, if `secret` shows that it was one of them; else `seen`.

    Args:
        seen: who connected to the gateway, by its own word.
        headers: of the request, their names in lower case. Anybody can send any.
        secret: of this deployment; empty where nothing stands before the API.
    """
    if not secret or not hmac.compare_digest(headers.get(PROOF, "").encode(), secret.encode()):
        return seen
    return headers.get(ADDRESS, seen)
