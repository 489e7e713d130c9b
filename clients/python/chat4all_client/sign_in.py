"""Who calls: access tokens, renewed when they have run out."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

import httpx

from chat4all_client.answers import asked, object_of
from chat4all_client.errors import ApiError, SignInRefused
from chat4all_client.problems import problem


@dataclass(slots=True)
class Tokens:
    """As POST /auth/token answers them."""

    access_token: str
    refresh_token: str | None = None


class TokenSource(Protocol):
    """Where requests get their access token from."""

    @property
    def can_renew(self) -> bool:
        """Whether there is anything to get a new token with."""
        ...

    async def token(self, http: httpx.AsyncClient) -> str:
        """The access token. Raises ApiError, NotSignedIn, httpx.TransportError."""
        ...

    async def renewed(self, http: httpx.AsyncClient, refused: str) -> str:
        """A token in the place of `refused`; raises as `token` does."""
        ...


class SignIn:
    """Gives the access token for a request. Several may wait for a new one: it is asked for once.

    `on_tokens` is told new tokens, to keep them: a refresh token is good once, and one used twice ends the session.
    """

    def __init__(
        self,
        tokens: Tokens | None = None,
        username: str | None = None,
        password: str | None = None,
        on_tokens: Callable[[Tokens], None] = lambda _: None,
    ) -> None:
        if tokens is None and (username is None or password is None):
            raise ValueError("a token is needed, or username and password")
        self._tokens = tokens
        self._credentials = (username, password) if username is not None and password is not None else None
        self._on_tokens = on_tokens
        self._one_at_a_time = asyncio.Lock()

    @property
    def can_renew(self) -> bool:
        """Whether there is anything to get a new token with."""
        return self._credentials is not None or bool(self._tokens and self._tokens.refresh_token)

    async def token(self, http: httpx.AsyncClient) -> str:
        """The access token; signs in first where there is none. Raises ApiError, httpx.TransportError."""
        if self._tokens is None:
            async with self._one_at_a_time:
                if self._tokens is None:
                    await self._signed_in(http)
        assert self._tokens is not None
        return self._tokens.access_token

    async def renewed(self, http: httpx.AsyncClient, refused: str) -> str:
        """A token in the place of `refused`. Raises ApiError, httpx.TransportError."""
        async with self._one_at_a_time:
            assert self._tokens is not None
            if self._tokens.access_token == refused and not await self._refreshed(http):
                await self._signed_in(http)
            return self._tokens.access_token

    async def _refreshed(self, http: httpx.AsyncClient) -> bool:
        assert self._tokens is not None
        if not self._tokens.refresh_token:
            return False
        answer = await asked(http, "POST", "/auth/refresh", json={"refresh_token": self._tokens.refresh_token})
        if answer.is_success:
            self._take(answer)
            return True
        if answer.is_server_error or self._credentials is None:
            raise _refusal(answer)
        return False

    async def _signed_in(self, http: httpx.AsyncClient) -> None:
        assert self._credentials is not None
        username, password = self._credentials
        answer = await asked(http, "POST", "/auth/token", json={"username": username, "password": password})
        if not answer.is_success:
            raise _refusal(answer)
        self._take(answer)

    def _take(self, answer: httpx.Response) -> None:
        said = object_of(answer, "access_token")
        self._tokens = Tokens(said["access_token"], said.get("refresh_token"))
        self._on_tokens(self._tokens)


def _refusal(answer: httpx.Response) -> ApiError:
    """Why there is no token; what another time would be no refusal says nothing of the session."""
    error = problem(answer)
    if answer.is_server_error or answer.status_code in (408, 429):
        return error
    return SignInRefused(error.status, error.code, error.detail, error.problem, error.retry_after_s)
