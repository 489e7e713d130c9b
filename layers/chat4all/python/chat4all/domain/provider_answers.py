"""What providers say of a person, read without trust: anything may be missing, or of another kind."""

from collections.abc import Mapping
from typing import Any

from pydantic import TypeAdapter, ValidationError

from chat4all.domain.sign_in_provider import Person, Provider
from chat4all.domain.user import DisplayName, Email

_DISPLAY_NAME: TypeAdapter[str] = TypeAdapter(DisplayName)
_EMAIL: TypeAdapter[str] = TypeAdapter(Email)
_LABEL_MAX = 254


class NoPerson(Exception):
    """The answer names nobody."""


def person_of_claims(claims: Mapping[str, Any]) -> Person:
    """Who stands in an ID token that was checked (domain.id_token)."""
    email = _email(claims.get("email"))
    return Person(
        Provider.GOOGLE,
        claims["iss"],
        claims["sub"],
        label=email,
        username=_text(claims.get("name")),
        display_name=_display_name(claims.get("name")),
        email=email if claims.get("email_verified") is True else None,
    )


def person_of_github(issuer: str, user: Any, emails: Any) -> Person:
    """Who stands in GitHub's `GET /user`, with the primary address of `GET /user/emails` where that is verified.

    Raises:
        NoPerson.
    """
    number = user.get("id") if isinstance(user, Mapping) else None
    if not isinstance(number, int) or isinstance(number, bool) or number <= 0:
        raise NoPerson("GET /user has no id")
    login = _text(user.get("login"))
    return Person(
        Provider.GITHUB,
        issuer,
        str(number),
        label=login[:_LABEL_MAX] if login else None,
        username=login,
        display_name=_display_name(user.get("name")) or _display_name(login),
        email=_primary(emails),
    )


def _primary(emails: Any) -> str | None:
    for one in emails if isinstance(emails, list) else ():
        if isinstance(one, Mapping) and one.get("primary") is True and one.get("verified") is True:
            return _email(one.get("email"))
    return None


def _text(value: Any) -> str | None:
    return value if isinstance(value, str) and value else None


def _email(value: Any) -> str | None:
    """None where it is none that an account of ours can have."""
    try:
        return _EMAIL.validate_python(value, strict=True)
    except ValidationError:
        return None


def _display_name(value: Any) -> str | None:
    try:
        return _DISPLAY_NAME.validate_python(value[:80] if isinstance(value, str) else None, strict=True)
    except ValidationError:
        return None
