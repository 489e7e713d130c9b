"""Whose events a stream may read: the product's own check of access tokens, as for WebSockets."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from chat4all.access_tokens import AccessTokens, Caller
from chat4all.unanswered import unavailable


class Callers:
    """Checks one token after the other, in a thread: the check reads tables. Use `stop` at the end.

    Who opens a thousand streams with one token has it checked once, and does not keep others waiting.
    """

    def __init__(self, make_tokens: Callable[[], AccessTokens]) -> None:
        self._make_tokens = make_tokens
        self._tokens: AccessTokens | None = None
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="tokens")
        self._under_way: dict[str, asyncio.Future[Caller]] = {}

    async def verify(self, token: str) -> Caller:
        """Whom `token` stands for, whose session goes on; raises chat4all.errors.Unauthenticated, Unavailable."""
        check = self._under_way.get(token)
        if check is None:
            check = asyncio.get_running_loop().run_in_executor(self._thread, self._verify, token)
            self._under_way[token] = check
            check.add_done_callback(lambda done: self._done(token, done))
        return await asyncio.shield(check)

    def _done(self, token: str, check: "asyncio.Future[Caller]") -> None:
        del self._under_way[token]
        if not check.cancelled():
            check.exception()  # whoever waited for it may be gone

    def _verify(self, token: str) -> Caller:
        if self._tokens is None:
            self._tokens = self._make_tokens()
        try:
            return self._tokens.verify(token)
        except Exception as error:
            not_answered = unavailable(error)
            if not_answered is None:
                raise
            raise not_answered from error

    def stop(self) -> None:
        """Begin no more checks."""
        self._thread.shutdown(wait=False, cancel_futures=True)
