"""Passwords: Argon2id (RFC 9106), with the parameters of the OWASP Password Storage Cheat Sheet."""

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

NOBODY = "$argon2id$v=19$m=19456,t=2,p=1$FXfmjOwnINMHRhVvMkVplg$OfG3Qr8BoQPfA78SAZw6hjU11d5+So68zpy6oc9tyB4"
"""Hash of a password that nobody has kept: what is checked for those who do not exist. Its parameters are today's."""


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
            self._hasher.verify(stored or NOBODY, password)
        except (VerificationError, InvalidHashError):
            return False
        return stored is not None

    def is_outdated(self, stored: str) -> bool:
        """Whether `stored` was made with other parameters than today's."""
        return self._hasher.check_needs_rehash(stored)
