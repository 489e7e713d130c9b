"""What goes wrong on the way of an upload, end to end: a clear answer, nothing half-visible, nothing left for ever."""

import asyncio
import hashlib
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from unittest.mock import patch
from urllib.parse import urlsplit

import httpx
import pytest
from botocore.auth import S3SigV4QueryAuth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

from chat4all_client import Client, FileRejected
from chat4all_client.upload import Upload, Url
from tests.e2e.conftest import Join
from tests.e2e.people import PASSWORD, Person, ok
from tests.e2e.running_stack import RunningStack
from tests.e2e.uploads import bucket

PART = 5 * 1024 * 1024
BODY = b"one " * (PART // 4) + b"two " * (PART // 4) + b"the last is short"
SLICES = {number: BODY[(number - 1) * PART : number * PART] for number in (1, 2, 3)}


def sha256(body: bytes) -> str:
    return hashlib.sha256(body).hexdigest()


async def begun(person: Person) -> tuple[str, dict[int, dict[str, Any]]]:
    """An upload, and the addresses of its parts."""
    said = {"filename": "a.bin", "size": len(BODY), "part_size": PART, "part_checksum": "sha256"}
    file_id = ok(await person.http.post("/v1/files/initiate", json=said), 201)["file_id"]
    sums = {str(number): sha256(body) for number, body in SLICES.items()}
    signed = ok(await person.http.post(f"/v1/files/{file_id}/parts", json={"sha256": sums}), 200)
    return str(file_id), {part["number"]: part for part in signed["parts"]}


async def put(part: dict[str, Any], body: bytes) -> httpx.Response:
    async with httpx.AsyncClient(timeout=60) as s3:
        return await s3.put(part["url"], headers=part["headers"], content=body)


async def arrived(person: Person, file_id: str) -> list[int]:
    return list(ok(await person.http.get(f"/v1/files/{file_id}"), 200)["upload"]["arrived"])


async def checked(person: Person, file_id: str) -> dict[str, Any]:
    """The file when it has been verified."""
    async with asyncio.timeout(60):
        while (file := ok(await person.http.get(f"/v1/files/{file_id}"), 200))["status"] == "verifying":
            await asyncio.sleep(0.1)
    return file


async def test_parts_that_are_wrong_cut_off_doubled_and_out_of_order(
    stack: RunningStack, join: Join, tmp_path: Path
) -> None:
    ana, eve = await join("ana"), await join("eve")
    file_id, parts = await begun(ana)
    await cut_off(parts[2], SLICES[2])
    wrong = await put(parts[1], SLICES[2])
    assert (wrong.status_code, "BadDigest" in wrong.text) == (400, True)
    too_long = await put(parts[3], SLICES[3] + b"!")
    assert too_long.status_code == 403
    assert await arrived(ana, file_id) == []
    for number in (3, 2, 2):
        assert (await put(parts[number], SLICES[number])).status_code == 200
    assert await arrived(ana, file_id) == [2, 3]
    missing = await ana.http.post("/v1/files/complete", json={"file_id": file_id})
    assert (missing.status_code, missing.json()["code"], missing.json()["numbers"]) == (409, "parts_missing", [1])
    pending = await ana.http.get(f"/v1/files/{file_id}/presigned")
    assert (pending.status_code, pending.json()["code"]) == (409, "file_pending")
    assert (await eve.http.get(f"/v1/files/{file_id}")).status_code == 404
    assert (await eve.http.post("/v1/files/complete", json={"file_id": file_id})).status_code == 404
    assert (await put(parts[1], SLICES[1])).status_code == 200
    said = {"file_id": file_id, "sha256": sha256(BODY)}
    answers = await asyncio.gather(*(ana.http.post("/v1/files/complete", json=said) for _ in range(3)))
    assert {answer.status_code for answer in answers} <= {200, 202}, [answer.text for answer in answers]
    assert (await checked(ana, file_id))["status"] == "completed"
    async with Client(stack.url("http"), token=ana.token) as client:
        assert (await client.download(file_id, tmp_path)).read_bytes() == BODY
    assert f"files/{file_id}" not in bucket.unfinished(stack)


async def cut_off(part: dict[str, Any], body: bytes) -> None:
    """The client is gone in the middle of a part."""
    where = urlsplit(part["url"])
    _, writer = await asyncio.open_connection(where.hostname, where.port)
    headers = "".join(f"{name}: {value}\r\n" for name, value in part["headers"].items())
    length = "" if "content-length" in headers.lower() else f"content-length: {len(body)}\r\n"
    writer.write(f"PUT {where.path}?{where.query} HTTP/1.1\r\nhost: {where.netloc}\r\n{headers}{length}\r\n".encode())
    writer.write(body[: len(body) // 2])
    await writer.drain()
    writer.transport.abort()


async def test_other_bytes_than_were_said_fail_and_nothing_is_kept(stack: RunningStack, join: Join) -> None:
    ana = await join("ana")
    file_id, parts = await begun(ana)
    for number, part in parts.items():
        assert (await put(part, SLICES[number])).status_code == 200
    said = {"file_id": file_id, "sha256": sha256(b"other")}
    ok_or_later = await ana.http.post("/v1/files/complete", json=said)
    assert ok_or_later.status_code in (200, 202), ok_or_later.text
    file = await checked(ana, file_id)
    assert (file["status"], file["reason"].partition(":")[0]) == ("failed", "checksum_mismatch")
    async with asyncio.timeout(60):
        while f"files/{file_id}" in bucket.objects(stack):
            await asyncio.sleep(0.1)
    assert bucket.quota_of(stack, ana) == {"user_id": ana.id, "total_bytes": 0, "uploads": 0}


async def test_expired_addresses_are_asked_for_anew(stack: RunningStack, join: Join, tmp_path: Path) -> None:
    """Those of the first call are two hours old; S3 itself refuses them."""
    ana = await join("ana")
    film = tmp_path / "film.bin"
    film.write_bytes(BODY)
    fresh, expired = Upload._urls, []

    async def urls(self: Upload, parts: list[Any]) -> dict[int, Url]:
        signed = await fresh(self, parts)
        if not expired:
            signed = {part.number: old_address(signed[part.number], part.length) for part in parts}
            expired.extend(signed.values())
        return signed

    async with Client(stack.url("http"), username=ana.username, password=PASSWORD) as client:
        with patch.object(Upload, "_urls", urls), patch.dict("os.environ", XDG_STATE_HOME=str(tmp_path / "state")):
            file = await client.upload(film, part_size=PART)
    refused = await put({"url": expired[0].url, "headers": expired[0].headers}, SLICES[1])
    assert (refused.status_code, "expired" in refused.text) == (403, True)
    assert (file["status"], file["sha256"]) == ("completed", sha256(BODY))


def old_address(url: Url, length: int) -> Url:
    """The same, signed two hours ago for one."""
    address, _, query = url.url.partition("?")
    kept = "&".join(pair for pair in query.split("&") if not pair.startswith("X-Amz-"))
    request = AWSRequest("PUT", f"{address}?{kept}", {"content-length": str(length), **url.headers})
    then = (datetime.now(UTC) - timedelta(hours=2)).replace(tzinfo=None)
    with patch("botocore.auth.get_current_datetime", lambda **_: then):
        S3SigV4QueryAuth(Credentials("test", "test"), "s3", "us-east-1", 3600).add_auth(request)
    return Url(str(request.url), url.headers)


async def test_a_type_that_lies_is_told_and_can_be_uploaded_as_what_it_is(
    stack: RunningStack, join: Join, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    ana = await join("ana")
    film = tmp_path / "film.png"
    film.write_bytes(b"%PDF-1.7\n" + b"x" * 1000)
    async with Client(stack.url("http"), username=ana.username, password=PASSWORD) as client:
        with pytest.raises(FileRejected, match="content_type_mismatch"):
            await client.upload(film)
        file = await client.upload(film, content_type="application/pdf", filename="film.pdf")
    assert (file["status"], file["content_type"]) == ("completed", "application/pdf")
