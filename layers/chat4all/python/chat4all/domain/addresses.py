"""Addresses of clients, as limits count them."""

import ipaddress


def network_of(address: str) -> str:
    """Whom `address` most likely stands for: an IPv4 address itself, an IPv6 one its /64, which a household gets at least
    (RFC 6177). What is no address stands for itself.
    """
    try:
        given = ipaddress.ip_address(address)
    except ValueError:
        return address
    if isinstance(given, ipaddress.IPv4Address):
        return str(given)
    if given.ipv4_mapped is not None:
        return str(given.ipv4_mapped)
    return str(ipaddress.ip_network((given, 64), strict=False))


def is_public(address: str) -> bool:
    """Whether an IPv4 address may be reached by everybody (IANA's special-purpose registry, by ipaddress)."""
    found = ipaddress.IPv4Address(address)
    return found.is_global and not found.is_multicast and found not in _PROTOCOLS


_PROTOCOLS = ipaddress.IPv4Network("192.0.0.0/24")
"""RFC 6890: parts of it count as global; nothing of it is a web server."""
