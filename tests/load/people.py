"""Users and conversations for a load: registered over the API, two by two."""

import asyncio
import secrets
import uuid
from typing import Any

import httpx

_AT_ONCE = 4
"""Each registration hashes a password twice, which takes a processor."""


class Refused(Exception):
    """The API does not let users be made: says what it answered."""


async def people(base_url: str, count: int) -> list[dict[str, Any]]:
    """`count` users (made even), each with a token and the conversation with the next. Raises Refused, httpx.HTTPError."""
    at_once = asyncio.Semaphore(_AT_ONCE)
    async with httpx.AsyncClient(base_url=base_url, timeout=60) as http:

        async def one() -> dict[str, Any]:
            async with at_once:
                return await _join(http)

        joined = await asyncio.gather(*(one() for _ in range(count + count % 2)))
        for first, second in zip(joined[::2], joined[1::2], strict=True):
            body = {"type": "private", "member_ids": [second["user_id"]]}
            made = await _asked(http, "POST", "/v1/conversations", json=body, headers=_signed(first))
            first["conversation_id"] = second["conversation_id"] = made["id"]
    return joined


async def _join(http: httpx.AsyncClient) -> dict[str, Any]:
    name, password = f"load-{uuid.uuid4().hex[:12]}", secrets.token_urlsafe(18)
    body = {"username": name, "email": f"{name}@example.com", "password": password}
    user = await _asked(http, "POST", "/v1/users", json=body)
    tokens = await _asked(http, "POST", "/token", data={"username": name, "password": password})
    return {"user_id": user["id"], "token": tokens["access_token"]}


async def _asked(http: httpx.AsyncClient, method: str, path: str, **request: Any) -> dict[str, Any]:
    """The answer; what is refused for a while (429, 503) is asked again as told, for a minute."""
    for _ in range(60):
        answer = await http.request(method, path, **request)
        if answer.status_code not in (429, 503):
            break
        await asyncio.sleep(min(float(answer.headers.get("retry-after", "1")), 5.0))
    if not answer.is_success:
        raise Refused(f"{method} {path}: {answer.status_code} {answer.text[:300]}")
    return dict(answer.json())


def _signed(person: dict[str, Any]) -> dict[str, str]:
    return {"authorization": f"Bearer {person['token']}"}
