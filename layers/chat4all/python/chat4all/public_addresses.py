"""What a host's name means, and whether everybody may reach it."""

import socket

from chat4all.domain.addresses import is_public


class PrivateAddress(Exception):
    """The name leads to no address that is public."""


class Unresolved(Exception):
    """The name leads to no address at all."""


def addresses_of(host: str) -> list[str]:
    """The addresses of `host`, of IPv4: it alone has no forms in which another address can hide. Raises Unresolved."""
    try:
        found = socket.getaddrinfo(host, None, socket.AF_INET, socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise Unresolved(f"{host} cannot be resolved: {error}") from error
    return [str(address[0]) for *_, address in found]


def public_address(host: str) -> str:
    """One of its addresses that is public; raises PrivateAddress, Unresolved."""
    for address in addresses_of(host):
        if is_public(address):
            return address
    raise PrivateAddress(f"{host} has no public address")
