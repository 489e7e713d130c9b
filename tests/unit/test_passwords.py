"""Argon2id with today's parameters, and bcrypt for hashes that were made elsewhere."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from argon2 import PasswordHasher

from chat4all.passwords import NOBODY, Passwords

BCRYPT = {
    "$2a$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW": "U*U",
    "$2a$05$CCCCCCCCCCCCCCCCCCCCC.VGOzA784oUp/Z0DY336zx7pLYAy0lwK": "U*U*",
    "$2b$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW": "U*U",
    "$2y$05$CCCCCCCCCCCCCCCCCCCCC.VGOzA784oUp/Z0DY336zx7pLYAy0lwK": "U*U*",
    "$2a$05$abcdefghijklmnopqrstuu5s2v8.iXieOjg/.AySBTTZIIVFJeBui": (
        "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789chars after 72 are ignored"
    ),
}
"""Hashes of the test vectors in Openwall's crypt_blowfish (wrapper.c)."""


def test_a_password_matches_its_own_hash_only() -> None:
    passwords = Passwords()
    stored = passwords.hash("correct horse")
    assert stored.startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    assert passwords.matches("correct horse", stored)
    assert not passwords.matches("correct Horse", stored)
    assert passwords.hash("correct horse") != stored


def test_nobody_has_no_password_and_a_broken_hash_has_none_either() -> None:
    passwords = Passwords()
    assert not passwords.matches("x", None)
    assert not passwords.renewable("x", NOBODY)
    assert not passwords.matches("x", "no hash")


def test_hashes_with_other_parameters_are_renewed() -> None:
    passwords = Passwords()
    assert passwords.renewable("x", PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash("x"))
    assert not passwords.renewable("x", passwords.hash("x"))


@pytest.mark.parametrize(("stored", "password"), BCRYPT.items())
def test_bcrypt_hashes_of_other_programs_match(stored: str, password: str) -> None:
    passwords = Passwords()
    assert passwords.matches(password, stored)
    assert not passwords.matches("x" + password, stored)
    assert passwords.renewable(password, stored) == (len(password) <= 72)


def test_of_a_bcrypt_password_72_bytes_count_and_a_longer_one_is_not_made_the_password() -> None:
    stored = list(BCRYPT)[-1]
    password = BCRYPT[stored]
    assert Passwords().matches(password[:72] + "anything", stored)
    assert not Passwords().matches(password[:71] + "é", stored)
    assert not Passwords().renewable(password[:72] + "anything", stored)
    assert Passwords().renewable(password[:72], stored)


@pytest.mark.parametrize("stored", ["$2b$05$x", "$2b$31$" + "a" * 53, "$2b$03$" + "a" * 53, "$2x$05$" + "a" * 53, "$2"])
def test_a_bcrypt_hash_that_is_broken_or_would_take_days_matches_nothing(stored: str) -> None:
    assert not Passwords().matches("x", stored)


def test_bcrypt_is_imported_with_the_first_such_hash_only() -> None:
    program = """
import sys
from chat4all.passwords import Passwords
Passwords().matches("x", Passwords().hash("x"))
assert "bcrypt" not in sys.modules
Passwords().matches("x", "$2a$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW")
assert "bcrypt" in sys.modules
"""
    package = Path(__file__).parents[2] / "layers/chat4all/python"
    environment = os.environ | {"PYTHONPATH": str(package)}
    subprocess.run([sys.executable, "-c", program], env=environment, check=True, timeout=60)
