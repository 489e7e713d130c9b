"""Connections to hosts that somebody else names: to public addresses alone, so that nobody reaches into our network by us."""

import ipaddress
import socket
from collections.abc import Iterable

import httpcore


class PrivateAddress(Exception):
    """The name leads to an address that is not public."""


class PublicNetwork(httpcore.SyncBackend):
    """Resolves a name once, checks what it means, and connects to that very address: a second look-up could say another."""

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.NetworkStream:
        """Raises PrivateAddress, httpcore.ConnectError, httpcore.ConnectTimeout."""
        return super().connect_tcp(public_address(host, port), port, timeout, local_address, socket_options)


def public_address(host: str, port: int) -> str:
    """An address of `host`, of IPv4: it alone has no forms in which another address can hide.

    Raises:
        PrivateAddress: it has none that is public. httpcore.ConnectError: it has none at all.
    """
    try:
        found = socket.getaddrinfo(host, port, socket.AF_INET, socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise httpcore.ConnectError(f"{host} cannot be resolved: {error}") from error
    for *_, address in found:
        text = str(address[0])
        if is_public(text):
            return text
    raise PrivateAddress(f"{host} has no public address")


def is_public(address: str) -> bool:
    """Whether an IPv4 address may be reached by everybody (IANA's special-purpose registry, by ipaddress)."""
    found = ipaddress.IPv4Address(address)
    return found.is_global and not found.is_multicast and found not in _PROTOCOLS


_PROTOCOLS = ipaddress.IPv4Network("192.0.0.0/24")
"""RFC 6890: parts of it count as global; nothing of it is a web server."""
