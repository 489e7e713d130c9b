import asyncio

import pytest

from local.event_source_mappings import MappingInUse, MappingNotFound
from tests.local.event_source_mappings.conftest import Start
from tests.local.event_source_mappings.topics import mapping, numbered, produce, values
from tests.local.fake_functions import Event, FakeFunctions, until
from tests.local.kafka_broker import KafkaBroker

pytestmark = pytest.mark.engines


async def test_disabled_it_reads_nothing_and_enabled_again_goes_on_from_the_commit(
    kafka: KafkaBroker, topic: str, start: Start
) -> None:
    functions = FakeFunctions({"worker": lambda _event: None})
    one = mapping(topic)
    mappings = await start(functions, one)
    produce(kafka.bootstrap_servers, topic, numbered(3))
    await until(lambda: len(_values(functions)) == 3, "the first records")

    assert mappings.set_enabled(one.uuid, False).state == "Disabling"
    await until(lambda: mappings.get(one.uuid).state == "Disabled", "the mapping to be disabled")
    assert mappings.get(one.uuid).last_processing_result == "OK"
    produce(kafka.bootstrap_servers, topic, numbered(3, start=3))
    assert mappings.set_enabled(one.uuid, False).state == "Disabled"

    assert mappings.set_enabled(one.uuid, True).state == "Enabling"
    await until(lambda: mappings.get(one.uuid).state == "Enabled", "the mapping to be enabled")
    await until(lambda: len(_values(functions)) >= 6, "the records of the meantime")
    assert _values(functions) == numbered(6)


async def test_what_is_at_the_function_is_waited_for_and_committed(
    kafka: KafkaBroker, topic: str, start: Start
) -> None:
    released, begun = asyncio.Event(), asyncio.Event()

    async def worker(_event: Event) -> None:
        begun.set()
        await released.wait()

    functions = FakeFunctions({"worker": worker})
    one = mapping(topic)
    mappings = await start(functions, one)
    produce(kafka.bootstrap_servers, topic, numbered(1))
    await begun.wait()
    mappings.set_enabled(one.uuid, False)
    with pytest.raises(MappingInUse, match="is Disabling"):
        mappings.set_enabled(one.uuid, True)
    released.set()
    await until(lambda: mappings.get(one.uuid).state == "Disabled", "the mapping to be disabled")
    mappings.set_enabled(one.uuid, True)
    await until(lambda: mappings.get(one.uuid).state == "Enabled", "the mapping to be enabled")
    await until(lambda: [p.committed for p in mappings.get(one.uuid).partitions] == [1, None], "the commit to be seen")
    assert len(functions.calls) == 1


async def test_one_that_the_template_disables_can_be_enabled(kafka: KafkaBroker, topic: str, start: Start) -> None:
    functions = FakeFunctions({"worker": lambda _event: None})
    one = mapping(topic, enabled=False)
    mappings = await start(functions, one)
    assert mappings.get(one.uuid).state == "Disabled"
    produce(kafka.bootstrap_servers, topic, numbered(1))
    mappings.set_enabled(one.uuid, True)
    await until(lambda: _values(functions) == numbered(1), "the record")


async def test_a_mapping_that_is_not_there(topic: str, start: Start) -> None:
    mappings = await start(FakeFunctions(), mapping(topic))
    with pytest.raises(MappingNotFound, match="no-such-uuid"):
        mappings.set_enabled("no-such-uuid", True)


def _values(functions: FakeFunctions) -> list[bytes]:
    return [value for _, event in functions.calls for value in values(event)]
