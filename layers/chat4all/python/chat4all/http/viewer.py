"""Who asks, where CloudFront stands before the HTTP API and the gateway sees only that."""

import hmac
from collections.abc import Mapping

PROOF = "x-origin-verify"
"""Header with the secret that only our distribution knows; it replaces what a client sends ("Restrict access to Application
Load Balancers", Amazon CloudFront Developer Guide, which is done the same way)."""
ADDRESS = "true-client-ip"
"""Header with the client's address, set by the distribution's function `ViewerAddress`."""


def viewer_address(seen: str, headers: Mapping[str, str], secret: str) -> str:
    """Address of the client: what CloudFront says, if `secret` shows that it was CloudFront; else `seen`, the gateway's word.

    Args:
        seen: who connected to the gateway.
        headers: of the request, their names in lower case. Anybody can send any.
        secret: of this deployment; empty where there is no CloudFront.
    """
    if not secret or not hmac.compare_digest(headers.get(PROOF, "").encode(), secret.encode()):
        return seen
    return headers.get(ADDRESS, seen)
