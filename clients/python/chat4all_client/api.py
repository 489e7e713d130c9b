"""Requests to the API: who asks is signed in, and what says to come back later is asked again."""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from typing import Any

import httpx

from chat4all_client.answers import asked, json_of, object_of
from chat4all_client.backoff import delay_s
from chat4all_client.errors import ApiError, NotSignedIn, Unreachable
from chat4all_client.operation import FORM, MULTIPART, Operation, new_key, parameters
from chat4all_client.problems import problem
from chat4all_client.sign_in import TokenSource

Json = dict[str, Any]
_COME_BACK = frozenset({408, 429, 500, 502, 503, 504})
_OVERLOADED = "overloaded"
_NEVER_SENT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout)
_POLL_AT_MOST_S = 5.0


class Api:
    """The HTTP API, asked by one user, or by nobody where there is no `sign_in`."""

    def __init__(self, http: httpx.AsyncClient, sign_in: TokenSource | None, patience_s: float) -> None:
        self._http = http
        self._sign_in = sign_in
        self.patience_s = patience_s
        """How long one request is repeated."""

    async def ask(
        self,
        operation: Operation,
        path: Mapping[str, str] | Sequence[str] = (),
        query: Mapping[str, Any] | None = None,
        body: Any = None,
        *,
        key: str | None = None,
    ) -> Any:
        """What an operation answers: JSON; text where it is no JSON; None where it is empty.

        `body` goes as the operation says: JSON, form fields, or as httpx's `files` where it is multipart. Where the operation
        takes an Idempotency-Key and none is given, one is made, so that it can be repeated; what cannot is asked again only
        where nothing can have been done.

        Raises:
            ApiError: refused. NotSignedIn. ValueError: not the parameters of the path.
            Unreachable: no answer, or to come back later, for `patience_s`. UnexpectedAnswer: of another server.
        """
        headers = {"idempotency-key": key or _own_key(body) or new_key()} if operation.takes_key else {}
        content = {FORM: "data", MULTIPART: "files"}.get(operation.body, "json")
        request = {"params": parameters(query), "headers": headers} | ({} if body is None else {content: body})
        where = operation.address(path)
        answer = await self._answered(
            operation.method, where, request, is_open=operation.is_open, is_repeatable=operation.is_repeatable
        )
        return _said(answer)

    async def call(self, method: str, path: str, body: Json | None = None, *, key: str | None = None) -> Json:
        """The JSON of the answer to a request that is safe to repeat: by its method, its key, or because the same again changes
        nothing. Raises as `ask` does."""
        request = {"json": body, "headers": {"idempotency-key": key} if key else {}}
        answer = await self._answered(method, path, request, is_open=False, is_repeatable=True)
        return object_of(answer) if answer.content else {}

    async def token(self) -> str:
        """The access token that requests go with now. Raises NotSignedIn, ApiError, httpx.TransportError."""
        if self._sign_in is None:
            raise NotSignedIn("Nobody is signed in")
        return await self._sign_in.token(self._http)

    async def _answered(
        self, method: str, path: str, request: Json, *, is_open: bool, is_repeatable: bool
    ) -> httpx.Response:
        deadline, tries = time.monotonic() + self.patience_s, 0
        while True:
            tries += 1
            try:
                return await self._once(method, path, request, is_open=is_open)
            except httpx.TransportError as error:
                wait_s, asked_s, why = delay_s(tries), 0.0, f"{type(error).__name__} {error}".strip()
                may_repeat = is_repeatable or isinstance(error, _NEVER_SENT)
            except ApiError as refused:
                if refused.status not in _COME_BACK:
                    raise
                asked_s, why = refused.retry_after_s, str(refused)
                wait_s = delay_s(tries, asked_s)
                may_repeat = is_repeatable or _says_nothing_was_done(refused)
            if not may_repeat:
                raise Unreachable(f"{method} {path}: {why}; nobody knows whether it was done", asked_s)
            if time.monotonic() + wait_s > deadline:
                raise Unreachable(f"{method} {path}: {why}; tried {tries} times", asked_s)
            await asyncio.sleep(wait_s)

    async def _once(self, method: str, path: str, request: Json, *, is_open: bool) -> httpx.Response:
        if is_open:
            answer = await asked(self._http, method, path, **request)
        else:
            answer = await self._signed(method, path, request)
        if not answer.is_success:
            raise problem(answer)
        return answer

    async def _signed(self, method: str, path: str, request: Json) -> httpx.Response:
        token = await self.token()
        answer = await self._asked(method, path, request, token)
        if answer.status_code == httpx.codes.UNAUTHORIZED and self._sign_in is not None and self._sign_in.can_renew:
            token = await self._sign_in.renewed(self._http, token)
            answer = await self._asked(method, path, request, token)
        return answer

    async def _asked(self, method: str, path: str, request: Json, token: str) -> httpx.Response:
        signed = {**request["headers"], "authorization": f"Bearer {token}"}
        return await asked(self._http, method, path, **(request | {"headers": signed}))


def _own_key(body: Any) -> str | None:
    """The id of a message that the caller has chosen is its key, too (docs/clients.md, "Writing")."""
    return body.get("message_id") if isinstance(body, Mapping) else None


def _says_nothing_was_done(refused: ApiError) -> bool:
    """Then also what must not be done twice may be asked again."""
    return refused.status == httpx.codes.TOO_MANY_REQUESTS or refused.code == _OVERLOADED


def _said(answer: httpx.Response) -> Any:
    if not answer.content:
        return None
    kind = answer.headers.get("content-type", "").partition(";")[0]
    return json_of(answer) if kind.endswith("json") else answer.text


async def every(ask: Callable[..., Awaitable[Any]], *arguments: Any, **named: Any) -> AsyncIterator[Any]:
    """All items of a list, page by page: `every(operations.list_messages, conversation_id, limit=100)`.

    A page is asked for when the one before is used up. Raises as `ask` does.
    """
    cursor = named.pop("cursor", None)
    while True:
        page = await ask(*arguments, **named, cursor=cursor)
        for item in page["items"]:
            yield item
        cursor = page.get("next_cursor")
        if cursor is None:
            return


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
