"""The upload page on the whole stack: gateway, policy, CORS of the addresses, verification over Kafka.

What else it does: tests/contract/upload_page."""

import random
from pathlib import Path
from uuid import uuid4

import httpx

from tests.contract.upload_page.visitor import PASSWORD, Visitor
from tests.e2e.running_stack import RunningStack
from tests.local.console.browser import Browser

SIZE = 6_000_000


def test_a_file_goes_from_the_page_to_s3_and_comes_back(stack: RunningStack, tmp_path: Path) -> None:
    file, name = tmp_path / "Fotos de férias.bin", f"ana-{uuid4().hex[:8]}"
    file.write_bytes(random.Random(1).randbytes(SIZE))
    person = {"username": name, "email": f"{name}@example.com", "password": PASSWORD}
    httpx.post(f"{stack.url('http')}/v1/users", json=person, timeout=60).raise_for_status()
    (tmp_path / "browser").mkdir()
    browser = Browser(tmp_path / "browser")
    try:
        with browser.open("about:blank") as page:
            visitor = Visitor(page, stack.url("http"), name)
            visitor.arrive()
            visitor.choose(file)
            file_id = visitor.file_id(file.name)
            visitor.sees(file.name, "6 MB · Uploaded and checked")
            with visitor.api() as api:
                url = api.get(f"/v1/files/{file_id}/presigned").json()["url"]
            assert page.problems == []
    finally:
        browser.close()
    assert httpx.get(url, timeout=60).content == file.read_bytes()
