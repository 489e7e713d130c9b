"""A picture from the app to its readers: S3 tells of it, it is measured and drawn, a link shows it, and all of it is deleted."""

import asyncio
import io
import re
import time
from html import unescape
from typing import Any

import boto3
import httpx
from PIL import Image

from tests.e2e.conftest import Join
from tests.e2e.people import DEADLINE_S, Person, ok
from tests.e2e.running_stack import RunningStack


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


def give_token(stack: RunningStack, file_id: str) -> str:
    """As a connector does that has to send a link; the link's path."""
    access = {"region_name": "us-east-1", "aws_access_key_id": "test", "aws_secret_access_key": "test"}
    dynamodb = boto3.client("dynamodb", endpoint_url=stack.url("aws"), **access)
    (table,) = (name for name in dynamodb.list_tables()["TableNames"] if name.endswith("-files"))
    dynamodb.update_item(
        TableName=table,
        Key={"file_id": {"S": file_id}},
        UpdateExpression="SET share_token = :token",
        ExpressionAttributeValues={":token": {"S": "the-token"}},
    )
    return f"/files/{file_id}/the-token"


async def test_a_link_is_a_page_for_browsers_with_a_picture_that_its_policy_lets_in(
    stack: RunningStack, join: Join
) -> None:
    ana, bob = await join("ana"), await join("bob")
    answer = await ana.http.post("/v1/files", files={"file": ("mar 🏖️.png", picture(), "image/png")})
    file_id = ok(answer, 201)["file_id"]
    link = give_token(stack, file_id)
    async with httpx.AsyncClient(base_url=stack.url("http"), timeout=DEADLINE_S) as browser:
        assert (await browser.get(link)).status_code == 404  # no message shows it
        await ana.send(await ana.conversation(bob), "look", type="file", file_id=file_id)
        await measured(ana, file_id)
        asked = {"Accept": "text/html,*/*;q=0.8", "Accept-Language": "pt-BR"}
        page = await browser.get(link, headers=asked)
        assert (page.status_code, page.headers["x-content-type-options"]) == (200, "nosniff")
        assert "<bdi>mar 🏖️.png</bdi>" in page.text
        (picture_url,) = map(unescape, re.findall(r'<img src="([^"]+)"', page.text))
        (allowed,) = re.findall(r"img-src (\S+);", page.headers["content-security-policy"])
        assert picture_url.startswith(f"{allowed}/")
        assert (await browser.get(picture_url)).headers["content-type"] == "image/jpeg"
        saved = await browser.get(f"{link}?download=1", headers=asked, follow_redirects=True)
        assert saved.content == picture()
        assert saved.headers["content-disposition"].startswith("attachment; ")
        head = await browser.head(link, follow_redirects=True)
        assert (head.status_code, int(head.headers["content-length"])) == (200, len(picture()))
