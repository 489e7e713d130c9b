"""What may be registered."""

from typing import Any

import pytest

from chat4all.domain.user import ProfileChanges, Registration
from chat4all.errors import Invalid
from chat4all.validation import validate

GOOD = {"username": "Ana_1.b-c", "email": "ana+x@mail.example.com", "password": "correct horse"}


@pytest.mark.parametrize(
    "change",
    [
        {},
        {"username": "abc"},
        {"username": "a" * 32},
        {"email": "o'neil@example.co.uk"},
        {"email": f"{'a' * 64}@example.com"},
        {"password": "x" * 256},
        {"password": "пароль密码🙂🙂"},
        {"display_name": "Ana Ç. 🙂"},
        {"display_name": None},
    ],
)
def test_good_registrations(change: dict[str, Any]) -> None:
    assert validate(Registration, GOOD | change).username


@pytest.mark.parametrize(
    ("change", "pointer"),
    [
        ({"username": "ab"}, "/username"),
        ({"username": "a" * 33}, "/username"),
        ({"username": "ana maria"}, "/username"),
        ({"username": "ana\n"}, "/username"),
        ({"username": "аna"}, "/username"),  # a Cyrillic letter that looks like a Latin one
        ({"username": None}, "/username"),
        ({"username": 123}, "/username"),
        ({"email": "ana"}, "/email"),
        ({"email": "ana@localhost"}, "/email"),
        ({"email": "@example.com"}, "/email"),
        ({"email": "a@b@example.com"}, "/email"),
        ({"email": "a..b@example.com"}, "/email"),
        ({"email": "a@-example.com"}, "/email"),
        ({"email": "a@example.com\r\nBcc: b@example.com"}, "/email"),
        ({"email": f"{'a' * 65}@example.com"}, "/email"),
        ({"email": f"a@{'b.' * 130}com"}, "/email"),
        ({"password": "x" * 7}, "/password"),
        ({"password": "x" * 257}, "/password"),
        ({"password": "lone surrogate \ud800"}, "/password"),
        ({"display_name": ""}, "/display_name"),
        ({"display_name": "   "}, "/display_name"),
        ({"display_name": "x" * 81}, "/display_name"),
        ({"display_name": "a\x00b"}, "/display_name"),
        ({"display_name": "Ana\u2028Bob: I quit"}, "/display_name"),
        ({"display_name": "\u202eanA"}, "/display_name"),
        ({"display_name": "\u200b"}, "/display_name"),
        ({"is_admin": True}, "/is_admin"),
    ],
)
def test_bad_registrations_say_where(change: dict[str, Any], pointer: str) -> None:
    with pytest.raises(Invalid) as caught:
        validate(Registration, GOOD | change)
    assert [error.pointer for error in caught.value.errors] == [pointer]


def test_an_email_of_the_greatest_length_is_checked_quickly() -> None:
    with pytest.raises(Invalid):
        validate(Registration, GOOD | {"email": "a@" + "a-" * 126})


def test_a_change_tells_null_from_nothing() -> None:
    assert validate(ProfileChanges, {}).model_fields_set == set()
    assert validate(ProfileChanges, {"display_name": None}).model_fields_set == {"display_name"}
    with pytest.raises(Invalid):
        validate(ProfileChanges, {"username": "other"})
