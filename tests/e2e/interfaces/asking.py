"""One way in for each interface: an operation of the contract by its id, asked as the integrators of that interface ask it."""

import asyncio
import json
import os
import sys
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, Protocol

import grpc
from google.protobuf.json_format import MessageToDict, ParseDict
from google.rpc import error_details_pb2
from grpc_status import rpc_status

from chat4all_client import ApiError, Client, Settings, SignIn, Tokens
from chat4all_client.live.wire import Wire, dialer
from chat4all_client.operation_table import OPERATIONS
from edge import contract
from tests.e2e.people import PASSWORD, Person

Json = dict[str, Any]
CLIENT = Path(__file__).resolve().parents[3] / "clients/python"


class Refused(Exception):
    """An operation was refused with this code."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class Interface(Protocol):
    """What one person asks with."""

    async def ask(self, operation_id: str, *path: str, body: Json | None = None, query: Json | None = None) -> Any:
        """The document of the answer; raises Refused."""
        ...


class OverHttp:
    """The Python client's own way."""

    def __init__(self, person: Person) -> None:
        self._person = person

    async def ask(self, operation_id: str, *path: str, body: Json | None = None, query: Json | None = None) -> Any:
        sign_in = SignIn(Tokens(self._person.token))
        url, settings = str(self._person.http.base_url), Settings(patience_s=60)
        async with Client(url, sign_in=sign_in, settings=settings) as client:
            try:
                return await client.api.ask(OPERATIONS[operation_id], path, query, body)
            except ApiError as error:
                raise Refused(error.code) from error


class OverWebSocket(OverHttp):
    """What has an action over a WebSocket goes there, the rest over HTTP."""

    def __init__(self, person: Person, wire: Wire) -> None:
        super().__init__(person)
        self._wire = wire
        self._count = 0

    async def ask(self, operation_id: str, *path: str, body: Json | None = None, query: Json | None = None) -> Any:
        if operation_id not in _ACTIONS:
            return await super().ask(operation_id, *path, body=body, query=query)
        action, names = _ACTIONS[operation_id]
        return await self._requested(action, dict(zip(names, path, strict=True)) | (body or {}))

    async def _requested(self, action: str, data: Json) -> Any:
        self._count += 1
        request_id = f"r{self._count}"
        await self._wire.send(json.dumps({"action": action, "id": request_id, "data": data}))
        while True:
            said = json.loads(await self._wire.receive())
            for frame in said if isinstance(said, list) else [said]:
                if frame.get("id") == request_id:
                    if frame["type"] == "error":
                        raise Refused(frame["error"]["code"])
                    return frame["data"]


_ACTIONS: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "sendMessage": ("send", ()),
    "editMessage": ("edit", ("message_id",)),
    "unsendMessage": ("delete", ("message_id",)),
    "addReaction": ("react", ("message_id", "emoji")),
    "recordReceipt": ("receipt", ("conversation_id",)),
    "sendTyping": ("typing", ("conversation_id",)),
}
"""Action of each operation, and where the values of its path stand in its data."""


class OverGrpc:
    """Each operation is a method of `chat4all.v1`."""

    def __init__(self, person: Person, channel: grpc.aio.Channel) -> None:
        self._person = person
        self._channel = channel

    async def ask(self, operation_id: str, *path: str, body: Json | None = None, query: Json | None = None) -> Any:
        name = operation_id[0].upper() + operation_id[1:]
        method = next(one for one in contract.methods() if one.name == name and one.rule is not None)
        assert method.rule is not None
        fields = dict(zip(method.rule.variables, path, strict=True)) | (query or {}) | (body or {})
        call = self._channel.unary_unary(
            method.path,
            request_serializer=lambda message: message.SerializeToString(),
            response_deserializer=method.response.FromString,
        )
        metadata = [("authorization", f"Bearer {self._person.token}")]
        try:
            answer = await call(ParseDict(fields, method.request()), metadata=metadata, timeout=60)
        except grpc.aio.AioRpcError as error:
            raise Refused(_reason(error)) from error
        document = MessageToDict(answer, preserving_proto_field_name=True)
        return document[method.rule.answer_field] if method.rule.answer_field else document


def _reason(error: grpc.aio.AioRpcError) -> str:
    status = rpc_status.from_call(error)
    for detail in status.details if status is not None else ():
        info = error_details_pb2.ErrorInfo()
        if detail.Unpack(info):
            return str(info.reason)
    return str(error.code())


class OverCommand:
    """`chat4all … --json`, by its nouns, a process each."""

    def __init__(self, person: Person, folder: Path) -> None:
        self._person = person
        self._folder = folder

    async def ask(self, operation_id: str, *path: str, body: Json | None = None, query: Json | None = None) -> Any:
        words = _words(operation_id, path, body or {}, query or {})
        is_list = operation_id.startswith("list")
        code, out, told = await self._ran(*words, "--json")
        if code:
            raise Refused(json.loads(told.splitlines()[-1])["code"])
        lines = [json.loads(line) for line in out.splitlines()]
        return {"items": lines} if is_list else lines[0]

    async def sign_in(self) -> None:
        """`chat4all login`."""
        code, _, told = await self._ran("login", self._person.username, "--password-stdin", given=f"{PASSWORD}\n")
        assert code == 0, told

    async def _ran(self, *words: str, given: str = "") -> tuple[int | None, str, str]:
        folders = {f"XDG_{name}_HOME": str(self._folder / name) for name in ("CONFIG", "STATE")}
        variables = os.environ | folders | {"CHAT4ALL_URL": str(self._person.http.base_url), "PYTHONPATH": str(CLIENT)}
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "chat4all_client", *words, env=variables,
            stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE,
        )  # fmt: skip
        out, told = await process.communicate(given.encode())
        return process.returncode, out.decode(), told.decode()


def _words(operation_id: str, path: Sequence[str], body: Json, query: Json) -> list[str]:
    """The command that asks an operation; every option is one that people would write."""
    options = {
        "recordReceipt": [("--read", body.get("read_seq"))],
        "editMessage": [("--revision", body.get("revision"))],
        "listMessages": [("--after", query.get("after_seq"))],
        "addMember": [("--role", body.get("role"))],
        "sendMessage": [("--reply-to", body.get("reply_to")), ("--message-id", body.get("message_id"))],
    }.get(operation_id, [])
    flags = [word for flag, value in options if value is not None for word in (flag, str(value))]
    commands: Mapping[str, list[str]] = {
        "getMe": ["whoami"],
        "createConversation": ["conversations", "create", *body.get("member_ids", ()), "--type", str(body.get("type"))],
        "getConversation": ["conversations", "show", *path],
        "listMembers": ["conversations", "members", "list", *path],
        "addMember": ["conversations", "members", "add", *path, str(body.get("user_id"))],
        "removeMember": ["conversations", "members", "remove", *path, "--yes"],
        "sendMessage": ["send", str(body.get("conversation_id")), str(body.get("content"))],
        "listMessages": ["history", *path],
        "getMessageStatus": ["status", *path],
        "editMessage": ["messages", "edit", *path, str(body.get("content"))],
        "unsendMessage": ["messages", "unsend", *path, "--yes"],
        "addReaction": ["messages", "react", *path],
        "recordReceipt": ["conversations", "receipt", *path],
        "createWebhook": ["webhooks", "create", str(body.get("url")), *_events(body)],
        "listWebhooks": ["webhooks", "list"],
        "deleteWebhook": ["webhooks", "delete", *path, "--yes"],
    }
    return commands[operation_id] + flags


def _events(body: Json) -> list[str]:
    return [word for event in body.get("events", ()) for word in ("--event", event)]


@asynccontextmanager
async def over_websocket(person: Person) -> AsyncIterator[OverWebSocket]:
    """With a connection that is open."""
    wire = await dialer(person.websocket_url, Settings().tls)(person.token)
    try:
        yield OverWebSocket(person, wire)
    finally:
        await wire.close()
