"""A browser before the upload page of a deployment in this process."""

import random
from collections.abc import Callable, Iterator
from pathlib import Path

import boto3
import httpx
import pytest

from chat4all.bootstrap import App
from chat4all.file_bucket import FileBucket
from local.provisioning.buckets import cors_rule
from tests.contract.messaging import new_user
from tests.contract.upload_page.gateway import Gateway, running, tab_alone
from tests.contract.upload_page.visitor import PASSWORD, Visitor
from tests.contract.upload_world import UploadWorld
from tests.local.console.browser import Browser, Page
from tests.template_file import template

MakeFile = Callable[..., Path]


@pytest.fixture(scope="package")
def modules(browser: Browser, credentials: None) -> Iterator[Page]:
    with tab_alone(browser, "/upload") as page:
        yield page


@pytest.fixture
def world(deployed: App, files_bucket: str, monkeypatch: pytest.MonkeyPatch) -> UploadWorld:
    rules = template()["Resources"]["FilesBucket"]["Properties"]["CorsConfiguration"]["CorsRules"]
    allowed = [cors_rule(rule | {"AllowedOrigins": ["*"]}) for rule in rules]
    boto3.client("s3").put_bucket_cors(Bucket=files_bucket, CORSConfiguration={"CORSRules": allowed})
    world = UploadWorld(deployed, FileBucket(files_bucket))
    world.set(sends_per_second=1000.0, send_burst=1000)
    return world


@pytest.fixture
def gateway(world: UploadWorld) -> Iterator[Gateway]:
    with running() as gateway:
        yield gateway


@pytest.fixture
def visitor(gateway: Gateway, browser: Browser) -> Iterator[Visitor]:
    """Somebody who has just signed in. What the page logs as an error fails the test, unless it is forgiven."""
    name = f"ana-{new_user()[-8:]}"
    person = {"username": name, "email": f"{name}@example.com", "password": PASSWORD}
    httpx.post(f"{gateway.url}/v1/users", json=person, timeout=60).raise_for_status()
    with browser.open("about:blank") as page:
        visitor = Visitor(page, gateway.url, name)
        visitor.arrive()
        yield visitor
        assert page.problems == []
        page.close()


@pytest.fixture
def make_file(tmp_path: Path) -> MakeFile:
    """Makes files of random bytes."""

    def make(name: str, size: int, seed: int = 1) -> Path:
        path = tmp_path / name
        path.write_bytes(random.Random(seed).randbytes(size))
        return path

    return make
