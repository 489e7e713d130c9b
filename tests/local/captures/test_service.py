"""Whatever invokes, whatever comes of it, is captured."""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import pytest

from local.application import Application, Function
from local.captures.capture import CaptureSummary
from local.captures.service import CapturingLambdaService
from local.captures.store import CaptureStore
from local.endpoints import Endpoints
from local.lambda_service.errors import FunctionNotFound, InvalidRequestContent, TooManyRequests
from local.lambda_service.settings import LambdaSettings

SOURCE = """\
import time

def handler(event, context):
    if event == "fail":
        raise KeyError("gone")
    if event == "hang":
        time.sleep(60)
    print("said", event)
    return event
"""


def function(folder: Path, name: str, reserved: int | None = None) -> Function:
    arn = f"arn:aws:lambda:us-east-1:000000000000:function:{name}"
    return Function(name, name, arn, "python3.13", "app.handler", folder, (), {}, 1.0, 512, reserved)


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[CaptureStore]:
    store = CaptureStore(tmp_path / "captures.sqlite")
    await store.start()
    yield store
    await store.stop()


@pytest.fixture
async def service(tmp_path: Path, store: CaptureStore) -> AsyncIterator[CapturingLambdaService]:
    (tmp_path / "app.py").write_text(SOURCE)
    functions = {"echo": function(tmp_path, "echo"), "off": function(tmp_path, "off", 0)}
    settings = LambdaSettings(retry_delays_s=(0.0, 0.0))
    application = Application(tmp_path / "template.yaml", functions)
    service = CapturingLambdaService(application, Endpoints(), tmp_path / "logs", settings, captures=store)
    await service.start()
    yield service
    await service.stop()


async def until(store: CaptureStore, enough: Callable[[list[CaptureSummary]], bool]) -> list[CaptureSummary]:
    deadline = time.monotonic() + 30
    while not enough(found := await store.list()):
        assert time.monotonic() < deadline, found
        await asyncio.sleep(0.02)
    return found


async def test_outcomes(service: CapturingLambdaService, store: CaptureStore) -> None:
    for event in (b'"hello"', b'"fail"', b'"hang"'):
        await service.invoke("echo", event)
    with pytest.raises(TooManyRequests):
        await service.invoke("off", b"{}")
    refused: list[Awaitable[object]] = [service.invoke("nobody", b"{}"), service.invoke("echo", b"{")]
    for each in refused:
        with pytest.raises((FunctionNotFound, InvalidRequestContent)):
            await each
    found = list(reversed(await store.list()))
    assert [(one.outcome, one.error_type) for one in found] == [
        ("ok", ""),
        ("error", "KeyError"),
        ("timeout", "Sandbox.Timedout"),
        ("throttled", "TooManyRequestsException"),
    ]
    assert found[0].init_ms is not None
    assert found[1].error_message == "'gone'"
    assert found[2].duration_ms is not None
    assert found[2].duration_ms >= 1000
    capture = await store.get(found[0].request_id)
    assert capture is not None
    assert (capture.event, capture.response) == (b'"hello"', b'"hello"')
    assert capture.log.decode().splitlines()[1] == "said hello"
    counted = store.statistics_of("echo")
    assert (counted.invocations, counted.errors, counted.throttles) == (3, 2, 0)
    assert store.statistics_of("off").throttles == 1
    assert counted.max_ms == found[2].duration_ms


async def test_who_invoked(service: CapturingLambdaService, store: CaptureStore) -> None:
    await service.invoke("echo", b"1")
    await service.by("http").invoke("echo", b"2")
    await service.by("websocket").invoke("echo", b'{"type":"REQUEST","methodArn":"arn"}')
    await service.by("schedule").invoke_event("echo", b"4")
    service.invoke_event("echo", b"5")
    found = await until(store, lambda found: len(found) == 5)
    assert {one.source for one in found} == {"invoke", "http", "authorizer", "schedule", "asynchronous"}


async def test_each_try_of_an_asynchronous_invocation(service: CapturingLambdaService, store: CaptureStore) -> None:
    request_id = service.invoke_event("echo", b'"fail"')
    found = await until(store, lambda found: len(found) == 3)
    assert {one.request_id for one in found} == {request_id}


async def test_a_caller_that_leaves_is_told(service: CapturingLambdaService, store: CaptureStore) -> None:
    await service.invoke("echo", b"1")
    leaving = asyncio.ensure_future(service.invoke("echo", b'"hang"'))
    await asyncio.sleep(0)
    leaving.cancel()
    await asyncio.wait({leaving})
    assert (await store.list(errors=True))[0].outcome == "abandoned"
