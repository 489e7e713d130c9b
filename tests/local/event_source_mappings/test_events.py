from base64 import b64encode

import pytest

from local.event_source_mappings import KafkaMappings
from tests.local.event_source_mappings.conftest import Start
from tests.local.event_source_mappings.topics import ARN, mapping, numbered, produce, values
from tests.local.fake_functions import FakeFunctions, until
from tests.local.kafka_broker import KafkaBroker

pytestmark = pytest.mark.engines


def quiet() -> FakeFunctions:
    return FakeFunctions({"worker": lambda _event: None})


async def test_the_event_is_that_of_lambda(kafka: KafkaBroker, topic: str, start: Start) -> None:
    functions = quiet()
    await start(functions, mapping(topic))
    produce(kafka.bootstrap_servers, topic, [b"v\xff"], key=b"k", headers=[("trace", b"v\xdc\x00\x7f\x80")])

    await until(lambda: len(functions.calls) == 1, "the record at the function")

    ((_, event),) = functions.calls
    (record,) = event["records"][f"{topic}-0"]
    assert {name: event[name] for name in ("eventSource", "eventSourceArn", "bootstrapServers")} == {
        "eventSource": "aws:kafka",
        "eventSourceArn": ARN,
        "bootstrapServers": kafka.bootstrap_servers,
    }
    assert record.pop("timestamp") > 1_700_000_000_000
    assert record == {
        "topic": topic,
        "partition": 0,
        "offset": 0,
        "timestampType": "CREATE_TIME",
        "key": "aw==",
        "value": b64encode(b"v\xff").decode(),
        "headers": [{"trace": [118, -36, 0, 127, -128]}],
    }


async def test_a_tombstone_without_key_has_neither_value_nor_key(kafka: KafkaBroker, topic: str, start: Start) -> None:
    functions = quiet()
    await start(functions, mapping(topic, event_source_arn=None))
    produce(kafka.bootstrap_servers, topic, [None])

    await until(lambda: len(functions.calls) == 1, "the record at the function")

    ((_, event),) = functions.calls
    (record,) = event["records"][f"{topic}-0"]
    assert "eventSourceArn" not in event
    assert event["eventSource"] == "SelfManagedKafka"
    assert "key" not in record
    assert "value" not in record
    assert record["headers"] == []


async def test_batches_keep_their_size_and_the_order_of_each_partition(
    kafka: KafkaBroker, topic: str, start: Start
) -> None:
    functions = quiet()
    produce(kafka.bootstrap_servers, topic, numbered(500), partition=0)
    produce(kafka.bootstrap_servers, topic, numbered(500), partition=1)
    await start(functions, mapping(topic, batch_size=70))

    await until(lambda: sum(len(values(event)) for _, event in functions.calls) == 1000, "all records")

    assert max(len(values(event)) for _, event in functions.calls) <= 70
    for partition in (0, 1):
        assert [v for _, event in functions.calls for v in values(event, partition)] == numbered(500)


async def test_a_window_gathers_what_comes_within_it(kafka: KafkaBroker, topic: str, start: Start) -> None:
    functions = quiet()
    await start(functions, mapping(topic, batching_window_s=1.0))
    for number in range(5):
        produce(kafka.bootstrap_servers, topic, numbered(1, number), partition=number % 2)

    await until(lambda: bool(functions.calls), "the batch")

    ((_, event),) = functions.calls
    assert (values(event, 0), values(event, 1)) == ([b"0", b"2", b"4"], [b"1", b"3"])


async def test_two_groups_on_one_topic_each_get_all(kafka: KafkaBroker, topic: str, start: Start) -> None:
    functions = FakeFunctions({"one": lambda _event: None, "two": lambda _event: None})
    await start(functions, mapping(topic, function="one"), mapping(topic, function="two"))
    produce(kafka.bootstrap_servers, topic, numbered(50))

    await until(lambda: len(_got(functions, "one")) == len(_got(functions, "two")) == 50, "all records at both")

    assert _got(functions, "one") == _got(functions, "two") == numbered(50)


async def test_a_filter_drops_and_commits(kafka: KafkaBroker, topic: str, start: Start) -> None:
    functions = quiet()
    pattern = '{"value": {"kind": ["order"], "total": [{"numeric": [">", 10]}]}}'
    mappings = await start(functions, mapping(topic, filter_patterns=(pattern,)))
    wanted = b'{"kind":"order","total":11}'
    dropped = [b'{"kind":"order","total":9}', b"no json", b'{"kind":"other","total":11}', None]
    produce(kafka.bootstrap_servers, topic, [*dropped, wanted, *dropped])

    await until(lambda: _committed(mappings, 0) == 9, "the commit past what was dropped")

    assert [value for _, event in functions.calls for value in values(event)] == [wanted]


async def test_latest_starts_at_the_end_and_goes_on_from_the_commit(
    kafka: KafkaBroker, topic: str, start: Start
) -> None:
    produce(kafka.bootstrap_servers, topic, numbered(3))
    latest = mapping(topic, starting_position="LATEST")
    functions = quiet()
    mappings = await start(functions, latest)
    await mappings.stop()
    produce(kafka.bootstrap_servers, topic, numbered(3, start=3))

    await start(functions, latest)

    await until(lambda: len(_got(functions, "worker")) == 3, "what came while it was stopped")
    assert _got(functions, "worker") == numbered(3, start=3)


async def test_at_timestamp_starts_at_the_first_record_of_that_time(
    kafka: KafkaBroker, topic: str, start: Start
) -> None:
    for number in range(4):
        produce(kafka.bootstrap_servers, topic, numbered(1, number), timestamp_ms=1_700_000_000_000 + number * 1000)
    functions = quiet()
    await start(
        functions, mapping(topic, starting_position="AT_TIMESTAMP", starting_position_timestamp=1_700_000_002.0)
    )

    await until(lambda: len(_got(functions, "worker")) == 2, "the records of that time on")
    assert _got(functions, "worker") == numbered(2, start=2)


async def test_a_topic_that_is_not_there_yet_is_waited_for(kafka: KafkaBroker, topic: str, start: Start) -> None:
    functions = quiet()
    late = f"{topic}-late"
    mappings = await start(functions, mapping(late), wait=False)
    await until(lambda: mappings.status()[0].state_reason is not None, "a reason in the status")
    status = mappings.status()[0]
    assert status.state == "Creating"
    assert late in (status.state_reason or "")

    kafka.create_topic(late)
    produce(kafka.bootstrap_servers, late, numbered(1))

    await until(lambda: len(functions.calls) == 1, "the record of the new topic")
    assert mappings.status()[0].state == "Enabled"
    assert mappings.status()[0].state_reason is None


def _got(functions: FakeFunctions, name: str) -> list[bytes]:
    return [value for event in functions.events(name) for value in values(event)]


def _committed(mappings: KafkaMappings, partition: int) -> int | None:
    found: dict[int, int | None] = {p.partition: p.committed for p in mappings.status()[0].partitions}
    return found.get(partition)
