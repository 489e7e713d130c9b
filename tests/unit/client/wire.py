"""The API and S3 as a client sees them on the wire, with faults when a test wants them. What both truly do: tests/e2e/uploads."""

import asyncio
import base64
import hashlib
import re
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

MIB = 1024 * 1024
PART = MIB
FILE_ID = "01939d5a-0000-7000-8000-00000000000f"

Fault = Callable[[web.Request], web.StreamResponse | None]


def s3_error(status: int, code: str) -> web.Response:
    """As S3 words it."""
    return web.Response(status=status, text=f"<?xml version='1.0'?><Error><Code>{code}</Code></Error>")


def problem(status: int, code: str, **more: Any) -> web.Response:
    """As the API words it."""
    return web.json_response({"code": code, "detail": code, "status": status, **more}, status=status)


@dataclass
class Wire:
    """One user, one file."""

    url: str = ""
    token: str = "first"
    parts: dict[int, bytes] = field(default_factory=dict)
    file: dict[str, Any] = field(default_factory=dict)
    keys: set[str | None] = field(default_factory=set)
    calls: list[str] = field(default_factory=list)
    puts: list[int] = field(default_factory=list)
    ranges: list[str] = field(default_factory=list)
    faults: dict[str, list[Fault | web.Response]] = field(default_factory=dict)
    """By `PUT 3` (a part), `GET`, or path of the API: what the next requests meet, in the place of an answer."""
    gate: asyncio.Event = field(default_factory=asyncio.Event)
    """Parts and ranges wait until it is set."""
    signings: int = 0
    reading: int = 0
    """Bytes of parts that have come, also of those that were broken off."""

    def fail(self, what: str, *faults: Fault | web.Response) -> None:
        self.faults.setdefault(what, []).extend(faults)

    async def _fault(self, what: str, request: web.Request) -> web.StreamResponse | None:
        if not self.faults.get(what):
            return None
        fault = self.faults[what].pop(0)
        if isinstance(fault, web.Response):  # which is good for one request only
            return web.Response(status=fault.status, body=fault.body, content_type=fault.content_type)
        return fault(request)

    async def api(self, request: web.Request) -> web.StreamResponse:
        path = request.path.removeprefix("/v1/files/").replace(FILE_ID, "{id}")
        self.calls.append(f"{request.method} {path}")
        if request.path == "/auth/refresh":
            self.token = "second"
            return web.json_response({"access_token": "second", "refresh_token": "r2"})
        if request.headers.get("authorization") != f"Bearer {self.token}":
            return web.json_response({"message": "Unauthorized"}, status=401)
        fault = await self._fault(path, request)
        if fault is not None:
            return fault
        body = await request.json() if request.can_read_body else {}
        return self._answered(request, path, body)

    def _answered(self, request: web.Request, path: str, body: dict[str, Any]) -> web.StreamResponse:
        if path == "initiate":
            self.keys.add(request.headers.get("idempotency-key"))
            size = body.get("part_size") or PART
            count = -(-body["size"] // size)
            self.file = {**body, "file_id": FILE_ID, "status": "pending", "part_size": size, "part_count": count}
            return web.json_response({**self.file, "parts": []}, status=201)
        if not self.file:
            return problem(404, "not_found")
        if path == "{id}/parts":
            return web.json_response({"parts": [self._signed(n, body["sha256"][str(n)]) for n in body["numbers"]]})
        if path == "complete":
            return self._completed(body)
        if path == "{id}/presigned":
            self.signings += 1
            return web.json_response({"url": f"{self.url}/s3/whole?n={self.signings}"})
        if request.method == "DELETE":
            self.file = {}
            return web.Response(status=204)
        return web.json_response(self.document())

    def document(self) -> dict[str, Any]:
        if self.file["status"] != "pending":
            return self.file
        upload = {name: self.file[name] for name in ("part_size", "part_count", "part_checksum")}
        return self.file | {"upload": upload | {"arrived": sorted(self.parts)}}

    def _signed(self, number: int, sha256: str) -> dict[str, Any]:
        self.signings += 1
        signed = base64.b64encode(bytes.fromhex(sha256)).decode()
        url = f"{self.url}/s3/{number}?n={self.signings}"
        return {"number": number, "url": url, "headers": {"x-amz-checksum-sha256": signed}}

    def _completed(self, body: dict[str, Any]) -> web.StreamResponse:
        missing = sorted(set(range(1, self.file["part_count"] + 1)) - set(self.parts))
        if missing:
            return problem(409, "parts_missing", numbers=missing)
        whole = b"".join(self.parts[number] for number in sorted(self.parts))
        sha256 = hashlib.sha256(whole).hexdigest()
        right = sha256 == body["sha256"]
        self.file |= (
            {"status": "completed", "sha256": sha256}
            if right
            else {"status": "failed", "reason": "checksum_mismatch: no"}
        )
        return web.json_response(self.file)

    async def storage(self, request: web.Request) -> web.StreamResponse:
        if request.method == "GET":
            return await self._ranged(request)
        number = int(request.match_info["number"])
        self.puts.append(number)
        fault = await self._fault(f"PUT {number}", request)
        if fault is not None:
            return fault
        body = b""
        async for piece in request.content.iter_any():
            self.reading += len(piece)
            await self.gate.wait()
            body += piece
        wanted = base64.b64decode(request.headers["x-amz-checksum-sha256"])
        if hashlib.sha256(body).digest() != wanted:
            return s3_error(400, "BadDigest")
        self.parts[number] = body
        return web.Response(headers={"etag": f'"{number}"'})

    async def _ranged(self, request: web.Request) -> web.StreamResponse:
        self.ranges.append(request.headers["range"])
        fault = await self._fault("GET", request)
        if fault is not None:
            return fault
        if request.headers.get("if-match", '"e"') != '"e"':
            return s3_error(412, "PreconditionFailed")
        await self.gate.wait()
        found = re.fullmatch(r"bytes=(\d+)-(\d+)", request.headers["range"])
        assert found
        whole = b"".join(self.parts[number] for number in sorted(self.parts))
        return web.Response(status=206, body=whole[int(found[1]) : int(found[2]) + 1], headers={"etag": '"e"'})


@asynccontextmanager
async def wire() -> AsyncIterator[Wire]:
    """It, listening."""
    served = Wire()
    served.gate.set()
    app = web.Application(client_max_size=1 << 30)
    app.router.add_route("*", "/s3/{number}", served.storage)
    app.router.add_route("*", "/{path:.*}", served.api)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=1)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    served.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
    try:
        yield served
    finally:
        served.gate.set()
        await runner.cleanup()
