"""What an invocation counts on real engines: what the benchmark says that it does, and each message once."""

import pytest

from chat4all.bootstrap import App
from tests.benchmarks import metrics_cost
from tests.contract.handlers import request
from tests.contract.messaging import KeptPublisher, Messaging, new_user
from tests.metrics_written import counted, documents, nothing_counted

pytestmark = pytest.mark.engines


def test_a_send_writes_what_the_benchmark_counts(deployed: App, capsys: pytest.CaptureFixture[str]) -> None:
    deployed.__dict__["prompt_publisher"] = KeptPublisher()
    deployed.bind_tables()
    ana, bob = new_user(), new_user()
    body = {"conversation_id": Messaging().conversation(ana, bob), "type": "text", "content": "hi"}
    documents(capsys)
    assert request("messages_send", "POST", "/v1/messages", json_body=body, caller=ana).status == 202
    written = documents(capsys)
    calls = {(one["table"], one["operation"]) for one in written if "chat4all_database_seconds" in one}
    assert calls == set(metrics_cost._CALLS)
    assert len(written) == 5
    names = {name for one in written for name in one if name.startswith("chat4all_")}
    assert names == {
        *("chat4all_database_seconds", "chat4all_http_requests_total", "chat4all_http_request_seconds"),
        *("chat4all_messages_sent_total", "chat4all_message_latency_seconds"),
    }


def test_a_repeat_is_no_new_message(deployed: App, capsys: pytest.CaptureFixture[str]) -> None:
    deployed.__dict__["prompt_publisher"] = KeptPublisher()
    deployed.bind_tables()
    ana, message_id = new_user(), new_user()
    conversation = Messaging().conversation(ana, new_user())
    body = {"conversation_id": conversation, "type": "text", "content": "hi", "message_id": message_id}
    nothing_counted()
    for _ in range(3):
        assert request("messages_send", "POST", "/v1/messages", json_body=body, caller=ana).status == 202
    assert counted("chat4all_messages_sent_total", capsys) == {("in_app", "text"): 1}
