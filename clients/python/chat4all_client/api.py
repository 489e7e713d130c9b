"""Requests to the API: who asks is signed in, and what says to come back later is asked again."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

import httpx

from chat4all_client.backoff import delay_s
from chat4all_client.errors import ApiError, Unreachable
from chat4all_client.problems import problem
from chat4all_client.sign_in import SignIn

Json = dict[str, Any]
_COME_BACK = frozenset({408, 429, 500, 502, 503, 504})
_POLL_AT_MOST_S = 5.0


class Api:
    """Each request made here is safe to repeat: by its method, its Idempotency-Key, or because the same again changes nothing."""

    def __init__(self, http: httpx.AsyncClient, sign_in: SignIn, patience_s: float) -> None:
        self._http = http
        self._sign_in = sign_in
        self.patience_s = patience_s
        """How long one request is repeated."""

    async def call(self, method: str, path: str, body: Json | None = None, *, key: str | None = None) -> Json:
        """The JSON of the answer.

        Raises:
            ApiError: refused. Unreachable: no answer, or to come back later, for `patience_s`.
        """
        headers = {"idempotency-key": key} if key else {}
        deadline, tries = time.monotonic() + self.patience_s, 0
        while True:
            tries += 1
            try:
                answer = await self._signed(method, path, body, headers)
                return dict(answer.json()) if answer.content else {}
            except httpx.TransportError as error:
                wait_s, asked_s, why = delay_s(tries), 0.0, f"{type(error).__name__} {error}".strip()
            except ApiError as refused:
                if refused.status not in _COME_BACK:
                    raise
                asked_s, why = refused.retry_after_s, str(refused)
                wait_s = delay_s(tries, asked_s)
            if time.monotonic() + wait_s > deadline:
                raise Unreachable(f"{method} {path}: {why}; tried {tries} times", asked_s)
            await asyncio.sleep(wait_s)

    async def _signed(self, method: str, path: str, body: Json | None, headers: Mapping[str, str]) -> httpx.Response:
        token = await self._sign_in.token(self._http)
        answer = await self._asked(method, path, body, headers, token)
        if answer.status_code == httpx.codes.UNAUTHORIZED and self._sign_in.can_renew:
            token = await self._sign_in.renewed(self._http, token)
            answer = await self._asked(method, path, body, headers, token)
        if not answer.is_success:
            raise problem(answer)
        return answer

    async def _asked(
        self, method: str, path: str, body: Json | None, headers: Mapping[str, str], token: str
    ) -> httpx.Response:
        signed = {**headers, "authorization": f"Bearer {token}"}
        return await self._http.request(method, path, json=body, headers=signed)


async def poll(ask: Callable[[], Awaitable[Json]], until: Callable[[Json], bool], patience_s: float) -> Json:
    """The first answer of `ask` for which `until` holds.

    Raises:
        Unreachable: not within `patience_s`.
    """
    deadline, tries = time.monotonic() + patience_s, 0
    while True:
        said = await ask()
        if until(said):
            return said
        if time.monotonic() > deadline:
            raise Unreachable(f"Still {said.get('status', 'unfinished')} after {patience_s:.0f} s: ask again later")
        tries += 1
        await asyncio.sleep(min(_POLL_AT_MOST_S, delay_s(tries)))
