"""Which addresses an endpoint may have. What a name means is asked at each request (chat4all.webhooks.exchange)."""

import re
from collections.abc import Collection
from urllib.parse import SplitResult, urlsplit

from chat4all.domain.addresses import is_public
from chat4all.errors import Invalid

URL_MAX = 2_048
HTTPS_PORT = 443
_LOWEST_OTHER_PORT = 1024
"""Below it listen mail, name and file servers, to which nobody shall have us speak."""
_LOCAL_NAMES = (".localhost", ".local", ".internal", ".home.arpa")
"""Names that are never public (RFC 6761, 6762, 8375; ICANN's `.internal`)."""
_NUMERIC = re.compile(r"(0[xX][0-9a-fA-F]*|\d+)$")
"""The last label of what resolvers read as an address: 2130706433, 0x7f.1, 0177.0.0.1 (WHATWG URL, "ends in a number")."""


_NAME = re.compile(r"(?=.{1,254}$)([^.]{1,63}\.)*[^.]{1,63}\.?")
"""RFC 1035, 2.3.4: nobody can look up another."""


def hosts_of(setting: str) -> frozenset[str]:
    """A list of `host` (any port) or `host:port` as a set."""
    return frozenset(host.strip().lower() for host in setting.split(",") if host.strip())


def is_allowed(host: str, port: int, allowed: Collection[str]) -> bool:
    """Whether the deployment lists it: then it may be private, and without TLS."""
    return host.lower() in allowed or f"{host.lower()}:{port}" in allowed


def check_url(url: str, allowed: Collection[str], at: str = "/url") -> None:
    """Raises Invalid: `invalid`, or `host_not_allowed` for what can never be a public server with TLS."""
    parts, port = _split(url, at)
    host = parts.hostname or ""
    if is_allowed(host, port, allowed):
        return
    if parts.scheme != "https":
        raise Invalid.at(at, "must be https", "host_not_allowed")
    if port != HTTPS_PORT and port < _LOWEST_OTHER_PORT:
        raise Invalid.at(at, f"the port must be {HTTPS_PORT}, or {_LOWEST_OTHER_PORT} and above", "host_not_allowed")
    if ":" in host or "." not in host.rstrip(".") or host.rstrip(".").endswith(_LOCAL_NAMES):
        raise Invalid.at(at, "the host must be a public name, or an IPv4 address", "host_not_allowed")
    if _NUMERIC.fullmatch(host.rstrip(".").rpartition(".")[2]) and not _is_public(host):
        raise Invalid.at(at, "the host must be a public address, as four numbers", "host_not_allowed")


def _split(url: str, at: str) -> tuple[SplitResult, int]:
    if not url.isascii() or not url.isprintable() or " " in url or "\\" in url:
        raise Invalid.at(
            at, "must be a URL in ASCII, without spaces and backslashes; of names in other scripts the xn-- form"
        )
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise Invalid.at(at, "is no URL") from None
    if parts.scheme not in ("https", "http") or not parts.hostname or parts.fragment or "@" in parts.netloc:
        raise Invalid.at(at, "must be an https URL without user, password and fragment")
    if not re.fullmatch(r"[A-Za-z0-9._:-]+", parts.hostname) or ("[" in parts.netloc) != (":" in parts.hostname):
        raise Invalid.at(at, "the host has characters that no host has")
    if ":" not in parts.hostname and not _NAME.fullmatch(parts.hostname):
        raise Invalid.at(at, "the host has a label that is empty, or longer than 63 characters")
    return parts, port if port is not None else {"https": HTTPS_PORT, "http": 80}[parts.scheme]


def _is_public(host: str) -> bool:
    try:
        return is_public(host)
    except ValueError:
        return False
