"""Tokens of a profile, renewed for all commands that run: a refresh token is good once."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AbstractContextManager, asynccontextmanager
from dataclasses import replace

import httpx

from chat4all_client.answers import asked, object_of
from chat4all_client.cli.profiles import Profile, Profiles
from chat4all_client.errors import NotSignedIn, SignInRefused
from chat4all_client.problems import problem

_PASSING = frozenset({408, 429})


class KeptSignIn:
    """The `TokenSource` of a profile.

    Who finds its token refused locks the profile, reads it again, and asks for new tokens only where nobody else has done so
    meanwhile. A lost answer is asked for again with the same refresh token, which the server
    takes for 30 seconds (decision 0020).
    """

    can_renew = True

    def __init__(self, profiles: Profiles, name: str) -> None:
        self._profiles = profiles
        self._name = name
        self._one_at_a_time = asyncio.Lock()

    async def token(self, http: httpx.AsyncClient) -> str:  # noqa: ARG002 - as SignIn
        """The access token that is kept; raises NotSignedIn."""
        return self._kept().access_token

    async def renewed(self, http: httpx.AsyncClient, refused: str) -> str:
        """A token in the place of `refused`. Raises SignInRefused, NotSignedIn, ApiError, httpx.TransportError, OSError."""
        async with self._one_at_a_time, _in_a_thread(self._profiles.locked(self._name)):
            kept = self._kept()
            if kept.access_token != refused:
                return kept.access_token
            with self._profiles.room(self._name) as put:
                answer = await asked(http, "POST", "/auth/refresh", json={"refresh_token": kept.refresh_token})
                if answer.is_success:
                    said = object_of(answer, "access_token")
                    renewed = replace(
                        kept, access_token=said["access_token"], refresh_token=said.get("refresh_token", "")
                    )
                    put(renewed)
                    return renewed.access_token
            raise self._refusal(answer)

    def _refusal(self, answer: httpx.Response) -> Exception:
        error = problem(answer)
        if answer.is_server_error or answer.status_code in _PASSING:
            return error
        self._profiles.forget_tokens(self._name)
        return SignInRefused(error.status, error.code, "The session is over", error.problem)

    def _kept(self) -> Profile:
        profile = self._profiles.read(self._name)
        if profile is None or not profile.access_token:
            raise NotSignedIn("Nobody is signed in")
        return profile


@asynccontextmanager
async def _in_a_thread(lock: AbstractContextManager[None]) -> AsyncIterator[None]:
    """Wait for a lock of another process without holding up this one's loop."""
    await asyncio.to_thread(lock.__enter__)
    try:
        yield
    finally:
        lock.__exit__(None, None, None)
