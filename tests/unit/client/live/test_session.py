"""What an answer of the HTTP API says of what was asked, and of the session."""

import httpx
import pytest

from chat4all_client import ApiError, SignIn, Tokens, Unreachable
from chat4all_client.live import SignedOut
from chat4all_client.live.session import HttpSession


def session(answer: httpx.Response, *, refresh_token: str | None = None) -> HttpSession:
    """One whose server answers everything with `answer`."""
    http = httpx.AsyncClient(base_url="http://api", transport=httpx.MockTransport(lambda _: answer))
    return HttpSession(http, SignIn(Tokens("a.b.c", refresh_token)))


@pytest.mark.parametrize(
    ("answer", "raised"),
    [
        (httpx.Response(404, json={"status": 404, "code": "not_found", "detail": "No such message"}), ApiError),
        (httpx.Response(400, json={"status": 400, "code": "invalid", "detail": "…"}), ApiError),
        (httpx.Response(413, json={"message": "Request Entity Too Large"}), ApiError),
        (httpx.Response(400, text="400 Bad Request"), Unreachable),
        (httpx.Response(404, json={"message": "Not Found"}), Unreachable),
        (httpx.Response(503, headers={"retry-after": "7"}), Unreachable),
        (httpx.Response(401, json={"message": "Unauthorized"}), SignedOut),
    ],
)
async def test_only_a_problem_of_the_api_is_a_refusal(answer: httpx.Response, raised: type[Exception]) -> None:
    asked = session(answer)
    with pytest.raises(raised) as told:
        await asked.call("POST", "/v1/messages", {})
    assert getattr(told.value, "retry_after_s", 0) == float(answer.headers.get("retry-after", 0))
    await asked.close()


async def test_a_session_that_cannot_be_renewed_is_over() -> None:
    without = session(httpx.Response(500))
    with pytest.raises(SignedOut, match="nothing to get another one with"):
        await without.renewed("a.b.c")
    refused = session(httpx.Response(401, json={"status": 401, "code": "invalid_grant"}), refresh_token="r")
    with pytest.raises(SignedOut):
        await refused.renewed("a.b.c")
    busy = session(httpx.Response(503), refresh_token="r")
    with pytest.raises(Unreachable):
        await busy.renewed("a.b.c")
    for one in (without, refused, busy):
        await one.close()
