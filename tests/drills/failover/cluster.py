"""Kafka whose brokers fail one at a time: the local stack's, killed by scripts/fault, and MSK's, rebooted by its API."""

import asyncio
from collections.abc import Sequence
from typing import Any, Protocol

from tests.e2e.brokers import Brokers
from tests.e2e.running_stack import RunningStack

LOCAL_BACK_S = 180.0
MSK_BACK_S = 1_500.0
"""A reboot takes minutes; people's tokens last half an hour."""


class Cluster(Protocol):
    """What the drill needs of one."""

    back_within_s: float

    def numbers(self) -> Sequence[int]:
        """Ids of its brokers."""

    def told(self, number: int) -> str:
        """What a broker does in the cluster at this moment; '' where that cannot be seen."""

    def fail(self, *numbers: int) -> None:
        """Let brokers fail, at once; does not wait for them."""

    def is_whole(self) -> bool:
        """Whether all run again and have what they missed."""


class LocalCluster:
    """Three brokers of a running stack, killed (-9) as by `scripts/fault add engine kafka-2 kill`; the stack starts them anew."""

    back_within_s = LOCAL_BACK_S

    def __init__(self, stack: RunningStack) -> None:
        self._stack = stack
        self._brokers = Brokers(stack)

    def numbers(self) -> Sequence[int]:
        return (1, 2, 3)

    def told(self, number: int) -> str:
        controls = ", active controller" if self._brokers.controller() == number else ""
        return f"leads {self._brokers.led_by(number)} partitions{controls}"

    def fail(self, *numbers: int) -> None:
        asyncio.run(self._kill(numbers))

    def is_whole(self) -> bool:
        return self._brokers.whole()

    async def _kill(self, numbers: Sequence[int]) -> None:
        kill = {"target": "engine", "kind": "kill"}
        await asyncio.gather(*(self._stack.command("fault.add", name=f"kafka-{n}", **kill) for n in numbers))


class MskCluster:
    """Provisioned brokers, rebooted by RebootBroker, which takes one at a time (MSK developer guide, "Reboot a broker")."""

    back_within_s = MSK_BACK_S

    def __init__(self, client: Any, arn: str) -> None:
        """`client` is boto3's of `kafka`."""
        self._client = client
        self._arn = arn

    def numbers(self) -> Sequence[int]:
        pages = self._client.get_paginator("list_nodes").paginate(ClusterArn=self._arn)
        nodes = [node for page in pages for node in page["NodeInfoList"] if node.get("NodeType") == "BROKER"]
        return sorted(int(node["BrokerNodeInfo"]["BrokerId"]) for node in nodes)

    def told(self, _number: int) -> str:
        return ""

    def fail(self, *numbers: int) -> None:
        (number,) = numbers
        self._client.reboot_broker(ClusterArn=self._arn, BrokerIds=[str(number)])

    def is_whole(self) -> bool:
        return bool(self._client.describe_cluster_v2(ClusterArn=self._arn)["ClusterInfo"]["State"] == "ACTIVE")
