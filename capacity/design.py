"""What may be changed to carry more: as the repository stands, and what to do beyond."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from capacity.workload import Latencies, Workload


@dataclass(frozen=True)
class Design:
    """How the parts work; the defaults are how they work today."""

    name: str
    what: str
    at_once: Mapping[str, int] = field(default_factory=lambda: {"webhook_send": 16})
    """By function: records of a batch that it handles side by side; the others take one after the other."""
    events_a_post: float = 1.0
    """Clients that take `chat4all.v1.batches` get several."""
    own_websockets: bool = False
    """Connections held by containers of our own, instead of API Gateway."""
    webhook_version_kept_s: float = 0.0
    """How long webhook_dispatch believes what it has read of the list's version: today for a batch."""
    heartbeat_s: float | None = None
    """Between two heartbeats of clients, where another than the workload's."""
    latencies: Latencies = field(default_factory=Latencies)

    def of(self, work: Workload) -> Workload:
        return work if self.heartbeat_s is None else replace(work, heartbeat_s=self.heartbeat_s)


TODAY = Design("today", "as the repository stands, with as many partitions, pollers and brokers as it takes")
TUNED = Design(
    "tuned",
    "the router handles 8 conversations of a batch side by side and connectors 16, clients say a heartbeat every 4 minutes "
    "(API Gateway closes after 10), webhook_dispatch believes the version of its list for 1 s",
    at_once={"webhook_send": 16, "router": 8, "telegram_send": 16},
    webhook_version_kept_s=1.0,
    heartbeat_s=240.0,
)
DIRECT = replace(
    TUNED,
    name="own WebSockets",
    what="as tuned, and connections end at containers of our own (what the gRPC edge is today), so that no event is a request of "
    "API Gateway",
    own_websockets=True,
)
DESIGNS = (TODAY, TUNED, DIRECT)
