"""What both providers check of clients: where they are, their secret, and PKCE."""

import base64
import hashlib
import hmac
from collections.abc import Mapping
from urllib.parse import urlsplit

from local.simulators.sqlite_file import Row

_LOOPBACK = ("127.0.0.1", "localhost", "::1")


def is_registered(client: Row, redirect_uri: str, *, subpaths: bool) -> bool:
    """Whether a browser may be sent there with a code.

    Google compares the whole text. GitHub takes a path below a registered one, too (`subpaths`), and any port on loopback
    (docs.github.com, "Authorizing OAuth apps", "Redirect URLs"). A client of the simulator's own is anywhere on this machine.
    """
    try:
        asked = urlsplit(redirect_uri)
        host = asked.hostname
    except ValueError:
        return False
    if asked.scheme not in ("http", "https") or not host or asked.fragment or asked.username is not None:
        return False
    if not client["redirect_uris"]:
        return host in _LOOPBACK
    if redirect_uri in client["redirect_uris"]:
        return True
    return subpaths and any(_is_below(redirect_uri, each) for each in client["redirect_uris"])


def _is_below(redirect_uri: str, registered: str) -> bool:
    asked, known = urlsplit(redirect_uri), urlsplit(registered)
    same_place = asked.netloc == known.netloc or (asked.hostname == known.hostname and asked.hostname in _LOOPBACK)
    below = asked.path == known.path or asked.path.startswith(known.path.rstrip("/") + "/")
    return asked.scheme == known.scheme and same_place and below and ".." not in asked.path


def has_secret(client: Row, form: Mapping[str, str]) -> bool:
    """Whether the form has the client's secret."""
    return hmac.compare_digest(client["secret"].encode(), form.get("client_secret", "").encode())


def is_proved(asked: Row, verifier: str) -> bool:
    """RFC 7636, section 4.6; without a challenge nothing is to be proved."""
    challenge, method = asked.get("code_challenge") or "", asked.get("code_challenge_method") or "plain"
    if not challenge:
        return True
    if method == "S256":
        digest = hashlib.sha256(verifier.encode()).digest()
        verifier = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
    return hmac.compare_digest(challenge.encode(), verifier.encode())
