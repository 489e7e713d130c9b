"""Asking one thing as one caller, and what came of it in the words of the matrix."""

from contextlib import nullcontext
from dataclasses import dataclass, replace
from typing import Any

import httpx
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed, InvalidStatus

from tests.e2e.authorisation.row import NO_TOKEN, Row
from tests.e2e.authorisation.world import Group, World, filled


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of it."""

    words: frozenset[str]
    """All that the matrix may call it."""
    body: Any
    """The answer; of a problem without `instance`, which repeats the path that was asked."""

    def __str__(self) -> str:
        return f"{sorted(self.words)} {str(self.body)[:300]}"


async def ask(world: World, row: Row, caller: str, group: Group, account: str | None = None) -> Outcome:
    """`caller` is one of row.ROLES or NO_TOKEN; `account` stands for the owner's."""
    names = world.named(caller, group) | ({"account": account} if account is not None else {})
    if row.by_newcomer and caller not in ("deleted", *NO_TOKEN):
        newcomer = await world.join("leaving")
        world = replace(world, people=world.people | {caller: newcomer})
    if "{refresh_token}" in str(row.body):
        names["refresh_token"] = (await world.join("new")).refresh_token
    method, _, path = row.operation.partition(" ")
    if method == "ws":
        return await _over_websocket(world, path, caller, filled(row.body or {}, names), group)
    ids = {"id": group.id} | {name: filled(value, names) for name, value in row.ids.items()}
    url = path.format_map(ids) + (f"?{filled(row.query, names)}" if row.query else "")
    body = filled(row.body, names)
    content = {} if body is None else {"data": body} if row.form else {"json": body}
    headers = _authorization(world, caller) | filled(row.headers, names)
    answer = await world.people["owner"].http.request(method, url, headers=headers, **content)
    return _outcome(answer, group)


def _authorization(world: World, caller: str) -> dict[str, str]:
    token = world.tokens[caller] if caller in NO_TOKEN else world.people[caller].token
    # An empty header, because the client would add the owner's.
    return {"authorization": f"Bearer {token}" if token is not None else ""}


def _outcome(answer: httpx.Response, group: Group) -> Outcome:
    is_json = answer.content and "json" in answer.headers.get("content-type", "")
    body = answer.json() if is_json else None
    words = {str(answer.status_code)}
    if isinstance(body, dict):
        body.pop("instance", None)
        if "code" in body:
            words.add(f"{answer.status_code}:{body['code']}")
        if answer.status_code == 200 and "items" in body:
            words.add("shown" if group.id in answer.text else "hidden")
    return Outcome(frozenset(words), body)


async def _over_websocket(world: World, action: str, caller: str, data: dict[str, Any], group: Group) -> Outcome:
    if action == "$connect" or caller in NO_TOKEN:
        return await _connecting(world, caller)
    # What a sync pushes does not say of which it is, so a caller makes one after the other.
    async with world.syncs[caller] if action == "sync" else nullcontext():
        return await _asked(world, action, caller, data, group)


async def _asked(world: World, action: str, caller: str, data: dict[str, Any], group: Group) -> Outcome:
    socket = world.sockets[caller]
    before = len(socket.frames)
    try:
        reply = await socket.request("no such action" if action == "$default" else action, **data)
    except ConnectionClosed as closed:
        return Outcome(frozenset({"closed"}), str(closed))
    if reply["type"] == "error":
        problem = {name: value for name, value in reply["error"].items() if name != "instance"}
        return Outcome(frozenset({str(problem["status"]), f"{problem['status']}:{problem['code']}"}), problem)
    words = {"ack"}
    if action == "sync":
        done = next(f for f in reversed(socket.frames) if f.get("type") == "sync.done")
        pushed = [f for f in socket.frames[before:] if f.get("type") == "sync.message"]
        told = group.id in done["data"]["conversations"]
        assert told == any(f["conversation_id"] == group.id for f in pushed), (done, pushed)
        words.add("shown" if told else "hidden")
    return Outcome(frozenset(words), reply.get("data"))


async def _connecting(world: World, caller: str) -> Outcome:
    token = world.tokens[caller] if caller in NO_TOKEN else world.people[caller].token
    query = f"?token={token}" if token is not None else ""
    try:
        async with connect(f"{world.stack.url('websocket', 'ws')}/{query}"):
            return Outcome(frozenset({"ack"}), None)
    except InvalidStatus as refused:
        return Outcome(frozenset({str(refused.response.status_code)}), None)
