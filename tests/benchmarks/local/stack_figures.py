"""Figures of our own stack that no other tool has: WebSocket, Kafka, reload, init, memory and processor time when idle."""

import asyncio
import http.client
import json
import re
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median
from typing import Any

import boto3
import psutil
from kafka import KafkaProducer
from kafka.admin import KafkaAdminClient, NewTopic
from websockets.asyncio.client import connect

from local.status import read_status
from tests.benchmarks.soak.sampling import Held, groups, held_by
from tests.e2e.running_stack import ROOT, RunningStack

RELOAD_LIMIT_S = 20.0
_REPORT = re.compile(r"\tDuration: ([\d.]+) ms.*?(?:Init Duration: ([\d.]+) ms)?\s*$")
_LATENCY = re.compile(r"latency ([\d.]+)")


def log_of(stack: RunningStack, function: str) -> list[str]:
    """Lines of a function's log, by its logical id."""
    (file,) = (stack.data / "logs/functions").glob(f"*{function}.log")
    return file.read_text().splitlines()


def durations_ms(stack: RunningStack, function: str) -> tuple[list[float], list[float]]:
    """Sorted: Duration and Init Duration of each REPORT line."""
    reports = [_REPORT.search(line) for line in log_of(stack, function) if "REPORT RequestId" in line]
    found = [report for report in reports if report]
    return sorted(float(report[1]) for report in found), sorted(float(report[2]) for report in found if report[2])


async def websocket_ms(stack: RunningStack, messages: int) -> list[float]:
    """Sorted milliseconds from a frame to the function's answer."""
    taken = []
    async with connect(stack.url("websocket", "ws"), compression=None) as socket:
        for number in range(messages + 20):
            begun = time.perf_counter()
            await socket.send(str(number))
            assert await socket.recv() == str(number)
            taken.append((time.perf_counter() - begun) * 1000)
    return sorted(taken[20:])


def kafka_ms(stack: RunningStack, records: int) -> list[float]:
    """Sorted milliseconds from producing a record (20 a second) to its function."""
    servers = f"127.0.0.1:{stack.endpoints['kafka_port']}"
    admin = KafkaAdminClient(bootstrap_servers=servers)
    admin.create_topics([NewTopic("bench", num_partitions=1, replication_factor=1)])
    admin.close()
    producer = KafkaProducer(bootstrap_servers=servers, linger_ms=0)
    for _ in range(records + 10):
        producer.send("bench", value=str(time.time()).encode()).get(timeout=30)
        time.sleep(0.05)
    producer.close()
    deadline = time.monotonic() + 30
    while True:
        found = [float(match[1]) * 1000 for line in log_of(stack, "Records") if (match := _LATENCY.search(line))]
        if len(found) >= records + 10 or time.monotonic() > deadline:
            return sorted(found[10:])
        time.sleep(0.1)


class Http:
    """One connection that is kept."""

    def __init__(self, stack: RunningStack) -> None:
        self._connection = http.client.HTTPConnection("127.0.0.1", int(stack.endpoints["http_port"]), timeout=30)

    def get(self, path: str = "/hello") -> tuple[int, str]:
        self._connection.request("GET", path)
        answer = self._connection.getresponse()
        return answer.status, answer.read().decode()


def seconds_until(holds: Callable[[], bool]) -> float:
    """From now until it holds; asked again and again."""
    begun = time.perf_counter()
    while not holds():
        assert time.perf_counter() - begun < RELOAD_LIMIT_S, "the change is not live"
        time.sleep(0.01)
    return time.perf_counter() - begun


def reload_seconds(stack: RunningStack, application: Path, times: int) -> dict[str, list[float]]:
    """Seconds from saving a file to the first answer of the new code, for a handler, and a layer that handlers import."""
    handler, package = application / "functions/hello/app.py", application / "layer/python/package.py"
    source, client = handler.read_text(), Http(stack)
    taken: dict[str, list[float]] = {"handler": [], "layer": []}
    for number in range(times):
        handler.write_text(source.replace('"say"', f'"say{number}"'))
        taken["handler"].append(seconds_until(lambda: f"say{number}" in client.get()[1]))  # noqa: B023
        package.write_text(f'WORD = "word{number}"\n')
        taken["layer"].append(seconds_until(lambda: f"word{number}" in client.get()[1]))  # noqa: B023
    return taken


def package_reload_seconds(stack: RunningStack, application: Path, times: int) -> list[float]:
    """The same for a module of the package that all functions of the real application import."""
    handler, package = (
        application / "functions/health/app.py",
        application / "layers/chat4all/python/chat4all/health.py",
    )
    source, client, taken = package.read_text(), Http(stack), []
    text = handler.read_text()
    shown = text.replace('{"status": "ok"}', '{"status": getattr(chat4all.health, "CHANGE", "none")}')
    assert shown != text, "the handler says ok where this looks for it"
    handler.write_text(shown)
    seconds_until(lambda: "none" in client.get("/health")[1])
    for number in range(times):
        package.write_text(f'{source}\nCHANGE = "change {number}"\n')
        taken.append(seconds_until(lambda: f"change {number}" in client.get("/health")[1]))  # noqa: B023
    return taken


async def websocket_reload_seconds(stack: RunningStack, application: Path) -> float:
    """The same for the handler of a connection that stays open."""
    file = application / "functions/echo/app.py"
    async with connect(stack.url("websocket", "ws"), compression=None) as socket:
        await socket.send("before")
        assert await socket.recv() == "before"
        file.write_text(file.read_text().replace('event["body"]', 'event["body"] + " anew"'))
        begun = time.perf_counter()
        while True:
            await socket.send("after")
            if await socket.recv() == "after anew":
                return time.perf_counter() - begun
            assert time.perf_counter() - begun < RELOAD_LIMIT_S, "the change is not live"
            await asyncio.sleep(0.01)


def own_processes(stack: RunningStack) -> list[psutil.Process]:
    """The stack, its parents of environments and the environments; no engine."""
    assert stack.process is not None
    status = asyncio.run(read_status(stack.data))
    assert status is not None
    engines = {engine["pid"] for engine in status["engines"]}
    root = psutil.Process(stack.process.pid)
    return [process for process in (root, *root.children(recursive=True)) if process.pid not in engines]


def idle_cpu_percent(stack: RunningStack, seconds: float) -> float:
    """Share of one core that the stack and its environments use while nothing is asked of them.

    What a process used that ended meanwhile is not known, and not counted.
    """

    def used() -> dict[int, float]:
        found = {}
        for process in own_processes(stack):
            try:
                times = process.cpu_times()
            except psutil.Error:
                continue
            found[process.pid] = times.user + times.system
        return found

    before, begun = used(), time.monotonic()
    time.sleep(seconds)
    after, took = used(), time.monotonic() - begun
    return sum(total - before.get(pid, 0.0) for pid, total in after.items()) / took * 100


def memory(stack: RunningStack) -> tuple[dict[str, Held], list[Held]]:
    """By group, and of each environment."""
    status: Any = asyncio.run(read_status(stack.data))
    assert stack.process is not None
    environments = [held_by(pid) for function in status["functions"] for pid in function["pids"]]
    return groups(stack.process.pid, status), [held for held in environments if held]


def wake(stack: RunningStack, functions: list[str]) -> None:
    """Invoke each, by folder, with its sample event: what it answers does not matter here."""
    credentials = {"aws_access_key_id": "test", "aws_secret_access_key": "test", "region_name": "us-east-1"}
    client = boto3.client("lambda", endpoint_url=stack.url("aws"), **credentials)
    names = {re.sub(r"[^a-z]", "", f["FunctionName"].lower()): f["FunctionName"] for f in _functions(client)}
    for folder in functions:
        plain = folder.replace("_", "")
        name = next((names[key] for key in names if key.endswith(f"{plain}function")), None)
        event = ROOT / "events" / f"{folder}.json"
        if name and event.exists():
            client.invoke(FunctionName=name, Payload=json.dumps(json.loads(event.read_text())).encode())


def _functions(client: Any) -> list[dict[str, Any]]:
    return [f for page in client.get_paginator("list_functions").paginate() for f in page["Functions"]]


def median_of(values: list[float]) -> float:
    return median(values) if values else float("nan")
