"""The pages in the bucket of a distribution, on a real S3 engine: as the function answers them, and again after a deployment."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import boto3
import pytest

from chat4all.http.static_files import StaticFiles
from chat4all.web_pages import WebPages
from infra.deploy.pages import SITE, publish

pytestmark = pytest.mark.engines
BUCKET = "contract-pages"
OUTPUTS = {
    "PagesUrl": "https://chat.example.com",
    "WebSocketApiUrl": "wss://sockets.example.com/live",
    "PublicUrl": "https://api.example.com",
    "SignInProviders": ",github",
}
SETTINGS = (
    '{"api_url":"https://chat.example.com","websocket_url":"wss://sockets.example.com/live",'
    '"sign_in":{"github":"https://api.example.com/auth/github/login"}}'
)


@pytest.fixture
def s3(files_bucket: str) -> Iterator[Any]:
    client = boto3.client("s3")
    client.create_bucket(Bucket=BUCKET)
    yield client
    for key in _keys(client):
        client.delete_object(Bucket=BUCKET, Key=key)
    client.delete_bucket(Bucket=BUCKET)


@pytest.fixture
def site(tmp_path: Path) -> Path:
    """A small one."""
    for name, text in {
        "chat.html": "{version}",
        "upload.html": "{version}",
        "chat/main.js": "1",
        "notes.txt": "no",
    }.items():
        path = tmp_path / "site" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return tmp_path / "site"


def _keys(s3: Any) -> set[str]:
    return {
        each["Key"]
        for page in s3.get_paginator("list_objects_v2").paginate(Bucket=BUCKET)
        for each in page.get("Contents", [])
    }


def test_every_path_is_answered_as_the_function_answers_it(s3: Any) -> None:
    pages, site = WebPages(SITE, lambda: "https://s3.example.com", OUTPUTS["WebSocketApiUrl"]), StaticFiles(SITE)
    count = publish(s3, BUCKET, site, OUTPUTS, datetime.now(UTC))
    keys = _keys(s3)
    assert len(keys) == count
    assert {"chat", "upload", "pages/settings.json", f"pages/{site.version}/chat4all/digest_worker.js"} <= keys
    for key in keys - {"pages/settings.json"}:
        found = s3.get_object(Bucket=BUCKET, Key=key)
        answer = pages.answer("GET", f"{key}.html" if "/" not in key else key.removeprefix("pages/"), {})
        assert (found["ContentType"], found["CacheControl"]) == (
            answer.content_type,
            answer.headers["Cache-Control"],
        ), key
        assert found["Body"].read() == answer.body, key


def test_pages_are_told_what_the_stack_is(s3: Any, site: Path) -> None:
    publish(s3, BUCKET, StaticFiles(site), OUTPUTS, datetime.now(UTC))
    found = s3.get_object(Bucket=BUCKET, Key="pages/settings.json")
    assert (found["ContentType"], found["CacheControl"]) == ("application/json", "no-cache")
    assert found["Body"].read().decode() == SETTINGS


def test_tabs_that_were_open_before_a_deployment_find_their_files_for_a_month(s3: Any, site: Path) -> None:
    before = StaticFiles(site)
    publish(s3, BUCKET, before, OUTPUTS, datetime.now(UTC))
    (site / "chat/main.js").write_text("2")
    after = StaticFiles(site)
    publish(s3, BUCKET, after, OUTPUTS, datetime.now(UTC) + timedelta(days=29))
    kept = {"chat", "upload", "pages/settings.json", f"pages/{after.version}/chat/main.js"}
    assert _keys(s3) == kept | {f"pages/{before.version}/chat/main.js"}
    assert s3.get_object(Bucket=BUCKET, Key="chat")["Body"].read() == after.version.encode()
    publish(s3, BUCKET, after, OUTPUTS, datetime.now(UTC) + timedelta(days=31))
    assert _keys(s3) == kept


def test_a_page_is_put_after_all_that_it_loads(s3: Any, site: Path) -> None:
    """A deployment that is broken off leaves the pages of before whole."""
    put: list[str] = []
    s3.meta.events.register("before-call.s3.PutObject", lambda params, **_: put.append(params["url_path"]))
    publish(s3, BUCKET, StaticFiles(site), OUTPUTS, datetime.now(UTC))
    assert [each.rpartition("/")[2] for each in put][-2:] == ["chat", "upload"], put
