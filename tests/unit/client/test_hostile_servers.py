"""Servers that are not Chat4All's, or not anybody's friend: what they answer costs no more than a message."""

import asyncio
import gzip
import os
import ssl
import sys
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from chat4all_client import SignIn, Tokens, UnexpectedAnswer
from chat4all_client import answers as answers_module
from chat4all_client.api import Api
from chat4all_client.cli.message_lines import line_of
from chat4all_client.download import partial, wanted
from chat4all_client.journal import opened
from chat4all_client.live.wire import HandshakeRefused, dialer
from chat4all_client.operation_table import OPERATIONS
from chat4all_client.problems import problem
from tests.unit.client.wire import FILE_ID, Wire

ESCAPE = "\x1b[2J\x9b31m\r\nme: yes"


class Endless(httpx.AsyncByteStream):
    """A body that does not end."""

    def __init__(self, piece: bytes) -> None:
        self._piece = piece
        self.taken = 0

    async def __aiter__(self) -> AsyncIterator[bytes]:
        while True:
            self.taken += 1
            yield self._piece


def api_of(answer: httpx.Response) -> Api:
    http = httpx.AsyncClient(base_url="http://server", transport=httpx.MockTransport(lambda _: answer))
    return Api(http, SignIn(Tokens("t")), 1.0)


async def test_an_answer_without_an_end_is_not_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(answers_module, "ANSWER_MAX_BYTES", 10_000_000)
    body = Endless(b" " * 1_000_000)
    with pytest.raises(UnexpectedAnswer, match="has more than 9 MiB: is it Chat4All's"):
        await api_of(httpx.Response(200, stream=body)).ask(OPERATIONS["getKeys"])
    assert body.taken == 11


async def test_what_is_packed_counts_unpacked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(answers_module, "ANSWER_MAX_BYTES", 10_000_000)
    packed = httpx.ByteStream(gzip.compress(b" " * 20_000_000))
    with pytest.raises(UnexpectedAnswer):
        await api_of(httpx.Response(200, headers={"content-encoding": "gzip"}, stream=packed)).ask(
            OPERATIONS["getKeys"]
        )
    good = httpx.Response(
        200, headers={"content-encoding": "gzip"}, stream=httpx.ByteStream(gzip.compress(b'{"a": 1}'))
    )
    assert await api_of(good).call("GET", "/") == {"a": 1}
    bad = httpx.Response(200, headers={"content-encoding": "gzip"}, stream=httpx.ByteStream(b"no gzip"))
    with pytest.raises(UnexpectedAnswer, match="cannot be unpacked"):
        await api_of(bad).ask(OPERATIONS["getKeys"])


@pytest.mark.parametrize("text", ["<html>", "[" * 100_000, "[1]", "1"])
async def test_what_is_none_of_ours_is_said_to_be(text: str) -> None:
    with pytest.raises(UnexpectedAnswer, match="is it Chat4All's"):
        await api_of(httpx.Response(200, text=text)).call("GET", "/")


@pytest.mark.parametrize("said", [{}, {"access_token": 1}, [], {"access_token": None}])
async def test_a_sign_in_without_a_token(said: Any) -> None:
    http = httpx.AsyncClient(
        base_url="http://server", transport=httpx.MockTransport(lambda _: httpx.Response(200, json=said))
    )
    with pytest.raises(UnexpectedAnswer, match="access_token"):
        await SignIn(username="ana", password="pw").token(http)


@pytest.mark.parametrize("errors", [5, "x", [1, None], [{"pointer": 5, "detail": None}]])
def test_problems_in_any_form(errors: Any) -> None:
    answer = httpx.Response(400, json={"code": ["a"], "detail": {"b": 1}, "errors": errors})
    found = problem(answer).problem["errors"]
    assert all(isinstance(value, str) for each in found for value in each.values())


async def listening(answer: bytes, heard: list[bytes]) -> asyncio.Server:
    """A server that answers each request so."""

    async def handle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        heard.append(await reader.readuntil(b"\r\n\r\n"))
        writer.write(answer)
        await writer.drain()
        writer.close()

    return await asyncio.start_server(handle, "127.0.0.1", 0)


def port_of(server: asyncio.Server) -> int:
    return int(server.sockets[0].getsockname()[1])


async def test_a_redirect_of_the_websocket_takes_no_token_along() -> None:
    stolen: list[bytes] = []
    async with await listening(b"HTTP/1.1 403 No\r\ncontent-length: 0\r\n\r\n", stolen) as other:
        place = f"ws://127.0.0.1:{port_of(other)}/".encode()
        redirect = b"HTTP/1.1 302 Found\r\nlocation: " + place + b"\r\ncontent-length: 0\r\n\r\n"
        async with await listening(redirect, []) as server:
            with pytest.raises(HandshakeRefused, match="302"):
                await dialer(f"ws://127.0.0.1:{port_of(server)}/", ssl.create_default_context())("secret")
    assert stolen == []


@pytest.mark.parametrize("size", [-5, 2**62, "5", None, 1.5])
async def test_files_of_a_size_that_no_file_has(size: Any) -> None:
    said = {"status": "completed", "size": size, "filename": ESCAPE}
    with pytest.raises(UnexpectedAnswer, match="its size is"):
        await wanted(api_of(httpx.Response(200, json=said)), FILE_ID)


@pytest.fixture
def precious(tmp_path: Path) -> Iterator[Path]:
    """A file of ours, which must stay as it is."""
    kept = tmp_path / "precious"
    kept.write_text("precious")
    yield kept
    assert kept.read_text() == "precious"


async def test_links_that_others_have_put_there_are_not_followed(server: Wire, precious: Path, tmp_path: Path) -> None:
    from chat4all_client import Client

    server.file = {"file_id": FILE_ID, "status": "completed", "size": 5, "sha256": None, "filename": "film"}
    target = tmp_path / "film"
    partial(target).symlink_to(precious)
    async with Client(server.url, token="first") as client:
        with pytest.raises(OSError, match=r"film\.part"):
            await client.download(FILE_ID, target)
    link = tmp_path / "journal"
    link.symlink_to(precious)
    with pytest.raises(OSError, match="journal"), opened(link):
        pass


def test_a_message_of_a_hostile_server_is_one_line_and_moves_no_cursor() -> None:
    file = {"filename": ESCAPE, "file_id": ESCAPE, "status": ESCAPE}
    place = {"latitude": ESCAPE, "longitude": ESCAPE, "name": ESCAPE}
    told = {"sender_id": ESCAPE, "channel": ESCAPE, "status": ESCAPE, "reactions": {ESCAPE: [1]}}
    for content in ({"type": "location", "content": place}, {"type": "file", "content": "", "files": [file]}):
        line = line_of({**told, **content, "created_at": "2026-11-21T04:30:00Z"}, {}, "me", None)
        assert line.isprintable(), repr(line)


async def test_the_command_says_that_it_is_another_server(tmp_path: Path) -> None:
    html = b"HTTP/1.1 200 OK\r\ncontent-type: text/html\r\ncontent-length: 6\r\n\r\n<html>"
    async with await listening(html, []) as server:
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "chat4all_client", "login", "ana", "--url", f"http://127.0.0.1:{port_of(server)}",
            env=os.environ | {
                "PYTHONPATH": os.pathsep.join(path for path in sys.path if path),
                "XDG_CONFIG_HOME": str(tmp_path), "CHAT4ALL_PASSWORD": "pw",
            },
            stdin=asyncio.subprocess.DEVNULL, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE,
        )  # fmt: skip
        out, told = await process.communicate()
    assert (process.returncode, out) == (1, b"")
    assert b"is it the right server?" in told
    assert b"Traceback" not in told
