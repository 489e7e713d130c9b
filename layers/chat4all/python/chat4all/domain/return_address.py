"""Where a browser goes when a sign-in is over: to pages of ours and of those whom the deployment names, and nowhere else."""

import re
from collections.abc import Collection, Iterable
from urllib.parse import urlsplit

_MAX = 512
_PATH = re.compile(r"/[A-Za-z0-9._~/-]*")
"""No escapes, no query and no fragment, which is ours; not `//`, which would be a host (RFC 3986, 4.2)."""


def origins(public_url: str, others: Iterable[str]) -> frozenset[str]:
    """Where pages may be: with the API, and at origins that are named; `*` names nobody."""
    found = {_origin(public_url), *(one.strip().rstrip("/") for one in others)}
    return frozenset(one for one in found if one and "*" not in one)


def why_refused(address: str, allowed: Collection[str]) -> str | None:
    """What is wrong with `address`; None where a browser may be sent there."""
    if len(address) > _MAX or not address.isascii():
        return f"must be an address of at most {_MAX} ASCII characters"
    try:
        parts = urlsplit(address)
        origin = f"{parts.scheme}://{parts.netloc}"
    except ValueError:
        return "is no address"
    path = address.removeprefix(origin)
    if origin not in allowed:
        return "is at none of the origins to which this deployment returns"
    if not _PATH.fullmatch(path) or "//" in path:
        return "must have a path of letters, digits, and . _ ~ - / only, without query and fragment"
    return None


def _origin(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}" if parts.netloc else ""
