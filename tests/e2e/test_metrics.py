"""`/metrics` of the running stack: what people do is counted there, by the names that dashboards and alerts know."""

import asyncio
import shutil
import subprocess
import time

import grpc
import httpx
import pytest
from prometheus_client.parser import text_string_to_metric_families

from chat4all.metrics.metric_list import ALL
from chat4all.metrics.platform_list import PLATFORM
from tests.contract.edge.client import OPTIONS, Client, new
from tests.e2e.conftest import Join
from tests.e2e.people import DEADLINE_S
from tests.e2e.running_stack import RunningStack
from tests.unit.metrics.catalogue import values

KNOWN = {metric.name: metric for metric in (*ALL, *PLATFORM)}
GROWS = {
    "chat4all_messages_sent_total": {"channel": "in_app", "type": "text"},
    "chat4all_messages_delivered_total": {"channel": "in_app"},
    "chat4all_http_requests_total": {"function": "messages_send", "status": "2xx"},
    "kafka_producer_record_send_total": {"topic": "messages"},
    "grpc_server_handled_total": {"grpc_method": "GetHealth", "grpc_code": "OK"},
    "grpc_server_handling_seconds_count": {"grpc_method": "GetHealth"},
    "websocket_connections_total": {"outcome": "opened"},
    "websocket_messages_sent_total": {},
    "chat4all_database_seconds_count": {"table": "messages", "operation": "PutItem"},
    "chat4all_records_handled_total": {"consumer": "realtime"},
    "aws_lambda_cold_starts_total": {},
    "aws_apigateway_requests_total": {"api": "http", "status": "2xx"},
    **{
        f"chat4all_message_latency_seconds_count {stage}": {"stage": stage}
        for stage in ("accepted", "routed", "pushed")
    },
}
"""Above 0 once somebody has sent a message to somebody who is online."""
THERE = {
    *("kafka_consumer_lag", "kafka_topic_partition_insync_replicas", "kafka_topic_partition_current_offset"),
    *("chat4all_lanes_waiting", "chat4all_circuits_open", "chat4all_outbox_age_seconds", "stack_engine_up"),
    *("grpc_server_streams", "websocket_connections_open", "aws_lambda_mapping_enabled"),
}
"""States, which may be 0; the retrier and the sweeper say theirs each minute."""


class Page:
    """The samples of one look."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.families = list(text_string_to_metric_families(text))
        self.samples = [sample for family in self.families for sample in family.samples]

    def total(self, name: str, labels: dict[str, str]) -> float:
        """Sum over the samples that have these labels."""
        return sum(
            sample.value
            for sample in self.samples
            if sample.name == name.split()[0] and labels.items() <= sample.labels.items()
        )

    def missing(self) -> set[str]:
        """What does not say yet what it should."""
        names = {sample.name for sample in self.samples}
        return {name for name, labels in GROWS.items() if self.total(name, labels) <= 0} | THERE - names


async def look(console: httpx.AsyncClient) -> Page:
    return Page((await console.get("/metrics")).raise_for_status().text)


async def test_a_message_is_seen_in_every_metric_on_its_way(
    join: Join, stack: RunningStack, console: httpx.AsyncClient
) -> None:
    ana, ben = await join("ana"), await join("ben")
    async with ben.online() as socket:
        sent = await ana.send(await ana.conversation(ben), "counted")
        await socket.event("message.created", message_id=sent["message_id"])
        async with grpc.aio.insecure_channel(stack.grpc(), options=OPTIONS) as channel:
            await Client(channel).call("GetHealth", new("GetHealthRequest"))
        deadline = time.monotonic() + 2 * DEADLINE_S
        while (page := await look(console)).missing():
            assert time.monotonic() < deadline, page.missing()
            await asyncio.sleep(0.5)
        assert page.total("websocket_connections_open", {}) >= 1
        assert page.total("emf_documents_refused_total", {}) == 0


async def test_nothing_is_shown_that_is_not_listed_and_no_label_has_other_values(
    join: Join, stack: RunningStack, console: httpx.AsyncClient
) -> None:
    """Also after what callers make up: paths, actions, ids and hosts become no labels."""
    ana = await join("ana")
    for path in ("/v1/messages/x", "/v1/made-up/{evil}", "/v1/conversations/0190e0a0-0000-7000-8000-000000000009"):
        await ana.http.get(path)
    async with ana.online() as socket:
        await socket.request("made_up_action")
    page = await look(console)
    answer = await stack.command("status")
    functions = {str(one["name"]) for one in answer["functions"]}
    for family in page.families:
        name = f"{family.name}_total" if family.type == "counter" else family.name
        metric = KNOWN[name]
        assert family.type == metric.kind
        for sample in family.samples:
            labels = dict(sample.labels)
            assert labels.pop("Stage", "local") == "local"
            labels.pop("le", None)
            assert set(labels) == set(metric.labels), sample
            if metric in ALL:
                assert all(value in values(metric, label) for label, value in labels.items()), sample
            elif "function" in labels:
                assert labels["function"] in functions | {"gRPC"}, sample


@pytest.mark.skipif(shutil.which("promtool") is None, reason="promtool is not installed")
async def test_prometheus_takes_it(console: httpx.AsyncClient) -> None:
    text = (await look(console)).text
    checked = await asyncio.to_thread(
        subprocess.run, ["promtool", "check", "metrics"], input=text, capture_output=True, text=True, check=False
    )
    assert (checked.returncode, checked.stdout, checked.stderr) == (0, "", "")
