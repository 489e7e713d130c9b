"""Passwords: Argon2id (RFC 9106), with the parameters of the OWASP Password Storage Cheat Sheet."""

from functools import cached_property

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError


class Passwords:
    """Hashes and checks passwords. Each takes the CPU about 30 ms and 19 MiB, on purpose."""

    def __init__(self) -> None:
        self._hasher = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)

    def hash(self, password: str) -> str:
        """The hash to store, with its parameters and salt (PHC string format)."""
        return self._hasher.hash(password)

    def matches(self, password: str, stored: str | None) -> bool:
        """Whether `password` is the one of `stored`; None stands for a user who does not exist, and takes as long."""
        try:
            self._hasher.verify(stored or self._nobody, password)
        except (VerificationError, InvalidHashError):
            return False
        return stored is not None

    def is_outdated(self, stored: str) -> bool:
        """Whether `stored` was made with other parameters than today's."""
        return self._hasher.check_needs_rehash(stored)

    @cached_property
    def _nobody(self) -> str:
        return self._hasher.hash("nobody's password")
