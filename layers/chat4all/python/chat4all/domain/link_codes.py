"""Codes by which somebody shows that an address is theirs: made from a secret, so that nothing keeps them.

A code is HMAC-SHA256 of what it is for, by a secret of the account. Neither the table of requests nor Kafka holds it: whoever
sends it and whoever checks it make it anew.
"""

import hmac
from dataclasses import dataclass

ALPHABET = "ACDEFHJKMNPRTVWXY3479"
"""Nothing that looks like something else: without 0 O Q, 1 I L, 2 Z, 5 S, 6 G, 8 B, U (V)."""
LENGTH = 8
TRIES = 5
LIFETIME_S = 600


@dataclass(frozen=True, slots=True)
class LinkRequest:
    """What a code is for."""

    id: str
    user_id: str
    channel: str
    account_id: str
    address: str


def code_of(request: LinkRequest, secret: str) -> str:
    """The code, LENGTH characters of ALPHABET: 3.8e10 of them, of which TRIES may be tried.

    Raises:
        ValueError: an empty secret would make a code that anybody can make.
    """
    if not secret:
        raise ValueError("codes are made with a secret")
    said = "\n".join(("link", request.id, request.user_id, request.channel, request.account_id, request.address))
    number = int.from_bytes(hmac.digest(secret.encode(), said.encode(), "sha256"), "big")
    characters = []
    for _ in range(LENGTH):
        number, place = divmod(number, len(ALPHABET))
        characters.append(ALPHABET[place])
    return "".join(characters)


def is_code(given: str, request: LinkRequest, secret: str) -> bool:
    """Whether `given` is the code, in either case and however it is divided; compared in constant time."""
    told = "".join(given.split()).replace("-", "").upper()
    return hmac.compare_digest(told.encode(errors="replace"), code_of(request, secret).encode())


def text_of(code: str, username: str) -> str:
    """What is sent over the channel. A username has only letters, digits and `_ . -`: nobody can say things by it."""
    half = LENGTH // 2
    return (
        f"{code[:half]}-{code[half:]} is the code that links this chat with the user {username}. It is good for "
        f"{LIFETIME_S // 60} minutes. If you did not ask for it, do nothing and tell it to nobody."
    )
