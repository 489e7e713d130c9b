"""What is repeated, and what is not: docs/sdk.md."""

from collections.abc import Callable

import httpx
import pytest

from chat4all_client import ApiError, NotSignedIn, SignIn, Tokens, Unreachable, every
from chat4all_client.api import Api
from chat4all_client.operation_table import OPERATIONS
from chat4all_client.operations import Operations

Answer = Callable[[httpx.Request], httpx.Response]
RULE, MESSAGE = {"action": {"drop": True}}, {"conversation_id": "c", "type": "text", "content": "x"}


class Server:
    """Gives these answers, one after the other; the last again and again."""

    def __init__(self, *answers: Answer | httpx.Response) -> None:
        self._answers = list(answers)
        self.asked: list[httpx.Request] = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.asked.append(request)
        answer = self._answers.pop(0) if len(self._answers) > 1 else self._answers[0]
        return answer if isinstance(answer, httpx.Response) else answer(request)

    def api(self, *, patience_s: float = 5.0, token: str | None = "t", refresh: str | None = None) -> Api:
        http = httpx.AsyncClient(base_url="http://server", transport=httpx.MockTransport(self))
        return Api(http, SignIn(Tokens(token, refresh)) if token else None, patience_s)


def lost(request: httpx.Request) -> httpx.Response:
    raise httpx.ReadError("the connection broke", request=request)


def nobody(request: httpx.Request) -> httpx.Response:
    raise httpx.ConnectError("refused", request=request)


def ok(document: object) -> httpx.Response:
    return httpx.Response(200, json=document)


def refused(status: int, code: str, **headers: str) -> httpx.Response:
    return httpx.Response(status, json={"status": status, "code": code, "detail": code}, headers=headers)


async def test_what_has_a_key_is_repeated_with_the_same_one() -> None:
    server = Server(lost, refused(503, "unavailable"), ok({"seq": 1}))
    assert (await Operations(server.api()).send_message({**MESSAGE}))["seq"] == 1  # type: ignore[typeddict-item]
    keys = {request.headers["idempotency-key"] for request in server.asked}
    assert (len(server.asked), len(keys)) == (3, 1)


async def test_the_id_of_a_message_is_its_key() -> None:
    server = Server(ok({"seq": 1}))
    await server.api().ask(OPERATIONS["sendMessage"], body=MESSAGE | {"message_id": "m"})
    assert server.asked[0].headers["idempotency-key"] == "m"


async def test_what_may_have_been_done_is_not_asked_again() -> None:
    for answer in (lost, refused(500, "internal"), refused(503, "unavailable")):
        server = Server(answer)
        with pytest.raises(Unreachable, match="nobody knows whether it was done"):
            await server.api().ask(OPERATIONS["createRoutingRule"], body=RULE)
        assert len(server.asked) == 1


@pytest.mark.parametrize("first", [nobody, refused(429, "rate_limited"), refused(503, "overloaded")])
async def test_what_was_not_done_is_asked_again(first: Answer | httpx.Response) -> None:
    server = Server(first, ok({"id": "r"}))
    assert await server.api().ask(OPERATIONS["createRoutingRule"], body=RULE) == {"id": "r"}


async def test_a_refusal_is_told_at_once_with_its_code() -> None:
    server = Server(refused(409, "conflict"))
    with pytest.raises(ApiError) as found:
        await server.api().ask(OPERATIONS["getMe"])
    assert (found.value.status, found.value.code, len(server.asked)) == (409, "conflict", 1)


async def test_patience_ends_and_never_before_retry_after() -> None:
    server = Server(refused(503, "unavailable", **{"retry-after": "60"}))
    with pytest.raises(Unreachable) as found:
        await server.api(patience_s=1).ask(OPERATIONS["getMe"])
    assert (found.value.retry_after_s, len(server.asked)) == (60.0, 1)


async def test_a_token_is_renewed_once_and_what_is_open_needs_none() -> None:
    tokens = ok({"access_token": "new", "refresh_token": "r2"})
    server = Server(refused(401, "unauthenticated"), tokens, ok({"id": "me"}))
    assert (await server.api(refresh="r").ask(OPERATIONS["getMe"]))["id"] == "me"
    assert [request.url.path for request in server.asked] == ["/v1/users/me", "/auth/refresh", "/v1/users/me"]
    open_to_all = Server(ok({"status": "alive"}))
    assert (await open_to_all.api(token=None).ask(OPERATIONS["getHealth"]))["status"] == "alive"
    assert "authorization" not in open_to_all.asked[0].headers
    with pytest.raises(NotSignedIn):
        await open_to_all.api(token=None).ask(OPERATIONS["getMe"])


async def test_all_pages_of_a_list() -> None:
    server = Server(
        ok({"items": [1, 2], "next_cursor": "a"}), ok({"items": [], "next_cursor": "b"}), ok({"items": [3]})
    )
    found = [each async for each in every(Operations(server.api()).list_messages, "c/1", limit=2)]
    assert found == [1, 2, 3]
    urls = [request.url.raw_path.decode() for request in server.asked]
    assert urls == [
        "/v1/conversations/c%2F1/messages?limit=2",
        "/v1/conversations/c%2F1/messages?limit=2&cursor=a",
        "/v1/conversations/c%2F1/messages?limit=2&cursor=b",
    ]


async def test_forms_empty_answers_and_lists_in_queries() -> None:
    server = Server(ok({"access_token": "t"}), httpx.Response(204), ok({"items": []}))
    await server.api(token=None).ask(OPERATIONS["createToken"], body={"username": "ana", "password": "x"})
    assert server.asked[0].content == b"username=ana&password=x"
    assert await server.api().ask(OPERATIONS["deleteConversation"], ("c",)) is None
    await Operations(server.api()).find_users(ids=["a", "b"])
    assert server.asked[2].url.params["ids"] == "a,b"
