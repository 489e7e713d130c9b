"""Passwords: Argon2id (RFC 9106), with the parameters of the OWASP Password Storage Cheat Sheet.

Users who were brought from elsewhere may have bcrypt hashes. They are accepted, and renewed as Argon2id at the first sign-in.
"""

import re

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

NOBODY = "$argon2id$v=19$m=19456,t=2,p=1$FXfmjOwnINMHRhVvMkVplg$OfG3Qr8BoQPfA78SAZw6hjU11d5+So68zpy6oc9tyB4"
"""Hash of a password that nobody has kept: what is checked for those who do not exist. Its parameters are today's."""

BCRYPT_MAX_BYTES = 72
"""bcrypt reads no more of a password (Provos and Mazières, "A Future-Adaptable Password Scheme", section 4)."""
BCRYPT_MAX_COST = 15
"""Each step doubles the time: 15 takes 2 to 3 s, 31 would take days."""

_BCRYPT = re.compile(r"\$2[aby]\$(\d\d)\$[./A-Za-z0-9]{53}")


class Passwords:
    """Hashes and checks passwords. Each takes the CPU about 30 ms and 19 MiB, on purpose."""

    def __init__(self) -> None:
        self._hasher = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)

    def hash(self, password: str) -> str:
        """The hash to store, with its parameters and salt (PHC string format)."""
        return self._hasher.hash(password)

    def matches(self, password: str, stored: str | None) -> bool:
        """Whether `password` is the one of `stored`; None stands for a user who does not exist, and takes as long.

        Of a password with a bcrypt hash the first 72 bytes count, as they did when that hash was made.
        """
        if stored is not None and _is_bcrypt(stored):
            return _bcrypt_matches(password, stored)
        try:
            self._hasher.verify(stored or NOBODY, password)
        except (VerificationError, InvalidHashError):
            return False
        return stored is not None

    def renewable(self, password: str, stored: str) -> bool:
        """Whether `stored`, which `password` matches, is to be replaced by a hash of `password` with today's parameters.

        Not where bcrypt has read a part of the password only: the rest may be anything, and would become the password.
        """
        if _is_bcrypt(stored):
            return len(password.encode()) <= BCRYPT_MAX_BYTES
        return self._hasher.check_needs_rehash(stored)


def _is_bcrypt(stored: str) -> bool:
    return stored.startswith("$2")


def _bcrypt_matches(password: str, stored: str) -> bool:
    found = _BCRYPT.fullmatch(stored)
    if found is None or not 4 <= int(found[1]) <= BCRYPT_MAX_COST:
        return False
    import bcrypt  # here, as few users have such a hash, and each of them once

    return bcrypt.checkpw(password.encode()[:BCRYPT_MAX_BYTES], stored.encode())
