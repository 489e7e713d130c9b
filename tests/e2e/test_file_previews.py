"""A picture from the app to its readers: S3 tells of it, it is measured and drawn, and all of it goes when it is deleted."""

import asyncio
import io
import time
from typing import Any

import httpx
from PIL import Image

from tests.e2e.conftest import Join
from tests.e2e.people import DEADLINE_S, Person, ok


def picture() -> bytes:
    made = io.BytesIO()
    Image.linear_gradient("L").resize((1200, 800)).save(made, "PNG")
    return made.getvalue()


async def measured(person: Person, file_id: str) -> dict[str, Any]:
    deadline = time.monotonic() + DEADLINE_S
    while "image" not in (file := ok(await person.http.get(f"/v1/files/{file_id}"), 200)):
        assert time.monotonic() < deadline, f"not measured: {file}"
        await asyncio.sleep(0.1)
    return dict(file)


async def test_a_picture_gets_a_thumbnail_and_both_go_together(join: Join) -> None:
    ana = await join("ana")
    answer = await ana.http.post("/v1/files", files={"file": ("sea.png", picture(), "image/png")})
    file_id = ok(answer, 201)["file_id"]
    assert (await measured(ana, file_id))["image"] == {"width": 1200, "height": 800}
    signed = ok(await ana.http.get(f"/v1/files/{file_id}/presigned"), 200)
    async with httpx.AsyncClient(timeout=DEADLINE_S) as browser:
        got = await browser.get(signed["thumbnail_url"])
        assert (got.status_code, got.headers["content-type"]) == (200, "image/jpeg")
        assert Image.open(io.BytesIO(got.content)).size == (480, 320)
        assert (await ana.http.delete(f"/v1/files/{file_id}")).status_code == 204
        assert [(await browser.get(signed[name])).status_code for name in ("url", "thumbnail_url")] == [404, 404]
        assert (await ana.http.get(f"/v1/files/{file_id}")).status_code == 404
    page = await ana.http.get(f"/files/{file_id}/token", headers={"Accept": "text/html"})
    assert (page.status_code, page.headers["content-language"]) == (404, "en")
    assert (await ana.http.head(f"/files/{file_id}/token")).status_code == 404
