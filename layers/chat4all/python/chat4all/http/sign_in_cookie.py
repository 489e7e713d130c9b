"""The cookie that ties a sign-in by a provider to the browser in which it was begun."""

from collections.abc import Iterable

from aws_lambda_powertools.shared.cookies import Cookie, SameSite

from chat4all.provider_sign_in.attempts import STATE_S

_NAME = "chat4all-sign-in"
_PREFIX = "__Host-"
"""Browsers take it from this very host by TLS only, so that no neighbouring host can set it (RFC 6265bis, section 4.1.3.2)."""
_MAX = 128


def sign_in_cookie(value: str | None, public_url: str) -> Cookie:
    """The cookie that holds `value` until the sign-in is too old; None removes it.

    Lax: it comes along when the provider sends the browser back, and with nothing that another site asks by itself.
    """
    by_tls = public_url.startswith("https:")  # without it, on a developer's machine, browsers would not keep it
    return Cookie(
        _name(public_url),
        value or "",
        path="/",
        secure=by_tls,
        http_only=True,
        max_age=STATE_S if value else 0,
        same_site=SameSite.LAX_MODE,
    )


def sign_in_cookie_of(cookies: Iterable[str], public_url: str) -> str:
    """What the browser's cookie holds, of a request's `name=value` texts; empty where there is none."""
    prefix = f"{_name(public_url)}="
    found = next((one.strip().removeprefix(prefix) for one in cookies if one.strip().startswith(prefix)), "")
    return found if len(found) <= _MAX else ""


def _name(public_url: str) -> str:
    return f"{_PREFIX if public_url.startswith('https:') else ''}{_NAME}"
