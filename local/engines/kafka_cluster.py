"""The nodes of a Kafka cluster: where each listens and keeps its data, and the data of another number of nodes."""

from dataclasses import dataclass
from pathlib import Path

from local.start_error import StartError

BROKERS = (1, 3)
"""How many there may be: one for a laptop, or three as MSK has in three zones (replication 3, minimum in-sync 2)."""


@dataclass(frozen=True, slots=True)
class Node:
    """A broker that is a controller too. Ids count from 1."""

    id: int
    port: int
    controller_port: int


@dataclass(frozen=True, slots=True)
class Cluster:
    """All nodes, which share a host. `data` is the folder of the engine."""

    host: str
    nodes: tuple[Node, ...]
    data: Path

    @property
    def servers(self) -> str:
        """Bootstrap servers."""
        return ",".join(f"{self.host}:{node.port}" for node in self.nodes)

    @property
    def replicas(self) -> int:
        """Of each topic by default, as MSK has them in three zones."""
        return min(3, len(self.nodes))

    @property
    def min_insync(self) -> int:
        """Replicas that must have a record before it is acknowledged."""
        return max(1, self.replicas - 1)

    def name(self, node: Node) -> str:
        """`kafka`, or `kafka-2` where there are several."""
        return "kafka" if len(self.nodes) == 1 else f"kafka-{node.id}"

    def folder(self, node: Node) -> Path:
        """Of one node; a cluster of several keeps its data apart from that of one."""
        return self.data if len(self.nodes) == 1 else _folder_of(self.data, len(self.nodes)) / f"node-{node.id}"

    def storage(self, node: Node) -> Path:
        return self.folder(node) / "storage"

    def check_data(self) -> None:
        """Raises StartError where the folder has the data of another number of brokers: they cannot be taken over."""
        found = [count for count in BROKERS if count != len(self.nodes) and _first_of(self.data, count).exists()]
        if found:
            raise StartError(
                f"The data in {self.data} are those of {_brokers(found[0])}, and {_brokers(len(self.nodes))} "
                f"{'is' if len(self.nodes) == 1 else 'are'} asked for: start with --kafka-brokers {found[0]}, "
                "or take another folder with --data, or forget all data with --fresh."
            )


def _folder_of(data: Path, count: int) -> Path:
    return data / f"of-{count}"


def _first_of(data: Path, count: int) -> Path:
    return data / "storage" if count == 1 else _folder_of(data, count)


def _brokers(count: int) -> str:
    return "1 broker" if count == 1 else f"{count} brokers"
