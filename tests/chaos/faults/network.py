"""Networks that are slow, silent, half-closed or reset: between clients and the gateways, and functions and DynamoDB."""

import time
from collections.abc import Sequence
from dataclasses import dataclass
from random import Random
from urllib.parse import urlsplit

from tests.chaos.faults.proxy import Conduct, Proxy
from tests.chaos.faults.rules import rule
from tests.chaos.world import Fault, World


@dataclass
class BadClientNetwork(Fault):
    """New connections of clients go through a proxy; at the end they are reset, and all connect directly again."""

    name: str
    service: str
    """`http` or `websocket`."""
    conduct: Conduct
    for_s: float = 5.0

    def inject(self, world: World, random: Random) -> None:
        direct = world.urls[self.service]
        parts = urlsplit(direct)
        with Proxy(int(parts.port or 0)) as proxy:
            world.urls[self.service] = f"{parts.scheme}://127.0.0.1:{proxy.port}"
            try:
                time.sleep(random.uniform(0.2, 1.0))  # good at first, so that connections are open
                proxy.conduct = self.conduct
                time.sleep(random.uniform(1.0, self.for_s))
                proxy.conduct = Conduct()
            finally:
                world.urls[self.service] = direct


@dataclass
class BadDatabaseNetwork(Fault):
    """Functions reach DynamoDB through a proxy."""

    name: str
    conduct: Conduct
    for_s: float = 5.0

    def inject(self, world: World, random: Random) -> None:
        port = int(world.stack.endpoints["dynamodb_port"])
        with Proxy(port) as proxy:
            with rule(world, "engine", "dynamodb", "via", url=f"http://127.0.0.1:{proxy.port}"):
                _until_used(proxy)
                time.sleep(random.uniform(0.5, 1.5))
                proxy.conduct = self.conduct
                time.sleep(random.uniform(1.0, self.for_s))
                proxy.conduct = Conduct()
            time.sleep(1.0)  # what runs in environments that know the proxy


def _until_used(proxy: Proxy) -> None:
    deadline = time.monotonic() + 20
    while not proxy.connections:
        assert time.monotonic() < deadline, "no function has connected to DynamoDB"
        time.sleep(0.05)


NETWORKS: Sequence[Fault] = (
    BadClientNetwork("slow network to the HTTP API", "http", Conduct(latency_s=0.3, bytes_per_s=20_000)),
    BadClientNetwork("silent connections to the HTTP API", "http", Conduct(silent=True)),
    BadClientNetwork("half-closed connections to the HTTP API", "http", Conduct(half_close=True)),
    BadClientNetwork("answers of the HTTP API lost", "http", Conduct(reset_answers=True)),
    BadClientNetwork("slow network to the WebSocket API", "websocket", Conduct(latency_s=0.3, bytes_per_s=20_000)),
    BadClientNetwork("silent WebSockets", "websocket", Conduct(silent=True)),
    BadClientNetwork("WebSockets reset", "websocket", Conduct(reset_answers=True)),
    BadDatabaseNetwork("slow network to DynamoDB", Conduct(latency_s=0.05)),
    BadDatabaseNetwork("silent connections to DynamoDB", Conduct(silent=True)),
    BadDatabaseNetwork("answers of DynamoDB lost", Conduct(reset_answers=True)),
)
