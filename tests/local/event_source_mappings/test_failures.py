import asyncio
import json
from base64 import b64decode
from typing import Any

import pytest

from local.event_source_mappings import KafkaMappings
from local.invocation import TooManyRequests
from tests.local.event_source_mappings.conftest import Start
from tests.local.event_source_mappings.topics import ARN, mapping, numbered, produce, read_all, values
from tests.local.fake_functions import Event, FakeFunctions, FakeResult, until
from tests.local.kafka_broker import KafkaBroker

pytestmark = pytest.mark.engines

POISON = b"poison"


def refuse_poison(event: Event) -> None:
    assert POISON not in values(event), "poison"


def report_poison(event: Event) -> Any:
    """Reports the first poisonous record of each partition and what comes after it."""
    failures = []
    for name, records in event["records"].items():
        bad = [record["offset"] for record in records if b64decode(record["value"]) == POISON]
        failures += [{"itemIdentifier": {"partition": name, "offset": offset}} for offset in bad]
    return {"batchItemFailures": failures}


async def test_a_failing_batch_is_tried_until_it_succeeds_and_other_partitions_go_on(
    kafka: KafkaBroker, topic: str, start: Start
) -> None:
    healed = asyncio.Event()

    def worker(event: Event) -> None:
        assert healed.is_set() or POISON not in values(event), "poison"

    functions = FakeFunctions({"worker": worker})
    mappings = await start(functions, mapping(topic, batch_size=10))
    produce(kafka.bootstrap_servers, topic, [POISON, *numbered(30)], partition=0)
    produce(kafka.bootstrap_servers, topic, numbered(300), partition=1)

    await until(lambda: _committed(mappings) == {0: None, 1: 300}, "the other partition to be done")
    await until(lambda: mappings.status()[0].last_result.startswith("PROBLEM: Function call failed"), "the last result")
    healed.set()
    await until(lambda: _committed(mappings) == {0: 31, 1: 300}, "the failing one to be done")

    tried = [values(event, 0) for _, event in functions.calls if POISON in values(event)]
    assert len(tried) > 1
    assert all(attempt == tried[0] for attempt in tried)
    assert list(dict.fromkeys(_delivered(functions, 0))) == [POISON, *numbered(30)]


async def test_partitions_of_one_failed_batch_go_on_each_for_itself(
    kafka: KafkaBroker, topic: str, start: Start
) -> None:
    functions = FakeFunctions({"worker": refuse_poison})
    produce(kafka.bootstrap_servers, topic, [POISON], partition=0)
    produce(kafka.bootstrap_servers, topic, numbered(3), partition=1)

    mappings = await start(functions, mapping(topic, batching_window_s=0.5))

    await until(lambda: _committed(mappings) == {0: None, 1: 3}, "the healthy partition to be done")
    assert len(functions.calls[0][1]["records"]) == 2


async def test_a_slow_partition_does_not_hold_back_another(kafka: KafkaBroker, topic: str, start: Start) -> None:
    released = asyncio.Event()

    async def worker(event: Event) -> None:
        if b"slow" in values(event):
            await released.wait()

    functions = FakeFunctions({"worker": worker})
    mappings = await start(functions, mapping(topic))
    produce(kafka.bootstrap_servers, topic, [b"slow", *numbered(5)], partition=0)
    await until(lambda: mappings.status()[0].in_flight == 1, "the slow record at the function")
    produce(kafka.bootstrap_servers, topic, numbered(5), partition=1)

    await until(lambda: _delivered(functions, 1) == numbered(5), "the other partition")
    assert _committed(mappings)[0] is None
    released.set()
    await until(lambda: _committed(mappings) == {0: 6, 1: 5}, "both partitions to be done")


async def test_throttles_do_not_count_as_tries(kafka: KafkaBroker, topic: str, start: Start) -> None:
    throttles = iter([True] * 8)

    class Throttled(FakeFunctions):
        async def invoke(self, name: str, payload: bytes) -> FakeResult:
            if next(throttles, False):
                raise TooManyRequests(name)
            return await super().invoke(name, payload)

    functions = Throttled({"worker": lambda _event: None})
    mappings = await start(functions, mapping(topic, provisioned=True, maximum_retry_attempts=0))
    produce(kafka.bootstrap_servers, topic, numbered(1))

    await until(lambda: _committed(mappings)[0] == 1, "the record to be done")
    assert _delivered(functions, 0) == numbered(1)


async def test_what_fails_for_good_is_found_on_the_on_failure_topic(
    kafka: KafkaBroker, topic: str, start: Start
) -> None:
    functions = FakeFunctions({"worker": refuse_poison})
    dead = kafka.create_topic(f"{topic}-dead")
    mappings = await start(
        functions,
        mapping(topic, batch_size=1, provisioned=True, maximum_retry_attempts=2, on_failure_topic=dead),
    )
    produce(kafka.bootstrap_servers, topic, [POISON], key=b"k", headers=[("trace", b"\xfe")])
    produce(kafka.bootstrap_servers, topic, numbered(1))

    await until(lambda: _committed(mappings)[0] == 2, "both records to be done with")

    (message,) = read_all(kafka.bootstrap_servers, dead, 1)
    document = json.loads(message.value() or b"")
    (record,) = document["payload"]["records"][f"{topic}-0"]
    assert [values(event) for _, event in functions.calls] == [[POISON]] * 3 + [numbered(1)]
    assert message.key() == b"k"
    assert document["requestContext"]["condition"] == "RetriesExhausted"
    assert document["requestContext"]["approximateInvokeCount"] == 3
    assert document["responseContext"]["functionError"] == "Unhandled"
    assert document["KafkaBatchInfo"]["eventSourceArn"] == document["payload"]["eventSourceArn"] == ARN
    assert document["KafkaBatchInfo"]["recordInfo"]["offset"] == "0"
    assert b64decode(record["value"]) == POISON
    assert record["headers"] == [{"trace": [-2]}]


async def test_records_that_are_too_old_go_to_the_on_failure_topic_untried(
    kafka: KafkaBroker, topic: str, start: Start
) -> None:
    functions = FakeFunctions({"worker": lambda _event: None})
    dead = kafka.create_topic(f"{topic}-dead")
    produce(kafka.bootstrap_servers, topic, [b"old"], timestamp_ms=1_700_000_000_000)
    produce(kafka.bootstrap_servers, topic, [b"new"])

    mappings = await start(functions, mapping(topic, provisioned=True, maximum_record_age_s=60, on_failure_topic=dead))

    await until(lambda: _committed(mappings)[0] == 2, "both records to be done with")
    (message,) = read_all(kafka.bootstrap_servers, dead, 1)
    document = json.loads(message.value() or b"")
    assert _delivered(functions, 0) == [b"new"]
    assert document["requestContext"]["condition"] == "RecordAgeExceeded"
    assert document["responseContext"] is None


async def test_an_on_failure_topic_that_is_not_there_holds_the_partition(
    kafka: KafkaBroker, topic: str, start: Start
) -> None:
    functions = FakeFunctions({"worker": refuse_poison})
    dead = f"{topic}-dead"
    mappings = await start(
        functions, mapping(topic, batch_size=1, provisioned=True, maximum_retry_attempts=0, on_failure_topic=dead)
    )
    produce(kafka.bootstrap_servers, topic, [POISON, *numbered(1)])
    await until(lambda: len(functions.calls) == 1, "the one try")
    assert _committed(mappings)[0] is None

    kafka.create_topic(dead)

    await until(lambda: _committed(mappings)[0] == 2, "both records to be done with", timeout_s=20)
    assert len(read_all(kafka.bootstrap_servers, dead, 1)) == 1


async def test_bisecting_isolates_the_poison(kafka: KafkaBroker, topic: str, start: Start) -> None:
    functions = FakeFunctions({"worker": refuse_poison})
    dead = kafka.create_topic(f"{topic}-dead")
    produce(kafka.bootstrap_servers, topic, [*numbered(5), POISON, *numbered(10, start=5)])

    mappings = await start(
        functions,
        mapping(
            topic,
            provisioned=True,
            bisect_on_error=True,
            maximum_retry_attempts=1,
            on_failure_topic=dead,
        ),
    )

    await until(lambda: _committed(mappings)[0] == 16, "all records to be done with")
    succeeded = [values(event) for _, event in functions.calls if POISON not in values(event)]
    assert [value for batch in succeeded for value in batch] == numbered(15)
    assert len(read_all(kafka.bootstrap_servers, dead, 1)) == 1
    assert [values(event) for _, event in functions.calls].count([POISON]) == 2


async def test_partial_failures_commit_what_comes_before_them(kafka: KafkaBroker, topic: str, start: Start) -> None:
    tries = iter(range(100))

    def worker(event: Event) -> Any:
        return None if next(tries) == 3 else report_poison(event)

    functions = FakeFunctions({"worker": worker})
    mappings = await start(
        functions, mapping(topic, batching_window_s=0.5, provisioned=True, report_batch_item_failures=True)
    )
    produce(kafka.bootstrap_servers, topic, [*numbered(3), POISON, *numbered(3, start=3)])

    await until(lambda: _committed(mappings)[0] == 7, "all records to be done")

    seen = [values(event) for _, event in functions.calls]
    rest = [POISON, *numbered(3, start=3)]
    assert seen == [[*numbered(3), *rest], rest, rest, rest]


async def test_an_answer_of_another_form_fails_the_whole_batch(kafka: KafkaBroker, topic: str, start: Start) -> None:
    answers: Any = iter(
        [
            {"batchItemFailures": [{"itemIdentifier": "7"}]},
            {"batchItemFailures": [{"itemIdentifier": {"partition": f"{topic}-0", "offset": 99}}]},
            ["nothing"],
            {},
        ]
    )
    functions = FakeFunctions({"worker": lambda _event: next(answers)})
    mappings = await start(
        functions, mapping(topic, batching_window_s=0.5, provisioned=True, report_batch_item_failures=True)
    )
    produce(kafka.bootstrap_servers, topic, numbered(3))

    await until(lambda: _committed(mappings)[0] == 3, "all records to be done")
    assert [values(event) for _, event in functions.calls] == [numbered(3)] * 4


async def test_without_provisioned_pollers_the_answer_and_the_limits_have_no_effect(
    kafka: KafkaBroker, topic: str, start: Start
) -> None:
    functions = FakeFunctions({"worker": report_poison})
    mappings = await start(functions, mapping(topic, report_batch_item_failures=True, maximum_retry_attempts=0))
    produce(kafka.bootstrap_servers, topic, [POISON])

    await until(lambda: _committed(mappings)[0] == 1, "the record to be done")
    assert len(functions.calls) == 1


def _delivered(functions: FakeFunctions, partition: int) -> list[bytes]:
    return [value for _, event in functions.calls for value in values(event, partition)]


def _committed(mappings: KafkaMappings) -> dict[int, int | None]:
    return {partition.partition: partition.committed for partition in mappings.status()[0].partitions}
