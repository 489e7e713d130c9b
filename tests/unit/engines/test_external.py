import socket

import pytest

from local.engines.external import ExternalEngine
from local.ports import free_ports
from local.start_error import StartError


async def test_one_of_several_servers_is_enough() -> None:
    (nothing,) = free_ports(1)
    with socket.create_server(("127.0.0.1", 0)) as server:
        servers = f"127.0.0.1:{nothing},127.0.0.1:{server.getsockname()[1]}"
        await ExternalEngine("kafka", servers).start(lambda _: None)


@pytest.mark.parametrize(
    ("name", "address", "option"),
    [
        ("kafka", "127.0.0.1:{port}", "--kafka-bootstrap"),
        ("dynamodb", "http://127.0.0.1:{port}", "--dynamodb-endpoint"),
        ("s3", "https://127.0.0.1:{port}/", "--s3-endpoint"),
    ],
)
async def test_one_that_does_not_answer_names_its_option(name: str, address: str, option: str) -> None:
    (port,) = free_ports(1)
    with pytest.raises(StartError, match=rf"The {name} that {option} names does not answer \(127.0.0.1:{port}: "):
        await ExternalEngine(name, address.format(port=port)).start(lambda _: None)
