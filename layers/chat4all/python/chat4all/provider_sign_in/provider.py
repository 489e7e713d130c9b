"""What all providers have in common."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol

from chat4all.domain.sign_in_provider import Person, Provider
from chat4all.provider_sign_in.asking import ProviderFailed

_NOT_IN_WORD = re.compile("[^a-z_]+")
_WORD_MAX = 40
_TOKEN_MAX = 4096


@dataclass(frozen=True, slots=True)
class Proof:
    """What ties a code and an ID token to the browser that began."""

    verifier: str
    nonce: str


@dataclass(frozen=True, slots=True)
class Client:
    """As whom this deployment is known to a provider."""

    id: str
    redirect_uri: str
    secret: Callable[[], str]
    """Raises Unavailable."""
    forget_secret: Callable[[], None]


class SignInProvider(Protocol):
    """Somebody who knows people."""

    provider: Provider
    issuer: str

    def authorization_url(self, state: str, proof: Proof) -> str:
        """Where a browser signs in. Raises ProviderFailed."""

    def person(self, code: str, proof: Proof) -> Person:
        """Who has signed in there, by the code that came back. Raises ProviderFailed, Unavailable."""


def code_form(client: Client, code: str, proof: Proof) -> dict[str, str]:
    """RFC 6749, section 4.1.3, and RFC 7636, section 4.5."""
    return {
        "grant_type": "authorization_code",
        "code": code,
        "redirect_uri": client.redirect_uri,
        "client_id": client.id,
        "client_secret": client.secret(),
        "code_verifier": proof.verifier,
    }


def token_of(client: Client, status: int, answer: dict[str, Any]) -> str:
    """The access token of an answer; GitHub says its errors with 200. Raises ProviderFailed."""
    error = answer.get("error")
    if status != 200 or error is not None:
        if error in ("invalid_client", "incorrect_client_credentials"):
            client.forget_secret()
        raise ProviderFailed(f"status {status}, error {word_of(error)}")
    if str(answer.get("token_type", "")).lower() != "bearer":
        raise ProviderFailed("another token_type")
    token = text_of(answer, "access_token")
    if len(token) > _TOKEN_MAX or not token.isascii() or not token.isprintable() or " " in token:
        raise ProviderFailed("no access_token")
    return token


def text_of(document: dict[str, Any], name: str) -> str:
    """A member that is text. Raises ProviderFailed."""
    value = document.get(name)
    if not isinstance(value, str) or not value:
        raise ProviderFailed(f"no {name}")
    return value


def word_of(error: Any) -> str:
    """An error of a provider as a word that may be logged: nobody knows what stands in it."""
    return _NOT_IN_WORD.sub("?", str(error).lower())[:_WORD_MAX]
