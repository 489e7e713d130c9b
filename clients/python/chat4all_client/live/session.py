"""Whose client it is: access tokens, and the HTTP API asked with them."""

from typing import Any, Protocol

import httpx

from chat4all_client.api import Api
from chat4all_client.errors import ApiError, ClientError, SignInRefused, Unreachable
from chat4all_client.problems import NO_PROBLEM
from chat4all_client.sign_in import TokenSource

Json = dict[str, Any]


class SignedOut(ClientError):
    """The session is over: whoever it was has to sign in."""


class Session(Protocol):
    """A signed-in user."""

    async def token(self) -> str:
        """The access token; raises SignedOut, Unreachable."""
        ...

    async def renewed(self, refused: str) -> str:
        """A token in the place of `refused`; raises SignedOut, Unreachable."""
        ...

    async def call(
        self, method: str, path: str, body: Json | None = None, *, key: str | None = None, patience_s: float = 0.0
    ) -> Json:
        """The JSON of an answer; repeated for `patience_s`. `key`: the Idempotency-Key.

        Raises:
            ApiError: refused. SignedOut. Unreachable: no answer, or to be asked later.
        """
        ...

    async def close(self) -> None:
        """Close connections."""
        ...


class HttpSession:
    """Over httpx."""

    def __init__(self, http: httpx.AsyncClient, sign_in: TokenSource) -> None:
        self._http = http
        self._sign_in = sign_in

    async def token(self) -> str:
        try:
            return await self._sign_in.token(self._http)
        except (httpx.TransportError, ApiError) as error:
            raise _without_token(error) from error

    async def renewed(self, refused: str) -> str:
        if not self._sign_in.can_renew:
            raise SignedOut("the token is no good any more, and there is nothing to get another one with")
        try:
            return await self._sign_in.renewed(self._http, refused)
        except (httpx.TransportError, ApiError) as error:
            raise _without_token(error) from error

    async def call(
        self, method: str, path: str, body: Json | None = None, *, key: str | None = None, patience_s: float = 0.0
    ) -> Json:
        try:
            return await Api(self._http, self._sign_in, patience_s).call(method, path, body, key=key)
        except ApiError as error:
            if isinstance(error, SignInRefused) or error.status == httpx.codes.UNAUTHORIZED:
                raise SignedOut(str(error)) from error
            if error.code == NO_PROBLEM and error.status != httpx.codes.REQUEST_ENTITY_TOO_LARGE:
                # Not the API's word: a gateway's, or of who read half a request when the connection broke.
                raise Unreachable(str(error), error.retry_after_s) from error
            raise

    async def close(self) -> None:
        await self._http.aclose()


def _without_token(error: httpx.TransportError | ApiError) -> ClientError:
    """A refusal that would be none another time says nothing of the session."""
    if isinstance(error, SignInRefused):
        return SignedOut(str(error))
    return Unreachable(f"{type(error).__name__} {error}".strip(), getattr(error, "retry_after_s", 0.0))
