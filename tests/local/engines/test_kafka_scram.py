"""A Kafka that asks for sign-in, as MSK does with SASL/SCRAM."""

import asyncio
from collections.abc import Callable, Mapping

import pytest
from confluent_kafka import KafkaException
from confluent_kafka.admin import AdminClient
from confluent_kafka.cimpl import NewTopic

from local.engines.engine import Folders
from local.engines.kafka import Kafka
from local.engines.kafka_scram import Scram, ca_file
from local.kafka_access import ScramUser, client_security
from local.ports import free_ports
from local.start_error import StartError
from tests.local.kafka_broker import one_node

pytestmark = pytest.mark.engines
ANA = ScramUser("ana", 'pass "word", [1]\\=é')
Make = Callable[..., Kafka]


@pytest.fixture
def make(folders: Folders) -> Make:
    cluster, node = one_node(folders, *free_ports(2))

    def made(*users: ScramUser) -> Kafka:
        return Kafka(folders, cluster, node, Scram(cluster, users) if users else None)

    return made


def topics(address: str, security: Mapping[str, str], within_s: float = 60) -> set[str]:
    admin = AdminClient({"bootstrap.servers": address, "log_level": 0, **security})
    return set(admin.list_topics(timeout=within_s).topics)


async def refused(kafka: Kafka, security: Mapping[str, str]) -> None:
    with pytest.raises(KafkaException):
        await asyncio.to_thread(topics, kafka.address, security, within_s=2)


async def test_only_who_signs_in_over_tls_is_served_and_a_new_password_holds_from_the_next_start(
    make: Make, folders: Folders
) -> None:
    ca = str(ca_file(folders.data))
    signed_in = client_security(ca, ANA)
    first = make(ANA)
    await first.start(lambda _step: None)
    try:
        admin = AdminClient({"bootstrap.servers": first.address, **signed_in})
        await asyncio.to_thread(admin.create_topics([NewTopic("kept", 1, 1)])["kept"].result, 60)
        wrong = (
            {},
            {"security.protocol": "SSL", "ssl.ca.location": ca},
            {**signed_in, "security.protocol": "SASL_PLAINTEXT"},
            client_security(ca, ScramUser("ana", "wrong")),
            client_security(ca, ScramUser("nobody", ANA.password)),
        )
        await asyncio.gather(*(refused(first, security) for security in wrong))
    finally:
        await first.stop()
    again = make(ScramUser("ana", "new"), ScramUser("bob", "b"))
    await again.start(lambda _step: None)
    try:
        for user in (ScramUser("ana", "new"), ScramUser("bob", "b")):
            assert "kept" in await asyncio.to_thread(topics, again.address, client_security(ca, user))
        await refused(again, signed_in)
    finally:
        await again.stop()
    open_again = make()
    await open_again.start(lambda _step: None)
    try:
        assert "kept" in await asyncio.to_thread(topics, open_again.address, {})
    finally:
        await open_again.stop()


async def test_data_without_sign_in_are_refused_with_the_way_out(make: Make) -> None:
    without = make()
    await without.start(lambda _step: None)
    await without.stop()
    with pytest.raises(StartError, match=r"without sign-in: leave .* out, or .* --data, or .* --fresh"):
        await make(ANA).start(lambda _step: None)
