"""What users may look like when a caller asks for them."""

import re
from typing import Annotated

from pydantic import AfterValidator, BeforeValidator, Field, StringConstraints, model_validator

from chat4all.domain.message import Id
from chat4all.domain.one_line import is_one_line
from chat4all.domain.presence import EVERYBODY_THERE, Visibility
from chat4all.domain.sign_in import GivenPassword
from chat4all.ids import is_id
from chat4all.validation import Input, Parameters

IDS_MAX = 100
"""Ids in one question: as many as one BatchGetItem takes."""
_USERNAME = re.compile(r"[A-Za-z0-9_.-]+")
_EMAIL = re.compile(
    r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*"
    r"@(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])"
)
"""An unquoted address at a domain name with at least one dot (RFC 5321 section 4.1.2)."""


def _username(value: str) -> str:
    if not _USERNAME.fullmatch(value):
        raise ValueError("may have only letters a to z, digits, and _ . -")
    return value


def _email(value: str) -> str:
    if not _EMAIL.fullmatch(value) or len(value.partition("@")[0]) > 64:
        raise ValueError("must be an email address, such as ana@example.com")
    return value


def _visible(value: str) -> str:
    stripped = value.strip()
    if not stripped:
        raise ValueError("must not be blank")
    if not is_one_line(stripped):
        raise ValueError("must not have control characters, line breaks, or marks that nobody sees")
    return stripped


def _encodable(value: str) -> str:
    try:
        value.encode()
    except UnicodeEncodeError:
        raise ValueError("must be Unicode text without lone surrogates") from None
    return value


Username = Annotated[
    str,
    StringConstraints(min_length=3, max_length=32),
    AfterValidator(_username),
    Field(json_schema_extra={"pattern": f"^{_USERNAME.pattern}$"}),
]
Email = Annotated[
    str,
    StringConstraints(max_length=254),
    AfterValidator(_email),
    Field(json_schema_extra={"format": "email", "pattern": f"^{_EMAIL.pattern}$"}),
]
Password = Annotated[str, StringConstraints(min_length=8, max_length=256), AfterValidator(_encodable)]
DisplayName = Annotated[str, StringConstraints(min_length=1, max_length=80), AfterValidator(_visible)]


class Registration(Input):
    """Body of POST /v1/users."""

    username: Username
    email: Email
    password: Password
    display_name: DisplayName | None = None


class ProfileChanges(Input):
    """Body of PATCH /v1/users/me: what is given replaces what was there; null removes the display name.

    A new password needs the current one, if there is one, which may be of any length that was once allowed.
    """

    display_name: DisplayName | None = None
    password: Password | None = None
    current_password: GivenPassword | None = None
    presence_visibility: Visibility = EVERYBODY_THERE

    @model_validator(mode="after")
    def _both_passwords(self) -> "ProfileChanges":
        if self.password is None and self.current_password is not None:
            raise ValueError("current_password is given with a new password only")
        return self


def _ids(value: str) -> tuple[str, ...]:
    ids = tuple(str(value).split(","))
    if len(ids) > IDS_MAX:
        raise ValueError(f"has {len(ids)} ids; at most {IDS_MAX}")
    wrong = next((position for position, one in enumerate(ids) if not is_id(one)), None)
    if wrong is not None:
        raise ValueError(f"must be UUIDs in lower case with commas between; number {wrong + 1} is none")
    return ids


class UserQuery(Parameters):
    """Query of GET /v1/users: one of the two."""

    username: Annotated[str, StringConstraints(min_length=1, max_length=64)] | None = None
    """Any text: what nobody can be called is nobody's name."""
    ids: (
        Annotated[tuple[Id, ...], BeforeValidator(_ids), Field(json_schema_extra={"minItems": 1, "maxItems": IDS_MAX})]
        | None
    ) = None
    """With commas between."""
