"""An upload in parts through the whole stack: from initiate to a message that shows the file."""

import asyncio
import base64
import hashlib
import time

import httpx

from tests.e2e.conftest import Join
from tests.e2e.people import DEADLINE_S, Person, ok

PART = 5 * 1024 * 1024
BODY = b"text " + bytes(range(256)) * (PART // 200)


async def test_parts_with_checksums_become_a_file_that_others_get(join: Join) -> None:
    ana, bob = await join("ana"), await join("bob")
    slices = {number: BODY[(number - 1) * PART : number * PART] for number in (1, 2)}
    said = {
        "filename": "relatório.bin",
        "size": len(BODY),
        "part_size": PART,
        "part_checksum": "sha256",
        "sha256": hashlib.sha256(BODY).hexdigest(),
    }
    file = ok(await ana.http.post("/v1/files/initiate", json=said), 201)
    sums = {str(number): hashlib.sha256(body).hexdigest() for number, body in slices.items()}
    signed = ok(await ana.http.post(f"/v1/files/{file['file_id']}/parts", json={"sha256": sums}), 200)
    async with httpx.AsyncClient(timeout=60) as s3:
        for part in reversed(signed["parts"]):
            digest = base64.b64decode(part["headers"]["x-amz-checksum-sha256"]).hex()
            assert digest == sums[str(part["number"])]
            sent = await s3.put(part["url"], headers=part["headers"], content=slices[part["number"]])
            assert sent.status_code == 200, sent.text
            if part["number"] == 2:
                shown = ok(await ana.http.get(f"/v1/files/{file['file_id']}"), 200)
                assert (shown["status"], shown["upload"]["arrived"]) == ("pending", [2])
        answer = await ana.http.post("/v1/files/complete", json={"file_id": file["file_id"]}, timeout=30)
        assert answer.status_code in (200, 202), answer.text
        await verified(ana, file["file_id"])
        conversation = await ana.conversation(bob)
        await ana.send(conversation, "here it is", type="file", file_id=file["file_id"])
        address = ok(await bob.http.get(f"/v1/files/{file['file_id']}/presigned"), 200)
        got = await s3.get(address["url"])
    assert (got.status_code, hashlib.sha256(got.content).hexdigest()) == (200, said["sha256"])
    assert "relat%C3%B3rio.bin" in got.headers["content-disposition"]


async def verified(person: Person, file_id: str) -> None:
    """Wait until the file is completed."""
    deadline = time.monotonic() + DEADLINE_S
    while (file := ok(await person.http.get(f"/v1/files/{file_id}"), 200))["status"] != "completed":
        assert file["status"] == "verifying", file
        assert time.monotonic() < deadline, file
        await asyncio.sleep(0.1)
