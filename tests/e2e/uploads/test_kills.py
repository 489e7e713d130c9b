"""kill -9 of client, functions, stack and engine at points of an upload: it is gone on with each time, and nothing is left."""

import asyncio
import hashlib
import os
import signal
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from chat4all_client import Client
from tests.e2e.people import PASSWORD, Person
from tests.e2e.running_stack import RunningStack
from tests.e2e.uploads import bucket
from tests.e2e.uploads.sender import PARTS, Sender, film

POINTS = {"begun": 0, "a part": 1, "half": PARTS // 2, "all but one": PARTS - 1, "put together": PARTS + 1}
"""How many parts have arrived, at least."""
STEPS = (
    ("UploadsFunction", "uploads:Uploads._started:before"),  # an item of which S3 knows nothing
    ("UploadsFunction", "upload_bucket:UploadBucket.create:after"),  # an upload of which no item knows
    ("UploadsFunction", "uploads:Uploads.sign:after"),
    ("UploadsFunction", "upload_bucket:UploadBucket.complete:before"),
    ("UploadsFunction", "upload_bucket:UploadBucket.complete:after"),  # an object, and an item that is pending
    ("UploadsFunction", "upload_completion:request_check:before"),  # to be verified, and nobody was asked
    ("FileCheckFunction", "checked_bytes:CheckedBytes.advance:before"),
    ("FileCheckFunction", "file_check:FileCheck._settle:before"),
    ("FileCheckFunction", "file_check:FileCheck._tell:before"),  # settled, and nobody was told
)
SLOW = {"target": "engine", "name": "s3", "kind": "latency", "seconds": 0.3}
"""So that there is something between one part and the next."""


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningStack]:
    """One of its own, which is killed."""
    running = RunningStack(tmp_path_factory.mktemp("uploads") / "data").start()
    if not running.engine("dynamodb")["product"].startswith("dynoxide"):
        running.stop()
        pytest.skip("MiniStack loses its tables when it is killed: there is no Rust to build dynoxide with")
    yield running
    running.stop()


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return film(tmp_path_factory.mktemp("film"))


@pytest.fixture
async def ana(stack: RunningStack) -> AsyncIterator[Person]:
    person = await Person.join(stack.url("http"), stack.url("websocket", "ws"))
    yield person
    await person.http.aclose()


@pytest.fixture
def sender(stack: RunningStack, ana: Person, whole: Path, tmp_path: Path) -> Sender:
    return Sender(stack.url("http"), ana, whole, tmp_path / "state")


@asynccontextmanager
async def slow(stack: RunningStack) -> AsyncIterator[None]:
    await stack.command("fault.add", **SLOW)
    try:
        yield
    finally:
        await stack.command("fault.clear")


async def check(stack: RunningStack, sender: Sender, folder: Path) -> None:
    """The upload comes to its end; what others get is what was sent, and nothing else is left anywhere."""
    file = await sender.ended()
    digest = hashlib.sha256(sender.file.read_bytes()).hexdigest()
    assert (file["event"], file["status"], file["sha256"]) == ("completed", "completed", digest)
    async with Client(sender.url, username=sender.person.username, password=PASSWORD) as client:
        copy = await client.download(file["file_id"], folder / "copy")
    assert hashlib.sha256(copy.read_bytes()).hexdigest() == digest
    (item,) = bucket.items_of(stack, sender.person)
    assert (item["file_id"], item["status"]) == (file["file_id"], "completed")
    assert bucket.unfinished(stack) == []
    assert bucket.quota_of(stack, sender.person) == {
        "user_id": sender.person.id, "total_bytes": sender.file.stat().st_size, "uploads": 0,
    }  # fmt: skip
    assert list((sender.state / "chat4all/uploads").iterdir()) == []


@pytest.mark.parametrize("point", POINTS)
async def test_the_client(stack: RunningStack, sender: Sender, tmp_path: Path, point: str) -> None:
    async with slow(stack):
        await sender.start()
        await sender.reaches(POINTS[point])
        await sender.kill()
    await sender.start()
    await check(stack, sender, tmp_path)


async def test_the_functions_at_each_step(stack: RunningStack, sender: Sender, tmp_path: Path) -> None:
    for name, step in STEPS:
        rule = {"target": "function", "name": name, "kind": "kill", "at": f"chat4all.{step}", "count": 1}
        await stack.command("fault.add", **rule)
    await sender.start()
    await check(stack, sender, tmp_path)
    async with asyncio.timeout(60):  # what is done after the file is settled
        while left := await stack.command("fault.list"):
            assert left
            await asyncio.sleep(0.1)


@pytest.mark.parametrize("point", POINTS)
async def test_the_engine(stack: RunningStack, sender: Sender, tmp_path: Path, point: str) -> None:
    engine = stack.engine("s3")["pid"]
    async with slow(stack):
        await sender.start()
        await sender.reaches(POINTS[point])
        os.kill(engine, signal.SIGKILL)
    await check(stack, sender, tmp_path)


@pytest.mark.parametrize("point", POINTS)
async def test_the_stack(stack: RunningStack, sender: Sender, tmp_path: Path, point: str) -> None:
    await stack.command("fault.add", **SLOW)
    await sender.start()
    await sender.reaches(POINTS[point])
    stack.kill()
    await asyncio.to_thread(stack.start)
    await check(stack, sender, tmp_path)
