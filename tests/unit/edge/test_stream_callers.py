"""Checks of tokens: one at a time, and one for all who come with the same."""

import asyncio
import threading
from typing import Any

import pytest

from chat4all.access_tokens import Caller
from chat4all.errors import Unauthenticated
from edge.streams.callers import Callers


class Tokens:
    """In the place of AccessTokens: answers when it is let go."""

    def __init__(self) -> None:
        self.checked: list[str] = []
        self.go_on = threading.Event()

    def verify(self, token: str) -> Caller:
        self.checked.append(token)
        assert self.go_on.wait(10)
        if token == "bad":
            raise Unauthenticated("no", code="invalid_token")
        return Caller(token, 0, None)


async def test_a_thousand_streams_with_one_token_are_one_check() -> None:
    tokens: Any = Tokens()
    callers = Callers(lambda: tokens)
    many = [asyncio.create_task(callers.verify("ana")) for _ in range(1_000)]
    bad = [asyncio.create_task(callers.verify("bad")) for _ in range(2)]
    await asyncio.sleep(0)
    many[0].cancel()  # who goes takes nobody along
    tokens.go_on.set()
    assert {caller.user_id for caller in await asyncio.gather(*many[1:])} == {"ana"}
    assert all(isinstance(error, Unauthenticated) for error in await asyncio.gather(*bad, return_exceptions=True))
    assert tokens.checked == ["ana", "bad"]
    with pytest.raises(Unauthenticated):
        await callers.verify("bad")
    assert (await callers.verify("ana")).user_id == "ana"
    assert tokens.checked == ["ana", "bad", "bad", "ana"], "nothing is kept: a session may end at any time"
    callers.stop()
