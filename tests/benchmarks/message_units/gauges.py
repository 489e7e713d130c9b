"""What a running stack has done so far: invocations, processor time, records and bytes in Kafka."""

import sqlite3
from collections import Counter, defaultdict
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass
from statistics import median
from typing import Any

import psutil
from confluent_kafka import Consumer, TopicPartition

from local.data_folder import DataFolder
from local.status import read_status
from tests.benchmarks.realtime.processor import used_s
from tests.e2e.running_stack import RunningStack

_SCHEDULED = "schedule"


@dataclass(frozen=True)
class Done:
    """By function (the name of its folder), topic or process, since the stack was started."""

    sequence: int
    """Of the last invocation that is written down."""
    processor_s: Mapping[str, float]
    """By function, and of `stack`, `kafka`, `dynamodb`, `s3`."""
    records: Mapping[str, int]
    log_bytes: Mapping[str, int]
    """What each topic's log has on disk: batches with their headers, as the broker keeps and replicates them."""


def folder_of(logical_id: str) -> str:
    """`messages_send` of `MessagesSendFunction`."""
    name = logical_id.rpartition("-")[2].removesuffix("Function")
    return "".join(f"_{c.lower()}" if c.isupper() else c for c in name).lstrip("_")


async def functions_by_pid(stack: RunningStack) -> dict[int, str]:
    status = await read_status(stack.data)
    assert status is not None
    return {pid: folder_of(f["logical_id"]) for f in status["functions"] for pid in f["pids"]}


async def done(stack: RunningStack) -> Done:
    status = await read_status(stack.data)
    assert status is not None
    assert stack.process is not None
    processor = {folder_of(f["logical_id"]): used_s(f["pids"]) for f in status["functions"] if f["pids"]}
    processor |= {engine["name"]: _with_children(engine["pid"]) for engine in status["engines"] if engine["pid"]}
    processor["stack"] = used_s([stack.process.pid])
    ends = _ends(f"127.0.0.1:{stack.endpoints['kafka_port']}")
    return Done(_last_sequence(stack), processor, ends, _log_bytes(stack))


def invocations(stack: RunningStack, after: int) -> dict[str, list[tuple[float, int, int]]]:
    """Of each function, but for those of schedules: (Duration in ms, MB used, records in its event)."""
    found: defaultdict[str, list[tuple[float, int, int]]] = defaultdict(list)
    query = "SELECT function, duration_ms, max_memory_mb, event FROM capture WHERE sequence > ? AND source <> ?"
    with closing(sqlite3.connect(f"file:{DataFolder(stack.data).captures}?mode=ro", uri=True)) as reader:
        for function, duration, memory, event in reader.execute(query, (after, _SCHEDULED)):
            if duration is not None:
                found[folder_of(function)].append((duration, memory or 0, bytes(event).count(b'"offset"')))
    return dict(found)


def summary(of_function: list[tuple[float, int, int]]) -> dict[str, Any]:
    """Median and largest of some invocations."""
    durations, memories, records = zip(*of_function, strict=True)
    return {
        "ms_median": round(median(durations), 2),
        "mb_most": max(memories),
        "records_mean": sum(records) / len(records),
    }


def _last_sequence(stack: RunningStack) -> int:
    with closing(sqlite3.connect(f"file:{DataFolder(stack.data).captures}?mode=ro", uri=True)) as reader:
        return int(reader.execute("SELECT coalesce(max(sequence), 0) FROM capture").fetchone()[0])


def _with_children(pid: int) -> float:
    children = psutil.Process(pid).children(recursive=True)
    return used_s([pid, *(child.pid for child in children)])


def _ends(servers: str) -> dict[str, int]:
    consumer = Consumer({"bootstrap.servers": servers, "group.id": "measuring", "enable.auto.commit": False})
    try:
        found: Counter[str] = Counter()
        for name, topic in consumer.list_topics(timeout=20).topics.items():
            for partition in topic.partitions if name.startswith("chat4all.") else ():
                found[name] += consumer.get_watermark_offsets(TopicPartition(name, partition), timeout=20)[1]
        return dict(found)
    finally:
        consumer.close()


def _log_bytes(stack: RunningStack) -> dict[str, int]:
    sizes: Counter[str] = Counter()
    for file in stack.data.glob("kafka*/storage/**/chat4all.*/*.log"):
        sizes[file.parent.name.rpartition("-")[0]] += file.stat().st_size
    return dict(sizes)
