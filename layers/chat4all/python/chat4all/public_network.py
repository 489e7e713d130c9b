"""Requests to hosts that somebody else names: to public addresses alone, so that nobody reaches into our network by us."""

import httpx

from chat4all.public_addresses import Unresolved, public_address


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
        try:
            address = public_address(name)
        except Unresolved as error:
            raise httpx.ConnectError(str(error), request=request) from error
        request.url = request.url.copy_with(host=address)
        request.extensions = {**request.extensions, "sni_hostname": name}
        return self._inner.handle_request(request)

    def close(self) -> None:
        """Close connections."""
        self._inner.close()
