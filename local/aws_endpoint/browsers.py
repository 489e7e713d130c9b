"""Requests that a page of another site makes a browser send: any key is accepted here, so a signature stops none of them."""

from collections.abc import Mapping
from urllib.parse import urlsplit

from local.aws_endpoint.errors import AwsError
from local.host_header import host_name

_LOCAL = ("localhost", "localhost.localstack.cloud")


def check_not_foreign(headers: Mapping[str, str]) -> None:
    """Raise AwsError 403 for a request of a page that is not this machine's own, or by a name that was rebound to it.

    S3 is not concerned: pages upload to it from anywhere, with CORS, and it checks signatures.
    """
    origin = headers.get("Origin")
    if origin is not None and not is_local(urlsplit(origin).netloc):
        raise AwsError(403, "AccessDeniedException", f"Pages of {origin[:100]} may not call this endpoint")
    host = headers.get("Host", "")
    if not is_local(host):
        text = f"This endpoint answers on loopback names and localhost.localstack.cloud, not as {host[:100]}"
        raise AwsError(403, "AccessDeniedException", text)


def is_local(host: str) -> bool:
    """Whether `name[:port]` is a loopback address, localhost, LocalStack's name for it, or a name below these."""
    name = host_name(host)
    return name in ("127.0.0.1", "[::1]") or any(name == local or name.endswith(f".{local}") for local in _LOCAL)
