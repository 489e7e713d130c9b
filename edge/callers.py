"""What of a call's metadata goes on to the HTTP API, and who calls."""

from collections.abc import Mapping, Sequence
from ipaddress import ip_address
from urllib.parse import unquote

from chat4all.http.viewer import ADDRESS, PROOF

PASSED = ("authorization", "idempotency-key", "traceparent", "tracestate", "user-agent")
"""Anything else stays here, so that nobody says who they are in the name of the edge."""

Metadata = Sequence[tuple[str, str | bytes]]


def headers(metadata: Metadata, peer: str, secret: str) -> dict[str, str]:
    """Headers of the request: what is passed on, and with `secret` the address of the caller (chat4all.http.viewer)."""
    given = first_values(metadata)
    found = {name: given[name] for name in PASSED if name in given}
    address = peer_address(peer)
    if secret and address:
        found |= {PROOF: secret, ADDRESS: address}
    return found


def first_values(metadata: Metadata) -> Mapping[str, str]:
    """By name; of one that is repeated the first. Binary ones are left out."""
    found: dict[str, str] = {}
    for name, value in metadata:
        if isinstance(value, str):
            found.setdefault(name, value)
    return found


def bearer(metadata: Metadata) -> str | None:
    """The access token."""
    scheme, _, token = first_values(metadata).get("authorization", "").partition(" ")
    return token.strip() or None if scheme.lower() == "bearer" else None


def peer_address(peer: str) -> str | None:
    """`192.0.2.1` of `ipv4:192.0.2.1:5000`, `2001:db8::1` of `ipv6:%5B2001:db8::1%5D:5000`; None of a Unix socket.

    An IPv4 address in the form of IPv6 is the IPv4 address: limits count it as one.
    """
    family, _, rest = unquote(peer).partition(":")
    if family not in ("ipv4", "ipv6"):
        return None
    host = rest.rpartition(":")[0].strip("[]").partition("%")[0]
    try:
        address = ip_address(host)
    except ValueError:
        return None
    mapped = getattr(address, "ipv4_mapped", None)
    return str(mapped or address)
