"""Argon2id with today's parameters."""

from argon2 import PasswordHasher

from chat4all.passwords import NOBODY, Passwords


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
    assert not passwords.is_outdated(NOBODY)
    assert not passwords.matches("x", "no hash")


def test_hashes_with_other_parameters_are_outdated() -> None:
    passwords = Passwords()
    assert passwords.is_outdated(PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash("x"))
    assert not passwords.is_outdated(passwords.hash("x"))
