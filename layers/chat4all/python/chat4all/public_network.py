"""Requests to hosts that somebody else names: to public addresses alone, so that nobody reaches into our network by us."""

import ipaddress
import socket

import httpx


class PrivateAddress(Exception):
    """The name leads to no address that is public."""


class PublicTransport(httpx.BaseTransport):
    """Resolves a name once, checks what it means, and connects to that very address: a second look-up could say another.

    The name stays in the Host header and in TLS, where the certificate is checked against it
    (www.python-httpx.org/advanced/extensions, `sni_hostname`). No connection is kept, as it would be taken for any name there.
    """

    def __init__(self) -> None:
        self._inner = httpx.HTTPTransport(limits=httpx.Limits(max_keepalive_connections=0))

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Raises PrivateAddress, httpx.TransportError."""
        name = request.url.host
        request.url = request.url.copy_with(host=public_address(name, request))
        request.extensions = {**request.extensions, "sni_hostname": name}
        return self._inner.handle_request(request)

    def close(self) -> None:
        """Close connections."""
        self._inner.close()


def public_address(host: str, request: httpx.Request | None = None) -> str:
    """An address of `host`, of IPv4: it alone has no forms in which another address can hide.

    Raises:
        PrivateAddress: it has none that is public. httpx.ConnectError: it has none at all.
    """
    try:
        found = socket.getaddrinfo(host, None, socket.AF_INET, socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise httpx.ConnectError(f"{host} cannot be resolved: {error}", request=request) from error
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
